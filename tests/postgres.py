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
        self._owner: psycopg.Connection[tuple[object, ...]] | None = None

    def url(self, database: str) -> str:
        """The address of a database, as `open_server_library` takes it."""
        return self.running.url(database)

    def connect(self, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        """A plain connection, for arranging and spoiling things behind the program's back."""
        return self.running.connect(database)

    def tell(self, command: str) -> None:
        """A command of the cluster's owner, over a connection that is kept."""
        if self._owner is None or self._owner.closed:
            self._owner = self.connect()
        self._owner.execute(command.encode())

    @contextlib.contextmanager
    def database(self, options: str = "") -> Iterator[str]:
        """The address of a fresh database, empty unless it is to be a copy, that is dropped afterwards."""
        name = f"t{uuid.uuid4().hex}"
        self.tell(f"CREATE DATABASE {name} {options}")
        try:
            yield self.url(name)
        finally:
            self.tell(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        """End it; nothing of it is kept."""
        if self._owner is not None:
            self._owner.close()
        self.running.stop()


def copy_of(template: str) -> str:
    """What to add to CREATE DATABASE for a copy of a database that nobody is connected to. Copying its files takes
    less time than writing its blocks into the log, which is what PostgreSQL does unasked."""
    return f"TEMPLATE {template} STRATEGY file_copy"


@cache
def cluster() -> Cluster:
    """The cluster of this test run, started when first asked for. Skips where no binaries are installed."""
    if not clusters.has_binaries():
        pytest.skip("no PostgreSQL server binaries (initdb) on this machine")
    folder = clusters.own_folder("pishkhan-postgres-")
    made = Cluster(clusters.new_cluster(folder))

    def throw_away() -> None:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)

    register(throw_away)
    return made


@pytest.fixture
def server_url() -> Iterator[str]:
    """The address of a fresh, empty PostgreSQL database. Import it into a conftest to use it."""
    with cluster().database() as url:
        yield url
