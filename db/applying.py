"""What only sync does to rows: set the versions that the other side decided, in a transaction that says so."""

import contextlib
from collections.abc import Iterator

from db.writing import Tx


@contextlib.contextmanager
def applying(tx: Tx, dialect: str) -> Iterator[None]:
    """Lift the guard on versions while changes of the other side are applied (sync-protocol 2)."""
    if dialect != "sqlite":
        tx.run("SELECT set_config('app.applying', '1', true)")  # until the end of the transaction
        yield
        return
    tx.run("INSERT OR IGNORE INTO applying (one) VALUES (1)")
    yield
    tx.run("DELETE FROM applying")  # after an error the transaction, or its savepoint, takes it back
