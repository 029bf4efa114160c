"""The visits of the van as a table: rhythm, closed days, changes (004 الف-2: every two weeks)."""

import datetime as dt
import uuid

import pytest

from app.calendar.rules import Calendar
from app.routes.visits import Change, Rhythm, due_at_visit, next_visit, visits

FRIDAYS = Calendar(weekly_closed=frozenset({6}))
OPEN = Calendar()
NEVER = Calendar(weekly_closed=frozenset(range(7)))
FIRST = dt.date(2026, 11, 21)  # شنبه ۳۰ آبان ۱۴۰۵
FORTNIGHT = Rhythm(FIRST, 14)


def day(number: int) -> dt.date:
    """So many days after the first visit."""
    return FIRST + dt.timedelta(days=number)


def change(planned: int, made: int | None = None, *, cancelled: bool = False, done: bool = False) -> Change:
    moved = made is not None and made != planned
    on = day(planned if made is None else made)
    return Change(uuid.uuid4(), 1, on, day(planned) if moved else None, cancelled, done)


@pytest.mark.parametrize(
    ("rhythm", "since", "until", "expected"),
    [
        pytest.param(FORTNIGHT, 0, 30, [0, 14, 28], id="004 الف-2 every two weeks"),
        pytest.param(FORTNIGHT, 1, 13, [], id="none between two visits"),
        pytest.param(FORTNIGHT, -40, -1, [], id="none before the first"),
        pytest.param(FORTNIGHT, 14, 14, [14], id="both ends are included"),
        pytest.param(Rhythm(FIRST, 14, 2), 0, 30, [2, 16, 30], id="a stop two days under way"),
        pytest.param(Rhythm(FIRST, 7), 0, 21, [0, 7, 14, 21], id="a weekly route"),
        pytest.param(Rhythm(FIRST, 7, 6), 0, 14, [7, 14], id="Fridays are made on Saturday, the rhythm keeps"),
        pytest.param(Rhythm(FIRST, 1), 5, 9, [5, 7, 8, 9], id="daily: Friday and Saturday are one visit"),
        pytest.param(FORTNIGHT, 14_000, 14_020, [14_000, 14_014], id="forty years later"),
    ],
)
def test_a_stop_is_visited_in_the_rhythm_of_its_route(
    rhythm: Rhythm, since: int, until: int, expected: list[int]
) -> None:
    found = visits(rhythm, (), FRIDAYS, day(since), day(until))
    assert [(visit.day - FIRST).days for visit in found] == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param([], [0, 14, 28], id="nothing stored"),
        pytest.param([change(14, 16)], [0, 16, 28], id="put off: the next one stays"),
        pytest.param([change(14, 12)], [0, 12, 28], id="made earlier"),
        pytest.param([change(14, cancelled=True)], [0, 28], id="cancelled"),
        pytest.param([change(14, 20)], [0, 21, 28], id="put off to a Friday: the day after"),
        pytest.param([change(0, done=True)], [0, 14, 28], id="done"),
        pytest.param([change(14, 28)], [0, 28], id="put off to the day of the next: one visit"),
        pytest.param([change(14, 20, done=True)], [0, 20, 28], id="done on a Friday stays where it was"),
        pytest.param([change(3)], [0, 3, 14, 28], id="a visit outside the rhythm"),
    ],
)
def test_what_is_stored_of_a_visit_wins_over_the_rhythm(changes: list[Change], expected: list[int]) -> None:
    found = visits(FORTNIGHT, changes, FRIDAYS, day(0), day(30))
    assert [(visit.day - FIRST).days for visit in found if not visit.cancelled] == expected


@pytest.mark.parametrize(
    ("lent", "changes", "due"),
    [
        pytest.param(0, [], 14, id="004 الف-2 the next visit"),
        pytest.param(0, [change(14, 16)], 16, id="when it is put off, the day it is made"),
        pytest.param(0, [change(14, cancelled=True)], 28, id="when it falls out, the one after"),
        pytest.param(7, [], 14, id="half the rhythm before the visit"),
        pytest.param(8, [], 28, id="less than half: the visit after it"),
        pytest.param(13, [], 28, id="lent at the desk the day before"),
        pytest.param(16, [change(14, 16)], 28, id="lent at a visit put off by two days"),
        pytest.param(22, [change(14, 22)], 42, id="lent at a visit put off by a week: not six days later"),
    ],
)
def test_a_book_lent_at_a_stop_is_due_when_the_van_comes_again(lent: int, changes: list[Change], due: int) -> None:
    found = due_at_visit(FORTNIGHT, changes, FRIDAYS, day(lent))
    assert found is not None
    assert (found - FIRST).days == due


def test_a_weekly_route_lends_for_a_week() -> None:
    assert due_at_visit(Rhythm(FIRST, 7), (), FRIDAYS, day(0)) == day(7)


def test_where_every_visit_falls_out_none_is_in_sight() -> None:
    changes = [change(14 * number, cancelled=True) for number in range(200)]
    assert next_visit(FORTNIGHT, changes, OPEN, day(0)) is None


def test_a_library_that_never_opens_ends_no_search() -> None:
    assert next_visit(FORTNIGHT, (), NEVER, day(0)) == day(14)
