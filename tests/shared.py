"""A library that several desks share: on PostgreSQL, founded once a run and copied for each test."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache

from app.clock import SettableClock
from app.library import Library
from app.policy.toml_file import load_profile
from app.setup import found_in
from db.opening import open_server_library
from tests.library import MORNING, SET_UP
from tests.postgres import cluster, copy_of
from tests.warm import opened_on_server

READY = "shared_for_tests"


@cache
def _template() -> str:
    with open_server_library(cluster().running.make_database(READY)) as store:
        found_in(store, SET_UP, load_profile("public"), SettableClock(MORNING))
    return READY


@contextmanager
def shared_url() -> Iterator[str]:
    """The address of a founded library of its own."""
    with cluster().database(copy_of(_template())) as url:
        yield url


@contextmanager
def desk(url: str) -> Iterator[Library]:
    """One desk of a library that is there."""
    with opened_on_server(url) as store:
        yield Library(store, SettableClock(MORNING))


@contextmanager
def desks(number: int = 2) -> Iterator[list[Library]]:
    """Desks of a library of its own, each with a connection and a clock of its own."""
    with shared_url() as url, ExitStack() as stack:
        yield [stack.enter_context(desk(url)) for _ in range(number)]
