"""The clock service: what it believes, what it asks about, and what day it is."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.circulation.checkout import CheckoutRequest, check_out
from app.clock import TEHRAN, SettableClock, SystemClock, day_of, is_doubtful, midnight, uptime, wall_clock
from app.library import Library, last_known
from app.undo import undo_last
from tests.library import MORNING, act, add_copy, add_member, clock, found, pass_days

KNOWN = dt.datetime(2026, 11, 21, 6, 0, tzinfo=dt.UTC)
HOUR, MINUTE, DAY = dt.timedelta(hours=1), dt.timedelta(minutes=1), dt.timedelta(days=1)


class Computer:
    """A computer whose wall clock can be set, and whose seconds since start only grow."""

    def __init__(self, wall: dt.datetime = KNOWN) -> None:
        self.wall = wall
        self.seconds = 1_000.0

    def pass_time(self, time: dt.timedelta) -> None:
        """Both clocks run."""
        self.wall += time
        self.seconds += time.total_seconds()


@pytest.fixture
def computer() -> Computer:
    return Computer()


def watched(computer: Computer, last: dt.datetime | None = KNOWN) -> SystemClock:
    return SystemClock(last, lambda: computer.wall, lambda: computer.seconds)


@pytest.mark.parametrize(
    ("wall", "doubtful"),
    [
        (dt.datetime(1970, 1, 1, tzinfo=dt.UTC), True),
        (dt.datetime(1980, 1, 1, tzinfo=dt.UTC), True),
        (dt.datetime(2010, 1, 1, tzinfo=dt.UTC), True),
        (dt.datetime(2038, 1, 19, 3, 14, 8, tzinfo=dt.UTC), True),
        (KNOWN - HOUR, True),
        (KNOWN - 11 * MINUTE, True),
        (KNOWN - 10 * MINUTE, False),
        (KNOWN, False),
        (KNOWN + HOUR, False),
        (KNOWN + 60 * DAY, False),
        (KNOWN + 60 * DAY + MINUTE, True),
        (KNOWN + 61 * DAY, True),
    ],
)
def test_a_clock_ten_minutes_back_or_sixty_days_ahead_is_doubtful(wall: dt.datetime, doubtful: bool) -> None:
    assert is_doubtful(wall, KNOWN) is doubtful
    computer = Computer(wall)
    stamp = watched(computer).read()
    assert (stamp.at, stamp.doubtful) == (wall, doubtful)


def test_a_library_that_knows_no_time_believes_the_clock(computer: Computer) -> None:
    computer.wall = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    assert watched(computer, None).read().doubtful is False


def test_a_jump_while_running_is_noticed_and_its_end_too(computer: Computer) -> None:
    clock = watched(computer)
    assert clock.read().doubtful is False
    computer.wall -= HOUR
    assert clock.read().doubtful is True
    computer.wall += HOUR
    assert clock.read().doubtful is False


def test_believed_time_moves_the_mark_and_doubtful_time_does_not(computer: Computer) -> None:
    clock = watched(computer)
    computer.pass_time(40 * DAY)
    assert clock.read().doubtful is False
    computer.pass_time(40 * DAY)
    assert clock.read().doubtful is False
    computer.wall += 61 * DAY
    assert clock.read().doubtful is True
    computer.wall -= 61 * DAY
    assert clock.read().doubtful is False


@pytest.mark.parametrize("wall", [dt.datetime(1970, 1, 1, 5, 30, tzinfo=dt.UTC), KNOWN + 400 * DAY, KNOWN - 2 * HOUR])
def test_once_confirmed_the_clock_runs_on_however_the_wall_jumps(computer: Computer, wall: dt.datetime) -> None:
    computer.wall = wall
    clock = watched(computer)
    assert clock.read().doubtful is True
    computer.pass_time(MINUTE)
    clock.confirm(dt.date(2026, 11, 22))
    stamp = clock.read()
    assert (stamp.day, stamp.doubtful) == (dt.date(2026, 11, 22), False)
    assert stamp.at.astimezone(TEHRAN).time() == (wall + MINUTE).astimezone(TEHRAN).time()
    computer.pass_time(3 * HOUR)
    computer.wall = dt.datetime(1999, 1, 1, tzinfo=dt.UTC)
    later = clock.read()
    assert (later.at - stamp.at, later.doubtful) == (3 * HOUR, False)


def test_a_stamp_carries_what_repairs_a_wrong_wall_clock(computer: Computer) -> None:
    clock = watched(computer)
    computer.pass_time(dt.timedelta(seconds=90))
    first = clock.read()
    computer.seconds += 2.5
    computer.wall += 400 * DAY
    second = clock.read()
    assert (first.mono_ms, second.mono_ms) == (90_000, 92_500)
    assert first.boot == second.boot
    assert watched(computer).read().boot != first.boot


def test_a_stamp_carries_how_far_the_centres_clock_was_ahead_and_how_long_ago(computer: Computer) -> None:
    clock = watched(computer)
    assert (clock.read().skew_ms, clock.read().server_age_min) == (None, None)
    clock.heard(90_000, clock.read().at)
    computer.pass_time(dt.timedelta(minutes=7, seconds=40))
    assert (clock.read().skew_ms, clock.read().server_age_min) == (90_000, 7)


def test_the_seconds_of_the_computer_only_grow() -> None:
    first = uptime()
    assert uptime() >= first > 0


def test_the_wall_clock_is_utc() -> None:
    assert wall_clock().utcoffset() == dt.timedelta()


# Days


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (dt.datetime(2026, 11, 20, 20, 29, 59, tzinfo=dt.UTC), dt.date(2026, 11, 20)),
        (dt.datetime(2026, 11, 20, 20, 30, tzinfo=dt.UTC), dt.date(2026, 11, 21)),
        (dt.datetime(2026, 11, 20, 20, 31, tzinfo=dt.UTC), dt.date(2026, 11, 21)),
        (dt.datetime(2026, 6, 20, 20, 29, tzinfo=dt.UTC), dt.date(2026, 6, 20)),  # no summer time since 2022
        (dt.datetime(2026, 6, 20, 20, 31, tzinfo=dt.UTC), dt.date(2026, 6, 21)),
        (dt.datetime(2026, 11, 21, 1, 0, tzinfo=dt.timezone(dt.timedelta(hours=9))), dt.date(2026, 11, 20)),
    ],
)
def test_the_day_is_that_of_tehran(moment: dt.datetime, day: dt.date) -> None:
    assert day_of(moment) == day
    assert SettableClock(moment).read().day == day


@pytest.mark.parametrize("day", [dt.date(2026, 11, 21), dt.date(2027, 3, 21), dt.date(2021, 3, 22)])
def test_a_day_begins_at_midnight_in_tehran(day: dt.date) -> None:
    assert day_of(midnight(day)) == day
    assert day_of(midnight(day) - dt.timedelta(milliseconds=1)) == day - DAY


def test_a_settable_clock_stands_still_until_it_is_set() -> None:
    clock = SettableClock(KNOWN)
    assert clock.read() == clock.read()
    clock.advance(days=2, seconds=30)
    assert clock.read().at == KNOWN + 2 * DAY + dt.timedelta(seconds=30)
    clock.set(dt.datetime.fromisoformat("2026-12-01T08:00"))
    assert clock.read().at == dt.datetime(2026, 12, 1, 4, 30, tzinfo=dt.UTC)
    clock.set(KNOWN)
    assert clock.read().at == KNOWN


# Where it starts from


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def test_the_newest_action_is_the_last_time_known(library: Library) -> None:
    assert last_known(library.store) == MORNING
    pass_days(library, 3)
    add_member(library)
    assert last_known(library.store) == MORNING + 3 * DAY


def test_actions_of_doubtful_time_are_not_believed(library: Library) -> None:
    member = add_member(library)
    copies = [add_copy(library) for _ in range(3)]
    clock(library).set(dt.datetime(2038, 1, 1, tzinfo=dt.UTC))
    for _ in range(20):
        for copy in copies:
            check_out(library, CheckoutRequest(member.card, copy.barcode), act(library, doubtful=True))
            undo_last(library, act(library, doubtful=True))
    assert last_known(library.store) == MORNING
