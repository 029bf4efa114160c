"""First fillings: the rows of a feed as files, proved by hash and signature, taken up where the line was lost, and the
ordinary pull behind them and instead of them."""

import atexit
import hashlib
import shutil
import socket
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.centre import Centre
from app.library import Library
from app.sync.branch import guarding, pulling
from app.sync.branch.cursors import Position, position
from app.sync.branch.filling import REFUSED, TAKEN, TRIES
from app.sync.branch.http_line import HttpLine
from app.sync.branch.rounds import SyncOutcome, sync_round
from app.sync.branch.talk import RoundState
from app.sync.branch.union import FilesIn, fill_union
from app.sync.centre import pull, snapshots
from app.sync.centre.bearer import make_bearer
from app.sync.centre.epochs import Marks, refresh_epochs
from app.sync.centre.replaying import begin
from app.sync.centre.snapshots import Shelf, make, make_due
from app.sync.line import LineLostError, Reply, Steps
from app.sync.owners import Feed
from app.sync.segments import Segment, SegmentSaid, Snapshot, make_segment, open_segment
from app.sync.wire import MalformedError, open_message, seal_message
from db.codes import CataloguingStatus, Material, Role
from db.feeds import subscribe, unsubscribe
from db.models.centre import UnionTitle
from db.models.items import Item
from db.models.members import Member
from db.models.sync import FeedCursor
from db.trouble import Trouble
from server.centre.api import Served, sync_routes
from server.centre.files import file_routes
from server.centre.openapi import document
from tests.library import act, add_copy, add_member, change, clock, lend, reopened, row, rows
from tests.server.centre.serving import served
from tests.sync.lines import InProcessLine
from tests.sync.origin import copied, dropped, open_centre_at, origin

SMALL = 3_000
"""Bytes of a segment in these tests."""


@dataclass
class Town:
    """A branch that has worked, its centre, the folder of first fillings, and the same branch before its first day."""

    library: Library
    key: Ed25519PrivateKey
    centre: Centre
    folder: Path
    empty: Library
    url: str = ""

    @property
    def branch(self) -> Shelf:
        return Shelf(self.folder, Feed.BRANCH, self.library.branch.id)

    def snapshot(self) -> Snapshot:
        """That of the branch as the centre tells it."""
        return open_message(self.branch.manifest.read_bytes(), Snapshot, self.centre.keys.public_key)

    def tell(self, made: Snapshot, key: Ed25519PrivateKey | None = None) -> None:
        """Put another manifest in its place."""
        self.branch.manifest.write_bytes(seal_message(made, key or self.centre.keys.signing))


