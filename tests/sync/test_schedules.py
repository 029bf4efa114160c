"""Schedules of faults over real branch libraries and a real centre: nothing that was acknowledged is lost, nothing is
applied twice, the order is kept, and when all is quiet both sides hold the same rows (sync-anchors 5).

Sixty of them in the suite, `PISHKHAN_SCHEDULES=1000` for all; a seed is a schedule."""

import os
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.centre import Centre
from app.library import Library
from app.sync.digests import compared
from app.sync.rows import Cipher, changes_of, row_hash
from app.sync.wire import FeedRow, decode
from db.frozen import Frozen
from db.journal import next_chain
from db.models.base import Base
from db.models.sync import JournalEntry, SetAside, Stream
from db.store import Store
from tests.sync.origin import copied, dropped, origin
from tests.sync.world import Device, World, versions_of

SCHEDULES = int(os.environ.get("PISHKHAN_SCHEDULES", "60"))
STEPS = 24
SLICES = 5


@contextmanager
def a_world(seed: int) -> Iterator[World]:
    """A fresh world."""
    made: list[str] = []

    def database(template: str | None) -> str:
        made.append(copied(template or origin().database))
        return made[-1]

    with tempfile.TemporaryDirectory(prefix="pishkhan-world-") as folder:
        world = World(seed, Path(folder), origin(), database)
        try:
            yield world
        finally:
            world.close()
            for name in made:
                dropped(name)


def run(seed: int) -> World:
    """One schedule from its seed; raises AssertionError for what is lost, doubled, out of order or different."""
    with a_world(seed) as world:
        for _ in range(STEPS):
            world.step()
        assert world.settle(), f"seed {seed}: it does not come to rest: {world.trace}"
        for fault in faults(world):
            raise AssertionError(f"seed {seed}: {fault}: {world.trace}")
        return world


def faults(world: World) -> Iterator[str]:
    """What is wrong when all is quiet."""
    yield from _streams(world)
    entries = _entries(world)
    applied = Counter(entry.eid.bytes for entry in entries if entry.applied)
    yield from (f"entry {eid.hex()} applied {times} times" for eid, times in applied.items() if times > 1)
    stored = {entry.eid.bytes for entry in entries}
    for device in world.devices:
        yield from (f"{device.name} holds {eid.hex()}, the centre does not" for eid in _held(device) - stored)
    yield from (f"acknowledged and lost: {eid.hex()}" for eid in world.acked - stored)
    aside = [entry for entry in entries if entry.eid.bytes not in applied]
    yield from (f"neither applied nor a case: {entry.kind}" for entry in aside[len(_cases(world)) :])
    if aside and not world.cloned:
        yield f"set aside without a second machine: {[entry.kind for entry in aside]}"
    waits = {row_id for entry in aside for row_id in _touched(entry)}
    if not aside:
        yield from world.stale
    yield from _differences(world, waits)


def _entries(world: World) -> list[Any]:
    columns = (JournalEntry.eid, JournalEntry.kind, JournalEntry.applied, JournalEntry.body, JournalEntry.personal)
    with world.centre.store.read() as reader:
        return list(reader.connection.execute(sa.select(*columns)))


def _cases(world: World) -> Sequence[uuid.UUID]:
    """Entries that a person has to look at: two machines gave the same number, say."""
    with world.centre.store.read() as reader:
        return reader.connection.execute(sa.select(SetAside.id)).scalars().all()


def _touched(entry: sa.Row[Any]) -> set[bytes]:
    return {change.row_id.bytes for change in changes_of(entry.body, None).changes}  # the personal parts are sealed


def _held(device: Device) -> set[bytes]:
    with device.library.store.read() as reader:
        query = sa.select(JournalEntry.eid).where(JournalEntry.moved.is_(False))
        return {eid.bytes for eid in reader.connection.execute(query).scalars()}


