import csv
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue.isbn import IsbnDoubt, doubt, hyphenate, is_store_code, read_isbns, valid_isbn13

TITLES = Path(__file__).parents[3] / "../shared/data/fa_titles_isbn.csv"
fixed = settings(derandomize=True, database=None, deadline=None)


def real_rows() -> list[dict[str, str]]:
    if not TITLES.exists():
        pytest.skip("the list of real titles lies outside the repository")
    with TITLES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("typed", "isbn"),
    [
        ("9789644463334", "9789644463334"),
        ("978-964-446-333-4", "9789644463334"),
        ("ISBN: 978 964 446 333 4", "9789644463334"),
        ("۹۷۸-۹۶۴-۴۴۶-۳۳۳-۴", "9789644463334"),
        ("978–964–446–333–4", "9789644463334"),
        ("\u200e978-964-446-333-4\u200f", "9789644463334"),
        ("0-306-40615-2", "9780306406157"),
        ("0-8044-2957-x", "9780804429573"),
        ("9-96-8534-600-978", "9786008534969"),
        ("۹-۹۶-۸۵۳۴-۶۰۰-۹۷۸", "9786008534969"),
    ],
)
def test_an_isbn_is_read_however_it_is_typed(typed: str, isbn: str) -> None:
    assert valid_isbn13(typed) == isbn


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "9789644463335",
        "4277669789641850185",
        "89086perag",
        "1132_74676_normal",
        "123456789",  # nine digits: an old SBN to others, no ISBN here
        "25081-30201",  # right only when turned round, and not four groups
        "9644463334 9789644463334",
        "²" * 13,
        "9" * 100_000,
    ],
)
def test_what_is_no_isbn_is_none(typed: str) -> None:
    assert valid_isbn13(typed) is None


@pytest.mark.parametrize(
    ("text", "isbns"),
    [
        ("25000 ریال: 978-964-446-333-4", ["9789644463334"]),
        ("دوره 0-306-40615-2 ؛ ج.۱ 978-600-8534-96-9 : ۹۰۰۰ ریال", ["9780306406157", "9786008534969"]),
        ("شابک9789644463334", ["9789644463334"]),
        ("15000 1391 978-964-446-333-4", ["9789644463334"]),
        ("9-96-8534-600-978 : 50000 ریال", ["9786008534969"]),
        ("978 964 446 333 4، 978-964-446-333-4", ["9789644463334"]),
        ("978-964-446-333-5", []),
        ("تهران: 17-5-3-201446، 1391", []),
        ("", []),
    ],
)
def test_isbns_are_found_in_free_text(text: str, isbns: list[str]) -> None:
    assert read_isbns(text) == isbns


def test_real_numbers_are_valid_as_measured() -> None:
    rows = real_rows()
    western = [row for row in rows if row["isbn_raw"].isascii()]
    valid = [valid_isbn13(row["isbn_raw"]) for row in western]
    assert sum(isbn is not None for isbn in valid) == 22_686
    assert [isbn or "" for isbn in valid] == [row["isbn13_valid"] for row in western]
    assert sum(not row["isbn_raw"].strip() for row in rows) == 1_176


def test_three_real_numbers_are_right_but_typed_in_persian_digits() -> None:
    persian = [row["isbn_raw"] for row in real_rows() if not row["isbn_raw"].isascii()]
    assert sum(valid_isbn13(raw) is not None for raw in persian) == 3


def test_real_numbers_are_doubted_as_measured() -> None:
    valid = [row["isbn13_valid"] for row in real_rows() if row["isbn13_valid"]]
    assert Counter(why for why in map(doubt, valid) if why) == {
        IsbnDoubt.STORE_CODE: 351 + 336,
        IsbnDoubt.NO_SUCH_GROUP: 31,
        IsbnDoubt.MUSIC: 11,
    }


@pytest.mark.parametrize(
    ("isbn", "why"),
    [
        ("9780001234567", IsbnDoubt.STORE_CODE),
        ("9782001234567", IsbnDoubt.STORE_CODE),
        ("9796001234567", IsbnDoubt.NO_SUCH_GROUP),
        ("9799641234567", IsbnDoubt.NO_SUCH_GROUP),
        ("9790001234567", IsbnDoubt.MUSIC),
        ("9789644463334", None),
        ("9782012345678", None),
    ],
)
def test_a_right_check_digit_is_no_proof(isbn: str, why: IsbnDoubt | None) -> None:
    assert doubt(isbn) == why
    assert is_store_code(isbn) == (why is not None)


@pytest.mark.parametrize(
    ("isbn", "shown"),
    [
        ("9786222019839", "978-622-201-983-9"),
        ("9789644463334", "978-964-446-333-4"),
        ("9786008534969", "978-600-8534-96-9"),
    ],
)
def test_the_iranian_groups_are_hyphenated(isbn: str, shown: str) -> None:
    assert hyphenate(isbn) == shown


@pytest.mark.parametrize("piece", ["1 ", "978-", "9", "X", "1 -"])
def test_long_hostile_text_is_quick(piece: str) -> None:
    started = time.perf_counter()
    assert read_isbns(piece * 50_000) == []
    assert time.perf_counter() - started < 2


@fixed
@given(st.text() | st.text("0123456789-Xx ۹٧", max_size=40))
def test_any_text_is_read_or_refused_without_an_error(text: str) -> None:
    for isbn in [*read_isbns(text), *filter(None, [valid_isbn13(text)])]:
        assert valid_isbn13(isbn) == isbn
        assert len(isbn) == 13
