"""An official form as an Excel file: wording, columns and signatures of the paper, right to left, to print on A4."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from math import ceil
from typing import TYPE_CHECKING

from app.persian.jalali import short
from reports.excel import FONT, PERSIAN_DIGITS, put_text, saved
from reports.excel_rows import Rows
from reports.forms.data import DRAFT_MARK, FormData, FormRow, cell_text, ruling_text
from reports.forms.spec import Column, Fact

if TYPE_CHECKING:
    from openpyxl.styles import NamedStyle
    from openpyxl.worksheet.worksheet import Worksheet

_MM_PER_CHARACTER = 1.9
_LETTERS_PER_CHARACTER = 1.2  # Persian letters are narrower than the digits Excel measures columns by
_FACTS_ON_A_LINE = 3
_CODES = frozenset({Fact.YEAR, Fact.ACCESSION_NO, Fact.VOLUME_NO, Fact.COPY_NO})
_RUNNING = frozenset({Fact.TITLE, Fact.AUTHOR})
_A4 = 9
_HEIGHT = 20.0
_HEIGHT_OF_TEXT_LINE = 13.0
_GREATEST_HEIGHT = 409.0  # Excel's limit
_HEIGHT_OF_SENTENCE = 40.0
_HEIGHT_OF_STATEMENT = 32.0
_ROOM_TO_SIGN = 48.0

_PLAIN, _MARK, _TITLE, _HEAD, _TEXT, _CENTRED, _ROLE = "فرم", "شماره فرم", "عنوان فرم", "سرستون", "متن", "وسط", "سمت"
_SMALL = "ریز"
_STRUCK = {_TEXT: "متن حذف‌شده", _CENTRED: "وسط حذف‌شده"}


def form_xlsx(data: FormData) -> bytes:
    """The whole file. Equal data make equal bytes."""
    from openpyxl import Workbook

    workbook = Workbook()
    for style in _styles():
        workbook.add_named_style(style)
    sheet = workbook.worksheets[0]
    return saved(workbook, _Form(sheet, data).fill())


class _Form:
    """Fills a sheet from the top downwards; `row` is the row last written."""

    def __init__(self, sheet: "Worksheet", data: FormData) -> None:
        self._sheet = sheet
        self._data = data
        self._columns = data.spec.columns
        self._row = 0

    def fill(self) -> bytes:
        """Everything but the rows of the table, which are handed back to be put between."""
        self._heading()
        self._row += 1
        rows = self._table()
        self._row += 1
        self._across([self._data.closing_sentence()], _PLAIN, _HEIGHT_OF_SENTENCE)
        self._row += 1
        self._signatures()
        self._set_up_page()
        return rows.xml()

    def _heading(self) -> None:
        mark = "   ".join(part for part in (self._data.number_text(), DRAFT_MARK * self._data.draft) if part)
        self._across([self._data.spec.appendix, mark], _PLAIN)
        self._sheet.cell(self._row, _spans(self._columns, 2)[1][0]).style = _MARK
        self._across([self._data.spec.title], _TITLE, _HEIGHT_OF_STATEMENT)
        for _, fields in groupby(self._data.spec.header, key=lambda field: field.line):
            texts = [f"{field.label} {self._data.header_text(field.fact)}".strip() for field in fields]
            self._across(texts if len(texts) == 1 else [*texts, ""][:_FACTS_ON_A_LINE], _PLAIN)

    def _table(self) -> Rows:
        self._row += 1
        self._sheet.row_dimensions[self._row].height = _HEIGHT_OF_STATEMENT
        for number, column in enumerate(self._columns, start=1):
            put_text(self._sheet, (self._row, number), column.head, _HEAD)
        self._sheet.freeze_panes = f"A{self._row + 1}"
        self._sheet.print_title_rows = f"{self._row}:{self._row}"
        blanks = max(0, self._data.spec.least_rows - len(self._data.rows))
        rows = Rows(self._sheet, self._row + 1)
        for number, row in enumerate([*self._data.rows, *[FormRow(title="")] * blanks], start=1):
            rows.begin(self._height(row))
            for column in self._columns:
                _put(rows, row, column.fact, number)
        self._row = rows.last
        return rows

    def _height(self, row: FormRow) -> float:
        """Room for the longest cell; neither Excel nor LibreOffice finds it when the file is opened."""
        lines = max(
            ceil(len(cell_text(row, column.fact)) / (column.width / _MM_PER_CHARACTER * _LETTERS_PER_CHARACTER))
            for column in self._columns
            if column.is_text
        )
        return min(max(1, lines) * _HEIGHT_OF_TEXT_LINE + 5, _GREATEST_HEIGHT)

    def _signatures(self) -> None:
        blocks = self._data.spec.signatures
        self._across([block.statement for block in blocks], _CENTRED, _HEIGHT_OF_STATEMENT)
        self._across([block.role for block in blocks], _ROLE, _HEIGHT_OF_STATEMENT)
        self._across([block.name_label for block in blocks], _CENTRED)
        names = [self._data.signatories.get(block.signatory, "") for block in blocks]
        self._across(names, _CENTRED, _HEIGHT_OF_STATEMENT)
        self._across([block.date_sign_label for block in blocks], _CENTRED)
        self._across([""] * len(blocks), _CENTRED, _ROOM_TO_SIGN)
        self._across([self._data.edition_text()], _SMALL)
        self._across([self._data.chain_text()], _SMALL)

    def _across(self, texts: Sequence[str], style: str, height: float = _HEIGHT) -> None:
        """A new row with these texts side by side over the width of the table."""
        self._row += 1
        self._sheet.row_dimensions[self._row].height = height
        for text, (first, last) in zip(texts, _spans(self._columns, len(texts)), strict=True):
            put_text(self._sheet, (self._row, first), text, style)
            if last > first:
                self._sheet.merge_cells(start_row=self._row, end_row=self._row, start_column=first, end_column=last)

    def _set_up_page(self) -> None:
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.page import PageMargins
        from openpyxl.worksheet.properties import PageSetupProperties

        sheet = self._sheet
        sheet.title = "فرم"
        sheet.sheet_view.rightToLeft = True
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.paperSize = _A4
        sheet.page_setup.orientation = "portrait"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.print_options.horizontalCentered = True
        if sheet.oddFooter:
            sheet.oddFooter.center.text = "صفحهٔ &P از &N"
        for number, column in enumerate(self._columns, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = column.width / _MM_PER_CHARACTER


def _put(rows: Rows, row: FormRow, fact: Fact, number: int) -> None:
    """The next cell of the row; what was struck is crossed out, but not its number and the expert's words."""
    if fact is Fact.NUMBER:
        rows.number(number, _CENTRED)
        return
    if fact is Fact.RULING:
        rows.text(ruling_text(row), _TEXT)
        return
    style = _TEXT if fact in _RUNNING else _CENTRED
    style = _STRUCK[style] if row.struck else style
    if fact in _CODES:
        rows.code(getattr(row, fact), style)
    elif fact is Fact.ACCESSION_DATE:
        rows.text(short(row.accession_date) if row.accession_date else "", style)
    else:
        rows.text(getattr(row, fact), style)