def _streams(world: World) -> Iterator[str]:
    """Sequences without gaps, chains unbroken, and the order of every stream that of the branch."""
    with world.centre.store.read() as reader:
        entries = reader.connection.execute(
            sa.select(
                JournalEntry.device_id, JournalEntry.epoch, JournalEntry.seq, JournalEntry.body, JournalEntry.chain
            )
            .where(JournalEntry.branch_id != world.centre.id)
            .order_by(JournalEntry.device_id, JournalEntry.epoch, JournalEntry.seq)
        ).all()
        heads = {
            (row.device_id, row.epoch): (row.acked_seq, row.acked_chain)
            for row in reader.connection.execute(
                sa.select(Stream.device_id, Stream.epoch, Stream.acked_seq, Stream.acked_chain)
            )
        }
    at: dict[Any, tuple[int, bytes]] = {}
    for entry in entries:
        stream = (entry.device_id, entry.epoch)
        seq, link = at.get(stream, (0, entry.epoch.to_bytes(8, "big")))
        if entry.seq != seq + 1 or entry.chain != next_chain(link, entry.body):
            yield f"stream {stream} is broken at {entry.seq}"
        at[stream] = (entry.seq, entry.chain)
    yield from (
        f"stream {stream}: acknowledged {heads.get(stream)}, there {end}"
        for stream, end in at.items()
        if heads.get(stream) != end
    )


def _differences(world: World, aside: set[bytes]) -> Iterator[str]:
    for device in world.devices:
        waits = aside | _waiting_here(device)
        yield from (f"{device.name}: {told}" for told in rows_that_differ(device.library, world.centre, waits))


def _waiting_here(device: Device) -> set[bytes]:
    """Rows of the centre that do not fit beside those of this disk: of two copies with one number, say."""
    with device.library.store.read() as reader:
        query = sa.select(SetAside.raw).where(SetAside.replayed_at.is_(None))
        return {decode(bytes(raw), FeedRow).row for raw in reader.connection.execute(query).scalars()}


def rows_that_differ(library: Library, centre: Centre, aside: Set[bytes] = frozenset()) -> Iterator[str]:
    """Every row that a branch owns, at the branch and at the centre, but for those that wait for a person."""
    branch = library.branch.id
    known = {table for store in (library.store, centre.store) for table, _ in versions_of(store, branch)}
    for model in (model for model in compared() if model.__tablename__ in known):
        ours, theirs = _rows(library.store, model, branch), _rows(centre.store, model, branch, centre.cipher)
        differ = [row for row in (ours.keys() | theirs.keys()) - aside if ours.get(row) != theirs.get(row)]
        if differ:
            yield f"{len(differ)} rows of {model.__tablename__} differ: {[row.hex() for row in differ[:3]]}"


def _rows(
    store: Store, model: type[Base], branch: uuid.UUID, cipher: Cipher | None = None
) -> dict[bytes, tuple[int, bytes]]:
    with store.read() as reader:
        found = reader.all(EVERY_ROW[model], branch=branch)
    return {row["id"].bytes: (row["ver"], row_hash(model, row, cipher)) for row in found}


def _every_row(model: type[Base]) -> Frozen[dict[str, Any]]:
    table = Base.metadata.tables[model.__tablename__]
    names = [column.name for column in table.columns]
    query = sa.select(table).where(table.c.branch_id == sa.bindparam("branch"))
    return Frozen(query, lambda *values: dict(zip(names, values, strict=True)))


EVERY_ROW = {model: _every_row(model) for model in compared()}


@pytest.mark.parametrize("part", range(SLICES))
def test_nothing_is_lost_doubled_or_different_whatever_goes_wrong(part: int) -> None:
    repaired = 0
    for seed in range(part, SCHEDULES, SLICES):
        world = run(seed)
        repaired += world.repaired if not world.restored else 0
    assert repaired == 0  # a repair where nothing was restored hides a bug
