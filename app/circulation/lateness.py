"""What a late return or a late renewal costs, written into the ledger and, on return, as a ban."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.calendar.rules import days_late
from app.circulation import reads
from app.circulation.facts import HoldFacts, ItemFacts, LoanFacts, MemberFacts
from app.circulation.fines import ban_days, ban_until, overdue_fine
from app.circulation.rules import waits_for
from app.library import Library
from app.persian.digits import number
from app.policy.table import Terms
from db.act import Act
from db.codes import LedgerKind, RestrictionKind
from db.models.circulation import LedgerLine
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
    """What lateness costs: days late, rials, and the last day of a ban."""

    late: int = 0
    fine: int = 0
    ban_until: dt.date | None = None


def charge_return(library: Library, tx: Tx, loan: LateLoan, act: Act) -> Penalty:
    """Fine and ban of a return, written down. Nothing but the days is computed while the clock is doubtful
    (architecture, decision 7)."""
    penalty = charge_fine(library, tx, loan, act)
    if penalty.late == 0 or act.stamp.doubtful:
        return penalty
    until = _ban(library, tx, loan, penalty.late, act)
    if until is not None:
        tx.insert(
            Restriction, member_id=loan.member.id, kind=RestrictionKind.OVERDUE, until=until,
            reason=f"دیرکرد {number(penalty.late)} روزه", author_id=act.staff_id, laid_at=act.at, loan_id=loan.loan.id,
        )  # fmt: skip
    return Penalty(penalty.late, penalty.fine, until)


def charge_fine(library: Library, tx: Tx, loan: LateLoan, act: Act) -> Penalty:
    """Days late and the fine, written down; a fine of zero makes no line."""
    terms = _terms(library, loan)
    late = days_late(loan.loan.due_on, loan.day, library.calendar, terms.flag("skip_closed"))
    if late == 0 or act.stamp.doubtful:
        return Penalty(late)
    wanted = any(waits_for(hold, loan.item, loan.day) and hold.member_id != loan.member.id for hold in loan.queue)
    fine = overdue_fine(late, terms, reserved=wanted, price=loan.item.price).amount_rial
    if fine:
        tx.insert(
            LedgerLine, member_id=loan.member.id, loan_id=loan.loan.id, kind=LedgerKind.FINE, amount=fine, at=act.at,
            day=act.day, staff_id=act.staff_id,
        )  # fmt: skip
    return Penalty(late, fine)


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
    return library.terms(loan.member.category, loan.item.item_type)
