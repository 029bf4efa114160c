"""Weekly hours: odd and even days, half Thursday, from a day on.

circulation-anchors 7 no. 7: odd 7:30-14, even 11-17:30, Thursday to 13; S4 §الف-1-3: hours are told to those who ask.
"""

import pytest

from app.calendar.hours import EVEN_DAYS, ODD_DAYS, Hours, Interval, clock_text, minutes, well_formed
from app.calendar.rules import Weekday, later
from app.calendar.stored import days_between, hours_rows, week_on
from app.closures.hours import WeeklyHours, set_hours
from app.closures.outcomes import AlreadySo, HoursSet
from app.library import Library
from app.outcome import Refused
from db.models.library import OpeningHours
from tests.library import TODAY, act, add_copy, add_member, lend, rows

MORNING, NOON = Interval(450, 840), Interval(660, 1_050)
THURSDAY, FRIDAY = Weekday.THURSDAY.number, Weekday.FRIDAY.number
ALL_DAY = (Interval(480, 1_200),)


def put(library: Library, week: dict[int, Hours], since: int | None = None) -> object:
    day = None if since is None else later(TODAY, since)
    return set_hours(library, WeeklyHours(week, day), act(library))


def week(library: Library, number: int = 0) -> dict[int, Hours]:
    with library.store.read() as reader:
        return dict(week_on(hours_rows(reader), later(TODAY, number)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8:30", 510),
        ("۰۸:۳۰", 510),
        ("8", 480),
        ("24:00", 1_440),
        ("24:01", None),
        ("8:60", None),
        ("", None),
        ("هشت", None),
    ],
)
def test_a_time_of_day_is_read_in_any_digits(text: str, expected: int | None) -> None:
    assert minutes(text) == expected
    assert expected is None or minutes(clock_text(expected)) == expected


@pytest.mark.parametrize(
    ("hours", "fine"),
    [
        ([], True),
        ([(480, 720)], True),
        ([(840, 1_080), (480, 720)], True),
        ([(480, 720), (720, 900)], True),
        ([(480, 720), (700, 900)], False),
        ([(720, 480)], False),
        ([(480, 480)], False),
        ([(-10, 480)], False),
        ([(480, 1_500)], False),
        ([(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)], False),
    ],
)
def test_intervals_end_after_they_begin_and_do_not_overlap(hours: list[tuple[int, int]], fine: bool) -> None:
    assert well_formed([Interval(*bounds) for bounds in hours]) is fine


def test_odd_and_even_days_and_the_half_thursday_have_hours_of_their_own(library: Library) -> None:
    wanted: dict[int, Hours] = dict.fromkeys(ODD_DAYS, (MORNING,))
    wanted |= dict.fromkeys(EVEN_DAYS, (NOON,)) | {THURSDAY: (Interval(450, 780),)}
    assert put(library, wanted) == HoursSet(TODAY, (0, 1, 2, 3, 4, 5))
    assert week(library) == wanted | {FRIDAY: ()}
    with library.store.read() as reader:
        shown = days_between(reader, TODAY, later(TODAY, 6))
    assert [day.hours for day in shown] == [wanted.get(number, ()) for number in range(7)]
    assert [day.is_open for day in shown] == [True] * 6 + [False]


def test_a_day_may_have_several_intervals(library: Library) -> None:
    both = (Interval(480, 720), Interval(960, 1_200))
    put(library, {0: tuple(reversed(both))})
    assert week(library)[0] == both


def test_new_hours_hold_from_their_day_on_and_the_old_ones_until_the_day_before(library: Library) -> None:
    assert put(library, {THURSDAY: ()}, since=10) == HoursSet(later(TODAY, 10), (THURSDAY,))
    assert [library.calendar.is_open(later(TODAY, number)) for number in (5, 12, 19)] == [True, False, False]
    assert week(library, 9)[THURSDAY] == ALL_DAY
    assert week(library, 10)[THURSDAY] == ()
    assert lend(library, add_member(library), add_copy(library)).due_on == later(TODAY, 14)


def test_the_same_hours_again_change_nothing(library: Library) -> None:
    put(library, {0: (MORNING,)})
    before = rows(library, OpeningHours)
    assert put(library, {0: (MORNING,)}) == AlreadySo()
    assert rows(library, OpeningHours) == before


def test_later_hours_replace_those_that_were_to_come(library: Library) -> None:
    put(library, {0: ()}, since=20)
    put(library, {0: (MORNING,)}, since=10)
    assert [week(library, number)[0] for number in (9, 10, 30)] == [ALL_DAY, (MORNING,), (MORNING,)]
    assert all(library.calendar.is_open(later(TODAY, number)) for number in (14, 21, 28))


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({}, "field.required"),
        ({0: (Interval(720, 480),)}, "calendar.hours"),
        ({0: (Interval(480, 720), Interval(700, 800))}, "calendar.hours"),
    ],
)
def test_hours_that_make_no_sense_are_refused(library: Library, wanted: dict[int, Hours], code: str) -> None:
    outcome = put(library, wanted)
    assert isinstance(outcome, Refused)
    assert code in [refusal.code for refusal in outcome.refusals]
    assert week(library)[0] == ALL_DAY


def test_a_week_that_closes_for_good_later_is_refused_too(library: Library) -> None:
    outcome = put(library, dict.fromkeys(range(6), ()), since=30)
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["calendar.never_open"]


def test_what_holds_on_a_day_of_the_past_is_still_known(library: Library) -> None:
    put(library, {0: (MORNING,)}, since=7)
    assert (week(library, 6)[0], week(library, 7)[0]) == (ALL_DAY, (MORNING,))
