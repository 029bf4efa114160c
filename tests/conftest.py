"""What every test stands on."""

import itertools
import os
import tempfile
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_STATES = Path(tempfile.gettempdir()) / f"pishkhan-state-{os.getpid()}"
_COUNT = itertools.count()


@pytest.fixture(autouse=True)
def _high_water_of_this_test_alone() -> None:
    """Libraries of tests are copies of one: what a high-water file saw of one test's is nothing to the next."""
    os.environ["PISHKHAN_STATE"] = str(_STATES / str(next(_COUNT)))
