"""The histories of this database and how far the centre has them: reads and the one way an acknowledgement is kept."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.sync.wire import JournalBytes, first_link
from db.frozen import Frozen
from db.journal import DECODER
from db.models.sync import JournalEntry, Stream
from db.reading import Reader
from db.writing import Tx

CHANGES, ENTITY, ROW = 10, 0, 1  # places in a body and in a change
MOST_READ = 400
"""Entries read at once for a batch."""


@dataclass(frozen=True, slots=True)
class History:
    """An epoch of this device. `head` is its last entry that was not moved to another epoch."""

    epoch: int
    closed: bool
    head: int
    chain: bytes
    acked: int
    acked_chain: bytes
    durable: int
    parent: int | None = None

    @property
    def waiting(self) -> int:
        """Entries that the centre has not acknowledged."""
        return self.head - self.acked

    @property
    def told(self) -> bool:
        """Whether hello still has to name it (sync-protocol 6)."""
        return not (self.closed and self.durable >= self.head)


HISTORIES = Frozen(
    sa.select(
        Stream.epoch, Stream.closed_at, Stream.head_seq, Stream.head_chain, Stream.acked_seq, Stream.acked_chain,
        Stream.durable_through, Stream.parent_epoch,
    )
    .where(Stream.device_id == sa.bindparam("device"))
    .order_by(Stream.opened_at, Stream.epoch),
    lambda epoch, closed, head, chain, acked, acked_chain, durable, parent: History(
        epoch, closed is not None, head, bytes(chain), acked, bytes(acked_chain), durable, parent
    ),
)  # fmt: skip
OF_EPOCH = (JournalEntry.device_id == sa.bindparam("device"), JournalEntry.epoch == sa.bindparam("epoch"))
LINK: Frozen[bytes] = Frozen(
    sa.select(JournalEntry.chain).where(*OF_EPOCH, JournalEntry.seq == sa.bindparam("seq")), bytes
)
AFTER = (
    sa.select(JournalEntry.body, JournalEntry.personal, JournalEntry.chain)
    .where(*OF_EPOCH, JournalEntry.seq > sa.bindparam("seq"), JournalEntry.seq <= sa.bindparam("until"))
    .order_by(JournalEntry.seq)
)
ENTRIES_AFTER = Frozen(
    AFTER.limit(MOST_READ),
    lambda body, personal, chain: (
        JournalBytes(bytes(body), None if personal is None else bytes(personal)),
        bytes(chain),
    ),
)
SIZES_AFTER: Frozen[int] = Frozen(
    AFTER.with_only_columns(
        sa.func.length(JournalEntry.body) + sa.func.coalesce(sa.func.length(JournalEntry.personal), 0)
    ).limit(MOST_READ),
    int,
)
"""Bytes of the next entries: papers and scans stand in them, so that they are read only as far as they are sent."""
ALL_AFTER: Frozen[bytes] = Frozen(AFTER.with_only_columns(JournalEntry.body), bytes)
SET_ACKED = (
    sa.update(Stream)
    .where(Stream.device_id == sa.bindparam("of_device"), Stream.epoch == sa.bindparam("in_epoch"))
    .values(acked_seq=sa.bindparam("seq"), acked_chain=sa.bindparam("chain"))
)
SET_DURABLE = (
    sa.update(Stream)
    .where(Stream.device_id == sa.bindparam("of_device"), Stream.epoch == sa.bindparam("in_epoch"))
    .values(durable_through=sa.bindparam("seq"))
)


def histories(reader: Reader, device: uuid.UUID) -> list[History]:
    """All epochs of this device, oldest first: by which followed which, since clocks may be set back."""
    found = reader.all(HISTORIES, device=device)
    known = {history.epoch: history for history in found}
    return sorted(found, key=lambda history: _age(history, known))


def _age(history: History, known: Mapping[int, History]) -> int:
    """How many epochs went before."""
    before = 0
    while history.parent is not None and history.parent in known and before < len(known):
        history, before = known[history.parent], before + 1
    return before


def as_many(sizes: Sequence[int], most: int) -> int:
    """How many of these entries have about so many bytes: one at least."""
    total = 0
    for place, size in enumerate(sizes):
        total += size
        if total > most:
            return max(1, place)
    return len(sizes)


def waiting(reader: Reader, device: uuid.UUID) -> int:
    """How many entries the centre has not acknowledged."""
    return sum(history.waiting for history in histories(reader, device))


def link_at(reader: Reader, device: uuid.UUID, epoch: int, seq: int) -> bytes | None:
    """Our chain after an entry; what the chain begins with before the first one; None where there is none."""
    if seq == 0:
        return first_link(epoch)
    return reader.one(LINK, device=device, epoch=epoch, seq=seq)


def links_at(reader: Reader, device: uuid.UUID, epoch: int, places: Sequence[int]) -> dict[int, bytes]:
    """Our chain after several entries."""
    found = {seq: reader.one(LINK, device=device, epoch=epoch, seq=seq) for seq in places}
    return {seq: chain for seq, chain in found.items() if chain is not None}


def agrees(reader: Reader, device: uuid.UUID, epoch: int, seq: int, chain: bytes) -> bool:
    """Whether the centre's chain after an entry is ours."""
    return seq == 0 or link_at(reader, device, epoch, seq) == chain


def keep_acked(tx: Tx, device: uuid.UUID, epoch: int, seq: int) -> None:
    """What the centre says it has of an epoch: higher than before, or lower after it was restored."""
    chain = b"" if seq == 0 else link_at(tx, device, epoch, seq) or b""
    tx.execute(SET_ACKED, of_device=device, in_epoch=epoch, seq=seq, chain=chain)


def touched_by_waiting(reader: Reader, device: uuid.UUID) -> frozenset[tuple[int, bytes]]:
    """The rows, by entity number and id, that entries still on their way have changed here."""
    return frozenset(_touched(reader, device))


def _touched(reader: Reader, device: uuid.UUID) -> Iterator[tuple[int, bytes]]:
    for history in histories(reader, device):
        if history.waiting:
            where = {"device": device, "epoch": history.epoch, "seq": history.acked, "until": history.head}
            for body in reader.all(ALL_AFTER, **where):
                yield from ((change[ENTITY], change[ROW]) for change in DECODER.decode(body)[CHANGES])
