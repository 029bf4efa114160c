"""The client against the real centre on PostgreSQL: lost and doubled answers, restored and cloned branches, a restored
centre; a branch of its own file and one on a server that several desks share."""

import datetime as dt
import random
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.centre import Centre
from app.check import check_library
from app.clock import SettableClock
from app.library import Library
from app.policy.toml_file import load_profile
from app.setup import found_in
from app.sync.branch.rounds import SyncOutcome, sync_round
from app.sync.branch.talk import RoundState
from app.sync.digests import compared
from app.sync.line import Call, LineLostError, Reply
from app.sync.queries import sync_state
from app.sync.rows import row_hash
from db.alone import alone_for_long
from db.models.base import Base
from db.models.circulation import Loan
from db.models.items import Item
from db.models.members import Member
from db.models.sync import JournalEntry, Peer, SetAside, Stream
from db.opening import open_server_library
from tests.library import MORNING, SET_UP, add_copy, add_member, change, clock, lend, reopened, row, rows, take_back
from tests.postgres import cluster
from tests.sync.lines import InProcessLine
from tests.sync.origin import copied, dropped, enrol_here, open_centre_at, origin


@dataclass
class Net:
    """A centre and what is to be closed or dropped at the end."""

    folder: Path
    stack: ExitStack
    databases: list[str] = field(default_factory=list)
    centre: Centre = field(init=False)

    def __post_init__(self) -> None:
        self._open(origin().database)

    def _open(self, template: str) -> None:
        self.databases.append(copied(template))
        self.centre = open_centre_at(self.databases[-1], origin().keys)

    def close(self) -> None:
        self.centre.store.close()
        for name in self.databases:
            dropped(name)

    def branch(self, source: Path | None = None) -> Library:
        """The first branch, or a copy of its folder as it is."""
        folder = self.folder / uuid.uuid4().hex
        shutil.copytree(source or origin().branches[0].folder, folder)
        return self.opened(folder)

    def opened(self, folder: Path) -> Library:
        """A folder's library."""
        library = reopened(folder)
        self.stack.callback(library.store.close)
        return library

    def saved(self) -> str:
        """A backup of the centre."""
        name = self.databases[-1]
        self.centre.store.close()
        self.databases.append(copied(name))
        self.centre = open_centre_at(name, origin().keys)
        self.databases[-1], self.databases[-2] = name, self.databases[-1]
        return self.databases[-2]

    def restored(self, backup: str) -> None:
        """The centre as it was, under a new timeline."""
        self.centre.store.close()
        name = copied(backup)
        self.databases.append(name)
        with cluster().connect(name) as connection:  # what a restore to a moment does to the number PostgreSQL keeps
            connection.execute(b"UPDATE feed_epoch SET timeline_id = timeline_id - 1")
        self.centre = open_centre_at(name, origin().keys)


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Net]:
    """A centre that knows two branches."""
    with ExitStack() as stack:
        made = Net(tmp_path, stack)
        stack.callback(made.close)
        yield made


def folder_of(library: Library) -> Path:
    return Path(library.store.name).parent


KEY: Callable[[], Ed25519PrivateKey] = lambda: origin().branches[0].key  # noqa: E731 - one line says it


def synced(net: Net, library: Library, line: Any = None, **more: Any) -> SyncOutcome:
    return sync_round(library, line or InProcessLine(net.centre), KEY(), **more)


def next_day(net: Net, library: Library) -> SyncOutcome:
    clock(library).advance(days=1)
    return synced(net, library)


def quiet(net: Net, *libraries: Library) -> None:
    """Rounds until nobody has anything to say."""
    for _ in range(8):
        if sum(one.sent + one.received for one in [next_day(net, library) for library in libraries]) == 0:
            return
    raise AssertionError("it does not come to rest")


def same(net: Net, library: Library) -> bool:
    """Whether both sides hold the same rows of the branch."""
    branch = library.branch.id
    for model in compared():
        table = Base.metadata.tables[model.__tablename__]
        query = sa.select(table).where(table.c.branch_id == branch)
        with library.store.read() as reader:
            ours = {one["id"]: row_hash(model, one) for one in map(dict, reader.connection.execute(query).mappings())}
        with net.centre.store.read() as reader:
            theirs = {
                one["id"]: row_hash(model, one, net.centre.cipher)
                for one in map(dict, reader.connection.execute(query).mappings())
            }
        if ours != theirs:
            return False
    return True


def at_the_centre(net: Net) -> set[uuid.UUID]:
    with net.centre.store.read() as reader:
        return set(reader.connection.execute(sa.select(JournalEntry.eid)).scalars())


def desk(library: Library, deeds: int, seed: int = 0) -> None:
    """Some days at a desk."""
    chance = random.Random(seed)
    member, copy = add_member(library), add_copy(library)
    for _ in range(deeds):
        lend(library, member, copy)
        clock(library).advance(seconds=chance.randrange(1, 90))
        take_back(library, copy)


