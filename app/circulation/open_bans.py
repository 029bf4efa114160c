"""Bans for lateness without an end: they hold only as long as something of the reader's is late."""

from app.circulation import reads
from app.circulation.facts import LoanFacts, MemberFacts
from db.act import Act
from db.codes import RestrictionKind
from db.models.members import Restriction
from db.writing import Tx


def lift_open_bans(tx: Tx, member: MemberFacts, loan: LoanFacts, act: Act) -> bool:
    """Lift them when `loan`, which ends now, was the last late one; those with a date go on. Whether any was lifted."""
    bans = [
        ban
        for ban in tx.all(reads.BANS, member=member.id, day=act.day)
        if ban.kind is RestrictionKind.OVERDUE and ban.until is None
    ]
    if not bans or tx.one(reads.OTHER_LATE_LOAN, member=member.id, day=act.day, loan=loan.id) is not None:
        return False
    for ban in bans:
        tx.update(Restriction, ban, lifted_at=act.at, lifted_by=act.staff_id)
    return True
