"""Facts of money for papers, without a store."""

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any, cast

from app.accounts.queries import LoanOf, ReceiptPart, ReceiptView
from app.accounts.receipts import ReceiptFacts
from app.library import Library
from db.codes import LedgerKind, PaymentMethod
from tests.app.circulation.facts import member

LIBRARY = cast("Library", SimpleNamespace(branch=SimpleNamespace(name="کتابخانه عمومی شهید بهشتی", city="آبگرم")))
BOOK = LoanOf(uuid.UUID(int=1), "بوف کور", None, 12, dt.date(2026, 11, 1), dt.date(2026, 11, 15), None, None)
AT = dt.datetime(2026, 11, 21, 6, 35, tzinfo=dt.UTC)


def view(amount: int = 25_000, *, void: bool = False, **receipt: Any) -> ReceiptView:
    """Receipt 12 over a fine and a card."""
    facts: dict[str, Any] = {
        "id": uuid.UUID(int=2), "number": 12, "member_id": uuid.UUID(int=3), "amount": amount, "at": AT,
        "day": dt.date(2026, 11, 21), "method": PaymentMethod.CASH, "reference": None, "staff_id": uuid.UUID(int=4),
    }  # fmt: skip
    parts = (
        (ReceiptPart(LedgerKind.FINE, 20_000, BOOK), ReceiptPart(LedgerKind.CARD_FEE, amount - 20_000, None))
        if amount > 0
        else (ReceiptPart(LedgerKind.REFUND, amount, None),)
    )
    return ReceiptView(ReceiptFacts(**(facts | receipt)), member(), "زهرا کریمی", parts, void)
