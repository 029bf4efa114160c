"""Opening hours as intervals of minutes after midnight. Pure: typed hours go in, hours or what is wrong come out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.persian.digits import typed

MINUTES_A_DAY = 24 * 60
MOST_INTERVALS = 4
"""Morning, noon, afternoon, evening: more is a slip of the hand."""
ODD_DAYS = (1, 3, 5)
"""روزهای فرد: Sunday, Tuesday, Thursday."""
EVEN_DAYS = (0, 2, 4)
"""روزهای زوج: Saturday, Monday, Wednesday."""

_TIME = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?")


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From `opens` up to `closes`, minutes after midnight."""

    opens: int
    closes: int


Hours = tuple[Interval, ...]


def minutes(text: str) -> int | None:
    """Minutes after midnight of «8:30», «8» or «24:00» in digits of any script; None if it is no time of day."""
    found = _TIME.fullmatch(typed(text))
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    whole = hour * 60 + minute
    return whole if minute < 60 and whole <= MINUTES_A_DAY else None


def clock_text(whole: int) -> str:
    """'08:30' of minutes after midnight."""
    return f"{whole // 60:02}:{whole % 60:02}"


def well_formed(hours: Sequence[Interval]) -> bool:
    """Whether intervals of one day each end after they begin, within the day, and do not overlap."""
    ordered = sorted(hours)
    bounds = [bound for interval in ordered for bound in (interval.opens, interval.closes)]
    inside = all(0 <= bound <= MINUTES_A_DAY for bound in bounds)
    longer = all(interval.opens < interval.closes for interval in ordered)
    apart = all(before.closes <= after.opens for before, after in pairwise(ordered))
    return inside and longer and apart and len(ordered) <= MOST_INTERVALS
