from collections.abc import Iterator
from pathlib import Path

import pytest

from app.library import Library
from app.routes.reads import StopRow
from app.routes.service import RouteForm, RouteStored, StopForm, add_route
from tests.library import TODAY, act, found


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def stops(library: Library) -> tuple[StopRow, ...]:
    """A fortnightly route of two villages, visited today and tomorrow for the first time."""
    first = StopForm("ده‌بالا", place="کنار مدرسه", hours="9 تا 11")
    form = RouteForm("دهستان شمالی", TODAY, 14, stops=(first, StopForm("ده‌پایین", 1)))
    stored = add_route(library, form, act(library))
    assert isinstance(stored, RouteStored)
    return stored.stops


@pytest.fixture
def stop(stops: tuple[StopRow, ...]) -> StopRow:
    return stops[0]
