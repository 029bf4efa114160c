"""Stores of both kinds, each fresh."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.store import Store
from tests.db.stores import server_options, settled_store
from tests.postgres import cluster, server_url
from tests.warm import opened_on_server

__all__ = ["server_url"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A settled store in an encrypted file."""
    with settled_store(tmp_path / "library") as store:
        yield store


@pytest.fixture
def ready_url() -> Iterator[str]:
    """The address of a PostgreSQL database with a settled store in it."""
    with cluster().database(server_options()) as url:
        yield url


@pytest.fixture
def server_store(ready_url: str) -> Iterator[Store]:
    """A settled store on PostgreSQL."""
    with opened_on_server(ready_url) as store:
        yield store


@pytest.fixture(params=["file", "server"])
def any_store(request: pytest.FixtureRequest) -> Store:
    """A settled store, once as a file and once on PostgreSQL."""
    found: Store = request.getfixturevalue("store" if request.param == "file" else "server_store")
    return found
