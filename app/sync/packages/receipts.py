"""Receipts: what the centre has of a device, signed, so that a branch without a line learns that its package came
(sync-protocol 19)."""

import uuid
from typing import Any

import msgspec
import sqlalchemy as sa

from app.centre import Centre
from app.library import Library
from app.sync.branch.streams import History, agrees, histories, keep_acked
from app.sync.wire import MalformedError, open_message, read_message, seal_message
from db.models.sync import Peer, Site, Stream
from db.moments import from_ms, to_ms
from db.trouble import Trouble
from db.writing import Tx

MAGIC = b"PSR1"
SUFFIX = ".psr"


class Acked(msgspec.Struct, array_like=True, frozen=True):
    """How far the centre is in an epoch."""

    epoch: int
    seq: int
    chain: bytes
    durable: int = 0


class Receipt(msgspec.Struct, array_like=True, frozen=True):
    """What the centre has of a device at a moment of its own. `server_epoch`: another one after it was restored; 0 from
    a centre that does not say."""

    centre: bytes
    device: bytes
    at_ms: int
    acked: list[Acked]
    server_epoch: int = 0

    def acked_of(self, epoch: int) -> int:
        """The last entry of an epoch that the centre has; 0 for none."""
        return next((one.seq for one in self.acked if one.epoch == epoch), 0)

    def sealed(self, centre: Centre) -> tuple[bytes, str]:
        """The file, and its name."""
        stamp = "-".join(f"{one.epoch:016x}-{one.seq}" for one in self.acked[-1:])
        return MAGIC + seal_message(self, centre.keys.signing), f"{self.device.hex()[-8:]}-{stamp or 0}{SUFFIX}"


def receipt_of(centre: Centre, device_id: uuid.UUID) -> Receipt:
    """What the centre has of a device now."""
    streams = sa.select(Stream.epoch, Stream.acked_seq, Stream.acked_chain, Stream.durable_through)
    with centre.store.read() as reader:
        rows = reader.connection.execute(streams.where(Stream.device_id == device_id).order_by(Stream.opened_at)).all()
    acked = [Acked(epoch, seq, bytes(chain), durable) for epoch, seq, chain, durable in rows]
    return Receipt(centre.id.bytes, device_id.bytes, to_ms(centre.now()), acked, centre.epoch)


def take_receipt(library: Library, raw: bytes) -> int:
    """Believe a receipt of the centre: what it has is sent. After the centre was restored what it has lost is sent
    again, and receipts of before say nothing any more: a branch without a line learns it in no other way. Returns how
    many entries it has more than we knew. Where its chain is not ours nothing is believed of that epoch: the next hello
    finds out why.

    Raises Trouble P-2421 (no receipt, or damaged), P-2422 (for another device), P-2423 (not signed by our centre),
    P-2427 (not enrolled).
    """
    with library.store.write() as tx:
        receipt = _opened(tx, raw)
        if receipt.device != tx.identity.device_id.bytes:
            raise Trouble("P-2422")
        known = tx.connection.execute(sa.select(Site.server_epoch)).scalar_one()
        newest = _heard(tx, receipt)
        restored = receipt.server_epoch not in (0, known)
        if restored and not newest:
            return 0
        said = {one.epoch: one for one in receipt.acked}
        ours = [history for history in histories(tx, tx.identity.device_id) if history.told]
        return sum(_acked(tx, one, said.get(one.epoch, Acked(one.epoch, 0, b"")), restored=restored) for one in ours)


def is_receipt(raw: bytes) -> bool:
    """Whether a file says that it is a receipt."""
    return raw.startswith(MAGIC)


def _opened(tx: Tx, raw: bytes) -> Receipt:
    key = tx.connection.execute(sa.select(Peer.public_key)).scalar_one_or_none()
    if key is None:
        raise Trouble("P-2427")
    body = raw[len(MAGIC) :]
    try:
        read_message(body, Receipt)
    except MalformedError as error:
        raise Trouble("P-2421") from error
    try:
        return open_message(body, Receipt, bytes(key))
    except MalformedError as error:
        raise Trouble("P-2423") from error


def _acked(tx: Tx, ours: History, said: Acked, *, restored: bool) -> int:
    device = tx.identity.device_id
    if said.seq > ours.head or said.seq == ours.acked or (said.seq < ours.acked and not restored):
        return 0
    if not agrees(tx, device, said.epoch, said.seq, said.chain):
        return 0
    keep_acked(tx, device, said.epoch, said.seq)
    return max(0, said.seq - ours.acked)


def _heard(tx: Tx, receipt: Receipt) -> bool:
    """A newer word of the centre is a contact, at its own time (sync-protocol 17); whether it was one."""
    at = from_ms(receipt.at_ms)
    newer = sa.or_(Site.last_server_at.is_(None), Site.last_server_at < at)
    told: dict[str, Any] = {"last_contact_at": at, "last_server_at": at}
    if receipt.server_epoch:
        told["server_epoch"] = receipt.server_epoch
    return bool(tx.connection.execute(sa.update(Site).where(newer).values(told)).rowcount)