def _spans(columns: Sequence[Column], parts: int) -> list[tuple[int, int]]:
    """First and last column of each of so many parts, as even as the widths allow."""
    edges = list(accumulate(column.width for column in columns))
    spans: list[tuple[int, int]] = []
    first = 1
    for part in range(1, parts + 1):
        latest = len(columns) - (parts - part)
        last = min(range(first, latest + 1), key=lambda number: abs(edges[number - 1] - edges[-1] * part / parts))
        spans.append((first, last))
        first = last + 1
    return spans


def _styles() -> "Iterator[NamedStyle]":
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

    def style(name: str, font: Font, horizontal: str, *, lined: bool = False, filled: bool = False) -> NamedStyle:
        side = Side("thin", color="FF808080") if lined else Side()
        return NamedStyle(
            name,
            font=font,
            fill=PatternFill("solid", fgColor="FFEBEBEB") if filled else PatternFill(),
            border=Border(left=side, right=side, top=side, bottom=side),
            alignment=Alignment(horizontal=horizontal, vertical="center", wrap_text=True, readingOrder=2),
            number_format=PERSIAN_DIGITS,
        )

    plain, bold = Font(name=FONT, size=10), Font(name=FONT, size=10, bold=True)
    small, small_bold = Font(name=FONT, size=9), Font(name=FONT, size=9, bold=True)
    yield style(_PLAIN, plain, "right")
    yield style(_MARK, plain, "left")
    yield style(_TITLE, Font(name=FONT, size=13, bold=True), "center")
    yield style(_HEAD, small_bold, "center", lined=True, filled=True)
    yield style(_TEXT, small, "right", lined=True)
    yield style(_CENTRED, small, "center", lined=True)
    struck = Font(name=FONT, size=9, strike=True)
    yield style(_STRUCK[_TEXT], struck, "right", lined=True)
    yield style(_STRUCK[_CENTRED], struck, "center", lined=True)
    yield style(_ROLE, bold, "center", lined=True)
    yield style(_SMALL, Font(name=FONT, size=8, color="FF595959"), "right")
