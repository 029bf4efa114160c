import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.text import printable


def test_persian_text_with_its_zwnj_stays_as_it_is() -> None:
    assert printable("کتاب‌های مؤلّف ۱۲  (دوم)") == "کتاب‌های مؤلّف ۱۲  (دوم)"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("یک\tدو\r\nسه", "یک دو سه"),
        ("زنگ\x07\x00\x9f", "زنگ"),
        ("راست\u202eچپ\u202c\u2067\u2069\u200f\u061c", "راستچپ"),
        ("نیمه\ud800", "نیمه"),
        ("\ufeffآغاز\ufffe\uffff", "آغاز"),
        ("نرم\xadخط", "نرمخط"),
    ],
)
def test_controls_and_direction_overrides_are_taken_out(typed: str, expected: str) -> None:
    assert printable(typed) == expected


def test_of_a_tower_of_marks_three_stay() -> None:
    assert printable("ا" + "\u0651" * 300 + "ب") == "ا\u0651\u0651\u0651ب"


@given(st.text(st.characters()))
def test_what_is_left_can_be_written_anywhere(text: str) -> None:
    left = printable(text)
    left.encode("utf-8")
    assert not {unicodedata.category(character) for character in left} & {"Cc", "Cs", "Zl", "Zp"}
    assert not {unicodedata.bidirectional(character) for character in left} & {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI"}
    assert printable(left) == left
