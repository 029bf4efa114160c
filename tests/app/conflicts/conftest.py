"""A centre with three libraries for every test that asks."""

from collections.abc import Iterator

import pytest

from tests.app.conflicts.network import Network, network


@pytest.fixture
def net() -> Iterator[Network]:
    with network() as made:
        yield made
