"""The key of the database: 256 random bits, wrapped in slots (reliability 5.3).

`keys.json` beside the database holds the slots, never the key itself, except for a demo library, whose key is no
secret. What else lies beside the database (the key of the device) is wrapped under a key of its own that comes from the
key of the database: a copy of that file alone is worth nothing.
"""

import hashlib
import os
import secrets
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from db.files import safe_write
from db.trouble import Trouble

KEYS = "keys.json"
KEY_BYTES, SALT_BYTES, NONCE_BYTES, TAG_BYTES = 32, 16, 12, 16
RECOVERY_GROUPS = 12


class Slot(StrEnum):
    """Ways to open the key."""

    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a slot
    RECOVERY = "recovery"
    KNOWN = "known"
    DATA = "data"
    """Under a key that somebody holds already: never asked for."""


STRETCHED = frozenset({Slot.PASSPHRASE, Slot.RECOVERY})
KINDS = frozenset(slot.value for slot in Slot)


class Wrapped(msgspec.Struct, frozen=True, omit_defaults=True):
    """One slot as kept. `key` (hexadecimal) stands only in a slot of kind `known`."""

    kind: str
    salt: bytes = b""
    nonce: bytes = b""
    wrapped: bytes = b""
    key: str = ""

    def __post_init__(self) -> None:
        lengths = (len(self.salt), len(self.nonce), len(self.wrapped), len(bytes.fromhex(self.key)))
        if self.kind == Slot.KNOWN:
            whole = lengths == (0, 0, 0, KEY_BYTES)
        else:
            whole = lengths == (SALT_BYTES, NONCE_BYTES, KEY_BYTES + TAG_BYTES, 0)
        if self.kind in KINDS and not whole:  # a kind of a newer program is none of our business
            raise ValueError("a damaged slot")


class KeysFile(msgspec.Struct, frozen=True):
    """What `keys.json` holds."""

    slots: Annotated[list[Wrapped], msgspec.Meta(min_length=1)]
    version: int = 1


@dataclass(frozen=True, slots=True)
class NewKey:
    """A fresh key and the recovery number to print on the sealed sheet (12 groups of 5 digits)."""

    key: bytes
    recovery: str


def create_key(folder: Path, passphrase: str) -> NewKey:
    """Make a key for the database in `folder`, openable by the passphrase or by the recovery number."""
    key = secrets.token_bytes(KEY_BYTES)
    recovery = " ".join(f"{secrets.randbelow(100_000):05d}" for _ in range(RECOVERY_GROUPS))
    _write(folder, [_wrap(Slot.PASSPHRASE, passphrase, key), _wrap(Slot.RECOVERY, recovery, key)])
    return NewKey(key, recovery)


def create_known_key(folder: Path) -> bytes:
    """A key that anybody may know, for the demo library."""
    key = secrets.token_bytes(KEY_BYTES)
    _write(folder, [Wrapped(Slot.KNOWN, key=key.hex())])
    return key


def open_key(folder: Path, secret: str | None) -> bytes:
    """The key of the database in `folder`, by passphrase or recovery number; a known key needs none.

    Raises Trouble P-1502 (no keys file, or a damaged one), P-1503 (a secret is needed), P-1504 (wrong secret).
    """
    slots = _read(folder)
    for slot in slots:
        if slot.kind == Slot.KNOWN:
            return bytes.fromhex(slot.key)
    if secret is None:
        raise Trouble("P-1503", path=folder)
    for slot in slots:
        key = _unwrap(slot, secret)
        if key is not None:
            return key
    raise Trouble("P-1504", path=folder)


def key_for(key: bytes, purpose: str) -> bytes:
    """A key for one purpose, of which nobody finds the way back to `key`."""
    return hashlib.blake2b(purpose.encode(), key=key, digest_size=KEY_BYTES, person=b"pishkhan-key").digest()


def wrap_secret(secret: bytes, under: bytes) -> bytes:
    """A secret of 32 bytes as a file: one slot, in the form of `keys.json`."""
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    wrapped = AESGCM(_salted(under, salt)).encrypt(nonce, secret, Slot.DATA.encode())
    return _as_file([Wrapped(Slot.DATA, salt, nonce, wrapped)])


def unwrap_secret(file: bytes, under: bytes) -> bytes | None:
    """The secret of such a file; None where it is none, or was wrapped under another key."""
    try:
        slots = msgspec.json.decode(file, type=KeysFile).slots
    except ValueError:
        return None
    for slot in slots:
        if slot.kind == Slot.DATA:
            try:
                return AESGCM(_salted(under, slot.salt)).decrypt(slot.nonce, slot.wrapped, Slot.DATA.encode())
            except InvalidTag:
                continue
    return None


def _salted(under: bytes, salt: bytes) -> bytes:
    return hashlib.blake2b(key=under, salt=salt, digest_size=KEY_BYTES, person=b"pishkhan-slot").digest()


def needs_secret(folder: Path) -> bool:
    """Whether opening the database in `folder` asks for a passphrase."""
    return all(slot.kind != Slot.KNOWN for slot in _read(folder))


# A passphrase typed on an Arabic keyboard, with half-spaces, Latin digits, hamza or vowel signs is the same passphrase.
SIGNS = "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0653\u0654\u0655\u0670"
SAME = str.maketrans("يكىةە\u200c۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "یکیهه 01234567890123456789", SIGNS)


def _normal(kind: str, secret: str) -> bytes:
    """A recovery number is its digits, however they are grouped; a passphrase its words."""
    plain = unicodedata.normalize("NFKD", secret).translate(SAME)
    if kind == Slot.RECOVERY:
        return "".join(char for char in plain if char in "0123456789").encode()
    return " ".join(plain.split()).encode(errors="surrogatepass")


def _stretch(kind: str, secret: str, salt: bytes) -> bytes:
    return hash_secret_raw(
        _normal(kind, secret), salt, time_cost=3, memory_cost=64 * 1024, parallelism=1, hash_len=KEY_BYTES, type=Type.ID
    )


def _wrap(kind: Slot, secret: str, key: bytes) -> Wrapped:
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    wrapped = AESGCM(_stretch(kind, secret, salt)).encrypt(nonce, key, kind.encode())
    return Wrapped(kind, salt, nonce, wrapped)


def _unwrap(slot: Wrapped, secret: str) -> bytes | None:
    if slot.kind not in STRETCHED:
        return None
    try:
        return AESGCM(_stretch(slot.kind, secret, slot.salt)).decrypt(slot.nonce, slot.wrapped, slot.kind.encode())
    except InvalidTag:
        return None


def _write(folder: Path, slots: list[Wrapped]) -> None:
    safe_write(folder / KEYS, _as_file(slots), private=True)


def _as_file(slots: list[Wrapped]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(KeysFile(slots)), indent=1)


def _read(folder: Path) -> list[Wrapped]:
    try:
        return msgspec.json.decode((folder / KEYS).read_bytes(), type=KeysFile).slots
    except (OSError, ValueError) as error:
        raise Trouble("P-1502", path=folder) from error
