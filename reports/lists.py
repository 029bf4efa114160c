"""Any list of the window as an Excel file: right to left, headings that stay in sight, numbers that can be summed."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from app.persian.digits import GROUP_SEPARATOR, to_latin
from reports.excel import FONT, PERSIAN_DIGITS, number_pages, put_text, saved
from reports.excel_rows import Rows
from reports.excel_text import A4_PAPER
from reports.text import printable

if TYPE_CHECKING:
    from openpyxl.styles import NamedStyle
    from openpyxl.worksheet.worksheet import Worksheet

_GROUPED = re.compile(rf"[1-9][0-9]{{0,2}}(?:{GROUP_SEPARATOR}[0-9]{{3}}){{1,4}}")  # Excel keeps 15 digits
_GROUPED_DIGITS = "[$-3000429]#,##0"
_TITLE, _HEAD, _CELL, _SUM = "عنوان فهرست", "سرستون", "خانه", "عدد"
_HEAD_ROW = 2
_NARROWEST, _WIDEST = 8, 60
_MEASURED = 200
"""Rows whose texts decide how wide a column is."""


def list_xlsx(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The whole file: `title` above, then headings and rows as they are shown on the screen.

    Persian numbers become numbers where no digit is lost («۲۴٬۰۰۰», «۱۳۹۰», but «۰۰۱۲» stays text); nothing becomes a
    formula. Equal lists make equal bytes.
    """
    from openpyxl import Workbook

    workbook = Workbook()
    for style in _styles():
        workbook.add_named_style(style)
    sheet = workbook.worksheets[0]
    put_text(sheet, (1, 1), title, _TITLE)
    for column, heading in enumerate(headings, start=1):
        put_text(sheet, (_HEAD_ROW, column), heading, _HEAD)
    lines = Rows(sheet, _HEAD_ROW + 1)
    for row in rows:
        lines.begin()
        for text in row:
            _put(lines, printable(text))
    _set_up(sheet, headings, rows)
    return saved(workbook, lines.xml())


def _put(lines: Rows, text: str) -> None:
    if _GROUPED.fullmatch(to_latin(text)):
        lines.number(int(to_latin(text).replace(GROUP_SEPARATOR, "")), _SUM)
    else:
        lines.code(text, _CELL)


def _set_up(sheet: "Worksheet", headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.title = "فهرست"
    sheet.sheet_view.rightToLeft = True
    sheet.freeze_panes = f"A{_HEAD_ROW + 1}"
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.paperSize = A4_PAPER
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    number_pages(sheet)
    if headings:
        last = get_column_letter(len(headings))
        sheet.auto_filter.ref = f"A{_HEAD_ROW}:{last}{_HEAD_ROW + len(rows)}"
    for column, heading in enumerate(headings, start=1):
        longest = max((len(row[column - 1]) for row in rows[:_MEASURED]), default=0)
        width = min(max(longest, len(heading) + 3, _NARROWEST), _WIDEST)  # room for the sign of the filter
        sheet.column_dimensions[get_column_letter(column)].width = width + 2


def _styles() -> "Iterator[NamedStyle]":
    from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill

    def style(
        name: str, font: Font, number_format: str = PERSIAN_DIGITS, *, filled: bool = False, wrapped: bool = False
    ) -> NamedStyle:
        return NamedStyle(
            name,
            font=font,
            fill=PatternFill("solid", fgColor="FFEBEBEB") if filled else PatternFill(),
            alignment=Alignment(horizontal="right", vertical="center", readingOrder=2, wrap_text=wrapped),
            number_format=number_format,
        )

    yield style(_TITLE, Font(name=FONT, size=13, bold=True))
    yield style(_HEAD, Font(name=FONT, size=10, bold=True), filled=True)
    yield style(_CELL, Font(name=FONT, size=10), wrapped=True)
    yield style(_SUM, Font(name=FONT, size=10), _GROUPED_DIGITS)
