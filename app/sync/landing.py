"""Rows of a feed straight into the form in which SQLite keeps them, where nothing has to be computed from them.

A branch that heals takes hundreds of thousands, and half of the time went into values of Python that nobody looked at.
What it binds equals what the long way binds; a test holds them against each other for every table.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import dialect

from app.sync.rows import UnknownError
from app.sync.wire import FeedRow
from db.changes import full_row, insert_statement
from db.frozen import compile_statement
from db.models.base import Base
from db.models.schema import METADATA
from db.moments import as_text, from_ms
from db.types import Code, Id, Moment
from db.wire import EPOCH_DAY, Field, entity

SQLITE = dialect()
Land = Callable[[Any], Any]
ID_BYTES = 16
NO_ID = uuid.UUID(int=0)


def _id(value: bytes) -> bytes:
    if type(value) is bytes and len(value) == ID_BYTES:
        return value
    raise ValueError(value)


@lru_cache(maxsize=4_096)
def _day(value: int) -> str:
    return dt.date.fromordinal(value + EPOCH_DAY).isoformat()


def _moment(value: int) -> str:
    return as_text(from_ms(value))


def _code(name: str, kind: Code[Any]) -> Land:
    known: dict[Any, str] = {code.value: code.value for code in kind.codes.__members__.values()}

    def land(value: Any) -> str:
        try:
            return known[value]
        except KeyError as error:
            if isinstance(value, str):  # a code that a newer program gave a meaning
                raise UnknownError(f"{name}: {value}") from error
            raise ValueError(value) from error

    return land


@dataclass(frozen=True, slots=True)
class Landing:
    """How rows of one table land: what a row binds that says nothing, and for every place on the wire the column it
    goes to, what it binds as None, and how its values are turned. `frame`: columns id, branch, version, deletion."""

    table: str
    plain: tuple[Any, ...]
    places: tuple[tuple[int, Any, Land] | None, ...]
    frame: tuple[int, int, int, int]

    def land(self, row: FeedRow) -> list[Any]:
        """What the insert of a row binds. Raises UnknownError for what a newer program wrote, TypeError or ValueError
        for what is no row."""
        if not isinstance(row.data, list | tuple):
            raise TypeError(type(row.data).__name__)
        bound = list(self.plain)
        for place, value in zip(self.places, row.data, strict=False):
            if place is not None:
                column, none, turn = place
                bound[column] = none if value is None else turn(value)
            elif value is not None:
                raise UnknownError(f"{self.table}.{row.data.index(value)}")
        if any(value is not None for value in row.data[len(self.places) :]):
            raise UnknownError(f"{self.table}.{len(self.places)}")
        row_id, branch, ver, gone = self.frame
        bound[row_id], bound[branch], bound[ver] = _id(row.row), _id(row.branch), row.ver
        bound[gone] = None if row.deleted_ms is None else _moment(row.deleted_ms)
        return bound


@cache
def landing(model: type[Base]) -> Landing:
    """How rows of a table land."""
    insert = compile_statement(insert_statement(model), SQLITE)
    table = METADATA.tables[model.__tablename__]
    column_of = {name: place for place, name in enumerate(insert.names)}
    places: list[tuple[int, Any, Land] | None] = [None] * entity(model).width
    for field in entity(model).fields.values():
        convert = insert.convert_in.get(field.name)
        none = convert(None) if convert is not None else None
        places[field.number] = (column_of[field.name], none, _turn(table.c[field.name], field, convert))
    frame = (column_of["id"], column_of["branch_id"], column_of["ver"], column_of["deleted_at"])
    plain = insert.bind(full_row(model, NO_ID, {"id": NO_ID, "ver": 0}))
    return Landing(model.__tablename__, tuple(plain), tuple(places), frame)


def _turn(column: sa.Column[Any], field: Field, convert: Land | None) -> Land:
    if isinstance(column.type, Code):
        return _code(str(column), column.type)
    for known, turn in ((Id, _id), (Moment, _moment), (sa.Date, _day)):
        if isinstance(column.type, known):
            return turn
    if convert is None:
        return field.decode
    then = convert  # a name of its own, which is never None
    return lambda value: then(field.decode(value))
