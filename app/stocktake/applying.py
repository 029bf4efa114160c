"""The rows that follow from a shelf-reading, inside the transaction that closes it."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import sqlalchemy as sa

from app.circulation import reads as desk
from app.circulation.bindery import came_back
from app.circulation.lost.facts import Found
from app.circulation.lost.finding import write_find
from app.circulation.lost.reads import case_of_item, copy_state
from app.circulation.lost.writing import change_copy
from app.library import Library
from app.stocktake.facts import ShelfCopy
from app.stocktake.reckoning import Reckoning
from app.stocktake.rules import FOUND_BY_ITSELF
from db.act import Act
from db.codes import WEEDED, BindingOutcome, ItemStatus
from db.frozen import Frozen
from db.journal import MOST_CHANGES
from db.models.items import Item
from db.trouble import StaleRowError
from db.writing import Tx

WHY = "stocktake"
APPLIED = "stocktake.applied"
OF_A_FIND = 100
"""Rows that a find may change at most: the debts of a reader, the hold of another."""
OF_A_RETURN = 4
"""Rows that a copy taken back changes: its own, its history, its row and request at the bindery."""
TRIES = 5


@dataclass(frozen=True, slots=True)
class _Seen:
    id: UUID
    ver: int
    seen_on: dt.date | None


SEEN = Frozen(sa.select(Item.id, Item.ver, Item.seen_on).where(Item.id == sa.bindparam("item")), _Seen)


def apply(library: Library, tx: Tx, reckoning: Reckoning, restore: frozenset[UUID], act: Act) -> tuple[Found, ...]:
    """Change the copies as the session has shown them, in as many entries as that needs; `restore` are those that come
    back by choice. Returns the finds with their money and the readers who wait."""
    cause = reckoning.session.id
    for copy in reckoning.missing:
        tx.make_room(APPLIED, act, 2)
        change_copy(tx, copy.id, WHY, act, cause=cause, status=ItemStatus.MISSING)
    for read in (*reckoning.weeded, *reckoning.away):
        if read.copy.id in restore:
            tx.make_room(APPLIED, act, OF_A_RETURN)
            _take_back(tx, read.copy, cause, act)
    finds = tuple(_finds(library, tx, reckoning, restore, act))
    for read in reckoning.noted:
        state = copy_state(tx, read.copy.id)
        if state.condition is not read.condition:
            tx.make_room(APPLIED, act, 1)
            tx.update(Item, state, condition=read.condition)
    return finds


def _take_back(tx: Tx, copy: ShelfCopy, cause: UUID, act: Act) -> None:
    """A copy that was recorded as gone is at hand. One from the bindery counts as bound."""
    if copy.at_bindery:
        came_back(tx, copy.id, BindingOutcome.BOUND, act)
    if copy.status is not ItemStatus.AVAILABLE:
        said = "002 م8-4" if copy.status in WEEDED else None
        change_copy(tx, copy.id, WHY, act, said, cause, status=ItemStatus.AVAILABLE)


def _finds(library: Library, tx: Tx, reckoning: Reckoning, restore: frozenset[UUID], act: Act) -> Iterator[Found]:
    for read in reckoning.found:
        if read.copy.status in FOUND_BY_ITSELF or read.copy.id in restore:
            tx.make_room(APPLIED, act, OF_A_FIND)
            yield _find(library, tx, read.copy, reckoning.session.id, act)


def _find(library: Library, tx: Tx, copy: ShelfCopy, cause: UUID, act: Act) -> Found:
    item = tx.one(desk.BY_ITEM_ID, key=copy.id)
    if item is None:
        raise RuntimeError("a copy that was read is gone")
    return write_find(library, tx, case_of_item(library, tx, item), act, cause)


def note_days(library: Library, read_on: Mapping[UUID, dt.date], act: Act) -> None:
    """Note on every copy that was read on which day that was. It is so, whatever becomes of the session: each part is a
    transaction of its own, and what is noted already is left alone, so it may be begun again."""
    unkeyed = replace(act, key=None)
    days = sorted(read_on.items(), key=lambda item: item[0].bytes)
    for first in range(0, len(days), MOST_CHANGES):
        for attempt in range(TRIES):
            try:
                _note_part(library, days[first : first + MOST_CHANGES], unkeyed)
                break
            except StaleRowError:
                if attempt == TRIES - 1:
                    raise


def _note_part(library: Library, part: Sequence[tuple[UUID, dt.date]], act: Act) -> None:
    with library.store.write() as tx:
        for item_id, day in part:
            seen = tx.one(SEEN, item=item_id)
            if seen is not None and (seen.seen_on is None or seen.seen_on < day):
                tx.update(Item, seen, seen_on=day)
        if tx.room < MOST_CHANGES:
            tx.record("stocktake.seen", act)
