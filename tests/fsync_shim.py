"""The library of `benchmarks/fsync_shim.c`: compiled when first asked for, loaded into a process of our own.

`environment()` starts a process under it, `counter()` reads it there. Linux only.
"""

import atexit
import ctypes
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from benchmarks.fsyncs import compile_shim


@cache
def library() -> Path:
    """The compiled shim. Skips where there is no C compiler."""
    if shutil.which("gcc") is None:
        pytest.skip("no C compiler for the fsync shim")
    folder = tempfile.mkdtemp(prefix="pishkhan-shim-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return compile_shim(Path(folder))


def environment(delay_us: int = 0) -> dict[str, str]:
    """The environment of a process that runs under the shim; each sync takes `delay_us` longer."""
    return {**os.environ, "LD_PRELOAD": str(library()), "FSYNC_DELAY_US": str(delay_us)}


def counter() -> Callable[[], int]:
    """Asked inside such a process: a function that tells the calls so far. AttributeError: the shim is not loaded."""
    count = ctypes.CDLL(None).fsync_count
    count.restype = ctypes.c_long
    return lambda: int(count())
