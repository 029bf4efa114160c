"""A row change: what is executed, what the journal keeps of it, and what an undo needs."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from db.models.base import Base
from db.types import new_id
from db.wire import entity

AFTER_IMAGE, FIELD_PATCH, TOMBSTONE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Change:
    """One changed row. `values` are the new values by column, `before` the former ones (empty for a new row)."""

    model: type[Base]
    row_id: uuid.UUID
    base_ver: int
    op: int
    values: Mapping[str, Any]
    before: Mapping[str, Any]

    def body(self) -> list[Any]:
        """The hashed part: [entity, row id, base ver, op, data], personal fields left out (sync-protocol 3.1, 3.3)."""
        wire = entity(self.model)
        return [wire.number, self.row_id.bytes, self.base_ver, self.op, self._data(personal=False)]

    def personal(self) -> dict[int, Any]:
        """The personal part: new values by field number."""
        fields = entity(self.model).fields
        return {
            fields[name].number: fields[name].encode(value)
            for name, value in self.values.items()
            if name in fields and fields[name].personal
        }

    def _data(self, *, personal: bool) -> Any:
        fields = entity(self.model).fields
        encoded = {
            fields[name].number: fields[name].encode(value)
            for name, value in self.values.items()
            if name in fields and fields[name].personal is personal
        }
        if self.op == AFTER_IMAGE:
            image: list[Any] = [None] * entity(self.model).width
            for number, value in encoded.items():
                image[number] = value
            return image
        if self.op == FIELD_PATCH:
            return {number: [None, value] for number, value in encoded.items()}
        return None


@cache
def defaults(model: type[Base]) -> Mapping[str, Any]:
    """Plain default values of a model's columns; None where a column has none."""
    table = Base.metadata.tables[model.__tablename__]
    return {column.name: _default(column) for column in table.columns}


def _default(column: sa.Column[Any]) -> Any:
    """A scalar default; a callable one (empty list or mapping) is asked once, since columns are never changed in
    place."""
    default = column.default
    if column.name == "id" or default is None:
        return None
    if isinstance(default, sa.ColumnDefault):
        return default.arg(None) if default.is_callable else default.arg
    raise TypeError(f"{column}: a default that the store cannot give")


def full_row(model: type[Base], branch_id: uuid.UUID, given: Mapping[str, Any]) -> dict[str, Any]:
    """Every column of a new row. An unknown name is a bug and raises TypeError."""
    row = dict(defaults(model))
    unknown = given.keys() - row.keys()
    if unknown:
        raise TypeError(f"{model.__tablename__} has no column {sorted(unknown)}")
    row.update(given)
    row["id"] = row["id"] or new_id()
    row["branch_id"] = row["branch_id"] or branch_id
    return row


@cache
def insert_statement(model: type[Base]) -> sa.Insert:
    """Insert of all columns, by name."""
    table = Base.metadata.tables[model.__tablename__]
    return sa.insert(table).values({column.name: sa.bindparam(column.name) for column in table.columns})


@cache
def update_statement(model: type[Base], columns: frozenset[str]) -> sa.Update:
    """Update of some columns of one row, if its version is still the one that was read; its digest is of before."""
    table = Base.metadata.tables[model.__tablename__]
    values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in sorted(columns | {"ver"})}
    unchanged = (table.c.id == sa.bindparam("row_id"), table.c.ver == sa.bindparam("base_ver"))
    return sa.update(table).where(*unchanged).values(values | {"rh": sa.null()})
