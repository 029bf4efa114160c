"""What screens and programs read of members: frozen rows."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.persian.text import tokens
from db.codes import CardState, ContactKind, HoldState, MemberState
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Hold, LedgerLine, Loan
from db.models.items import Item
from db.models.members import Member, MemberCard, MemberContact, Restriction
from db.reading import Reader

OPEN_LOAN = (Loan.in_at.is_(None), Loan.presumed_in_at.is_(None), Loan.deleted_at.is_(None))


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member in a list. `debt` in rials."""

    id: uuid.UUID
    given_name: str
    family_name: str
    member_no: str
    category: str
    card: str | None
    mobile: str | None
    expires_on: dt.date | None
    state: MemberState
    open_loans: int
    overdue: int
    debt: int
    sort_key: str
    search_key: str
    restricted: bool

    @property
    def name(self) -> str:
        """Family name first, as lists are filed."""
        return f"{self.family_name}، {self.given_name}"


@dataclass(frozen=True, slots=True)
class MemberDetails:
    """What stands on a member's card beyond the list. `guarantor` is a name, `age_group` one of the five letters."""

    father_name: str | None
    national_id: str | None
    birth_date: dt.date | None
    guardian: str | None
    guardian_mobile: str | None
    guarantor: str | None
    age_group: str | None
    interests: tuple[str, ...]
    note: str | None
    joined_on: dt.date
    address: str | None
    address_unknown: bool


@dataclass(frozen=True, slots=True)
class LoanRow:
    """An open loan on the desk's list."""

    loan_id: uuid.UUID
    item_id: uuid.UUID
    title: str
    main_creator: str | None
    volume_no: str | None
    accession_no: int
    barcode: str
    call_number: str | None
    out_at: dt.datetime
    out_on: dt.date
    due_on: dt.date
    renewals: int


@dataclass(frozen=True, slots=True)
class WaitingHold:
    """A title kept on the hold shelf for the reader."""

    title: str
    shelf_until: dt.date | None


CARD = (
    sa.select(MemberCard.number)
    .where(
        MemberCard.member_id == Member.id,
        MemberCard.state == CardState.ACTIVE,
        MemberCard.deleted_at.is_(None),
    )
    .limit(1)
    .scalar_subquery()
)
OF_MEMBER = (Loan.member_id == Member.id, *OPEN_LOAN)
TODAY = sa.bindparam("today", type_=sa.Date())
MEMBER_ROWS = sa.select(
    Member.id, Member.given_name, Member.family_name, Member.member_no, Member.category, CARD, Member.mobile,
    Member.expires_on, Member.state,
    sa.select(sa.func.count()).select_from(Loan).where(*OF_MEMBER).scalar_subquery(),
    sa.select(sa.func.count()).select_from(Loan).where(*OF_MEMBER, Loan.due_on < TODAY).scalar_subquery(),
    sa.select(sa.func.coalesce(sa.func.sum(LedgerLine.amount), 0))
    .where(LedgerLine.member_id == Member.id, LedgerLine.deleted_at.is_(None))
    .scalar_subquery(),
    Member.sort_key, Member.search_key,
    sa.exists(
        sa.select(Restriction.id).where(
            Restriction.member_id == Member.id,
            Restriction.lifted_at.is_(None),
            Restriction.deleted_at.is_(None),
            sa.or_(Restriction.until.is_(None), Restriction.until >= TODAY),
        )
    ),
).where(Member.deleted_at.is_(None))  # fmt: skip
ALL_MEMBERS = Frozen(MEMBER_ROWS.order_by(Member.sort_key), MemberRow)
ONE_MEMBER = Frozen(MEMBER_ROWS.where(Member.id == sa.bindparam("member")), MemberRow)
LOANS = Frozen(
    sa.select(
        Loan.id, Item.id, Title.title, Title.main_creator, Item.volume_no, Item.accession_no, Item.barcode,
        Item.call_number, Loan.out_at, Loan.out_on, Loan.due_on, Loan.renewals,
    )
    .join(Item, Item.id == Loan.item_id)
    .join(Title, Title.id == Item.title_id)
    .where(Loan.member_id == sa.bindparam("member"), *OPEN_LOAN)
    .order_by(Loan.out_at.desc()),
    LoanRow,
)  # fmt: skip
# Written as in the partial index of a member's holds, so that SQLite recognises it.
ON_A_QUEUE = sa.text("hold.state IN ('queued', 'waiting', 'suspended')")
WAITING = Frozen(
    sa.select(Title.title, Hold.shelf_until)
    .join(Title, Title.id == Hold.title_id)
    .where(
        Hold.member_id == sa.bindparam("member"), ON_A_QUEUE, Hold.state == HoldState.WAITING, Hold.deleted_at.is_(None)
    )
    .order_by(Hold.shelf_until),
    WaitingHold,
)
RESTRICTIONS = Frozen(
    sa.select(Restriction.reason, Restriction.until).where(
        Restriction.member_id == sa.bindparam("member"),
        Restriction.lifted_at.is_(None),
        Restriction.deleted_at.is_(None),
        sa.or_(Restriction.until.is_(None), Restriction.until >= TODAY),
    ),
    lambda reason, until: (reason, until),
)


