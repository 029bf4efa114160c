"""The rows that losing and finding leave, inside somebody's transaction."""

import uuid
from typing import Any

from app.circulation import reads
from app.circulation.facts import LoanFacts, MemberFacts
from app.circulation.holds.shelf import requeued
from app.circulation.lateness import LateLoan, Penalty, charge_fine, charge_return
from app.circulation.lost.facts import Refund
from app.circulation.lost.reads import KEPT_ON_SHELF, Case, copy_state
from app.circulation.lost.rules import IN_KIND_FOR, OF_THE_LOSS
from app.circulation.open_bans import lift_open_bans
from app.ledger.lines import Debt
from app.ledger.reads import ledger_of_loan
from app.ledger.writing import charge, settle, take_back
from app.library import Library
from app.persian.text import clean
from db.act import Act
from db.codes import ItemStatus, LedgerKind, PaymentMethod
from db.models.circulation import Hold
from db.models.items import Item, ItemStatusChange
from db.reading import Reader
from db.writing import Tx

LONGEST_REMARK = 500


def remark(text: str) -> str | None:
    """A reason as it is kept."""
    return clean(text, LONGEST_REMARK) or None


def change_copy(
    tx: Tx, item_id: uuid.UUID, why: str, act: Act, said: str | None = None, cause: uuid.UUID | None = None,
    **values: Any,
) -> None:  # fmt: skip
    """Change state columns of a copy and note it: the loans do not tell why a copy is where it is. `cause` is the
    session of shelf-reading that it follows from."""
    state = copy_state(tx, item_id)
    became = values.get("status", state.status)
    tx.insert(
        ItemStatusChange, item_id=item_id, at=act.at, was=state.status, became=became, why=why, cause_id=cause,
        remark=said,
    )  # fmt: skip
    tx.update(Item, state, **values)


def debts_of(reader: Reader, loan: LoanFacts, kinds: frozenset[LedgerKind]) -> tuple[Debt, ...]:
    """The debts of these kinds that a loan left and that were not taken back."""
    return tuple(debt for debt in ledger_of_loan(reader, loan.id).debts if debt.line.kind in kinds)


def charge_loan(tx: Tx, loan: LoanFacts, kind: LedgerKind, amount: int, act: Act, reason: str | None = None) -> None:
    """A debt of the reader of a loan (rial); an amount of zero makes no line (Koha bug 13841)."""
    if amount and loan.member_id is not None:
        charge(tx, act, loan.member_id, kind, amount, loan_id=loan.id, reason=reason)


def settle_lateness(library: Library, tx: Tx, case: Case, act: Act, *, ban: bool) -> Penalty:
    """The fine up to today, or to the day of the loss or claim before it; with `ban`, as on a return, also the days of
    a ban, and the end of bans that only stood until the last late book was back."""
    loan, member = case.loan, case.member
    if loan is None or member is None:
        return Penalty()
    late = LateLoan(member, case.item, loan, tx.all(reads.QUEUE, title=case.item.title_id), act.day)
    if not ban:
        return charge_fine(library, tx, late, act)
    penalty = charge_return(library, tx, late, act)
    lift_open_bans(tx, member, loan, act)
    return penalty


def give_back(tx: Tx, loan: LoanFacts, member: MemberFacts | None, act: Act) -> Refund:
    """Take back what the loss of a copy cost: what was not paid vanishes, what was paid is held for the reader."""
    ledger = ledger_of_loan(tx, loan.id)
    debts = [debt for debt in ledger.debts if debt.line.kind in OF_THE_LOSS]
    for debt in debts:
        take_back(tx, act, ledger, debt, "found")
    return Refund(sum(max(debt.unsettled, 0) for debt in debts), sum(debt.paid for debt in debts), member)


def settle_in_kind(tx: Tx, loan: LoanFacts, act: Act) -> tuple[int, int]:
    """The same book came instead of money (000 §3-1-2): rials settled, and rials paid before that are the reader's
    again."""
    debts = debts_of(tx, loan, IN_KIND_FOR)
    for debt in debts:
        if worth := max(debt.unsettled, 0) + debt.paid:
            settle(tx, act, debt.line, LedgerKind.PAYMENT, worth, method=PaymentMethod.IN_KIND)
    return sum(max(debt.unsettled, 0) for debt in debts), sum(debt.paid for debt in debts)


def back_to_queue(tx: Tx, item_id: uuid.UUID) -> None:
    """A copy that stood on the hold shelf is not there: its reader waits on, in the old place."""
    for hold in tx.all(KEPT_ON_SHELF, item=item_id):
        tx.update(Hold, hold, **requeued(hold))


def is_off_the_shelf(status: ItemStatus) -> bool:
    """Whether a copy is recorded as lost or missing already."""
    return status in (ItemStatus.MISSING, ItemStatus.LOST)
