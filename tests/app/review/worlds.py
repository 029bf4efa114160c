"""The centre with people and libraries that the pages are tested on, for use cases of accounts."""

from collections.abc import Iterator

import pytest

from app.review.kept_accounts import account_named
from app.review.scopes import ReviewerFacts
from tests.server.centre.web.world import World, opened_world


@pytest.fixture
def world() -> Iterator[World]:
    """A copy of it."""
    with opened_world() as made:
        yield made


def person(world: World, user_name: str) -> ReviewerFacts:
    """Somebody who signs in there."""
    with world.centre.store.read() as reader:
        found = account_named(reader, user_name)
    assert found is not None
    return found
