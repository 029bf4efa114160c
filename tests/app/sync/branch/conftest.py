"""A branch and a centre on paper that it is enrolled at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.library import Library
from app.sync.branch.rounds import SyncOutcome, sync_round
from app.sync.line import Steps
from tests.app.sync.branch.paper_centre import PaperCentre
from tests.library import found


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library of its own file."""
    made = found(tmp_path)
    with made.store:
        yield made


@pytest.fixture
def centre(library: Library) -> PaperCentre:
    """Its centre."""
    made = PaperCentre(library)
    made.enrol()
    return made


def synced(centre: PaperCentre, library: Library | None = None, steps: Steps | None = None) -> SyncOutcome:
    """One round with a centre on paper."""
    return sync_round(library or centre.library, centre, centre.key, steps=steps)
