"""The fine of a loan against one due date: it grows by further lines; what is lowered is taken back by opposites."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from app.ledger.lines import Debt, Ledger, Line
from app.ledger.writing import Debit, charge, settle, take_back
from db.act import Act
from db.codes import LedgerKind
from db.writing import Tx

MERGE_AT = 14
"""So many growing lines of one fine are put together to one: a book that is years late must not fill its ledger."""


@dataclass(frozen=True, slots=True)
class FineOf:
    """Whose fine it is, of which loan, against which due date."""

    member_id: uuid.UUID
    loan_id: uuid.UUID
    due_on: dt.date


def charged(ledger: Ledger, due_on: dt.date) -> tuple[Debt, ...]:
    """The fine lines of a loan against a due date, oldest first."""
    return tuple(debt for debt in ledger.debts if debt.line.kind is LedgerKind.FINE and debt.line.due_on == due_on)


def bring_to(tx: Tx, act: Act, ledger: Ledger, fine: FineOf, target: int) -> int:
    """Let the lines of a fine say `target` rials: the rest is charged, or the newest are taken back and what is still
    due is charged again. `ledger` is that of the loan. Returns how many lines were written."""
    lines = charged(ledger, fine.due_on)
    now = sum(debt.line.amount for debt in lines)
    if target > now:
        growing = [debt for debt in lines if not debt.credits]
        return _raise(tx, act, ledger, fine, (growing if len(growing) >= MERGE_AT else [], target - now))
    if target < now:
        return _lower(tx, act, ledger, fine, (lines, now - target))
    return 0


def _raise(tx: Tx, act: Act, ledger: Ledger, fine: FineOf, by: tuple[Sequence[Debt], int]) -> int:
    merged, more = by
    for debt in merged:
        take_back(tx, act, ledger, debt)
    amount = more + sum(debt.line.amount for debt in merged)
    charge(tx, act, fine.member_id, LedgerKind.FINE, amount, loan_id=fine.loan_id, due_on=fine.due_on)
    return len(merged) + 1


def _lower(tx: Tx, act: Act, ledger: Ledger, fine: FineOf, by: tuple[Sequence[Debt], int]) -> int:
    """Take back the newest lines until nothing is charged too much, and charge the rest of the last one anew. What had
    been waived stays waived, as far as something is left to waive."""
    lines, too_much = by
    kept, waived, written = list(lines), list[Line](), 0
    while too_much > 0:
        debt = kept.pop()
        forgiven = take_back(tx, act, ledger, debt)
        waived += forgiven
        written += 1 + len(forgiven)
        too_much -= debt.line.amount
    open_lines: list[tuple[Debit, int]] = [(debt.line, debt.unsettled) for debt in kept]
    if too_much < 0:
        kind, values = LedgerKind.FINE, {"loan_id": fine.loan_id, "due_on": fine.due_on}
        line_id = charge(tx, act, fine.member_id, kind, -too_much, **values)
        open_lines.append((Fresh(line_id, fine.member_id, fine.loan_id), -too_much))
        written += 1
    return written + _waive_again(tx, act, open_lines, waived)


def _waive_again(tx: Tx, act: Act, open_lines: Sequence[tuple[Debit, int]], waived: Sequence[Line]) -> int:
    """Put waivers that were taken back with their lines on those that are left, newest first."""
    rooms, written = {debit.id: room for debit, room in open_lines}, 0
    for credit in waived:
        left = -credit.amount
        for debit, _ in reversed(open_lines):
            again = min(left, rooms[debit.id])
            if again > 0:
                settle(tx, act, debit, credit.kind, again, **_of(credit))
                rooms[debit.id] -= again
                left, written = left - again, written + 1
    return written


@dataclass(frozen=True, slots=True)
class Fresh:
    """A debit line that was just written."""

    id: uuid.UUID
    member_id: uuid.UUID | None
    loan_id: uuid.UUID | None


def _of(credit: Line) -> dict[str, object]:
    return {"reason": credit.reason, "amnesty_id": credit.amnesty_id, "approved_by": credit.approved_by}
