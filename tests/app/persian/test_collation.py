import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.persian.collation import sort_key
from app.persian.text import LETTERS

fixed = settings(derandomize=True, database=None, deadline=None)


@pytest.mark.parametrize(
    "ordered",
    [
        list("آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"),
        [
            "12 مرد",
            "۷ روز",
            "آب",
            "آب انبار",
            "آبادان",
            "ابر",
            "اسب",
            "ایران",
            "بابا",
            "پدر",
            "ژاله",
            "یاس",
            "Java",
            "zen",
        ],
        ["کار", "کار نیک", "کار و کوشش", "کاربرد", "کتاب", "گنج", "گنجینه"],
        ["سوال", "سه", "سی"],
        ["جلد 10", "جلد 2"],
        ["z", "ж"],
    ],
)
def test_the_order_is_the_persian_one(ordered: list[str]) -> None:
    shuffled = random.Random(1).sample(ordered, len(ordered))
    assert sorted(shuffled, key=sort_key) == ordered


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("رئیس", "ريیس"),
        ("مؤمن", "مومن"),
        ("أب", "اب"),
        ("جزء", "جز"),
        ("می‌رود", "میرود"),
        ("«سووشون»", "سووشون"),
        ("علي", "علی"),
        ("كتاب ٧", "کتاب ۷"),
        ("École", "ecole"),
    ],
)
def test_spellings_of_one_word_are_filed_together(one: str, other: str) -> None:
    assert sort_key(one) == sort_key(other)


def test_madda_stands_before_alef_unlike_in_the_search_key() -> None:
    assert sort_key("آیه") < sort_key("اب")
    assert sort_key("ا\u0653یه") == sort_key("آیه")


def test_digits_letters_and_latin_take_separate_ranges() -> None:
    keys = [sort_key(char) for char in (" ", "0", "9", LETTERS[0], LETTERS[-1], "a", "z")]
    assert keys == sorted(set(keys))


@fixed
@given(st.text())
def test_the_key_is_ascii_so_that_every_store_compares_it_alike(text: str) -> None:
    key = sort_key(text)
    assert key.isascii()
    assert key.isprintable()


@fixed
@given(st.text(LETTERS, min_size=1), st.text(LETTERS, min_size=1))
def test_letters_compare_by_their_rank(one: str, other: str) -> None:
    ranks = [[LETTERS.index(letter) for letter in word] for word in (one, other)]
    assert (sort_key(one) < sort_key(other)) == (ranks[0] < ranks[1])
