from collections.abc import Iterator
from pathlib import Path

import pytest

from app.library import Library
from tests.library import found


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library
