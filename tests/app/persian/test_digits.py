import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.persian.digits import number, parse_int, percent, to_latin, to_persian, typed

fixed = settings(derandomize=True, database=None, deadline=None)


def test_digits_of_three_scripts_are_one() -> None:
    assert to_latin("۱۴۰۵ ١٣٩٨ 2026 الف") == "1405 1398 2026 الف"
    assert to_persian("1405 ١٣٩٨ ۲۰۲۶ x") == "۱۴۰۵ ۱۳۹۸ ۲۰۲۶ x"


def test_what_is_pasted_with_invisible_marks_can_be_read() -> None:
    assert typed(" \u200e\ufeff۱۲۳\u202c\u00a0") == "123"
    assert typed("RAF-\x00000001") == "RAF-000001"


@pytest.mark.parametrize(
    ("n", "shown"),
    [(0, "۰"), (999, "۹۹۹"), (24_000, "۲۴٬۰۰۰"), (1_234_567, "۱٬۲۳۴٬۵۶۷"), (-2_000, "\u200e\u2212۲٬۰۰۰")],
)
def test_a_number_is_grouped_by_thousands(n: int, shown: str) -> None:
    assert number(n) == shown


def test_a_year_or_accession_number_is_not_grouped() -> None:
    assert number(1405, grouped=False) == "۱۴۰۵"


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(1, 4, "۲۵٪"), (1, 3, "۳۳٪"), (1, 200, "۱٪"), (3, 2, "۱۵۰٪"), (0, 0, "۰٪"), (405, 407, "۹۹٪"), (7, 7, "۱۰۰٪")],
)
def test_percent_rounds_to_a_whole_number(part: int, whole: int, shown: str) -> None:
    assert percent(part, whole) == shown


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("۲۴٬۰۰۰", 24_000),
        ("24,000", 24_000),
        ("۲۴،۰۰۰", 24_000),
        (" ٢٤ ٠٠٠ ", 24_000),
        ("0042", 42),
        ("-۵", -5),
        ("\u200e\u2212۵", -5),
        ("+7", 7),
        ("9" * 18, int("9" * 18)),
    ],
)
def test_a_whole_number_is_read_as_people_type_it(text: str, value: int) -> None:
    assert parse_int(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "-", "الف", "1.5", "۱٫۵", "۱٬۲۳", "1,2", "12,34,567", "²", "१२", "1e3", "1_000", "9" * 19, "9" * 200_000],
)
def test_what_is_not_a_whole_number_is_none(text: str) -> None:
    assert parse_int(text) is None


@fixed
@given(st.integers(-(10**18) + 1, 10**18 - 1), st.booleans())
def test_a_shown_number_reads_back_as_itself(n: int, grouped: bool) -> None:
    assert parse_int(number(n, grouped)) == n


@fixed
@given(st.text())
def test_any_text_is_read_or_refused_without_an_error(text: str) -> None:
    assert parse_int(text) is None or any(char.isdigit() for char in text)
