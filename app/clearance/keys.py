"""The key this installation signs with, and the public keys of the devices it knows."""

import uuid
from pathlib import Path

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db.frozen import Frozen
from db.models.sync import Device
from db.opening import DEVICE_KEY, OF_THE_DEVICE, kept_device_key
from db.reading import Reader
from db.store import Store
from db.writing import Tx

KNOWN = Frozen(
    sa.select(Device.branch_id, Device.public_key).where(Device.state == "active"),
    lambda branch_id, public_key: (branch_id, bytes(public_key)),
)
OWN = sa.update(Device).where(Device.id == sa.bindparam("device"))


def signing_key(store: Store) -> Ed25519PrivateKey | None:
    """The key beside the library's file; None where there is none (a database that several desks share), or none that
    this database opens."""
    path, under = Path(store.name).parent / DEVICE_KEY, store.key_for(OF_THE_DEVICE)
    if under is None or not path.is_file():
        return None
    key = kept_device_key(path, under)
    return None if key is None else Ed25519PrivateKey.from_private_bytes(key)


def publish(tx: Tx, key: Ed25519PrivateKey) -> None:
    """Let the device's own row carry its public key, so that this branch and, by sync, others know its signature."""
    statement = OWN.values(public_key=key.public_key().public_bytes_raw())
    tx.connection.execute(statement, {"device": tx.identity.device_id})


def known_keys(reader: Reader) -> dict[bytes, uuid.UUID]:
    """Public keys of the devices known here, and the branch each belongs to."""
    return {key: branch_id for branch_id, key in reader.all(KNOWN) if key}
