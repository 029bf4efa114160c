from collections.abc import Iterator
from pathlib import Path

import pytest

from app.library import Library
from tests.library import ACopy, add_copy, found


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def copy(library: Library) -> ACopy:
    return add_copy(library, "کلیدر")
