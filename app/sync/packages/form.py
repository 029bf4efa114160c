"""The form of a package: a head in the clear, then chunks sealed to the key of whoever is to open it.

    PSU1 | length, head | length, sealed manifest | (length, sealed chunk) …

The head only says whom to give the file to; what is believed stands in the manifest, signed by the sender, since a
sealed box names no sender and chunks could be dropped or exchanged. The chunks together are the parcels one after the
other: batches on the way up, pages of feeds on the way down, just as they would go over a line.
"""

import hashlib
import struct
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

from app.sync.wire import MalformedError, decode, encode, open_message, read_message, seal_message
from db.trouble import Trouble

MAGIC = b"PSU1"
SUFFIX = ".psu"
CHUNK = 1 << 20
MOST_PARCELS = 16 << 20
"""Bytes of parcels in one file; what is more goes into the next."""
MOST_BYTES = 4 * MOST_PARCELS
MOST_HEAD = 1 << 10
LENGTH = struct.Struct(">I")


class Kind(StrEnum):
    """Which way a package goes."""

    UP = "up"
    DOWN = "down"


class Head(msgspec.Struct, array_like=True, frozen=True):
    """What a package says in the clear. `sealed_to` is the key that opens it."""

    kind: str
    branch: bytes
    device: bytes
    epoch: int
    first: int
    last: int
    sealed_to: bytes


class Manifest(msgspec.Struct, array_like=True, frozen=True):
    """What the sender signed: the head again, and size and hash of every chunk, sizes of the parcels in them."""

    head: Head
    made_ms: int
    chunks: list[tuple[int, bytes]]
    parcels: list[int]


@dataclass(frozen=True, slots=True)
class Package:
    """A package that was opened and proved."""

    head: Head
    made_ms: int
    parcels: tuple[bytes, ...]

    @property
    def branch_id(self) -> uuid.UUID:
        return uuid.UUID(bytes=self.head.branch)

    @property
    def device_id(self) -> uuid.UUID:
        return uuid.UUID(bytes=self.head.device)


def name_of(head: Head) -> str:
    """The name of the file: branch-epoch-first-last. Of the branch its last eight digits: ids of branches that were
    founded together begin alike."""
    return f"{head.branch.hex()[-8:]}-{head.epoch:016x}-{head.first}-{head.last}{SUFFIX}"


def make_package(head: Head, made_ms: int, parcels: Sequence[bytes], key: Ed25519PrivateKey) -> bytes:
    """The bytes of a package, signed with `key` and sealed to `head.sealed_to`."""
    whole = b"".join(parcels)
    chunks = [whole[place : place + CHUNK] for place in range(0, len(whole), CHUNK)]
    told = [(len(chunk), _hashed(chunk)) for chunk in chunks]
    manifest = seal_message(Manifest(head, made_ms, told, [len(parcel) for parcel in parcels]), key)
    box = SealedBox(PublicKey(head.sealed_to))
    parts = [encode(head), *(box.encrypt(part) for part in (manifest, *chunks))]
    return MAGIC + b"".join(LENGTH.pack(len(part)) + part for part in parts)


def open_package(raw: bytes, own: PrivateKey, sender: Callable[[Head], bytes | None]) -> Package:
    """Open a package with our key and prove it; `sender` gives the key of whom the head names, None where unknown.

    Raises Trouble P-2421 (no package, or damaged), P-2422 (for somebody else), P-2423 (of somebody we do not know, or
    not signed by them), P-2425 (cut short), P-2426 (too big).
    """

    def prove(head: Head, manifest: bytes) -> Manifest:
        key = sender(head)
        if key is None:
            raise Trouble("P-2423")
        return _proved(manifest, key)

    return _opened(raw, own, prove)


def look_into(raw: bytes, own: PrivateKey) -> Package:
    """A package as it is, whoever signed it: for people to read, never to act upon. Raises Trouble as `open_package`
    does."""
    return _opened(raw, own, lambda _, manifest: _read(manifest))


def _opened(raw: bytes, own: PrivateKey, prove: Callable[[Head, bytes], Manifest]) -> Package:
    if len(raw) > MOST_BYTES:
        raise Trouble("P-2426", megabytes=MOST_BYTES >> 20)
    head, parts = _parts(raw)
    if head.sealed_to != bytes(own.public_key):
        raise Trouble("P-2422")
    box = SealedBox(own)
    manifest = prove(head, _unsealed(box, _next(parts)))
    whole = bytearray()
    for size, hashed in manifest.chunks:
        chunk = _unsealed(box, _next(parts))
        if len(chunk) != size or _hashed(chunk) != hashed:
            raise Trouble("P-2421")
        whole += chunk
    if next(parts, None) is not None or manifest.head != head or sum(manifest.parcels) != len(whole):
        raise Trouble("P-2421")
    if min(manifest.parcels, default=1) < 1:
        raise Trouble("P-2421")
    return Package(head, manifest.made_ms, tuple(_cut(bytes(whole), manifest.parcels)))


def head_of(raw: bytes) -> Head:
    """The head of a package, which proves nothing. Raises Trouble as `open_package` does."""
    return _parts(raw)[0]


def read_package(path: Path) -> bytes:
    """The bytes of a file, as far as a package may be long and one more. Raises Trouble P-2101."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Trouble("P-2101", path=path.name) from error


def sealing_key_of(public_key: bytes) -> bytes:
    """The key to seal to for the owner of an Ed25519 key."""
    return bytes(VerifyKey(public_key).to_curve25519_public_key())


def opening_key_of(key: Ed25519PrivateKey) -> PrivateKey:
    """The key that opens what was sealed so."""
    return SigningKey(key.private_bytes_raw()).to_curve25519_private_key()


def _parts(raw: bytes) -> tuple[Head, Iterator[bytes]]:
    if not raw.startswith(MAGIC):
        raise Trouble("P-2421")
    parts = _lengths(raw)
    try:
        head = decode(_next(parts)[:MOST_HEAD], Head)
    except MalformedError as error:
        raise Trouble("P-2421") from error
    if len(head.branch) != 16 or len(head.device) != 16 or not 0 <= head.epoch < 1 << 63:
        raise Trouble("P-2421")
    return head, parts


def _lengths(raw: bytes) -> Iterator[bytes]:
    place = len(MAGIC)
    while place < len(raw):
        if place + LENGTH.size > len(raw):
            raise Trouble("P-2425")
        (length,) = LENGTH.unpack_from(raw, place)
        place += LENGTH.size
        if place + length > len(raw):
            raise Trouble("P-2425")
        yield raw[place : place + length]
        place += length


def _next(parts: Iterator[bytes]) -> bytes:
    part = next(parts, None)
    if part is None:
        raise Trouble("P-2425")
    return part


def _unsealed(box: "SealedBox[PrivateKey]", part: bytes) -> bytes:
    try:
        return box.decrypt(part)
    except (CryptoError, ValueError) as error:
        raise Trouble("P-2421") from error


def _proved(raw: bytes, key: bytes) -> Manifest:
    _read(raw)
    try:
        return open_message(raw, Manifest, key)
    except MalformedError as error:
        raise Trouble("P-2423") from error


def _read(raw: bytes) -> Manifest:
    try:
        return read_message(raw, Manifest)
    except MalformedError as error:
        raise Trouble("P-2421") from error


def _cut(whole: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
    place = 0
    for size in sizes:
        yield whole[place : place + size]
        place += size


def _hashed(chunk: bytes) -> bytes:
    return hashlib.blake2b(chunk, digest_size=32).digest()
