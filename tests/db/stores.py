"""Stores for tests of `db`: settled ones, copied from a template made once a run, since making tables takes a while."""

import atexit
import datetime as dt
import shutil
import tempfile
import uuid
from functools import cache
from pathlib import Path

from db.act import Act, Stamp
from db.codes import BranchKind, Role
from db.models.library import Branch
from db.opening import create_store, open_library, open_server_library, settle
from db.store import Store
from db.types import new_id
from db.writing import Tx
from tests.postgres import cluster, copy_of
from tests.warm import warmed

NOW = dt.datetime(2026, 12, 1, 6, 54, 12, 345000, dt.UTC)
STAMP = Stamp(NOW, dt.date(2026, 12, 1), boot=7, mono_ms=1234)
STAFF = uuid.UUID("01938000-0000-7000-8000-000000000001")
ACT = Act(STAFF, Role.HEAD, 1, STAMP)
READY = "ready_for_tests"


@cache
def _template() -> Path:
    temporary = tempfile.mkdtemp(prefix="pishkhan-store-")
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    folder = Path(temporary) / "template"
    store, _ = create_store(folder, None)
    settle(store, new_id(), STAMP)
    store.close()
    return folder


@cache
def _server_template() -> str:
    """The name of a PostgreSQL database that is ready to be copied."""
    with cluster().connect() as connection:
        connection.execute(f"CREATE DATABASE {READY}".encode())
    store = open_server_library(cluster().url(READY))
    settle(store, new_id(), STAMP)
    store.close()
    return READY


def copied_folder(folder: Path) -> Path:
    """A folder with a settled store whose key is no secret."""
    shutil.copytree(_template(), folder)
    return folder


def settled_store(folder: Path) -> Store:
    """A settled store of its own in `folder`, which must not exist yet."""
    return warmed(open_library(copied_folder(folder), None))


def server_options() -> str:
    """What to add to CREATE DATABASE for a settled store."""
    return copy_of(_server_template())


def insert_branch(tx: Tx, **values: object) -> uuid.UUID:
    """A row of the simplest synced table with a name, to have something to change."""
    given: dict[str, object] = {"name": "شعبهٔ آزمون", "province": "مرکزی", "county": "اراک", "city": "آبگرم"}
    return tx.insert(Branch, **(given | {"kind": BranchKind.INSTITUTIONAL} | values))
