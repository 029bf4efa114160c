"""Rows of a feed onto our rows: a slice a transaction, each with the position it leads to. What cannot be applied is
set aside, never dropped, and tried again (sync-protocol 7, 8)."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.library import RULES, Library
from app.sync.apply import NotAppliedError, Ready, ready, take
from app.sync.branch.cursors import Position, move_to
from app.sync.branch.numbers import raise_numbers
from app.sync.branch.streams import touched_by_waiting
from app.sync.derived import settle
from app.sync.owners import OF_POLICY, Feed
from app.sync.rows import UnknownError
from app.sync.wire import FeedRow, MalformedError, decode, encode
from db.applying import applying
from db.journal import SCHEMA_VERSION
from db.models.base import Base
from db.models.library import Branch, Permission
from db.models.schema import METADATA
from db.models.sync import SetAside
from db.store import Store
from db.types import new_id
from db.wire import entities_by_number
from db.writing import NEXT_NUMBER, Tx

SLICE = 25
"""Rows of a feed in one transaction: half of what is allowed, so that a loan waits a millisecond or two for it."""
RESTS_AFTER = 20
"""Slices after which their pages move into the file. That goes on beside the desk; left to a commit, the desk would
wait for it."""
RULED_BY = frozenset({*OF_POLICY, Branch, Permission})
"""Tables whose change every desk must read anew."""
NEWER = "schema"

_Read: TypeAlias = "tuple[FeedRow, Ready | str]"
"""A row as it came, and its values; or why it cannot be taken."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of rows: how many were taken, how many are set aside."""

    rows: int = 0
    set_aside: int = 0

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(self.rows + other.rows, self.set_aside + other.set_aside)


def in_slices(rows: Sequence[FeedRow], store: Store, pause: Callable[[], None]) -> Iterator[Sequence[FeedRow]]:
    """Rows, a transaction's worth at a time; after each of these the desk goes first."""
    for number, first in enumerate(range(0, len(rows), SLICE), 1):
        yield rows[first : first + SLICE]
        pause()
        if number % RESTS_AFTER == 0:
            store.rest()


def take_slice(library: Library, device: uuid.UUID, feed: Feed, rows: Sequence[FeedRow], place: Position) -> Taken:
    """Take a slice of rows and stand at `place`, in one transaction.

    A row that an entry still on its way has changed here is passed over: once the centre has the entry, the row has a
    newer version, which comes.
    """
    read = [_read(row, library.store.dialect.name) for row in rows]
    with library.store.write() as tx:
        taken = _take_read(library, tx, device, feed.value, read)
        move_to(tx, device, feed, place)
    return taken


def take_rows(library: Library, tx: Tx, device: uuid.UUID, source: str, rows: Sequence[FeedRow]) -> Taken:
    """The same inside somebody's transaction."""
    return _take_read(library, tx, device, source, [_read(row, library.store.dialect.name) for row in rows])


def _read(row: FeedRow, dialect: str) -> _Read:
    """A row and what it says, or why it cannot be taken. Done before anybody has to wait for the database."""
    if row.schema > SCHEMA_VERSION:
        return row, NEWER
    try:
        return row, ready(row, dialect)
    except UnknownError:
        return row, NEWER
    except (NotAppliedError, MalformedError) as error:
        return row, error.reason


def _take_read(library: Library, tx: Tx, device: uuid.UUID, source: str, rows: Sequence[_Read]) -> Taken:
    if not rows:
        return Taken()
    ours = touched_by_waiting(tx, device)
    wanted = [one for one in rows if (one[0].entity, one[0].row) not in ours]
    with applying(tx, library.store.dialect.name):
        done = _all_at_once(tx, wanted, library.store)
        aside = 0
        if done is None:
            done, aside = _one_by_one(tx, library, source, wanted)
        settle(tx, done, library.store.dialect.name)
    raise_numbers(tx, [(row.model, row.id) for row in done])
    _tell_rules(tx, {row.model for row in done})
    return Taken(len(done), aside)


def _all_at_once(tx: Tx, rows: Sequence[_Read], store: Store) -> list[Ready] | None:
    """Take rows that all fit, under one savepoint; None, and nothing taken, where one of them does not."""
    fit = [said for _, said in rows if isinstance(said, Ready)]
    if len(fit) < len(rows):
        return None
    unfit: tuple[type[Exception], ...] = (NotAppliedError, *_refusals_of(store))
    tx.run("SAVEPOINT all_rows")
    try:
        done = [row for row in fit if take(tx, row)]
    except unfit:
        tx.run("ROLLBACK TO SAVEPOINT all_rows")
        return None
    finally:
        tx.run("RELEASE SAVEPOINT all_rows")
    return done


