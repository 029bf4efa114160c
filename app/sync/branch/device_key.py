"""The key this device signs with (sync-protocol 17): in a file beside the database of one's own; for a shared database
in a folder of the machine that synchronises.

The file is wrapped, never the key itself. What opens it comes from the key of the database; a database on a server has
none, there it is a random one among its settings, which do not travel. So neither the file alone nor the database alone
is the device.
"""

import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.library import Library
from app.settings import Setting
from db.alone import in_turn
from db.keys import KEY_BYTES, key_for, open_key
from db.opening import DEVICE_KEY, OF_THE_DEVICE, kept_device_key, write_device_key
from db.trouble import Trouble

WRAPPING: Setting[str] = Setting("device_key_wrapping", "", scope="sync")
"""Hexadecimal; of a shared database only."""


def read_device_key(library: Library, folder: Path | None = None) -> Ed25519PrivateKey:
    """The key. `folder` is needed for a shared database.

    Raises Trouble P-2414 where there is none, none whole, or one of another database.
    """
    path = _path(library, folder)
    return _key(path, _wrapping(library))


def ensure_device_key(library: Library, folder: Path | None = None) -> Ed25519PrivateKey:
    """The key, made when there is none yet: before an enrolment. A file that this database does not open is put aside,
    since with a new code a new key is wanted. Raises Trouble P-12xx for what the disk says, P-2414 where a file cannot
    even be read."""
    path, under = _path(library, folder), _wrapping(library)
    if path.exists() and _content(path, under) is None:
        path.rename(path.with_name(f"old-{secrets.token_hex(4)}-{path.name}"))
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_device_key(path.parent, Ed25519PrivateKey.generate().private_bytes_raw(), under)
    return _key(path, under)


def device_key_of(folder: Path, secret: str | None) -> Ed25519PrivateKey:
    """The key beside a database that is not open: its passphrase, or None where it needs none.

    Raises Trouble P-2414, and P-15xx for the key of the database.
    """
    return _key(folder / DEVICE_KEY, key_for(open_key(folder, secret), OF_THE_DEVICE))


def _path(library: Library, folder: Path | None) -> Path:
    if folder is None and not library.store.is_file:
        raise Trouble("P-2414", path=library.store.name)
    return (folder or Path(library.store.name).parent) / DEVICE_KEY


def _key(path: Path, under: bytes) -> Ed25519PrivateKey:
    key = _content(path, under)
    if key is None:
        raise Trouble("P-2414", path=path)
    return Ed25519PrivateKey.from_private_bytes(key)


def _content(path: Path, under: bytes) -> bytes | None:
    try:
        return kept_device_key(path, under)
    except OSError as error:
        raise Trouble("P-2414", path=path) from error


def _wrapping(library: Library) -> bytes:
    """The key that opens the file."""
    own = library.store.key_for(OF_THE_DEVICE)
    if own is not None:
        return own
    with library.store.read() as reader:
        kept = WRAPPING.read(reader)
    return bytes.fromhex(kept or _made(library))


def _made(library: Library) -> str:
    """One for all desks, whichever of them asks first."""
    with library.store.write() as tx:
        in_turn(tx, WRAPPING.name)
        kept = WRAPPING.read(tx)
        if not kept:
            kept = secrets.token_hex(KEY_BYTES)
            WRAPPING.write(tx, kept)
        return kept
