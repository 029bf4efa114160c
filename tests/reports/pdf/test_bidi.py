import random

import bidi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.pdf.bidi import LTR, RTL, base_of, levels_of, visual_order
from reports.text import printable
from tests.reports.reading import real_titles


def shown(text: str, base: int) -> str:
    return "".join(text[index] for index in visual_order(levels_of(text, base)))


def test_random_text_is_ordered_as_the_full_unicode_algorithm_orders_it() -> None:
    chosen = random.Random(7)
    for _ in range(4000):
        text = "".join(chosen.choices("ابa b12۳۴()[]{}/.,+-:٪« »!٣", k=chosen.randint(1, 14))).strip()
        base = chosen.choice((LTR, RTL))
        assert shown(text, base) == bidi.get_display(text, base_dir="LR"[base]), (text, base)


def test_real_titles_are_ordered_as_the_full_unicode_algorithm_orders_them() -> None:
    for title in real_titles(3000, step=8):
        text = printable(title).replace("\u200c", "")
        for base in (LTR, RTL):
            assert shown(text, base) == bidi.get_display(text, base_dir="LR"[base])


def test_a_zwnj_runs_with_the_letter_before_it() -> None:
    text = "Windows XP آموزش گام‌به‌گام"
    levels = levels_of(text, RTL)
    assert len(levels) == len(text)
    assert {level for letter, level in zip(text, levels, strict=True) if letter == "\u200c"} == {1}
    assert set(levels[: len("Windows XP")]) == {2}


def test_brackets_around_latin_words_stay_with_them() -> None:
    assert shown("آموزش Excel (Microsoft Office)", RTL).startswith("Excel (Microsoft Office) ")


def test_a_call_number_is_ordered_as_librarians_write_it() -> None:
    assert shown("۸فا۱/۲۱", RTL) == "۱/۲۱اف۸"


@pytest.mark.parametrize(
    ("text", "base"),
    [("کتاب Windows", RTL), ("Windows کتاب", RTL), ("Windows XP", LTR), ("12 کتاب", RTL), ("۱۲/۳", RTL), ("", RTL)],
)
def test_any_persian_letter_makes_a_line_run_right_to_left(text: str, base: int) -> None:
    assert base_of(text) == base


def test_hundreds_of_open_brackets_do_no_harm() -> None:
    assert len(levels_of("(" * 500 + "a ب" + ")" * 500, RTL)) == 1003


@given(st.text(max_size=12), st.sampled_from((LTR, RTL)))
def test_every_character_has_its_level_and_its_place(text: str, base: int) -> None:
    text = printable(text)
    assert sorted(visual_order(levels_of(text, base))) == list(range(len(text)))


@pytest.mark.parametrize("picture", ["\U0001fae8", "\u0378"])
def test_a_character_that_no_table_knows_runs_with_its_neighbours(picture: str) -> None:
    """Pictures are added to Unicode year by year; a title may have one that this Python has not heard of."""
    assert shown(f"کتاب {picture} 12", RTL) == f"12 {picture} باتک"
    assert shown(f"Book {picture} کتاب", LTR) == f"Book {picture} باتک"
