"""What a database refused about one row, told apart from trouble of the database itself."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from db.models.schema import METADATA
from db.reading import Reader

UNIQUE, REFERENCE, RIGHTS, GUARD, VALUE = "unique", "reference", "rights", "guard", "value"
# Beginnings of PostgreSQL's SQLSTATEs and names of SQLite's codes; what comes first counts.
KINDS = {
    "23505": UNIQUE,
    "23503": REFERENCE,
    "23": VALUE,
    "22": VALUE,
    "42501": RIGHTS,
    "42804": VALUE,  # a list where a number belongs
    "P0001": GUARD,
    "SQLITE_CONSTRAINT_UNIQUE": UNIQUE,
    "SQLITE_CONSTRAINT_PRIMARYKEY": UNIQUE,
    "SQLITE_CONSTRAINT_FOREIGNKEY": REFERENCE,
    "SQLITE_CONSTRAINT_TRIGGER": GUARD,
    "SQLITE_CONSTRAINT": VALUE,
    "SQLITE_MISMATCH": VALUE,
    "SQLITE_TOOBIG": VALUE,
}
COLUMNS = re.compile(r"UNIQUE constraint failed: (.*)")


@dataclass(frozen=True, slots=True)
class RowRefused:
    """Why a row was not taken. `index` is the unique index that another row stood in, where there is one."""

    kind: str
    index: str | None = None


def errors_of(reader: Reader) -> tuple[type[Exception], ...]:
    """What a statement may raise, however it is run."""
    return (sa.exc.DBAPIError, sa.exc.StatementError, reader.connection.dialect.loaded_dbapi.Error)


def row_refused(error: Exception) -> RowRefused | None:
    """What was refused about a row; None where the database itself is in trouble, or the program is wrong."""
    told: Any = getattr(error, "orig", None) or error
    code = getattr(told, "sqlite_errorname", None) or getattr(told, "sqlstate", None)
    if code is None:  # a value that the driver could not even send
        values = (ValueError, TypeError, OverflowError, LookupError, AttributeError)
        return RowRefused(VALUE) if isinstance(told, values) or _is_data_error(told) else None
    kind = next((kind for beginning, kind in KINDS.items() if str(code).startswith(beginning)), None)
    if kind is None:
        return None
    return RowRefused(kind, _index(told) if kind == UNIQUE else None)


def _is_data_error(error: Exception) -> bool:
    """By name, so that a branch with a file of its own never loads the driver of PostgreSQL."""
    return any(kind.__name__ in {"DataError", "ProgrammingError"} for kind in type(error).__mro__)


def _index(told: Any) -> str | None:
    diagnosis = getattr(told, "diag", None)
    if diagnosis is not None:
        name: str | None = diagnosis.constraint_name
        return name
    found = COLUMNS.match(str(told))
    return _by_columns().get(found.group(1)) if found else None


@cache
def _by_columns() -> dict[str, str]:
    """Unique indexes as SQLite names them: by their columns."""
    return {
        ", ".join(f"{table.name}.{column.name}" for column in index.columns): str(index.name)
        for table in METADATA.tables.values()
        for index in table.indexes
        if index.unique
    }
