"""Entries of a batch on their way into the journal of the centre."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.sync.centre.origin import Origin
from app.sync.rows import Cipher, RawBody, corrected_ms, raw_body
from app.sync.wire import Batch, JournalBytes, MalformedError
from db.models.sync import JournalEntry
from db.writing import Tx

DAY_ONE = 1
NOTHING = RawBody(0, "", None, 0, DAY_ONE, [0, 0, None, None, False], None, 0, 0, None, [], None)
"""What is written of an entry that cannot be read."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One entry of a batch, with its place in the stream. `raw` is its body taken apart; empty where it cannot be
    read."""

    batch: Batch
    seq: int
    stored: JournalBytes
    chain: bytes
    readable: bool
    raw: RawBody

    @property
    def size(self) -> int:
        """Its bytes."""
        return len(self.stored.body) + len(self.stored.personal or b"")

    @property
    def eid(self) -> uuid.UUID:
        """Its id: said in the body of an entry that was moved from another epoch, else its chain value."""
        return uuid.UUID(bytes=self.raw.eid or self.chain)

    @property
    def origin(self) -> Origin:
        """Where it came from."""
        raw, batch = self.raw, self.batch
        return Origin(
            batch.branch_id, batch.device_id, batch.header.epoch, self.seq, self.eid, raw.at_ms, corrected_ms(raw),
            raw.desk,
        )  # fmt: skip


def incoming(batch: Batch) -> tuple[Incoming, ...]:
    """The entries of a batch in their order."""
    pairs = zip(batch.entries, batch.chains, strict=True)
    return tuple(read_entry(batch, seq, entry, chain) for seq, (entry, chain) in enumerate(pairs, batch.header.first))


def read_entry(batch: Batch, seq: int, entry: JournalBytes, chain: bytes) -> Incoming:
    """One of them; its bytes must say the number that it has in the stream."""
    try:
        raw = raw_body(entry.body)
    except MalformedError:
        raw = NOTHING
    return Incoming(batch, seq, entry, chain, raw.seq == seq, raw if raw.seq == seq else NOTHING)


def personal_as_kept(entry: Incoming, cipher: Cipher) -> bytes | None:
    """The personal part of an entry as the journal of the centre has it: sealed, since national ids stand in it."""
    personal = entry.stored.personal
    return None if personal is None else cipher.seal(personal)


def insert_entry(tx: Tx, entry: Incoming, now: dt.datetime, cipher: Cipher, *, applied: bool) -> None:
    """Write an entry into the journal; `applied` is false where it was here already, or was set aside."""
    raw, batch = entry.raw, entry.batch
    tx.connection.execute(
        sa.insert(JournalEntry).values(
            device_id=batch.device_id,
            epoch=batch.header.epoch,
            seq=entry.seq,
            eid=entry.eid,
            branch_id=batch.branch_id,
            kind=raw.kind,
            at_ms=raw.at_ms,
            bdate=dt.date.fromordinal(raw.day),
            staff_id=None if raw.staff_id is None else uuid.UUID(bytes=raw.staff_id),
            desk=raw.desk,
            body=entry.stored.body,
            personal=personal_as_kept(entry, cipher),
            chain=entry.chain,
            undoes=None if raw.undoes is None else uuid.UUID(bytes=raw.undoes),
            applied=applied,
            recv_at=now,
        )
    )


def clock_ahead(entries: Sequence[Incoming], latest_ms: int) -> int | None:
    """The seq of the first entry that says it happened after this moment, or before the one it follows."""
    last = None
    for entry in entries:
        at_ms = corrected_ms(entry.raw)
        if entry.readable and (at_ms > latest_ms or (last is not None and at_ms < last)):
            return entry.seq
        last = at_ms
    return None
