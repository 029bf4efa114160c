"""Who is signed in: rows of `web_session`, found by the hash of a token that only the browser holds."""

import datetime as dt
import hashlib
import secrets
import uuid
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from db.frozen import Frozen
from db.models.centre import WebSession
from db.reading import Reader
from db.writing import Tx

IDLE = dt.timedelta(minutes=30)
LONGEST = dt.timedelta(hours=12)
STRONG = dt.timedelta(minutes=15)
"""How long a second factor is good for a ruling."""
NOTED = dt.timedelta(minutes=1)
"""A visit within this time after the last is not written down."""


@dataclass(frozen=True, slots=True)
class ReaderSeat:
    """A reader who is signed in to their own pages: the row of the member, and its branch."""

    member_id: uuid.UUID
    branch_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in since `began_at`; `strong_at` is when the second factor was last given."""

    token_hash: bytes
    reviewer_id: uuid.UUID | None
    member_id: uuid.UUID | None
    branch_id: uuid.UUID | None
    csrf: str
    began_at: dt.datetime
    seen_at: dt.datetime
    strong_at: dt.datetime | None

    def lives(self, now: dt.datetime) -> bool:
        """Whether it is still good: seen within half an hour, begun within twelve hours."""
        return now - self.seen_at <= IDLE and now - self.began_at <= LONGEST

    def is_strong(self, now: dt.datetime) -> bool:
        """Whether the second factor was given lately enough for a ruling."""
        return self.strong_at is not None and now - self.strong_at <= STRONG

    @property
    def seat(self) -> ReaderSeat | None:
        """The reader, when a reader is signed in."""
        if self.member_id is None or self.branch_id is None:
            return None
        return ReaderSeat(self.member_id, self.branch_id)


COLUMNS = (
    WebSession.token_hash, WebSession.reviewer_id, WebSession.member_id, WebSession.branch_id, WebSession.csrf,
    WebSession.began_at, WebSession.seen_at, WebSession.strong_at,
)  # fmt: skip
BY_TOKEN = Frozen(sa.select(*COLUMNS).where(WebSession.token_hash == sa.bindparam("token")), Session)
OF_REVIEWER = Frozen(
    sa.select(*COLUMNS).where(WebSession.reviewer_id == sa.bindparam("reviewer")).order_by(WebSession.seen_at.desc()),
    Session,
)


def token_hash(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def find_session(reader: Reader, token: str, now: dt.datetime) -> Session | None:
    """The session of a token, if it still lives."""
    found = reader.one(BY_TOKEN, token=token_hash(token))
    return found if found is not None and found.lives(now) else None


def sessions_of(reader: Reader, reviewer_id: uuid.UUID, now: dt.datetime) -> list[Session]:
    """Where somebody is signed in, the latest first."""
    return [session for session in reader.all(OF_REVIEWER, reviewer=reviewer_id) if session.lives(now)]


def begin_session(tx: Tx, now: dt.datetime, who: uuid.UUID | ReaderSeat) -> str:
    """Sign somebody in: an office by its id, or a reader. Returns the token; sessions that are over go."""
    tx.connection.execute(
        sa.delete(WebSession).where(sa.or_(WebSession.seen_at < now - IDLE, WebSession.began_at < now - LONGEST))
    )
    reader = who if isinstance(who, ReaderSeat) else None
    token = secrets.token_urlsafe(32)
    tx.connection.execute(
        sa.insert(WebSession).values(
            token_hash=token_hash(token), reviewer_id=None if reader else who, member_id=reader and reader.member_id,
            branch_id=reader and reader.branch_id, csrf=secrets.token_urlsafe(32), began_at=now, seen_at=now,
            strong_at=None,
        )
    )  # fmt: skip
    return token


def strengthen(tx: Tx, session: Session, now: dt.datetime) -> tuple[str, Session]:
    """The second factor was given: the same session under a new token, so that one known before is worth nothing. Forms
    that lie open in other windows stay good where the session was strong before. Returns the token and the session as
    it is now."""
    token = secrets.token_urlsafe(32)
    csrf = session.csrf if session.strong_at else secrets.token_urlsafe(32)
    values: dict[str, Any] = {"token_hash": token_hash(token), "csrf": csrf, "strong_at": now, "seen_at": now}
    tx.connection.execute(sa.update(WebSession).where(WebSession.token_hash == session.token_hash).values(**values))
    return token, replace(session, **values)


def note_visit(tx: Tx, session: Session, now: dt.datetime) -> None:
    """Somebody was seen."""
    tx.connection.execute(sa.update(WebSession).where(WebSession.token_hash == session.token_hash).values(seen_at=now))


def end_session(tx: Tx, session: Session) -> None:
    """Sign out here."""
    tx.connection.execute(sa.delete(WebSession).where(WebSession.token_hash == session.token_hash))


def end_sessions(tx: Tx, reviewer_id: uuid.UUID, but: Session | None = None) -> None:
    """Sign somebody out everywhere, `but` not there."""
    ended = sa.delete(WebSession).where(WebSession.reviewer_id == reviewer_id)
    if but is not None:
        ended = ended.where(WebSession.token_hash != but.token_hash)
    tx.connection.execute(ended)
