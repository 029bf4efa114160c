"""The checks that every request about money shares."""

import uuid
from collections.abc import Collection, Iterator

from app.ledger.lines import Ledger
from app.library import Library
from app.persian.text import clean
from app.policy.parameters import MOST_RIALS
from app.policy.table import ANY
from app.refusal import Refusal
from db.codes import PaymentMethod

LONGEST_REASON, LONGEST_REFERENCE = 300, 100
# A book that comes in the place of money is taken in as a copy, not as a payment.
MONEY = frozenset(PaymentMethod) - {PaymentMethod.IN_KIND}
NEEDS_REFERENCE = MONEY - {PaymentMethod.CASH}


def amount_refusals(amount: int) -> Iterator[Refusal]:
    """Money is more than nothing, and less than what no library ever takes."""
    if not 0 < amount <= MOST_RIALS:
        yield Refusal("money.amount", limit=MOST_RIALS, have=amount)


def reason_refusals(reason: str) -> Iterator[Refusal]:
    """What lowers or raises a debt by hand says why."""
    if not clean(reason, LONGEST_REASON):
        yield Refusal("reason.required")


def allowed_methods(library: Library, category: str) -> tuple[PaymentMethod, ...]:
    """By which ways members of a category pay, by the policy; every way of money where it does not say."""
    named = library.terms(category, ANY).texts("payment_methods")
    return tuple(method for method in PaymentMethod if method in MONEY and (not named or method in named))


def method_refusals(library: Library, category: str, method: PaymentMethod, reference: str) -> Iterator[Refusal]:
    """Whether this member pays this way, with the reference it needs (000 §3-1-2)."""
    if method not in allowed_methods(library, category):
        rule = library.terms(category, ANY).decided_by("payment_methods")
        yield Refusal("payment.method", rule, facts={"method": method.value})
    if method in NEEDS_REFERENCE and not clean(reference, LONGEST_REFERENCE):
        yield Refusal("payment.reference", facts={"method": method.value})


def line_refusals(ledger: Ledger, lines: Collection[uuid.UUID]) -> Iterator[Refusal]:
    """The lines named are open debts of this member."""
    unknown = set(lines) - {debt.line.id for debt in ledger.open_debts}
    if unknown:
        yield Refusal("ledger.line_unknown", have=len(unknown))


def owed(ledger: Ledger, lines: Collection[uuid.UUID]) -> int:
    """What is open of these lines; of all where none is named."""
    return sum(debt.outstanding for debt in ledger.open_debts if not lines or debt.line.id in lines)
