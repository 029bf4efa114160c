"""What travels between a branch and the centre, byte for byte (sync-protocol 4, 5): structs, batches, signatures.

Structs are arrays on the wire. An old reader leaves out appended fields, a new reader fills in their defaults: so
fields are only ever appended, never moved, never used again. Every released schema version leaves golden files
in tests.

This module knows neither rows nor the network.
"""

import hashlib
import io
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import msgspec
import zstandard
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from db.journal import COMMITMENT_BYTES, MOST_ENTRY, commitment, next_chain

PROTOCOL = 1
BATCH_MAGIC, SEALED_MAGIC = b"PSB1", b"PSA1"
LEVEL = 9
SIGNATURE_BYTES = 64
MOST_RAW = 8 << 20
"""Bytes of a batch of several entries before compression; more is refused before it is inflated."""
MOST_SENT = 1 << 20
"""Bytes of a batch of several entries as sent."""
FRAME = 1 << 20
"""More than what stands around an entry, or a row, in a batch, a page or a segment."""
MOST_ALONE = MOST_ENTRY + FRAME
"""Bytes before compression of what holds one thing: a batch of the largest entry, a page of the largest row."""
MOST_SENT_ALONE = MOST_ALONE + (64 << 10)
"""The same as sent: pictures do not shrink."""
MOST_ASKED = 1 << 20
"""Bytes before compression of what a branch asks: nobody has proved yet who they are when it is inflated."""
MOST_ENTRIES = 1 << 14
"""Entries of a batch; the smallest batches that can be made of 64 kB hold a tenth of it."""
T = TypeVar("T", bound=msgspec.Struct)


class MalformedError(Exception):
    """Bytes that are not what they should be. `reason` is a short English word for logs and tests."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Header(msgspec.Struct, array_like=True, frozen=True):
    """What a batch says of itself. `before` and `after` are the links of the chain around it."""

    protocol: int
    branch: bytes
    device: bytes
    epoch: int
    first: int
    last: int
    before: bytes
    after: bytes
    schema: int
    app: str
    cursor: int = 0
    """The sender's position in its own branch feed: where the centre stood there before this batch, its rows need not
    be sent back to it (`Pushed.feed`)."""


class SentEntry(msgspec.Struct, array_like=True, frozen=True):
    """One journal entry as sent: the body without the commitment that its personal part gives back, and that part."""

    body: bytes
    personal: bytes | None = None
    erased: bool = False
    """The personal part has been erased since: the body is whole."""


class _Batch(msgspec.Struct, array_like=True, frozen=True):
    header: Header
    entries: Annotated[list[SentEntry], msgspec.Meta(max_length=MOST_ENTRIES)]


class _Unproved(msgspec.Struct, array_like=True, frozen=True):
    """A batch whose entries nobody has looked at: bytes that a stranger may have made."""

    header: Header
    entries: msgspec.Raw


@dataclass(frozen=True, slots=True)
class JournalBytes:
    """A journal entry as it is stored: the hashed bytes, and the erasable part beside them."""

    body: bytes
    personal: bytes | None


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that was opened: its signature fitted and its entries give the chain its header names."""

    header: Header
    entries: tuple[JournalBytes, ...]
    chains: tuple[bytes, ...]

    @property
    def branch_id(self) -> uuid.UUID:
        return uuid.UUID(bytes=self.header.branch)

    @property
    def device_id(self) -> uuid.UUID:
        return uuid.UUID(bytes=self.header.device)


class Progress(msgspec.Struct, array_like=True, frozen=True):
    """How far the client is in one epoch: its head, and what it believes the centre has."""

    epoch: int
    head: int
    chain: bytes
    acked: int
    acked_chain: bytes


class Cursor(msgspec.Struct, array_like=True, frozen=True):
    """How far the client has read a feed."""

    feed: str
    epoch: int
    pos: int
    sub_pos: int = 0


class Hello(msgspec.Struct, array_like=True, frozen=True):
    """The beginning of a round (sync-protocol 6): every epoch that is not both closed and durable."""

    device: bytes
    at_ms: int
    schema: int
    app: str
    epochs: list[Progress]
    cursors: list[Cursor]
    waiting: int = 0
    oldest_ms: int | None = None
    facts: dict[str, Any] = {}


class Verdict(msgspec.Struct, array_like=True, frozen=True):
    """What the centre says of an epoch. `verdict`: ok, fork, revoked."""

    epoch: int
    verdict: str
    acked: int
    chain: bytes
    durable: int = 0


class FeedHeadSaid(msgspec.Struct, array_like=True, frozen=True):
    """Where a feed stands."""

    feed: str
    pos: int


class Welcome(msgspec.Struct, array_like=True, frozen=True):
    """The answer to a hello. `bearer` opens the pulls for an hour; `commands` are names (digest_now, upgrade …)."""

    server_epoch: int
    at_ms: int
    verdicts: list[Verdict]
    feed_epoch: int
    heads: list[FeedHeadSaid]
    schema_from: int
    schema_to: int
    most_sent: int
    bearer: str
    centre: bytes
    commands: list[str] = []
    revoked: list[bytes] = []


