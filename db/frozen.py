"""Statements written in SQLAlchemy Core, compiled to SQL text once and run on the driver's own connection.

The desk's path is short (architecture, decision 5): SQLAlchemy Core costs three times the statement itself, the
compiled text nothing. The column types still convert values both ways, so a row reads the same on both databases.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeEngine

from db.types import Id

Row = TypeVar("Row")
Convert = Callable[[Any], Any]
Parameters = Sequence[Any] | Mapping[str, Any]


class Frozen(Generic[Row]):
    """A statement and what its rows become. Lives at module level; holds no connection and no state."""

    __slots__ = ("make", "statement")

    def __init__(self, statement: sa.Executable, make: Callable[..., Row]) -> None:
        """`make` is called with the columns of a row in order, usually a frozen dataclass."""
        self.statement = statement
        self.make = make


@dataclass(frozen=True, slots=True)
class Compiled:
    """SQL text for one database, with what must be done to parameters and columns."""

    sql: str
    names: tuple[str, ...]
    positional: bool
    constants: Mapping[str, Any]
    convert_in: Mapping[str, Convert]
    convert_out: tuple[tuple[int, Convert], ...]

    def bind(self, values: Mapping[str, Any]) -> Parameters:
        """The parameters in the driver's form. A missing one is a bug and raises KeyError."""
        constants, convert = self.constants, self.convert_in
        bound = [  # one expression: a wide row has forty of them
            (values[name] if name not in convert else convert[name](values[name]))
            if name in values
            else constants[name]
            for name in self.names
        ]
        return bound if self.positional else dict(zip(self.names, bound, strict=True))

    def read(self, row: Sequence[Any]) -> Sequence[Any]:
        """The columns of a driver row as Python values."""
        if not self.convert_out:
            return row
        columns = list(row)
        for place, convert in self.convert_out:
            if columns[place] is not None:
                columns[place] = convert(columns[place])
        return columns


def any_of(column: sa.ColumnElement[uuid.UUID], count: int) -> sa.ColumnElement[bool]:
    """Whether a column is one of so many ids: for a statement that is kept for each number of them."""
    return column.in_([sa.bindparam(f"id_{place}", type_=Id()) for place in range(count)])


def ids_for(ids: Sequence[uuid.UUID], count: int) -> dict[str, uuid.UUID]:
    """The values of `any_of`; where there are fewer ids, the last one is said again."""
    return {f"id_{place}": ids[min(place, len(ids) - 1)] for place in range(count)}


def next_size(count: int) -> int:
    """The power of two that holds so many: few statements then serve lists of every length."""
    return 1 << (count - 1).bit_length()


def compile_statement(statement: sa.Executable, dialect: Dialect) -> Compiled:
    """Compile for one database. Constants of the statement are bound values too (performance, trap 6)."""
    if not isinstance(statement, ClauseElement):
        raise TypeError(f"not a statement: {statement!r}")
    compiled = statement.compile(dialect=dialect)
    if not isinstance(compiled, SQLCompiler):
        raise TypeError(f"no SQL for {statement!r}")
    # Not the keys of `binds`: of a nameless constant those hold its name before it got one.
    names = tuple(compiled.positiontup or ()) if compiled.positional else tuple(compiled.bind_names.values())
    convert_in = {name: convert for name in names if (convert := _bind_processor(compiled.binds[name].type, dialect))}
    constants = {
        name: convert_in[name](value) if name in convert_in and value is not None else value
        for name, value in compiled.params.items()
        if not compiled.binds[name].required
    }
    return Compiled(
        sql=str(compiled),
        names=names,
        positional=compiled.positional,
        constants=constants,
        convert_in=convert_in,
        convert_out=_result_processors(statement, dialect),
    )


def _bind_processor(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _result_processors(statement: sa.Executable, dialect: Dialect) -> tuple[tuple[int, Convert], ...]:
    if not isinstance(statement, sa.Select | sa.CompoundSelect):
        return ()
    found = (
        (place, column.type.dialect_impl(dialect).result_processor(dialect, None))
        for place, column in enumerate(statement.selected_columns)
    )
    return tuple((place, convert) for place, convert in found if convert is not None)
