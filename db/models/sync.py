"""The journal and the state of synchronisation (sync-protocol 2 and 3). None of these tables is journalled."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.codes import SiteRole
from db.models.base import Base
from db.types import Code, Id


class Site(Base):
    """What this database is: one row."""

    __tablename__ = "site"

    branch_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    role: Mapped[SiteRole] = mapped_column(Code(SiteRole))
    device_id: Mapped[uuid.UUID]
    epoch: Mapped[int] = mapped_column(sa.BigInteger())
    server_epoch: Mapped[int | None] = mapped_column(sa.BigInteger())
    last_contact_at: Mapped[dt.datetime | None]
    skew_ms: Mapped[int | None] = mapped_column(sa.BigInteger())
    last_server_at: Mapped[dt.datetime | None]


class Device(Base):
    """An installation of a branch database and its public key; what it last said of itself (centre)."""

    __tablename__ = "device"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[uuid.UUID]
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    fingerprint: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="active")
    scopes: Mapped[list[str]] = mapped_column(default=list)
    app_version: Mapped[str | None]
    schema_version: Mapped[int | None]
    enrolled_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]
    seen_at: Mapped[dt.datetime | None]
    skew_ms: Mapped[int | None] = mapped_column(sa.BigInteger())
    waiting: Mapped[int | None] = mapped_column(sa.BigInteger())
    facts: Mapped[dict[str, Any] | None]


class Stream(Base):
    """An unbroken history of one device. Its row is locked while an entry is written, so that seq has no gaps."""

    __tablename__ = "stream"

    device_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    epoch: Mapped[int] = mapped_column(sa.BigInteger(), primary_key=True, autoincrement=False)
    branch_id: Mapped[uuid.UUID]
    opened_at: Mapped[dt.datetime]
    reason: Mapped[str]
    parent_epoch: Mapped[int | None] = mapped_column(sa.BigInteger())
    parent_seq: Mapped[int | None] = mapped_column(sa.BigInteger())
    closed_at: Mapped[dt.datetime | None]
    head_seq: Mapped[int] = mapped_column(sa.BigInteger(), default=0)
    head_chain: Mapped[bytes] = mapped_column(sa.LargeBinary(16), default=b"")
    acked_seq: Mapped[int] = mapped_column(sa.BigInteger(), default=0)
    acked_chain: Mapped[bytes] = mapped_column(sa.LargeBinary(16), default=b"")
    durable_through: Mapped[int] = mapped_column(sa.BigInteger(), default=0)


class JournalEntry(Base):
    """One business action: the bytes that are hashed and sent, and beside them the personal part and the undo
    values."""

    __tablename__ = "journal"
    __table_args__ = (
        sa.Index(
            "one_entry_applied",
            "branch_id",
            "eid",
            unique=True,
            sqlite_where=sa.text("applied"),
            postgresql_where=sa.text("applied"),
        ),
        sa.Index("journal_by_desk", "device_id", "epoch", "desk", "seq"),
        {"sqlite_with_rowid": False},
    )

    device_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    epoch: Mapped[int] = mapped_column(sa.BigInteger(), primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(sa.BigInteger(), primary_key=True, autoincrement=False)
    eid: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(sa.String(48))
    at_ms: Mapped[int] = mapped_column(sa.BigInteger())
    bdate: Mapped[dt.date]
    staff_id: Mapped[uuid.UUID | None]
    desk: Mapped[int]
    body: Mapped[bytes] = mapped_column(sa.LargeBinary())
    personal: Mapped[bytes | None] = mapped_column(sa.LargeBinary())
    chain: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    before: Mapped[bytes | None] = mapped_column(sa.LargeBinary())
    undoes: Mapped[uuid.UUID | None]
    moved: Mapped[bool] = mapped_column(default=False)
    applied: Mapped[bool] = mapped_column(default=True)
    recv_at: Mapped[dt.datetime | None]


class DoneRequest(Base):
    """A request key of the headless desk and the entry it became: done at most once for ever (desk-protocol)."""

    __tablename__ = "done_request"

    key: Mapped[str] = mapped_column(sa.String(128), primary_key=True)
    eid: Mapped[uuid.UUID]


class Applying(Base):
    """Holds a row only while sync applies changes: it lifts the guard on `ver` in that transaction (sync-protocol
    2)."""

    __tablename__ = "applying"

    one: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class FeedHead(Base):
    """The last position given out in a feed (centre)."""

    __tablename__ = "feed_head"

    feed: Mapped[str] = mapped_column(sa.String(96), primary_key=True)
    pos: Mapped[int] = mapped_column(sa.BigInteger())


class FeedEpoch(Base):
    """Histories of the centre's feeds."""

    __tablename__ = "feed_epoch"

    epoch: Mapped[int] = mapped_column(sa.BigInteger(), primary_key=True, autoincrement=False)
    start_pos: Mapped[int] = mapped_column(sa.BigInteger())
    system_identifier: Mapped[str | None]
    timeline_id: Mapped[int | None]


class FeedCursor(Base):
    """How far a device has read a feed."""

    __tablename__ = "feed_cursor"

    device_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    feed: Mapped[str] = mapped_column(sa.String(96), primary_key=True)
    feed_epoch: Mapped[int] = mapped_column(sa.BigInteger())
    pos: Mapped[int] = mapped_column(sa.BigInteger())
    sub_pos: Mapped[int] = mapped_column(sa.BigInteger(), default=0)


class Subscription(Base):
    """A shared row that a branch wants to hear of."""

    __tablename__ = "subscription"

    branch_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(sa.String(48), primary_key=True)
    row_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    reason: Mapped[str]
    until: Mapped[dt.date | None]
    bpos: Mapped[int | None] = mapped_column(sa.BigInteger())


class SetAside(Base):
    """An entry or feed row that could not be applied: kept raw, answered for, replayed later (کنار‌گذاشته‌ها)."""

    __tablename__ = "set_aside"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[uuid.UUID | None]
    source: Mapped[str]
    position: Mapped[int | None] = mapped_column(sa.BigInteger())
    raw: Mapped[bytes] = mapped_column(sa.LargeBinary())
    reason: Mapped[str]
    schema_version: Mapped[int | None]
    at: Mapped[dt.datetime]
    replayed_at: Mapped[dt.datetime | None]


class ConflictValue(Base):
    """A value that lost against another."""

    __tablename__ = "conflict_value"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[uuid.UUID]
    entity: Mapped[str]
    row_id: Mapped[uuid.UUID] = mapped_column(Id(), index=True)
    ver: Mapped[int]
    data: Mapped[bytes] = mapped_column(sa.LargeBinary())
    case_id: Mapped[uuid.UUID | None]


class Peer(Base):
    """The centre this branch talks to: address, pinned keys, pinned certificates (PEM), and the id its rows bear."""

    __tablename__ = "peer"

    url: Mapped[str] = mapped_column(sa.Text(), primary_key=True)
    centre_id: Mapped[uuid.UUID | None]
    public_key: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    sealing_key: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    certificates: Mapped[str | None]
    enrolled_at: Mapped[dt.datetime | None]


class Digest(Base):
    """The last digest of one entity compared with the other side."""

    __tablename__ = "digest"

    branch_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(sa.String(48), primary_key=True)
    root: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    computed_at: Mapped[dt.datetime]
