"""What became of a change of the calendar. A screen matches all of them."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from app.outcome import Refused
from db.codes import DayKind


@dataclass(frozen=True, slots=True)
class Moved:
    """What an emergency closure, or taking one back, does to what is running.

    `loans`: due dates moved; `holds`: deadlines of the hold shelf moved; `restored`: dates put back where they were;
    `fines`: loans whose fine changed; `rials`: by how much all fines went down (below zero: up).
    """

    loans: int = 0
    holds: int = 0
    restored: int = 0
    fines: int = 0
    rials: int = 0

    def __add__(self, other: "Moved") -> "Moved":
        return Moved(
            self.loans + other.loans,
            self.holds + other.holds,
            self.restored + other.restored,
            self.fines + other.fines,
            self.rials + other.rials,
        )


@dataclass(frozen=True, slots=True)
class DaysChanged:
    """These days are closed or open now; `already`: those that were so before.

    `due` and `deadlines` count the running loans and the copies on the hold shelf whose day falls on a day that was
    closed and did not move: an ordinary closure moves nothing. `preview`: nothing was changed, this is what would be.
    """

    kind: DayKind
    days: tuple[dt.date, ...]
    already: tuple[dt.date, ...] = ()
    moved: Moved = field(default_factory=Moved)
    due: int = 0
    deadlines: int = 0
    preview: bool = False


@dataclass(frozen=True, slots=True)
class AlreadySo:
    """The calendar says this already; nothing was changed."""

    days: tuple[dt.date, ...] = ()


@dataclass(frozen=True, slots=True)
class HoursSet:
    """New weekly hours hold from `since`; `weekdays` are those that changed."""

    since: dt.date
    weekdays: tuple[int, ...]


class HolidayChange(StrEnum):
    """What happened to a holiday."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class HolidayChanged:
    """A holiday was added, renamed, moved to `day` or removed. `due`: running loans due on that day, which stay."""

    change: HolidayChange
    day: dt.date
    name: str
    due: int = 0


@dataclass(frozen=True, slots=True)
class YearTaken:
    """The holidays of a Jalali year were taken from the shipped file once more. `kept`: days on which the branch had
    decided otherwise, and which therefore stay as they are."""

    year: int
    added: tuple[dt.date, ...]
    corrected: tuple[dt.date, ...]
    dropped: tuple[dt.date, ...]
    kept: tuple[dt.date, ...]


@dataclass(frozen=True, slots=True)
class NoSuchDay:
    """The calendar holds no such exception; nothing was changed."""

    day: dt.date


DaysOutcome: TypeAlias = DaysChanged | AlreadySo | Refused
HoursOutcome: TypeAlias = HoursSet | AlreadySo | Refused
HolidayOutcome: TypeAlias = HolidayChanged | AlreadySo | NoSuchDay | Refused
YearOutcome: TypeAlias = YearTaken | AlreadySo | Refused
