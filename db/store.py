"""The store: the only door to the database. Two ways in: `read` never waits for a writer, `write` is one transaction.

A branch's own file is encrypted SQLite, held by one process; a library with several desks points them at one
PostgreSQL.
"""

import contextlib
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock, Timeout

from db.connect import file_engine, open_file, server_engine
from db.failures import SERVER_LOST, store_trouble
from db.files import disk_trouble
from db.frozen import Compiled, compile_statement
from db.isolation import Scope
from db.keys import key_for
from db.models.sync import Site
from db.reading import Reader
from db.trouble import Trouble
from db.writing import Identity, Tx

DATABASE = "library.db"
LOCK = "library.lock"
READERS_KEPT = 4
LEAST_FREE = 256 * 1024  # bytes
IDLE, IN_TRANSACTION = 0, 2  # of psycopg.pq.TransactionStatus


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

    def __init__(
        self, writer: sa.Engine, reader: sa.Engine, name: str, lock: FileLock | None = None, key: bytes | None = None
    ) -> None:
        self.name = name
        self._key = key
        self.dialect = writer.dialect
        self._driver_error: type[Exception] = writer.dialect.loaded_dbapi.Error
        self.identity: Identity | None = None
        self._writer_engine = writer
        self._reader_engine = reader
        self._process_lock = lock
        self._gate, self._writing = threading.Lock(), threading.Lock()
        self._writing_thread: int | None = None
        self._lost = False
        self._closed = False
        self.commits = 0
        """How many transactions were committed here: so it is seen whether there is work while nobody is served."""
        self._readers: list[sa.Connection] = []
        self._statements: dict[int, tuple[sa.Executable, Compiled]] = {}
        self._sql = SQL[writer.dialect.name]
        with self._telling_trouble():
            self._writer = writer.connect()

    @classmethod
    def open_folder(cls, folder: Path, key: bytes, prepare: Callable[[Path, bytes], None]) -> "Store":
        """Open (or make) the encrypted database in `folder` for this process alone; `prepare` upgrades its schema.

        Raises Trouble P-1106 (another program has it open), P-12xx (folder not writable), P-1101 (the disk is full) and
        what `open_file` raises.
        """
        lock = take_lock(folder)
        path = folder / DATABASE
        try:
            _refuse_full(folder)
            prepare(path, key)
            return cls(
                file_engine(lambda: open_file(path, key)),
                file_engine(lambda: open_file(path, key, read_only=True)),
                str(path),
                lock,
                key,
            )
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open_server(cls, url: str) -> "Store":
        """Open a PostgreSQL database that several desks share. Raises Trouble P-1112 when it does not answer."""
        engine = server_engine(url)
        return cls(engine, engine, engine.url.render_as_string(hide_password=True))

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_file(self) -> bool:
        """Whether this is a branch's own SQLite file."""
        return self.dialect.name == "sqlite"

    def key_for(self, purpose: str) -> bytes | None:
        """A key for something that lies beside this file; None for a database on a server, which has none."""
        return None if self._key is None else key_for(self._key, purpose)

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
    def read(self, scope: Scope | None = None) -> Iterator[Reader]:
        """A consistent view of what is committed; waits for nobody. Raises Trouble for what disk or server say.

        `scope` (centre only): as whom and over which branches it looks.
        """
        with self._telling_trouble():
            connection = self._free_reader()
            try:
                with self._transaction(connection, self._sql.begin_read):
                    reader = Reader(connection, self.compiled)
                    _narrow(reader, scope)
                    yield reader
            finally:
                self._give_back(connection)

    def _free_reader(self) -> sa.Connection:
        with contextlib.suppress(IndexError):
            return self._readers.pop()
        return self._reader_engine.connect()

    def _give_back(self, connection: sa.Connection) -> None:
        """Keep a reader for later, unless its connection has died."""
        driver: Any = connection.connection.driver_connection
        if self._closed or len(self._readers) >= READERS_KEPT or (not self.is_file and driver.closed):
            connection.close()
        else:
            self._readers.append(connection)

    @contextlib.contextmanager
    def write(self, identity: Identity | None = None, scope: Scope | None = None) -> Iterator[Tx]:
        """One transaction: committed when the block ends, undone when it raises. Exactly one journal entry, or no
        synced change. `scope` (centre only): as whom and over which branches it works.

        Raises Trouble for what disk or server say, and StaleRowError when another desk was faster, after rolling back.
        """
        with self._turn(), self._telling_trouble():
            connection = self._live_writer()
            with self._transaction(connection, self._sql.begin_write):
                tx = Tx(connection, self.compiled, identity or self.identity)
                _narrow(tx, scope)
                yield tx
                tx.finish()
                self._commit(tx)
                self.commits += 1
            if identity is None and self.identity is not None:
                self.identity = tx.identity  # another desk may have opened a new epoch

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Whoever waits for the writer keeps the gate meanwhile. A write inside a write of the same thread is a bug; it
        must not wait for itself for ever."""
        if self._is_mine():
            raise RuntimeError("a transaction inside a transaction")
        with self._gate:
            self._writing.acquire()
        self._writing_thread = threading.get_ident()
        try:
            yield
        finally:
            self._writing_thread = None
            self._writing.release()

    def _is_mine(self) -> bool:
        """Whether this very thread has the writer."""
        return self._writing_thread == threading.get_ident()

    def give_way(self) -> None:
        """Wait until nobody else waits to write: between two transactions of long work in the background, so that the
        desk goes first (performance 3.5). Whoever is writing keeps the others waiting anyway."""
        if self._is_mine():
            return
        with self._gate:
            pass

    def _live_writer(self) -> sa.Connection:
        """The writer; a new one after the server was lost, so that the desk goes on when it is back."""
        if self._lost:
            _let_go(self._writer)
            self._writer = self._writer_engine.connect()
            self._lost = False
        return self._writer

    @contextlib.contextmanager
    def _transaction(self, connection: sa.Connection, begin: str) -> Iterator[None]:
        """Begin, and undo whatever has not been committed at the end."""
        driver: Any = connection.connection.driver_connection
        driver.execute(begin)
        try:
            yield
        finally:
            if self._is_open(driver):
                driver.execute("ROLLBACK")

    def _is_open(self, driver: Any) -> bool:
        if self.is_file:
            return bool(driver.in_transaction)
        return not driver.closed and driver.info.transaction_status != IDLE

    def _commit(self, tx: Tx) -> None:
        """COMMIT that did: PostgreSQL answers it with a silent rollback when a statement has failed before."""
        if not self.is_file and tx.driver.info.transaction_status != IN_TRANSACTION:
            raise RuntimeError("a statement of this transaction has failed")
        tx.run("COMMIT")

    @contextlib.contextmanager
    def _telling_trouble(self) -> Iterator[None]:
        """Driver errors as the trouble behind them."""
        try:
            yield
        except (sa.exc.DBAPIError, self._driver_error) as error:
            trouble = store_trouble(error, self.name)
            if trouble is error:
                raise
            if isinstance(trouble, Trouble) and trouble.code == SERVER_LOST:
                self._lost = True
                self._drop_readers()
            raise trouble from error

    @contextlib.contextmanager
    def apart(self) -> Iterator[sa.Connection]:
        """A connection outside any transaction, of which nobody else knows: for locks that outlive transactions."""
        with self._telling_trouble(), self._reader_engine.connect() as connection:
            yield connection

    def rest(self) -> None:
        """Idle work: move committed pages into the file, beside whoever writes (performance 3.2)."""
        if self.is_file and not self._closed:
            with self._telling_trouble():
                connection = self._free_reader()
                try:
                    _checkpoint(connection, "PASSIVE")
                finally:
                    self._give_back(connection)

    def close(self) -> None:
        """Fold the write-ahead log into the file and let go of it, after whoever is writing. Closing twice does
        nothing."""
        with contextlib.nullcontext() if self._is_mine() else self._turn():  # SQLite dies of a connection closed in use
            self._close()

    def _close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._drop_readers()
        if self.is_file:
            with contextlib.suppress(self._driver_error):
                _checkpoint(self._writer, "TRUNCATE")
        self._writer.close()
        if self._process_lock is not None:
            self._process_lock.release()

    def _drop_readers(self) -> None:
        while self._readers:
            _let_go(self._readers.pop())


def _checkpoint(connection: sa.Connection, how: str) -> None:
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA wal_checkpoint({how})").fetchall()


def _let_go(connection: sa.Connection) -> None:
    """Close a connection that may have died: nothing is said to the server any more, not even ROLLBACK."""
    if not connection.closed:  # let go of before, when no other could be had yet
        connection.invalidate()
        connection.close()


def _narrow(reader: Reader, scope: Scope | None) -> None:
    if scope is not None:
        reader.run("; ".join(scope.statements()))


def take_lock(folder: Path) -> FileLock:
    """The operating system's lock on the data folder: freed by the system when the process ends, however it ends."""
    lock = FileLock(folder / LOCK, timeout=0, thread_local=False)  # a store may be closed by another thread
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise Trouble("P-1106", path=folder) from error
    except OSError as error:
        raise disk_trouble(error, folder) from error
    return lock


def _refuse_full(folder: Path) -> None:
    """On a disk without a free block the shared index of the write-ahead log can kill the process (reliability 2.4)."""
    if shutil.disk_usage(folder).free < LEAST_FREE:
        raise Trouble("P-1101", path=folder)
