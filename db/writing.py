"""Writing inside a transaction: every change of a synced row is remembered and must end in exactly one journal
entry, or in several where one cannot hold them all."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import sqlalchemy as sa

from db.act import Act
from db.changes import AFTER_IMAGE, FIELD_PATCH, TOMBSTONE, Change, full_row, insert_statement, update_statement
from db.frozen import Compiled, Frozen, Parameters
from db.journal import MOST_CHANGES, Entry, Intent, make_entry
from db.models.base import Base
from db.models.sync import DoneRequest, JournalEntry, Site, Stream
from db.reading import Reader
from db.trouble import StaleRowError
from db.types import Id


@dataclass(frozen=True, slots=True)
class Identity:
    """Which branch, device and epoch this database writes as."""

    branch_id: uuid.UUID
    device_id: uuid.UUID
    epoch: int


class Versioned(Protocol):
    """A row that was read: it knows its id and version."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def ver(self) -> int: ...


STREAM = Stream.__table__
HEAD = Frozen(
    sa.select(Stream.head_seq, Stream.head_chain)
    .where(
        Stream.device_id == sa.bindparam("device_id"),
        Stream.epoch == sa.bindparam("epoch"),
        Stream.closed_at.is_(None),
    )
    .with_for_update(),
    lambda seq, chain: (seq, bytes(chain)),
)
OPEN_EPOCH = Frozen(sa.select(Site.epoch), lambda epoch: (epoch,))
SET_HEAD = (
    sa.update(Stream)
    .where(Stream.device_id == sa.bindparam("device"), Stream.epoch == sa.bindparam("in_epoch"))
    .values(head_seq=sa.bindparam("seq"), head_chain=sa.bindparam("chain"))
)
INSERT_ENTRY = sa.insert(JournalEntry).values({c.name: sa.bindparam(c.name) for c in JournalEntry.__table__.columns})
INSERT_REQUEST = sa.insert(DoneRequest).values(key=sa.bindparam("key"), eid=sa.bindparam("eid"))
# The row of a series is made or raised in one statement: of two desks that take its first number at once the slower one
# waits for the faster and goes on from there.
TAKEN = (
    "INSERT INTO counter (branch_id, name, value) VALUES (:branch, :name, {first}) "
    "ON CONFLICT (branch_id, name) DO UPDATE"
)
OF_A_SERIES = (sa.bindparam("branch", type_=Id()), sa.bindparam("name", type_=sa.String()))
NEXT_NUMBER: Frozen[int] = Frozen(
    sa.text(TAKEN.format(first=1) + " SET value = counter.value + 1 RETURNING value").bindparams(*OF_A_SERIES), int
)
RAISE_NUMBER = sa.text(
    TAKEN.format(first=":to") + " SET value = excluded.value WHERE counter.value < excluded.value"
).bindparams(*OF_A_SERIES)