class Bad:
    """A line that loses and doubles what it carries."""

    def __init__(self, net: Net, seed: int) -> None:
        self._line, self._chance = InProcessLine(net.centre), random.Random(seed)

    def send(self, call: Call, body: bytes, bearer: str = "") -> Reply:
        """Half of it comes through, some of it twice."""
        if self._chance.random() < 0.2:
            raise LineLostError
        reply = self._line.send(call, body, bearer)
        if self._chance.random() < 0.3:
            reply = self._line.send(call, body, bearer)
        if self._chance.random() < 0.2:
            raise LineLostError
        return reply


@pytest.mark.parametrize("seed", range(3))
def test_over_a_bad_line_everything_arrives_exactly_once(net: Net, seed: int) -> None:
    library = net.branch()
    desk(library, 40, seed)
    line = Bad(net, seed)
    for _ in range(60):
        if synced(net, library, line).waiting == 0:
            break
    quiet(net, library)
    written = rows(library, JournalEntry)
    with net.centre.store.read() as reader:
        applied = list(
            reader.connection.execute(
                sa.select(JournalEntry.eid).where(JournalEntry.branch_id == library.branch.id, JournalEntry.applied)
            ).scalars()
        )
    assert sorted(applied) == sorted(entry.eid for entry in written)
    assert same(net, library)
    assert check_library(library).broken == ()


def test_a_quiet_branch_says_and_hears_nothing(net: Net) -> None:
    library = net.branch()
    assert (synced(net, library).sent, synced(net, library).received) == (0, 0)


def test_its_own_rows_are_not_fed_back(net: Net) -> None:
    library = net.branch()
    synced(net, library)  # a copied database begins a history of its own
    for _ in range(2):
        desk(library, 20)
        assert synced(net, library).received == 0


def test_a_folder_copied_back_gets_its_lost_days_from_the_centre(net: Net) -> None:
    library = net.branch()
    desk(library, 3)
    synced(net, library)
    library.store.close()
    backup = net.folder / "backup"
    shutil.copytree(folder_of(library), backup)
    library = net.opened(folder_of(library))
    lost_member, lost_copy = add_member(library), add_copy(library)
    lend(library, lost_member, lost_copy)
    synced(net, library)
    library.store.close()
    shutil.rmtree(folder_of(library))
    shutil.copytree(backup, folder_of(library))
    library = net.opened(folder_of(library))
    outcome = synced(net, library)
    assert (outcome.reopened, outcome.received > 0, outcome.state) == ("rewound", True, RoundState.DONE)
    assert row(library, Item, lost_copy.id).accession_no == lost_copy.accession_no
    assert len(rows(library, Loan, member_id=lost_member.id, in_at=None)) == 1
    assert add_copy(library).accession_no == lost_copy.accession_no + 1
    quiet(net, library)
    assert same(net, library)
    assert check_library(library).broken == ()
    assert synced(net, library).reopened is None


def test_two_copies_that_run_on_end_with_both_their_work(net: Net) -> None:
    library = net.branch()
    synced(net, library)
    library.store.close()
    library, twin = net.opened(folder_of(library)), net.branch(folder_of(library))
    mine, theirs = add_member(library, card="A-1"), add_member(twin, card="B-1")
    change(library, Member, origin().branches[0].members[1].id, mobile="09121110000")
    change(twin, Member, origin().branches[0].members[1].id, note="نابینا")
    synced(net, library)
    assert synced(net, twin).reopened == "forked"
    quiet(net, library, twin)
    eids = {entry.eid for one in (library, twin) for entry in rows(one, JournalEntry, moved=False)}
    assert eids <= at_the_centre(net)
    for one in (library, twin):
        changed = row(one, Member, origin().branches[0].members[1].id)
        assert (changed.mobile, changed.note) == ("09121110000", "نابینا")
        assert {mine.id, theirs.id} & {member.id for member in rows(one, Member)}
    assert synced(net, library).reopened is synced(net, twin).reopened is None


def test_a_restored_centre_gets_everything_again(net: Net) -> None:
    library = net.branch()
    desk(library, 5)
    synced(net, library)
    backup = net.saved()
    desk(library, 5)
    synced(net, library)
    net.restored(backup)
    desk(library, 2)
    outcome = synced(net, library)
    assert (outcome.state, outcome.waiting, outcome.reopened) == (RoundState.DONE, 0, None)
    quiet(net, library)
    assert {entry.eid for entry in rows(library, JournalEntry)} <= at_the_centre(net)
    assert same(net, library)