class Checkpoint(msgspec.Struct, array_like=True, frozen=True):
    """One link of the client's chain."""

    seq: int
    chain: bytes


class AncestorAsked(msgspec.Struct, array_like=True, frozen=True):
    """After a fork: which of these links does the centre have? Newest first, 32 at most."""

    device: bytes
    epoch: int
    points: list[Checkpoint]


class Ancestor(msgspec.Struct, array_like=True, frozen=True):
    """The newest of them that the centre has; 0 for none."""

    epoch: int
    seq: int


class Note(msgspec.Struct, array_like=True, frozen=True):
    """What was not plain about an entry: set_aside, merged, case."""

    seq: int
    what: str
    detail: str = ""


class Pushed(msgspec.Struct, array_like=True, frozen=True):
    """The answer to a batch. `error` is empty, or gap or fork, and then nothing was applied.

    `feed` = [from, to]: the positions this batch took in the branch feed, where every row of it was taken as it was
    sent and nobody came between; a client that stands at `from` may go on from `to`.
    """

    acked: int
    chain: bytes
    notes: list[Note] = []
    error: str = ""
    feed: list[int] = []
    server_epoch: int = 0


class FeedRow(msgspec.Struct, array_like=True, frozen=True):
    """The newest version of one row. `data` is the full after-image by field number, personal fields in it."""

    entity: int
    row: bytes
    branch: bytes
    ver: int
    deleted_ms: int | None
    data: list[Any]
    schema: int
    pos: int


class PullAsked(msgspec.Struct, array_like=True, frozen=True):
    """Rows of a feed after a cursor, about `most` bytes of them."""

    device: bytes
    feed: str
    epoch: int
    after: int
    sub_after: int = 0
    most: int = 64 << 10
    have: int = 0
    """Of the feed `bib`: the branch holds the whole union up to this position, subscribed to or not (sync-protocol
    10)."""


class Page(msgspec.Struct, array_like=True, frozen=True):
    """A page of a feed. `ended` are subscribed rows the branch no longer gets. `reset`: the cursor was of another
    history than the centre's present one; the page starts at `reset_from`."""

    feed: str
    epoch: int
    rows: list[FeedRow]
    pos: int
    sub_pos: int = 0
    more: bool = False
    reset: bool = False
    ended: list[list[Any]] = []
    reset_from: int = 0


class Roots(msgspec.Struct, array_like=True, frozen=True):
    """Digests of the entities of a branch: [entity, root, count]; buckets [entity, 256 × [sum, count]]; or the rows of
    buckets [entity, [id, ver, row hash] …]: the three steps of a comparison (sync-protocol 15)."""

    device: bytes
    step: str
    roots: list[list[Any]] = []
    buckets: list[list[Any]] = []
    rows: list[list[Any]] = []


class Enrol(msgspec.Struct, array_like=True, frozen=True):
    """A branch asks to be known: one-time code, who it is, its public key."""

    code: str
    branch: bytes
    device: bytes
    public_key: bytes
    name: str
    fingerprint: str
    app: str
    schema: int
    province: str = ""
    county: str = ""


class Enrolled(msgspec.Struct, array_like=True, frozen=True):
    """The centre's answer: its keys, to be pinned, and what the branch may do."""

    centre: bytes
    signing_key: bytes
    sealing_key: bytes
    scopes: list[str]
    server_epoch: int
    at_ms: int
    certificates: str = ""


class _Sealed(msgspec.Struct, array_like=True, frozen=True):
    kind: str
    body: bytes


def encode(message: msgspec.Struct) -> bytes:
    """A message as MessagePack."""
    return msgspec.msgpack.encode(message)


def decode(raw: bytes, kind: type[T]) -> T:
    """A message of this kind. Raises MalformedError."""
    try:
        return msgspec.msgpack.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(str(error)) from error


def pack(raw: bytes) -> bytes:
    """Compress for the wire."""
    return zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(raw)


def declared_size(sealed: bytes) -> int | None:
    """How many bytes a batch or message says it has when it is inflated; None where it does not say."""
    try:
        declared = zstandard.frame_content_size(sealed[len(BATCH_MAGIC) :])
    except zstandard.ZstdError:
        return None
    return declared if declared >= 0 else None


def unpack(packed: bytes, most: int = MOST_ALONE) -> bytes:
    """Inflate at most `most` bytes: the size a frame declares is looked at first, and not believed (sync-protocol 4).

    Raises MalformedError for what is no whole frame, does not say its size, or would grow bigger than it says.
    """
    try:
        declared = zstandard.frame_content_size(packed)
        if declared < 0:  # whoever asks how large a body is going to be (`declared_size`) must be told
            raise MalformedError("not compressed as agreed")
        if declared > most:
            raise MalformedError("too big")
        with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(packed), read_across_frames=False) as reader:
            raw = reader.read(declared + 1)
    except zstandard.ZstdError as error:
        raise MalformedError("not compressed as agreed") from error
    if len(raw) > declared:
        raise MalformedError("too big")
    if len(raw) < declared:
        raise MalformedError("cut short")
    return raw


