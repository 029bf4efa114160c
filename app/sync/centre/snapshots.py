"""Snapshots: what a feed holds, as files that never change, so that first fillings do not load the database
(sync-protocol 10).

    shared/policy.manifest  shared/bib.manifest  shared/seg/<sha256>      for all: a web server may hand them out
    branch/<id>/branch.manifest  branch/<id>/seg/<sha256>                 one branch's readers and loans: sealed

A segment is named by the hash of its bytes; the manifest is signed and says to which place in the feed they lead. The
segments of a branch are encrypted with a key derived from the centre's data key, since a column that is encrypted in
the database must not lie open in a file beside it.
"""

import contextlib
import hashlib
import os
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from app.centre import Centre
from app.sync.centre.epochs import current_epoch
from app.sync.centre.pull import MOST_BYTES, page_of
from app.sync.owners import Feed
from app.sync.segments import Segment, SegmentSaid, Snapshot, make_segment
from app.sync.wire import FeedRow, MalformedError, PullAsked, encode, open_message, seal_message
from db.feeds import BIB, POLICY, branch_feed, head
from db.files import safe_write
from db.models.sync import Device
from db.moments import to_ms
from db.trouble import Trouble

SIZE = 125_000
"""Bytes of a segment, about."""
PACKED, BEST_PACKED = 3.0, 8.0
"""By how much rows shrink: a first guess, and the most that is counted on."""
WORTH = 1_000
"""Positions of a feed for which a snapshot is made: what is less comes in a few pages."""
GROWN = 5
"""It is made anew when a fifth of its rows have changed since: its reader pulls the rest."""
SHARED = {Feed.POLICY: POLICY, Feed.BIB: BIB}
MANIFEST, BEFORE = ".manifest", ".before"
NONCE = 12
_PURPOSE = b"pishkhan-segment"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the snapshot of one feed lies. `branch_id` None: it is for all."""

    folder: Path
    feed: Feed
    branch_id: uuid.UUID | None = None

    @property
    def home(self) -> Path:
        """The folder of the manifest."""
        return self.folder / "shared" if self.branch_id is None else self.folder / "branch" / self.branch_id.hex

    @property
    def manifest(self) -> Path:
        """The manifest that is told."""
        return self.home / f"{self.feed}{MANIFEST}"

    @property
    def before(self) -> Path:
        """The one before it, whose segments are still being fetched."""
        return self.home / f"{self.feed}{BEFORE}"

    def segment(self, name: str) -> Path:
        """The file of a segment."""
        return self.home / "seg" / name


def make_due(centre: Centre, folder: Path) -> Iterator[Snapshot]:
    """Make every snapshot that is missing or has become old. Raises Trouble as `safe_write` does."""
    with centre.store.read() as reader:
        branches = list(
            reader.connection.execute(
                sa.select(Device.branch_id).distinct().where(Device.state == "active", Device.branch_id != centre.id)
            ).scalars()
        )
    shelves = [Shelf(folder, feed) for feed in SHARED]
    for shelf in (*shelves, *(Shelf(folder, Feed.BRANCH, branch_id) for branch_id in sorted(branches))):
        if _is_due(centre, shelf):
            made = make(centre, shelf)
            if made is not None:
                yield made
    _sweep(centre, shelves)


def make(centre: Centre, shelf: Shelf) -> Snapshot | None:
    """Write the snapshot of a feed: segments first, so that a manifest never names what is not there. None where the
    history of the feeds changed meanwhile."""
    _open(shelf)
    cutter = _Cutter(centre, shelf)
    epoch = after = 0
    more = True
    while more:
        asked = PullAsked(b"", shelf.feed.value, epoch, after, most=MOST_BYTES)
        page = page_of(centre, shelf.branch_id or centre.id, asked, whole=True)
        if page.reset:
            return None
        epoch, after, more = page.epoch, page.pos, page.more
        cutter.take(page.rows)
    branch = b"" if shelf.branch_id is None else shelf.branch_id.bytes
    made = Snapshot(shelf.feed.value, branch, epoch, after, to_ms(centre.now()), cutter.finish())
    with contextlib.suppress(FileNotFoundError):
        safe_write(shelf.before, shelf.manifest.read_bytes())
    safe_write(shelf.manifest, seal_message(made, centre.keys.signing))
    if shelf.branch_id is not None:
        _sweep(centre, [shelf])
    return made


def _open(shelf: Shelf) -> None:
    try:
        shelf.segment("").mkdir(parents=True, exist_ok=True)
        if shelf.branch_id is not None:
            (shelf.folder / "branch").chmod(0o700)
    except OSError as error:
        raise Trouble("P-1203", path=shelf.home, reason=error.strerror) from error


def _is_due(centre: Centre, shelf: Shelf) -> bool:
    name = SHARED[shelf.feed] if shelf.branch_id is None else branch_feed(shelf.branch_id)
    with centre.store.read() as reader:
        epoch, stands = current_epoch(reader), head(reader, name)
    known = _known(centre, shelf.manifest)
    if known is None:
        return stands >= WORTH
    return known.epoch != epoch or stands - known.pos > max(WORTH, known.rows // GROWN)


def _known(centre: Centre, path: Path) -> Snapshot | None:
    try:
        return open_message(path.read_bytes(), Snapshot, centre.keys.public_key)
    except (OSError, MalformedError):
        return None


class _Cutter:
    """Rows on their way into segments of about one size."""

    def __init__(self, centre: Centre, shelf: Shelf) -> None:
        self._centre, self._shelf = centre, shelf
        self._rows: list[FeedRow] = []
        self._raw, self._packed = 0, PACKED
        self._said: list[SegmentSaid] = []

    def take(self, rows: Sequence[FeedRow]) -> None:
        """Rows in their order."""
        for row in rows:
            size = len(encode(row))
            if self._rows and self._raw + size > SIZE * self._packed:
                self._cut()
            self._rows.append(row)
            self._raw += size

    def finish(self) -> list[SegmentSaid]:
        """All segments."""
        if self._rows:
            self._cut()
        return self._said

    def _cut(self) -> None:
        branch = b"" if self._shelf.branch_id is None else self._shelf.branch_id.bytes
        raw = make_segment(Segment(self._shelf.feed.value, branch, self._rows))
        said = SegmentSaid(hashlib.sha256(raw).digest(), len(raw), len(self._rows))
        path = self._shelf.segment(said.sha256.hex())
        if not path.exists():
            shared = self._shelf.branch_id is None
            safe_write(path, raw if shared else _sealed(self._centre, raw, said.sha256), private=not shared)
        self._said.append(said)
        self._packed = min(BEST_PACKED, max(1.0, self._raw / len(raw)))
        self._rows, self._raw = [], 0


def _sweep(centre: Centre, shelves: Sequence[Shelf]) -> None:
    """Remove segments of a folder that neither its present manifests nor those before them name."""
    named = {
        said.sha256.hex()
        for shelf in shelves
        for known in (_known(centre, shelf.manifest), _known(centre, shelf.before))
        if known is not None
        for said in known.segments
    }
    with contextlib.suppress(FileNotFoundError):
        for entry in list(os.scandir(shelves[0].segment(""))):
            if entry.name not in named:
                Path(entry.path).unlink(missing_ok=True)


def _cipher(centre: Centre) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hashlib.blake2b(centre.keys.data, digest_size=32, person=_PURPOSE).digest())


def _sealed(centre: Centre, raw: bytes, name: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + _cipher(centre).encrypt(nonce, raw, name)


def unsealed(centre: Centre, kept: bytes, name: bytes) -> bytes:
    """A segment of a branch as it travels. Raises MalformedError for a file that was damaged."""
    try:
        return _cipher(centre).decrypt(kept[:NONCE], kept[NONCE:], name)
    except (InvalidTag, ValueError) as error:
        raise MalformedError("damaged") from error
