"""Finding things to show in the demo library."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from db.codes import CardState, Condition, HoldState, ItemStatus, LedgerKind, MemberState
from db.frozen import Frozen
from db.models.circulation import Account, Hold, LedgerLine, Loan
from db.models.items import Item
from db.models.members import Alert, Member, MemberCard, Restriction
from db.reading import Reader

OPEN = (Loan.member_id == Member.id, Loan.in_at.is_(None), Loan.deleted_at.is_(None))
KIN = aliased(Member)
KIN_LOAN = aliased(Loan)
OTHER = aliased(Item)
NOT_THE_ONLY_ONE = sa.exists(
    sa.select(OTHER.id).where(
        OTHER.title_id == Item.title_id,
        OTHER.id != Item.id,
        OTHER.status == ItemStatus.AVAILABLE,
        OTHER.on_minutes_id.is_(None),
        OTHER.deleted_at.is_(None),
    )
)
HELD = sa.exists(
    sa.select(Hold.id).where(
        Hold.member_id == Member.id,
        sa.or_(Hold.state == HoldState.QUEUED, Hold.state == HoldState.WAITING, Hold.state == HoldState.SUSPENDED),
        Hold.deleted_at.is_(None),
    )
)
OWES = sa.exists(sa.select(Account.member_id).where(Account.member_id == Member.id, Account.balance > 0))
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
        ~sa.exists(sa.select(Loan.id).where(*OPEN, Loan.lost_on.is_not(None))),
        ~sa.exists(sa.select(Alert.id).where(Alert.member_id == Member.id, Alert.deleted_at.is_(None))),
        ~sa.exists(sa.select(Restriction.id).where(Restriction.member_id == Member.id)),
        ~OWES,
        ~HELD,
    )
    .order_by(MemberCard.number)
    .limit(1),
    str,
)
LATEST = Frozen(
    sa.select(MemberCard.number)
    .join(Loan, Loan.member_id == MemberCard.member_id)
    .where(
        MemberCard.state == CardState.ACTIVE,
        Loan.in_at.is_(None),
        Loan.lost_on.is_(None),
        Loan.claimed_returned_on.is_(None),
        Loan.deleted_at.is_(None),
    )
    .order_by(Loan.due_on, MemberCard.number)
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
        Item.loan_count > 5,
        ~sa.exists(sa.select(Hold.id).where(Hold.title_id == Item.title_id, Hold.deleted_at.is_(None))),
        ~sa.exists(sa.select(Alert.id).where(Alert.item_id == Item.id, Alert.deleted_at.is_(None))),
    )
    .order_by(Item.loan_count.desc(), Item.accession_no)
    .limit(20),
    str,
)
SPARE = Frozen(
    sa.select(Item.barcode)
    .where(
        Item.status == ItemStatus.AVAILABLE,
        Item.condition == Condition.GOOD,
        Item.on_minutes_id.is_(None),
        Item.volume_no.is_(None),
        sa.cast(Item.flags, sa.Text()) == "[]",
        NOT_THE_ONLY_ONE,
    )
    .order_by(Item.loan_count.desc(), Item.accession_no.desc())
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
        NOT_THE_ONLY_ONE,
    )
    .order_by(Item.accession_no)
    .limit(40),
    str,
)
FINED = sa.exists(sa.select(LedgerLine.id).where(LedgerLine.loan_id == Loan.id, LedgerLine.kind == LedgerKind.FINE))
RICH = Frozen(
    sa.select(MemberCard.number)
    .join(Member, Member.id == MemberCard.member_id)
    .where(
        MemberCard.state == CardState.ACTIVE,
        Member.state == MemberState.ACTIVE,
        Member.photo_id.is_not(None),
        sa.exists(sa.select(Loan.id).where(*OPEN, Loan.lost_on.is_(None), FINED)),
        OWES,
        HELD,
    )
    .order_by(MemberCard.number)
    .limit(1),
    str,
)
PARENTS = Frozen(
    sa.select(MemberCard.number)
    .join(Member, Member.id == MemberCard.member_id)
    .join(KIN, KIN.guardian_id == Member.id)
    .outerjoin(KIN_LOAN, sa.and_(KIN_LOAN.member_id == KIN.id, KIN_LOAN.in_at.is_(None), KIN_LOAN.deleted_at.is_(None)))
    .where(MemberCard.state == CardState.ACTIVE, Member.state == MemberState.ACTIVE, KIN.deleted_at.is_(None))
    .group_by(MemberCard.number)
    .order_by(sa.func.count(KIN.id.distinct()).desc(), sa.func.count(KIN_LOAN.id).desc(), MemberCard.number)
    .limit(1),
    str,
)


def card_with_loans(reader: Reader, loans: int, today: object) -> str | None:
    """A usable card whose reader has this many books in hand, none of them late, and against whom nothing speaks."""
    return reader.one(CARDS, today=today, loans=loans)


def free_copies(reader: Reader) -> list[str]:
    """Barcodes of much lent copies on the shelf."""
    return reader.all(FREE)


def worn_copies(reader: Reader) -> list[str]:
    """Barcodes of worn copies on the shelf beside which another of the same title stands: minutes may take them."""
    return reader.all(WORN)


def spare_copies(reader: Reader) -> list[str]:
    """Barcodes of much lent copies on the shelf beside which another of the same title stands."""
    return reader.all(SPARE)


def late_card(reader: Reader) -> str | None:
    """The card of the reader whose book has been due the longest."""
    return reader.one(LATEST)


def rich_card(reader: Reader) -> str | None:
    """The card of a reader with a photograph, a late book, a debt and a hold."""
    return reader.one(RICH)


def parent_card(reader: Reader) -> str | None:
    """The card of the reader who stands for the most children, those with books in hand first."""
    return reader.one(PARENTS)
