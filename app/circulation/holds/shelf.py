"""The hold shelf: which copy stands there for whom."""

import uuid
from dataclasses import replace

from app.circulation import reads
from app.circulation.facts import HoldFacts, ItemFacts, MemberFacts
from app.circulation.holds.rules import copy_refusals, shelf_deadline
from app.circulation.rules import waits_for
from app.library import Library
from app.policy.table import Terms
from db.act import Act
from db.codes import HoldState, ItemStatus
from db.models.circulation import Hold
from db.models.items import ItemStatusChange
from db.writing import Tx

# Why of a change of status: the hold of a copy on the hold shelf ended and nobody is next; the copy stands in its place
# again.
FREED, RESHELVED = "hold_ended", "reshelved"


def kept_for(tx: Tx, item: ItemFacts, queue: list[HoldFacts]) -> MemberFacts | None:
    """The reader for whom this very copy stands on the hold shelf already."""
    kept = (hold for hold in queue if hold.state is HoldState.WAITING and hold.item_id == item.id)
    return next((tx.one(reads.BY_MEMBER_ID, key=hold.member_id) for hold in kept), None)


def keep_for_next(library: Library, tx: Tx, item: ItemFacts, queue: list[HoldFacts], act: Act) -> MemberFacts | None:
    """The copy goes to the hold shelf for the first reader it can serve; the deadline is in open days."""
    if item.on_minutes_id is not None:
        return None
    for hold in queue:
        if not waits_for(hold, item, act.day):
            continue
        member = tx.one(reads.BY_MEMBER_ID, key=hold.member_id)
        terms = None if member is None else library.terms(member.category, item.item_type)
        if terms is None or not may_stand(item, terms):
            continue
        until = shelf_deadline(act.day, terms, library.calendar, hold.wanted_until)
        tx.update(
            Hold, hold, state=HoldState.WAITING, item_id=item.id, shelf_since=act.day, shelf_until=until,
            suspended_until=None,
        )  # fmt: skip
        return member
    return None


def may_stand(item: ItemFacts, terms: Terms) -> bool:
    """Whether the policy and the copy itself let it be lent to the reader, wherever the copy comes from."""
    here = replace(item, status=ItemStatus.AVAILABLE)
    return not any(copy_refusals(here, terms))


def requeued(hold: HoldFacts) -> dict[str, object]:
    """What puts a hold whose copy is taken from it back to its old place in line."""
    return {
        "state": HoldState.QUEUED,
        "item_id": hold.item_id if hold.only_this_item else None,
        "shelf_since": None,
        "shelf_until": None,
    }


def pass_on(library: Library, tx: Tx, item_id: uuid.UUID | None, act: Act) -> MemberFacts | None:
    """A copy on the hold shelf is free: the next reader gets it in the same transaction, else it is to go back to its
    place. Call it after the hold that it stood for has been changed."""
    item = None if item_id is None else tx.one(reads.BY_ITEM_ID, key=item_id)
    if item is None or item.status is not ItemStatus.AVAILABLE:
        return None
    found = keep_for_next(library, tx, item, tx.all(reads.QUEUE, title=item.title_id), act)
    if found is None:
        note_on_shelf(tx, item, FREED, act)
    return found


def note_on_shelf(tx: Tx, item: ItemFacts, why: str, act: Act) -> None:
    """A copy leaves the hold shelf, or has left it: its status stays, so a row of its own tells it."""
    tx.insert(ItemStatusChange, item_id=item.id, at=act.at, was=item.status, became=item.status, why=why)
