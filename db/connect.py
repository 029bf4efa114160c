"""Connections: SQLCipher files and PostgreSQL, with the safety settings of each, asserted on every connection."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.pool import NullPool

from db.failures import store_trouble
from db.trouble import Trouble

# The WAL-reset bug sits in every SQLite below this (reliability, decision 1).
OLDEST_SQLITE = (3, 51, 3)
STARTING = 0x50534B48  # "PSKH": the advisory lock under which one desk at a time makes or upgrades tables
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
    Pragma("recursive_triggers", "ON", 1),  # else REPLACE deletes a row without asking the guards
    Pragma("secure_delete", "ON", 1),
    Pragma("trusted_schema", "OFF", 0),
    Pragma("cell_size_check", "ON", 1),
    Pragma("temp_store", "MEMORY", 2),
    Pragma("cache_size", "-32768", -32768),
    Pragma("wal_autocheckpoint", str(AUTOCHECKPOINT_PAGES), AUTOCHECKPOINT_PAGES),
    Pragma("busy_timeout", "5000", 5000),
)

# Lists over a whole large library read every copy more than once, and each page that has gone is decrypted anew.
READING_CACHE = -65536


def open_file(path: Path, key: bytes, *, read_only: bool = False) -> Any:
    """A driver connection to an encrypted file (made if absent), with every pragma set and read back.

    Raises Trouble P-1501 (wrong key or not our file), P-1107 (a setting did not take), or what `store_trouble` says.
    """
    if sqlcipher.sqlite_version_info < OLDEST_SQLITE:
        raise Trouble("P-1108", version=sqlcipher.sqlite_version)
    try:
        connection = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=512)
        try:
            _unlock(connection, key)
            assert_pragmas(connection)
            if read_only:
                connection.execute("PRAGMA query_only = ON")
                connection.execute(f"PRAGMA cache_size = {READING_CACHE}")
        except BaseException:
            connection.close()
            raise
    except sqlcipher.Error as error:
        raise store_trouble(error, path) from error
    return connection


def _unlock(connection: Any, key: bytes) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def assert_pragmas(connection: Any) -> None:
    """Set every pragma and check that it took."""
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma.name} = {pragma.value}")
        (now,) = connection.execute(f"PRAGMA {pragma.name}").fetchone()
        if now != pragma.reads_back:
            raise Trouble("P-1107", setting=pragma.name, value=now)


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
        hide_parameters=True,  # no reader's name in a logged traceback (reliability, S15)
    )


# A commit must reach the disk of the server; a desk that lost its network must not hold the others up for ever.
SESSION_SETTINGS = {
    "synchronous_commit": "on",
    "lock_timeout": "5000",
    "idle_in_transaction_session_timeout": "300000",
}
# What only the owner of the server can set (sync-protocol 1).
SERVER_SETTINGS = {"fsync": "on", "full_page_writes": "on", "server_encoding": "UTF8"}
SHOW_SETTINGS = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"


def server_engine(url: str) -> sa.Engine:
    """An engine over PostgreSQL; transactions are begun and ended by the store, settings asserted on every connection.

    Raises Trouble P-1112 for an address that is none.
    """
    try:
        address = sa.make_url(url).set(drivername="postgresql+psycopg")
    except sa.exc.ArgumentError as error:
        raise Trouble("P-1112", reason=str(error)) from error
    engine = sa.create_engine(
        address,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        json_serializer=json_text,
        hide_parameters=True,  # no reader's name in a logged traceback (reliability, S15)
        connect_args={"options": " ".join(f"-c {name}={value}" for name, value in SESSION_SETTINGS.items())},
    )
    sa.event.listen(engine, "connect", lambda connection, _: assert_settings(connection))
    return engine


def assert_settings(connection: Any) -> None:
    """Check that a connection to PostgreSQL is as safe as we need it."""
    wanted = SESSION_SETTINGS | SERVER_SETTINGS
    found = dict(connection.execute(SHOW_SETTINGS, (list(wanted),)).fetchall())
    connection.rollback()
    for name, value in wanted.items():
        if found.get(name) != value:
            connection.close()
            raise Trouble("P-1107", setting=name, value=found.get(name))
