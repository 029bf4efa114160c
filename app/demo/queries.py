"""Finding things to show in the demo library."""

import sqlalchemy as sa

from db.codes import CardState, Condition, ItemStatus, MemberState
from db.frozen import Frozen
from db.models.circulation import Hold, Loan
from db.models.items import Item
from db.models.members import Member, MemberCard
from db.reading import Reader

OPEN = (Loan.member_id == Member.id, Loan.in_at.is_(None), Loan.deleted_at.is_(None))
LOANS = sa.select(sa.func.count()).select_from(Loan).where(*OPEN).scalar_subquery()
CARDS = Frozen(
    sa.select(MemberCard.number)
    .join(Member, Member.id == MemberCard.member_id)
    .where(
        MemberCard.state == CardState.ACTIVE,
        Member.state == MemberState.ACTIVE,
        Member.category == "ordinary",
        Member.expires_on > sa.bindparam("today", type_=sa.Date()),
        sa.bindparam("loans", type_=sa.Integer()) == LOANS,
        ~sa.exists(sa.select(Loan.id).where(*OPEN, Loan.due_on < sa.bindparam("today", type_=sa.Date()))),
    )
    .order_by(MemberCard.number)
    .limit(1),
    str,
)
LATEST = Frozen(
    sa.select(MemberCard.number)
    .join(Loan, Loan.member_id == MemberCard.member_id)
    .where(MemberCard.state == CardState.ACTIVE, Loan.in_at.is_(None), Loan.deleted_at.is_(None))
    .order_by(Loan.due_on)
    .limit(1),
    str,
)
FREE = Frozen(
    sa.select(Item.barcode)
    .where(
        Item.status == ItemStatus.AVAILABLE,
        Item.item_type == "book",
        Item.condition == Condition.GOOD,
        Item.on_minutes_id.is_(None),
        Item.loan_count > 8,
        ~sa.exists(sa.select(Hold.id).where(Hold.title_id == Item.title_id, Hold.deleted_at.is_(None))),
    )
    .order_by(Item.loan_count.desc())
    .limit(20),
    str,
)
WORN = Frozen(
    sa.select(Item.barcode)
    .where(
        Item.status == ItemStatus.AVAILABLE,
        Item.condition == Condition.WORN,
        Item.on_minutes_id.is_(None),
        Item.item_type == "book",
        Item.call_number.is_not(None),
        sa.cast(Item.flags, sa.Text()) == "[]",
    )
    .order_by(Item.accession_no)
    .limit(40),
    str,
)


def card_with_loans(reader: Reader, loans: int, today: object) -> str | None:
    """A usable card whose reader has this many books in hand, none of them late."""
    return reader.one(CARDS, today=today, loans=loans)


def free_copies(reader: Reader) -> list[str]:
    """Barcodes of much lent copies on the shelf."""
    return reader.all(FREE)


def worn_copies(reader: Reader) -> list[str]:
    """Barcodes of worn copies on the shelf."""
    return reader.all(WORN)


def late_card(reader: Reader) -> str | None:
    """The card of the reader whose book has been due the longest."""
    return reader.one(LATEST)
