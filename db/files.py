"""Files are whole or absent: the one way every file of the program is written."""

import contextlib
import errno
import os
import secrets
import time
from pathlib import Path

from db.trouble import Trouble

# Windows: an anti-virus scanner or indexer holds a new file for a moment (reliability 1.10).
REPLACE_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)


def safe_write(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write `content` to `path` so that a power cut leaves either the old file or the new one, whole.

    Two writers of one path do not mix: the last one wins. A private file (a key) is for its owner's eyes only.
    Raises Trouble P-1201 (no space), P-1202 (not permitted), P-1203 (anything else the disk says).
    """
    part = path.with_name(f".{secrets.token_hex(8)}.part")  # a short name: that of `path` may be as long as can be
    try:
        with open(part, "xb", opener=_private if private else None) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _replace(part, path)
        sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise disk_trouble(error, path) from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _replace(part: Path, path: Path) -> None:
    for pause in REPLACE_PAUSES:
        try:
            part.replace(path)
        except PermissionError:
            if os.name != "nt":
                raise
            time.sleep(pause)
        else:
            return
    part.replace(path)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable; Windows does this by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def disk_trouble(error: OSError, path: Path) -> Trouble:
    """The trouble behind an operating-system error on `path`."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Trouble("P-1201", path=path)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return Trouble("P-1202", path=path)
    return Trouble("P-1203", path=path, reason=error.strerror or error.__class__.__name__)
