"""Holidays of a Jalali year: the moon moves them, a decree adds one, and the shipped file is taken in again."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.calendar.holidays import Holiday, HolidayKind, load_holidays, named_days
from app.closures.holidays import HolidayEdit, edit_holiday, take_year
from app.closures.outcomes import AlreadySo, HolidayChange, HolidayChanged, NoSuchDay, YearTaken
from app.library import Library
from app.outcome import Refused
from app.persian.jalali import from_jalali, year
from db.codes import DayKind, Role
from db.models.circulation import Loan
from db.models.library import CalendarDay
from tests.library import SET_UP, act, add_copy, add_member, change, found_as, lend, rows

SHIPPED = load_holidays()
DAYS = {holiday.day for holiday in SHIPPED}
ONE = dt.timedelta(days=1)
ALONE = [
    holiday.day
    for holiday in SHIPPED
    if year(holiday.day) == 1406 and not holiday.certain and not {holiday.day - ONE, holiday.day + ONE} & DAYS
]
MOON = ALONE[0]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    setup = replace(SET_UP, official_holidays=True)
    made = found_as(tmp_path / "library", setup)
    with made.store:
        yield made


def edit(library: Library, day: dt.date, **what: object) -> object:
    return edit_holiday(library, HolidayEdit(day, **what), act(library))  # type: ignore[arg-type]


def name_of(library: Library, day: dt.date) -> str | None:
    found = rows(library, CalendarDay, day=day, kind=DayKind.HOLIDAY)
    return found[0].name if found else None


def test_a_lunar_day_moves_by_a_day_and_is_certain_then(library: Library) -> None:
    moved = MOON + ONE
    outcome = edit(library, MOON, move_to=moved)
    assert isinstance(outcome, HolidayChanged)
    assert (outcome.change, outcome.day) == (HolidayChange.MOVED, moved)
    assert name_of(library, MOON) is None
    (row,) = rows(library, CalendarDay, day=moved, kind=DayKind.HOLIDAY)
    assert row.certain
    assert not library.calendar.is_open(moved)


def test_a_day_that_is_a_holiday_already_has_both_names(library: Library) -> None:
    first, second = from_jalali(1405, 1, 12), from_jalali(1405, 1, 13)
    names = (name_of(library, second), name_of(library, first))
    edit(library, first, move_to=second)
    assert name_of(library, second) == "؛ ".join(map(str, names))


def test_a_decree_adds_a_holiday_and_tells_how_many_loans_are_due_on_it(library: Library) -> None:
    day = from_jalali(1405, 9, 15)
    loan = lend(library, add_member(library), add_copy(library)).loan_id
    change(library, Loan, loan, due_on=day)
    assert edit(library, day, name="عزای عمومی") == HolidayChanged(HolidayChange.ADDED, day, "عزای عمومی", 1)
    assert edit(library, day, name="عزای عمومی") == AlreadySo((day,))
    assert edit(library, day, name="سوگواری") == HolidayChanged(HolidayChange.CHANGED, day, "سوگواری", 1)
    assert edit(library, day, remove=True) == HolidayChanged(HolidayChange.REMOVED, day, "سوگواری")
    assert library.calendar.is_open(day)


def test_what_is_not_there_can_be_neither_moved_nor_removed(library: Library) -> None:
    day = from_jalali(1405, 9, 15)
    assert edit(library, day, remove=True) == NoSuchDay(day)
    assert edit(library, day, move_to=MOON) == NoSuchDay(day)
    assert isinstance(edit(library, day), Refused)  # a holiday without a name


def test_taking_a_year_again_changes_nothing_when_nothing_is_new(library: Library) -> None:
    assert take_year(library, 1406, act(library)) == AlreadySo()


def test_a_corrected_file_is_followed_but_what_the_branch_decided_stays(library: Library) -> None:
    of_year = sorted(day for day in named_days(SHIPPED) if year(day) == 1406)
    moved_here, corrected_there, removed_here = ALONE[:3]
    edit(library, moved_here, move_to=moved_here + ONE)
    edit(library, removed_here, remove=True)
    added_here = from_jalali(1406, 5, 1)
    edit(library, added_here, name="تعطیلی استان", certain=False)
    newer = tuple(_corrected(holiday, corrected_there) for holiday in SHIPPED)
    outcome = take_year(library, 1406, act(library), newer)
    assert isinstance(outcome, YearTaken)
    assert outcome.added == (corrected_there + ONE,)
    assert outcome.dropped == (corrected_there,)
    assert set(outcome.kept) == {moved_here, removed_here}
    assert set(outcome.corrected) <= set(of_year)
    assert name_of(library, moved_here) is name_of(library, removed_here) is None
    assert name_of(library, added_here) == "تعطیلی استان"
    assert take_year(library, 1406, act(library), newer) == AlreadySo(outcome.kept)


def _corrected(holiday: Holiday, day: dt.date) -> Holiday:
    if holiday.day != day or holiday.kind is not HolidayKind.LUNAR:
        return holiday
    return replace(holiday, day=day + ONE, certain=True)


def test_a_year_that_the_file_does_not_know_is_refused(library: Library) -> None:
    outcome = take_year(library, 1440, act(library))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["calendar.no_data"]


def test_only_those_who_may_change_the_calendar_do(library: Library) -> None:
    assert isinstance(edit_holiday(library, HolidayEdit(MOON, remove=True), act(library, Role.TRAINEE)), Refused)
    assert isinstance(take_year(library, 1406, act(library, Role.TRAINEE)), Refused)
