"""Loans, holds, money, visits and routes."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.codes import (
    CallResult,
    Channel,
    DispatchState,
    HoldState,
    LedgerKind,
    LoanEnd,
    NoticeChannel,
    NoticeKind,
    NoticeState,
    PaymentMethod,
)
from db.models.base import Base, PersonalId, PersonalText, Rial, Synced, index_live, unique_live
from db.types import Code

OPEN = "in_at IS NULL AND presumed_in_at IS NULL"


class Loan(Synced, Base):
    """A copy in a reader's hands. It remembers the policy version and the row that decided.

    `item_type` is that of the copy when it was lent, so that a reader's loans are counted from one index.
    `effective_in_on` is the day the return counts from (a dated-back return); `presumed_in_at` is set by sync on the
    older of two open loans of one copy (sync-protocol 2). A loan whose copy was declared lost (`lost_on`) stays open
    until it is paid, replaced or found; nothing becomes late on it from that day on.
    """

    __tablename__ = "loan"
    __table_args__ = (
        unique_live("one_open_loan", "branch_id", "item_id", where=OPEN),
        # The last three are empty throughout; without them SQLite goes to the table to see that they are.
        index_live(
            "open_loan_of_member", "member_id", "due_on", "lost_on", "channel", "item_type", "in_at", "presumed_in_at",
            "deleted_at", where=OPEN,
        ),
        # The last two let demand be counted without going to the loans themselves (002 م5-4).
        sa.Index("loan_of_item", "item_id", "out_at", "out_on", "deleted_at"),
        sa.Index("loan_of_member", "member_id", "out_at"),
        # The loans and returns of a day, and those of a year by month and class, without reading all that ever were.
        index_live("loan_by_moment", "out_at", "out_on", "item_id", "deleted_at"),
        index_live("loan_by_return", "in_at", "deleted_at", where="in_at IS NOT NULL"),
        {"sqlite_with_rowid": False},
    )  # fmt: skip

    item_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("item.id"))
    member_id: Mapped[PersonalId | None]
    item_type: Mapped[str]
    out_at: Mapped[dt.datetime]
    out_on: Mapped[dt.date]
    due_on: Mapped[dt.date]
    first_due_on: Mapped[dt.date]
    channel: Mapped[Channel] = mapped_column(Code(Channel))
    in_at: Mapped[dt.datetime | None]
    effective_in_on: Mapped[dt.date | None]
    presumed_in_at: Mapped[dt.datetime | None]
    claimed_returned_on: Mapped[dt.date | None]
    lost_on: Mapped[dt.date | None]
    ended_as: Mapped[LoanEnd | None] = mapped_column(Code(LoanEnd))
    missing_parts: Mapped[str | None]
    stop_id: Mapped[uuid.UUID | None]
    renewals: Mapped[int] = mapped_column(default=0)
    unseen_renewals: Mapped[int] = mapped_column(default=0)
    renewed_on: Mapped[dt.date | None]
    policy_version: Mapped[int]
    policy_row: Mapped[str]
    overrides: Mapped[list[str]] = mapped_column(default=list)
    override_reason: Mapped[str | None]


class Hold(Synced, Base):
    """A reader waiting for a title or for one copy. A smaller `priority` is served first.

    `wanted_until`: the hold ends unserved after that day. `channel`: how the copy is to reach the reader.
    """

    __tablename__ = "hold"
    __table_args__ = (
        index_live("hold_queue", "title_id", "priority", where="state IN ('queued', 'waiting', 'suspended')"),
        index_live("hold_on_item", "item_id", where="state = 'waiting'"),
        index_live("hold_of_member", "member_id", where="state IN ('queued', 'waiting', 'suspended')"),
    )

    title_id: Mapped[uuid.UUID]
    item_id: Mapped[uuid.UUID | None]
    only_this_item: Mapped[bool] = mapped_column(default=False)
    member_id: Mapped[PersonalId | None]
    placed_at: Mapped[dt.datetime]
    priority: Mapped[int]
    state: Mapped[HoldState] = mapped_column(Code(HoldState))
    wanted_until: Mapped[dt.date | None]
    channel: Mapped[Channel] = mapped_column(Code(Channel), default=Channel.DESK)
    suspended_until: Mapped[dt.date | None]
    shelf_since: Mapped[dt.date | None]
    shelf_until: Mapped[dt.date | None]
    ended_at: Mapped[dt.datetime | None]
    end_reason: Mapped[str | None]


class LedgerLine(Synced, Base):
    """One line of the ledger, in rials, never changed: `amount` above zero is a debt, below zero lowers it.

    `opposes` is the line that a void takes back; `settles` the debt that a payment, waiver or amnesty is for; `due_on`
    of a fine is the due date it was late against, so that a fine grows by further lines and a renewal begins a new
    one. `approved_by` is the second person that a large waiver needs.
    """

    __tablename__ = "ledger_line"
    __table_args__ = (
        index_live("ledger_of_member", "member_id"),
        index_live("ledger_of_loan", "loan_id"),
        index_live("ledger_settling", "settles", where="settles IS NOT NULL"),
        index_live("ledger_opposing", "opposes", where="opposes IS NOT NULL"),
        index_live("ledger_of_session", "cash_session_id", where="cash_session_id IS NOT NULL"),
        {"sqlite_with_rowid": False},
    )

    member_id: Mapped[PersonalId | None]
    loan_id: Mapped[uuid.UUID | None]
    kind: Mapped[LedgerKind] = mapped_column(Code(LedgerKind))
    amount: Mapped[Rial]
    at: Mapped[dt.datetime]
    day: Mapped[dt.date]
    method: Mapped[PaymentMethod | None] = mapped_column(Code(PaymentMethod))
    reference: Mapped[str | None]
    due_on: Mapped[dt.date | None]
    opposes: Mapped[uuid.UUID | None]
    settles: Mapped[uuid.UUID | None]
    hold_id: Mapped[uuid.UUID | None]
    receipt_id: Mapped[uuid.UUID | None]
    amnesty_id: Mapped[uuid.UUID | None]
    cash_session_id: Mapped[uuid.UUID | None]
    reason: Mapped[str | None]
    staff_id: Mapped[uuid.UUID]
    approved_by: Mapped[uuid.UUID | None]


class Account(Base):
    """What a reader owes (rial): the sum of their ledger lines, kept by a trigger of the store (`db.guards`), so that a
    long history costs nothing at the desk. Never sent; `check` proves it."""

    __tablename__ = "account"

    member_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    balance: Mapped[Rial]


class Receipt(Synced, Base):
    """A numbered receipt; numbers of one branch have no gaps."""

    __tablename__ = "receipt"
    __table_args__ = (sa.Index("one_receipt_no", "branch_id", "number", unique=True),)

    number: Mapped[int] = mapped_column(sa.BigInteger())
    member_id: Mapped[PersonalId | None]
    amount: Mapped[Rial]
    at: Mapped[dt.datetime]
    day: Mapped[dt.date]
    method: Mapped[PaymentMethod] = mapped_column(Code(PaymentMethod))
    reference: Mapped[str | None]
    staff_id: Mapped[uuid.UUID]


class Amnesty(Synced, Base):
    """A campaign in which fines are forgiven to those who bring books back."""

    __tablename__ = "amnesty"

    name: Mapped[str]
    since: Mapped[dt.date]
    until: Mapped[dt.date]
    scope: Mapped[dict[str, Any]]


class Visit(Synced, Base):
    """A visit to the hall, counted or by name (theses, reference: 000 §3-3)."""

    __tablename__ = "visit"

    day: Mapped[dt.date]
    at: Mapped[dt.datetime]
    hall: Mapped[str]
    count: Mapped[int] = mapped_column(default=1)
    member_id: Mapped[PersonalId | None]
    letter_no: Mapped[str | None]
    purpose: Mapped[str | None]


class Route(Synced, Base):
    """A van route (004 الف-2): the van is at the first stop on `first_visit` and again every `every_days` days."""

    __tablename__ = "route"

    name: Mapped[str]
    first_visit: Mapped[dt.date]
    every_days: Mapped[int] = mapped_column(default=14)
    active: Mapped[bool] = mapped_column(default=True)


class Stop(Synced, Base):
    """A village on a route, visited `offset_days` after the first stop."""

    __tablename__ = "stop"

    route_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("route.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    offset_days: Mapped[int] = mapped_column(default=0)
    place: Mapped[str | None]
    hours: Mapped[str | None]


class RouteVisit(Synced, Base):
    """A day on which a stop is visited, once it differs from the rhythm of the route or has been done; `cancelled`: the
    van does not come."""

    __tablename__ = "route_visit"

    stop_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("stop.id"), index=True)
    day: Mapped[dt.date]
    done: Mapped[bool] = mapped_column(default=False)
    cancelled: Mapped[bool] = mapped_column(default=False)
    instead_of: Mapped[dt.date | None]


class Dispatch(Synced, Base):
    """A parcel by post or courier, out or back, from the request on (004 الف-3; 001)."""

    __tablename__ = "dispatch"

    loan_id: Mapped[uuid.UUID | None]
    title_id: Mapped[uuid.UUID | None]
    hold_id: Mapped[uuid.UUID | None]
    member_id: Mapped[PersonalId | None]
    channel: Mapped[Channel] = mapped_column(Code(Channel))
    requested_on: Mapped[dt.date]
    outward: Mapped[bool]
    sent_on: Mapped[dt.date | None]
    arrived_on: Mapped[dt.date | None]
    tracking_no: Mapped[str | None]
    address: Mapped[PersonalText | None]
    note: Mapped[PersonalText | None]
    state: Mapped[DispatchState] = mapped_column(Code(DispatchState))


class Notice(Synced, Base):
    """A reminder to send or sent; `once_key` keeps it from being made twice."""

    __tablename__ = "notice"
    __table_args__ = (unique_live("one_notice", "branch_id", "once_key"),)

    member_id: Mapped[PersonalId | None]
    loan_id: Mapped[uuid.UUID | None]
    hold_id: Mapped[uuid.UUID | None]
    kind: Mapped[NoticeKind] = mapped_column(Code(NoticeKind))
    channel: Mapped[NoticeChannel] = mapped_column(Code(NoticeChannel))
    address: Mapped[PersonalText | None]
    body: Mapped[PersonalText | None]
    state: Mapped[NoticeState] = mapped_column(Code(NoticeState))
    due_on: Mapped[dt.date]
    sent_at: Mapped[dt.datetime | None]
    result: Mapped[str | None]
    once_key: Mapped[str]


class CallAttempt(Synced, Base):
    """A call to a reader about late books: what came of it, and when to call again."""

    __tablename__ = "call_attempt"
    __table_args__ = (index_live("call_of_member", "member_id", "at"),)

    member_id: Mapped[PersonalId | None]
    at: Mapped[dt.datetime]
    day: Mapped[dt.date]
    number: Mapped[PersonalText | None]
    result: Mapped[CallResult] = mapped_column(Code(CallResult))
    next_on: Mapped[dt.date | None]
    note: Mapped[PersonalText | None]
    staff_id: Mapped[uuid.UUID]


class Clearance(Synced, Base):
    """A certificate that a reader has no loan and no debt here (000 §3-1-3); numbers of one branch have no gaps."""

    __tablename__ = "clearance"
    __table_args__ = (sa.Index("one_clearance_no", "branch_id", "number", unique=True),)

    number: Mapped[int] = mapped_column(sa.BigInteger())
    member_id: Mapped[PersonalId | None]
    at: Mapped[dt.datetime]
    day: Mapped[dt.date]
    reason: Mapped[str | None]
    code: Mapped[str]
    document_id: Mapped[uuid.UUID | None]
    revoked_on: Mapped[dt.date | None]
