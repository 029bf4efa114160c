"""Bring a database to the schema of this program: whole or not at all, after a copy, and never backwards."""

import os
import shutil
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from db.connect import STARTING, file_engine, open_file, server_engine
from db.failures import store_trouble
from db.files import disk_trouble, sync_folder
from db.trouble import Trouble

# Revisions of the schema, oldest first. The last one is what this program works with.
REVISIONS = ("0001",)
HEAD = REVISIONS[-1]
SCRIPTS = Path(__file__).with_name("migrations")
VERSION_QUERY = "SELECT version_num FROM alembic_version"


def upgrade_file(path: Path, key: bytes) -> None:
    """Upgrade the encrypted file at `path`, if it needs it. The caller holds the folder's lock.

    Raises Trouble P-1401 (the file was made by a newer program; nothing was changed), P-1201 (no space for the copy),
    P-1105 (the file is damaged; it was not upgraded).
    """
    connection = open_file(path, key)
    try:
        found = _revision_of_file(connection)
        if found == HEAD:
            return
        if found is not None:
            _refuse_newer(found, path)
            _copy_before_upgrade(connection, path, key, found)
    finally:
        connection.close()
    engine = file_engine(lambda: open_file(path, key))
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.execution_options(isolation_level="SERIALIZABLE").begin() as begun:
            _run_revisions(begun)
            begun.exec_driver_sql(f"PRAGMA user_version = {REVISIONS.index(HEAD) + 1}")
    except sa.exc.DBAPIError as error:
        raise store_trouble(error, path) from error
    if found is not None:
        _refuse_damaged(path, key)


def upgrade_server(url: str) -> None:
    """Upgrade a PostgreSQL database, if it needs it; of desks that start together one does it and the rest wait.

    Raises Trouble P-1401 (made by a newer program), P-1112 (no answer), P-1109 (another desk is still at it).
    """
    engine = server_engine(url)
    name = engine.url.render_as_string(hide_password=True)
    try:
        # Not SERIALIZABLE: what the desk before us committed while we waited for the lock must be seen.
        with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({STARTING})")
            found = _revision(connection)
            if found == HEAD:
                return
            if found is not None:
                _refuse_newer(found, name)
            _run_revisions(connection)
    except sa.exc.DBAPIError as error:
        raise store_trouble(error, name) from error


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.exec_driver_sql(VERSION_QUERY).scalar()
    return found


def _revision_of_file(connection: Any) -> str | None:
    """Read without SQLAlchemy: this runs at every start."""
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    row = connection.execute(VERSION_QUERY).fetchone() if known else None
    return None if row is None else str(row[0])


def _refuse_newer(found: str, where: object) -> None:
    if found not in REVISIONS:
        raise Trouble("P-1401", found=found, known=HEAD, path=where)


def _copy_before_upgrade(connection: Any, path: Path, key: bytes, found: str) -> None:
    """A copy beside the file; the upgrade does not start before the copy is on the disk and proven whole."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    copy = path.with_name(f"before-upgrade-from-{found}.db")
    try:
        shutil.copyfile(path, copy)
        with copy.open("rb+") as file:
            os.fsync(file.fileno())
        sync_folder(path.parent)
    except OSError as error:
        raise disk_trouble(error, copy) from error
    _refuse_damaged(copy, key)


def _refuse_damaged(path: Path, key: bytes) -> None:
    connection = open_file(path, key)
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    finally:
        connection.close()
    if found != "ok":
        raise Trouble("P-1105", path=path, reason=found)


def _run_revisions(connection: sa.Connection) -> None:
    """All in the transaction of `connection`. Alembic is loaded only here: a start that needs no upgrade never pays
    for it."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
