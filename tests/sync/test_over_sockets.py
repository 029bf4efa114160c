"""Four branches, five hundred operations each, over real sockets through a proxy that spoils half of the connections,
while PostgreSQL is killed twice: everything arrives exactly once."""

import random
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.centre import Centre, found_centre, make_keys
from app.clock import SettableClock
from app.library import Library
from app.setup import found_library
from app.sync.branch.device_key import read_device_key
from app.sync.branch.http_line import HttpLine
from app.sync.branch.rounds import sync_round
from app.sync.branch.talk import RoundState
from db.journal import next_chain
from db.models.sync import JournalEntry
from db.opening import open_server_centre
from db.store import Store
from server.centre import cluster as clusters
from server.centre.asgi import make_app
from tests.library import MORNING, SET_UP, ACopy, AMember, add_copy, add_member, clock, lend, reopened, take_back
from tests.server.centre.serving import served
from tests.sync.origin import enrol_here, know
from tests.sync.proxy import SpoilingProxy
from tests.sync.test_schedules import rows_that_differ

BRANCHES, OPERATIONS = 4, 500
SEED = 20_261_122


@dataclass
class Desk:
    """A branch that works and synchronises in turn, in a thread of its own."""

    library: Library
    key: Ed25519PrivateKey
    members: list[AMember]
    copies: list[ACopy]
    rng: random.Random
    url: str
    waiting: int = 0
    error: BaseException | None = None

    def work(self) -> None:
        """All operations, and a round now and then; whatever the line does, the desk goes on."""
        try:
            out: list[ACopy] = []
            for _ in range(OPERATIONS):
                clock(self.library).advance(seconds=20)
                if out and (self.rng.random() < 0.5 or len(out) > 12):
                    take_back(self.library, out.pop())
                else:
                    copy = self.rng.choice([one for one in self.copies if one not in out])
                    lend(self.library, self.members[len(out) % len(self.members)], copy)
                    out.append(copy)
                if self.rng.random() < 0.1:
                    self.round()
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            self.error = error

    def round(self) -> RoundState:
        """One round over a connection of its own; how it ended."""
        with HttpLine(self.url) as line:
            outcome = sync_round(self.library, line, self.key)
        self.waiting = outcome.waiting
        return outcome.state


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    if not clusters.has_binaries():
        pytest.skip("no PostgreSQL server binaries (initdb) on this machine")
    with clusters.throwaway("pishkhan-killed-") as running:
        yield running


def centre_on(cluster: clusters.Cluster, folder: Path) -> Centre:
    url = cluster.make_database("centre")
    store = open_server_centre(url)
    return found_centre(store, "مرکز", SettableClock(MORNING), make_keys(folder))


def desk_of(folder: Path, place: int, centre: Centre, url: str) -> Desk:
    made, _ = found_library(folder, replace(SET_UP, name=f"کتابخانهٔ {place}"), SettableClock(MORNING))
    made.store.close()
    library = reopened(folder)
    key = read_device_key(library)
    enrol_here(library, centre, key)
    know(library, centre, url)
    members = [add_member(library) for _ in range(6)]
    copies = [add_copy(library) for _ in range(20)]
    return Desk(library, key, members, copies, random.Random(SEED + place), url)


def test_everything_arrives_exactly_once(cluster: clusters.Cluster, tmp_path: Path) -> None:
    centre = centre_on(cluster, tmp_path / "keys")
    with centre.store, served(make_app(centre)) as address, SpoilingProxy(port_of(address), SEED) as proxy:
        url = f"http://127.0.0.1:{proxy.port}"
        desks = [desk_of(tmp_path / f"b{place}", place, centre, url) for place in range(BRANCHES)]
        threads = [threading.Thread(target=desk.work) for desk in desks]
        for thread in threads:
            thread.start()
        for _ in range(2):
            time.sleep(1.5)
            cluster.stop(signal.SIGKILL)
            time.sleep(0.4)
            cluster.start()
        for thread in threads:
            thread.join()
        assert [desk.error for desk in desks if desk.error] == []
        proxy.heal()
        for desk in desks:
            settle(desk)
            clock(desk.library).advance(days=1)
            assert desk.round() is RoundState.DONE
            assert list(rows_that_differ(desk.library, centre)) == []
            prove(desk, centre.store)
            desk.library.store.close()
        assert sum(count for kind, count in proxy.seen.items() if kind != "ok") > 60
    shutil.rmtree(tmp_path / "keys")


def port_of(address: str) -> int:
    return int(address.rsplit(":", 1)[1])


def settle(desk: Desk) -> None:
    """Rounds over the healed line until nothing waits."""
    for _ in range(40):
        if desk.round() is RoundState.DONE and not desk.waiting:
            return
        time.sleep(0.2)
    raise AssertionError("it does not come to rest")


def prove(desk: Desk, store: Store) -> None:
    """The stream at the centre is that of the branch, entry by entry, each applied once."""
    identity = desk.library.store.identity
    assert identity is not None
    query = (
        sa.select(JournalEntry.seq, JournalEntry.body, JournalEntry.chain, JournalEntry.applied)
        .where(JournalEntry.device_id == identity.device_id, JournalEntry.epoch == identity.epoch)
        .order_by(JournalEntry.seq)
    )
    with desk.library.store.read() as here, store.read() as there:
        ours, theirs = here.connection.execute(query).all(), there.connection.execute(query).all()
    assert len(ours) > OPERATIONS
    assert [tuple(entry) for entry in ours] == [tuple(entry) for entry in theirs]
    link = identity.epoch.to_bytes(8, "big")
    for place, entry in enumerate(theirs, 1):
        link = next_chain(link, bytes(entry.body))
        assert (entry.seq, bytes(entry.chain), entry.applied) == (place, link, True)
