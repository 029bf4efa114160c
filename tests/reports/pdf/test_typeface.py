import re
from pathlib import Path

import pytest

from reports.pdf.shaping import Face
from reports.pdf.typeface import Line, Typeface
from tests.reports.reading import real_titles

FONT = Path(__file__).parents[3] / "resources" / "fonts" / "Vazirmatn-Regular.ttf"


@pytest.fixture
def typeface() -> Typeface:
    return Typeface(Face(FONT), "F1")


def codes(lines: tuple[Line, ...]) -> int:
    return sum(len(hexadecimal) // 4 for line in lines for hexadecimal in re.findall("<([0-9a-f]+)>", line.show))


def test_no_line_is_wider_than_its_measure(typeface: Typeface) -> None:
    for title in real_titles(300, step=80):
        assert all(line.width <= 8.001 for line in typeface.lines(title, 8))


@pytest.mark.parametrize("word", ["ب" * 2000, "W" * 2000, "۱" * 2000, "آa۱-" * 500, "\u0651" * 2000 + "ب" * 20])
def test_a_word_wider_than_the_line_is_broken_and_no_letter_lost(typeface: Typeface, word: str) -> None:
    lines = typeface.lines(word, 10)
    assert all(line.width <= 10.001 for line in lines)
    assert codes(lines) == len(word) if "\u0651" not in word else codes(lines) == 3 + 20


def test_a_long_title_takes_many_lines_and_keeps_every_letter(typeface: Typeface) -> None:
    title = ("کتابخانه‌های عمومی و نقش آن‌ها " * 70)[:2000].strip()
    lines = typeface.lines(title, 14)
    assert len(lines) > 40
    assert codes(lines) == len(title) - (len(lines) - 1)  # the space at which a line ends is not shown


def test_a_column_narrower_than_a_letter_still_ends(typeface: Typeface) -> None:
    assert len(typeface.lines("کتاب", 0.01)) == 4


def test_a_mark_stays_with_its_letter_where_a_word_is_broken(typeface: Typeface) -> None:
    lines = typeface.lines("بّ" * 200, 6)
    assert len(lines) > 5
    assert {codes((line,)) % 2 for line in lines} == {0}


@pytest.mark.parametrize("text", ["", " ", "\u202e", "\n"])
def test_nothing_to_set_is_one_empty_line(typeface: Typeface, text: str) -> None:
    (line,) = typeface.lines(text, 10)
    assert (line.show, line.width) == ("", 0)


def test_a_number_is_as_wide_alone_as_in_a_sentence(typeface: Typeface) -> None:
    sentence, rest = typeface.line("ثبت ۱۲۰۷"), typeface.line("ثبت")
    space = typeface.line("ثبت ثبت").width - 2 * rest.width
    assert sentence.width == pytest.approx(rest.width + space + typeface.line("۱۲۰۷").width)


def test_balanced_lines_are_as_few_and_as_even_as_can_be(typeface: Typeface) -> None:
    text = "ارسال به بازیافت بلامانع است."
    usual, balanced = typeface.lines(text, 10.5), typeface.balanced(text, 10.5)
    assert len(usual) == len(balanced) == 2
    assert max(line.width for line in balanced) < max(line.width for line in usual)
    assert typeface.balanced("", 10) == typeface.lines("", 10)
