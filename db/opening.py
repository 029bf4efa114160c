"""Opening and making libraries: lock, upgrade, guards, identity, in this order."""

import secrets
import uuid
from pathlib import Path

import sqlalchemy as sa

from db.act import Stamp
from db.codes import SiteRole
from db.files import safe_write
from db.guards import ensure_guards
from db.keys import KEYS, create_key, create_known_key, open_key
from db.migrate import upgrade_file, upgrade_server
from db.models.sync import Device, Site, Stream
from db.search_index import ensure_index
from db.store import DATABASE, Store
from db.trouble import Trouble
from db.writing import Identity

DEVICE_KEY = "device.key"


def open_library(folder: Path, secret: str | None) -> Store:
    """Open the library kept in `folder`.

    Raises Trouble P-1110 (no library there), P-1106 (open elsewhere), P-1401 (made by a newer program), P-15xx (key).
    """
    if not has_library(folder):
        raise Trouble("P-1110", path=folder)
    store = Store.open_folder(folder, open_key(folder, secret), upgrade_file)
    return _ready(store)


def has_library(folder: Path) -> bool:
    """Whether a library has been made in `folder`."""
    return (folder / DATABASE).exists() and (folder / KEYS).exists()


def create_store(folder: Path, passphrase: str | None) -> tuple[Store, str | None]:
    """Make an empty store in an empty (or absent) folder; without a passphrase its key is no secret (demo library).

    Returns the store and the recovery number. Raises Trouble P-1111 when the folder holds a library already.
    """
    if has_library(folder):
        raise Trouble("P-1111", path=folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble("P-1202", path=folder, reason=error.strerror) from error
    if passphrase is None:
        key, recovery = create_known_key(folder), None
    else:
        made = create_key(folder, passphrase)
        key, recovery = made.key, made.recovery
    return _ready(Store.open_folder(folder, key, upgrade_file)), recovery


def open_server_library(url: str) -> Store:
    """Open (and upgrade) the PostgreSQL database that several desks share."""
    upgrade_server(url)
    return _ready(Store.open_server(url))


def _ready(store: Store) -> Store:
    try:
        with store.write() as tx:
            ensure_guards(tx, store.dialect.name)
            ensure_index(tx, store.dialect.name)
        store.know_identity()
    except BaseException:
        store.close()
        raise
    return store


def settle(store: Store, branch_id: uuid.UUID, stamp: Stamp, role: SiteRole = SiteRole.BRANCH) -> Identity:
    """Give an empty store its identity: branch, device and first epoch."""
    identity = Identity(branch_id, uuid.uuid4(), secrets.randbits(62))
    rows = (
        (Site, {"branch_id": branch_id, "role": role, "device_id": identity.device_id, "epoch": identity.epoch}),
        (Device, {"id": identity.device_id, "branch_id": branch_id, "public_key": b"", "state": "active", "scopes":
        []}), (Stream, {"device_id": identity.device_id, "epoch": identity.epoch, "branch_id": branch_id,
                  "opened_at": stamp.at, "reason": "new", "head_seq": 0, "head_chain": b"", "acked_seq": 0,
                  "acked_chain": b"", "durable_through": 0}),
    )  # fmt: skip
    with store.write() as tx:
        for model, values in rows:
            tx.connection.execute(sa.insert(model).values(values))
    store.identity = identity
    return identity


def write_device_key(folder: Path, private_key: bytes) -> None:
    """Keep the device's signing key outside the database, so that a copied database is not a copied device."""
    safe_write(folder / DEVICE_KEY, private_key)
