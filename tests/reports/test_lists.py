import io
from typing import Any

import pytest
from openpyxl import load_workbook

from reports.lists import list_xlsx

HEADINGS = ("عنوان", "شماره ثبت", "بها")


def sheet(rows: list[tuple[str, ...]]) -> Any:
    return load_workbook(io.BytesIO(list_xlsx("کتاب‌ها", HEADINGS, rows))).worksheets[0]


def test_the_sheet_reads_from_the_right_under_its_title() -> None:
    made = sheet([("سووشون", "۱۲۴۵۸", "۲۴٬۰۰۰")])

    assert made.sheet_view.rightToLeft
    assert made["A1"].value == "کتاب‌ها"
    assert [cell.value for cell in made[2]] == list(HEADINGS)
    assert made.freeze_panes == "A3"
    assert made.auto_filter.ref == "A2:C3"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("۲۴٬۰۰۰", 24000),
        ("۱٬۲۳۴٬۵۶۷", 1234567),
        ("۱۳۹۰", 1390),
        ("۰", 0),
        ("۰۰۰۰۸۵", "۰۰۰۰۸۵"),
        ("۰٬۱۲۳", "۰٬۱۲۳"),
        ("۰۹۱۸\u00a0۰۰۰\u00a0۰۱۸۵", "۰۹۱۸\u00a0۰۰۰\u00a0۰۱۸۵"),
        ("\u2066978-600-251-114-0\u2069", "978-600-251-114-0"),
        ("۱۴۰۵/۰۹/۱۰", "۱۴۰۵/۰۹/۱۰"),
        ("", None),
    ],
)
def test_a_number_is_a_number_where_no_digit_is_lost(text: str, value: object) -> None:
    assert sheet([("کلیدر", text, "")])["B3"].value == value


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+98", "-1+2", "@SUM(A1)", "\u202e=1"])
def test_no_name_becomes_a_formula(text: str) -> None:
    cell = sheet([(text, "", "")])["A3"]

    assert cell.data_type == "s"
    assert cell.value == text.lstrip("\u202e")


def test_a_column_is_as_wide_as_its_texts_and_no_wider_than_a_screen() -> None:
    made = sheet([("ک" * 500, "۱", "")])

    assert made.column_dimensions["A"].width == 62
    assert made.column_dimensions["C"].width == 10


def test_what_is_longer_than_its_column_goes_on_below() -> None:
    made = sheet([("ک" * 500, "۱", "")])

    assert made["A3"].alignment.wrap_text
    assert made.row_dimensions[3].height is None  # whoever opens the file finds the height


def test_the_list_is_printed_on_a4_with_its_headings_and_page_numbers() -> None:
    made = sheet([("سووشون", "۱۲۴۵۸", "۲۴٬۰۰۰")])

    assert made.page_setup.paperSize == 9
    assert made.print_title_rows == "$2:$2"
    assert made.oddFooter.center.text == "صفحهٔ &P از &N"


def test_the_sheet_says_how_far_it_goes() -> None:
    """Programs that read it row by row believe that, whoever wrote the rows; beyond column Z too."""
    wide = [f"ستون {number}" for number in range(30)]
    made = list_xlsx("کتاب‌ها", wide, [tuple("۱" for _ in wide)] * 5)

    assert load_workbook(io.BytesIO(made), read_only=True).worksheets[0].calculate_dimension() == "A1:AD7"
    assert load_workbook(io.BytesIO(made)).worksheets[0]["AD7"].value == 1


def test_an_empty_list_is_a_sheet_with_headings() -> None:
    made = sheet([])

    assert made.max_row == 2
    assert made.auto_filter.ref == "A2:C2"


def test_equal_lists_make_equal_bytes() -> None:
    rows = [("سووشون", "۱", "۲۴٬۰۰۰")]
    assert list_xlsx("یک", HEADINGS, rows) == list_xlsx("یک", HEADINGS, rows)
