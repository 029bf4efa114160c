"""What stands on the slips a reader takes home: books with their due dates, and books that came back (004 ب-1)."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.settings import Setting
from db.codes import LedgerKind
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import LedgerLine, Loan
from db.models.items import Item
from db.models.members import Member
from db.reading import Reader

SLIP_WIDTH: Setting[int] = Setting("slip_width", 80)
"""The width of the till roll in millimetres, 58 or 80."""


@dataclass(frozen=True, slots=True)
class SlipReader:
    """Whose slip it is."""

    id: uuid.UUID
    given_name: str
    family_name: str
    member_no: str

    @property
    def short_name(self) -> str:
        """«م. رضایی»: a slip is forgotten in a book, so it does not tell the whole name."""
        return f"{self.given_name[:1]}. {self.family_name}"


@dataclass(frozen=True, slots=True)
class DueLine:
    """A book in hand and the day it is due."""

    title: str
    volume_no: str | None
    accession_no: int
    out_on: dt.date
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class BackLine:
    """A book that came back; `fine` in rials, what was charged for it."""

    member_id: uuid.UUID | None
    title: str
    volume_no: str | None
    accession_no: int
    due_on: dt.date
    in_on: dt.date
    fine: int


READER = Frozen(
    sa.select(Member.id, Member.given_name, Member.family_name, Member.member_no).where(
        Member.id == sa.bindparam("member"), Member.deleted_at.is_(None)
    ),
    SlipReader,
)
DUE = Frozen(
    sa.select(Title.title, Item.volume_no, Item.accession_no, Loan.out_on, Loan.due_on)
    .join(Item, Item.id == Loan.item_id)
    .join(Title, Title.id == Item.title_id)
    .where(
        Loan.member_id == sa.bindparam("member"),
        Loan.in_at.is_(None),
        Loan.presumed_in_at.is_(None),
        Loan.deleted_at.is_(None),
    )
    .order_by(Loan.due_on, Title.title),
    DueLine,
)
FINE = (
    sa.select(sa.func.coalesce(sa.func.sum(LedgerLine.amount), 0))
    .where(LedgerLine.loan_id == Loan.id, LedgerLine.kind == LedgerKind.FINE)
    .scalar_subquery()
)
BACK = Frozen(
    sa.select(Loan.member_id, Title.title, Item.volume_no, Item.accession_no, Loan.due_on, Loan.effective_in_on, FINE)
    .join(Item, Item.id == Loan.item_id)
    .join(Title, Title.id == Item.title_id)
    .where(Loan.item_id == sa.bindparam("item"), Loan.effective_in_on.is_not(None), Loan.deleted_at.is_(None))
    .order_by(Loan.in_at.desc())
    .limit(1),
    BackLine,
)


def slip_reader(reader: Reader, member_id: uuid.UUID) -> SlipReader | None:
    """The reader of a slip."""
    return reader.one(READER, member=member_id)


def due_lines(reader: Reader, member_id: uuid.UUID) -> list[DueLine]:
    """What a reader has in hand, the first due first."""
    return reader.all(DUE, member=member_id)


def last_return(reader: Reader, item_id: uuid.UUID) -> BackLine | None:
    """The last return of a copy."""
    return reader.one(BACK, item=item_id)
