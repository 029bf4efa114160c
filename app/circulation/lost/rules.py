"""The rules of lost and damaged copies, over frozen facts. Pure; money in rials."""

from collections.abc import Collection, Iterator

from app.circulation.facts import ItemFacts, LoanFacts
from app.circulation.rules import UNLENDABLE
from app.form import invalid
from app.ledger.lines import Debt
from app.policy.parameters import MOST_RIALS
from app.policy.table import Terms
from app.refusal import Refusal, Weight
from db.codes import WEEDED, ItemStatus, LedgerKind, LoanEnd

OF_THE_LOSS = frozenset({LedgerKind.LOST_ITEM, LedgerKind.PROCESSING_FEE})
"""What a find gives back; the fine for lateness stays."""

IN_KIND_FOR = frozenset({LedgerKind.LOST_ITEM, LedgerKind.DAMAGE})
"""What the same book settles (000 §3-1-2: damaged or lost); the fine and the fee for preparing the new copy stay."""

NOT_HERE = frozenset({ItemStatus.LOST, ItemStatus.MISSING, ItemStatus.UNKNOWN, ItemStatus.REPLACED})
"""States out of which a copy can be found."""


def replacement_price(charge: int | None, price: int | None, terms: Terms) -> int | None:
    """What a lost copy costs its reader: what the librarian says, else its price, else the policy's default price.

    None where nobody knows; 0 where the policy charges nothing.
    """
    if charge is not None:
        return charge
    if not terms.flag("charge_replacement"):
        return 0
    return price or terms.limit("default_price") or None


def charge_refusals(charge: int | None) -> Iterator[Refusal]:
    """An amount must be money that can be owed."""
    if charge is not None and not 0 <= charge <= MOST_RIALS:
        yield invalid("charge", charge)


def lost_refusals(item: ItemFacts, loan: LoanFacts | None, charge: int | None, terms: Terms) -> Iterator[Refusal]:
    """What speaks against declaring a copy lost."""
    yield from charge_refusals(charge)
    if item.status in WEEDED or item.status is ItemStatus.REPLACED:
        yield Refusal("item.withdrawn", "002 م8-1")
    elif loan is None and item.status is ItemStatus.IN_BINDING:
        yield Refusal("item.in_binding")
    elif loan is None and charge:
        yield Refusal("charge.nobody")
    elif loan is not None and replacement_price(charge, item.price, terms) is None:
        yield Refusal("price.unknown", terms.decided_by("default_price"))


def found_refusals(item: ItemFacts, loan: LoanFacts | None) -> Iterator[Refusal]:
    """What speaks against taking a copy for found; one that was replaced may come back as one copy more, if asked."""
    if item.status in WEEDED:
        yield Refusal("item.withdrawn", "002 م8-4")
    elif item.status is ItemStatus.REPLACED:
        yield Refusal("item.was_replaced", "000 §3-1-2", weight=Weight.CONFIRM)
    elif loan is not None and item.status is not ItemStatus.LOST and loan.claimed_returned_on is None:
        yield Refusal("item.not_lost")
    elif loan is None and item.status not in NOT_HERE:
        yield Refusal(UNLENDABLE.get(item.status, "item.not_lost"))


def replaced_refusals(
    item: ItemFacts, loan: LoanFacts | None, debts: Collection[Debt], terms: Terms
) -> Iterator[Refusal]:
    """What speaks against settling in kind: the policy, or that nothing of this copy is owed by anybody."""
    if not terms.flag("in_kind"):
        yield Refusal("replacement.not_allowed", terms.decided_by("in_kind"))
    if item.status in WEEDED:
        yield Refusal("item.withdrawn", "002 م8-1")
    if loan is None or (loan.in_at is not None and not any(debt.unsettled > 0 for debt in debts)):
        paid = loan is not None and loan.ended_as is LoanEnd.PAID
        yield Refusal("replacement.paid" if paid else "replacement.no_loss")
