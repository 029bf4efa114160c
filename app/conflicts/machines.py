"""Two machines that work as one (sync-protocol 6): a cloned disk, or an old computer that somebody switched on
again."""

import datetime as dt
import uuid
from itertools import pairwise

import sqlalchemy as sa

from app.conflicts.choices import Choice
from app.conflicts.writing import Round, named
from db.codes import CaseKind
from db.models.library import Branch
from db.models.sync import Device, JournalEntry, Stream

ACTIVE = "active"


def watch_machines(round_: Round, branch_id: uuid.UUID) -> None:
    """Tell branch and province where one device writes two histories at once, or two devices are one machine."""
    for device_id in _devices_alive_twice(round_, branch_id):
        _tell(round_, branch_id, [device_id], "epochs")
    for devices in _same_fingerprint(round_, branch_id):
        _tell(round_, branch_id, devices, "fingerprint")


def _devices_alive_twice(round_: Round, branch_id: uuid.UUID) -> list[uuid.UUID]:
    """Devices whose older epoch went on after a younger one had begun: after a fork a history is never continued."""
    query = sa.select(Stream.device_id, Stream.epoch).where(Stream.branch_id == branch_id)
    epochs: dict[uuid.UUID, list[int]] = {}
    for device_id, epoch in round_.tx.connection.execute(query):
        epochs.setdefault(device_id, []).append(epoch)
    return [device for device, known in epochs.items() if len(known) > 1 and _overlap(round_, device, known)]


def _overlap(round_: Round, device_id: uuid.UUID, epochs: list[int]) -> bool:
    spans = [span for epoch in epochs if (span := _span(round_, device_id, epoch)) is not None]
    spans.sort()
    return any(before[1] > after[0] for before, after in pairwise(spans))


def _span(round_: Round, device_id: uuid.UUID, epoch: int) -> tuple[dt.datetime, dt.datetime] | None:
    """When the first and the last entry of an epoch came in."""
    entries = sa.select(JournalEntry.recv_at).where(
        JournalEntry.device_id == device_id, JournalEntry.epoch == epoch, JournalEntry.recv_at.is_not(None)
    )
    first = round_.tx.connection.execute(entries.order_by(JournalEntry.seq).limit(1)).scalar()
    last = round_.tx.connection.execute(entries.order_by(JournalEntry.seq.desc()).limit(1)).scalar()
    return None if first is None or last is None else (first, last)


def _same_fingerprint(round_: Round, branch_id: uuid.UUID) -> list[list[uuid.UUID]]:
    query = sa.select(Device.fingerprint, Device.id).where(
        Device.branch_id == branch_id, Device.state == ACTIVE, Device.fingerprint.is_not(None)
    )
    devices: dict[str, list[uuid.UUID]] = {}
    for fingerprint, device_id in round_.tx.connection.execute(query.order_by(Device.id)):
        devices.setdefault(str(fingerprint), []).append(device_id)
    return [known for known in devices.values() if len(known) > 1]


def _tell(round_: Round, branch_id: uuid.UUID, devices: list[uuid.UUID], why: str) -> None:
    place = round_.row(Branch, branch_id)
    stories = {"why": why, "library": place.name if place is not None else "", "devices": [str(one) for one in devices]}
    about = [named(Branch, branch_id), *(named(Device, device) for device in devices)]
    round_.open_case(CaseKind.TWO_MACHINES, round_.centre.id, about, stories)
    round_.open_case(CaseKind.TWO_MACHINES, branch_id, about, stories, [Choice.SEEN])
