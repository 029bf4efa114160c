"""Taking money for debts."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from app.accounts import receipts
from app.accounts.asking import amount_refusals, line_refusals, method_refusals, owed
from app.accounts.outcomes import AlreadyPaid, Paid, PayOutcome, Settled
from app.accounts.receipts import Money, issue, reference
from app.actions import Action
from app.circulation.facts import MemberFacts
from app.circulation.lost.settling import close_paid
from app.circulation.reads import find_member
from app.ledger.lines import MOST_LINES, Ledger
from app.ledger.reads import balance_of, ledger_of
from app.ledger.writing import settle
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from db.act import Act
from db.codes import LedgerKind, PaymentMethod
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class Payment:
    """Who pays how much (rial) and how; `lines` are the debts it is for, else the oldest first."""

    member: str
    amount: int
    method: PaymentMethod = PaymentMethod.CASH
    reference: str = ""
    lines: tuple[uuid.UUID, ...] = ()

    @property
    def money(self) -> Money:
        """Amount and way."""
        return Money(self.amount, self.method, self.reference)


def pay(library: Library, payment: Payment, act: Act) -> PayOutcome:
    """Take money for open debts and give a receipt; a lost copy that is paid for with it is off its reader's card.

    A payment with the same reference, method and amount of the same member was taken already.
    """
    with library.store.write() as tx:
        member = find_member(tx, payment.member)
        if member is None:
            return NotFound(Sought.MEMBER, payment.member)
        library.keep_fresh(tx, act.day)
        ledger = ledger_of(tx, member.id)
        earlier = _taken_already(tx, ledger, member, payment)
        if earlier is not None:
            return earlier
        shares = ledger.shares(payment.amount, payment.lines)
        refused = (*library.forbids(act, Action.TAKE_PAYMENT), *_refusals(library, member, ledger, payment))
        if refused:
            return Refused(refused)
        issued = issue(tx, act, member.id, payment.money)
        for share in shares:
            settle(
                tx, act, share.debt.line, LedgerKind.PAYMENT, share.amount, method=payment.method,
                reference=reference(payment.money), receipt_id=issued.id, cash_session_id=issued.cash_session_id,
            )  # fmt: skip
        closed = close_paid(library, tx, ledger.loans_settled_by(shares, LedgerKind.LOST_ITEM), act)
        tx.record("payment.taken", act)
        lines = tuple(Settled(share.debt.line.id, share.amount) for share in shares)
        balance = balance_of(tx, member.id)
        return Paid(member, issued.id, issued.number, payment.amount, balance, lines, closed)


def _refusals(library: Library, member: MemberFacts, ledger: Ledger, payment: Payment) -> Iterator[Refusal]:
    yield from amount_refusals(payment.amount)
    yield from method_refusals(library, member.category, payment.method, payment.reference)
    yield from line_refusals(ledger, payment.lines)
    open_amount = owed(ledger, payment.lines)
    if payment.amount > open_amount:
        yield Refusal("payment.above_debt", limit=open_amount, have=payment.amount)
    if len(ledger.shares(payment.amount, payment.lines)) > MOST_LINES:
        yield Refusal("payment.too_many_lines", limit=MOST_LINES)


def _taken_already(tx: Tx, ledger: Ledger, member: MemberFacts, payment: Payment) -> AlreadyPaid | None:
    """The answer lost on its way to the desk: the terminal has the money, and so has the ledger."""
    known = reference(payment.money)
    lines = [line for line in ledger.lines if line.kind is LedgerKind.PAYMENT and ledger.counts(line)]
    same = [line for line in lines if known and (line.method, line.reference) == (payment.method, known)]
    for receipt_id in {line.receipt_id for line in same if line.receipt_id is not None}:
        if -sum(line.amount for line in same if line.receipt_id == receipt_id) == payment.amount:
            receipt = tx.one(receipts.BY_ID, receipt=receipt_id)
            if receipt is not None:
                balance = balance_of(tx, member.id)
                return AlreadyPaid(member, receipt.id, receipt.number, receipt.amount, balance)
    return None
