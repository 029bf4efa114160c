"""Official holidays as this branch keeps them: lunar days move by a day, a decree adds or removes one, and the shipped
file of a year may be taken once more without losing what the branch decided."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.actions import Action
from app.calendar.holidays import Holiday, HolidayName, both_names, load_holidays, named_days
from app.calendar.stored import DayRow, centre_days, day_rows, own_days, stored_calendar
from app.closures.checks import centre_refusals, days_refusals, open_refusals
from app.closures.outcomes import (
    AlreadySo,
    HolidayChange,
    HolidayChanged,
    HolidayOutcome,
    NoSuchDay,
    YearOutcome,
    YearTaken,
)
from app.closures.reads import loans_due
from app.library import Library
from app.outcome import Refused
from app.persian import jalali
from app.persian.text import clean
from app.refusal import Refusal
from app.settings import Setting
from db.act import Act
from db.codes import DayKind
from db.models.library import CalendarDay
from db.writing import Tx

LONGEST_NAME = 300
ENTRY = "calendar.holiday_changed"
DECIDED: Setting[list[str]] = Setting("holidays_decided", [])
"""Days on which the branch has the last word, whatever the shipped file says of them."""


@dataclass(frozen=True, slots=True)
class HolidayEdit:
    """What is to become of the holiday of a day: it gets a name (and is added if there is none), moves, or goes.

    `certain` None leaves it as it is; a day moved or added by hand is certain unless it is said not to be.
    """

    day: dt.date
    name: str = ""
    certain: bool | None = None
    move_to: dt.date | None = None
    remove: bool = False


def edit_holiday(library: Library, edit: HolidayEdit, act: Act) -> HolidayOutcome:
    """Change one holiday. What is due already does not move: a day that was not known to be closed is an emergency."""
    name = clean(edit.name, LONGEST_NAME)
    with library.store.read() as reader:
        row = next(iter(own_days(day_rows(reader, edit.day, edit.day, DayKind.HOLIDAY))), None)
        centres = centre_days(day_rows(reader), (edit.day, edit.move_to or edit.day))
        calendar = stored_calendar(reader)
    if row is None and not centres and (edit.remove or edit.move_to is not None):
        return NoSuchDay(edit.day)
    target = edit.move_to or edit.day
    closed = {day: text for day, text in calendar.closed_days.items() if day != edit.day} | {target: name}
    refused = (
        *library.forbids(act, Action.CHANGE_CALENDAR),
        *days_refusals((edit.day, target), name or (row.name if row else centres.get(edit.day, "")), act.day),
        *centre_refusals(centres),
        *([] if edit.remove else open_refusals(replace(calendar, closed_days=closed), act.day)),
    )
    if refused:
        return Refused(refused)
    with library.store.write() as tx:
        change = _write(tx, row, replace(edit, name=name), act)
        _decide(tx, edit.day, target)
        if change is not None:
            library.rules_changed(tx)
            tx.record(ENTRY, act)
            due = 0 if change is HolidayChange.REMOVED else len(loans_due(tx, {target}))
    library.forget_rules()
    if change is None:
        return AlreadySo((edit.day,))
    return HolidayChanged(change, target, name or (row.name if row else ""), due)


def _write(tx: Tx, row: DayRow | None, edit: HolidayEdit, act: Act) -> HolidayChange | None:
    """None when it is so already."""
    certain = edit.certain if edit.certain is not None else True
    if row is None:
        tx.insert(CalendarDay, day=edit.day, kind=DayKind.HOLIDAY, name=edit.name, certain=certain)
        return HolidayChange.ADDED
    if edit.remove:
        tx.remove(CalendarDay, row, act)
        return HolidayChange.REMOVED
    name = edit.name or row.name
    if edit.move_to is not None and edit.move_to != row.day:
        tx.remove(CalendarDay, row, act)
        _join(tx, edit.move_to, name, certain=certain)
        return HolidayChange.MOVED
    certain = row.certain if edit.certain is None else edit.certain
    if (name, certain) == (row.name, row.certain):
        return None
    tx.update(CalendarDay, row, name=name, certain=certain)
    return HolidayChange.CHANGED


def _join(tx: Tx, day: dt.date, name: str, *, certain: bool) -> None:
    """A holiday on a day that may be one already."""
    there = next(iter(own_days(day_rows(tx, day, day, DayKind.HOLIDAY))), None)
    if there is None:
        tx.insert(CalendarDay, day=day, kind=DayKind.HOLIDAY, name=name, certain=certain)
    elif name not in there.name.split("؛ "):
        tx.update(CalendarDay, there, name=both_names(there.name, name))


def take_year(library: Library, year: int, act: Act, holidays: Sequence[Holiday] | None = None) -> YearOutcome:
    """Take the holidays of a Jalali year from the shipped file once more.

    New ones come, uncertain ones that the file no longer knows go, the others follow the file; but days on which the
    branch decided stay as it decided.

    Raises Trouble P-1233 when the file cannot be read.
    """
    known = load_holidays() if holidays is None else holidays
    wanted = named_days(holiday for holiday in known if jalali.year(holiday.day) == year)
    refused = (
        *library.forbids(act, Action.CHANGE_CALENDAR),
        *([] if wanted else [Refusal("calendar.no_data", facts={"year": str(year)})]),
    )
    if refused:
        return Refused(refused)
    with library.store.write() as tx:
        taken = _take(tx, year, wanted, act)
        if taken.added or taken.corrected or taken.dropped:
            library.rules_changed(tx)
            tx.record("calendar.holidays_added", act)
    library.forget_rules()
    return taken if taken.added or taken.corrected or taken.dropped else AlreadySo(taken.kept)


def _take(tx: Tx, year: int, wanted: Mapping[dt.date, HolidayName], act: Act) -> YearTaken:
    first, last = jalali.from_jalali(year, 1, 1), jalali.from_jalali(year, 12, jalali.month_length(year, 12))
    every = day_rows(tx, first, last)
    here = {row.day: row for row in own_days(every) if row.kind is DayKind.HOLIDAY}
    decided = {dt.date.fromisoformat(text) for text in DECIDED.read(tx)} | {row.day for row in every if row.of_centre}
    differing = [day for day, name in wanted.items() if day not in here or _said(here[day]) != name]
    free = [day for day in differing if day not in decided]
    added = [day for day in free if day not in here]
    corrected = [day for day in free if day in here]
    dropped = [day for day, row in here.items() if day not in wanted and day not in decided and not row.certain]
    for day in added:
        tx.insert(CalendarDay, day=day, kind=DayKind.HOLIDAY, name=wanted[day].text, certain=wanted[day].certain)
    for day in corrected:
        tx.update(CalendarDay, here[day], name=wanted[day].text, certain=wanted[day].certain)
    for day in dropped:
        tx.remove(CalendarDay, here[day], act)
    kept = tuple(day for day in differing if day in decided)
    return YearTaken(year, tuple(added), tuple(corrected), tuple(dropped), kept)


def _said(row: DayRow) -> HolidayName:
    return HolidayName(row.name, row.certain)


def _decide(tx: Tx, *days: dt.date) -> None:
    DECIDED.write(tx, sorted({*DECIDED.read(tx), *(day.isoformat() for day in days)}))
