"""Many rows of an Excel sheet. openpyxl makes an object of every cell, a second's work for 5,000 rows of a form; here a
cell is a piece of text, written as openpyxl would write it, in a third of the time."""

from functools import cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from reports.excel import safe_text, whole_number

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


class Rows:
    """Rows from row `first` downwards, without a gap; the cells of a row are put one after another.

    `reports.excel.saved` puts them into the file. A style is the name of a style of the workbook.
    """

    def __init__(self, sheet: "Worksheet", first: int) -> None:
        self._sheet = sheet
        self._parts: list[str] = []
        self._row = first - 1
        self._column = 0
        self._style = cache(self._style_number)
        self._letters = cache(_letters)

    @property
    def last(self) -> int:
        """The number of the row begun last."""
        return self._row

    def begin(self, height: float | None = None) -> None:
        """The next row, so many points high; without a number as high as its texts."""
        if self._parts:
            self._parts.append("</row>")
        self._row += 1
        self._column = 0
        high = "" if height is None else f' ht="{height:g}" customHeight="1"'
        self._parts.append(f'<row r="{self._row}"{high}>')

    def text(self, text: str, style: str) -> None:
        """Text as text, never a formula; an empty cell for no text."""
        safe = safe_text(text)
        if not safe:
            self._parts.append(f'<c r="{self._place()}" s="{self._style(style, text=False)}"/>')
            return
        self._parts.append(
            f'<c r="{self._place()}" s="{self._style(style, text=True)}" t="inlineStr">'
            f'<is><t xml:space="preserve">{escape(safe)}</t></is></c>'
        )

    def code(self, text: str, style: str) -> None:
        """A number where Excel would show the same digits again, else the text, so that leading zeros survive."""
        number = whole_number(text)
        if number is None:
            self.text(text, style)
        else:
            self.number(number, style)

    def number(self, number: int, style: str) -> None:
        """A number; the style should have the format `PERSIAN_DIGITS`."""
        self._parts.append(f'<c r="{self._place()}" s="{self._style(style, text=False)}"><v>{number}</v></c>')

    def xml(self) -> bytes:
        """All rows as they stand in the file."""
        return "".join([*self._parts, "</row>" if self._parts else ""]).encode()

    def _place(self) -> str:
        self._column += 1
        return f"{self._letters(self._column)}{self._row}"

    def _style_number(self, style: str, *, text: bool) -> int:
        """How the file calls the style; text is marked as such, so that editing the cell makes no formula of it."""
        from openpyxl.cell import Cell

        cell = Cell(self._sheet, row=1, column=1)
        cell.style = style
        if text:
            cell.quotePrefix = True
        return int(cell.style_id)


def _letters(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column))
