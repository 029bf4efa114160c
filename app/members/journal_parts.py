"""The erasable parts of journal entries (sync-protocol 3.3, 13): set to null where they tell of somebody who is to be
forgotten. Bodies and chain stay as they are."""

import uuid
from collections.abc import Collection, Iterator

import sqlalchemy as sa

from db.journal import DECODER, personal_parts
from db.models.sync import JournalEntry, Stream
from db.writing import Tx

CHANGES, ROW = 10, 1  # places in an entry and in a change
AT_ONCE = 2_000
MOST_ENTRIES = 100


def forget_parts(tx: Tx, rows: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Erase the personal parts of the entries that tell of one of these rows. One that also tells of others is left
    until the centre has it: what it says of them must arrive. Returns the ids of the entries."""
    wanted = {row.bytes for row in rows}
    found = [eid for eid, told, sent in _entries(tx) if told & wanted and (sent or told <= wanted)]
    for start in range(0, len(found), 500):
        portion = found[start : start + 500]
        of_them = sa.update(JournalEntry).where(JournalEntry.eid.in_(portion))
        tx.connection.execute(of_them.values(personal=None, before=None))
    return found


def forget_former(tx: Tx, kind: str, seq: int) -> None:
    """The former values that the entries of forgetting themselves keep for an undo: there is none. `seq` is the last of
    them, of which one transaction may have several."""
    own = (JournalEntry.device_id == tx.identity.device_id, JournalEntry.epoch == tx.identity.epoch)
    last = (JournalEntry.seq > seq - MOST_ENTRIES, JournalEntry.kind == kind)
    tx.connection.execute(sa.update(JournalEntry).where(*own, *last).values(before=None))


def _entries(tx: Tx) -> Iterator[tuple[uuid.UUID, set[bytes], bool]]:
    """Entries that have a personal part: their id, the rows it tells of, and whether the centre has them."""
    query = (
        sa.select(JournalEntry.eid, JournalEntry.body, JournalEntry.personal, JournalEntry.seq <= Stream.acked_seq)
        .join(Stream, sa.and_(Stream.device_id == JournalEntry.device_id, Stream.epoch == JournalEntry.epoch))
        .where(JournalEntry.personal.is_not(None))
        .execution_options(yield_per=AT_ONCE)
    )
    for eid, body, personal, sent in tx.connection.execute(query):
        changes = DECODER.decode(body)[CHANGES]
        yield eid, {bytes(changes[place][ROW]) for place in personal_parts(personal)}, bool(sent)
