"""The hold shelf: which copy stands there for whom."""

from app.circulation import reads
from app.circulation.facts import HoldFacts, ItemFacts, MemberFacts
from app.circulation.rules import waits_for
from app.library import Library
from db.act import Act
from db.codes import HoldState
from db.models.circulation import Hold
from db.writing import Tx


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
        if member is None:
            continue
        days = library.terms(member.category, item.item_type).number("shelf_days")
        until = library.calendar.add_open_days(act.day, days)
        tx.update(Hold, hold, state=HoldState.WAITING, item_id=item.id, shelf_since=act.day, shelf_until=until)
        return member
    return None
