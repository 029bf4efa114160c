"""Which libraries a person sees."""

import pytest

from app.review.scopes import branches_in_scope, covers, places
from db.codes import BranchKind
from db.models.library import Branch
from tests.app.review.worlds import person, world
from tests.server.centre.web.world import LIBRARIES, MARKAZI, World

__all__ = ["world"]

SEEN = {
    "admin": {"arak", "saveh", "yazd"}, "office": {"arak", "saveh", "yazd"}, "auditor": {"arak", "saveh", "yazd"},
    "admin.markazi": {"arak", "saveh"}, "province": {"arak", "saveh"}, "county": {"arak"}, "yazd": {"yazd"},
}  # fmt: skip


@pytest.mark.parametrize("user_name", SEEN)
def test_scope_is_county_province_or_country(world: World, user_name: str) -> None:
    with world.centre.store.read() as reader:
        found = branches_in_scope(reader, person(world, user_name))
    assert set(found) == {world.branches[key] for key in SEEN[user_name]}
    assert world.centre.id not in found


def test_spelling_of_a_place_does_not_matter(world: World) -> None:
    branch_id = world.branches["arak"]
    other = world.put(
        branch_id, Branch, name="کتابخانهٔ تازه", province="مركزي", county="اراک ", city="", kind=BranchKind.MOBILE,
    )  # fmt: skip
    assert other
    with world.centre.store.read() as reader:
        assert ("مركزي", "اراک ") in places(reader)
        assert branches_in_scope(reader, person(world, "county")).count(branch_id) == 2


def test_places_are_those_of_libraries_without_the_centre(world: World) -> None:
    with world.centre.store.read() as reader:
        assert set(places(reader)) == set(LIBRARIES.values())


@pytest.mark.parametrize(
    ("user_name", "province", "county", "covered"),
    [
        ("admin", None, None, True),
        ("admin", "هر جا", None, True),
        ("province", MARKAZI, None, True),
        ("province", MARKAZI, "ساوه", True),
        ("province", "يزد", None, False),
        ("province", None, None, False),
        ("county", MARKAZI, "اراک", True),
        ("county", MARKAZI, "ساوه", False),
        ("county", MARKAZI, None, False),
    ],
)
def test_scope_covers_what_lies_within(
    world: World, user_name: str, province: str | None, county: str | None, covered: bool
) -> None:
    assert covers(person(world, user_name), province, county) is covered
