"""Connections: SQLCipher files and PostgreSQL, with the safety settings of each, asserted on every connection."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.pool import NullPool

from db.trouble import Trouble

# The WAL-reset bug sits in every SQLite below this (reliability, decision 1).
OLDEST_SQLITE = (3, 51, 3)
APPLICATION_ID = 0x50534B48  # "PSKH"
AUTOCHECKPOINT_PAGES = 8_000  # a safety net only: checkpoints run when the desk is idle (performance 3.2)


@dataclass(frozen=True, slots=True)
class Pragma:
    """A setting and the value that the connection must report back."""

    name: str
    value: str
    reads_back: str | int


PRAGMAS = (
    Pragma("journal_mode", "WAL", "wal"),
    Pragma("synchronous", "FULL", 2),
    Pragma("foreign_keys", "ON", 1),
    Pragma("secure_delete", "ON", 1),
    Pragma("trusted_schema", "OFF", 0),
    Pragma("cell_size_check", "ON", 1),
    Pragma("temp_store", "MEMORY", 2),
    Pragma("cache_size", "-32768", -32768),
    Pragma("wal_autocheckpoint", str(AUTOCHECKPOINT_PAGES), AUTOCHECKPOINT_PAGES),
    Pragma("busy_timeout", "5000", 5000),
)


def open_file(path: Path, key: bytes, *, read_only: bool = False) -> Any:
    """A driver connection to an encrypted file (made if absent), with every pragma set and read back.

    Raises Trouble P-1501 (wrong key or not our file), P-1107 (a setting did not take), or what `store_trouble` says.
    """
    if sqlcipher.sqlite_version_info < OLDEST_SQLITE:
        raise Trouble("P-1108", version=sqlcipher.sqlite_version)
    try:
        connection = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=512)
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        assert_pragmas(connection)
        if read_only:
            connection.execute("PRAGMA query_only = ON")
    except sqlcipher.Error as error:
        raise store_trouble(error, path) from error
    return connection


def assert_pragmas(connection: Any) -> None:
    """Set every pragma and check that it took."""
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma.name} = {pragma.value}")
        (now,) = connection.execute(f"PRAGMA {pragma.name}").fetchone()
        if now != pragma.reads_back:
            raise Trouble("P-1107", setting=pragma.name, value=now)


# Primary result codes of SQLite and the trouble each means; after the table in qutebrowser's sql module (code-models
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


def store_trouble(error: Exception, path: Path | str) -> Exception:
    """The trouble behind a driver error, or the error itself when it is a bug of ours."""
    name = str(getattr(error, "sqlite_errorname", ""))
    for prefix, code in SQLITE_TROUBLE.items():
        if name.startswith(prefix):
            return Trouble(code, path=path, reason=str(error))
    return error


def json_text(value: Any) -> str:
    """JSON as kept in columns: Persian readable, no spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def file_engine(connect: Callable[[], Any]) -> sa.Engine:
    """An engine over our own connections; transactions are begun and ended by the store."""
    return sa.create_engine(
        "sqlite://",
        creator=connect,
        module=sqlcipher,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        json_serializer=json_text,
    )


def server_engine(url: str) -> sa.Engine:
    """An engine over PostgreSQL; transactions are begun and ended by the store."""
    return sa.create_engine(
        sa.make_url(url).set(drivername="postgresql+psycopg"),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        json_serializer=json_text,
    )
