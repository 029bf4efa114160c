"""A founded library, a centre, and the device between them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.centre import Centre
from app.clock import SettableClock
from app.library import Library
from tests.app.sync.centre.sending import Sender, sender_of
from tests.centres import fresh_centre
from tests.library import found


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A branch on its own encrypted file."""
    made = found(tmp_path)
    with made.store:
        yield made


@pytest.fixture
def centre() -> Iterator[Centre]:
    """A centre on PostgreSQL, with roles and row-level security."""
    with fresh_centre() as made:
        assert isinstance(made.clock, SettableClock)
        made.clock.advance(days=60)  # the branches of these tests let weeks pass
        yield made


@pytest.fixture
def sender(centre: Centre, library: Library) -> Sender:
    """The library's device, which the centre knows."""
    return sender_of(centre, library)
