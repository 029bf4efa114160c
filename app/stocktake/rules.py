"""What a copy on the shelf means, and what speaks against shelf-reading. Pure."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType

from app.refusal import Refusal
from app.stocktake.facts import Session, ShelfCopy
from app.stocktake.shelf import Place, Shelf
from db.codes import WEEDED, ItemStatus, StocktakeFinding, StocktakeState

# Requirement part H: any status but the loan may have been wrong; the shelf is right.
BY_STATUS: Mapping[ItemStatus, StocktakeFinding] = MappingProxyType(
    {
        ItemStatus.ON_LOAN: StocktakeFinding.ON_LOAN,
        ItemStatus.MISSING: StocktakeFinding.FOUND_LOST,
        ItemStatus.LOST: StocktakeFinding.FOUND_LOST,
        ItemStatus.UNKNOWN: StocktakeFinding.FOUND_LOST,
        ItemStatus.REPLACED: StocktakeFinding.FOUND_LOST,
        ItemStatus.IN_PROCESSING: StocktakeFinding.AWAY,
        ItemStatus.IN_BINDING: StocktakeFinding.AWAY,
        ItemStatus.IN_TRANSIT: StocktakeFinding.AWAY,
        # A book in the stacks may never have the status weeded (002 م8-4).
        **dict.fromkeys(WEEDED, StocktakeFinding.WEEDED),
    }
)
ORDERED = (StocktakeFinding.IN_PLACE, StocktakeFinding.MISPLACED)
"""Findings whose order on the shelf is checked, and against which the next book is checked."""

FOUND_BY_ITSELF = frozenset({ItemStatus.MISSING, ItemStatus.LOST, ItemStatus.UNKNOWN})
"""States that end when the copy is found; those below end by the choice of whoever closes the session."""

BY_CHOICE = WEEDED | {
    ItemStatus.ON_LOAN, ItemStatus.IN_PROCESSING, ItemStatus.IN_BINDING, ItemStatus.IN_TRANSIT, ItemStatus.REPLACED,
}  # fmt: skip


def recorded_as(copy: ShelfCopy) -> StocktakeFinding | None:
    """What the records say against a copy that stands on the shelf; None for one that is at hand."""
    if copy.status is ItemStatus.AVAILABLE and copy.at_bindery:
        return StocktakeFinding.AWAY
    return BY_STATUS.get(copy.status)


def may_be_chosen(copy: ShelfCopy) -> bool:
    """Whether a copy that was read comes back by the choice of whoever closes the session."""
    return copy.status in BY_CHOICE or copy.at_bindery


def finding_of(copy: ShelfCopy | None, shelf: Shelf, told: StocktakeFinding | None) -> StocktakeFinding:
    """What a code read on the shelf tells, the order of the books apart. `told`: what it told before; a copy that was
    lent, weeded or lost since raises its alarm however often it was read."""
    if copy is None:
        return StocktakeFinding.UNKNOWN
    recorded = recorded_as(copy)
    if told is not None and recorded in (None, told):
        return StocktakeFinding.AGAIN
    if recorded is not None:
        return recorded
    return StocktakeFinding.IN_PLACE if shelf.holds(copy.place) else StocktakeFinding.ELSEWHERE


def back_on(read_on: dt.date, out_on: dt.date, due_on: dt.date, claimed_on: dt.date | None) -> dt.date:
    """The day from which a lent copy counts as back that stood on the shelf when it was read. Nobody knows when it
    came, so its reader is not late with it."""
    known = (day for day in (read_on, due_on, claimed_on) if day is not None)
    return max(out_on, min(known))


def moved_since(places: Iterable[Place]) -> frozenset[int]:
    """Which copies of the frozen list, by their position in it, have got another place since: the others still stand in
    the order in which the list was made."""
    of_section: dict[str, list[tuple[str, int]]] = {}
    for position, place in enumerate(places):
        of_section.setdefault(place.section, []).append((place.key, position))
    return frozenset(position for keys in of_section.values() for position in _out_of_order(keys))


def _out_of_order(keys: list[tuple[str, int]]) -> Iterator[int]:
    """The positions of those that are in no longest rising run."""
    if all(one <= other for (one, _), (other, _) in pairwise(keys)):
        return
    ends: list[str] = []
    lasts: list[int] = []
    before: list[int | None] = []
    for at, (key, _) in enumerate(keys):
        length = bisect_right(ends, key)
        before.append(lasts[length - 1] if length else None)
        ends[length : length + 1], lasts[length : length + 1] = [key], [at]
    rising: set[int] = set()
    at_end: int | None = lasts[-1]
    while at_end is not None:
        rising.add(at_end)
        at_end = before[at_end]
    yield from (position for at, (_, position) in enumerate(keys) if at not in rising)


def not_open(session: Session) -> Iterator[Refusal]:
    """A session that is over takes no scans and is closed no second time."""
    if session.state is not StocktakeState.OPEN:
        yield Refusal("stocktake.not_open", "000 §3-1-3", facts={"name": session.name})


def overlapping(shelf: Shelf, others: Iterable[Session]) -> Iterator[Refusal]:
    """Two open sessions that expect the same copies would each miss what the other has read."""
    for other in others:
        if shelf.overlaps(other.shelf):
            yield Refusal("stocktake.overlaps", "000 §3-1-3", facts={"name": other.name})
