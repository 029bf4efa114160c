"""The key this device signs with (sync-protocol 17): beside a file of one's own; for a shared database in a folder of
the machine that synchronises."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.library import Library
from db.opening import DEVICE_KEY, write_device_key
from db.trouble import Trouble

BYTES = 32


def read_device_key(library: Library, folder: Path | None = None) -> Ed25519PrivateKey:
    """The key. `folder` is needed for a shared database. Raises Trouble P-2414 where there is none, or none whole."""
    path = _path(library, folder)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Trouble("P-2414", path=path) from error
    if len(raw) != BYTES:
        raise Trouble("P-2414", path=path)
    return Ed25519PrivateKey.from_private_bytes(raw)


def ensure_device_key(library: Library, folder: Path | None = None) -> Ed25519PrivateKey:
    """The key, made when there is none yet: before an enrolment. Raises Trouble P-12xx for what the disk says."""
    path = _path(library, folder)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_device_key(path.parent, Ed25519PrivateKey.generate().private_bytes_raw())
    return read_device_key(library, folder)


def _path(library: Library, folder: Path | None) -> Path:
    if folder is None and not library.store.is_file:
        raise Trouble("P-2414", path=library.store.name)
    return (folder or Path(library.store.name).parent) / DEVICE_KEY
