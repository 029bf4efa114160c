"""What every test stands on."""

import atexit
import gc
import itertools
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from tests.hashing import hash_cheaply

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# What is compiled is kept, whatever the computer says: every desk a test starts would compile the whole program anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
MEMORY, ROOM = Path("/dev/shm"), 2 << 30


def _fits(folder: Path) -> bool:
    """Whether tests may write there, have room, and may run what they write."""
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return False
    return shutil.disk_usage(folder).free > ROOM and not os.statvfs(folder).f_flag & os.ST_NOEXEC


if _fits(MEMORY):  # a test waits for the disk a hundred times; what is proved about the disk is not proved by waiting
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    tempfile.tempdir = str(MEMORY)
_STATES = Path(tempfile.mkdtemp(prefix="pishkhan-state-"))
atexit.register(shutil.rmtree, _STATES, ignore_errors=True)
_COUNT = itertools.count()
hash_cheaply()


def pytest_collection_finish() -> None:
    """Programs and tests stay until the end: not to be looked through for garbage again and again."""
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish() -> None:
    gc.unfreeze()  # hypothesis, when it is first imported at the end, asks who holds its random numbers


@pytest.fixture(autouse=True)
def _high_water_of_this_test_alone() -> None:
    """Libraries of tests are copies of one: what a high-water file saw of one test's is nothing to the next."""
    os.environ["PISHKHAN_STATE"] = str(_STATES / str(next(_COUNT)))
