from collections.abc import Iterator
from pathlib import Path

import pytest

from app.centre import Centre
from app.clock import SettableClock
from app.library import Library
from tests.centres import fresh_centre
from tests.library import MORNING, found


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def centre() -> Iterator[Centre]:
    """A centre whose clock stands where those of libraries do."""
    with fresh_centre() as centre:
        centre.clock = SettableClock(MORNING)
        yield centre
