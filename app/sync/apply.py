"""One change onto the rows, at either side (sync-protocol 7): a branch takes rows of a feed, the centre the changes of
an entry. Both run inside `db.applying`, since they set versions.

What the centre does where two histories changed the same row is in `app.sync.centre.concurrent`.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.sync.derived import MAKERS, derived, shelved
from app.sync.landing import landing
from app.sync.rows import Cipher, deleted_at, from_wire, model_of, sealed
from app.sync.wire import FeedRow
from db.changes import defaults, full_row, insert_statement
from db.frozen import Frozen
from db.guards import APPEND_ONLY
from db.models.base import Base
from db.models.items import Item
from db.models.schema import METADATA
from db.types import Id
from db.wire import entity
from db.writing import Tx

UNKNOWN_YET: Mapping[type, Any] = {str: "", bytes: b""}
"""What stands in a column that must not be empty and whose value has been erased."""


MOST_DETAIL = 200


class NotAppliedError(Exception):
    """A change that cannot be applied: `reason` is why, in one word; its entry is set aside. `detail` names tables,
    fields and codes, nothing else."""

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason = reason
        self.detail = printable(detail, MOST_DETAIL)
        super().__init__(f"{reason} {self.detail}".strip())


def printable(text: str, longest: int) -> str:
    """What of a text that came from elsewhere may be kept and shown."""
    return "".join(sign for sign in text[:longest] if sign.isprintable())


def current(tx: Tx, model: type[Base], row_id: uuid.UUID) -> dict[str, Any] | None:
    """The row as it stands, deleted or not, kept from others until the end of the transaction."""
    row = tx.connection.execute(_current(model), {"row_id": row_id}).mappings().first()
    return None if row is None else dict(row)


@cache
def _current(model: type[Base]) -> sa.Select[Any]:
    table = METADATA.tables[model.__tablename__]
    return sa.select(table).where(table.c.id == sa.bindparam("row_id", type_=Id())).with_for_update()


@dataclass(frozen=True, slots=True)
class Ready:
    """A row of a feed that has been read: `bound`, what its insert binds, where nothing has to be computed for it, or
    else all its `values` by column."""

    model: type[Base]
    id: uuid.UUID
    said: FeedRow
    bound: list[Any] | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    def value(self, column: str) -> Any:
        """The value of one column."""
        if column in self.values:
            return self.values[column]
        known, data = entity(self.model).fields[column], self.said.data
        return known.decode(data[known.number]) if known.number < len(data) else defaults(self.model)[column]


def ready(row: FeedRow, dialect: str) -> Ready:
    """Read a row of a feed; needs no transaction, so that nobody waits for it. Raises UnknownError for what a newer
    program wrote, NotAppliedError where the row is not what it says."""
    model = model_of(row.entity)
    try:
        row_id = uuid.UUID(bytes=row.row)
        if dialect == "sqlite" and model not in MAKERS:
            return Ready(model, row_id, row, bound=landing(model).land(row))
        return Ready(model, row_id, row, values=_values(model, row))
    except (OverflowError, TypeError, ValueError) as error:
        raise NotAppliedError("malformed", str(error)) from error


def _values(model: type[Base], row: FeedRow) -> dict[str, Any]:
    return from_wire(model, row.data) | {"deleted_at": deleted_at(row)}


def take(tx: Tx, row: Ready) -> bool:
    """Take a row of a feed when its version is the local one or a newer one; whether it was taken. On equal versions
    the centre's result counts."""
    if row.bound is not None and tx.add(row.model, row.bound):
        return True
    said, branch_id = row.said, uuid.UUID(bytes=row.said.branch)
    here = tx.one(_version(row.model), row_id=row.id)
    if here is None:
        add_row(tx, row.model, row.id, branch_id, said.ver, row.values)
        return True
    if said.ver < here or row.model.__tablename__ in APPEND_ONLY:  # what is never changed is here already
        return False
    values = row.values or _values(row.model, said)
    change_row(tx, row.model, {"id": row.id, "branch_id": branch_id}, said.ver, values)
    return True


@cache
def _version(model: type[Base]) -> Frozen[int]:
    table = METADATA.tables[model.__tablename__]
    wanted = sa.select(table.c.ver).where(table.c.id == sa.bindparam("row_id", type_=Id()))
    return Frozen(wanted.with_for_update(), int)


def add_row(
    tx: Tx,
    model: type[Base],
    row_id: uuid.UUID,
    branch_id: uuid.UUID,
    ver: int,
    values: Mapping[str, Any],
    cipher: Cipher | None = None,
) -> None:
    """Write a row that was not here."""
    plain = full_row(model, branch_id, {**values, "id": row_id, "ver": ver})
    plain |= derived(model, plain, _titles_for(tx, model, plain))
    tx.execute(insert_statement(model), **sealed(model, plain, cipher))


def change_row(
    tx: Tx,
    model: type[Base],
    present: Mapping[str, Any],
    ver: int,
    values: Mapping[str, Any],
    cipher: Cipher | None = None,
) -> None:
    """Change columns of a row that is here, to a version the other side decided."""
    after = {**present, **values}
    computed = derived(model, after, _titles_for(tx, model, after))
    stored = sealed(model, values, cipher) | computed | {"ver": ver}
    tx.execute(change_statement(model, frozenset(stored)), row_id=present["id"], **_named(stored))


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"new_{name}": value for name, value in values.items()}


@cache
def change_statement(model: type[Base], columns: frozenset[str]) -> sa.Update:
    """Update of some columns of one row; its digest is of before."""
    table = METADATA.tables[model.__tablename__]
    values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in sorted(columns)}
    return sa.update(table).where(table.c.id == sa.bindparam("row_id")).values(values | {"rh": sa.null()})


def _titles_for(tx: Tx, model: type[Base], row: Mapping[str, Any]) -> dict[uuid.UUID, Any]:
    if model is not Item:
        return {}
    title = shelved(tx, row["title_id"])
    return {} if title is None else {row["title_id"]: title}


def with_blanks(model: type[Base], values: Mapping[str, Any]) -> dict[str, Any] | None:
    """A full after-image whose personal values have been erased, as far as a row can be made of it; None where it
    cannot (a card without its reader)."""
    columns, whole = METADATA.tables[model.__tablename__].columns, dict(values)
    for name in entity(model).fields:
        if name not in whole:
            column = columns[name]
            if not column.nullable and column.default is None:
                kind = UNKNOWN_YET.get(_python_type(column))
                if kind is None:
                    return None
                whole[name] = kind
    return whole


def _python_type(column: sa.Column[Any]) -> type:
    return uuid.UUID if isinstance(column.type, Id) else column.type.python_type
