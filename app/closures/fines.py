"""The fines that a change of the calendar touches: those of open loans, and of books returned since."""

import datetime as dt
import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from app.circulation import reads
from app.circulation.facts import LoanFacts
from app.circulation.lateness import LateLoan, accrue_loan, charge_fine
from app.ledger.fines import charged
from app.ledger.lines import Line
from app.ledger.reads import ledger_of_loan
from app.ledger.writing import settle, take_back
from app.library import Library
from db.act import Act
from db.codes import LedgerKind
from db.frozen import Frozen
from db.models.circulation import LedgerLine, Loan
from db.reading import Reader
from db.writing import Tx

LOAN = Frozen(
    sa.select(*reads.LOAN_COLUMNS).where(Loan.id == sa.bindparam("loan"), Loan.deleted_at.is_(None)), LoanFacts
)


def changes_needed(reader: Reader, loan_id: uuid.UUID) -> int:
    """How many lines computing a fine anew may take at most: every line taken back, and one charged again."""
    return len(ledger_of_loan(reader, loan_id).lines) + 2


def forget_fine(tx: Tx, loan_id: uuid.UUID, due_on: dt.date, act: Act) -> tuple[int, tuple[Line, ...]]:
    """Take back what was charged against a due date that is to move. Returns the rials, and what had been waived of
    them."""
    ledger = ledger_of_loan(tx, loan_id)
    lines = charged(ledger, due_on)
    waived = tuple(line for debt in lines for line in take_back(tx, act, ledger, debt, "closure"))
    return sum(debt.line.amount for debt in lines), waived


def settle_fine(library: Library, tx: Tx, loan_id: uuid.UUID, act: Act, waived: Sequence[Line] = ()) -> int:
    """Compute the fine of a loan anew under the calendar as it is now, with what had been waived of it before; returns
    by how many rials it rose. Nothing while the clock is doubtful: the nightly work does it later."""
    if act.stamp.doubtful:
        return 0
    loan = tx.one(LOAN, loan=loan_id)
    if loan is None:
        return 0
    rise = accrue_loan(library, tx, loan_id, act)[1] if loan.in_at is None else _settle_returned(library, tx, loan, act)
    if waived:
        _waive_again(tx, loan, waived, act)
    return rise


def _settle_returned(library: Library, tx: Tx, loan: LoanFacts, act: Act) -> int:
    """A book that came back before the closure was entered: its fine must not count those days either."""
    item = tx.one(reads.BY_ITEM_ID, key=loan.item_id)
    member = tx.one(reads.BY_MEMBER_ID, key=loan.member_id) if loan.member_id else None
    if item is None or member is None or loan.effective_in_on is None:
        return 0
    before = _charged(tx, loan)
    late = LateLoan(member, item, loan, tx.all(reads.QUEUE, title=item.title_id), loan.effective_in_on)
    return charge_fine(library, tx, late, act).fine - before


def _charged(reader: Reader, loan: LoanFacts) -> int:
    return sum(debt.line.amount for debt in charged(ledger_of_loan(reader, loan.id), loan.due_on))


def _waive_again(tx: Tx, loan: LoanFacts, waived: Sequence[Line], act: Act) -> None:
    """What was waived stays waived, as far as there is still something to waive."""
    left = -sum(credit.amount for credit in waived)
    model = waived[0]
    for debt in charged(ledger_of_loan(tx, loan.id), loan.due_on):
        amount = min(left, debt.unsettled)
        if amount > 0:
            settle(
                tx, act, debt.line, model.kind, amount,
                reason=model.reason, amnesty_id=model.amnesty_id, approved_by=model.approved_by,
            )  # fmt: skip
            left -= amount


def fined_returns(reader: Reader, first: dt.date, last: dt.date) -> list[uuid.UUID]:
    """The loans returned late over days from `first` to `last`, for which a fine was charged."""
    fined = sa.exists(
        sa.select(LedgerLine.id).where(
            LedgerLine.loan_id == Loan.id, LedgerLine.kind == LedgerKind.FINE, LedgerLine.deleted_at.is_(None)
        )
    )
    query = sa.select(Loan.id).where(
        Loan.in_at.is_not(None), Loan.due_on < last, Loan.effective_in_on >= first, Loan.deleted_at.is_(None), fined
    )
    return list(reader.connection.execute(query).scalars())
