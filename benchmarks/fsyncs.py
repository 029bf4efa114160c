"""How often a checkout makes the disk promise: counted between the program and the kernel, so the figure is exact."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

from app.circulation.checkout import check_out
from benchmarks.checkout import request
from benchmarks.sample import make_library

SOURCE = Path(__file__).with_name("fsync_shim.c")
CHECKOUTS = 200


def compile_shim(folder: Path) -> Path:
    """The counting library, compiled into `folder`. Needs gcc."""
    target = folder / "fsync_shim.so"
    subprocess.run(["gcc", "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", target, SOURCE, "-ldl"], check=True)
    return target


def measure(folder: Path) -> float:
    """Sync calls per checkout in a process of its own that runs under the counting library."""
    environment = {**os.environ, "LD_PRELOAD": str(compile_shim(folder))}
    command = [sys.executable, "-m", "benchmarks.fsyncs", str(folder / "library")]
    return float(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


def count_here(folder: Path) -> float:
    """Sync calls per checkout in this process, checkpoints left out."""
    count = ctypes.CDLL(None).fsync_count
    count.restype = ctypes.c_long
    library = make_library(folder, titles=CHECKOUTS + 1, members=CHECKOUTS // 4 + 2)
    person = library.person(None)
    check_out(library, request(CHECKOUTS), library.act(person))
    before = int(count())
    for number in range(CHECKOUTS):
        check_out(library, request(number), library.act(person))
    return (int(count()) - before) / CHECKOUTS


if __name__ == "__main__":
    sys.stdout.write(str(count_here(Path(sys.argv[1]))))
