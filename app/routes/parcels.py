"""Parcels by post and courier as use cases and screens read them (004 الف-3 «ارسال و برگشت کتاب»؛ 001 «پیک کتاب»)."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from db.codes import Channel, ContactHealth, ContactKind, DispatchState
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Dispatch, Hold, Loan
from db.models.items import Item
from db.models.members import Member, MemberContact
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel, or the wish for one. `due_on` is that of the loan inside, None before it is sent."""

    id: uuid.UUID
    ver: int
    member_id: uuid.UUID | None
    given_name: str | None
    family_name: str | None
    member_no: str | None
    mobile: str | None
    loan_id: uuid.UUID | None
    title_id: uuid.UUID | None
    hold_id: uuid.UUID | None
    title: str | None
    accession_no: int | None
    barcode: str | None
    channel: Channel
    outward: bool
    requested_on: dt.date
    sent_on: dt.date | None
    arrived_on: dt.date | None
    tracking_no: str | None
    address: str | None
    note: str | None
    state: DispatchState
    due_on: dt.date | None

    @property
    def reader(self) -> str:
        """Given name and family name; "" once the reader was taken out of the record."""
        return f"{self.given_name or ''} {self.family_name or ''}".strip()

    def days_under_way(self, today: dt.date) -> int | None:
        """How long it has been, or was, on the way; None for one that has not been sent."""
        return None if self.sent_on is None else ((self.arrived_on or today) - self.sent_on).days


LENT = aliased(Item)
PARCEL_SELECT = (
    sa.select(
        Dispatch.id, Dispatch.ver, Dispatch.member_id, Member.given_name, Member.family_name, Member.member_no,
        Member.mobile, Dispatch.loan_id, Dispatch.title_id, Dispatch.hold_id, Title.title, LENT.accession_no,
        LENT.barcode, Dispatch.channel, Dispatch.outward, Dispatch.requested_on, Dispatch.sent_on, Dispatch.arrived_on,
        Dispatch.tracking_no, Dispatch.address, Dispatch.note, Dispatch.state, Loan.due_on,
    )
    .outerjoin(Member, Member.id == Dispatch.member_id)
    .outerjoin(Loan, Loan.id == Dispatch.loan_id)
    .outerjoin(LENT, LENT.id == Loan.item_id)
    .outerjoin(Title, Title.id == sa.func.coalesce(LENT.title_id, Dispatch.title_id))
    .where(Dispatch.deleted_at.is_(None))
)  # fmt: skip
PARCEL = Frozen(PARCEL_SELECT.where(Dispatch.id == sa.bindparam("dispatch")), Parcel)
PARCELS = Frozen(PARCEL_SELECT.order_by(Dispatch.requested_on.desc(), Dispatch.id.desc()).limit(500), Parcel)
NOT_OVER = sa.or_(Dispatch.state == DispatchState.REQUESTED, Dispatch.state == DispatchState.SENT)
STILL_OUT = sa.or_(Dispatch.outward, Loan.in_at.is_(None))
OPEN_PARCELS = Frozen(
    PARCEL_SELECT.where(NOT_OVER, STILL_OUT).order_by(Dispatch.requested_on, Dispatch.id),
    Parcel,
)
WISH = Frozen(
    PARCEL_SELECT.where(
        Dispatch.member_id == sa.bindparam("member"),
        Dispatch.title_id == sa.bindparam("title"),
        Dispatch.state == DispatchState.REQUESTED,
        Dispatch.outward,
    ),
    Parcel,
)
OF_LOAN = Frozen(PARCEL_SELECT.where(Dispatch.loan_id == sa.bindparam("loan")).order_by(Dispatch.id), Parcel)
ADDRESS = Frozen(
    sa.select(MemberContact.value)
    .where(
        MemberContact.member_id == sa.bindparam("member"),
        MemberContact.kind == ContactKind.ADDRESS,
        MemberContact.health != ContactHealth.BAD,
        MemberContact.deleted_at.is_(None),
    )
    .order_by(MemberContact.id.desc())
    .limit(1),
    str,
)
POSTAL_CODE = Frozen(
    sa.select(MemberContact.value)
    .where(
        MemberContact.member_id == sa.bindparam("member"),
        MemberContact.kind == ContactKind.POSTAL_CODE,
        MemberContact.deleted_at.is_(None),
    )
    .limit(1),
    str,
)
TITLE = Frozen(
    sa.select(Title.id).where(Title.id == sa.bindparam("title"), Title.deleted_at.is_(None)), lambda found: found
)


@dataclass(frozen=True, slots=True)
class HeldTitle:
    """A hold that a parcel is to answer."""

    id: uuid.UUID
    title_id: uuid.UUID
    member_id: uuid.UUID | None


HOLD = Frozen(
    sa.select(Hold.id, Hold.title_id, Hold.member_id).where(Hold.id == sa.bindparam("hold"), Hold.deleted_at.is_(None)),
    HeldTitle,
)


def parcel(reader: Reader, dispatch_id: uuid.UUID) -> Parcel | None:
    """One parcel."""
    return reader.one(PARCEL, dispatch=dispatch_id)


def open_parcels(reader: Reader) -> list[Parcel]:
    """What is to be sent or on its way, the oldest wish first; not what came back some other way."""
    return reader.all(OPEN_PARCELS)


def all_parcels(reader: Reader) -> list[Parcel]:
    """The last five hundred parcels, the newest first."""
    return reader.all(PARCELS)


def way_back(reader: Reader, loan_id: uuid.UUID) -> Parcel | None:
    """The parcel that is bringing a lent book back, if the reader has posted it."""
    parcels = reader.all(OF_LOAN, loan=loan_id)
    return next((parcel for parcel in parcels if not parcel.outward and parcel.state is DispatchState.SENT), None)


def way_out(reader: Reader, loan_id: uuid.UUID) -> Parcel | None:
    """The parcel in which a lent book went out."""
    parcels = reader.all(OF_LOAN, loan=loan_id)
    return next((parcel for parcel in parcels if parcel.outward and parcel.state is not DispatchState.CANCELLED), None)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A parcel with what stands on its label."""

    parcel: Parcel
    postal_code: str | None


def labelled(reader: Reader, parcel: Parcel) -> Labelled:
    """The parcel with the postal code of its reader."""
    return Labelled(parcel, reader.one(POSTAL_CODE, member=parcel.member_id))
