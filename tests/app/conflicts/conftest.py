"""A centre with three libraries for every test that asks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.conflicts.network import Network, network
from tests.postgres import server_url

__all__ = ["server_url"]
ARAK, TAFRESH, SAVEH = "اراک", "تفرش", "ساوه"


@pytest.fixture
def net(tmp_path: Path, server_url: str) -> Iterator[Network]:
    with network(tmp_path, server_url) as made:
        for name in (ARAK, TAFRESH, SAVEH):
            made.branch(name)
        yield made
