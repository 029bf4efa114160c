"""Taking packages up in at the centre: through the very push a line would use, in order, gaps held until they are
filled (sync-protocol 19)."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.centre import Centre
from app.sync.centre.api import answer
from app.sync.line import BAD, CONFLICT, DENIED, OK, Call
from app.sync.packages.form import Head, Kind, Package, open_package
from app.sync.packages.receipts import receipt_of
from app.sync.wire import Pushed, header_of, open_message
from db.models.sync import Device, SetAside
from db.trouble import Trouble

HELD = "package"
"""The source of batches that wait for what comes before them."""
GAP = "gap"
NEVER = {"P-2421": "malformed", "P-2423": "denied", "P-2428": "fork"}
"""Why a batch that was held is not taken any more, by what a package of it would be told: signed with a key that is no
longer the device's, of a device that was revoked, of another history than the centre has by now."""
_ID = uuid.UUID("0f4d0b1e-6a36-5f0c-8d5e-1c9b7a3e2d10")


@dataclass(frozen=True, slots=True)
class Taken:
    """A package was taken in. `acked`: how far the centre is in its epoch; `new`: entries it brought; `held`: batches
    that wait for another package; `receipt` goes back on the stick."""

    branch_id: uuid.UUID
    device_id: uuid.UUID
    acked: int
    new: int
    held: int
    receipt: bytes
    receipt_name: str

    @property
    def already(self) -> bool:
        """Whether the centre had all of it before."""
        return not self.new and not self.held


def take_package(centre: Centre, raw: bytes) -> Taken:
    """Take a package of a branch in; the same one again changes nothing and gives the receipt again.

    Raises Trouble as `open_package` does, P-2428 (its history is not the one the centre has: the branch must ask over a
    line), and what the database says.
    """
    package = open_package(raw, centre.keys.sealing, lambda head: _key_of(centre, head))
    if package.head.kind != Kind.UP:
        raise Trouble("P-2422")
    before = receipt_of(centre, package.device_id).acked_of(package.head.epoch)
    for batch in package.parcels:
        if _push(centre, batch) is None:
            _hold(centre, package, batch)
    push_held(centre, package.device_id)
    receipt = receipt_of(centre, package.device_id)
    acked = receipt.acked_of(package.head.epoch)
    return Taken(
        package.branch_id, package.device_id, acked, acked - before, _held_of(centre, package), *receipt.sealed(centre)
    )


def push_held(centre: Centre, device_id: uuid.UUID | None = None) -> int:
    """Try the batches that wait for others again, in order; how many were taken."""
    waiting = sa.select(SetAside.id, SetAside.raw).where(SetAside.source == HELD, SetAside.replayed_at.is_(None))
    with centre.store.read() as reader:
        rows = reader.connection.execute(waiting.order_by(SetAside.branch_id, SetAside.position)).all()
    return sum(
        _release(centre, held_id, bytes(batch))
        for held_id, batch in rows
        if device_id is None or header_of(bytes(batch)).device == device_id.bytes
    )


def _release(centre: Centre, held_id: uuid.UUID, batch: bytes) -> bool:
    """Whether it was taken. One that will never be is held no longer: its entries are in the journal of the branch, and
    it must not keep others out."""
    told: dict[str, str] = {}
    try:
        if _push(centre, batch) is None:
            return False
    except Trouble as trouble:
        if trouble.code not in NEVER:
            raise
        told = {"reason": NEVER[trouble.code]}
    with centre.write() as tx:
        settled = sa.update(SetAside).where(SetAside.id == held_id)
        tx.connection.execute(settled.values(replayed_at=centre.now(), raw=b"", **told))
    return not told


def _push(centre: Centre, batch: bytes) -> Pushed | None:
    """Push one batch; None where something before it is missing."""
    reply = answer(centre, Call.PUSH, batch)
    if reply.status in (OK, CONFLICT):
        pushed = open_message(reply.body, Pushed, centre.keys.public_key)
        if pushed.error == GAP:
            return None
        if pushed.error:
            raise Trouble("P-2428")
        return pushed
    raise Trouble(
        {DENIED: "P-2423", BAD: "P-2421"}.get(reply.status, "P-2429"), reason=reply.body.decode(errors="replace")
    )


def _hold(centre: Centre, package: Package, batch: bytes) -> None:
    """Keep a batch that came too early. Its id is made of its bytes: the same one is kept once."""
    header = header_of(batch)
    held_id = uuid.uuid5(_ID, batch.hex())
    with centre.write() as tx:
        if tx.connection.execute(sa.select(SetAside.id).where(SetAside.id == held_id)).first() is None:
            tx.connection.execute(
                sa.insert(SetAside).values(
                    id=held_id, branch_id=package.branch_id, source=HELD, position=header.first, raw=batch,
                    reason=GAP, schema_version=header.schema, at=centre.now(), replayed_at=None,
                )
            )  # fmt: skip


def _held_of(centre: Centre, package: Package) -> int:
    count = sa.select(sa.func.count()).select_from(SetAside)
    mine = count.where(SetAside.source == HELD, SetAside.branch_id == package.branch_id, SetAside.replayed_at.is_(None))
    with centre.store.read() as reader:
        return int(reader.connection.execute(mine).scalar_one())


def _key_of(centre: Centre, head: Head) -> bytes | None:
    """The key of a device that is known, not revoked, and of the branch the head names."""
    with centre.store.read() as reader:
        row = reader.connection.execute(
            sa.select(Device.public_key).where(
                Device.id == uuid.UUID(bytes=head.device),
                Device.branch_id == uuid.UUID(bytes=head.branch),
                Device.state == "active",
            )
        ).one_or_none()
    return None if row is None else bytes(row.public_key)
