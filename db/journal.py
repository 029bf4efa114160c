"""The journal: one hash-chained entry for each business action, in the transaction of the action (sync-protocol 3).

The hashed bytes are stored as they are and never made again from other data; names and reader links stand beside them.
"""

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from db.act import Act
from db.changes import Change
from db.trouble import Trouble

SCHEMA_VERSION = 1
SALT_BYTES = 8  # they travel; 64 bits are out of reach of guessing even for whoever knows all members
COMMITMENT, COMMITMENT_BYTES = 12, 16
"""The place of the commitment in a body."""
MOST_CHANGES = 500
MOST_ENTRY = 12 << 20
"""Bytes of an entry, hashed and personal part together: the largest scan that is taken (10 MiB) with its papers. What
is larger would never reach the centre, and hold up whatever comes after it (sync-protocol 20)."""

ENCODER = msgspec.msgpack.Encoder()
DECODER = msgspec.msgpack.Decoder()


@dataclass(frozen=True, slots=True)
class Intent:
    """What the clerk was shown and decided: for audit and for late disputes."""

    policy_version: int | None = None
    overrides: Sequence[str] = ()
    reason: str | None = None
    seen: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> list[Any] | None:
        """As kept in the entry; nothing when there is nothing to say."""
        if self == Intent():
            return None
        return [self.policy_version, list(self.overrides), self.reason, dict(self.seen)]


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal entry as written."""

    seq: int
    eid: uuid.UUID
    kind: str
    body: bytes
    personal: bytes | None
    before: bytes
    chain: bytes
    at_ms: int
    day: dt.date


def make_entry(
    head: tuple[int, bytes],
    epoch: int,
    kind: str,
    act: Act,
    changes: Sequence[Change],
    *,
    intent: Intent,
    undoes: uuid.UUID | None,
) -> Entry:
    """The entry that follows `head` (seq, chain) in `epoch`.

    The entry's id is its chain value, so that it needs no bytes of its own on the wire (architecture, "where the notes
    differ"). Raises Trouble P-1114 for one that is larger than what travels.
    """
    if not 0 < len(changes) <= MOST_CHANGES:
        raise ValueError(f"{len(changes)} changes in one entry")
    seq = head[0] + 1
    stamp = act.stamp
    personal = _personal(changes)
    body = ENCODER.encode(
        [
            seq,
            kind,
            None,
            stamp.at_ms,
            stamp.day.toordinal(),
            [stamp.boot, stamp.mono_ms, stamp.skew_ms, stamp.server_age_min, stamp.doubtful],
            act.staff_id.bytes if act.staff_id else None,
            act.desk,
            SCHEMA_VERSION,
            intent.plain(),
            [change.body() for change in changes],
            undoes.bytes if undoes else None,
            commitment(personal),
        ]
    )
    if len(body) + len(personal or b"") > MOST_ENTRY:
        raise Trouble("P-1114", megabytes=MOST_ENTRY >> 20)
    chain = next_chain(head[1] if head[0] else epoch.to_bytes(8, "big"), body)
    return Entry(seq, uuid.UUID(bytes=chain), kind, body, personal, _before(changes), chain, stamp.at_ms, stamp.day)


def next_chain(before: bytes, body: bytes) -> bytes:
    """BLAKE2b-128 over the link before and the stored bytes."""
    return hashlib.blake2b(before + body, digest_size=16).digest()


def commitment(personal: bytes | None) -> bytes | None:
    """What the hashed bytes say of the personal part: BLAKE2b-128 over it and the salt within it.

    Nobody can guess names from it, and nobody can change them unseen; erasing the part erases the salt too
    (architecture, "where the notes differ").
    """
    return None if personal is None else hashlib.blake2b(personal, digest_size=16).digest()


def keeps_commitment(body: bytes, personal: bytes | None) -> bool:
    """Whether the personal part is the one that was written with this body, or has been erased since."""
    return personal is None or commitment(personal) == DECODER.decode(body)[COMMITMENT]


def personal_parts(personal: bytes | None) -> dict[int, dict[int, Any]]:
    """Personal values by place of the change and field number; empty where there are none or no longer."""
    return dict(DECODER.decode(personal)[1]) if personal else {}


def _personal(changes: Sequence[Change]) -> bytes | None:
    parts = [[place, part] for place, change in enumerate(changes) if (part := change.personal())]
    return ENCODER.encode([secrets.token_bytes(SALT_BYTES), parts]) if parts else None


def _before(changes: Sequence[Change]) -> bytes:
    """Former values, for undo; local, not hashed, not sent."""
    return ENCODER.encode([{name: plain(value) for name, value in change.before.items()} for change in changes])


def plain(value: Any) -> Any:
    """A column value as MessagePack keeps it, with a mark for what it cannot tell apart."""
    if isinstance(value, uuid.UUID):
        return {"id": value.bytes}
    if isinstance(value, dt.datetime):
        return {"at": value.isoformat()}
    if isinstance(value, dt.date):
        return {"day": value.isoformat()}
    if isinstance(value, dict):
        return {"map": value}  # a mapping of our own may have a key that looks like one of these marks
    return value


def unplain(value: Any) -> Any:
    """The opposite of `plain`."""
    if isinstance(value, dict) and len(value) == 1:
        ((mark, inner),) = value.items()
        if mark == "id":
            return uuid.UUID(bytes=inner)
        if mark == "at":
            return dt.datetime.fromisoformat(inner)
        if mark == "day":
            return dt.date.fromisoformat(inner)
        if mark == "map":
            return inner
    return value
