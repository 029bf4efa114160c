"""The centre: an open store with its clock and keys. Handed to use cases, pages and the sync API, as `Library` is at a
branch; there is no global one.

Rows of the centre bear its id as `branch_id`; what it changes goes through `Tx` and into its own stream, as at a
branch.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.public import PrivateKey

from app.clock import Clock
from db.act import Act
from db.codes import BranchKind, Role, SiteRole
from db.files import safe_write
from db.models.library import Branch
from db.opening import new_identity, write_identity
from db.store import Store
from db.trouble import Trouble
from db.types import new_id

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


class Centre:
    """An open centre."""

    def __init__(self, store: Store, clock: Clock, keys: CentreKeys) -> None:
        self.store = store
        self.clock = clock
        self.keys = keys

    @property
    def id(self) -> uuid.UUID:
        """The `branch_id` of what the centre owns."""
        return self.store.branch_id

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
