"""Centres for tests: founded ones on PostgreSQL, copied from a template made once a run."""

import atexit
import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from app.centre import Centre, found_centre, make_keys
from app.clock import SettableClock
from db.opening import open_server_centre
from tests.postgres import cluster, copy_of
from tests.warm import opened_on_server

READY = "centre_for_tests"
NOW = dt.datetime(2026, 11, 22, 6, 30, tzinfo=dt.UTC)
"""When the centre is founded, and where the clock of a fresh one stands."""


@cache
def keys_folder() -> Path:
    """The keys of every centre made here."""
    folder = Path(tempfile.mkdtemp(prefix="pishkhan-centre-keys-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    make_keys(folder)
    return folder


@cache
def _template() -> str:
    with cluster().connect() as connection:
        connection.execute(f"CREATE DATABASE {READY}".encode())
    store = open_server_centre(cluster().url(READY))
    found_centre(store, "ادارهٔ کل کتابخانه‌های استان مرکزی", SettableClock(NOW), make_keys(keys_folder()))
    store.close()
    return READY


@contextmanager
def centre_url() -> Iterator[str]:
    """The address of a fresh, founded centre; its keys lie in `keys_folder()`."""
    with cluster().database(copy_of(_template())) as url:
        yield url


def reopened(url: str, now: dt.datetime = NOW) -> Centre:
    """A centre copied from one that `open_centre` had opened."""
    return Centre(opened_on_server(url), SettableClock(now), make_keys(keys_folder()))


@contextmanager
def fresh_centre() -> Iterator[Centre]:
    """An open centre of its own, with roles, row-level security and feed indexes."""
    with centre_url() as url:
        centre = reopened(url)
        try:
            yield centre
        finally:
            centre.store.close()
