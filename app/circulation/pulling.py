"""Scanning a copy that was fetched from the shelf for a hold: it is set aside, and no use in the hall is counted."""

from typing import TypeAlias

from app.actions import Action
from app.circulation import reads
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.facts import ItemFacts, MemberFacts
from app.circulation.holds.outcomes import NobodyWaits, SetAside, SetAsideRefused
from app.circulation.holds.queries import kept_copy, pulled_for, was_freed
from app.circulation.holds.shelf import RESHELVED, keep_for_next, kept_for, note_on_shelf
from app.circulation.outcomes import CheckinOutcome
from app.circulation.rules import UNLENDABLE
from app.library import Library
from app.outcome import NotFound, Sought
from app.refusal import Refusal
from db.act import Act
from db.codes import ItemStatus
from db.writing import Tx

# States that are settled by taking the copy back: it was lent, or it is found.
FOR_THE_DESK = frozenset(
    {ItemStatus.ON_LOAN, ItemStatus.MISSING, ItemStatus.LOST, ItemStatus.UNKNOWN, ItemStatus.IN_TRANSIT}
)
PullOutcome: TypeAlias = "SetAside | NobodyWaits | SetAsideRefused | CheckinOutcome | NotFound"


def pull_copy(library: Library, key: str, act: Act) -> PullOutcome:
    """Set a copy aside for the first reader it can serve. A copy that is lent, or was lost, is taken back, which sets
    it aside too; one that nobody waits for belongs in its place."""
    with library.store.write() as tx:
        item = reads.find_item(tx, key)
        if item is None:
            return NotFound(Sought.ITEM, key)
        if item.status not in FOR_THE_DESK:
            return _set_aside(library, tx, item, act)
    return check_in(library, CheckinRequest(key), act)


def _set_aside(library: Library, tx: Tx, item: ItemFacts, act: Act) -> SetAside | NobodyWaits | SetAsideRefused:
    refused = (*library.forbids(act, Action.HOLD), *_not_here(item))
    if refused:
        return SetAsideRefused(item, refused)
    library.keep_fresh(tx, act.day)
    queue = tx.all(reads.QUEUE, title=item.title_id)
    kept = kept_for(tx, item, queue)
    if kept is not None:
        return _standing(tx, item, kept, already=True)
    # As the pull list says: a copy that somebody wants in particular is left to them, where another serves the first.
    listed = [row.hold.id for row in pulled_for(library, tx, queue, act.day) if row.item.id == item.id] if queue else []
    member = keep_for_next(library, tx, item, sorted(queue, key=lambda hold: hold.id not in listed), act)
    if member is not None:
        tx.record("hold.set_aside", act)
        return _standing(tx, item, member)
    freed = was_freed(tx, item.id)
    if freed:
        note_on_shelf(tx, item, RESHELVED, act)
        tx.record("hold.reshelved", act)
    return NobodyWaits(item, freed)


def _standing(tx: Tx, item: ItemFacts, member: MemberFacts, *, already: bool = False) -> SetAside:
    row = kept_copy(tx, item.id)
    if row is None or row.shelf_until is None:
        raise RuntimeError("a copy that was set aside has no deadline")
    return SetAside(item, member, row.shelf_until, already)


def _not_here(item: ItemFacts) -> tuple[Refusal, ...]:
    code = UNLENDABLE.get(item.status)
    by_status = () if code is None else (Refusal(code),)
    return by_status if item.on_minutes_id is None else (*by_status, Refusal("item.on_weeding_minutes", "002 م7-4"))
