"""Work that only one of several desks does at a time: nightly work, for one."""

import contextlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from db.reading import Reader
from db.store import Store


@contextmanager
def alone(store: Store, name: str) -> Iterator[bool]:
    """True while nobody else does the work called `name` on this database, False when somebody does.

    A file belongs to one process, whose background work stands in one line already. On a server the lock is that of a
    reading transaction: it ends with the block, and with the process however it ends.
    """
    if store.is_file:
        yield True
        return
    with store.read() as reader:
        key = zlib.crc32(name.encode())
        yield bool(reader.connection.execute(sa.select(sa.func.pg_try_advisory_xact_lock(key))).scalar_one())


@contextmanager
def alone_for_long(store: Store, name: str) -> Iterator[bool]:
    """The same for work that waits for the network: the lock is held outside any transaction, so that it neither keeps
    old rows alive nor is taken away for idling."""
    if store.is_file:
        yield True
        return
    with store.apart() as connection:
        key = zlib.crc32(name.encode())
        mine = bool(connection.execute(sa.select(sa.func.pg_try_advisory_lock(key))).scalar_one())
        yield mine
        if mine:  # the server would notice a moment later that the connection has ended, as it does when this fails
            with contextlib.suppress(sa.exc.DBAPIError):
                connection.execute(sa.select(sa.func.pg_advisory_unlock(key)))


def in_turn(tx: Reader, name: str) -> None:
    """Wait until nobody else does the work called `name`, and keep others waiting to the end of this transaction. On a
    server; a file has one writer anyway."""
    if tx.connection.dialect.name == "postgresql":
        tx.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(zlib.crc32(name.encode()))))
