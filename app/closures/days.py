"""Closing and opening single days.

An ordinary closure moves nothing that is running: due dates computed from now on know it, and lateness leaves it out
where the policy says so, as in Koha and Evergreen. An emergency closure moves what falls on it.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.actions import Action
from app.calendar.rules import Calendar
from app.calendar.stored import DayRow, centre_days, day_rows, own_days, stored_calendar
from app.closures import reads
from app.closures.adjusting import Adjustment
from app.closures.checks import centre_refusals, days_refusals, open_refusals
from app.closures.outcomes import AlreadySo, DaysChanged, DaysOutcome, Moved, NoSuchDay
from app.library import Library
from app.outcome import Refused
from app.persian.text import clean
from db.act import Act
from db.codes import DayKind
from db.journal import MOST_CHANGES
from db.models.library import CalendarDay
from db.writing import Tx

DAYS_AT_ONCE = 120
"""Days one transaction changes; each may take three rows."""
LONGEST_NAME = 120
CLOSED, REOPENED, EMERGENCY, MOVED = (
    "calendar.day_closed", "calendar.day_opened", "calendar.emergency_closed", "calendar.dates_moved",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Closure:
    """Days to close, with a name that readers understand. `emergency`: a flood, a decree; what is due moves."""

    days: tuple[dt.date, ...]
    name: str
    emergency: bool = False

    @property
    def kind(self) -> DayKind:
        """How the days are kept."""
        return DayKind.EMERGENCY if self.emergency else DayKind.CLOSED


def close_days(library: Library, closure: Closure, act: Act, *, preview: bool = False) -> DaysOutcome:
    """Close days, past ones too. With `preview` everything is worked out and nothing is kept.

    Up to 120 days with what they move are one transaction as long as its entry has room; what has not got room follows
    in further ones, and is finished by a repetition or at night if the power goes in between.
    """
    wanted, name = tuple(sorted(set(closure.days))), clean(closure.name, LONGEST_NAME)
    with library.store.read() as reader:
        calendar = stored_calendar(reader)
    refused = (
        *library.forbids(act, Action.CHANGE_CALENDAR),
        *days_refusals(wanted, name, act.day),
        *open_refusals(_closed_too(calendar, closure.kind, wanted), act.day),
    )
    if refused:
        return Refused(refused)

    def write(tx: Tx, days: Sequence[dt.date]) -> tuple[dt.date, ...]:
        return tuple(_close(tx, days, closure.kind, name, act))

    entry = EMERGENCY if closure.emergency else CLOSED
    return _Change(library, closure.kind, write, act, entry).carry_out(wanted, preview=preview)


def open_days(library: Library, days: Sequence[dt.date], name: str, act: Act, *, preview: bool = False) -> DaysOutcome:
    """Open days: a closure or an emergency of the branch is taken back, and what is still closed by the week or as a
    holiday opens as an exception. What an emergency had moved returns, where nobody changed it since."""
    wanted, name = tuple(sorted(set(days))), clean(name, LONGEST_NAME)
    refused = (
        *library.forbids(act, Action.CHANGE_CALENDAR),
        *days_refusals(wanted, name or "-", act.day),
    )
    if refused:
        return Refused(refused)

    def write(tx: Tx, days: Sequence[dt.date]) -> tuple[dt.date, ...]:
        return tuple(_open(tx, days, name, act))

    return _Change(library, DayKind.OPENED, write, act, REOPENED).carry_out(wanted, preview=preview)


def remove_day(library: Library, day: dt.date, kind: DayKind, act: Act) -> DaysOutcome | NoSuchDay:
    """Take one exception of the branch back, as if it had never been entered; an emergency with what it moved."""
    with library.store.read() as reader:
        calendar = stored_calendar(reader)
        rows = day_rows(reader, day, day, kind)
    if not rows or kind is DayKind.HOLIDAY:
        return NoSuchDay(day)
    left = replace(calendar, opened_days=calendar.opened_days - {day}) if kind is DayKind.OPENED else Calendar()
    centres = {} if own_days(rows) else centre_days(rows, (day,))
    refused = (
        *library.forbids(act, Action.CHANGE_CALENDAR), *centre_refusals(centres), *open_refusals(left, act.day),
    )  # fmt: skip
    if refused:
        return Refused(refused)

    def write(tx: Tx, days: Sequence[dt.date]) -> tuple[dt.date, ...]:
        return tuple(_remove(tx, days, (kind,), act))

    now = DayKind.CLOSED if kind is DayKind.OPENED else DayKind.OPENED
    return _Change(library, now, write, act, "calendar.day_removed").carry_out((day,))


class _TakenBack(Exception):  # noqa: N818 - no error: a preview is undone on purpose
    pass


@dataclass(frozen=True, slots=True)
class _Change:
    """Writing days, and adjusting what runs, in as few transactions as there is room for."""

    library: Library
    kind: DayKind
    write: Callable[[Tx, Sequence[dt.date]], tuple[dt.date, ...]]
    act: Act
    entry: str

    def carry_out(self, wanted: tuple[dt.date, ...], *, preview: bool = False) -> DaysOutcome:
        if preview:
            return self._tried(wanted)
        changed, moved, act = list[dt.date](), Moved(), self.act
        for start in range(0, len(wanted), DAYS_AT_ONCE):
            days, more = self._part(wanted[start : start + DAYS_AT_ONCE], act)
            changed, moved, act = [*changed, *days], moved + more, replace(act, key=None)
        return self._told(wanted, tuple(changed), moved)

    def _part(self, days: Sequence[dt.date], act: Act) -> tuple[tuple[dt.date, ...], Moved]:
        with self.library.store.write() as tx:
            changed, adjustment = self._work(tx, days, act)
            adjustment.run(tx)
            if tx.room < MOST_CHANGES:
                self.library.rules_changed(tx)
                tx.record(self.entry, act)
        self.library.forget_rules()
        return changed, adjustment.finish(MOVED)

    def _tried(self, wanted: tuple[dt.date, ...]) -> DaysOutcome:
        """The same work, taken back: a preview cannot differ from what it shows."""
        changed, moved = tuple[dt.date, ...](), Moved()
        try:
            with self.library.store.write() as tx:
                changed, adjustment = self._work(tx, wanted, self.act)
                adjustment.run(tx, whole=True)
                moved = adjustment.moved
                raise _TakenBack
        except _TakenBack:
            return self._told(wanted, changed, moved, preview=True)

    def _work(self, tx: Tx, days: Sequence[dt.date], act: Act) -> tuple[tuple[dt.date, ...], Adjustment]:
        before = stored_calendar(tx)
        changed = self.write(tx, days)
        after = stored_calendar(tx)
        moving = before.emergency_days ^ after.emergency_days
        return changed, Adjustment(self.library.with_calendar(after), act, moving)

    def _told(
        self, wanted: tuple[dt.date, ...], changed: tuple[dt.date, ...], moved: Moved, *, preview: bool = False
    ) -> DaysOutcome:
        already = tuple(day for day in wanted if day not in changed)
        if not changed and moved == Moved():
            return AlreadySo(already)
        due = deadlines = 0
        if self.kind is DayKind.CLOSED:
            with self.library.store.read() as reader:
                due, deadlines = len(reads.loans_due(reader, changed)), len(reads.copies_kept_until(reader, changed))
        return DaysChanged(self.kind, changed, already, moved, due, deadlines, preview)


def _closed_too(calendar: Calendar, kind: DayKind, days: Sequence[dt.date]) -> Calendar:
    """The calendar as it would be."""
    if kind is DayKind.EMERGENCY:
        return replace(calendar, emergency_days=calendar.emergency_days | set(days))
    closed = {**calendar.closed_days, **dict.fromkeys(days, "")}
    return replace(calendar, closed_days=closed, opened_days=calendar.opened_days - set(days))


def _close(tx: Tx, days: Sequence[dt.date], kind: DayKind, name: str, act: Act) -> Iterator[dt.date]:
    """Rows for the days that are not so closed yet, or under another name; an exceptional opening ends with an ordinary
    closure, and waits behind an emergency."""
    known = {row.day: row for row in _rows(tx, days, kind)}
    opened = {row.day: row for row in _rows(tx, days, DayKind.OPENED)} if kind is DayKind.CLOSED else {}
    for day in days:
        row = known.get(day)
        if day in opened:
            tx.remove(CalendarDay, opened[day], act)
        if row is None:
            tx.insert(CalendarDay, day=day, kind=kind, name=name)
        elif row.name != name:
            tx.update(CalendarDay, row, name=name)
        if row is None or row.name != name or day in opened:
            yield day


def _open(tx: Tx, days: Sequence[dt.date], name: str, act: Act) -> Iterator[dt.date]:
    taken_back = set(_remove(tx, days, (DayKind.EMERGENCY, DayKind.CLOSED), act))
    calendar = stored_calendar(tx)
    for day in days:
        if not calendar.is_open(day):
            tx.insert(CalendarDay, day=day, kind=DayKind.OPENED, name=name)
            yield day
        elif day in taken_back:
            yield day


def _remove(tx: Tx, days: Sequence[dt.date], kinds: tuple[DayKind, ...], act: Act) -> Iterator[dt.date]:
    for row in _rows(tx, days, *kinds):
        tx.remove(CalendarDay, row, act)
        yield row.day


def _rows(tx: Tx, days: Sequence[dt.date], *kinds: DayKind) -> list[DayRow]:
    wanted = set(days)
    return [row for row in own_days(day_rows(tx, min(days), max(days), *kinds)) if row.day in wanted]
