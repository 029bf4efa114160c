"""One-off closures and openings, and what is refused. 2026-11-21 is a Saturday; Fridays are closed."""

import datetime as dt
from pathlib import Path

import pytest

from app.calendar.rules import later
from app.closures.days import Closure, close_days, open_days, remove_day
from app.closures.hours import WeeklyHours, set_hours
from app.closures.outcomes import AlreadySo, DaysChanged, Moved, NoSuchDay
from app.library import Library
from app.outcome import Refused
from db.codes import DayKind, Role
from db.models.circulation import Loan
from db.models.library import CalendarDay
from tests.library import TODAY, act, add_copy, add_member, change, lend, reopened, row, rows


def days(*numbers: int) -> tuple[dt.date, ...]:
    return tuple(later(TODAY, number) for number in numbers)


def close(library: Library, *numbers: int, name: str = "نقاشی ساختمان") -> object:
    return close_days(library, Closure(days(*numbers), name), act(library))


def kinds(library: Library, number: int) -> list[DayKind]:
    return [day.kind for day in rows(library, CalendarDay, day=later(TODAY, number))]


def codes(outcome: object) -> list[str]:
    assert isinstance(outcome, Refused), outcome
    return [refusal.code for refusal in outcome.refusals]


def test_a_closed_day_is_closed_for_new_loans_and_moves_no_running_one(library: Library) -> None:
    member = add_member(library)
    running = lend(library, member, add_copy(library)).loan_id
    change(library, Loan, running, due_on=later(TODAY, 14))
    outcome = close(library, 14, 3)
    assert outcome == DaysChanged(DayKind.CLOSED, days(3, 14), due=1)
    assert row(library, Loan, running).due_on == later(TODAY, 14)
    assert lend(library, member, add_copy(library)).due_on == later(TODAY, 15)


def test_closing_a_closed_day_again_changes_nothing_but_its_name(library: Library) -> None:
    close(library, 3)
    assert close(library, 3) == AlreadySo(days(3))
    assert close(library, 3, 4, name="تعمیر") == DaysChanged(DayKind.CLOSED, days(3, 4))
    assert [day.name for day in rows(library, CalendarDay)] == ["تعمیر", "تعمیر"]


def test_an_opened_friday_is_open_and_closes_again_with_a_closure(library: Library) -> None:
    friday = 6
    assert open_days(library, days(friday), "نمایشگاه کتاب", act(library)) == DaysChanged(DayKind.OPENED, days(friday))
    assert library.calendar.is_open(later(TODAY, friday))
    assert open_days(library, days(friday), "نمایشگاه کتاب", act(library)) == AlreadySo(days(friday))
    close(library, friday)
    assert kinds(library, friday) == [DayKind.CLOSED]
    assert not library.calendar.is_open(later(TODAY, friday))


def test_opening_a_closure_takes_it_back_and_needs_no_exception(library: Library) -> None:
    close(library, 3)
    assert open_days(library, days(3), "", act(library)) == DaysChanged(DayKind.OPENED, days(3))
    assert rows(library, CalendarDay) == []


def test_opening_an_open_day_changes_nothing(library: Library) -> None:
    assert open_days(library, days(3), "", act(library)) == AlreadySo(days(3))


def test_opening_an_emergency_on_a_friday_leaves_an_opened_friday(library: Library) -> None:
    close_days(library, Closure(days(6), "سیل", emergency=True), act(library))
    open_days(library, days(6), "جبران", act(library))
    assert kinds(library, 6) == [DayKind.OPENED]


def test_an_exception_taken_back_leaves_the_day_as_the_week_has_it(library: Library) -> None:
    close(library, 3)
    open_days(library, days(6), "نمایشگاه", act(library))
    assert isinstance(remove_day(library, later(TODAY, 3), DayKind.CLOSED, act(library)), DaysChanged)
    assert isinstance(remove_day(library, later(TODAY, 6), DayKind.OPENED, act(library)), DaysChanged)
    assert rows(library, CalendarDay) == []
    assert remove_day(library, later(TODAY, 3), DayKind.CLOSED, act(library)) == NoSuchDay(later(TODAY, 3))


@pytest.mark.parametrize(
    ("numbers", "name", "code"),
    [
        ((3,), " ", "field.required"),
        ((), "تعمیر", "field.required"),
        (range(1, 400), "تعمیر", "calendar.too_many_days"),
        ((3_000,), "تعمیر", "calendar.too_far"),
        ((-3_000,), "تعمیر", "calendar.too_far"),
        (range(366), "تعمیر", "calendar.never_open"),
    ],
)
@pytest.mark.parametrize("emergency", [False, True])
def test_a_closure_that_makes_no_sense_is_refused_and_nothing_is_written(
    library: Library, numbers: range, name: str, code: str, emergency: bool
) -> None:
    outcome = close_days(library, Closure(days(*numbers), name, emergency), act(library))
    assert code in codes(outcome)
    assert rows(library, CalendarDay) == []


def test_a_year_may_be_closed_as_long_as_one_day_in_it_stays_open(library: Library) -> None:
    numbers = [number for number in range(365) if number != 200]
    outcome = close_days(library, Closure(days(*numbers), "بازسازی", emergency=True), act(library))
    assert isinstance(outcome, DaysChanged)
    assert len(outcome.days) == 364
    assert library.calendar.next_open(TODAY) == later(TODAY, 200)
    assert codes(close(library, 200, 365)) == ["calendar.never_open"]


def test_the_last_open_weekday_cannot_be_taken_away(library: Library) -> None:
    never = WeeklyHours(dict.fromkeys(range(7), ()))
    assert codes(set_hours(library, never, act(library))) == ["calendar.never_open"]
    assert library.calendar.is_open(TODAY)


@pytest.mark.parametrize("role", [Role.ASSISTANT, Role.TRAINEE, Role.VAN_DRIVER])
def test_a_role_that_may_not_change_the_calendar_is_refused(library: Library, role: Role) -> None:
    mine = act(library, role)
    assert codes(close_days(library, Closure(days(3), "تعمیر"), mine)) == ["role.not_allowed"]
    assert codes(open_days(library, days(6), "", mine)) == ["role.not_allowed"]
    assert codes(set_hours(library, WeeklyHours({0: ()}), mine)) == ["role.not_allowed"]


def test_a_calendar_changed_elsewhere_is_seen_at_the_next_scan(library: Library) -> None:
    """Two desks of one database: the second has its rules in hand when the first closes a day."""
    other = Library(library.store, library.clock)
    member = add_member(library)
    lend(other, member, add_copy(library))
    close(library, 14)
    assert lend(other, member, add_copy(library)).due_on == later(TODAY, 15)


def test_the_calendar_outlives_the_program(library: Library) -> None:
    close(library, 3)
    folder = library.store.name.removesuffix("/library.db")
    library.store.close()
    with reopened(Path(folder)).store as store:
        assert not Library(store, library.clock).calendar.is_open(later(TODAY, 3))


def test_a_preview_of_an_ordinary_closure_shows_and_keeps_nothing(library: Library) -> None:
    outcome = close_days(library, Closure(days(3), "تعمیر"), act(library), preview=True)
    assert outcome == DaysChanged(DayKind.CLOSED, days(3), moved=Moved(), preview=True)
    assert rows(library, CalendarDay) == []
