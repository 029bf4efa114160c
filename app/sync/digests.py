"""Digests: do both sides hold the same rows of a branch? And the rows where they do not (sync-protocol 15).

Both sides use this module. Four questions, each a `Roots` in both directions; the branch asks, the centre answers by
`answer`, after it has let `fill_hashes` run until it returns None:

    roots    roots=[[entity, root, count] …] of all entities     → roots of the entities whose root is another
    buckets  buckets=[[entity, [[sum, count] × 256]] …]          → buckets=[[entity, [numbers of those that differ]] …]
    rows     buckets=[[entity, [numbers]] …]                     → rows=[[entity, [[id, ver, row hash] …]] …], and of
                                                                   which buckets, buckets=[[entity, [numbers]] …]
    fetch    rows=[[entity, [id …]] …]                           → rows=[[entity, [FeedRow …]] …]

A row weighs BLAKE2b-128(id ‖ ver ‖ row hash); a bucket is the sum of its rows mod 2^128, since with exclusive or pairs
would cancel; a root is the hash of the 256 sums. The bucket of a row is the first byte of BLAKE2b(id): the last byte of
the id would do for ids made here, but rows of old registers and of tests bear ids that were made otherwise.

Compared is what the branch owns. What the centre alone writes comes by the feeds, which know their position.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.sync.owners import CENTRE_ONLY, LARGE, PATCHED
from app.sync.rows import Cipher, row_hash
from app.sync.wire import FeedRow, Roots
from db.frozen import Frozen
from db.models.base import Base
from db.models.schema import synced_models
from db.reading import Reader
from db.types import Id
from db.wire import entities_by_number, entity, wire_columns
from db.writing import Tx

ROOTS, BUCKETS, ROWS, FETCH = "roots", "buckets", "rows", "fetch"
NUMBER = 256
FIRST = uuid.UUID(int=0)
MODULUS = 1 << 128
A_TURN, A_TURN_OF_FILES, A_TURN_OF_LARGE = 500, 10, 2
"""Row hashes computed in one transaction; of rows that hold files; of rows that hold large ones."""
MOST_ROWS, MOST_FETCHED = 20_000, 50


@dataclass(frozen=True, slots=True)
class Bucket:
    """The rows of one of 256 parts of a table, added up."""

    total: int = 0
    count: int = 0

    def plus(self, row_id: uuid.UUID, ver: int, rh: bytes) -> "Bucket":
        """With one more row."""
        return Bucket((self.total + weight(row_id, ver, rh)) % MODULUS, self.count + 1)

    def plain(self) -> list[Any]:
        """As sent."""
        return [self.total.to_bytes(16, "big"), self.count]


def compared() -> tuple[type[Base], ...]:
    """The tables that are compared, in the order of their numbers."""
    left_out = CENTRE_ONLY | PATCHED.keys()
    models = (model for model in synced_models().values() if model not in left_out)
    return tuple(sorted(models, key=lambda model: entity(model).number))


def bucket_of(row_id: uuid.UUID) -> int:
    """Which part of its table a row is in."""
    return hashlib.blake2b(row_id.bytes, digest_size=1).digest()[0]


def weight(row_id: uuid.UUID, ver: int, rh: bytes) -> int:
    """What a row adds to its bucket."""
    return int.from_bytes(hashlib.blake2b(row_id.bytes + ver.to_bytes(8, "big") + rh, digest_size=16).digest(), "big")


@dataclass(frozen=True, slots=True)
class Filled:
    """How far the filling is: in which table, after which row."""

    table: int = 0
    after: uuid.UUID | None = None


def fill_hashes(tx: Tx, branch_id: uuid.UUID, place: Filled = Filled(), cipher: Cipher | None = None) -> Filled | None:
    """Give row hashes to some rows that changed since they had one; where to go on, or None when all rows have one.

    To be called in one transaction after the other, so that the desk comes in between.
    """
    models = compared()
    for number in range(place.table, len(models)):
        after = place.after if number == place.table else None
        last = _fill(tx, models[number], branch_id, after or FIRST, cipher)
        if last is not None:
            return Filled(number, last)
    return None


def _fill(tx: Tx, model: type[Base], branch_id: uuid.UUID, after: uuid.UUID, cipher: Cipher | None) -> uuid.UUID | None:
    filling = _filling(model)
    rows = tx.all(filling.lacking, of_branch=branch_id, after=after)
    for row in rows:
        tx.execute(filling.keep, of_row=row["id"], at_ver=row["ver"], hash=row_hash(model, row, cipher))
    return rows[-1]["id"] if rows else None


@dataclass(frozen=True, slots=True)
class _Filling:
    """The statements that fill one table; made once, since a branch goes through all tables every day."""

    lacking: Frozen[dict[str, Any]]
    keep: sa.Update


@cache
def _filling(model: type[Base]) -> _Filling:
    table = Base.metadata.tables[model.__tablename__]
    names = [column.name for column in table.columns]
    files = any(isinstance(column.type, sa.LargeBinary) for column in wire_columns(model))
    turn = A_TURN_OF_LARGE if model in LARGE else A_TURN_OF_FILES if files else A_TURN
    lacking = (
        sa.select(table)
        .where(
            table.c.branch_id == sa.bindparam("of_branch", type_=Id()),
            table.c.rh.is_(None),
            table.c.id > sa.bindparam("after", type_=Id()),
        )
        .order_by(table.c.id)
        .limit(turn)
    )
    keep = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("of_row", type_=Id()), table.c.ver == sa.bindparam("at_ver"))
        .values(rh=sa.bindparam("hash"))
    )
    return _Filling(Frozen(lacking, lambda *values: dict(zip(names, values, strict=True))), keep)


def buckets_of(reader: Reader, model: type[Base], branch_id: uuid.UUID) -> list[Bucket]:
    """The 256 buckets of a table. Rows without a row hash count as they are: fill them first."""
    parts = [Bucket()] * NUMBER
    for row_id, ver, rh in _weighed(reader, model, branch_id):
        place = bucket_of(row_id)
        parts[place] = parts[place].plus(row_id, ver, rh)
    return parts


def root_of(parts: Sequence[Bucket]) -> bytes:
    """The root over the buckets of a table."""
    return hashlib.blake2b(b"".join(part.total.to_bytes(16, "big") for part in parts), digest_size=16).digest()


def rows_of(
    reader: Reader, model: type[Base], branch_id: uuid.UUID, numbers: frozenset[int]
) -> list[tuple[uuid.UUID, int, bytes]]:
    """Id, version and row hash of the rows of these buckets."""
    return [row for row in _weighed(reader, model, branch_id) if bucket_of(row[0]) in numbers]


def _weighed(reader: Reader, model: type[Base], branch_id: uuid.UUID) -> Iterator[tuple[uuid.UUID, int, bytes]]:
    return reader.each(_weighing(model), of_branch=branch_id)


@cache
def _weighing(model: type[Base]) -> Frozen[tuple[uuid.UUID, int, bytes]]:
    table = Base.metadata.tables[model.__tablename__]
    query = sa.select(table.c.id, table.c.ver, table.c.rh)
    return Frozen(
        query.where(table.c.branch_id == sa.bindparam("of_branch", type_=Id())),
        lambda row_id, ver, rh: (row_id, ver, bytes(rh or b"")),
    )


@dataclass(frozen=True)
class Digests:
    """All buckets of a branch, in one view of the database."""

    device: bytes
    parts: Mapping[int, Sequence[Bucket]]

    @classmethod
    def of(cls, reader: Reader, branch_id: uuid.UUID, device: bytes) -> "Digests":
        """Read them."""
        return cls(device, {entity(model).number: buckets_of(reader, model, branch_id) for model in compared()})

    def roots(self) -> Roots:
        """The first question."""
        told = [[number, root_of(parts), sum(part.count for part in parts)] for number, parts in self.parts.items()]
        return Roots(self.device, ROOTS, roots=told)

    def buckets(self, numbers: Sequence[int]) -> Roots:
        """The second one: of the entities that differ."""
        told = [[number, [part.plain() for part in self.parts[number]]] for number in numbers if number in self.parts]
        return Roots(self.device, BUCKETS, buckets=told)


Fetch: TypeAlias = Callable[[type[Base], Sequence[uuid.UUID]], Sequence[FeedRow]]
"""The rows of these ids as the feed would send them."""


def answer(reader: Reader, branch_id: uuid.UUID, asked: Roots, fetch: Fetch) -> Roots:
    """What the centre says to a question of a branch. A table it does not know is not compared."""
    known = entities_by_number()
    allowed = set(compared())
    models = {number: model for number, model in known.items() if model in allowed}
    if asked.step == ROOTS:
        return _answer_roots(reader, branch_id, asked, models)
    if asked.step == BUCKETS:
        return _answer_buckets(reader, branch_id, asked, models)
    if asked.step == ROWS:
        return _answer_rows(reader, branch_id, asked, models)
    told = [
        [number, list(fetch(models[number], [uuid.UUID(bytes=row) for row in ids[: _at_most(models[number])]]))]
        for number, ids in dict(asked.rows[:MOST_FETCHED]).items()
        if number in models
    ]
    return Roots(asked.device, FETCH, rows=told)


def _at_most(model: type[Base]) -> int:
    """Rows that are told at once."""
    return 1 if model in LARGE else MOST_FETCHED


Models: TypeAlias = Mapping[int, type[Base]]


def _answer_roots(reader: Reader, branch_id: uuid.UUID, asked: Roots, models: Models) -> Roots:
    told = []
    for number, root, count in asked.roots:
        if number in models:
            parts = buckets_of(reader, models[number], branch_id)
            ours = [number, root_of(parts), sum(part.count for part in parts)]
            if ours[1:] != [root, count]:
                told.append(ours)
    return Roots(asked.device, ROOTS, roots=told)


def _answer_buckets(reader: Reader, branch_id: uuid.UUID, asked: Roots, models: Models) -> Roots:
    told = []
    for number, theirs in asked.buckets:
        if number in models:
            ours = (part.plain() for part in buckets_of(reader, models[number], branch_id))
            pairs = zip(ours, theirs, strict=True)
            told.append([number, [place for place, (mine, other) in enumerate(pairs) if mine != list(other)]])
    return Roots(asked.device, BUCKETS, buckets=told)


def _answer_rows(reader: Reader, branch_id: uuid.UUID, asked: Roots, models: Models) -> Roots:
    told, whole = [], []
    for number, places in asked.buckets:
        if number in models:
            found: dict[int, list[Any]] = {place: [] for place in places}
            for row_id, ver, rh in rows_of(reader, models[number], branch_id, frozenset(places)):
                found[bucket_of(row_id)].append([row_id.bytes, ver, rh])
            fit = _as_many(found)
            told.append([number, [row for place in fit for row in found[place]]])
            whole.append([number, fit])
    return Roots(asked.device, ROWS, rows=told, buckets=whole)


def _as_many(found: Mapping[int, Sequence[Any]]) -> list[int]:
    """The buckets that an answer holds, whole: a row that were left out would look lost. One at least."""
    fit, total = list[int](), 0
    for place, rows in found.items():
        total += len(rows)
        if fit and total > MOST_ROWS:
            break
        fit.append(place)
    return fit
