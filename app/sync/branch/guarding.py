"""The guard against mass deletion: a pull that would remove very much stops and asks (sync-protocol 8). No way leads
round it but a person's word."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.actions import Action
from app.library import Library
from app.outcome import Refused
from app.settings import Setting
from app.sync.branch.cursors import position
from app.sync.owners import Feed
from app.sync.wire import FeedRow
from db.act import Act
from db.models.base import Base
from db.models.schema import METADATA
from db.reading import Reader
from db.wire import entities_by_number

MOST, PART, HARMLESS = 200, 20, 20
"""More than 200 rows of a table, or more than its twentieth part (5 %); a handful is everyday work in a small table."""
LIFTED: Setting[dict[str, list[int]]] = Setting("guard_lifted", {}, scope="sync")
"""Feeds whose next pull may remove what it will: the position (feed epoch, place) from which on it may."""


@dataclass(frozen=True, slots=True)
class RemovalConfirmed:
    """The next pull goes on where this one stopped."""

    feeds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TooMany:
    """A table and what a pull would remove of it."""

    table: str
    removed: int
    of: int


def too_many(removed: int, of: int) -> bool:
    """Whether so many of so many rows are more than may go unasked."""
    return removed > HARMLESS and (removed > MOST or removed * PART > of)


class Guard:
    """Counts what one pull removes, table by table."""

    def __init__(self) -> None:
        self._removed: Counter[type[Base]] = Counter()

    def against(self, reader: Reader, rows: Iterable[FeedRow], ended: Iterable[tuple[int, bytes]]) -> TooMany | None:
        """What speaks against taking these rows too; they are counted when nothing does."""
        going: Counter[type[Base]] = Counter(self._removed)
        for model, ids in _leaving(rows, ended).items():
            live = _live(reader, model, ids)
            going[model] += live
            if live and (stopped := _stopped(reader, model, going[model], self._removed[model])):
                return stopped
        self._removed = going
        return None


def _leaving(rows: Iterable[FeedRow], ended: Iterable[tuple[int, bytes]]) -> Mapping[type[Base], list[uuid.UUID]]:
    known = entities_by_number()
    leaving: dict[type[Base], list[uuid.UUID]] = {}
    gone = [(row.entity, row.row) for row in rows if row.deleted_ms is not None]
    for number, row_id in (*gone, *ended):
        if number in known:
            leaving.setdefault(known[number], []).append(uuid.UUID(bytes=row_id))
    return leaving


def _live(reader: Reader, model: type[Base], ids: list[uuid.UUID]) -> int:
    table = METADATA.tables[model.__tablename__]
    query = sa.select(sa.func.count()).where(table.c.id.in_(ids), table.c.deleted_at.is_(None))
    return int(reader.connection.execute(query).scalar_one())


def _stopped(reader: Reader, model: type[Base], removed: int, already: int) -> TooMany | None:
    if removed <= HARMLESS:
        return None
    table = METADATA.tables[model.__tablename__]
    left = sa.select(sa.func.count()).select_from(table).where(table.c.deleted_at.is_(None))
    of = int(reader.connection.execute(left).scalar_one()) + already
    return TooMany(model.__tablename__, removed, of) if too_many(removed, of) else None


def is_lifted(reader: Reader, feed: Feed) -> bool:
    """Whether a person has let the next pull of this feed remove what it will."""
    return feed.value in LIFTED.read(reader)


def confirm_removal(library: Library, feeds: Iterable[str], act: Act) -> RemovalConfirmed | Refused:
    """Let the next pull of these feeds remove what it stopped at: a person has looked at it."""
    forbidden = library.forbids(act, Action.SET_LIBRARY)
    if forbidden:
        return Refused(forbidden)
    identity = library.store.identity
    if identity is None:
        raise RuntimeError("the store has not been set up")
    named = tuple(Feed(feed) for feed in feeds)
    with library.store.write() as tx:
        places = {feed.value: position(tx, identity.device_id, feed) for feed in named}
        lifted: dict[str, Any] = {name: [place.epoch, place.pos] for name, place in places.items()}
        LIFTED.write(tx, LIFTED.read(tx) | lifted)
    return RemovalConfirmed(tuple(feed.value for feed in named))
