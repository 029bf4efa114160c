"""On which machine a database runs: a mark that a copied disk image of a folder does not carry along
(sync-protocol 16)."""

import contextlib
import hashlib
import sys
import uuid
from pathlib import Path

import sqlalchemy as sa

from db.store import Store

MACHINE_ID = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
OF_SERVER = (
    "SELECT system_identifier::text || ':' || timeline_id::text FROM pg_control_system(), pg_control_checkpoint()"
)


def machine_mark(store: Store) -> str:
    """A file's machine is the computer; a shared database's is the cluster of its server and the timeline, which a
    restore to an earlier moment changes."""
    if store.is_file:
        return _hashed(_computer())
    with store.read() as reader:
        return _hashed(str(reader.connection.execute(sa.text(OF_SERVER)).scalar_one()))


def _computer() -> str:
    for path in MACHINE_ID:
        with contextlib.suppress(OSError):
            return path.read_text(encoding="ascii").strip()
    if sys.platform == "win32":
        import winreg

        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
    return f"{uuid.getnode():012x}"


def _hashed(text: str) -> str:
    """Enough to tell machines apart, and nothing of the machine itself."""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
