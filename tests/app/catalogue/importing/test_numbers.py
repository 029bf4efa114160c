from app.catalogue.importing.findings import Concern
from app.catalogue.importing.numbers import trusted_isbn


def test_the_first_valid_isbn_is_taken() -> None:
    assert trusted_isbn(["89086perag", "978-964-417-011-9"]) == ("9789644170119", None)


def test_an_isbn_is_found_among_other_words() -> None:
    assert trusted_isbn(["۹۷۸-۹۶۴-۴۱۷-۰۱۱-۹ (دوره)"]) == ("9789644170119", None)


def test_a_store_code_is_never_an_isbn() -> None:
    assert trusted_isbn(["9782000682479"]) == (None, Concern.ISBN_STORE_CODE)
    assert trusted_isbn(["9799646495585"]) == (None, Concern.ISBN_NO_SUCH_GROUP)
    assert trusted_isbn(["9790901455603"]) == (None, Concern.ISBN_MUSIC)


def test_a_wrong_number_is_doubted_and_none_is_not() -> None:
    assert trusted_isbn(["4277669789641750185"]) == (None, Concern.ISBN_INVALID)
    assert trusted_isbn([]) == (None, None)
