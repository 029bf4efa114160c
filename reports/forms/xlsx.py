"""An official form as an Excel file: wording, columns and signatures of the paper, right to left, to print on A4."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from types import MappingProxyType
from typing import TYPE_CHECKING

from reports.excel import FONT, PERSIAN_DIGITS, number_pages, put_text, saved
from reports.excel_rows import Rows
from reports.excel_text import A4_PAPER, lines_needed
from reports.forms.data import DRAFT_MARK, FormData, FormRow, cell_text
from reports.forms.spec import Column, Fact
from reports.pages import page_starts

if TYPE_CHECKING:
    from openpyxl.styles import NamedStyle
    from openpyxl.worksheet.worksheet import Worksheet

_MM_PER_CHARACTER = 1.9
_FACTS_ON_A_LINE = 3
_CODES = frozenset({Fact.YEAR, Fact.ACCESSION_NO, Fact.VOLUME_NO, Fact.COPY_NO})
_RUNNING = frozenset({Fact.TITLE, Fact.AUTHOR})
_HEIGHT = 20.0
_LEADING = 1.45  # of the size
_PADDING = 5.0
_GREATEST_HEIGHT = 409.0  # Excel's limit
_HEIGHT_OF_SENTENCE = 40.0
_HEIGHT_OF_STATEMENT = 32.0
_ROOM_TO_SIGN = 48.0
_ROOM = 745.0  # points between the margins of A4, a little less

_PLAIN, _MARK, _TITLE, _HEAD, _TEXT, _CENTRED, _ROLE = "فرم", "شماره فرم", "عنوان فرم", "سرستون", "متن", "وسط", "سمت"
_SMALL = "ریز"
_SIZES = MappingProxyType(
    {_PLAIN: 10, _MARK: 10, _TITLE: 13, _HEAD: 9, _TEXT: 9, _CENTRED: 9, _ROLE: 10, _SMALL: 8},
)
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
    """Fills a sheet from the top downwards; `row` is the row last written, `used` the points down to its foot."""

    def __init__(self, sheet: "Worksheet", data: FormData) -> None:
        self._sheet = sheet
        self._data = data
        self._columns = data.spec.columns
        self._widths = [column.width / _MM_PER_CHARACTER for column in self._columns]
        self._row = 0
        self._used = 0.0

    def fill(self) -> bytes:
        """Everything but the rows of the table, which are handed back to be put between."""
        self._heading()
        self._gap()
        rows, heights = self._table()
        begins, above, self._used = rows.last - len(heights) + 1, self._used, 0.0
        self._gap()
        self._across([self._data.closing_sentence()], _PLAIN, _HEIGHT_OF_SENTENCE)
        self._gap()
        self._signatures()
        self._set_up_page()
        for start in page_starts(heights, _ROOM - above, _ROOM - _HEIGHT_OF_STATEMENT, self._used):
            self._break_before(begins + start)
        return rows.xml()

    def _heading(self) -> None:
        mark = "   ".join(part for part in (self._data.number_text(), DRAFT_MARK * self._data.draft) if part)
        self._across([self._data.spec.appendix, mark], _PLAIN)
        self._sheet.cell(self._row, _spans(self._columns, 2)[1][0]).style = _MARK
        self._across([self._data.spec.title], _TITLE, _HEIGHT_OF_STATEMENT)
        for _, fields in groupby(self._data.spec.header, key=lambda field: field.line):
            texts = [f"{field.label} {self._data.header_text(field.fact)}".strip() for field in fields]
            self._across(texts if len(texts) == 1 else [*texts, ""][:_FACTS_ON_A_LINE], _PLAIN)

    def _table(self) -> tuple[Rows, list[float]]:
        """The head put into the sheet, and the rows with their heights."""
        self._begin(_HEIGHT_OF_STATEMENT)
        for number, column in enumerate(self._columns, start=1):
            put_text(self._sheet, (self._row, number), column.head, _HEAD)
        self._sheet.freeze_panes = f"A{self._row + 1}"
        self._sheet.print_title_rows = f"{self._row}:{self._row}"
        blanks = max(0, self._data.spec.least_rows - len(self._data.rows))
        rows = Rows(self._sheet, self._row + 1)
        heights = []
        for number, row in enumerate([*self._data.rows, *[FormRow(title="")] * blanks], start=1):
            texts = [cell_text(row, column.fact) if column.fact is not Fact.NUMBER else "" for column in self._columns]
            heights.append(self._height(texts, self._widths, _TEXT))
            rows.begin(heights[-1])
            rows.number(number, _CENTRED)
            for column, text, width in zip(self._columns[1:], texts[1:], self._widths[1:], strict=True):
                _put(rows, text, column.fact, _style_of(column.fact, struck=row.struck), width)
        self._row = rows.last
        return rows, heights

    def _height(self, texts: Sequence[str], widths: Sequence[float], style: str, least: float = 0) -> float:
        """Room for the longest cell; neither Excel nor LibreOffice finds it when the file is opened."""
        size = _SIZES[style]
        lines = max(lines_needed(text, width, size) for text, width in zip(texts, widths, strict=True))
        return min(max(lines * size * _LEADING + _PADDING, least), _GREATEST_HEIGHT)

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

    def _across(self, texts: Sequence[str], style: str, least: float = _HEIGHT) -> None:
        """A new row with these texts side by side over the width of the table."""
        spans = _spans(self._columns, len(texts))
        widths = [sum(self._widths[first - 1 : last]) for first, last in spans]
        self._begin(self._height(texts, widths, style, least))
        for text, (first, last) in zip(texts, spans, strict=True):
            put_text(self._sheet, (self._row, first), text, style)
            if last > first:
                self._sheet.merge_cells(start_row=self._row, end_row=self._row, start_column=first, end_column=last)

    def _gap(self) -> None:
        self._begin(_HEIGHT)

    def _begin(self, height: float) -> None:
        """A new row, so many points high."""
        self._row += 1
        self._used += height
        self._sheet.row_dimensions[self._row].height = height

    def _break_before(self, row: int) -> None:
        from openpyxl.worksheet.pagebreak import Break

        self._sheet.row_breaks.append(Break(id=row - 1))

    def _set_up_page(self) -> None:
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.page import PageMargins
        from openpyxl.worksheet.properties import PageSetupProperties

        sheet = self._sheet
        sheet.title = "فرم"
        sheet.sheet_view.rightToLeft = True
        sheet.print_area = f"A1:{get_column_letter(len(self._columns))}{self._row}"
        sheet.page_setup.paperSize = A4_PAPER
        sheet.page_setup.orientation = "portrait"
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0  # the height is that of the breaks
        sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6, header=0.2, footer=0.25)
        sheet.print_options.horizontalCentered = True
        number_pages(sheet)
        for number, width in enumerate(self._widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width


def _style_of(fact: Fact, *, struck: bool) -> str:
    """What was struck is crossed out, but not the expert's words."""
    if fact is Fact.RULING:
        return _TEXT
    style = _TEXT if fact in _RUNNING else _CENTRED
    return _STRUCK[style] if struck else style