class Tx(Reader):
    """A transaction that writes."""

    def __init__(
        self, connection: sa.Connection, compiled: Callable[[sa.Executable], Compiled], identity: Identity | None
    ) -> None:
        super().__init__(connection, compiled)
        self._identity = identity
        self._changes: list[Change] = []
        self.touched: dict[tuple[type[Base], uuid.UUID], None] = {}
        """The synced rows that this transaction changed, in order."""
        self._numbered: set[str] = set()
        self._recorded: Entry | None = None
        self._in_parts = False

    @property
    def identity(self) -> Identity:
        """Who this database writes as."""
        if self._identity is None:
            raise RuntimeError("the store has not been set up")
        return self._identity

    def insert(self, model: type[Base], /, **values: Any) -> uuid.UUID:
        """Add a row; columns left out take their default. Returns its id."""
        row = full_row(model, self.identity.branch_id, values)
        self.execute(insert_statement(model), **row)
        self._remember(Change(model, row["id"], 0, AFTER_IMAGE, row, {}))
        row_id: uuid.UUID = row["id"]
        return row_id

    def update(self, model: type[Base], row: Versioned, /, **values: Any) -> None:
        """Change columns of a row that was read in this transaction; `row` must carry their former values.

        Raises StaleRowError when another desk changed it meanwhile.
        """
        before = {name: getattr(row, name) for name in values}
        self._update(model, row, values)
        self._remember(Change(model, row.id, row.ver, FIELD_PATCH, values, before))

    def remove(self, model: type[Base], row: Versioned, act: Act, /) -> None:
        """Leave a tombstone; nothing that travels is ever deleted physically (sync-protocol 13)."""
        self._update(model, row, {"deleted_at": act.at})
        self._remember(Change(model, row.id, row.ver, TOMBSTONE, {}, {"deleted_at": None}))

    def retell(self, model: type[Base], row: Mapping[str, Any], /) -> None:
        """Tell a row once more as it stands, in full, because the other side has lost it. Nothing changes here."""
        gone = row["deleted_at"] is not None
        self._remember(Change(model, row["id"], max(row["ver"] - 1 - gone, 0), AFTER_IMAGE, dict(row), {}))
        if gone:
            self._remember(Change(model, row["id"], row["ver"] - 1, TOMBSTONE, {}, {}))

    def _update(self, model: type[Base], row: Versioned, values: dict[str, Any]) -> None:
        statement = update_statement(model, frozenset(values))
        named = {f"new_{name}": value for name, value in values.items()}
        cursor = self.execute(statement, row_id=row.id, base_ver=row.ver, new_ver=row.ver + 1, **named)
        if cursor.rowcount != 1:
            raise StaleRowError(model.__tablename__, row.id)

    def _remember(self, change: Change) -> None:
        if self._recorded is not None:
            raise RuntimeError(f"{change.model.__tablename__} changed after the journal entry was written")
        self._changes.append(change)
        self.touched[change.model, change.row_id] = None

    def execute(self, statement: sa.Executable, /, **values: Any) -> Any:
        """Run a long-lived statement with named values; returns the driver's cursor."""
        compiled = self._compiled(statement)
        return self.driver.execute(compiled.sql, compiled.bind(values))

    def add(self, model: type[Base], row: Parameters, /) -> bool:
        """Add a row that has been bound before to `insert_statement`; False where one of its id is here already."""
        sql = self._compiled(insert_statement(model)).sql
        cursor = self.driver.execute(f"{sql} ON CONFLICT (id) DO NOTHING", row)
        added: bool = cursor.rowcount == 1
        return added

    def next_number(self, name: str) -> int:
        """The next number of a gap-free series of this branch (accession, receipt …), taken with this transaction."""
        number = self.one(NEXT_NUMBER, branch=self.identity.branch_id, name=name)
        if number is None:
            raise RuntimeError(f"no number of {name}")
        self._numbered.add(name)
        return number

    def raise_number(self, name: str, number: int) -> None:
        """Let a series go on above a number that came from outside (an old register)."""
        self.execute(RAISE_NUMBER, branch=self.identity.branch_id, name=name, to=number)

    @property
    def room(self) -> int:
        """How many more changes one entry can tell."""
        return MOST_CHANGES - len(self._changes)

    def record(self, kind: str, act: Act, intent: Intent | None = None, undoes: uuid.UUID | None = None) -> Entry:
        """Write the one journal entry of this transaction over all its changes. Last step of every use case."""
        if self._recorded is not None:
            raise RuntimeError("a transaction writes one journal entry")
        self._recorded = self._write_entry(kind, act, intent, undoes)
        return self._recorded

    def make_room(self, kind: str, act: Act, changes: int) -> None:
        """Let a deed that is bigger than one entry go on: where `changes` more do not fit, those made so far are told
        in an entry of their own, without the key of the request. The transaction still ends in `record`, so all of its
        entries are there or none is."""
        if self._changes and self.room < changes:
            self._write_entry(kind, replace(act, key=None), None, None)
            self._changes = []
            self._in_parts = True

    def _write_entry(self, kind: str, act: Act, intent: Intent | None, undoes: uuid.UUID | None) -> Entry:
        head = self.one(HEAD, device_id=self.identity.device_id, epoch=self.identity.epoch) or self._head_of_new_epoch()
        identity = self.identity
        entry = make_entry(head, identity.epoch, kind, act, self._changes, intent=intent or Intent(), undoes=undoes)
        self.execute(
            INSERT_ENTRY,
            device_id=identity.device_id, epoch=identity.epoch, seq=entry.seq, eid=entry.eid,
            branch_id=identity.branch_id, kind=kind, at_ms=entry.at_ms, bdate=entry.day, staff_id=act.staff_id,
            desk=act.desk, body=entry.body, personal=entry.personal, chain=entry.chain, before=entry.before,
            undoes=undoes, moved=False, applied=True, recv_at=None,
        )  # fmt: skip
        self.execute(SET_HEAD, device=identity.device_id, in_epoch=identity.epoch, seq=entry.seq, chain=entry.chain)
        if act.key is not None:
            self.execute(INSERT_REQUEST, key=act.key, eid=entry.eid)
        return entry

    def _head_of_new_epoch(self) -> tuple[int, bytes]:
        """Another desk has closed the epoch meanwhile: what is done here goes on in the one it opened."""
        found = self.one(OPEN_EPOCH)
        if found is not None:
            self._identity = replace(self.identity, epoch=found[0])
        head = self.one(HEAD, device_id=self.identity.device_id, epoch=self.identity.epoch)
        if head is None:
            raise RuntimeError("no open stream for this device")
        return head

    def finish(self) -> None:
        """Refuse to commit a change that the journal does not tell, or a number taken for nothing."""
        if self._recorded is not None:
            return
        if self._changes:
            tables = sorted({change.model.__tablename__ for change in self._changes})
            raise RuntimeError(f"changed {tables} without a journal entry")
        if self._in_parts:
            raise RuntimeError("a deed of several entries has not been recorded")
        if self._numbered:
            raise RuntimeError(f"took a number of {sorted(self._numbered)} without a journal entry")
