import dataclasses
import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from app.persian.digits import to_latin
from reports.forms.spec import FormKind
from reports.forms.xlsx import form_xlsx
from reports.text import printable
from tests.reports.forms.samples import HOSTILE_TITLES, form, form_of, row


def opened(file: bytes | Path) -> Worksheet:
    return load_workbook(io.BytesIO(file) if isinstance(file, bytes) else file).worksheets[0]


def texts(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value not in (None, "")]


def table(sheet: Worksheet) -> list[tuple[Any, ...]]:
    """The rows under the head of the table."""
    lines = list(sheet.iter_rows(values_only=True))
    head = next(number for number, line in enumerate(lines) if line[0] == "ردیف")
    return [line for line in lines[head + 1 :] if isinstance(line[0], int)]


@pytest.mark.parametrize("kind", FormKind)
def test_the_sheet_says_all_that_the_guideline_prints(kind: FormKind) -> None:
    data = form_of(kind, 7)
    found = texts(opened(form_xlsx(data)))
    wanted = [data.spec.appendix, data.spec.title, data.closing_sentence(), "شماره: ۱۴۰۴/۱۲", "زهرا کریمی"]
    wanted += [column.head for column in data.spec.columns]
    wanted += [f"{field.label} {data.header_text(field.fact)}" for field in data.spec.header]
    wanted += [text for block in data.spec.signatures for text in (block.statement, block.role)]
    assert [text for text in wanted if text not in found] == []
    assert found.count("نام و نام خانوادگی") == found.count("تاریخ/ امضا") == len(data.spec.signatures)


def test_the_sheet_runs_from_right_to_left_and_repeats_its_head() -> None:
    sheet = opened(form_xlsx(form_of(FormKind.WEEDING_WORN, 7)))
    head = next(cell.row for line in sheet.iter_rows() for cell in line if cell.value == "ردیف")
    assert sheet.sheet_view.rightToLeft
    assert sheet.print_title_rows == f"${head}:${head}"
    assert sheet.freeze_panes == f"A{head + 1}"
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_area == f"'فرم'!$A$1:$J${sheet.max_row}"
    assert sheet.oddFooter is not None
    assert sheet.oddFooter.center.text == "صفحهٔ &P از &N"


def test_numbers_are_numbers_and_dates_are_jalali_text() -> None:
    (first, *_) = table(opened(form_xlsx(form_of(FormKind.WEEDING_CONTENT, 1))))
    assert first == (
        1,
        "تاریخ ادبیات ایران",
        "دولت‌آبادی، محمود",
        1385,
        5000,
        "۱۳۸۹/۰۱/۰۱",
        2,
        1,
        "۸فا۱/۲۱",
        "موافقت شد",
    )


def test_a_short_form_has_five_numbered_rows() -> None:
    assert [line[0] for line in table(opened(form_xlsx(form_of(FormKind.BINDING, 2))))] == [1, 2, 3, 4, 5]


def test_no_title_becomes_a_formula() -> None:
    rows = tuple(row(number, title) for number, title in enumerate(HOSTILE_TITLES))
    sheet = opened(form_xlsx(form(FormKind.WEEDING_CONTENT, rows)))
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n"}
    assert [line[1].replace("_x005F_", "_") for line in table(sheet)] == [printable(title) for title in HOSTILE_TITLES]


def test_equal_facts_are_equal_bytes() -> None:
    assert form_xlsx(form_of(FormKind.BINDING, 9)) == form_xlsx(form_of(FormKind.BINDING, 9))


def test_a_struck_row_is_crossed_out_in_the_sheet_too() -> None:
    rows = (row(1), dataclasses.replace(row(2), struck=True, ruling="رد"))
    sheet = opened(form_xlsx(form(FormKind.WEEDING_WORN, rows)))
    lines = [line for line in sheet.iter_rows() if line[0].value in (1, 2)]
    assert [[bool(cell.font.strike) for cell in line] for line in lines] == [[False] * 10, [False, *[True] * 8, False]]
    assert lines[1][9].value == "حذف شد؛ رد"
    assert any("تعداد ۱ نسخه" in text for text in texts(sheet))


def test_cells_wear_a_persian_font_and_numbers_show_persian_digits() -> None:
    sheet = opened(form_xlsx(form_of(FormKind.WEEDING_CONTENT, 2)))
    (line, *_) = [line for line in sheet.iter_rows() if line[0].value == 1]
    assert {cell.font.name for cell in line} == {"Tahoma"}
    assert {cell.number_format for cell in line} == {"[$-3000429]0"}
    assert all(cell.quotePrefix for cell in line if cell.data_type == "s")
    assert {cell.border.left.style for cell in line} == {"thin"}


