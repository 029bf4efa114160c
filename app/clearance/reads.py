"""What clearance reads: obligations in one statement, certificates, cards and holds that end with it."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.circulation import reads
from app.clearance.facts import Certificate, Obligations
from app.library import HERE
from db.codes import CardState, HoldState
from db.frozen import Frozen
from db.models.circulation import Account, Clearance, Hold, Loan
from db.models.collection import Document
from db.models.members import Member, MemberCard
from db.reading import Reader

MEMBER: sa.BindParameter[uuid.UUID] = sa.bindparam("member")
WARD, OF_WARD = aliased(Member), aliased(Loan)
WARDS = sa.select(WARD.id).where(WARD.guarantor_id == MEMBER, WARD.deleted_at.is_(None))
OF_MEMBER = (Loan.member_id == MEMBER, *reads.OPEN)
# Written as in the partial index of a member's holds, so that SQLite recognises it.
ON_A_QUEUE = sa.text("hold.state IN ('queued', 'waiting', 'suspended')")


def _count(
    model: type[Loan] | type[Hold], *conditions: sa.ColumnElement[bool] | sa.TextClause
) -> "sa.ScalarSelect[int]":
    return sa.select(sa.func.count()).select_from(model).where(*conditions).scalar_subquery()


OBLIGATIONS = Frozen(
    sa.select(
        _count(Loan, *OF_MEMBER, Loan.lost_on.is_(None)),
        _count(Loan, *OF_MEMBER, Loan.lost_on.is_not(None)),
        sa.func.coalesce(sa.select(Account.balance).where(Account.member_id == MEMBER).scalar_subquery(), 0),
        _count(Hold, Hold.member_id == MEMBER, ON_A_QUEUE, Hold.state == HoldState.WAITING, Hold.deleted_at.is_(None)),
        _count(Loan, Loan.member_id == MEMBER, Loan.missing_parts.is_not(None), Loan.deleted_at.is_(None)),
        sa.select(sa.func.count())
        .select_from(OF_WARD)
        .where(OF_WARD.member_id.in_(WARDS), *reads.open_loan(OF_WARD))
        .scalar_subquery(),
        sa.select(sa.func.coalesce(sa.func.sum(Account.balance), 0))
        .where(Account.member_id.in_(WARDS), Account.balance > 0)
        .scalar_subquery(),
    ),
    lambda *numbers: Obligations(*(int(number) for number in numbers)),
)
CERTIFICATE_COLUMNS = (
    Clearance.id, Clearance.ver, Clearance.number, Clearance.member_id, Clearance.day, Clearance.reason, Clearance.code,
    Clearance.document_id, Clearance.revoked_on,
)  # fmt: skip
CERTIFICATES = sa.select(*CERTIFICATE_COLUMNS).where(Clearance.branch_id == HERE, Clearance.deleted_at.is_(None))
OF_READER = Frozen(CERTIFICATES.where(Clearance.member_id == MEMBER).order_by(Clearance.number.desc()), Certificate)
BY_NUMBER = Frozen(CERTIFICATES.where(Clearance.number == sa.bindparam("number", type_=sa.BigInteger())), Certificate)


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card in use."""

    id: uuid.UUID
    ver: int
    state: CardState


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A hold that has not ended."""

    id: uuid.UUID
    ver: int
    state: HoldState
    ended_at: dt.datetime | None
    end_reason: str | None


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What of a member stands only on the certificate."""

    father_name: str | None
    national_id: str | None
    joined_on: dt.date


CARDS = Frozen(
    sa.select(MemberCard.id, MemberCard.ver, MemberCard.state).where(
        MemberCard.member_id == MEMBER, MemberCard.state == CardState.ACTIVE, MemberCard.deleted_at.is_(None)
    ),
    CardRow,
)
HOLDS = Frozen(
    sa.select(Hold.id, Hold.ver, Hold.state, Hold.ended_at, Hold.end_reason).where(
        Hold.member_id == MEMBER, ON_A_QUEUE, Hold.deleted_at.is_(None)
    ),
    HoldRow,
)
ON_PAPER = Frozen(
    sa.select(Member.father_name, Member.national_id, Member.joined_on).where(Member.id == MEMBER), PaperFacts
)
PDF = Frozen(sa.select(Document.content).where(Document.id == sa.bindparam("document")), bytes)


def obligations(reader: Reader, member_id: uuid.UUID) -> Obligations:
    """What still binds a reader."""
    found = reader.one(OBLIGATIONS, member=member_id)
    if found is None:
        raise RuntimeError("a select without FROM gave no row")
    return found


def certificate_in_force(reader: Reader, member_id: uuid.UUID) -> Certificate | None:
    """The latest certificate of a reader that was not revoked."""
    return next((found for found in reader.all(OF_READER, member=member_id) if found.revoked_on is None), None)


def certificate_numbered(reader: Reader, number: int) -> Certificate | None:
    """A certificate of this branch by its number."""
    return reader.one(BY_NUMBER, number=number)


def certificate_pdf(reader: Reader, certificate: Certificate) -> bytes | None:
    """The frozen bytes of a certificate: what is printed, now and for ever."""
    return None if certificate.document_id is None else reader.one(PDF, document=certificate.document_id)
