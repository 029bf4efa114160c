"""When the next round is due."""

import datetime as dt

import pytest

from app.sync.branch.schedule import Pace, is_due, may_ask, next_round

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
SECOND, MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)


def at(pace: Pace, jitter: float = 0.5, **more: dt.datetime) -> float:
    """Seconds after noon."""
    due = next_round(pace, jitter, **more)
    assert due is not None
    return (due - NOON).total_seconds()


def test_the_first_round_is_due_at_once() -> None:
    assert next_round(Pace(), 0.5) is None
    assert is_due(Pace(), NOON, 0.5)


def test_without_news_the_next_one_is_due_in_a_quarter_of_an_hour_more_or_less() -> None:
    pace = Pace().after(NOON, good=True)
    assert [at(pace, jitter) for jitter in (0, 0.5, 1)] == [720, 900, 1080]


def test_a_commit_is_sent_half_a_minute_later() -> None:
    pace = Pace().after(NOON, good=True)
    assert at(pace, waiting_since=NOON + MINUTE) == 90
    assert at(pace, waiting_since=NOON - MINUTE) == 30
    assert not is_due(pace, NOON + 29 * SECOND, 0.5, waiting_since=NOON)
    assert is_due(pace, NOON + 30 * SECOND, 0.5, waiting_since=NOON)


@pytest.mark.parametrize(
    ("failures", "least", "most"),
    [(1, 15, 30), (2, 30, 60), (3, 60, 120), (5, 240, 480), (6, 450, 900), (60, 450, 900)],
)
def test_while_nothing_answers_it_is_tried_more_and_more_seldom(failures: int, least: int, most: int) -> None:
    pace = Pace(NOON, failures)
    assert (at(pace, 0), at(pace, 1)) == (least, most)
    assert at(pace, 1, waiting_since=NOON) == most


def test_one_good_round_ends_the_backing_off() -> None:
    pace = Pace(NOON, 7).after(NOON, good=True)
    assert pace.failures == 0
    assert Pace(NOON, 7).after(NOON, good=False).failures == 8


def test_what_the_centre_asks_for_stretches_everything_and_holds_for_people_too() -> None:
    pace = Pace().after(NOON, good=False, retry_after=3600)
    assert at(pace) == 3600
    assert not may_ask(pace, NOON + MINUTE)
    assert may_ask(pace, NOON + 60 * MINUTE)
    assert may_ask(Pace(), NOON)


def test_a_clock_set_back_does_not_put_it_off_for_years() -> None:
    pace = Pace().after(NOON, good=True)
    assert is_due(pace, NOON - dt.timedelta(days=7300), 0.5)
