"""Writing lines of the ledger inside somebody's transaction."""

import uuid
from typing import Any, Protocol

from app.ledger.lines import FORGIVENESS, Debt, Ledger, Line
from db.act import Act
from db.codes import LedgerKind
from db.models.circulation import LedgerLine
from db.writing import Tx


class Debit(Protocol):
    """A debit line, stored before or just written."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def member_id(self) -> uuid.UUID | None: ...
    @property
    def loan_id(self) -> uuid.UUID | None: ...


def charge(tx: Tx, act: Act, member_id: uuid.UUID, kind: LedgerKind, amount: int, **values: Any) -> uuid.UUID:
    """A debt of `amount` rials; `values` are what else it carries (`loan_id`, `due_on`, `hold_id`, `reason`). Returns
    the line."""
    who = {"member_id": member_id, "staff_id": act.staff_id}
    return tx.insert(LedgerLine, kind=kind, amount=amount, at=act.at, day=act.day, **who, **values)


def settle(tx: Tx, act: Act, debit: Debit, kind: LedgerKind, amount: int, **values: Any) -> uuid.UUID:
    """A credit of `amount` rials (above zero) for one debt. Returns the line."""
    return tx.insert(
        LedgerLine, member_id=debit.member_id, loan_id=debit.loan_id, kind=kind, amount=-amount, at=act.at, day=act.day,
        settles=debit.id, staff_id=act.staff_id, **values,
    )  # fmt: skip


def void(tx: Tx, act: Act, ledger: Ledger, line: Line, reason: str | None = None) -> uuid.UUID:
    """Take a line back by its exact opposite; the drawer and the receipt it went over are those of the line."""
    last = ledger.last_of(line)
    return tx.insert(
        LedgerLine, member_id=last.member_id, loan_id=last.loan_id, kind=LedgerKind.VOID, amount=-last.amount,
        at=act.at, day=act.day, opposes=last.id, method=last.method, receipt_id=last.receipt_id,
        cash_session_id=last.cash_session_id, reason=reason, staff_id=act.staff_id,
    )  # fmt: skip


def take_back(tx: Tx, act: Act, ledger: Ledger, debt: Debt, reason: str | None = None) -> tuple[Line, ...]:
    """Take a debt back with what was waived of it, which would become money otherwise; what was paid for it is held for
    the reader from now on. Returns the waivers taken back."""
    waived = tuple(credit for credit in debt.credits if credit.kind in FORGIVENESS)
    for credit in waived:
        void(tx, act, ledger, credit, reason)
    void(tx, act, ledger, debt.line, reason)
    return waived
