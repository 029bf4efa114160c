"""What speaks against a change of the calendar. Pure."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from app.calendar.hours import Hours, well_formed
from app.calendar.rules import HORIZON, Calendar, Weekday
from app.refusal import Refusal

WEEKDAYS = tuple(Weekday)
MOST_DAYS = HORIZON
"""Days that one closure may name: a year."""
FARTHEST = 5 * HORIZON
"""Days from today to the farthest day that may be named: a slip in the year is found."""


def days_refusals(days: Sequence[dt.date], name: str, today: dt.date) -> Iterator[Refusal]:
    """Days must be named, not too many, not years away; and the closure needs a name."""
    if not name.strip():
        yield Refusal("field.required", facts={"field": "closure_name"})
    if not days:
        yield Refusal("field.required", facts={"field": "days"})
    if len(days) > MOST_DAYS:
        yield Refusal("calendar.too_many_days", limit=MOST_DAYS, have=len(days))
    far = [day for day in days if abs((day - today).days) > FARTHEST]
    if far:
        yield Refusal("calendar.too_far", facts={"day": far[0]})


def open_refusals(calendar: Calendar, today: dt.date) -> Iterator[Refusal]:
    """A library that never opens again would move due dates for ever: some day within a year must stay open."""
    if calendar.first_open(today) is None:
        yield Refusal("calendar.never_open", limit=HORIZON)


def centre_refusals(days: Mapping[dt.date, str]) -> Iterator[Refusal]:
    """What the centre says of a day (its name) is changed by the centre."""
    for day, name in days.items():
        yield Refusal("centre.owns_day", facts={"day": day, "name": name})


def hours_refusals(week: Mapping[int, Hours]) -> Iterator[Refusal]:
    """Intervals must end after they begin and not overlap."""
    for weekday, hours in sorted(week.items()):
        if not well_formed(hours):
            yield Refusal("calendar.hours", facts={"weekday": WEEKDAYS[weekday].value})
