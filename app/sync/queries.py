"""How synchronisation stands: what waits, when the centre was last heard of, what needs a person. The words are the
window's."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.settings import Setting
from db.codes import CaseState
from db.frozen import Frozen
from db.models.centre import SyncCase
from db.models.sync import JournalEntry, Peer, SetAside, Site, Stream
from db.moments import from_ms
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class Waiting:
    """Entries that the centre has not acknowledged, and when it was last heard of."""

    entries: int
    last_contact_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Guarded:
    """A pull that stopped because it would remove so many rows of a table."""

    feed: str
    table: str
    removed: int
    of: int


@dataclass(frozen=True, slots=True)
class SyncState:
    """`state` is the RoundState of the last round, None before the first; `reopened_at` and `reopened` tell of the
    newest epoch that was opened because an older copy or another machine was found; `days_silent`: since the last
    contact, None where the branch is not enrolled or the time is doubtful; `oldest_at`: of the entries that wait;
    `retry_at`: not before, where the centre asked to wait; `skew_ms`: how far the centre's clock is ahead of this."""

    enrolled: bool
    url: str | None
    waiting: int
    oldest_at: dt.datetime | None
    last_contact_at: dt.datetime | None
    state: str | None
    tried_at: dt.datetime | None
    retry_at: dt.datetime | None
    skew_ms: int | None
    cases: int
    set_aside: int
    guarded: tuple[Guarded, ...]
    reopened: str | None
    reopened_at: dt.datetime | None
    days_silent: int | None
    failures: int = 0


LAST_ROUND: Setting[dict[str, Any]] = Setting("last_round", {}, scope="sync")
"""How the last round ended: state, at and retry_at (ms), failures in a row, repaired rows, guarded [[feed, table,
removed, of] …]."""

WAITING = Frozen(
    sa.select(
        sa.func.coalesce(sa.select(sa.func.sum(Stream.head_seq - Stream.acked_seq)).scalar_subquery(), 0),
        sa.select(sa.func.max(Site.last_contact_at)).scalar_subquery(),
    ),
    lambda entries, contact: Waiting(int(entries), contact),
)
OLDEST: Frozen[int] = Frozen(
    sa.select(JournalEntry.at_ms)
    .join(Stream, sa.and_(Stream.device_id == JournalEntry.device_id, Stream.epoch == JournalEntry.epoch))
    .where(JournalEntry.seq == Stream.acked_seq + 1, JournalEntry.seq <= Stream.head_seq)
    .order_by(JournalEntry.at_ms)
    .limit(1),
    int,
)


def waiting_entries(reader: Reader) -> Waiting:
    """What the status line tells of synchronisation."""
    return reader.one(WAITING) or Waiting(0, None)


def sync_state(reader: Reader, now: dt.datetime, *, doubtful: bool = False) -> SyncState:
    """All that the window tells of synchronisation at the moment `now`."""
    site = reader.connection.execute(sa.select(Site.last_contact_at, Site.skew_ms)).first()
    peer = reader.connection.execute(sa.select(Peer.url, Peer.enrolled_at)).first()
    last = LAST_ROUND.read(reader)
    oldest = reader.one(OLDEST)
    epoch = reader.connection.execute(
        sa.select(Stream.reason, Stream.opened_at).where(Stream.closed_at.is_(None)).order_by(Stream.opened_at.desc())
    ).first()
    reopened = epoch if epoch is not None and epoch.reason != "new" else None
    contact = site.last_contact_at if site else None
    heard = contact or (peer.enrolled_at if peer else None)
    return SyncState(
        enrolled=peer is not None,
        url=peer.url if peer else None,
        waiting=waiting_entries(reader).entries,
        oldest_at=None if oldest is None else from_ms(oldest),
        last_contact_at=contact,
        state=last.get("state"),
        tried_at=_moment(last.get("at")),
        retry_at=_moment(last.get("retry_at")),
        skew_ms=site.skew_ms if site else None,
        cases=_count(reader, SyncCase.id, SyncCase.state == CaseState.OPEN, SyncCase.deleted_at.is_(None)),
        set_aside=_count(reader, SetAside.id, SetAside.replayed_at.is_(None)),
        guarded=tuple(Guarded(*one) for one in last.get("guarded", ())),
        reopened=reopened.reason if reopened else None,
        reopened_at=reopened.opened_at if reopened else None,
        days_silent=None if heard is None or doubtful else max(0, (now - heard).days),
        failures=last.get("failures", 0),
    )


def _moment(ms: int | None) -> dt.datetime | None:
    return None if ms is None else from_ms(ms)


def _count(reader: Reader, column: Any, *where: Any) -> int:
    return int(reader.connection.execute(sa.select(sa.func.count(column)).where(*where)).scalar_one())
