"""A range of the stacks, and the order of the books in it. Pure.

The order is that of the call-number sort key within a section: sections stand apart (003 م6-5، م7-2، م10-4، م11-1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.catalogue.call_number import parse_call_number, shelf_key

LAST = "\x7f"
"""Follows every sign of a shelf key: a range up to «100» holds what begins with it."""
WINDOW = 16
"""How many scans of one scanner are looked at together."""
UNSETTLED = 8
"""So many of them may still turn out otherwise. Those before are settled: nothing is left in sight that they could be
compared with."""
MOVED = 3
"""Going on at another shelf is believed once this many books in a row stand in order there."""


class Place(NamedTuple):
    """Where a copy belongs: compared, the order of the stacks."""

    section: str
    key: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """A part of the stacks: from one shelf key to another, both with all that begins with them; None is the open end.
    Copies without a call number stand in no range that has an end."""

    start: str | None = None
    end: str | None = None
    section: str | None = None

    def holds(self, place: Place) -> bool:
        """Whether a copy that belongs there is of this part."""
        if self.section is not None and self.section != place.section:
            return False
        if (self.start or self.end) and not place.key:
            return False
        return (self.start is None or self.start <= place.key) and (self.end is None or place.key <= self.end)

    def overlaps(self, other: "Shelf") -> bool:
        """Whether a copy could be of both parts."""
        if self.section and other.section and self.section != other.section:
            return False
        return _begins_before(self.start, other.end) and _begins_before(other.start, self.end)

    def covers(self, other: "Shelf") -> bool:
        """Whether all of another part, which has two ends and a section, is of this one."""
        ends = (Place(other.section or "", key or "") for key in (other.start, other.end))
        return all(self.holds(place) for place in ends)


def _begins_before(start: str | None, end: str | None) -> bool:
    return start is None or end is None or start <= end


def lower_bound(written: str) -> str | None:
    """The smallest shelf key of a range that begins with a class or call number; None if it is none."""
    call = parse_call_number(written)
    if call is None:
        return None
    key = shelf_key(call.class_no, call.author_mark, call.prefix, call.volume_no, call.copy_no, call.year)
    return key.removesuffix(".") if call.class_no[-1:].isalpha() else key  # «8فا»: all of Persian literature


def upper_bound(written: str) -> str | None:
    """The largest shelf key of a range that ends with a class or call number, what begins with it included."""
    key = lower_bound(written)
    return None if key is None else f"{key}{LAST}"


def main_class(key: str) -> int | None:
    """The Dewey main class 0-9 that a shelf key stands in; None for what has no sound class (003 م6-4)."""
    _, _, rest = key.partition(" ")
    digits = rest[:8]
    return int(digits) // 100 if len(digits) == 8 and digits.isdigit() and int(digits) < 1000 else None


@dataclass(frozen=True, slots=True)
class _Chain:
    """The best reading of the scans up to one that stands right: what it costs, and the scan before in it."""

    cost: int
    before: int | None


def standing_right(places: Sequence[Place]) -> tuple[bool, ...]:
    """Which books of a run of scans stand right: a book out of place makes none of the others wrong.

    As few books as possible are called misplaced, where going back to another shelf counts as `MOVED` of them. Of
    readings that cost the same the one is taken that ends at the smaller place: 10, 50, 11 means that 50 is wrong.
    """
    if not places:
        return ()
    chains: list[_Chain] = []
    for now, place in enumerate(places):
        best = _Chain(now, None)
        for before in range(now):
            step = (now - before - 1) + (0 if places[before] <= place else MOVED)
            if chains[before].cost + step <= best.cost:
                best = _Chain(chains[before].cost + step, before)
        chains.append(best)
    last = len(places) - 1
    end: int | None = min(range(len(places)), key=lambda at: (chains[at].cost + last - at, places[at], -at))
    right = [False] * len(places)
    while end is not None:
        right[end] = True
        end = chains[end].before
    return tuple(right)
