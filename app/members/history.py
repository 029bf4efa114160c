"""What a reader's past loans say where the policy asks for it."""

import datetime as dt
import uuid

import sqlalchemy as sa

from db.frozen import Frozen
from db.models.circulation import Loan
from db.reading import Reader

LATE = Frozen(
    sa.select(Loan.id)
    .where(
        Loan.member_id == sa.bindparam("member"),
        Loan.deleted_at.is_(None),
        sa.or_(
            Loan.effective_in_on > Loan.due_on,
            sa.and_(Loan.in_at.is_(None), Loan.due_on < sa.bindparam("day", type_=sa.Date())),
        ),
    )
    .limit(1),
    lambda loan: loan,
)


def has_been_late(reader: Reader, member_id: uuid.UUID, day: dt.date) -> bool:
    """Whether a book ever came back late, or is late now: retired staff are members only without (000 §3-1-1)."""
    return reader.one(LATE, member=member_id, day=day) is not None
