"""What lateness costs: fines that grow by the day and are settled at the return or renewal, and bans laid on return.

A fine is that of a loan against one due date. It is never added up: each time the whole of it is computed for the day,
and the ledger is brought to it, so that nothing is charged twice, a return dated back lowers it, and a copy that was
lost and found costs no more than before.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.calendar.rules import days_late
from app.circulation import reads
from app.circulation.facts import HoldFacts, ItemFacts, LoanFacts, MemberFacts
from app.circulation.fines import ban_days, ban_until, overdue_fine
from app.circulation.rules import waits_for
from app.ledger.amnesty import campaigns_on, forgive
from app.ledger.fines import FineOf, bring_to, charged
from app.ledger.lines import MOST_LINES
from app.ledger.reads import balance_of, ledger_of_loan
from app.library import Library
from app.persian.digits import number
from app.policy.table import Terms
from db.act import Act
from db.codes import RestrictionKind
from db.frozen import Frozen
from db.models.circulation import Loan
from db.models.members import Restriction
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class LateLoan:
    """A loan whose lateness ends on `day`, with those who wait for its title."""

    member: MemberFacts
    item: ItemFacts
    loan: LoanFacts
    queue: Sequence[HoldFacts]
    day: dt.date


@dataclass(frozen=True, slots=True)
class Penalty:
    """What lateness costs: days late, rials, and the last day of a ban.

    `fine` is the whole fine against this due date; `forgiven` what a campaign forgave of it just now; `credit` what the
    library owes the reader because more had been paid.
    """

    late: int = 0
    fine: int = 0
    ban_until: dt.date | None = None
    forgiven: int = 0
    credit: int = 0


@dataclass(frozen=True, slots=True)
class Accrued:
    """What a night of fines wrote: late loans, those whose fine changed, and by how many rials all debts rose."""

    loans: int = 0
    changed: int = 0
    amount: int = 0


LATE_LOANS = Frozen(
    sa.select(Loan.id)
    .where(Loan.due_on < sa.bindparam("day", type_=sa.Date()), Loan.member_id.is_not(None), *reads.OPEN)
    .order_by(Loan.id),
    lambda loan_id: loan_id,
)
LOAN = Frozen(sa.select(*reads.LOAN_COLUMNS).where(Loan.id == sa.bindparam("loan"), *reads.OPEN), LoanFacts)


def charge_return(library: Library, tx: Tx, loan: LateLoan, act: Act) -> Penalty:
    """Fine and ban of a return, written down, and what a campaign forgives to those who bring books back. Nothing but
    the days is computed while the clock is doubtful (architecture, decision 7)."""
    penalty = charge_fine(library, tx, loan, act)
    if act.stamp.doubtful:
        return penalty
    forgiven = _forgive(tx, loan, act)
    until = _ban(library, tx, loan, penalty.late, act) if penalty.late else None
    if until is not None:
        tx.insert(
            Restriction, member_id=loan.member.id, kind=RestrictionKind.OVERDUE, until=until,
            reason=f"دیرکرد {number(penalty.late)} روزه", author_id=act.staff_id, laid_at=act.at, loan_id=loan.loan.id,
        )  # fmt: skip
    return Penalty(penalty.late, penalty.fine, until, forgiven, penalty.credit)


def charge_renewal(library: Library, tx: Tx, loan: LateLoan, act: Act) -> Penalty:
    """The fine of a late renewal: settled to the day, since the new due date begins anew; or forgotten altogether,
    where the policy forgives it (`forgive_fine_on_renewal`)."""
    if not _terms(library, loan).flag("forgive_fine_on_renewal"):
        return charge_fine(library, tx, loan, act)
    if not act.stamp.doubtful:
        bring_to(tx, act, ledger_of_loan(tx, loan.loan.id), _fine_of(loan), 0)
    return Penalty()


def charge_fine(library: Library, tx: Tx, loan: LateLoan, act: Act) -> Penalty:
    """Days late and the fine, written down; a fine of zero makes no line."""
    late = _days_late(library, loan)
    if act.stamp.doubtful:
        return Penalty(late)
    fine = _fine(library, loan, late)
    ledger = ledger_of_loan(tx, loan.loan.id)
    before = sum(debt.line.amount for debt in charged(ledger, loan.loan.due_on))
    bring_to(tx, act, ledger, _fine_of(loan), fine)
    credit = max(0, -balance_of(tx, loan.member.id)) if fine < before else 0
    return Penalty(late, fine, credit=credit)


def accrue_fines(library: Library, act: Act) -> Accrued:
    """Bring the fine of every late loan to `act.day`, so that debts tell what they are before the books come back.

    Nightly work: the second run of a day writes nothing. Several transactions, each with its journal entry; nothing at
    all while the clock is doubtful.
    """
    if act.stamp.doubtful:
        return Accrued()
    with library.store.read() as reader:
        waiting = reader.all(LATE_LOANS, day=act.day)
    late, changed, amount = len(waiting), 0, 0
    while waiting:
        with library.store.write() as tx:
            library.keep_fresh(tx, act.day)
            written = 0
            while waiting and written < MOST_LINES:
                lines, rials = accrue_loan(library, tx, waiting.pop(), act)
                written, changed, amount = written + lines, changed + bool(lines), amount + rials
            if written:
                tx.record("fines.accrued", act)
    return Accrued(late, changed, amount)


def accrue_loan(library: Library, tx: Tx, loan_id: uuid.UUID, act: Act) -> tuple[int, int]:
    """Bring the fine of one open loan to `act.day`: lines written, and by how much it rose (rial)."""
    loan = tx.one(LOAN, loan=loan_id)
    item = tx.one(reads.BY_ITEM_ID, key=loan.item_id) if loan else None
    member = tx.one(reads.BY_MEMBER_ID, key=loan.member_id) if loan else None
    if loan is None or item is None or member is None:
        return 0, 0
    late = LateLoan(member, item, loan, tx.all(reads.QUEUE, title=item.title_id), act.day)
    ledger = ledger_of_loan(tx, loan.id)
    before = sum(debt.line.amount for debt in charged(ledger, loan.due_on))
    fine = _fine(library, late, _days_late(library, late))
    return bring_to(tx, act, ledger, _fine_of(late), fine), fine - before


def _fine_of(loan: LateLoan) -> FineOf:
    return FineOf(loan.member.id, loan.loan.id, loan.loan.due_on)


def _days_late(library: Library, loan: LateLoan) -> int:
    """Lateness ends with the return, and before it with the day the copy was declared lost or said to be back."""
    stops = (loan.day, loan.loan.lost_on, loan.loan.claimed_returned_on)
    end = min(day for day in stops if day is not None)
    return days_late(loan.loan.due_on, end, library.calendar, _terms(library, loan).flag("skip_closed"))


def _fine(library: Library, loan: LateLoan, late: int) -> int:
    wanted = any(waits_for(hold, loan.item, loan.day) and hold.member_id != loan.member.id for hold in loan.queue)
    return overdue_fine(late, _terms(library, loan), reserved=wanted, price=loan.item.price).amount_rial


def _forgive(tx: Tx, loan: LateLoan, act: Act) -> int:
    """What the campaigns of the day of the return forgive of what this loan has cost."""
    campaigns = campaigns_on(tx, loan.day)
    if not campaigns:
        return 0
    _, rials = forgive(tx, act, campaigns, loan.member.category, ledger_of_loan(tx, loan.loan.id).debts)
    return rials


def _ban(library: Library, tx: Tx, loan: LateLoan, late: int, act: Act) -> dt.date | None:
    """The last day of the ban, if it has not passed already. A ban is a row of its own, so that no merge can lose
    it."""
    terms = _terms(library, loan)
    days = ban_days(late, terms)
    if days == 0:
        return None
    bans = (ban.until for ban in tx.all(reads.BANS, member=loan.member.id, day=act.day))
    running = max((until for until in bans if until is not None), default=None)
    until = ban_until(loan.day, days, terms, library.calendar, running)
    return until if until is not None and until >= act.day else None


def _terms(library: Library, loan: LateLoan) -> Terms:
    return library.terms_then(loan.loan.policy_version, loan.member.category, loan.item.item_type)
