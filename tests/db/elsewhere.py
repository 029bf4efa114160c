"""Places where tests cannot go themselves: a folder without permission, a disk that is full. Each in a forked process.

Root may write anywhere, so permission is tried as `nobody`. A full disk is a small tmpfs in a mount namespace of its
own, which goes with its process.
"""

import contextlib
import ctypes
import os
import pickle
import pwd
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

T = TypeVar("T")
SPACE = 3 << 20
CLONE_NEWNS, CLONE_NEWUSER, MS_REC, MS_PRIVATE = 0x00020000, 0x10000000, 0x4000, 1 << 18
LIBC = ctypes.CDLL(None, use_errno=True)


def forked(work: Callable[[], T]) -> T:
    """What `work` returns, done in a process of its own; an exception there is raised here."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        with contextlib.suppress(BaseException), os.fdopen(writing, "wb") as told:
            try:
                told_back: tuple[bool, Any] = (True, work())
            except BaseException as error:  # noqa: BLE001 - carried over to the parent
                told_back = (False, repr(error))
            pickle.dump(told_back, told)
            status = 0
        os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        content = told.read()
    _, ended = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(ended) == 0, f"the process ended with {ended}"
    good, result = pickle.loads(content)
    assert good, result
    returned: T = result
    return returned


def as_nobody(folder: Path, work: Callable[[], T]) -> T:
    """Do `work` as a user who may read `folder` and not write in it."""
    if os.geteuid() != 0:
        with _read_only(folder):
            return work()
    nobody = pwd.getpwnam("nobody")

    def dropped() -> T:
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
        return work()

    with _passable(folder):
        return forked(dropped)


@contextlib.contextmanager
def _read_only(folder: Path) -> Iterator[None]:
    before = folder.stat().st_mode
    folder.chmod(0o555)
    try:
        yield
    finally:
        folder.chmod(before)


@contextlib.contextmanager
def _passable(folder: Path) -> Iterator[None]:
    """pytest keeps its folders to itself: let others pass through to this one."""
    changed = [(path, path.stat().st_mode) for path in (folder, *folder.parents) if not path.stat().st_mode & 0o005]
    for path, mode in changed:
        path.chmod(mode | 0o055)
    try:
        yield
    finally:
        for path, mode in changed:
            path.chmod(mode)


def in_small_space(folder: Path, work: Callable[[Path, Callable[[], None]], T]) -> T:
    """Do `work` where there is little room, in a folder of its own.

    It is given the folder, and a function that makes room again.
    """
    small = folder / "small"
    small.mkdir()
    if not forked(lambda: _mounted(small)):
        pytest.skip("this machine gives nobody but root a small disk of his own")

    def inside() -> T:
        _mounted(small)
        ballast = small / "room.ballast"
        ballast.write_bytes(bytes(1 << 20))
        return work(small, ballast.unlink)

    return forked(inside)


def _mounted(small: Path) -> bool:
    """Mount a tmpfs of 3 MB for this process alone; whether it could be had."""
    user, group = os.geteuid(), os.getegid()
    if LIBC.unshare(CLONE_NEWNS if user == 0 else CLONE_NEWNS | CLONE_NEWUSER) != 0:
        return False
    if user != 0:
        for name, line in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            Path(f"/proc/self/{name}").write_text(line, encoding="utf-8")
    LIBC.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)
    return int(LIBC.mount(b"none", bytes(small), b"tmpfs", 0, f"size={SPACE}".encode())) == 0
