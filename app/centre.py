"""The centre: an open store with its clock and keys. Handed to use cases, pages and the sync API, as `Library` is at a
branch; there is no global one.

Rows of the centre bear its id as `branch_id`; what it changes goes through `Tx` and into its own stream, as at a
branch.
"""

import contextlib
import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.public import PrivateKey

from app.clock import Clock
from db.act import Act
from db.codes import BranchKind, Role, SiteRole
from db.feeds import publish
from db.files import safe_write
from db.models.library import Branch
from db.models.sync import Device, Site
from db.opening import new_identity, open_server_centre, write_identity
from db.siv import SivCipher
from db.store import Store
from db.trouble import Trouble
from db.types import new_id
from db.writing import Tx

SIGNING, SEALING, DATA = "signing.key", "sealing.key", "data.key"
KEY_BYTES = 32
AT_THE_CENTRE = 0
"""The desk number of what is done at the centre."""


@dataclass(frozen=True, slots=True)
class CentreKeys:
    """The secrets of the centre, kept outside its database: what it signs with (Ed25519), what packages are sealed to
    (X25519), and what personal columns are encrypted with."""

    signing: Ed25519PrivateKey
    sealing: PrivateKey
    data: bytes

    @property
    def public_key(self) -> bytes:
        """What branches pin."""
        return self.signing.public_key().public_bytes_raw()

    @property
    def sealing_key(self) -> bytes:
        """What branches seal packages to."""
        return bytes(self.sealing.public_key)

    def marks(self) -> dict[str, str]:
        """By what the database knows its keys again, without telling them."""
        data = hashlib.blake2b(self.data, digest_size=16, person=b"pishkhan").hexdigest()
        return {"signing": self.public_key.hex(), "sealing": self.sealing_key.hex(), "data": data}


class Centre:
    """An open centre."""

    def __init__(self, store: Store, clock: Clock, keys: CentreKeys) -> None:
        self.store = store
        self.clock = clock
        self.keys = keys
        self.cipher = SivCipher(keys.data)
        """How the national ids of readers are kept here: equal ids give equal texts."""
        self.begun = False
        """Whether what comes before the first answer has been done (`app.sync.centre.replaying.begin`)."""

    @property
    def id(self) -> uuid.UUID:
        """The `branch_id` of what the centre owns."""
        return self.store.branch_id

    @property
    def epoch(self) -> int:
        """The history of the centre's own stream: another one after it was restored (`server_epoch`)."""
        if self.store.identity is None:
            raise RuntimeError("the centre has not been founded")
        return self.store.identity.epoch

    @contextlib.contextmanager
    def write(self) -> Iterator[Tx]:
        """One transaction of the centre itself, over all branches: as `Store.write`, and what it changed gets its place
        in the feeds of the branches it is for."""
        with self.store.write() as tx:
            yield tx
            publish(tx, self.id)

    def now(self) -> dt.datetime:
        """The moment it is."""
        return self.clock.read().at

    def act(self, person_id: uuid.UUID, role: Role, key: str | None = None) -> Act:
        """An act of somebody who is signed in at the centre, now."""
        return Act(person_id, role, AT_THE_CENTRE, self.clock.read(), key)


def make_keys(folder: Path) -> CentreKeys:
    """The keys of the centre in `folder`, made there when there are none. They are to be backed up apart from the
    database: without them its personal columns cannot be read and no branch believes its answers."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made: dict[str, Callable[[], bytes]] = {
        SIGNING: lambda: Ed25519PrivateKey.generate().private_bytes_raw(),
        SEALING: lambda: bytes(PrivateKey.generate()),
        DATA: lambda: bytes(PrivateKey.generate()),
    }
    if not any((folder / name).exists() for name in made):
        for name, make in made.items():
            safe_write(folder / name, make(), private=True)
    return read_keys(folder)


def read_keys(folder: Path) -> CentreKeys:
    """The keys of the centre. Raises Trouble P-2401 when one is missing or damaged."""
    try:
        signing, sealing, data = ((folder / name).read_bytes() for name in (SIGNING, SEALING, DATA))
    except OSError as error:
        raise Trouble("P-2401", path=folder) from error
    if {len(signing), len(sealing), len(data)} != {KEY_BYTES}:
        raise Trouble("P-2401", path=folder)
    return CentreKeys(Ed25519PrivateKey.from_private_bytes(signing), PrivateKey(sealing), data)


def found_centre(store: Store, name: str, clock: Clock, keys: CentreKeys) -> Centre:
    """Make an empty store the centre's: its identity, a row that names it, and the first entry of its own stream."""
    stamp = clock.read()
    identity = new_identity(new_id())
    with store.write(identity) as tx:
        write_identity(tx, stamp, SiteRole.CENTRE)
        own = sa.update(Device).where(Device.id == identity.device_id)
        tx.connection.execute(own.values(public_key=keys.public_key, facts={"keys": keys.marks()}))
        tx.insert(
            Branch,
            id=identity.branch_id,
            name=name,
            province="",
            county="",
            city="",
            kind=BranchKind.PROVINCIAL_CENTRAL,
        )
        tx.record("centre.founded", Act(None, Role.ADMINISTRATOR, AT_THE_CENTRE, stamp))
    store.know_identity()
    return Centre(store, clock, keys)


def open_centre(url: str, keys_folder: Path, clock: Clock) -> Centre:
    """Open (and upgrade) the database of the centre with its keys. Close `centre.store` at the end.

    Raises Trouble P-2401 (no keys), P-2402 (keys of another centre), P-2405 (not founded yet), P-2406 (a branch's), and
    what `db.opening.open_server_centre` raises.
    """
    keys = read_keys(keys_folder)
    store = open_server_centre(url)
    try:
        _refuse_strangers(store, keys, keys_folder)
    except BaseException:
        store.close()
        raise
    return Centre(store, clock, keys)


def _refuse_strangers(store: Store, keys: CentreKeys, folder: Path) -> None:
    """Before anything is answered or written: with other keys no branch would believe us, and what we wrote could not
    be read again."""
    with store.read() as reader:
        own = sa.select(Site.role, Device.facts).join(Device, Device.id == Site.device_id)
        row = reader.connection.execute(own).one_or_none()
    if row is None:
        raise Trouble("P-2405")
    if row.role is not SiteRole.CENTRE:
        raise Trouble("P-2406")
    if (row.facts or {}).get("keys") != keys.marks():
        raise Trouble("P-2402", path=folder)
