"""The clock service: the only reader of the computer's clock (architecture, decision 7).

It knows the latest moment this library has seen. A wall clock far behind or ahead of that is doubtful: loans go on, one
question is asked, no fine is computed, and the stamps carry what is needed to repair the times later (reliability 2.7).
"""

import datetime as dt
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol
from zoneinfo import ZoneInfo

from db.act import Stamp

TEHRAN = ZoneInfo("Asia/Tehran")
BACKWARD = dt.timedelta(minutes=10)
FORWARD = dt.timedelta(days=60)


def day_of(moment: dt.datetime) -> dt.date:
    """The business day of a moment: the civil date in Tehran, whatever the computer believes its zone to be."""
    return moment.astimezone(TEHRAN).date()


def midnight(day: dt.date) -> dt.datetime:
    """The first moment of a business day, UTC."""
    return dt.datetime.combine(day, dt.time(), TEHRAN).astimezone(dt.UTC)


def is_doubtful(wall: dt.datetime, last_known: dt.datetime | None) -> bool:
    """Whether a wall clock cannot be believed: earlier than the last known time by 10 minutes, or later by 60 days."""
    return last_known is not None and not (last_known - BACKWARD <= wall <= last_known + FORWARD)


class Clock(Protocol):
    """Whoever tells the time."""

    def read(self) -> Stamp:
        """The time now."""
        ...

    def heard(self, skew_ms: int, at: dt.datetime) -> None:
        """The centre's clock was so far ahead of this one at this moment: stamps carry it from now on."""
        ...


def wall_clock() -> dt.datetime:
    """What the computer believes."""
    return dt.datetime.now(dt.UTC)


def uptime() -> float:
    """Seconds that only grow, sleep included: a laptop closed overnight has not stopped the day."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


@dataclass
class SystemClock:
    """The computer's clock, watched.

    `last_known` is the latest moment that was believed (`app.library.last_known`). `confirm` is called when a person
    has answered what day it is.
    """

    last_known: dt.datetime | None = None
    wall: Callable[[], dt.datetime] = wall_clock
    mono: Callable[[], float] = uptime

    def __post_init__(self) -> None:
        self._boot = secrets.randbits(31)
        self._started = self.mono()
        self._start: dt.datetime | None = None
        self._heard: tuple[int, dt.datetime] | None = None

    def heard(self, skew_ms: int, at: dt.datetime) -> None:
        """The centre's clock was so far ahead of this one at this moment."""
        self._heard = (skew_ms, at)

    def read(self) -> Stamp:
        """The time now; after `confirm` it runs on from the confirmed moment, however the wall clock jumps."""
        passed = self.mono() - self._started
        if self._start is not None:
            return self._stamp(self._start + dt.timedelta(seconds=passed), passed, doubtful=False)
        wall = self.wall()
        doubtful = is_doubtful(wall, self.last_known)
        if not doubtful:
            self.last_known = max(wall, self.last_known or wall)
        return self._stamp(wall, passed, doubtful=doubtful)

    def confirm(self, today: dt.date) -> None:
        """A person says that today is `today`; the time of day is taken from the wall clock."""
        true = dt.datetime.combine(today, self.wall().astimezone(TEHRAN).time(), TEHRAN).astimezone(dt.UTC)
        self._start = true - dt.timedelta(seconds=self.mono() - self._started)
        self.last_known = true

    def _stamp(self, at: dt.datetime, passed: float, *, doubtful: bool) -> Stamp:
        stamp = Stamp(at, day_of(at), boot=self._boot, mono_ms=int(passed * 1000), doubtful=doubtful)
        return _with_skew(stamp, self._heard)


def _with_skew(stamp: Stamp, heard: tuple[int, dt.datetime] | None) -> Stamp:
    """The same reading with what is known of the centre's clock, and for how many minutes (sync-protocol 12)."""
    if heard is None:
        return stamp
    skew_ms, at = heard
    return replace(stamp, skew_ms=skew_ms, server_age_min=max(0, (stamp.at - at) // dt.timedelta(minutes=1)))


@dataclass
class SettableClock:
    """A clock that stands still until it is set: tests, demo pictures, and the headless desk with `--test-clock`."""

    now: dt.datetime
    passed: dt.timedelta = dt.timedelta()
    known: tuple[int, dt.datetime] | None = None

    def read(self) -> Stamp:
        """The moment it was set to."""
        stamp = Stamp(self.now, day_of(self.now), mono_ms=self.passed // dt.timedelta(milliseconds=1))
        return _with_skew(stamp, self.known)

    def heard(self, skew_ms: int, at: dt.datetime) -> None:
        """The centre's clock was so far ahead of this one at this moment."""
        self.known = (skew_ms, at)

    def set(self, now: dt.datetime) -> None:
        """Set it; a moment without a zone is Tehran time. No time passes by setting a clock."""
        self.now = now if now.tzinfo else now.replace(tzinfo=TEHRAN)

    def advance(self, days: int = 0, seconds: float = 0) -> None:
        """Let time pass."""
        step = dt.timedelta(days=days, seconds=seconds)
        self.now += step
        self.passed += step
