"""Parts of a copy (disc, booklet) that did not come back: noted on loan and copy, charged if wanted (003 م9، م11)."""

import uuid
from collections.abc import Iterator

from app.actions import Action
from app.circulation.alerts import lay_alert
from app.circulation.facts import ItemFacts
from app.form import invalid
from app.ledger.writing import charge
from app.library import Library
from app.persian import jalali
from app.persian.text import clean
from app.refusal import Refusal
from db.act import Act
from db.codes import AlertMoment, AlertWeight, LedgerKind
from db.writing import Tx

LONGEST = 300
MOST_RIALS = 10**12


def named(parts: tuple[str, ...]) -> str | None:
    """The parts in one line, as the loan keeps them; None when nothing is missing."""
    return "، ".join(text for part in parts if (text := clean(part, 100)))[:LONGEST] or None


def parts_refusals(library: Library, missing: str | None, damage: int, act: Act) -> Iterator[Refusal]:
    """What is wrong with a charge for missing parts."""
    if not damage:
        return
    yield from library.forbids(act, Action.CHARGE)
    if not 0 < damage < MOST_RIALS or missing is None:
        yield invalid("damage", damage)


def note_missing(
    tx: Tx, item: ItemFacts, loan: tuple[uuid.UUID, uuid.UUID | None], missing: str, damage: int, act: Act
) -> None:
    """Let the next loan of the copy tell that parts of it are missing, and charge the reader of `loan` (id, reader)."""
    text = f"بخشی از این نسخه از {jalali.short(act.day)} نیست: {missing}"
    lay_alert(tx, act, text, item_id=item.id, weight=AlertWeight.MESSAGE, moment=AlertMoment.CHECKOUT)
    loan_id, member_id = loan
    if damage and member_id is not None:
        charge(tx, act, member_id, LedgerKind.DAMAGE, damage, loan_id=loan_id, reason=missing)
