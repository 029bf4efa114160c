"""What a member has read: kept for those who want it kept, for the others only what is still in their hands."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from db.codes import LoanEnd
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Loan
from db.models.items import Item
from db.models.members import Member
from db.reading import Reader

LATEST = 200


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A loan in the history of a member. `returned_on` None: it is in their hands yet."""

    loan_id: uuid.UUID
    title: str
    main_creator: str | None
    volume_no: str | None
    accession_no: int
    out_on: dt.date
    due_on: dt.date
    returned_on: dt.date | None
    ended_as: LoanEnd | None


@dataclass(frozen=True, slots=True)
class ReadingHistory:
    """The latest loans, the last one first. Not `kept`: the member wants no history shown, so only open loans stand
    here."""

    kept: bool
    loans: tuple[ReadRow, ...]


WISH = Frozen(
    sa.select(Member.keep_history).where(Member.id == sa.bindparam("member"), Member.deleted_at.is_(None)),
    lambda kept: kept,
)
LOANS = (
    sa.select(
        Loan.id, Title.title, Title.main_creator, Item.volume_no, Item.accession_no, Loan.out_on, Loan.due_on,
        Loan.effective_in_on, Loan.ended_as,
    )
    .join(Item, Item.id == Loan.item_id)
    .join(Title, Title.id == Item.title_id)
    .where(Loan.member_id == sa.bindparam("member"), Loan.deleted_at.is_(None))
    .order_by(Loan.out_at.desc())
    .limit(LATEST)
)  # fmt: skip
ALL = Frozen(LOANS, ReadRow)
OPEN = Frozen(LOANS.where(Loan.in_at.is_(None), Loan.presumed_in_at.is_(None)), ReadRow)


def reading_history(reader: Reader, member_id: uuid.UUID) -> ReadingHistory:
    """The latest loans of a member, as far as the member wants them kept."""
    kept = bool(reader.one(WISH, member=member_id))
    return ReadingHistory(kept, tuple(reader.all(ALL if kept else OPEN, member=member_id)))