def test_a_number_with_leading_zeros_stays_a_text() -> None:
    rows = (dataclasses.replace(row(1), accession_no="0012", volume_no=""),)
    (first, *_) = table(opened(form_xlsx(form(FormKind.WEEDING_CONTENT, rows))))
    assert (first[4], first[6]) == ("۰۰۱۲", None)


def test_a_number_too_long_for_its_column_is_a_text_that_wraps() -> None:
    """Excel would show «###»."""
    rows = (dataclasses.replace(row(1), accession_no="123456789012345", volume_no="۲ (متمم)", year=""),)
    (first, *_) = table(opened(form_xlsx(form(FormKind.WEEDING_CONTENT, rows))))
    assert (first[3], first[4], first[6]) == (None, "۱۲۳۴۵۶۷۸۹۰۱۲۳۴۵", "۲ (متمم)")


def heights(sheet: Worksheet) -> list[float]:
    return [sheet.row_dimensions[number].height or 0 for number in range(1, sheet.max_row + 1)]


@pytest.mark.parametrize("change", [{"title": "ک" * 300}, {"class_no": "297/1574 ط238ت 1385 ج. ۲ ن. ۳"}])
def test_a_row_is_as_high_as_its_longest_cell(change: dict[str, str]) -> None:
    usual, longer = (
        heights(opened(form_xlsx(form(FormKind.WEEDING_CONTENT, (each,)))))
        for each in (row(1), dataclasses.replace(row(1), **change))  # type: ignore[arg-type]
    )
    (place,) = [place for place, (one, other) in enumerate(zip(usual, longer, strict=True)) if one != other]
    assert longer[place] >= usual[place] + 2 * 13


def test_a_long_name_of_a_library_has_room_in_heading_and_sentence() -> None:
    name = "مشارکتی حضرت آیت‌الله العظمی سید محمدرضا موسوی گلپایگانی " * 5
    sheet = opened(form_xlsx(dataclasses.replace(form_of(FormKind.WEEDING_CONTENT, 1), library=name)))
    named = [cell.row or 0 for line in sheet.iter_rows() for cell in line if name.strip() in str(cell.value)]
    assert len(named) == 2
    assert all(heights(sheet)[number - 1] >= 3 * 13 for number in named)


@pytest.mark.parametrize("count", [1, 5, *range(22, 40), 120, 500])
def test_a_printed_sheet_keeps_the_signatures_together_with_rows(count: int) -> None:
    sheet = opened(form_xlsx(form_of(FormKind.WEEDING_WORN, count)))
    starts = [1, *(mark.id + 1 for mark in sheet.row_breaks.brk)]
    high = heights(sheet)
    ends = [*(start - 1 for start in starts[1:]), sheet.max_row]
    head = high[next(cell.row or 0 for line in sheet.iter_rows() for cell in line if cell.value == "ردیف") - 1]
    pages = [sum(high[start - 1 : end]) + (head if start > 1 else 0) for start, end in zip(starts, ends, strict=True)]
    assert max(pages) <= 762  # points between the margins of A4
    signed = next(cell.row or 0 for line in sheet.iter_rows() for cell in line if cell.value == "نام و نام خانوادگی")
    assert starts[-1] < signed - 5
    numbers = [sheet.cell(number, 1).value for number in range(starts[-1], signed)]
    assert sum(isinstance(number, int) for number in numbers) >= min(count, 3)


def test_the_edition_is_told_under_the_signatures() -> None:
    data = dataclasses.replace(form_of(FormKind.WEEDING_WORN, 2), revision=3, guideline="ویراست ۱")
    assert "ویراست ۳ صورتجلسه · دستورالعمل ویراست ۱" in texts(opened(form_xlsx(data)))


def test_a_draft_says_so() -> None:
    assert any("پیش‌نویس" in text for text in texts(opened(form_xlsx(form(FormKind.BINDING, (), draft=True)))))


def test_libreoffice_finds_the_same_cells(tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    rows = tuple(row(number, title) for number, title in enumerate(HOSTILE_TITLES) if title != "_x0041_")
    written = tmp_path / "form.xlsx"
    written.write_bytes(form_xlsx(form(FormKind.WEEDING_WORN, rows)))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "again"), str(written)],
        check=True,
        capture_output=True,
    )
    before, after = opened(written), opened(tmp_path / "again" / "form.xlsx")
    assert [to_latin(text) for text in texts(after)] == [to_latin(text) for text in texts(before)]
    assert {cell.data_type for line in after.iter_rows() for cell in line} <= {"s", "n"}