def _put(rows: Rows, text: str, fact: Fact, style: str, width: float) -> None:
    """The next cell of the row: a number where its digits have room; Excel would show «###» for a longer one."""
    if fact in _CODES and len(text) <= width - 1:
        rows.code(text, style)
    else:
        rows.text(text, style)


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

    def font(name: str, *, bold: bool = False, strike: bool = False, color: str | None = None) -> Font:
        return Font(name=FONT, size=_SIZES[name], bold=bold, strike=strike, color=color)

    yield style(_PLAIN, font(_PLAIN), "right")
    yield style(_MARK, font(_MARK), "left")
    yield style(_TITLE, font(_TITLE, bold=True), "center")
    yield style(_HEAD, font(_HEAD, bold=True), "center", lined=True, filled=True)
    yield style(_TEXT, font(_TEXT), "right", lined=True)
    yield style(_CENTRED, font(_CENTRED), "center", lined=True)
    yield style(_STRUCK[_TEXT], font(_TEXT, strike=True), "right", lined=True)
    yield style(_STRUCK[_CENTRED], font(_CENTRED, strike=True), "center", lined=True)
    yield style(_ROLE, font(_ROLE, bold=True), "center", lined=True)
    yield style(_SMALL, font(_SMALL, color="FF595959"), "right")
