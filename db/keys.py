"""The key of the database: 256 random bits, wrapped in slots (reliability 5.3).

`keys.json` beside the database holds the slots, never the key itself, except for a demo library, whose key is no
secret.
"""

import base64
import json
import os
import secrets
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from db.files import safe_write
from db.trouble import Trouble

KEYS = "keys.json"
KEY_BYTES = 32
RECOVERY_GROUPS = 12


class Slot(StrEnum):
    """Ways to open the key."""

    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a slot
    RECOVERY = "recovery"
    KNOWN = "known"


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
    _write(folder, [{"kind": Slot.KNOWN, "key": key.hex()}])
    return key


def open_key(folder: Path, secret: str | None) -> bytes:
    """The key of the database in `folder`, by passphrase or recovery number; a known key needs none.

    Raises Trouble P-1502 (no keys file), P-1503 (a secret is needed), P-1504 (wrong secret).
    """
    slots = _read(folder)
    for slot in slots:
        if slot["kind"] == Slot.KNOWN:
            return bytes.fromhex(slot["key"])
    if secret is None:
        raise Trouble("P-1503", path=folder)
    for slot in slots:
        key = _unwrap(slot, secret)
        if key is not None:
            return key
    raise Trouble("P-1504", path=folder)


def needs_secret(folder: Path) -> bool:
    """Whether opening the database in `folder` asks for a passphrase."""
    return all(slot["kind"] != Slot.KNOWN for slot in _read(folder))


# A passphrase typed with an Arabic keyboard, with half-spaces or with Latin digits is the same passphrase.
SAME = str.maketrans("يكىةۀ\u200c۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "یکیهه 01234567890123456789")


def _normal(secret: str) -> bytes:
    return " ".join(unicodedata.normalize("NFKC", secret).translate(SAME).split()).encode()


def _stretch(secret: str, salt: bytes) -> bytes:
    return hash_secret_raw(
        _normal(secret), salt, time_cost=3, memory_cost=64 * 1024, parallelism=1, hash_len=KEY_BYTES, type=Type.ID
    )


def _wrap(kind: Slot, secret: str, key: bytes) -> dict[str, Any]:
    salt, nonce = os.urandom(16), os.urandom(12)
    wrapped = AESGCM(_stretch(secret, salt)).encrypt(nonce, key, kind.encode())
    return {"kind": kind, "salt": _text(salt), "nonce": _text(nonce), "wrapped": _text(wrapped)}


def _unwrap(slot: dict[str, Any], secret: str) -> bytes | None:
    salt, nonce, wrapped = (base64.b64decode(slot[name]) for name in ("salt", "nonce", "wrapped"))
    try:
        return AESGCM(_stretch(secret, salt)).decrypt(nonce, wrapped, slot["kind"].encode())
    except InvalidTag:
        return None


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _write(folder: Path, slots: list[dict[str, Any]]) -> None:
    safe_write(folder / KEYS, json.dumps({"version": 1, "slots": slots}, indent=1).encode())


def _read(folder: Path) -> list[dict[str, Any]]:
    try:
        slots: list[dict[str, Any]] = json.loads((folder / KEYS).read_bytes())["slots"]
    except (OSError, ValueError, KeyError) as error:
        raise Trouble("P-1502", path=folder) from error
    return slots
