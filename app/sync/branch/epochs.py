"""Closing one history and opening another: after a fork, a restored copy, a new machine (sync-protocol 6, 16).

An epoch that was closed is never gone on with. What it held that the centre cannot take as it stands goes on in the new
one: same id, same base versions, same content, new place and new chain.
"""

import uuid
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from app.sync.branch.streams import histories, link_at
from app.sync.wire import first_link
from db.act import Stamp
from db.journal import DECODER, ENCODER, next_chain
from db.models.schema import METADATA
from db.models.sync import JournalEntry, Site, Stream
from db.store import Store
from db.writing import Tx

SEQ, EID = 0, 2  # places in a body
EPOCH_BITS = 62
A_TURN = 20
"""Entries moved at once: each may hold a scan."""


class Reopened(StrEnum):
    """Why an epoch was opened."""

    REWOUND = "rewound"
    FORKED = "forked"
    RESTORED = "restored"
    MOVED = "moved"


def open_epoch(
    store: Store, stamp: Stamp, reason: Reopened, common: Mapping[int, int], random: Callable[[int], int]
) -> int:
    """Close what is open, and go on in a new random epoch; `common` says of epochs up to which entry both sides agree:
    what stands after it is moved. One transaction. Returns how many entries were moved."""
    with store.write() as tx:
        moved = _reopen(tx, stamp, reason, common, random)
    store.know_identity()
    return moved


def _reopen(tx: Tx, stamp: Stamp, reason: Reopened, common: Mapping[int, int], random: Callable[[int], int]) -> int:
    device, branch = tx.identity.device_id, tx.identity.branch_id
    tx.connection.execute(sa.select(Stream.epoch).where(Stream.device_id == device).with_for_update())
    former: int = tx.connection.execute(sa.select(Site.epoch)).scalar_one()
    known = {history.epoch: history for history in histories(tx, device)}
    epoch = random(EPOCH_BITS)
    while epoch in known:
        epoch = random(EPOCH_BITS)
    tx.connection.execute(
        sa.insert(Stream).values(
            device_id=device, epoch=epoch, branch_id=branch, opened_at=stamp.at, reason=reason,
            parent_epoch=former, parent_seq=common.get(former, known[former].head), head_seq=0, head_chain=b"",
            acked_seq=0, acked_chain=b"", durable_through=0,
        )
    )  # fmt: skip
    moved = _Mover(tx, device, epoch)
    for history in known.values():
        last = common.get(history.epoch, history.head)
        if last < history.head:
            moved.take(history.epoch, last)
        if last < history.head or not history.closed:
            _close(tx, device, history.epoch, last, min(last, history.acked), stamp)
    moved.settle()
    tx.connection.execute(sa.update(Site).values(epoch=epoch))
    return moved.seq


def _close(tx: Tx, device: uuid.UUID, epoch: int, last: int, acked: int, stamp: Stamp) -> None:
    def chain(seq: int) -> bytes:
        return (link_at(tx, device, epoch, seq) or b"") if seq else b""

    tx.connection.execute(
        sa.update(Stream)
        .where(Stream.device_id == device, Stream.epoch == epoch)
        .values(
            closed_at=stamp.at, head_seq=last, head_chain=chain(last), acked_seq=acked, acked_chain=chain(acked),
            durable_through=sa.case((Stream.durable_through > last, last), else_=Stream.durable_through),
        )
    )  # fmt: skip


class _Mover:
    """Entries on their way into the new epoch, in order."""

    def __init__(self, tx: Tx, device: uuid.UUID, epoch: int) -> None:
        self._tx, self._device, self._epoch = tx, device, epoch
        self.seq, self._chain = 0, first_link(epoch)

    def take(self, epoch: int, after: int) -> None:
        """Move what stands after an entry of an epoch; it stays where it was, marked."""
        table = METADATA.tables[JournalEntry.__tablename__]
        of_epoch = (table.c.device_id == self._device, table.c.epoch == epoch, table.c.seq > after)
        while rows := self._read(table, of_epoch, after):
            after = rows[-1]["seq"]
            up_to = (*of_epoch, table.c.seq <= after)
            self._tx.connection.execute(sa.update(table).where(*up_to).values(moved=True, applied=False))
            self._tx.connection.execute(sa.insert(table), [self._moved(row) for row in rows])

    def _read(self, table: sa.Table, of_epoch: tuple[Any, ...], after: int) -> list[dict[str, Any]]:
        following = sa.select(table).where(*of_epoch, table.c.seq > after).order_by(table.c.seq).limit(A_TURN)
        return [dict(row) for row in self._tx.connection.execute(following).mappings()]

    def _moved(self, row: dict[str, Any]) -> dict[str, Any]:
        self.seq += 1
        body = _body(bytes(row["body"]), self.seq, row["eid"])
        self._chain = next_chain(self._chain, body)
        return row | {
            "epoch": self._epoch, "seq": self.seq, "body": body, "chain": self._chain, "moved": False, "applied": True,
        }  # fmt: skip

    def settle(self) -> None:
        """The new epoch knows its head."""
        if self.seq:
            self._tx.connection.execute(
                sa.update(Stream)
                .where(Stream.device_id == self._device, Stream.epoch == self._epoch)
                .values(head_seq=self.seq, head_chain=self._chain)
            )


def _body(body: bytes, seq: int, eid: uuid.UUID) -> bytes:
    """The same entry in its new place. It says its id, which its chain no longer is."""
    places = DECODER.decode(body)
    places[SEQ], places[EID] = seq, eid.bytes
    return ENCODER.encode(places)
