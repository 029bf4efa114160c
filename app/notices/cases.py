"""Why a reader may have to be reminded: loans due or late, books kept on the hold shelf, memberships that end."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.library import HERE
from db.codes import Channel, DispatchState, HoldState, MemberState, NoticeChannel, NoticeKind, NoticeState
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Dispatch, Hold, Loan, Notice
from db.models.items import Item
from db.models.members import Member
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class LoanCase:
    """A loan that is due soon or late."""

    loan_id: uuid.UUID
    member_id: uuid.UUID
    category: str
    item_type: str
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class HoldCase:
    """A book on the hold shelf."""

    hold_id: uuid.UUID
    member_id: uuid.UUID
    shelf_since: dt.date | None


@dataclass(frozen=True, slots=True)
class MembershipCase:
    """A membership that ends soon."""

    member_id: uuid.UUID
    expires_on: dt.date


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A reminder with what it is about. `title` is None for one about the membership itself."""

    id: uuid.UUID
    ver: int
    member_id: uuid.UUID | None
    given_name: str | None
    family_name: str | None
    member_no: str | None
    loan_id: uuid.UUID | None
    hold_id: uuid.UUID | None
    kind: NoticeKind
    channel: NoticeChannel
    address: str | None
    body: str | None
    state: NoticeState
    due_on: dt.date
    sent_at: dt.datetime | None
    result: str | None
    once_key: str
    title: str | None
    volume_no: str | None
    accession_no: int | None
    loan_due_on: dt.date | None
    loan_in_at: dt.datetime | None
    loan_lost_on: dt.date | None
    loan_claimed_on: dt.date | None
    hold_state: HoldState | None
    shelf_until: dt.date | None
    expires_on: dt.date | None
    category: str | None
    item_type: str | None

    @property
    def name(self) -> str:
        """Given name and family name."""
        return f"{self.given_name or ''} {self.family_name or ''}".strip()


# A book that the reader has posted is not asked for again (004 الف-3).
ON_ITS_WAY_BACK = sa.exists(
    sa.select(Dispatch.id).where(
        Dispatch.loan_id == Loan.id,
        ~Dispatch.outward,
        Dispatch.state == DispatchState.SENT,
        Dispatch.deleted_at.is_(None),
    )
)
WITH_THE_READER = (
    Loan.in_at.is_(None),
    Loan.presumed_in_at.is_(None),
    Loan.deleted_at.is_(None),
    Loan.lost_on.is_(None),
    Loan.claimed_returned_on.is_(None),
    Loan.channel != Channel.ONSITE,
    ~ON_ITS_WAY_BACK,
)
LOAN_CASES = Frozen(
    sa.select(Loan.id, Member.id, Member.category, Loan.item_type, Loan.due_on)
    .join(Member, Member.id == Loan.member_id)
    .where(*WITH_THE_READER, Loan.due_on <= sa.bindparam("until", type_=sa.Date()))
    .order_by(Loan.due_on),
    LoanCase,
)
HOLD_CASES = Frozen(
    sa.select(Hold.id, Hold.member_id, Hold.shelf_since).where(
        Hold.state == HoldState.WAITING, Hold.member_id.is_not(None), Hold.deleted_at.is_(None)
    ),
    HoldCase,
)
MEMBERSHIP_CASES = Frozen(
    sa.select(Member.id, Member.expires_on).where(
        Member.state == MemberState.ACTIVE,
        Member.expires_on >= sa.bindparam("since", type_=sa.Date()),
        Member.expires_on <= sa.bindparam("until", type_=sa.Date()),
        Member.deleted_at.is_(None),
    ),
    MembershipCase,
)
MADE = Frozen(
    sa.select(Notice.id).where(
        Notice.branch_id == HERE, Notice.once_key == sa.bindparam("once_key"), Notice.deleted_at.is_(None)
    ),
    lambda found: found,
)
NOTICE_SELECT = (
    sa.select(
        Notice.id, Notice.ver, Notice.member_id, Member.given_name, Member.family_name, Member.member_no,
        Notice.loan_id, Notice.hold_id, Notice.kind, Notice.channel, Notice.address, Notice.body, Notice.state,
        Notice.due_on, Notice.sent_at, Notice.result, Notice.once_key, Title.title, Item.volume_no, Item.accession_no,
        Loan.due_on, Loan.in_at, Loan.lost_on, Loan.claimed_returned_on, Hold.state, Hold.shelf_until,
        Member.expires_on, Member.category, Loan.item_type,
    )
    .outerjoin(Member, Member.id == Notice.member_id)
    .outerjoin(Loan, Loan.id == Notice.loan_id)
    .outerjoin(Hold, Hold.id == Notice.hold_id)
    .outerjoin(Item, Item.id == sa.func.coalesce(Loan.item_id, Hold.item_id))
    .outerjoin(Title, Title.id == sa.func.coalesce(Item.title_id, Hold.title_id))
    .where(Notice.deleted_at.is_(None))
)  # fmt: skip
DUE_NOTICES = Frozen(
    NOTICE_SELECT.where(Notice.state == NoticeState.DUE).order_by(Member.sort_key, Notice.kind, Title.title, Notice.id),
    NoticeRow,
)
NOTICE = Frozen(NOTICE_SELECT.where(Notice.id == sa.bindparam("notice")), NoticeRow)
LATEST_NOTICES = Frozen(NOTICE_SELECT.order_by(Notice.due_on.desc(), Notice.id.desc()).limit(500), NoticeRow)


def due_notices(reader: Reader) -> list[NoticeRow]:
    """What is to be sent, reader by reader."""
    return reader.all(DUE_NOTICES)


def latest_notices(reader: Reader) -> list[NoticeRow]:
    """The last five hundred, whatever became of them, the newest first."""
    return reader.all(LATEST_NOTICES)


def notice(reader: Reader, notice_id: uuid.UUID) -> NoticeRow | None:
    """One reminder."""
    return reader.one(NOTICE, notice=notice_id)
