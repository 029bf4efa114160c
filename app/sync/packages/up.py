"""Packages up: what the centre has not acknowledged, put on a stick at the branch (sync-protocol 19).

The stick is never the only copy: the journal stays as it is until a receipt or the next hello says it arrived.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.library import Library
from app.sync.branch.streams import ENTRIES_AFTER, SIZES_AFTER, History, as_many, histories, link_at
from app.sync.packages.form import MOST_PARCELS, Head, Kind, make_package, name_of
from app.sync.wire import PROTOCOL, Header, JournalBytes, make_batch
from app.version import VERSION
from db.files import safe_write
from db.journal import SCHEMA_VERSION
from db.models.sync import Peer
from db.reading import Reader
from db.trouble import Trouble

BATCH_RAW = 128 << 10
"""Bytes of entries before compression: a batch is far below what the centre takes. A larger entry goes alone."""


@dataclass(frozen=True, slots=True)
class Written:
    """A package on the stick: how many entries, which ones."""

    path: Path
    entries: int
    first: int
    last: int
    size: int


@dataclass(frozen=True, slots=True)
class _Batch:
    epoch: int
    first: int
    last: int
    raw: bytes


def export_packages(library: Library, key: Ed25519PrivateKey, folder: Path) -> tuple[Written, ...]:
    """Write everything the centre has not acknowledged into `folder`: a package an epoch, several for a long one.

    Raises Trouble P-2427 (this branch is not enrolled), P-120x (the stick cannot be written).
    """
    with library.store.read() as reader:
        sealed_to = reader.connection.execute(sa.select(Peer.sealing_key)).scalar_one_or_none()
        if sealed_to is None:
            raise Trouble("P-2427")
        return tuple(
            _write(library, key, folder, bytes(sealed_to), batches)
            for history in histories(reader, _device(library))
            if history.waiting > 0
            for batches in _filled(_batches(library, reader, key, history))
        )


def _batches(library: Library, reader: Reader, key: Ed25519PrivateKey, history: History) -> Iterator[_Batch]:
    device, seq = _device(library), history.acked
    before = link_at(reader, device, history.epoch, seq) or b""
    while entries := _entries(reader, device, history, seq):
        first, seq, chain = seq + 1, seq + len(entries), entries[-1][1]
        header = Header(
            PROTOCOL, library.store.branch_id.bytes, device.bytes, history.epoch, first, seq, before, chain,
            SCHEMA_VERSION, VERSION,
        )  # fmt: skip
        yield _Batch(history.epoch, first, seq, make_batch(header, [entry for entry, _ in entries], key))
        before = chain


def _entries(reader: Reader, device: uuid.UUID, history: History, after: int) -> list[tuple[JournalBytes, bytes]]:
    """The entries of the next batch, with their links."""
    where = {"device": device, "epoch": history.epoch, "seq": after}
    count = as_many(reader.all(SIZES_AFTER, **where, until=history.head), BATCH_RAW)
    return reader.all(ENTRIES_AFTER, **where, until=after + count)


def _filled(batches: Iterator[_Batch]) -> Iterator[list[_Batch]]:
    """As many batches as one file may hold."""
    file: list[_Batch] = []
    size = 0
    for batch in batches:
        if file and size + len(batch.raw) > MOST_PARCELS:
            yield file
            file, size = [], 0
        file.append(batch)
        size += len(batch.raw)
    if file:
        yield file


def _write(library: Library, key: Ed25519PrivateKey, folder: Path, sealed_to: bytes, batches: list[_Batch]) -> Written:
    first, last = batches[0].first, batches[-1].last
    of = (library.store.branch_id.bytes, _device(library).bytes)
    head = Head(Kind.UP, *of, batches[0].epoch, first, last, sealed_to)
    raw = make_package(head, library.clock.read().at_ms, [batch.raw for batch in batches], key)
    path = folder / name_of(head)
    safe_write(path, raw)
    return Written(path, last - first + 1, first, last, len(raw))


def _device(library: Library) -> uuid.UUID:
    identity = library.store.identity
    if identity is None:
        raise RuntimeError("the store has not been set up")
    return identity.device_id