def test_old_epochs_that_a_restored_centre_lost_are_sent_again_too(net: Net) -> None:
    """Device and centre go back one after the other; entries of both epochs have to arrive (sync-anchors 5)."""
    library = net.branch()
    backup = net.saved()
    for _ in range(3):
        add_member(library)
    synced(net, library)
    library.store.close()
    kept = net.folder / "kept"
    shutil.copytree(folder_of(library), kept)
    library = net.opened(folder_of(library))
    add_member(library)
    synced(net, library)
    library.store.close()
    library = net.branch(kept)
    add_member(library)
    assert synced(net, library).reopened is not None
    net.restored(backup)
    quiet(net, library)
    assert {entry.eid for entry in rows(library, JournalEntry, moved=False)} <= at_the_centre(net)
    assert len({entry.epoch for entry in rows(library, JournalEntry, moved=False)}) == 2
    assert same(net, library)


def test_a_digest_puts_right_what_either_side_lost_and_then_is_silent(net: Net) -> None:
    library = net.branch()
    desk(library, 2)
    synced(net, library)
    here, there = (loan.id for loan in rows(library, Loan)[-2:])
    with library.store.write() as tx:
        tx.connection.execute(sa.delete(Loan).where(Loan.id == here))
    with net.centre.store.write() as tx:
        tx.connection.execute(sa.delete(Loan).where(Loan.id == there))
    outcome = next_day(net, library)
    assert outcome.repaired == 2
    assert row(library, Loan, here).in_at is not None
    assert same(net, library)
    outcome = next_day(net, library)
    assert (outcome.repaired, outcome.sent, outcome.received, outcome.waiting) == (0, 0, 0, 0)
    with library.store.read() as reader:
        assert sync_state(reader, library.clock.read().at).state == "done"


@dataclass
class Shared:
    """A library on a server that two desks share."""

    url: str
    key: Ed25519PrivateKey
    one: Library
    other: Library


@pytest.fixture
def shared(net: Net) -> Iterator[Shared]:
    """It is enrolled."""
    with cluster().database() as url:
        store, second = open_server_library(url), None
        try:
            one = found_in(store, SET_UP, load_profile("public"), SettableClock(MORNING))
            key = Ed25519PrivateKey.generate()
            enrol_here(one, net.centre, key)
            with store.write() as tx:
                tx.connection.execute(
                    sa.insert(Peer).values(
                        url="http://127.0.0.1", centre_id=net.centre.id, public_key=net.centre.keys.public_key,
                        enrolled_at=one.clock.read().at,
                    )
                )  # fmt: skip
            second = open_server_library(url)
            yield Shared(url, key, one, Library(second, SettableClock(MORNING)))
        finally:
            store.close()
            if second is not None:
                second.close()


def test_a_shared_database_synchronises_as_one_branch(net: Net, shared: Shared) -> None:
    desk(shared.one, 10)
    line = InProcessLine(net.centre)
    outcome = sync_round(shared.one, line, shared.key)
    assert (outcome.state, outcome.waiting) == (RoundState.DONE, 0)
    desk(shared.other, 3)
    assert sync_round(shared.other, line, shared.key).waiting == 0
    assert same(net, shared.one)
    assert check_library(shared.one).broken == ()


def test_one_desk_at_a_time_synchronises(net: Net, shared: Shared) -> None:
    with alone_for_long(shared.other.store, "sync") as mine:
        assert mine
        assert sync_round(shared.one, InProcessLine(net.centre), shared.key).state is RoundState.BUSY
    assert sync_round(shared.one, InProcessLine(net.centre), shared.key).state is RoundState.DONE


def test_a_desk_goes_on_in_the_epoch_that_another_opened(net: Net, shared: Shared) -> None:
    line = InProcessLine(net.centre)
    desk(shared.one, 2)
    sync_round(shared.one, line, shared.key)
    fourth = sa.select(JournalEntry.chain).where(JournalEntry.seq == 4).scalar_subquery()
    with shared.one.store.write() as tx:  # what an older copy of the database would look like
        tx.connection.execute(sa.text("ALTER TABLE journal DISABLE TRIGGER ALL"))
        tx.connection.execute(sa.text("DELETE FROM journal WHERE seq > 4"))
        tx.connection.execute(sa.text("ALTER TABLE journal ENABLE TRIGGER ALL"))
        tx.connection.execute(sa.update(Stream).values(head_seq=4, acked_seq=4, head_chain=fourth, acked_chain=fourth))
    assert sync_round(shared.one, line, shared.key).reopened == "rewound"
    add_member(shared.other)
    add_member(shared.one)
    assert sync_round(shared.other, line, shared.key).waiting == 0
    assert {one.seq for one in rows(shared.one, JournalEntry, epoch=shared.one.store.identity.epoch)} == {1, 2}  # type: ignore[union-attr]
    assert check_library(shared.one).broken == ()


def test_nothing_is_left_aside_in_everyday_work(net: Net) -> None:
    library = net.branch()
    desk(library, 10)
    quiet(net, library)
    assert rows(library, SetAside) == []
    assert library.clock.read().at - MORNING < dt.timedelta(days=30)
