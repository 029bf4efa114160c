"""Reading the lines of a reader or of a loan: one index each."""

import uuid

import sqlalchemy as sa

from app.ledger.lines import Ledger, Line
from db.frozen import Frozen
from db.models.circulation import Account, LedgerLine
from db.reading import Reader

COLUMNS = (
    LedgerLine.id, LedgerLine.member_id, LedgerLine.loan_id, LedgerLine.kind, LedgerLine.amount, LedgerLine.at,
    LedgerLine.day, LedgerLine.method, LedgerLine.reference, LedgerLine.due_on, LedgerLine.opposes, LedgerLine.settles,
    LedgerLine.receipt_id, LedgerLine.amnesty_id, LedgerLine.cash_session_id, LedgerLine.reason, LedgerLine.staff_id,
    LedgerLine.approved_by,
)  # fmt: skip
LIVE = LedgerLine.deleted_at.is_(None)
LINES_OF_MEMBER = Frozen(sa.select(*COLUMNS).where(LedgerLine.member_id == sa.bindparam("member"), LIVE), Line)
LINES_OF_LOAN = Frozen(sa.select(*COLUMNS).where(LedgerLine.loan_id == sa.bindparam("loan"), LIVE), Line)
LINE = Frozen(sa.select(*COLUMNS).where(LedgerLine.id == sa.bindparam("line"), LIVE), Line)
BALANCE = Frozen(sa.select(Account.balance).where(Account.member_id == sa.bindparam("member")), int)


def ledger_of(reader: Reader, member_id: uuid.UUID) -> Ledger:
    """The whole ledger of a reader."""
    return Ledger(reader.all(LINES_OF_MEMBER, member=member_id))


def ledger_of_loan(reader: Reader, loan_id: uuid.UUID) -> Ledger:
    """What a loan has cost so far: its lines alone, however long the reader's history is."""
    return Ledger(reader.all(LINES_OF_LOAN, loan=loan_id))


def balance_of(reader: Reader, member_id: uuid.UUID) -> int:
    """What a reader owes, as the store keeps it (rial)."""
    return reader.one(BALANCE, member=member_id) or 0
