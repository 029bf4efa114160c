"""Excel files whose cells are text or numbers, never formulas. Equal content makes equal bytes."""

import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING, Final

from app.persian.digits import to_latin
from reports.text import printable

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

FONT: Final = "Tahoma"  # on every Windows, with Persian letters
PERSIAN_DIGITS: Final = "[$-3000429]0"
"""Number format that shows a number in Persian digits; it stays a number."""

_FOOT_OF_PAGE = "صفحهٔ &P از &N"
_NO_DAY = dt.datetime(1980, 1, 1)  # noqa: DTZ001  the file format has no time zone; earliest day of a ZIP entry
_WHOLE_NUMBER = re.compile("0|[1-9][0-9]{0,14}")  # Excel keeps 15 digits
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read «_x0041_» as «A»
_FIRST_SHEET = "xl/worksheets/sheet1.xml"
_ROW = re.compile(b'<row r="([0-9]+)"')
_LAST_ROW = re.compile(b'(<dimension ref="A1:[A-Z]+)[0-9]+"')
_CHANGED = re.compile(b"(<dcterms:modified[^>]*>)[^<]*")


def safe_text(text: str) -> str:
    """Text without what Excel refuses or would read as something else."""
    return _LIKE_AN_ESCAPE.sub("_x005F_", printable(text))


def whole_number(text: str) -> int | None:
    """The number that Excel shows with the same digits, or None: leading zeros survive in a text only."""
    digits = to_latin(text)
    return int(digits) if _WHOLE_NUMBER.fullmatch(digits) else None


def put_text(sheet: "Worksheet", place: tuple[int, int], text: str, style: str) -> None:
    """Text as text: no formula whatever it begins with, no character that Excel refuses; an empty cell for no text.

    `place` is (row, column) from 1, `style` the name of a style of the workbook.
    """
    safe = safe_text(text)
    cell = sheet.cell(*place, value=safe)
    cell.style = style
    if safe:
        cell.data_type = "s"
        cell.quotePrefix = True
    else:
        cell.value = None


def put_number(sheet: "Worksheet", place: tuple[int, int], number: int, style: str) -> None:
    """A number; the style should have the format `PERSIAN_DIGITS`."""
    sheet.cell(*place, value=number).style = style


def number_pages(sheet: "Worksheet") -> None:
    """Number and count of the pages at the foot of a printed sheet."""
    if sheet.oddFooter is not None:  # an empty one is false
        sheet.oddFooter.center.text = _FOOT_OF_PAGE


def saved(workbook: "Workbook", rows: bytes = b"") -> bytes:
    """The file. openpyxl writes the time of day into it in two places; both are taken out.

    `rows` (`reports.excel_rows.Rows.xml`) go into the first sheet, where the numbers of its own rows leave a gap.
    """
    workbook.properties.creator = "Pishkhan"
    workbook.properties.created = _NO_DAY
    fresh, same = io.BytesIO(), io.BytesIO()
    workbook.save(fresh)
    with zipfile.ZipFile(fresh) as read, zipfile.ZipFile(same, "w", zipfile.ZIP_DEFLATED) as written:
        for entry in read.infolist():
            content = read.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _CHANGED.sub(rb"\g<1>" + _NO_DAY.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), content)
            elif rows and entry.filename == _FIRST_SHEET:
                content = _with_rows(content, rows)
            name = zipfile.ZipInfo(entry.filename, _NO_DAY.timetuple()[:6])
            name.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(name, content)
    return same.getvalue()


def _with_rows(sheet: bytes, rows: bytes) -> bytes:
    """The rows before the first one of the sheet with a greater number, and how far the sheet then goes."""
    begins = _ROW.match(rows)
    if begins is None:
        raise ValueError("rows of a sheet begin with a row")
    first = int(begins[1])
    after = next((row.start() for row in _ROW.finditer(sheet) if int(row[1]) > first), sheet.rindex(b"</sheetData>"))
    whole = sheet[:after] + rows + sheet[after:]
    last = whole[whole.rindex(b"<row r=") :].split(b'"', 2)[1]
    return _LAST_ROW.sub(rb"\g<1>" + last + b'"', whole, count=1)
