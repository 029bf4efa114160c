"""Moments as whole milliseconds."""

import datetime as dt
import random

import pytest

from db.act import Stamp
from db.moments import EPOCH, from_ms, to_ms, whole


def test_every_millisecond_survives_the_way_there_and_back() -> None:
    chance = random.Random(3)
    for _ in range(20_000):
        moment = EPOCH + dt.timedelta(milliseconds=chance.randrange(-(10**13), 10**13))
        assert from_ms(to_ms(moment)) == moment


def test_a_stamp_tells_the_very_millisecond() -> None:
    for step in range(2_000):
        at = dt.datetime(2026, 12, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=step * 7919)
        assert from_ms(Stamp(at, at.date()).at_ms) == at


def test_what_is_finer_is_cut_off_and_the_zone_is_utc() -> None:
    tehran = dt.timezone(dt.timedelta(hours=3, minutes=30))
    moment = whole(dt.datetime(2026, 1, 1, 3, 30, 0, 999_999, tehran))
    assert moment == dt.datetime(2026, 1, 1, 0, 0, 0, 999_000, dt.UTC)
    assert moment.tzinfo is dt.UTC


def test_a_moment_without_a_zone_is_a_bug() -> None:
    with pytest.raises(TypeError):
        to_ms(dt.datetime(2026, 1, 1))  # noqa: DTZ001 - the very mistake
