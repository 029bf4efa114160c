"""Where every schedule begins: two branches that are enrolled and have synchronised once, and the centre they know.

Made once a run and copied for each schedule: a folder for each branch, a template database for the centre.
"""

import atexit
import datetime as dt
import itertools
import shutil
import tempfile
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.centre import Centre, CentreKeys, found_centre, make_keys
from app.clock import SettableClock
from app.library import Library
from app.setup import found_library
from app.sync.branch.device_key import read_device_key
from app.sync.branch.rounds import sync_round
from app.sync.branch.talk import RoundState
from db.models.sync import Device, Peer
from db.opening import open_server_centre
from tests.library import MORNING, SET_UP, ACopy, AMember, add_copy, add_member, lend, reopened
from tests.postgres import cluster, copy_of
from tests.sync.lines import InProcessLine
from tests.warm import opened_on_server

NAMES = ("کتابخانهٔ یکم", "کتابخانهٔ دوم")
NUMBERS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class OriginBranch:
    """A closed library and who it is."""

    folder: Path
    key: Ed25519PrivateKey
    members: tuple[AMember, ...]
    copies: tuple[ACopy, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """The beginning: the branches, and the database of the centre as a template."""

    branches: tuple[OriginBranch, ...]
    keys: CentreKeys
    database: str


def open_centre_at(database: str, keys: CentreKeys, now: dt.datetime = MORNING) -> Centre:
    """The centre of a copied database."""
    return Centre(opened_on_server(cluster().url(database)), SettableClock(now), keys)


def copied(template: str) -> str:
    """A copy of a database that nobody is connected to. Both have histories of their own from now on."""
    name = f"sync{next(NUMBERS)}"
    cluster().tell(f"CREATE DATABASE {name} {copy_of(template)}")
    return name


def dropped(name: str) -> None:
    """A database that is not needed any more."""
    cluster().tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@cache
def origin() -> Origin:
    """Made once a run."""
    folder = Path(tempfile.mkdtemp(prefix="pishkhan-sync-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    keys = make_keys(folder / "keys")
    with cluster().connect() as connection:
        connection.execute(b"CREATE DATABASE sync_origin")
    store = open_server_centre(cluster().url("sync_origin"))
    with store:
        centre = found_centre(store, "مرکز", SettableClock(MORNING), keys)
        branches = tuple(_branch(folder / f"branch{place}", name, centre) for place, name in enumerate(NAMES))
    return Origin(branches, keys, "sync_origin")


def _branch(folder: Path, name: str, centre: Centre) -> OriginBranch:
    made, _ = found_library(folder, replace(SET_UP, name=name), SettableClock(MORNING))
    made.store.close()
    library = reopened(folder)
    key = read_device_key(library)
    with library.store:
        members = tuple(add_member(library) for _ in range(4))
        copies = tuple(add_copy(library) for _ in range(5))
        lend(library, members[0], copies[0])
        enrol_here(library, centre, key)
        know(library, centre, "http://127.0.0.1")
        for _ in range(3):
            outcome = sync_round(library, InProcessLine(centre), key)
            assert outcome.state is RoundState.DONE, outcome
        assert outcome.sent == outcome.received == 0
    return OriginBranch(folder, key, members, copies)


def enrol_here(library: Library, centre: Centre, key: Ed25519PrivateKey) -> None:
    """Make a device known to the centre without the ceremony of a code."""
    identity = library.store.identity
    assert identity is not None
    with centre.store.write() as tx:
        tx.connection.execute(
            sa.insert(Device).values(
                id=identity.device_id, branch_id=identity.branch_id, state="active",
                public_key=key.public_key().public_bytes_raw(),
                scopes=["push:branch", "pull:branch", "pull:policy", "pull:bib"], enrolled_at=centre.now(),
            )
        )  # fmt: skip


def know(library: Library, centre: Centre, url: str) -> None:
    """Make the centre known to a branch."""
    with library.store.write() as tx:
        tx.connection.execute(
            sa.insert(Peer).values(
                url=url, centre_id=centre.id, public_key=centre.keys.public_key,
                sealing_key=centre.keys.sealing_key, enrolled_at=centre.now(),
            )
        )  # fmt: skip
