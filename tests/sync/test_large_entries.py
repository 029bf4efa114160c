"""Papers and scans travel in their entries: the largest that a desk takes arrives at the centre and comes back to a
branch that has lost everything, over HTTP and on a stick; what would never arrive is refused at the desk."""

import hashlib
import random
import shutil
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette

from app.centre import Centre
from app.library import Library
from app.refusal import Refusal
from app.sync.branch.epochs import Reopened, open_epoch
from app.sync.branch.http_line import HttpLine
from app.sync.branch.rounds import SyncOutcome, sync_round
from app.sync.branch.talk import RoundState
from app.sync.line import BAD, OK, Call
from app.sync.packages.taking import take_package
from app.sync.packages.up import export_packages
from app.sync.wire import MOST_SENT, Header, JournalBytes, SentEntry, _Batch, encode, make_batch, pack
from app.weeding.minutes.attaching import MOST_BYTES, Attached, attach
from app.weeding.minutes.outcomes import Scan
from db.journal import MOST_ENTRY
from db.models.collection import Document
from db.models.sync import JournalEntry
from db.trouble import Trouble
from server.centre.api import Served, sync_routes
from server.centre.limits import LARGE_AT_ONCE, Gate, body_seconds, is_large
from tests.app.sync.centre.sending import Sender, journal, sender_of
from tests.app.weeding.minutes.on_the_way import finalised
from tests.library import act, add_copy, found, reopened, rows
from tests.server.centre.serving import served
from tests.sync.lines import InProcessLine
from tests.sync.origin import copied, dropped, open_centre_at, origin


@dataclass(frozen=True, slots=True)
class Town:
    """A branch as it was on its first day, and its centre."""

    library: Library
    key: Ed25519PrivateKey
    centre: Centre
    backup: Path

    def restored(self) -> Library:
        """Another machine with the backup of the first day."""
        folder = self.backup.with_name("restored")
        shutil.copytree(self.backup, folder)
        return reopened(folder)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    name = copied(origin().database)
    first = origin().branches[0]
    for place in ("branch", "backup"):
        shutil.copytree(first.folder, tmp_path / place)
    library, centre = reopened(tmp_path / "branch"), open_centre_at(name, origin().keys)
    with library.store, centre.store:
        yield Town(library, first.key, centre, tmp_path / "backup")
    dropped(name)


def a_scan(size: int, seed: int) -> Scan:
    """A picture of so many bytes that nothing makes smaller."""
    start = b"\xff\xd8\xff"
    return Scan(f"scan{seed}.jpg", start + random.Random(seed).randbytes(size - len(start)))


def attached(library: Library, scan: Scan) -> Attached:
    outcome = attach(library, "1405/1", scan, act(library))
    assert isinstance(outcome, Attached), outcome
    return outcome


def hashes(library: Library) -> set[str]:
    """The papers of a library, each proved by its bytes."""
    kept = rows(library, Document)
    assert all(hashlib.sha256(one.content).hexdigest() == one.sha256 for one in kept)
    return {one.sha256 for one in kept}


def synced(town: Town, library: Library, url: str) -> SyncOutcome:
    with HttpLine(url) as line:
        return sync_round(library, line, town.key)


@pytest.mark.parametrize("sizes", [(MOST_BYTES,), (MOST_BYTES, 40_000, MOST_SENT, MOST_SENT - 300, 3 << 20, 900)])
def test_the_largest_scans_arrive_and_heal_a_restored_branch(town: Town, sizes: tuple[int, ...]) -> None:
    finalised(town.library)
    for seed, size in enumerate(sizes):
        attached(town.library, a_scan(size, seed))
        add_copy(town.library)
    with served(Starlette(routes=sync_routes(Served(town.centre)))) as url:
        outcome = synced(town, town.library, url)
        assert (outcome.state, outcome.waiting, outcome.notes) == (RoundState.DONE, 0, ())
        healed = town.restored()
        with healed.store:
            assert len(hashes(healed)) < len(sizes)
            assert synced(town, healed, url).state is RoundState.DONE
            assert hashes(healed) == hashes(town.library)


def test_a_scan_goes_by_stick(town: Town, tmp_path: Path) -> None:
    finalised(town.library)
    add_copy(town.library)
    attached(town.library, a_scan(MOST_BYTES, 1))
    attached(town.library, a_scan(MOST_BYTES, 2))
    add_copy(town.library)
    written = export_packages(town.library, town.key, tmp_path)
    assert len(written) == 2
    for one in written:
        assert take_package(town.centre, one.path.read_bytes()).held == 0
    with town.centre.store.read() as reader:
        known = set(reader.connection.execute(Document.__table__.select()).scalars("sha256"))
    assert known == hashes(town.library)


def test_scans_that_wait_are_moved_to_another_epoch(town: Town) -> None:
    finalised(town.library)
    for seed in range(3):
        attached(town.library, a_scan(2 << 20, seed))
    identity = town.library.store.identity
    assert identity is not None
    stamp = town.library.clock.read()
    open_epoch(town.library.store, stamp, Reopened.MOVED, {identity.epoch: 0}, random.Random(1).getrandbits)
    outcome = sync_round(town.library, InProcessLine(town.centre), town.key)
    assert (outcome.state, outcome.waiting) == (RoundState.DONE, 0)


