"""What the drivers say, and the trouble behind it."""

import sqlite3

import psycopg
import pytest
import sqlalchemy as sa

from app.messages import MESSAGES
from db.failures import POSTGRESQL_TROUBLE, SQLITE_TROUBLE, store_trouble
from db.trouble import StaleRowError, Trouble


class ToldError(Exception):
    """An error as the SQLite driver names it."""

    def __init__(self, name: str) -> None:
        super().__init__("the driver's words")
        self.sqlite_errorname = name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("SQLITE_FULL", "P-1101"), ("SQLITE_READONLY_DBMOVED", "P-1102"), ("SQLITE_CANTOPEN_ISDIR", "P-1103"),
        ("SQLITE_IOERR_SHORT_READ", "P-1104"), ("SQLITE_CORRUPT_INDEX", "P-1105"), ("SQLITE_BUSY_SNAPSHOT", "P-1109"),
        ("SQLITE_LOCKED", "P-1109"), ("SQLITE_NOTADB", "P-1501"),
    ],
)  # fmt: skip
def test_every_kind_of_trouble_of_a_file_has_its_code(name: str, code: str) -> None:
    for error in (ToldError(name), sa.exc.OperationalError("SELECT 1", {}, ToldError(name))):
        trouble = store_trouble(error, "library.db")
        assert isinstance(trouble, Trouble)
        assert (trouble.code, trouble.context) == (code, {"path": "library.db", "reason": "the driver's words"})


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (psycopg.OperationalError("connection refused"), "P-1112"),
        (psycopg.errors.AdminShutdown("x"), "P-1112"),
        (psycopg.errors.CannotConnectNow("x"), "P-1112"),
        (psycopg.errors.InvalidPassword("x"), "P-1112"),
        (psycopg.errors.TooManyConnections("x"), "P-1112"),
        (psycopg.errors.IdleInTransactionSessionTimeout("x"), "P-1112"),
        (psycopg.errors.DiskFull("x"), "P-1101"),
        (psycopg.errors.ReadOnlySqlTransaction("x"), "P-1102"),
        (psycopg.errors.LockNotAvailable("x"), "P-1109"),
        (psycopg.errors.IoError("x"), "P-1104"),
        (psycopg.errors.DataCorrupted("x"), "P-1105"),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_every_kind_of_trouble_of_a_server_has_its_code(error: Exception, code: str) -> None:
    trouble = store_trouble(error, "server")
    assert isinstance(trouble, Trouble)
    assert trouble.code == code


@pytest.mark.parametrize("kind", ["SerializationFailure", "DeadlockDetected", "UniqueViolation"])
def test_a_faster_desk_is_no_trouble_but_a_reason_to_try_again(kind: str) -> None:
    assert isinstance(store_trouble(getattr(psycopg.errors, kind)("x"), "server"), StaleRowError)


@pytest.mark.parametrize(
    "error",
    [
        ToldError("SQLITE_CONSTRAINT_UNIQUE"), ToldError("SQLITE_ERROR"), ToldError("SQLITE_MISUSE"),
        sqlite3.ProgrammingError("x"), psycopg.ProgrammingError("x"), psycopg.errors.UndefinedTable("x"),
        psycopg.errors.NotNullViolation("x"),
        psycopg.errors.ForeignKeyViolation("x"), psycopg.errors.RaiseException("guard"), psycopg.InterfaceError("x"),
        ValueError("x"), sa.exc.ProgrammingError("x", {}, ToldError("SQLITE_ERROR")),
    ],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
def test_anything_else_is_a_bug_and_stays_what_it_is(error: Exception) -> None:
    assert store_trouble(error, "x") is error


def test_every_code_has_its_message() -> None:
    assert {*SQLITE_TROUBLE.values(), *POSTGRESQL_TROUBLE.values()} <= MESSAGES.keys()