def sent(entry: JournalBytes) -> SentEntry:
    """An entry for the wire: what can be computed at the other side stays here."""
    if entry.personal is None:
        return SentEntry(entry.body, None)
    return SentEntry(entry.body[:-COMMITMENT_BYTES], entry.personal)


def received(entry: SentEntry) -> JournalBytes:
    """The stored bytes again, exactly: the chain proves it."""
    if entry.personal is None:
        return JournalBytes(entry.body, None)
    stands_for = commitment(entry.personal)
    return JournalBytes(entry.body + (stands_for or b""), entry.personal)


def make_batch(header: Header, entries: Sequence[JournalBytes], key: Ed25519PrivateKey) -> bytes:
    """The bytes of a batch, over whatever carrier they go."""
    whole = BATCH_MAGIC + pack(encode(_Batch(header, [sent(entry) for entry in entries])))
    return whole + key.sign(whole)


def header_of(raw: bytes) -> Header:
    """The header of a batch whose signature has not been looked at: to know whose key to ask. Raises MalformedError."""
    return decode(_inflated(raw), _Unproved).header


def open_batch(raw: bytes, public_key: bytes) -> Batch:
    """Open a batch and prove it: size, signature, form, chain. Raises MalformedError, and nothing of it may be
    used."""
    return open_batch_of(raw, lambda _: public_key)


def open_batch_of(raw: bytes, key_of: Callable[[Header], bytes]) -> Batch:
    """Open a batch whose sender is told by its own header: `key_of` gives the public key of that device.

    Raises MalformedError, and whatever `key_of` raises.
    """
    inflated = _inflated(raw)
    header = decode(inflated, _Unproved).header
    _prove(raw, key_of(header))
    batch = decode(inflated, _Batch)
    if len(batch.entries) > 1 and (len(raw) > MOST_SENT or len(inflated) > MOST_RAW):
        raise MalformedError("too big")
    if not batch.entries or header.last - header.first + 1 != len(batch.entries) or header.first < 1:
        raise MalformedError("entries are missing")
    if len(header.branch) != 16 or len(header.device) != 16 or not 0 <= header.epoch < 1 << 63:
        raise MalformedError("no such stream")
    entries = tuple(received(entry) for entry in batch.entries)
    chains, link = [], header.before
    for entry in entries:
        link = next_chain(link, entry.body)
        chains.append(link)
    if link != header.after:
        raise MalformedError("the chain is broken")
    return Batch(header, entries, tuple(chains))


def _inflated(raw: bytes) -> bytes:
    if len(raw) > MOST_SENT_ALONE:
        raise MalformedError("too big")
    if not raw.startswith(BATCH_MAGIC) or len(raw) <= len(BATCH_MAGIC) + SIGNATURE_BYTES:
        raise MalformedError("not a batch")
    return unpack(raw[len(BATCH_MAGIC) : -SIGNATURE_BYTES])


def _prove(raw: bytes, public_key: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(raw[-SIGNATURE_BYTES:], raw[:-SIGNATURE_BYTES])
    except (InvalidSignature, ValueError) as error:
        raise MalformedError("the signature does not fit") from error


def seal_message(message: msgspec.Struct, key: Ed25519PrivateKey) -> bytes:
    """A signed message: what a branch says at hello, and whatever of the centre a branch acts upon."""
    whole = SEALED_MAGIC + pack(encode(_Sealed(type(message).__name__, encode(message))))
    return whole + key.sign(whole)


def open_message(raw: bytes, kind: type[T], public_key: bytes) -> T:
    """A message of this kind, signed with this key. Raises MalformedError."""
    _prove(raw, public_key)
    return read_message(raw, kind)


def read_message(raw: bytes, kind: type[T]) -> T:
    """A message whose signature nobody has looked at: to learn whose key to ask. Raises MalformedError."""
    if not raw.startswith(SEALED_MAGIC) or len(raw) <= len(SEALED_MAGIC) + SIGNATURE_BYTES:
        raise MalformedError("not a message")
    sealed = decode(unpack(raw[len(SEALED_MAGIC) : -SIGNATURE_BYTES]), _Sealed)
    if sealed.kind != kind.__name__:
        raise MalformedError("another message")
    return decode(sealed.body, kind)


def first_link(epoch: int) -> bytes:
    """What the chain of an epoch begins with."""
    return epoch.to_bytes(8, "big")


def fingerprint(public_key: bytes) -> str:
    """A key as people compare it: twenty hexadecimal digits in groups of four."""
    digits = hashlib.blake2b(public_key, digest_size=10).hexdigest()
    return "-".join(digits[place : place + 4] for place in range(0, len(digits), 4))
