import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import NamedStyle

from reports.excel import put_text, saved
from reports.excel_rows import Rows


def sheet_with(*texts: str) -> Workbook:
    workbook = Workbook()
    workbook.add_named_style(NamedStyle("متن"))
    for number, text in enumerate(texts, start=1):
        put_text(workbook.worksheets[0], (number, 1), text, "متن")
    return workbook


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("=1+1", "=1+1"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("+1", "+1"),
        ("-1", "-1"),
        ("@SUM(A1)", "@SUM(A1)"),
        ("\t=1", " =1"),
        ("=\x07", "="),
    ],
)
def test_text_is_never_a_formula(text: str, kept: str) -> None:
    cell = load_workbook(io.BytesIO(saved(sheet_with(text)))).worksheets[0]["A1"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert cell.value == kept


@pytest.mark.parametrize("text", ["", "\u202e"])
def test_no_text_is_an_empty_cell(text: str) -> None:
    assert load_workbook(io.BytesIO(saved(sheet_with(text)))).worksheets[0]["A1"].value is None


def test_what_looks_like_an_escape_is_kept_from_excel() -> None:
    with zipfile.ZipFile(io.BytesIO(saved(sheet_with("_x0041_")))) as file:
        assert "_x005F_x0041_" in file.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1207", 1207),
        ("۱۲۰۷", 1207),
        ("0", 0),
        ("00123", "00123"),
        ("B17", "B17"),
        ("1234567890123456", "1234567890123456"),
    ],
)
def test_a_code_is_a_number_only_where_no_digit_is_lost(text: str, expected: int | str) -> None:
    workbook = sheet_with("شماره")
    rows = Rows(workbook.worksheets[0], 2)
    rows.begin()
    rows.code(text, "متن")
    assert load_workbook(io.BytesIO(saved(workbook, rows.xml()))).worksheets[0]["A2"].value == expected


def test_the_time_of_day_is_not_in_the_file() -> None:
    first, second = saved(sheet_with("یک")), saved(sheet_with("یک"))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as file:
        assert {entry.date_time[0] for entry in file.infolist()} == {1980}
        assert file.read("docProps/core.xml").count(b"1980-01-01T00:00:00Z") == 2
