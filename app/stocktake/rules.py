"""What a copy on the shelf means, and what speaks against shelf-reading. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from app.refusal import Refusal
from app.stocktake.facts import Session, ShelfCopy
from app.stocktake.shelf import Shelf
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
    ItemStatus.IN_PROCESSING, ItemStatus.IN_BINDING, ItemStatus.IN_TRANSIT, ItemStatus.REPLACED,
}  # fmt: skip


def recorded_as(copy: ShelfCopy) -> StocktakeFinding | None:
    """What the records say against a copy that stands on the shelf; None for one that is at hand."""
    if copy.status is ItemStatus.AVAILABLE and copy.at_bindery:
        return StocktakeFinding.AWAY
    return BY_STATUS.get(copy.status)


def may_be_chosen(copy: ShelfCopy) -> bool:
    """Whether a copy that was read comes back by the choice of whoever closes the session."""
    return copy.status in BY_CHOICE or copy.at_bindery


def finding_of(copy: ShelfCopy | None, shelf: Shelf, *, read_before: bool) -> StocktakeFinding:
    """What a code read on the shelf tells, the order of the books apart."""
    if copy is None:
        return StocktakeFinding.UNKNOWN
    if read_before:
        return StocktakeFinding.AGAIN
    recorded = recorded_as(copy)
    if recorded is not None:
        return recorded
    return StocktakeFinding.IN_PLACE if shelf.holds(copy.place) else StocktakeFinding.ELSEWHERE


def not_open(session: Session) -> Iterator[Refusal]:
    """A session that is over takes no scans and is closed no second time."""
    if session.state is not StocktakeState.OPEN:
        yield Refusal("stocktake.not_open", "000 §3-1-3", facts={"name": session.name})


def overlapping(shelf: Shelf, others: Iterable[Session]) -> Iterator[Refusal]:
    """Two open sessions that expect the same copies would each miss what the other has read."""
    for other in others:
        if shelf.overlaps(other.shelf):
            yield Refusal("stocktake.overlaps", "000 §3-1-3", facts={"name": other.name})
