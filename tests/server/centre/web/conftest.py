"""Pages are tested over a real socket on a real PostgreSQL; those that need eyes in a real Chromium."""

from collections.abc import Iterator

import pytest

from tests.server.centre.web.browser import Browser, open_browser
from tests.server.centre.web.world import World
from tests.server.centre.web.world import world as a_world


@pytest.fixture
def world() -> Iterator[World]:
    """A centre of its own with people and libraries, served."""
    with a_world() as made:
        yield made


@pytest.fixture(scope="module")
def shared_world() -> Iterator[World]:
    """The same for all tests of a module that leave it as it is."""
    with a_world() as made:
        yield made


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless browser a run."""
    with open_browser() as browser:
        yield browser


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    """The browser, with nothing of the test before."""
    chromium.forget()
    return chromium
