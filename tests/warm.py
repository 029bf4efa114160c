"""Stores that are warm when they are opened: with what earlier ones of this run compiled, as if the program had been
running for a while. Half of the time of a small test is SQL text made anew for a store that lives for a moment."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

from db.keys import open_key
from db.store import Store

STATEMENTS = 5_000


@dataclass(frozen=True, slots=True)
class Known:
    """What stores of one kind share: statements by themselves, and those of SQLAlchemy by their dialect."""

    dialect: Dialect
    frozen: dict[int, Any] = field(default_factory=dict)
    compiled: Any = field(default_factory=lambda: LRUCache(STATEMENTS))


KNOWN: dict[str, Known] = {}


def warmed(store: Store) -> Store:
    """The same store, which knows what the ones before it knew."""
    known = KNOWN.setdefault(store.dialect.name, Known(store.dialect))
    store.dialect = known.dialect
    store._statements = known.frozen
    for engine in (store._writer_engine, store._reader_engine):
        engine.dialect, engine._compiled_cache = known.dialect, known.compiled
    for connection in (store._writer, *store._readers):
        connection.dialect = known.dialect
    return store


def opened(folder: Path) -> Store:
    """A store in a folder that was copied from one of this run, whose key is no secret: what a start proves and puts
    right (schema, guards, index) has been proved there."""
    return _knowing(Store.open_folder(folder, open_key(folder, None), lambda *_: None))


def opened_on_server(url: str) -> Store:
    """The same on a copied database."""
    return _knowing(Store.open_server(url))


def _knowing(store: Store) -> Store:
    try:
        store.know_identity()
    except BaseException:
        store.close()
        raise
    return warmed(store)
