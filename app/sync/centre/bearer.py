"""The bearer of a pull: made at hello for an hour, bound to a device and what it may read (sync-protocol 5, 17).

Nothing is stored: the centre knows its own tokens again by a key derived from its data key, so every process of it
does.
"""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import uuid
from dataclasses import dataclass

import msgspec

from app.centre import CentreKeys

PUSH = "push:branch"
"""The scope a batch needs; those of pulls are «pull:<feed>»."""
HOURS = 1
MOST_CHARACTERS = 512
_PURPOSE = b"pishkhan-bearer"


class _Claims(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    device: bytes
    branch: bytes
    until: int
    scopes: list[str]


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token stands for, and what it opens."""

    device_id: uuid.UUID
    branch_id: uuid.UUID
    scopes: frozenset[str]

    def opens(self, feed: str) -> bool:
        """Whether this feed may be pulled with it."""
        return f"pull:{feed}" in self.scopes


def make_bearer(
    keys: CentreKeys, device_id: uuid.UUID, branch_id: uuid.UUID, scopes: list[str], now: dt.datetime
) -> str:
    """A token that opens the pulls of this device for an hour."""
    until = int((now + dt.timedelta(hours=HOURS)).timestamp())
    claims = msgspec.msgpack.encode(_Claims(device_id.bytes, branch_id.bytes, until, scopes))
    return base64.urlsafe_b64encode(claims + _mac(keys, claims)).decode()


def open_bearer(keys: CentreKeys, token: str, now: dt.datetime) -> Bearer | None:
    """Whom a token stands for; None where it is not ours, was changed, or has run out."""
    if len(token) > MOST_CHARACTERS:
        return None
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    claims, mac = raw[: -hashlib.sha256().digest_size], raw[-hashlib.sha256().digest_size :]
    if not hmac.compare_digest(mac, _mac(keys, claims)):
        return None
    said = msgspec.msgpack.decode(claims, type=_Claims)
    if said.until < now.timestamp():
        return None
    return Bearer(uuid.UUID(bytes=said.device), uuid.UUID(bytes=said.branch), frozenset(said.scopes))


def _mac(keys: CentreKeys, claims: bytes) -> bytes:
    key = hashlib.blake2b(keys.data, digest_size=32, person=_PURPOSE).digest()
    return hmac.digest(key, claims, "sha256")
