"""On which days the van is at a stop (004 الف-2: «مراجعه به روستاها … هر دو هفته یک بار»). Pure.

The rhythm never shifts: a visit that falls on a closed day is made on the next open one, and the visit after it is
counted from the planned day, not from the day it was made.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.calendar.rules import HORIZON, Calendar, later

LONGEST_WAIT = 3 * HORIZON
"""Days to look for a next visit; a route whose visits are all cancelled for longer has none."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A stop is visited `offset` days after `first`, and again every `every` days."""

    first: dt.date
    every: int
    offset: int = 0

    def planned(self, since: dt.date, until: dt.date) -> Iterator[dt.date]:
        """The planned days from `since` to `until`, both included."""
        start = later(self.first, self.offset)
        missed = max(0, -((start - since).days // self.every)) if since > start else 0
        day = later(start, missed * self.every)
        for _ in range((until - day).days // self.every + 1):
            yield day
            day = later(day, self.every)


@dataclass(frozen=True, slots=True)
class Change:
    """What is stored of one visit: made on another day, cancelled, or done."""

    id: uuid.UUID
    ver: int
    day: dt.date
    instead_of: dt.date | None
    cancelled: bool
    done: bool

    @property
    def planned(self) -> dt.date:
        """The day of the rhythm it stands for."""
        return self.instead_of or self.day


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of one stop: the day it is (or was to be) made, and the day of the rhythm it stands for."""

    day: dt.date
    planned: dt.date
    cancelled: bool = False
    done: bool = False

    @property
    def is_moved(self) -> bool:
        """Whether the van comes on another day than planned."""
        return self.day != self.planned


def visits(
    rhythm: Rhythm, changes: Sequence[Change], calendar: Calendar, since: dt.date, until: dt.date
) -> list[Visit]:
    """Every visit from `since` to `until` in order, cancelled ones too. Two that fall on one day are one."""
    stored = {change.planned: change for change in changes}
    planned = {*rhythm.planned(later(since, -HORIZON), until), *stored}
    found: dict[dt.date, Visit] = {}
    for day in sorted(planned):
        visit = _visit(day, stored.get(day), calendar)
        known = found.get(visit.day)
        if since <= visit.day <= until and (known is None or known.cancelled):
            found[visit.day] = visit
    return sorted(found.values(), key=lambda visit: visit.day)


def next_visit(rhythm: Rhythm, changes: Sequence[Change], calendar: Calendar, after: dt.date) -> dt.date | None:
    """The first day after `after` on which the van comes; None where none is in sight."""
    coming = visits(rhythm, changes, calendar, later(after, 1), later(after, LONGEST_WAIT))
    return next((visit.day for visit in coming if not visit.cancelled), None)


def due_at_visit(rhythm: Rhythm, changes: Sequence[Change], calendar: Calendar, lent_on: dt.date) -> dt.date | None:
    """The day a book lent on `lent_on` is due: the next visit (004 الف-2).

    A visit sooner than half the rhythm is passed over: nobody reads a book between a visit that was put off and the
    next one, or in the two days between the desk and the van.
    """
    least = (rhythm.every + 1) // 2
    return next_visit(rhythm, changes, calendar, later(lent_on, least - 1))


def _visit(planned: dt.date, change: Change | None, calendar: Calendar) -> Visit:
    if change is None:
        return Visit(calendar.next_open(planned), planned)
    made = change.done or change.cancelled
    return Visit(change.day if made else calendar.next_open(change.day), planned, change.cancelled, change.done)
