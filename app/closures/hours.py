"""The weekly opening hours, with the days of odd and even numbers and the half Thursday, from a day on."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.actions import Action
from app.calendar.hours import Hours
from app.calendar.rules import later
from app.calendar.stored import HoursRow, calendar_of, day_rows, hours_rows, week_on
from app.closures.checks import hours_refusals, open_refusals
from app.closures.outcomes import AlreadySo, HoursOutcome, HoursSet
from app.library import Library
from app.outcome import Refused
from app.refusal import Refusal
from db.act import Act
from db.models.library import OpeningHours
from db.types import new_id
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """The hours of some weekdays (0 = Saturday) from a day on, today if it is left out; no hours mean closed."""

    week: Mapping[int, Hours]
    since: dt.date | None = None


def set_hours(library: Library, wanted: WeeklyHours, act: Act) -> HoursOutcome:
    """Set the hours of the weekdays named; the others stay. One transaction. What is due already does not move."""
    since = wanted.since or act.day
    with library.store.read() as reader:
        rows, days = hours_rows(reader), day_rows(reader)
    week = {weekday: tuple(sorted(hours)) for weekday, hours in wanted.week.items()}
    changed = {weekday: hours for weekday, hours in week.items() if _differs(rows, weekday, hours, since)}
    kept = [left for row in rows for left in _what_is_left(row, changed, since)]
    new = [
        HoursRow(new_id(), 1, weekday, interval.opens, interval.closes, since, None)
        for weekday, hours in changed.items()
        for interval in hours
    ]
    refused = (
        *library.forbids(act, Action.CHANGE_CALENDAR),
        *([] if week else [Refusal("field.required", facts={"field": "hours"})]),
        *hours_refusals(week),
        *open_refusals(calendar_of((*kept, *new), days), max(since, act.day)),
    )
    if refused:
        return Refused(refused)
    if not changed:
        return AlreadySo()
    with library.store.write() as tx:
        _end(tx, rows, changed, since, act)
        for row in new:
            tx.insert(OpeningHours, weekday=row.weekday, opens=row.opens, closes=row.closes, since=since)
        library.rules_changed(tx)
        tx.record("calendar.hours_set", act)
    library.forget_rules()
    return HoursSet(since, tuple(sorted(changed)))


def _differs(rows: Iterable[HoursRow], weekday: int, hours: Hours, since: dt.date) -> bool:
    """Whether these hours are not those that hold from that day on, with nothing else to come."""
    of_day = [row for row in rows if row.weekday == weekday]
    holding = [row for row in of_day if _after(row, since)]
    to_come = any((row.since is not None and row.since > since) or row.until is not None for row in holding)
    return to_come or week_on(of_day, since)[weekday] != hours


def _after(row: HoursRow, since: dt.date) -> bool:
    """Whether a row holds on `since` or later."""
    return row.until is None or row.until >= since


def _what_is_left(row: HoursRow, changed: Mapping[int, Hours], since: dt.date) -> list[HoursRow]:
    if row.weekday not in changed or not _after(row, since):
        return [row]
    if row.since is not None and row.since >= since:
        return []
    return [HoursRow(row.id, row.ver, row.weekday, row.opens, row.closes, row.since, later(since, -1))]


def _end(tx: Tx, rows: Iterable[HoursRow], changed: Mapping[int, Hours], since: dt.date, act: Act) -> None:
    """Rows that held before end the day before; those that were to hold later are taken back."""
    for row in rows:
        left = _what_is_left(row, changed, since)
        if not left:
            tx.remove(OpeningHours, row, act)
        elif left != [row]:
            tx.update(OpeningHours, row, until=left[0].until)
