"""What a database driver says, told as the trouble behind it; anything else it says is a bug of ours."""

from collections.abc import Mapping
from pathlib import Path

from db.trouble import StaleRowError, Trouble

# Names of SQLite's result codes and the trouble each means; after the table in qutebrowser's sql module (code-models
# 2.2).
SQLITE_TROUBLE = {
    "SQLITE_FULL": "P-1101",
    "SQLITE_READONLY": "P-1102",
    "SQLITE_PERM": "P-1102",
    "SQLITE_CANTOPEN": "P-1103",
    "SQLITE_IOERR": "P-1104",
    "SQLITE_CORRUPT": "P-1105",
    "SQLITE_BUSY": "P-1109",
    "SQLITE_LOCKED": "P-1109",
    "SQLITE_NOTADB": "P-1501",
}
# Beginnings of PostgreSQL's SQLSTATEs.
SERVER_LOST = "P-1112"
POSTGRESQL_TROUBLE = {
    "08": SERVER_LOST,
    "28": SERVER_LOST,
    "3D": SERVER_LOST,
    "57P": SERVER_LOST,
    "53100": "P-1101",
    "53": SERVER_LOST,
    "25006": "P-1102",
    "25P03": SERVER_LOST,
    "55P03": "P-1109",
    "58": "P-1104",
    "XX": "P-1105",
}
# Another desk was faster: serialization, deadlock, unique index. With one writer, as in a file, the last is a bug.
FASTER_DESK = frozenset({"40001", "40P01", "23505"})


def store_trouble(error: Exception, where: Path | str) -> Exception:
    """The trouble (or StaleRowError) behind a driver error, or the error itself when it is a bug of ours."""
    told = getattr(error, "orig", None) or error  # SQLAlchemy wraps the driver's
    name = getattr(told, "sqlite_errorname", None)
    if name is not None:
        return _first(SQLITE_TROUBLE, str(name), told, where) or error
    if hasattr(told, "sqlstate"):
        return _server_trouble(told, where) or error
    return error


def _server_trouble(told: Exception, where: Path | str) -> Exception | None:
    state = getattr(told, "sqlstate", None)
    if state in FASTER_DESK:
        return StaleRowError(str(told))
    if state is None and _is_operational(told):  # the driver's own words: there is no connection
        return Trouble(SERVER_LOST, path=where, reason=str(told))
    return _first(POSTGRESQL_TROUBLE, state or "none", told, where)


def _is_operational(error: Exception) -> bool:
    """By name, so that a branch with a file of its own never loads the driver of PostgreSQL."""
    return any(kind.__name__ == "OperationalError" for kind in type(error).__mro__)


def _first(table: Mapping[str, str], name: str, told: Exception, where: Path | str) -> Trouble | None:
    for beginning, code in table.items():
        if name.startswith(beginning):
            return Trouble(code, path=where, reason=str(told))
    return None
