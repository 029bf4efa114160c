"""Opening and making libraries: lock, upgrade, guards, identity, in this order."""

import contextlib
import secrets
import uuid
from pathlib import Path

import sqlalchemy as sa

from db.act import Stamp
from db.centre_indexes import ensure_centre_indexes
from db.codes import SiteRole
from db.connect import STARTING, open_file
from db.files import disk_trouble, safe_write
from db.guards import ensure_guards
from db.isolation import ensure_isolation, ensure_roles
from db.keys import KEY_BYTES, KEYS, create_key, create_known_key, open_key, unwrap_secret, wrap_secret
from db.migrate import upgrade_file, upgrade_server
from db.models.sync import Device, Site, Stream
from db.search_index import ensure_index
from db.store import DATABASE, Store, take_lock
from db.trouble import Trouble
from db.writing import Identity, Tx

DEVICE_KEY = "device.key"
OF_THE_DEVICE = "device key"
"""What the key is for under which the device's key is wrapped (`db.keys.key_for`)."""


def open_library(folder: Path, secret: str | None) -> Store:
    """Open the library kept in `folder`.

    Raises Trouble P-1110 (no library there), P-1106 (open elsewhere), P-1113 (emptied, or never finished),
    P-1401 (made by a newer program), P-15xx (key).
    """
    if not has_library(folder):
        raise Trouble("P-1110", path=folder)
    key = open_key(folder, secret)
    if (folder / DATABASE).stat().st_size == 0:
        raise Trouble("P-1113", path=folder)
    store = _ready(Store.open_folder(folder, key, upgrade_file))
    if store.identity is None:
        store.close()
        raise Trouble("P-1113", path=folder)
    return store


def has_library(folder: Path) -> bool:
    """Whether a library has been made in `folder`."""
    return (folder / DATABASE).exists()


def create_store(folder: Path, passphrase: str | None) -> tuple[Store, str | None]:
    """Make an empty store in an empty (or absent) folder; without a passphrase its key is no secret (demo library).

    What a founding cut short left there is put aside. Returns the store and the recovery number. Raises Trouble P-1111
    when the folder holds a library already, P-12xx when it cannot be made.
    """
    lock = take_lock(folder)
    try:
        if has_library(folder) and not _is_unfinished(folder, passphrase):
            raise Trouble("P-1111", path=folder)
        _put_aside(folder)
    except OSError as error:
        raise disk_trouble(error, folder) from error
    finally:
        lock.release()
    if passphrase is None:
        key, recovery = create_known_key(folder), None
    else:
        made = create_key(folder, passphrase)
        key, recovery = made.key, made.recovery
    return _ready(Store.open_folder(folder, key, upgrade_file)), recovery


def _is_unfinished(folder: Path, secret: str | None) -> bool:
    """Whether nothing was ever stored there: founding writes who the database is together with its first entry."""
    path = folder / DATABASE
    if path.stat().st_size == 0:
        return True
    try:
        connection = open_file(path, open_key(folder, secret), read_only=True)
    except Trouble:
        return False
    try:
        made = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'site'").fetchone()
        return made is None or connection.execute("SELECT 1 FROM site").fetchone() is None
    finally:
        connection.close()


def _put_aside(folder: Path) -> None:
    """Keys and files of a founding cut short, or keys of a library that has gone: a backup may still need them."""
    mark = secrets.token_hex(4)
    for name in (KEYS, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        if (folder / name).exists():
            (folder / name).rename(folder / f"old-{mark}-{name}")


def open_server_library(url: str) -> Store:
    """Open (and upgrade) the PostgreSQL database that several desks share."""
    upgrade_server(url)
    return _ready(Store.open_server(url))


def open_server_centre(url: str) -> Store:
    """Open (and upgrade) the PostgreSQL database of the centre: guards, roles and row-level security, indexes of feeds.

    Raises what `open_server_library` raises, and Trouble P-2403, P-2404 where branches cannot be kept apart.
    """
    store = open_server_library(url)
    try:
        with store.write() as tx:
            ensure_roles(tx)
        with store.write() as tx:
            tx.run(f"SELECT pg_advisory_xact_lock({STARTING})")
            ensure_isolation(tx)
            ensure_centre_indexes(tx)
    except BaseException:
        store.close()
        raise
    return store


def _ready(store: Store) -> Store:
    try:
        with store.write() as tx:
            if not store.is_file:
                tx.run(f"SELECT pg_advisory_xact_lock({STARTING})")
            ensure_guards(tx, store.dialect.name)
            ensure_index(tx, store.dialect.name)
        store.know_identity()
    except BaseException:
        store.close()
        raise
    return store


def settle(store: Store, branch_id: uuid.UUID, stamp: Stamp, role: SiteRole = SiteRole.BRANCH) -> Identity:
    """Give an empty store its identity: branch, device and first epoch."""
    identity = new_identity(branch_id)
    with store.write(identity) as tx:
        write_identity(tx, stamp, role)
    store.identity = identity
    return identity


def new_identity(branch_id: uuid.UUID) -> Identity:
    """A device and an epoch that nobody has yet."""
    return Identity(branch_id, uuid.uuid4(), secrets.randbits(62))


def write_identity(tx: Tx, stamp: Stamp, role: SiteRole = SiteRole.BRANCH) -> None:
    """The rows that say who this database is, inside somebody's transaction (that of the first entry, say)."""
    of = tx.identity
    rows = (
        (Site, {"branch_id": of.branch_id, "role": role, "device_id": of.device_id, "epoch": of.epoch}),
        (Device, {"id": of.device_id, "branch_id": of.branch_id, "public_key": b"", "state": "active", "scopes": []}),
        (Stream, {"device_id": of.device_id, "epoch": of.epoch, "branch_id": of.branch_id, "opened_at": stamp.at,
                  "reason": "new", "head_seq": 0, "head_chain": b"", "acked_seq": 0, "acked_chain": b"",
                  "durable_through": 0}),
    )  # fmt: skip
    for model, values in rows:
        tx.connection.execute(sa.insert(model).values(values))


def write_device_key(folder: Path, private_key: bytes, under: bytes) -> None:
    """Keep the device's signing key outside the database, so that a copied database is not a copied device; and wrapped
    under a key that comes with the database, so that a copied file is none either (sync-protocol 17)."""
    safe_write(folder / DEVICE_KEY, wrap_secret(private_key, under), private=True)


def kept_device_key(path: Path, under: bytes) -> bytes | None:
    """The signing key in a file; None where it holds none, or one of another database. What an older program left
    unwrapped is wrapped now; a disk that does not take it is asked the next time again. Raises OSError."""
    raw = path.read_bytes()
    if len(raw) != KEY_BYTES:
        return unwrap_secret(raw, under)
    with contextlib.suppress(Trouble):
        write_device_key(path.parent, raw, under)
    return raw
