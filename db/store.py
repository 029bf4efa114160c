"""The store: the only door to the database. Two ways in: `read` never waits for a writer, `write` is one transaction.

A branch's own file is encrypted SQLite, held by one process; a library with several desks points them at one
PostgreSQL.
"""

import contextlib
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock, Timeout

from db.connect import file_engine, open_file, server_engine, store_trouble
from db.frozen import Compiled, compile_statement
from db.models.sync import Site
from db.reading import Reader
from db.trouble import Trouble
from db.writing import Identity, Tx

DATABASE = "library.db"
LOCK = "library.lock"
READERS_KEPT = 4


@dataclass(frozen=True, slots=True)
class Sql:
    """How each database begins a transaction."""

    begin_read: str
    begin_write: str


SQL = {
    "sqlite": Sql("BEGIN DEFERRED", "BEGIN IMMEDIATE"),
    "postgresql": Sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "BEGIN"),
}


class Store:
    """An open database. Close it, or use it as a context manager."""

    def __init__(self, writer: sa.Engine, reader: sa.Engine, name: str, lock: FileLock | None = None) -> None:
        self.name = name
        self._reader_engine = reader
        self._process_lock = lock
        self._writing = threading.Lock()
        self._readers: list[sa.Connection] = []
        self._statements: dict[int, tuple[sa.Executable, Compiled]] = {}
        self._sql = SQL[writer.dialect.name]
        self._writer = writer.connect()
        self.dialect = writer.dialect
        self.identity: Identity | None = None

    @classmethod
    def open_folder(cls, folder: Path, key: bytes, prepare: Callable[[Path, bytes], None]) -> "Store":
        """Open (or make) the encrypted database in `folder` for this process alone; `prepare` upgrades its schema.

        Raises Trouble P-1106 (another program has it open), P-1202 (folder not writable) and what `open_file` raises.
        """
        lock = _take_lock(folder)
        path = folder / DATABASE
        try:
            prepare(path, key)
            return cls(
                file_engine(lambda: open_file(path, key)),
                file_engine(lambda: open_file(path, key, read_only=True)),
                str(path),
                lock,
            )
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open_server(cls, url: str) -> "Store":
        """Open a PostgreSQL database that several desks share."""
        engine = server_engine(url)
        try:
            return cls(engine, engine, engine.url.render_as_string(hide_password=True))
        except sa.exc.OperationalError as error:
            raise Trouble("P-1112", reason=str(error.orig)) from error

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_file(self) -> bool:
        """Whether this is a branch's own SQLite file."""
        return self.dialect.name == "sqlite"

    def compiled(self, statement: sa.Executable) -> Compiled:
        """The text of a statement that lives as long as the program."""
        known = self._statements.get(id(statement))
        if known is None:
            known = (statement, compile_statement(statement, self.dialect))
            self._statements[id(statement)] = known
        return known[1]

    def know_identity(self) -> Identity | None:
        """Read who this database is; None while it has not been set up."""
        with self.read() as reader:
            row = reader.connection.execute(sa.select(Site.branch_id, Site.device_id, Site.epoch)).one_or_none()
        self.identity = None if row is None else Identity(row.branch_id, row.device_id, row.epoch)
        return self.identity

    @property
    def branch_id(self) -> uuid.UUID:
        """The branch this database belongs to."""
        if self.identity is None:
            raise RuntimeError("the store has not been set up")
        return self.identity.branch_id

    @contextlib.contextmanager
    def read(self) -> Iterator[Reader]:
        """A consistent view of what is committed; waits for nobody."""
        connection = self._free_reader()
        reader = Reader(connection, self.compiled)
        try:
            reader.run(self._sql.begin_read)
            yield reader
        finally:
            reader.run("ROLLBACK")
            if len(self._readers) < READERS_KEPT:
                self._readers.append(connection)
            else:
                connection.close()

    def _free_reader(self) -> sa.Connection:
        with contextlib.suppress(IndexError):
            return self._readers.pop()
        return self._reader_engine.connect()

    @contextlib.contextmanager
    def write(self, identity: Identity | None = None) -> Iterator[Tx]:
        """One transaction: committed when the block ends, undone when it raises. Exactly one journal entry, or no
        synced change.

        Raises Trouble for what the disk says, after rolling back.
        """
        with self._writing:
            tx = Tx(self._writer, self.compiled, identity or self.identity)
            try:
                tx.run(self._sql.begin_write)
                try:
                    yield tx
                    tx.finish()
                    tx.run("COMMIT")
                except BaseException:
                    self._roll_back(tx)
                    raise
            except Exception as error:
                trouble = store_trouble(error, self.name) if self.is_file else error
                if trouble is error:
                    raise
                raise trouble from error

    def _roll_back(self, tx: Tx) -> None:
        if not self.is_file or self._driver.in_transaction:
            tx.run("ROLLBACK")

    @property
    def _driver(self) -> Any:
        return self._writer.connection.driver_connection

    def rest(self) -> None:
        """Idle work: move committed pages into the file without making anybody wait (performance 3.2)."""
        if self.is_file and self._writing.acquire(blocking=False):
            try:
                self._driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            finally:
                self._writing.release()

    def close(self) -> None:
        """Fold the write-ahead log into the file and let go of it."""
        for connection in self._readers:
            connection.close()
        self._readers.clear()
        if self.is_file:
            with contextlib.suppress(Exception):
                self._driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._writer.close()
        if self._process_lock is not None:
            self._process_lock.release()


def _take_lock(folder: Path) -> FileLock:
    """The operating system's lock on the data folder: freed by the system when the process ends, however it ends."""
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise Trouble("P-1106", path=folder) from error
    except OSError as error:
        raise Trouble("P-1202", path=folder, reason=error.strerror) from error
    return lock
