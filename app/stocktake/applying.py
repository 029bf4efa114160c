"""The rows that follow from a shelf-reading, inside the transaction that closes it."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import sqlalchemy as sa

from app.circulation import reads as desk
from app.circulation.bindery import came_back
from app.circulation.facts import ItemFacts, MemberFacts
from app.circulation.giving_back import Ending, end_loan
from app.circulation.holds.shelf import keep_for_next
from app.circulation.lost.finding import write_find
from app.circulation.lost.reads import case_of_item, copy_state
from app.circulation.lost.writing import change_copy
from app.library import Library
from app.stocktake.facts import ShelfCopy
from app.stocktake.reads import day_read
from app.stocktake.reckoning import ReadCopy, Reckoning
from app.stocktake.rules import FOUND_BY_ITSELF, back_on
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


@dataclass(frozen=True, slots=True)
class Back:
    """A copy that was found, or whose return was written down. `hold_for`: who waits for it now; `cancelled` and
    `credit` rials that its reader need not pay, or had paid and has again."""

    copy: ShelfCopy
    hold_for: MemberFacts | None
    cancelled: int
    credit: int
    returned: bool = False


SEEN = Frozen(sa.select(Item.id, Item.ver, Item.seen_on).where(Item.id == sa.bindparam("item")), _Seen)


def apply(library: Library, tx: Tx, reckoning: Reckoning, restore: frozenset[UUID], act: Act) -> tuple[Back, ...]:
    """Change the copies as the session has shown them, in as many entries as that needs; `restore` are those that come
    back by choice. Returns the finds and returns with their money and the readers who wait.

    Raises StaleRowError when another desk has lent or changed one of the missing copies since they were reckoned up.
    """
    cause = reckoning.session.id
    for copy in reckoning.missing:
        tx.make_room(APPLIED, act, 2)
        _miss(tx, copy, cause, act)
    for read in (*reckoning.weeded, *reckoning.away):
        if read.copy.id in restore:
            tx.make_room(APPLIED, act, OF_A_RETURN)
            _take_back(tx, read.copy, cause, act)
    back = (*_finds(library, tx, reckoning, restore, act), *_returns(library, tx, reckoning, restore, act))
    for read in reckoning.noted:
        state = copy_state(tx, read.copy.id)
        if state.condition is not read.condition:
            tx.make_room(APPLIED, act, 1)
            tx.update(Item, state, condition=read.condition)
    return back


def _miss(tx: Tx, copy: ShelfCopy, cause: UUID, act: Act) -> None:
    state = copy_state(tx, copy.id)
    if state.ver != copy.ver:
        raise StaleRowError(Item.__tablename__, copy.id)
    change_copy(tx, copy.id, WHY, act, cause=cause, status=ItemStatus.MISSING)


def _take_back(tx: Tx, copy: ShelfCopy, cause: UUID, act: Act) -> None:
    """A copy that was recorded as gone is at hand. One from the bindery counts as bound."""
    if copy.at_bindery:
        came_back(tx, copy.id, BindingOutcome.BOUND, act)
    if copy.status is not ItemStatus.AVAILABLE:
        said = "002 م8-4" if copy.status in WEEDED else None
        change_copy(tx, copy.id, WHY, act, said, cause, status=ItemStatus.AVAILABLE)


def _finds(library: Library, tx: Tx, reckoning: Reckoning, restore: frozenset[UUID], act: Act) -> Iterator[Back]:
    for read in reckoning.found:
        if read.copy.status in FOUND_BY_ITSELF or read.copy.id in restore:
            tx.make_room(APPLIED, act, OF_A_FIND)
            found = write_find(library, tx, case_of_item(library, tx, _item(tx, read.copy)), act, reckoning.session.id)
            yield Back(read.copy, found.hold_for, found.refund.cancelled, found.refund.credit)


def _returns(library: Library, tx: Tx, reckoning: Reckoning, restore: frozenset[UUID], act: Act) -> Iterator[Back]:
    """Lent copies that stood on the shelf: their return had not been written down."""
    for read in reckoning.lent:
        if read.copy.id in restore:
            tx.make_room(APPLIED, act, OF_A_FIND)
            yield _end_loan(library, tx, read, reckoning.session.id, act)


def _end_loan(library: Library, tx: Tx, read: ReadCopy, cause: UUID, act: Act) -> Back:
    item = _item(tx, read.copy)
    loan, queue = desk.open_loan_of(tx, item), tx.all(desk.QUEUE, title=item.title_id)
    credit = 0
    if loan is not None:
        member = tx.one(desk.BY_MEMBER_ID, key=loan.member_id) if loan.member_id else None
        day = back_on(day_read(read.scan), loan.out_on, loan.due_on, loan.claimed_returned_on)
        credit = end_loan(library, tx, Ending(loan, member, item, queue, day), act).penalty.credit
    hold_for = keep_for_next(library, tx, item, queue, act)
    change_copy(tx, item.id, WHY, act, cause=cause, status=ItemStatus.AVAILABLE)
    return Back(read.copy, hold_for, 0, credit, returned=True)


def _item(tx: Tx, copy: ShelfCopy) -> ItemFacts:
    item = tx.one(desk.BY_ITEM_ID, key=copy.id)
    if item is None:
        raise RuntimeError("a copy that was read is gone")
    return item


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
