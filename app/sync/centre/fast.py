"""A whole batch at once, set by set, for PostgreSQL (sync-protocol 7): a day of 3,700 branches has to come in.

Only for what is plain: every row new, or in the version it was changed from, and nobody else concerned. Anything else
raises NotPlainError, or is refused by the database; then the batch is taken back and looked at entry by entry.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from app.sync.centre.folding import Fold, NotPlainError
from app.sync.centre.incoming import Incoming, personal_as_kept
from app.sync.centre.rowsets import RowSets, arrays, in_order
from app.sync.rows import Cipher, UnknownError
from app.sync.wire import Batch
from db.arrays import Sent, sending
from db.feeds import branch_feed
from db.models.sync import JournalEntry
from db.wire import EPOCH_DAY
from db.writing import Tx


def apply_at_once(
    tx: Tx, batch: Batch, entries: Sequence[Incoming], now: dt.datetime, cipher: Cipher, finish: Callable[[], None]
) -> list[int]:
    """Apply entries that are plain, rows and journal; `finish` writes what comes last. Returns the positions their rows
    took, [from, to].

    Everything is sent without waiting for answers, so that the database works while the next statement is being made.
    Raises NotPlainError, or what the database refuses, and then is to be taken back.
    """
    try:
        with sending(tx) as sent:
            _journal(sent, batch, entries, now, cipher)
            fold = Fold()
            for entry in entries:
                fold.add(entry)
            rows = in_order(fold.rows.values())
            sent.take_positions(branch_feed(batch.branch_id), len(rows))
            for place, row in enumerate(rows, 1):
                row.pos = place
            writing = RowSets(batch.branch_id, rows, cipher)
            writing.send(sent)
            finish()
        if not sent.whole:
            raise NotPlainError
        writing.settle(tx)
    except (LookupError, TypeError, ValueError, AttributeError, UnknownError) as error:
        raise NotPlainError from error
    last = sent.last_position
    return [last - len(rows), last]


def _journal(sent: Sent, batch: Batch, entries: Sequence[Incoming], now: dt.datetime, cipher: Cipher) -> None:
    """Entries that are here already leave this path: they may have been moved from another epoch."""
    raws = [entry.raw for entry in entries]
    values: dict[str, Sequence[Any]] = {
        "seq": [entry.seq for entry in entries],
        "eid": [raw.eid or entry.chain for entry, raw in zip(entries, raws, strict=True)],
        "kind": [raw.kind for raw in raws],
        "at_ms": [raw.at_ms for raw in raws],
        "bdate": [raw.day - EPOCH_DAY for raw in raws],
        "staff_id": [raw.staff_id for raw in raws],
        "desk": [raw.desk for raw in raws],
        "body": [entry.stored.body for entry in entries],
        "personal": [personal_as_kept(entry, cipher) for entry in entries],
        "chain": [entry.chain for entry in entries],
        "undoes": [raw.undoes for raw in raws],
    }
    sent.insert(
        JournalEntry.__tablename__, len(entries), arrays(JournalEntry, values),
        device_id=batch.device_id, epoch=batch.header.epoch, branch_id=batch.branch_id, moved=False, applied=True,
        recv_at=now,
    )  # fmt: skip
