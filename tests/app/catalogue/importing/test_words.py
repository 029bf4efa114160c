import pytest

from app.catalogue.importing.words import GOODS, LANGUAGES, MATERIALS, ROLES, SHELVES, says_nothing
from app.persian.text import compact
from db.codes import CreatorRole, Material


def test_every_material_and_role_of_the_store_can_be_named() -> None:
    assert set(MATERIALS.values()) == set(Material)
    assert set(ROLES.values()) == set(CreatorRole)


def test_a_word_is_goods_or_a_material_never_both() -> None:
    assert GOODS.keys() & (MATERIALS.keys() | SHELVES.keys()) == set()


@pytest.mark.parametrize("table", [GOODS, LANGUAGES, MATERIALS, ROLES, SHELVES])
def test_no_word_of_a_table_is_empty(table: dict[str, object]) -> None:
    assert "" not in table
    assert all(compact(word) == word for word in table)


def test_a_name_is_not_nothing() -> None:
    assert not says_nothing("نامه")
    assert says_nothing("؟؟")
