"""A reader takes what was held: what a loan does to the queue of its title."""

from app.circulation.facts import HoldFacts
from app.circulation.holds.rules import fee_due
from app.circulation.holds.shelf import pass_on, requeued
from app.circulation.rules import CheckoutFacts
from app.ledger.writing import charge
from app.library import Library
from app.policy.choices import HoldFeeWhen
from db.act import Act
from db.codes import HoldState, LedgerKind
from db.models.circulation import Hold
from db.writing import Tx


def fill_hold(library: Library, tx: Tx, facts: CheckoutFacts, act: Act) -> bool:
    """The reader's own hold on this title ends with the loan, the one kept on the hold shelf before those in the
    queue. Call it when the copy is recorded as lent.

    The fee falls due where the policy takes it on collection. A copy that stood on the hold shelf for somebody else and
    was lent in spite of it puts that reader back to the old place in line; a copy that stood there for this reader
    while another one was taken goes to the next.
    """
    for hold in facts.holds:
        if _stood_for(hold, facts) and hold.member_id != facts.member.id:
            tx.update(Hold, hold, **requeued(hold))
    own = [
        hold
        for hold in facts.holds
        if hold.member_id == facts.member.id and not (hold.only_this_item and hold.item_id != facts.item.id)
    ]
    if not own:
        return False
    hold = min(own, key=lambda hold: (not _stood_for(hold, facts), hold.state is not HoldState.WAITING))
    tx.update(Hold, hold, state=HoldState.FILLED, item_id=facts.item.id, ended_at=act.at)
    fee = fee_due(facts.terms, HoldFeeWhen.COLLECTED)
    if fee:
        charge(tx, act, facts.member.id, LedgerKind.HOLD_FEE, fee, hold_id=hold.id)
    if hold.state is HoldState.WAITING and hold.item_id != facts.item.id:
        pass_on(library, tx, hold.item_id, act)
    return True


def _stood_for(hold: HoldFacts, facts: CheckoutFacts) -> bool:
    return hold.state is HoldState.WAITING and hold.item_id == facts.item.id