def test_a_larger_scan_is_refused_at_the_desk(town: Town) -> None:
    finalised(town.library)
    outcome = attach(town.library, "1405/1", a_scan(MOST_BYTES + 1, 1), act(town.library))
    assert getattr(outcome, "refusals", None) == (
        Refusal("minutes.file_too_big", "7-15", facts={"megabytes": MOST_BYTES >> 20}),
    )


def test_what_would_never_arrive_is_not_even_written(tmp_path: Path) -> None:
    """Whatever use case made it, in one entry or with others: nothing of it is there afterwards."""
    library = found(tmp_path)
    with library.store:
        before = len(rows(library, JournalEntry))

        def keep(size: int) -> None:
            with library.store.write() as tx:
                tx.insert(
                    Document, kind="letter", media_type="application/pdf", file_name="x.pdf", content=bytes(size),
                    sha256="", made_at=act(library).at,
                )  # fmt: skip
                tx.record("letter.kept", act(library))

        with pytest.raises(Trouble, match="P-1114"):
            keep(MOST_ENTRY)
        assert (len(rows(library, Document)), len(rows(library, JournalEntry))) == (0, before)
        keep(MOST_ENTRY - 1000)


# At the centre: one entry alone may be large, several together may not, and a bomb is none.


@pytest.fixture
def sender(town: Town) -> Sender:
    return sender_of(town.centre, found(town.backup.with_name("other")))


def test_several_entries_together_may_not_be_large(town: Town, sender: Sender) -> None:
    finalised(town.library)
    attached(town.library, a_scan(MOST_SENT, 1))
    entries = journal(town.library)
    assert sender.call(Call.PUSH, sender.batch(entries)).status == BAD
    assert sender.call(Call.PUSH, sender.batch(entries[:-1])).status == OK


@pytest.mark.parametrize("entries", [[SentEntry(b"")] * 2_000_000, [SentEntry(bytes(12 << 20))] * 3])
def test_a_bomb_of_a_stranger_takes_no_more_memory_than_its_bytes(
    town: Town, sender: Sender, entries: list[SentEntry]
) -> None:
    header = Header(1, sender.branch_id.bytes, sender.device_id.bytes, 1, 1, len(entries), b"", b"", 1, "1.0")
    bomb = b"PSB1" + pack(encode(_Batch(header, entries))) + bytes(64)
    assert len(bomb) < 100_000
    tracemalloc.start()
    try:
        assert sender.call(Call.PUSH, bomb).status == BAD
        assert tracemalloc.get_traced_memory()[1] < 48 << 20
    finally:
        tracemalloc.stop()


def test_what_is_asked_may_not_grow(town: Town) -> None:
    assert InProcessLine(town.centre).send(Call.HELLO, b"PSA1" + pack(bytes(2 << 20)) + bytes(64)).status == BAD


@pytest.mark.parametrize("told", ["nothing", "little"])
@pytest.mark.parametrize("call", [Call.HELLO, Call.ANCESTOR, Call.DIGEST, Call.ENROL])
def test_what_is_asked_may_not_grow_whatever_it_says_of_its_size(town: Town, call: Call, told: str) -> None:
    bomb = b"PSA1" + of_size(bytes(12 << 20), told) + bytes(64)
    line = InProcessLine(town.centre)
    line.send(call, b"")
    tracemalloc.start()
    try:
        assert line.send(call, bomb).status == BAD
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def of_size(plain: bytes, told: str) -> bytes:
    """A frame that is silent about its size, or lies about it."""
    made = zstandard.ZstdCompressor(level=3).compressobj()
    silent = made.compress(plain) + made.flush()
    if told == "nothing":
        return silent
    whole = zstandard.compress(plain)  # its descriptor, a size of four bytes, blocks
    size = len(plain).to_bytes(4, "little")
    assert whole.count(size, 0, 12) == 1
    return whole[:4] + whole[4:12].replace(size, (10).to_bytes(4, "little")) + whole[12:]


def test_so_many_large_bodies_at_once_and_no_more() -> None:
    gate = Gate()
    with gate.room(large=True) as first, gate.room(large=True), gate.room(large=True), gate.room(large=True) as last:
        assert LARGE_AT_ONCE == 4
        assert first
        assert last
        with gate.room(large=True) as another, gate.room(large=False) as small:
            assert (another, small) == (False, True)
    with gate.room(large=True) as again:
        assert again


def test_a_small_body_that_grows_is_large() -> None:
    key = Ed25519PrivateKey.generate()
    header = Header(1, bytes(16), bytes(16), 1, 1, 1, b"", b"", 1, "1.0")
    assert is_large(bytes(MOST_SENT + 1))
    assert not is_large(b"PSB1 nothing of it can be read")
    assert is_large(make_batch(header, [JournalBytes(bytes(9 << 20), None)], key))
    assert not is_large(make_batch(header, [JournalBytes(bytes(7 << 20), None)], key))


def test_a_large_body_may_take_as_long_as_a_slow_line_needs() -> None:
    assert body_seconds(64 << 10) == 300
    assert body_seconds(MOST_BYTES) / 3600 == pytest.approx(1.4, abs=0.1)
