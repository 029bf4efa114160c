"""A centre with three libraries."""

from collections.abc import Iterator

import pytest

from tests.app.union.provinces import Province, opened, template
from tests.postgres import cluster, copy_of


@pytest.fixture
def province() -> Iterator[Province]:
    """An open centre with libraries of two provinces and nothing in its catalogue."""
    with cluster().database(copy_of(template())) as url:
        found = opened(url)
        with found.centre.store:
            yield found
