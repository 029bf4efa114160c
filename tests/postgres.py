"""A real PostgreSQL for tests: one throwaway cluster a test run, a fresh database a test."""

import contextlib
import shutil
import uuid
from atexit import register
from collections.abc import Iterator
from functools import cache

import psycopg
import pytest

from server.centre import cluster as clusters


class Cluster:
    """A running PostgreSQL server."""

    def __init__(self, running: clusters.Cluster) -> None:
        self.running = running

    def url(self, database: str) -> str:
        """The address of a database, as `open_server_library` takes it."""
        return self.running.url(database)

    def connect(self, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        """A plain connection, for arranging and spoiling things behind the program's back."""
        return self.running.connect(database)

    @contextlib.contextmanager
    def database(self, options: str = "") -> Iterator[str]:
        """The address of a fresh, empty database that is dropped afterwards."""
        name = f"t{uuid.uuid4().hex}"
        url = self.running.make_database(name, options)
        try:
            yield url
        finally:
            with self.connect() as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@cache
def cluster() -> Cluster:
    """The cluster of this test run, started when first asked for. Skips where no binaries are installed."""
    if not clusters.has_binaries():
        pytest.skip("no PostgreSQL server binaries (initdb) on this machine")
    folder = clusters.own_folder("pishkhan-postgres-")
    running = clusters.new_cluster(folder)

    def throw_away() -> None:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)

    register(throw_away)
    return Cluster(running)


@pytest.fixture
def server_url() -> Iterator[str]:
    """The address of a fresh, empty PostgreSQL database. Import it into a conftest to use it."""
    with cluster().database() as url:
        yield url