@cache
def busy() -> tuple[Path, str]:
    """The branch after thirty loans that the centre has: its folder, and the database of the centre. Made once a
    run."""
    folder = Path(tempfile.mkdtemp(prefix="pishkhan-snapshots-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    name = copied(origin().database)
    library = reopened(shutil.copytree(origin().branches[0].folder, folder / "branch"))
    centre = open_centre_at(name, origin().keys)
    with library.store, centre.store:
        for place in range(30):
            lend(library, add_member(library, card=f"S-{place}"), add_copy(library))
        for _ in range(2):
            outcome = sync_round(library, InProcessLine(centre), origin().branches[0].key)
        assert (outcome.state, outcome.sent, outcome.received) == (RoundState.DONE, 0, 0)
    return folder / "branch", name


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.setattr(snapshots, "SIZE", SMALL)
    monkeypatch.setattr(snapshots, "WORTH", 20)
    monkeypatch.setattr(pulling, "WORTH", 20)
    before, name = busy()
    name = copied(name)
    shutil.copytree(before, tmp_path / "branch")
    shutil.copytree(origin().branches[0].folder, tmp_path / "empty")
    library, centre = reopened(tmp_path / "branch"), open_centre_at(name, origin().keys)
    empty = forgetful(reopened(tmp_path / "empty"))
    with library.store, centre.store, empty.store:
        begin(centre)
        sync_round(library, InProcessLine(centre), origin().branches[0].key)
        made = Town(library, origin().branches[0].key, centre, tmp_path / "snapshots", empty)
        app = Starlette(routes=[*sync_routes(of := Served(centre, snapshots=made.folder)), *file_routes(of)])
        with served(app) as made.url:
            yield made
    dropped(name)


def forgetful(library: Library) -> Library:
    """A copy of the branch's first days that has never read a feed: as far behind as an empty one."""
    with library.store.write() as tx:
        tx.connection.execute(sa.update(FeedCursor).values(feed_epoch=0, pos=0, sub_pos=0))
    return library


@dataclass
class Watched(HttpLine):
    """A line that tells which files were asked for, from which byte on."""

    asked: list[tuple[str, int]] = field(default_factory=list)
    pulled: int = 0

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.asked, self.pulled = [], 0

    def fetch(self, name: str, into: bytearray, most: int, bearer: str = "") -> Reply:
        self.asked.append((name, len(into)))
        return super().fetch(name, into, most, bearer)

    @property
    def segments(self) -> list[str]:
        return [name for name, _ in self.asked if name.startswith("seg/")]


def synced(town: Town, line: Any = None, steps: Steps | None = None) -> SyncOutcome:
    """A round of the empty one."""
    with line or Watched(town.url) as talking:
        return sync_round(town.empty, talking, town.key, steps=steps)


def same(town: Town) -> bool:
    """Whether the empty one has become the branch."""
    return all(
        {(one.id, one.ver, one.deleted_at) for one in rows(town.library, model)}
        == {(one.id, one.ver, one.deleted_at) for one in rows(town.empty, model)}
        for model in (Member, Item)
    )


def stands(library: Library, feed: Feed = Feed.BRANCH) -> Position:
    identity = library.store.identity
    assert identity is not None
    with library.store.read() as reader:
        return position(reader, identity.device_id, feed)


def taken(library: Library) -> dict[str, list[str]]:
    with library.store.read() as reader:
        return TAKEN.read(reader)


# Made at the centre.


def test_a_snapshot_is_the_whole_feed_in_segments_of_one_size(town: Town) -> None:
    made = make(town.centre, town.branch)
    assert made == town.snapshot()
    assert made is not None
    assert len(made.segments) >= 3
    assert all(said.size < 2 * SMALL for said in made.segments)
    assert made.pos == stands(town.library).pos
    assert make(town.centre, town.branch) == msgspec.structs.replace(made, made_ms=made.made_ms)


def test_equal_rows_give_the_same_files_and_old_ones_go_a_generation_later(town: Town) -> None:
    first = make(town.centre, town.branch)
    change(town.library, Member, rows(town.library, Member)[-1].id, mobile="09120000000")
    sync_round(town.library, InProcessLine(town.centre), town.key)
    second = make(town.centre, town.branch)
    assert first is not None
    assert second is not None
    names = [{said.sha256.hex() for said in made.segments} for made in (first, second)]
    assert names[0] & names[1]
    assert files_of(town) == names[0] | names[1]
    make(town.centre, town.branch)
    assert files_of(town) == names[1]


def files_of(town: Town) -> set[str]:
    return {path.name for path in town.branch.segment("").iterdir()}


def test_a_snapshot_is_made_when_it_is_worth_it_and_anew_when_a_fifth_has_changed(town: Town) -> None:
    feeds = [(made.feed, made.branch) for made in make_due(town.centre, town.folder)]
    assert ("branch", town.library.branch.id.bytes) in feeds
    assert list(make_due(town.centre, town.folder)) == []
    for model in (Member, Item):
        for one in rows(town.library, model):
            change(town.library, model, one.id, note="تازه")
    sync_round(town.library, InProcessLine(town.centre), town.key)
    assert "branch" in [made.feed for made in make_due(town.centre, town.folder)]
    refresh_epochs(town.centre, Marks("restored", 2))
    assert len(list(make_due(town.centre, town.folder))) == len(feeds)


def test_files_of_a_branch_are_sealed_and_those_for_all_lie_open(town: Town) -> None:
    made = make(town.centre, town.branch)
    assert made is not None
    kept = town.branch.segment(made.segments[0].sha256.hex()).read_bytes()
    with pytest.raises(MalformedError):
        open_segment(kept, made.segments[0])
    assert (town.folder / "branch").stat().st_mode & 0o777 == 0o700


# Asked for over HTTP.


@pytest.fixture
def client(town: Town) -> TestClient:
    return TestClient(Starlette(routes=file_routes(Served(town.centre, snapshots=town.folder))))


def bearer(town: Town, place: int = 0, *scopes: str) -> dict[str, str]:
    identity = town.library.store.identity
    assert identity is not None
    token = make_bearer(
        town.centre.keys, identity.device_id, identity.branch_id, list(scopes or ("pull:branch",)), town.centre.now()
    )
    return {"Authorization": f"Bearer {token}"}


def test_a_branch_has_its_own_files_with_its_bearer_alone(town: Town, client: TestClient) -> None:
    made = make(town.centre, town.branch)
    assert made is not None
    said = made.segments[0]
    name = said.sha256.hex()
    assert client.get("/v1/snap/branch/manifest", headers=bearer(town)).content == town.branch.manifest.read_bytes()
    assert open_segment(client.get(f"/v1/seg/{name}", headers=bearer(town)).content, said).feed == "branch"
    assert client.get("/v1/snap/branch/manifest").status_code == 403
    assert client.get("/v1/snap/branch/manifest", headers=bearer(town, 0, "pull:bib")).status_code == 403
    assert client.get(f"/v1/seg/{name}").status_code == 404
    assert client.get(f"/v1/seg/{name}", headers={"Authorization": "Bearer AAAA"}).status_code == 403


def test_another_branch_does_not_get_them(town: Town, client: TestClient) -> None:
    made = make(town.centre, town.branch)
    assert made is not None
    name = made.segments[0].sha256.hex()
    other = reopened(shutil.copytree(origin().branches[1].folder, town.folder / "other"))
    with other.store:
        identity = other.store.identity
        assert identity is not None
        token = make_bearer(
            town.centre.keys, identity.device_id, identity.branch_id, ["pull:branch"], town.centre.now()
        )
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get(f"/v1/seg/{name}", headers=headers).status_code == 404
    assert client.get("/v1/snap/branch/manifest", headers=headers).status_code == 404


@pytest.mark.parametrize(
    "path", ["/v1/snap/nothing/manifest", "/v1/seg/../manifest", "/v1/seg/" + "A" * 64, "/v1/seg/" + "0" * 63,
             "/v1/seg/..%2F..%2Fbranch"],
)  # fmt: skip
def test_names_that_are_none_reach_no_file(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (400, 404)


@pytest.mark.parametrize(
    ("wanted", "status", "part"),
    [("bytes=0-", 206, slice(0, None)), ("bytes=7-", 206, slice(7, None)), ("bytes=7-9", 206, slice(7, 10)),
     ("bytes=5-999999999", 206, slice(5, None)), ("bytes=-5", 200, slice(None)), ("bytes=1-2,4-5", 200, slice(None)),
     ("lines=1-", 200, slice(None)), ("bytes=999999999-", 416, slice(0, 0)), ("bytes=9-7", 416, slice(0, 0))],
)  # fmt: skip
def test_a_part_of_a_file(town: Town, client: TestClient, wanted: str, status: int, part: slice) -> None:
    made = make(town.centre, town.branch)
    assert made is not None
    path = f"/v1/seg/{made.segments[0].sha256.hex()}"
    whole = client.get(path, headers=bearer(town)).content
    answer = client.get(path, headers=bearer(town) | {"Range": wanted})
    assert (answer.status_code, answer.content) == (status, whole[part])
    if status == 206:
        first = whole.index(whole[part])
        assert answer.headers["content-range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(whole)}"


def test_without_a_folder_there_is_nothing(town: Town) -> None:
    client = TestClient(Starlette(routes=file_routes(Served(town.centre))))
    assert client.get("/v1/snap/policy/manifest").status_code == 404
    assert client.get("/v1/seg/" + "0" * 64).status_code == 404


def test_the_document_names_the_files() -> None:
    paths = document()["paths"]
    assert {"206", "404", "416"} <= set(paths["/v1/seg/{sha256}"]["get"]["responses"])
    assert "/v1/snap/{feed}/manifest" in paths


# Taken at the branch.


def test_an_empty_branch_is_filled_from_the_files_and_pulls_the_rest(town: Town) -> None:
    made = make(town.centre, town.branch)
    add_copy(town.library)
    sync_round(town.library, InProcessLine(town.centre), town.key)
    line = Watched(town.url)
    assert synced(town, line).state is RoundState.DONE
    assert made is not None
    assert len(line.segments) == len(made.segments)
    assert same(town)
    assert stands(town.empty).pos > made.pos
    assert taken(town.empty) == {}
    again = Watched(town.url)
    assert synced(town, again).received == 0
    assert again.asked == []


def test_without_a_snapshot_the_pages_come(town: Town) -> None:
    line = Watched(town.url)
    assert synced(town, line).state is RoundState.DONE
    assert line.asked[0] == ("snap/branch/manifest", 0)
    assert line.segments == []
    assert same(town)


def test_a_short_feed_is_not_worth_the_question(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "WORTH", 1 << 40)
    line = Watched(town.url)
    synced(town, line)
    assert line.asked == []
    assert same(town)


class Ended(BaseException):
    """The process ends here."""


@dataclass
class EndingAt(Steps):
    """Ends the process at the so-many-th time of a step."""

    step: str
    left: int

    def reached(self, name: str) -> None:
        if name == self.step:
            self.left -= 1
            if self.left == 0:
                raise Ended


@pytest.mark.parametrize("step", ["snapshot.segment_fetched", "snapshot.slice_taken", "snapshot.segment_taken"])
def test_what_was_taken_is_remembered_whenever_the_process_ends(town: Town, step: str) -> None:
    made = make(town.centre, town.branch)
    first = Watched(town.url)
    with pytest.raises(Ended):
        synced(town, first, EndingAt(step, 3))
    done = len(taken(town.empty)["branch"])
    assert 1 <= done <= 3
    assert stands(town.empty) == Position()
    second = Watched(town.url)
    assert synced(town, second).state is RoundState.DONE
    assert made is not None
    assert len(second.segments) == len(made.segments) - done
    assert same(town)


def test_segments_that_a_newer_snapshot_shares_are_not_asked_for_again(town: Town) -> None:
    make(town.centre, town.branch)
    with pytest.raises(Ended):
        synced(town, None, EndingAt("snapshot.segment_taken", 3))
    had = set(taken(town.empty)["branch"])
    change(town.library, Member, rows(town.library, Member)[-1].id, mobile="09120000000")
    sync_round(town.library, InProcessLine(town.centre), town.key)
    made = make(town.centre, town.branch)
    assert made is not None
    shared = had & {said.sha256.hex() for said in made.segments}
    assert shared
    line = Watched(town.url)
    assert synced(town, line).state is RoundState.DONE
    assert not shared & {name.removeprefix("seg/") for name in line.segments}
    assert same(town)


class Cutting(Watched):
    """A line that breaks after every so many bytes of a file."""

    step = 700

    def fetch(self, name: str, into: bytearray, most: int, bearer: str = "") -> Reply:
        had = len(into)
        reply = super().fetch(name, into, most, bearer)
        if name.startswith("seg/") and len(into) > had + self.step:
            del into[had + self.step :]
            raise LineLostError("cut")
        return reply


def test_a_line_that_breaks_brings_only_what_is_missing(town: Town) -> None:
    make(town.centre, town.branch)
    line = Cutting(town.url)
    assert synced(town, line).state is RoundState.DONE
    assert {start for name, start in line.asked if name.startswith("seg/")} >= {0, 700, 1400}
    assert same(town)


class Dead(Watched):
    """A line on which no byte of any segment comes."""

    def fetch(self, name: str, into: bytearray, most: int, bearer: str = "") -> Reply:
        if name.startswith("seg/"):
            self.asked.append((name, len(into)))
            raise LineLostError("dead")
        return super().fetch(name, into, most, bearer)


def test_a_line_that_brings_nothing_is_lost(town: Town) -> None:
    make(town.centre, town.branch)
    line = Dead(town.url)
    assert synced(town, line).state is RoundState.NO_LINE
    assert len(line.segments) == TRIES


def _foreign_branch(town: Town, made: Snapshot) -> None:
    town.tell(msgspec.structs.replace(made, branch=uuid.uuid4().bytes))


def _foreign_feed(town: Town, made: Snapshot) -> None:
    town.tell(msgspec.structs.replace(made, feed="policy"))


def _forged(town: Town, made: Snapshot) -> None:
    town.tell(made, Ed25519PrivateKey.generate())


def _cut_manifest(town: Town, _: Snapshot) -> None:
    town.branch.manifest.write_bytes(town.branch.manifest.read_bytes()[:-70])


def _endless_manifest(town: Town, _: Snapshot) -> None:
    town.branch.manifest.write_bytes(bytes(2 << 20))


def _put(town: Town, made: Snapshot, raw: bytes, said: SegmentSaid | None = None) -> None:
    """Other bytes under the name of the second segment; or a name of their own in the manifest."""
    name = made.segments[1].sha256 if said is None else said.sha256
    town.branch.segment(name.hex()).write_bytes(snapshots._sealed(town.centre, raw, name))
    if said is not None:
        town.tell(msgspec.structs.replace(made, segments=[made.segments[0], said, *made.segments[2:]]))


def _exchanged(town: Town, made: Snapshot) -> None:
    kept = town.branch.segment(made.segments[2].sha256.hex()).read_bytes()
    _put(town, made, snapshots.unsealed(town.centre, kept, made.segments[2].sha256))


def _longer(town: Town, made: Snapshot) -> None:
    kept = town.branch.segment(made.segments[1].sha256.hex()).read_bytes()
    _put(town, made, snapshots.unsealed(town.centre, kept, made.segments[1].sha256) + bytes(50))


def _shorter(town: Town, made: Snapshot) -> None:
    kept = town.branch.segment(made.segments[1].sha256.hex()).read_bytes()
    _put(town, made, snapshots.unsealed(town.centre, kept, made.segments[1].sha256)[:-50])


def _flipped_on_disk(town: Town, made: Snapshot) -> None:
    path = town.branch.segment(made.segments[1].sha256.hex())
    spoilt = bytearray(path.read_bytes())
    spoilt[99] ^= 1
    path.write_bytes(spoilt)


def _gone(town: Town, made: Snapshot) -> None:
    town.branch.segment(made.segments[1].sha256.hex()).unlink()


def _of_another(raw: bytes) -> Callable[[Town, Snapshot], None]:
    """A segment that the manifest names rightly, and that is none of this branch."""
    return lambda town, made: _put(town, made, raw, SegmentSaid(hashlib.sha256(raw).digest(), len(raw), 0))


SPOILT: dict[str, tuple[Callable[[Town, Snapshot], None], bool]] = {
    "of another branch": (_foreign_branch, True),
    "of another feed": (_foreign_feed, True),
    "forged": (_forged, True),
    "cut": (_cut_manifest, True),
    "endless": (_endless_manifest, True),
    "a segment exchanged": (_exchanged, True),
    "a segment longer": (_longer, True),
    "a segment shorter": (_shorter, False),
    "a segment damaged on the centre's disk": (_flipped_on_disk, False),
    "a segment gone": (_gone, False),
    "a segment of another branch": (_of_another(make_segment(Segment("branch", bytes(16), []))), True),
    "a segment that is none": (_of_another(b"PSS1 nothing"), True),
    "a bomb": (_of_another(b"PSS1" + zstandard.compress(bytes(64 << 20))), True),
}


@pytest.mark.parametrize("spoil", SPOILT)
def test_what_is_damaged_or_forged_is_refused_and_the_pages_come(town: Town, spoil: str) -> None:
    made = make(town.centre, town.branch)
    assert made is not None
    do, told = SPOILT[spoil]
    do(town, made)
    outcome = synced(town)
    assert outcome.state is RoundState.DONE
    assert (REFUSED in outcome.notes) == told
    assert same(town)
    assert stands(town.empty) == stands(town.library)


def test_a_segment_of_the_same_size_is_another_segment() -> None:
    ours, theirs = (make_segment(Segment("branch", bytes([place]) * 16, [])) for place in (1, 2))
    said = SegmentSaid(hashlib.sha256(ours).digest(), len(ours), 0)
    assert len(ours) == len(theirs)
    assert open_segment(ours, said).branch == bytes([1]) * 16
    with pytest.raises(MalformedError):
        open_segment(theirs, said)


def test_a_snapshot_of_a_lost_history_is_left_alone(town: Town) -> None:
    make(town.centre, town.branch)
    refresh_epochs(town.centre, Marks("restored", 2))
    line = Watched(town.url)
    assert synced(town, line).state is RoundState.DONE
    assert line.segments == []
    assert same(town)


def test_a_cursor_of_a_lost_history_begins_with_the_snapshot(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pull, "MOST_ROWS", 50)
    make(town.centre, town.branch)
    with town.empty.store.write() as tx:
        tx.connection.execute(sa.update(FeedCursor).values(feed_epoch=77, pos=9_999))
    line = Watched(town.url)
    assert synced(town, line).state is RoundState.DONE
    assert line.segments != []
    assert same(town)
    assert stands(town.empty) == stands(town.library)


def test_what_a_snapshot_lacks_is_no_deletion_and_what_is_newer_here_stays(town: Town) -> None:
    """A row that is not in it, one that an entry still on its way has changed, and one that has been sent since."""
    make(town.centre, town.branch)
    known = rows(town.empty, Member)[0]
    ours = add_member(town.empty, card="OURS-1")
    change(town.empty, Member, known.id, mobile="09129999999")
    outcome = synced(town)
    assert outcome.state is RoundState.DONE
    assert row(town.empty, Member, ours.id).deleted_at is None
    assert row(town.empty, Member, known.id).mobile == "09129999999"


def test_a_snapshot_that_removes_too_much_stops_and_asks(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    clock(town.library).advance(days=1)
    with town.library.store.write() as tx:
        table = Item.__table__
        for item in tx.connection.execute(sa.select(table).where(table.c.deleted_at.is_(None))).all():
            tx.remove(Item, item, act(town.library))
        tx.record("item.removed", act(town.library))
    sync_round(town.library, InProcessLine(town.centre), town.key)
    make(town.centre, town.branch)
    monkeypatch.setattr(guarding, "HARMLESS", 2)
    assert synced(town).state is RoundState.GUARDED
    assert any(one.deleted_at is None for one in rows(town.empty, Item))


# The whole union.


def a_union(town: Town, number: int) -> list[uuid.UUID]:
    """Records of the union; the branch hears of the first two."""
    with town.centre.write() as tx:
        made = [
            tx.insert(
                UnionTitle, title=f"کتاب {place}", material=Material.BOOK, status=CataloguingStatus.REVIEWED,
                born_at=town.centre.id, sort_key="", match_key="", search_key="",
            )
            for place in range(number)
        ]  # fmt: skip
        tx.record("union.adopted", town.centre.act(town.centre.id, Role.ADMINISTRATOR))
    with town.centre.write() as tx:
        subscribe(tx, town.library.branch.id, UnionTitle, made[:2], "held")
    return made


def held(library: Library) -> set[uuid.UUID]:
    return {one.id for one in rows(library, UnionTitle)}


def test_a_branch_has_what_it_holds_until_it_takes_the_whole_union(town: Town, tmp_path: Path) -> None:
    records = a_union(town, 40)
    make(town.centre, Shelf(town.folder, Feed.BIB))
    line = Watched(town.url)
    synced(town, line)
    assert not any(name.startswith("snap/bib") for name, _ in line.asked)
    assert held(town.empty) == set(records[:2])
    stick = shutil.copytree(town.folder / "shared", tmp_path / "stick")
    before = stands(town.empty, Feed.BIB)
    assert fill_union(town.empty, town.key, FilesIn(stick)) == 40
    assert held(town.empty) == set(records)
    assert stands(town.empty, Feed.BIB) == before
    assert fill_union(town.empty, town.key, FilesIn(stick)) == 0


def test_over_a_good_line_the_union_needs_no_bearer_and_is_not_sent_again(town: Town) -> None:
    records = a_union(town, 40)
    make(town.centre, Shelf(town.folder, Feed.BIB))
    with Watched(town.url) as line:
        assert fill_union(town.empty, town.key, line) == 40
    assert stands(town.empty, Feed.BIB).pos > 0
    assert synced(town).state is RoundState.DONE
    with town.centre.write() as tx:  # one that it has, newly heard of, and one that changed since
        subscribe(tx, town.library.branch.id, UnionTitle, records[4:6], "held")
        (changed,) = (one for one in tx.connection.execute(sa.select(UnionTitle.__table__)) if one.id == records[5])
        tx.update(UnionTitle, changed, title="نام تازه")
        tx.record("union.changed", town.centre.act(town.centre.id, Role.ADMINISTRATOR))
    assert synced(town).received == 1
    assert row(town.empty, UnionTitle, records[5]).title == "نام تازه"


def test_a_record_that_ended_comes_again_when_it_is_heard_of_again(town: Town) -> None:
    records = a_union(town, 5)
    make(town.centre, Shelf(town.folder, Feed.BIB))
    with Watched(town.url) as line:
        fill_union(town.empty, town.key, line)
    synced(town)
    for deed in (unsubscribe, partial(subscribe, reason="held")):
        with town.centre.write() as tx:
            deed(tx, town.library.branch.id, UnionTitle, records[:1])
        synced(town)
        assert (records[0] in held(town.empty)) == (deed is not unsubscribe)


def test_a_spoilt_stick_is_told(town: Town, tmp_path: Path) -> None:
    a_union(town, 40)
    make(town.centre, Shelf(town.folder, Feed.BIB))
    for path in (town.folder / "shared" / "seg").iterdir():
        path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(Trouble, match="P-2421"):
        fill_union(town.empty, town.key, FilesIn(town.folder / "shared"))
    assert fill_union(town.empty, town.key, FilesIn(tmp_path / "nothing")) == 0


def test_rules_for_all_come_from_one_snapshot(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    make(town.centre, Shelf(town.folder, Feed.POLICY))
    monkeypatch.setattr(pulling, "WORTH", 0)
    line = Watched(town.url)
    synced(town, line)
    assert ("snap/policy/manifest", 0) in line.asked
    assert stands(town.empty, Feed.POLICY) == stands(town.library, Feed.POLICY)


def test_a_dead_line_to_the_union_is_told(town: Town) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with HttpLine(f"http://127.0.0.1:{port}") as line, pytest.raises(Trouble, match="P-2416"):
        fill_union(town.empty, town.key, line)
