"""Digests once a day, and repair of what they find (sync-protocol 15).

The centre's row is as new or newer: it is taken. Ours is newer, or the centre has none: a `repair` entry tells it in
full. Nobody ever copies a digest. A repair without a known restore is a bug, so each is counted.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from app.clock import day_of
from app.settings import Setting
from app.sync.branch.streams import touched_by_waiting, waiting
from app.sync.branch.taking import SLICE, take_rows
from app.sync.branch.talk import Talk
from app.sync.digests import FETCH, MOST_FETCHED, ROWS, Digests, Filled, fill_hashes, root_of, rows_of
from app.sync.line import Call
from app.sync.owners import LARGE, Feed
from app.sync.wire import FeedRow, Roots
from db.models.base import Base
from db.models.schema import METADATA
from db.models.sync import Digest
from db.wire import entities_by_number, entity
from db.writing import Tx

SOURCE = "digest"
REPAIR = "repair"
BUCKETS_AT_ONCE = 16
MOST_TOLD = 64 << 10
"""Bytes of files and texts in one repair entry, about."""
TOLD: Setting[dict[str, Any]] = Setting("repaired", {}, scope="sync")
"""Rows told by repair entries, by id and version, since the centre had its present epoch: each is told once. One that
the centre set aside would otherwise be told every day for ever."""
Held = dict[uuid.UUID, tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class _Differing:
    """Rows of a table that both sides do not hold alike: to be taken from the centre, to be told to it."""

    model: type[Base]
    wanted: tuple[uuid.UUID, ...]
    lost: tuple[uuid.UUID, ...]


def compare_if_due(talk: Talk) -> bool:
    """Compare once a day, or when the centre asks; whether entries were written that have to be pushed now.

    Only while nothing is on its way and the feed has been read to its end: otherwise the two differ rightly.
    """
    if not _is_due(talk) or Feed.BRANCH.value not in talk.read_to_end:
        return False
    _fill(talk)
    with talk.store.read() as reader:
        if waiting(reader, talk.device):
            return False
        mine = Digests.of(reader, talk.branch_id, talk.device.bytes)
    differing = [number for number, *_ in talk.ask(Call.DIGEST, mine.roots(), Roots).roots]
    told = 0
    if differing:
        places = talk.ask(Call.DIGEST, mine.buckets(differing), Roots).buckets
        told = sum(_mend(talk, found) for found in _differing(talk, places))
    _remember(talk, mine)
    talk.steps.reached("digest.done")
    return told > 0


def _is_due(talk: Talk) -> bool:
    if "digest_now" in talk.said.commands:
        return True
    with talk.store.read() as reader:
        last: dt.datetime | None = reader.connection.execute(
            sa.select(sa.func.max(Digest.computed_at)).where(Digest.branch_id == talk.branch_id)
        ).scalar()
    return last is None or day_of(last) != talk.library.clock.read().day


def _fill(talk: Talk) -> None:
    place: Filled | None = Filled()
    while place is not None:
        with talk.store.write() as tx:
            place = fill_hashes(tx, talk.branch_id, place)
        talk.pause()


def _differing(talk: Talk, places: Sequence[Sequence[Any]]) -> Iterator[_Differing]:
    known = entities_by_number()
    for number, numbers in places:
        left = list(numbers)
        while left:
            some = left[:BUCKETS_AT_ONCE]
            answered = talk.ask(Call.DIGEST, Roots(talk.device.bytes, ROWS, buckets=[[number, some]]), Roots)
            theirs = {uuid.UUID(bytes=row): (ver, bytes(rh)) for _, rows in answered.rows for row, ver, rh in rows}
            whole = {place for _, told in answered.buckets for place in told} & set(some) or set(some)
            left = [place for place in left if place not in whole]  # what the answer had no room for is asked again
            found = _compared(talk, known[number], frozenset(whole), theirs)
            if found.wanted or found.lost:
                yield found


def _compared(talk: Talk, model: type[Base], numbers: frozenset[int], theirs: Held) -> _Differing:
    with talk.store.read() as reader:
        mine = {row: (ver, rh) for row, ver, rh in rows_of(reader, model, talk.branch_id, numbers)}
        busy = {uuid.UUID(bytes=row) for number, row in touched_by_waiting(reader, talk.device)}
    wanted = [row for row, (ver, rh) in theirs.items() if row not in busy and _is_theirs(mine.get(row), ver, rh)]
    lost = [row for row, (ver, _) in mine.items() if row not in busy and ver > theirs.get(row, (0, b""))[0]]
    return _Differing(model, tuple(sorted(wanted)), tuple(sorted(lost)))


def _is_theirs(mine: tuple[int, bytes] | None, ver: int, rh: bytes) -> bool:
    return mine is None or ver > mine[0] or (ver == mine[0] and rh != mine[1])


def _mend(talk: Talk, found: _Differing) -> int:
    """Put it right; how many rows were told to the centre."""
    fetched, told = (1, 1) if found.model in LARGE else (MOST_FETCHED, SLICE)
    for first in range(0, len(found.wanted), fetched):
        _adopt(talk, found.model, found.wanted[first : first + fetched])
        talk.pause()
    turns = (found.lost[place : place + told] for place in range(0, len(found.lost), told))
    return sum(_tell(talk, found.model, ids) for ids in turns)


def _adopt(talk: Talk, model: type[Base], ids: Sequence[uuid.UUID]) -> None:
    asked = Roots(talk.device.bytes, FETCH, rows=[[entity(model).number, [row.bytes for row in ids]]])
    answered = talk.ask(Call.DIGEST, asked, Roots).rows
    rows = [msgspec.convert(row, FeedRow) for _, found in answered for row in found]
    with talk.store.write() as tx:
        taken = take_rows(talk.library, tx, talk.device, SOURCE, rows)
    talk.repaired += taken.rows
    talk.steps.reached("digest.adopted")


def _tell(talk: Talk, model: type[Base], ids: Sequence[uuid.UUID]) -> int:
    """Tell rows in full that the centre has lost, or has only as they were before."""
    table = METADATA.tables[model.__tablename__]
    with talk.store.write() as tx:
        told = _told(talk, tx)
        rows = tx.connection.execute(sa.select(table).where(table.c.id.in_(ids)).order_by(table.c.id)).mappings()
        lost = [dict(row) for row in rows.all() if told.get(row["id"].hex, 0) < row["ver"]]
        _retell(talk, tx, model, lost)
        told.update({row["id"].hex: row["ver"] for row in lost})
        TOLD.write(tx, {"server_epoch": talk.said.server_epoch, "rows": told})
    talk.repaired += len(lost)
    talk.steps.reached("digest.told")
    return len(lost)


def _retell(talk: Talk, tx: Tx, model: type[Base], lost: Sequence[Mapping[str, Any]]) -> None:
    act, size = talk.act(), 0
    for row in lost:
        size += sum(len(value) for value in row.values() if isinstance(value, bytes | str))
        if size > MOST_TOLD:  # an entry is sent whole
            tx.make_room(REPAIR, act, tx.room + 1)
            size = 0
        tx.retell(model, row)
    if lost:
        tx.record(REPAIR, act)


def _told(talk: Talk, tx: Tx) -> dict[str, int]:
    kept = TOLD.read(tx)
    rows: dict[str, int] = kept.get("rows", {})
    return dict(rows) if kept.get("server_epoch") == talk.said.server_epoch else {}


def _remember(talk: Talk, mine: Digests) -> None:
    """What was compared, and when."""
    known = entities_by_number()
    at = talk.library.clock.read().at
    rows = [
        {"branch_id": talk.branch_id, "entity": known[number].__tablename__, "root": root_of(parts), "computed_at": at}
        for number, parts in mine.parts.items()
    ]
    with talk.store.write() as tx:
        tx.connection.execute(sa.delete(Digest).where(Digest.branch_id == talk.branch_id))
        tx.connection.execute(sa.insert(Digest), rows)