def _one_by_one(tx: Tx, library: Library, source: str, rows: Sequence[_Read]) -> tuple[list[Ready], int]:
    """Take every row that fits, and keep the others: the rows taken, and how many are newly set aside."""
    done, aside = [], 0
    for row, said in rows:
        reason = said if isinstance(said, str) else _try(tx, said, library.store)
        if reason is None and isinstance(said, Ready):
            done.append(said)
        elif reason:
            aside += _put_aside(tx, library, source, row, reason)
    return done, aside


def _try(tx: Tx, row: Ready, store: Store) -> str | None:
    """Take one row: None when it was taken, "" when ours is as new, otherwise why it could not be."""
    tx.run("SAVEPOINT one_row")
    try:
        taken = take(tx, row)
    except NotAppliedError as error:
        reason = error.reason
    except _refusals_of(store):
        reason = "constraint"
    else:
        tx.run("RELEASE SAVEPOINT one_row")
        return None if taken else ""
    tx.run("ROLLBACK TO SAVEPOINT one_row")
    tx.run("RELEASE SAVEPOINT one_row")
    return reason


def _refusals_of(store: Store) -> tuple[type[Exception], ...]:
    """What is raised for a row that does not fit: by SQLAlchemy, and by the driver, since frozen statements go past
    it."""
    driver: Any = store.dialect.loaded_dbapi
    return (sa.exc.IntegrityError, sa.exc.DataError, driver.IntegrityError, driver.DataError)


def _put_aside(tx: Tx, library: Library, source: str, row: FeedRow, reason: str) -> int:
    """Keep a row raw; only the newest version of it waits. Its position is the end of its id, wherever it came from."""
    position = int.from_bytes(row.row[-7:], "big")
    owner = uuid.UUID(bytes=row.branch)
    waiting = (SetAside.position == position, SetAside.branch_id == owner, SetAside.replayed_at.is_(None))
    known = tx.connection.execute(sa.select(SetAside.id).where(*waiting)).first()
    tx.connection.execute(sa.delete(SetAside).where(*waiting))
    tx.connection.execute(
        sa.insert(SetAside).values(
            id=new_id(), branch_id=owner, source=source, position=position, raw=encode(row),
            reason=reason, schema_version=row.schema, at=library.clock.read().at,
        )
    )  # fmt: skip
    return 0 if known else 1


def _tell_rules(tx: Tx, models: set[type[Base]]) -> None:
    """Let every desk read its rules again. The count is of this database alone: no entry tells it."""
    if models & RULED_BY:
        tx.one(NEXT_NUMBER, branch=tx.identity.branch_id, name=RULES)


def remove_ended(tx: Tx, ended: Iterable[tuple[int, bytes]]) -> int:
    """Rows the branch no longer subscribes to go, without a trace; never rows of its own."""
    gone = 0
    known = entities_by_number()
    for number, row_id in ended:
        if number in known:
            table = METADATA.tables[known[number].__tablename__]
            others = (table.c.id == uuid.UUID(bytes=row_id), table.c.branch_id != tx.identity.branch_id)
            gone += tx.connection.execute(sa.delete(table).where(*others)).rowcount
    return gone


def replay(library: Library, device: uuid.UUID) -> int:
    """Try once more what was set aside: a row that came before the one it needs, a schema that is known by now.
    Returns how many were taken, or have been overtaken by newer versions."""
    with library.store.read() as reader:
        query = sa.select(SetAside.id).where(
            SetAside.replayed_at.is_(None), sa.func.coalesce(SetAside.schema_version, 0) <= SCHEMA_VERSION
        )
        waiting = list(reader.connection.execute(query.order_by(SetAside.at, SetAside.id)).scalars())
    return sum(_replay(library, device, waiting[place : place + SLICE]) for place in range(0, len(waiting), SLICE))


def _replay(library: Library, device: uuid.UUID, ids: Sequence[uuid.UUID]) -> int:
    with library.store.write() as tx:
        kept = list(tx.connection.execute(sa.select(SetAside.id, SetAside.raw).where(SetAside.id.in_(ids))))
        ours = touched_by_waiting(tx, device)
        done: list[Ready] = []
        settled = []
        with applying(tx, library.store.dialect.name):
            for aside_id, raw in kept:
                row = decode(bytes(raw), FeedRow)
                if (row.entity, row.row) in ours:
                    continue
                said = _read(row, library.store.dialect.name)[1]
                reason = said if isinstance(said, str) else _try(tx, said, library.store)
                if not reason:
                    settled.append(aside_id)
                if reason is None and isinstance(said, Ready):
                    done.append(said)
            settle(tx, done, library.store.dialect.name)
        raise_numbers(tx, [(row.model, row.id) for row in done])
        _tell_rules(tx, {row.model for row in done})
        at = library.clock.read().at
        over = {"replayed_at": at, "raw": b""}  # what may tell of a reader stands in the row now, where it is erased
        tx.connection.execute(sa.update(SetAside).where(SetAside.id.in_(settled)).values(over))
    return len(settled)