def _details(*columns: Any) -> MemberDetails:
    details = MemberDetails(*columns)
    return replace(details, interests=tuple(details.interests or ()))


GUARANTOR = aliased(Member)
DETAILS = Frozen(
    sa.select(
        Member.father_name, Member.national_id, Member.birth_date, Member.guardian, Member.guardian_mobile,
        GUARANTOR.given_name + " " + GUARANTOR.family_name, Member.age_group, Member.interests, Member.note,
        Member.joined_on,
        sa.select(MemberContact.value)
        .where(
            MemberContact.member_id == Member.id,
            MemberContact.kind == ContactKind.ADDRESS,
            MemberContact.deleted_at.is_(None),
        )
        .limit(1)
        .scalar_subquery(),
        Member.address_unknown,
    )
    .outerjoin(GUARANTOR, GUARANTOR.id == Member.guarantor_id)
    .where(Member.id == sa.bindparam("member"), Member.deleted_at.is_(None)),
    _details,
)  # fmt: skip


def list_members(reader: Reader, today: dt.date) -> list[MemberRow]:
    """Every member, filed by name."""
    return reader.all(ALL_MEMBERS, today=today)


def find_members(reader: Reader, query: str, today: dt.date, limit: int = 20) -> list[MemberRow]:
    """Members whose names, numbers, card, national id or mobile hold every word typed."""
    words = tokens(query)
    if not words:
        return []
    statement = MEMBER_ROWS.order_by(Member.sort_key).limit(limit)
    for word in words:
        statement = statement.where(
            sa.or_(*(Member.search_key.contains(reading, autoescape=True) for reading in _readings(word)))
        )
    return [MemberRow(*row) for row in reader.connection.execute(statement, {"today": today})]


def _readings(word: str) -> tuple[str, ...]:
    """A mobile number is typed with its zero and stored with the code of the country."""
    return (word, f"98{word[1:]}") if word.startswith("09") else (word,)


def member_row(reader: Reader, member_id: uuid.UUID, today: dt.date) -> MemberRow | None:
    """One member as in the list."""
    return reader.one(ONE_MEMBER, member=member_id, today=today)


def open_loans(reader: Reader, member_id: uuid.UUID) -> list[LoanRow]:
    """What the member has in hand, the latest loan first."""
    return reader.all(LOANS, member=member_id)


def waiting_holds(reader: Reader, member_id: uuid.UUID) -> list[WaitingHold]:
    """What stands on the hold shelf for the member."""
    return reader.all(WAITING, member=member_id)


def restrictions(reader: Reader, member_id: uuid.UUID, today: dt.date) -> list[tuple[str, dt.date | None]]:
    """Bans in force: reason and last day."""
    return reader.all(RESTRICTIONS, member=member_id, today=today)


def member_details(reader: Reader, member_id: uuid.UUID) -> MemberDetails | None:
    """The rest of a member's card."""
    return reader.one(DETAILS, member=member_id)
