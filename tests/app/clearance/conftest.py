from collections.abc import Iterator
from pathlib import Path

import pytest

from app.library import Library
from tests.library import AMember, add_member, found


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def member(library: Library) -> AMember:
    return add_member(library, national_id="0012345679")
