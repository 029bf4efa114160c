"""Taking back a line by its opposite, and a receipt of the same day. Nothing is ever edited."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.accounts.agreement import Second, agreement_refusals, pin_refusals
from app.accounts.asking import LONGEST_REASON, reason_refusals
from app.accounts.cash import is_closed
from app.accounts.outcomes import LineVoided, ReceiptVoided
from app.accounts.receipts import ReceiptFacts, lines_on, receipt_with_number
from app.actions import Action
from app.ledger.lines import CREDITS, DEBITS, FORGIVENESS, Debt, Ledger, Line
from app.ledger.reads import LINE, balance_of, ledger_of
from app.ledger.writing import take_back, void
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import NO_ANSWER, Answer, Refusal, Weight, still_refused
from db.act import Act
from db.codes import LedgerKind, LoanEnd
from db.frozen import Frozen
from db.journal import Intent
from db.models.circulation import Loan
from db.reading import Reader

PAID_OFF = Frozen(
    sa.select(Loan.id).where(Loan.id == sa.bindparam("loan"), Loan.ended_as == LoanEnd.PAID), lambda loan: loan
)


@dataclass(frozen=True, slots=True)
class VoidRequest:
    """Which line is taken back, and why. `answer` says yes to what was paid for it becoming the member's again."""

    line_id: uuid.UUID
    reason: str
    second: Second | None = None
    answer: Answer = NO_ANSWER


def void_line(library: Library, request: VoidRequest, act: Act) -> LineVoided | Refused | NotFound:
    """Take a debt, a waiver or what a campaign forgave back. A debt taken back is a debt lowered: the same people must
    agree as to a waiver."""
    wrong_pin = pin_refusals(library, request.second, act)
    with library.store.write() as tx:
        line = tx.one(LINE, line=request.line_id)
        if line is None or line.member_id is None:
            return NotFound(Sought.LEDGER_LINE, str(request.line_id))
        ledger = ledger_of(tx, line.member_id)
        lowered = max(0, line.amount)
        found = (
            *library.forbids(act, Action.WAIVE),
            *reason_refusals(request.reason),
            *_line_refusals(ledger, line),
            *agreement_refusals(library, tx, line.member_id, lowered, request.second, act),
            *wrong_pin,
        )
        refused = still_refused(found, request.answer)
        if refused:
            return Refused(refused)
        said = clean(request.reason, LONGEST_REASON)
        debt = _debt_of(ledger, line)
        if debt is None:
            void(tx, act, ledger, line, said)
        else:
            take_back(tx, act, ledger, debt, said)
        tx.record("ledger.voided", act, Intent(reason=said))
        return LineVoided(line.id, line.amount, balance_of(tx, line.member_id), debt.paid if debt else 0)


def _line_refusals(ledger: Ledger, line: Line) -> Iterator[Refusal]:
    if line.kind in (LedgerKind.PAYMENT, LedgerKind.REFUND):
        yield Refusal("ledger.by_receipt")
    elif line.kind not in DEBITS | FORGIVENESS:
        yield Refusal("ledger.not_voidable")
    elif not ledger.counts(line):
        yield Refusal("ledger.voided_already")
    debt = _debt_of(ledger, line)
    if debt is not None and debt.paid:
        yield Refusal("ledger.settled", have=debt.paid, weight=Weight.CONFIRM)


def _debt_of(ledger: Ledger, line: Line) -> Debt | None:
    return next((debt for debt in ledger.debts if debt.line.id == line.id), None)


def void_receipt(library: Library, number: int, reason: str, act: Act) -> ReceiptVoided | Refused | NotFound:
    """Take a payment or refund of today back, while the drawer it went over has not been counted. The number stays."""
    with library.store.write() as tx:
        receipt = receipt_with_number(tx, number)
        if receipt is None or receipt.member_id is None:
            return NotFound(Sought.RECEIPT, str(number))
        ledger = ledger_of(tx, receipt.member_id)
        lines = [line for line in lines_on(ledger, receipt.id) if ledger.counts(line)]
        refused = (
            *library.forbids(act, Action.REFUND),
            *reason_refusals(reason),
            *_receipt_refusals(tx, ledger, receipt, lines, act),
        )
        if refused:
            return Refused(refused)
        said = clean(reason, LONGEST_REASON)
        for line in lines:
            void(tx, act, ledger, line, said)
        tx.record("payment.voided", act, Intent(reason=said))
        return ReceiptVoided(receipt.number, receipt.amount, balance_of(tx, receipt.member_id))


def _receipt_refusals(
    reader: Reader, ledger: Ledger, receipt: ReceiptFacts, lines: Sequence[Line], act: Act
) -> Iterator[Refusal]:
    if not lines:
        yield Refusal("receipt.voided_already")
        return
    if receipt.day != act.day:
        yield Refusal("receipt.not_today", facts={"day": receipt.day})
    if any(is_closed(reader, line.cash_session_id) for line in lines):
        yield Refusal("cash.closed")
    if _without(ledger, lines).held < min(ledger.held, 0):
        yield Refusal("receipt.used")
    if any(_paid_off(reader, ledger, line) for line in lines):
        yield Refusal("receipt.closed_loan")


def _without(ledger: Ledger, lines: Sequence[Line]) -> Ledger:
    gone = {line.id for line in lines}
    return Ledger(line for line in ledger.lines if line.id not in gone and line.opposes not in gone)


def _paid_off(reader: Reader, ledger: Ledger, line: Line) -> bool:
    """Whether this paid for a lost copy whose loan ended with it."""
    debit = ledger.find(line.settles) if line.settles else None
    if line.kind not in CREDITS or debit is None or debit.kind is not LedgerKind.LOST_ITEM:
        return False
    return reader.one(PAID_OFF, loan=debit.loan_id) is not None
