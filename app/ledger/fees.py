"""What a membership costs: the fee of a period, and the card."""

import uuid

from app.ledger.writing import charge
from app.library import Library
from app.policy.table import ANY
from db.act import Act
from db.codes import LedgerKind
from db.writing import Tx


def charge_membership(
    library: Library, tx: Tx, member_id: uuid.UUID, category: str, act: Act, *, card: bool, fee: bool = True
) -> int:
    """Charge the fee of a period of membership and, with `card`, the price of a card, as the policy says (rial); what
    costs nothing makes no line. Returns both together."""
    terms = library.terms(category, ANY)
    due = {
        LedgerKind.MEMBERSHIP_FEE: terms.number("fee") if fee else 0,
        LedgerKind.CARD_FEE: terms.number("card_fee") if card else 0,
    }
    for kind, amount in due.items():
        if amount:
            charge(tx, act, member_id, kind, amount)
    return sum(due.values())
