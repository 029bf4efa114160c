"""Each loan is on the disk when its light goes green, and the disk is asked once for it (performance 2.4)."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fsync_shim import environment

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="LD_PRELOAD")


def _counted(folder: Path, copies: int, delay_us: int = 0) -> tuple[int, int]:
    command = [sys.executable, "-m", "tests.db.counted_checkouts", str(folder), str(copies)]
    done = subprocess.run(command, cwd=ROOT, env=environment(delay_us), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    checkouts, returns = done.stdout.split()
    return int(checkouts), int(returns)


def test_one_fsync_a_checkout_and_one_a_return(tmp_path: Path) -> None:
    assert _counted(tmp_path, 60) == (60, 60)
