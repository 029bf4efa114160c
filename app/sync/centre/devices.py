"""The devices that the centre knows, and what it writes down of each (sync-protocol 6, 17)."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.centre import Centre
from db.frozen import Frozen
from db.isolation import DbRole, Scope
from db.models.sync import Device
from db.writing import Tx

ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """An enrolled device: whose it is, what it signs with, what it may do."""

    id: uuid.UUID
    branch_id: uuid.UUID
    public_key: bytes
    state: str
    scopes: tuple[str, ...] = field(default=())
    facts: Mapping[str, Any] | None = None

    @property
    def revoked(self) -> bool:
        """Whether the centre takes nothing of it any more."""
        return self.state != ACTIVE


class DeniedError(Exception):
    """Not to this device: `reason` is unknown, revoked, or scope."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


DEVICE = Frozen(
    sa.select(Device.id, Device.branch_id, Device.public_key, Device.state, Device.scopes, Device.facts).where(
        Device.id == sa.bindparam("device")
    ),
    lambda device, branch, key, state, scopes, facts: KnownDevice(
        device, branch, bytes(key), state, tuple(scopes or ()), facts
    ),
)


def device_with(centre: Centre, raw_id: bytes) -> KnownDevice:
    """The device of this id. Raises DeniedError when there is none."""
    if len(raw_id) != 16:
        raise DeniedError("unknown")
    with centre.store.read() as reader:
        device = reader.one(DEVICE, device=uuid.UUID(bytes=raw_id))
    if device is None or not device.public_key:
        raise DeniedError("unknown")
    return device


def scope_of(centre: Centre, branch_id: uuid.UUID) -> Scope | None:
    """As whom the centre works for a branch: where there are roles, it sees and writes nothing else."""
    return None if centre.store.is_file else Scope(DbRole.SYNC, (branch_id,))


def note_seen(tx: Tx, device_id: uuid.UUID, now: dt.datetime, said: Mapping[str, Any]) -> None:
    """Write down when a device was heard of, and what it said of itself."""
    tx.connection.execute(sa.update(Device).where(Device.id == device_id).values(seen_at=now, **said))
