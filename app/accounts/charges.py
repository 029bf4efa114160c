"""Charging by hand, and giving back what is held for a member."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.accounts.asking import LONGEST_REASON, amount_refusals, method_refusals, reason_refusals
from app.accounts.outcomes import Charged, ChargeOutcome, Refunded, RefundOutcome
from app.accounts.receipts import Money, issue, reference
from app.actions import Action
from app.circulation import reads
from app.circulation.facts import LoanFacts, MemberFacts
from app.circulation.reads import find_member
from app.ledger.lines import DEBITS
from app.ledger.reads import balance_of, ledger_of
from app.ledger.writing import charge as write_charge
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from db.act import Act
from db.codes import LedgerKind, PaymentMethod
from db.journal import Intent
from db.models.circulation import LedgerLine
from db.reading import Reader
from db.writing import Tx

# A fine is what the calendar and the rules say, not what somebody writes.
BY_HAND = DEBITS - {LedgerKind.FINE}


@dataclass(frozen=True, slots=True)
class Charge:
    """What is charged to whom, and why; `item` is a copy the member has or had last."""

    member: str
    kind: LedgerKind
    amount: int
    reason: str
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Refund:
    """What is given back to whom, by which way, and why."""

    member: str
    amount: int
    reason: str
    method: PaymentMethod = PaymentMethod.CASH
    reference: str = ""


def charge(library: Library, request: Charge, act: Act) -> ChargeOutcome:
    """Write down a debt that no other work writes: damage, a card, a fee."""
    with library.store.write() as tx:
        member = find_member(tx, request.member)
        if member is None:
            return NotFound(Sought.MEMBER, request.member)
        loan = _loan_of(tx, request.item, member) if request.item else None
        refused = (*library.forbids(act, Action.CHARGE), *_charge_refusals(request, loan))
        if refused:
            return Refused(refused)
        reason = clean(request.reason, LONGEST_REASON)
        loan_id = loan.id if loan else None
        line = write_charge(tx, act, member.id, request.kind, request.amount, loan_id=loan_id, reason=reason)
        tx.record("debt.charged", act, Intent(reason=reason))
        return Charged(member, line, request.amount, balance_of(tx, member.id))


def _charge_refusals(request: Charge, loan: LoanFacts | None) -> Iterator[Refusal]:
    yield from amount_refusals(request.amount)
    yield from reason_refusals(request.reason)
    if request.kind not in BY_HAND:
        yield Refusal("charge.kind", facts={"kind_of_line": request.kind.value})
    if request.item and loan is None:
        yield Refusal("charge.item_not_theirs", facts={"item": request.item})


def _loan_of(reader: Reader, key: str, member: MemberFacts) -> LoanFacts | None:
    """The open loan of a copy, or its last one, if it is this member's."""
    item = reads.find_item(reader, key)
    if item is None:
        return None
    loan = reads.open_loan_of(reader, item) or reader.one(reads.LAST_LOAN_OF_ITEM, item=item.id)
    return loan if loan is not None and loan.member_id == member.id else None


def refund(library: Library, request: Refund, act: Act) -> RefundOutcome:
    """Give back money that is held for the member; the receipt is one below zero, in the same series."""
    with library.store.write() as tx:
        member = find_member(tx, request.member)
        if member is None:
            return NotFound(Sought.MEMBER, request.member)
        library.keep_fresh(tx, act.day)
        may = ledger_of(tx, member.id).refundable
        refused = [
            *library.forbids(act, Action.REFUND),
            *amount_refusals(request.amount),
            *reason_refusals(request.reason),
            *method_refusals(library, member.category, request.method, request.reference),
        ]
        if request.amount > may:
            refused.append(Refusal("refund.above_credit", limit=may, have=request.amount))
        if refused:
            return Refused(tuple(refused))
        return _give_back(tx, request, member, act)


def _give_back(tx: Tx, request: Refund, member: MemberFacts, act: Act) -> Refunded:
    money = Money(-request.amount, request.method, request.reference)
    issued, reason = issue(tx, act, member.id, money), clean(request.reason, LONGEST_REASON)
    tx.insert(
        LedgerLine, member_id=member.id, kind=LedgerKind.REFUND, amount=request.amount, at=act.at, day=act.day,
        method=money.method, reference=reference(money), receipt_id=issued.id, cash_session_id=issued.cash_session_id,
        reason=reason, staff_id=act.staff_id,
    )  # fmt: skip
    tx.record("payment.refunded", act, Intent(reason=reason))
    return Refunded(member, issued.id, issued.number, request.amount, balance_of(tx, member.id))
