"""Reading a list of members: text or Excel, columns told by their Persian headings, in any order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError

from app.catalogue.importing.csv_cells import rows
from app.catalogue.importing.csv_reader import dialect_of
from app.catalogue.importing.encodings import encoding_of, text_lines
from app.catalogue.importing.sniff import FileFormat, format_of
from app.catalogue.importing.table import HEADING_ROWS, Line
from app.catalogue.importing.xlsx_guard import check_workbook
from app.catalogue.importing.xlsx_reader import visible_sheets
from app.imports.lines import MOST_LINES
from app.persian.text import clean, compact
from db.trouble import Trouble

LONGEST_CELL = 500
SAMPLE = 50
TABLE_FORMATS = (FileFormat.CSV, FileFormat.XLSX)
_HEADINGS: Mapping[str, str] = {
    "given_name": "نام؛ نام کوچک؛ given name؛ first name",
    "family_name": "نام خانوادگی؛ فامیل؛ فامیلی؛ نام‌خانوادگی؛ family name؛ last name؛ surname",
    "father_name": "نام پدر؛ پدر؛ father name",
    "national_id": "کد ملی؛ شماره ملی؛ کد ملی دانشجو؛ national id؛ national code",
    "member_no": "شماره عضویت؛ کد عضویت؛ شماره دانشجویی؛ کد دانشجویی؛ شماره دانشجو؛ شماره پرسنلی؛ member no",
    "category": "نوع عضویت؛ گروه عضویت؛ مقطع؛ مقطع تحصیلی؛ دوره؛ category",
    "card": "کارت؛ شماره کارت؛ card",
    "birth_date": "تاریخ تولد؛ تولد؛ birth date؛ birthday",
    "mobile": "تلفن همراه؛ همراه؛ موبایل؛ شماره همراه؛ شماره موبایل؛ mobile",
    "phone": "تلفن؛ تلفن ثابت؛ تلفن منزل؛ phone",
    "email": "رایانامه؛ ایمیل؛ پست الکترونیک؛ پست الکترونیکی؛ email",
    "address": "نشانی؛ آدرس؛ نشانی منزل؛ address",
    "education": "تحصیلات؛ رشته؛ رشته تحصیلی؛ میزان تحصیلات؛ education",
    "job": "شغل؛ job",
    "guardian": "سرپرست؛ ولی؛ نام سرپرست؛ guardian",
    "guardian_mobile": "تلفن سرپرست؛ همراه سرپرست؛ تلفن همراه سرپرست؛ موبایل سرپرست؛ guardian mobile",
    "guarantor": "ضامن؛ شماره ضامن؛ شماره عضویت ضامن؛ guarantor",
    "age_group": "گروه سنی؛ age group",
    "letter_no": "شماره نامه؛ شماره معرفی‌نامه؛ نامه؛ letter no",
    "expires_on": "پایان عضویت؛ اعتبار؛ اعتبار تا؛ تاریخ انقضا؛ تاریخ فراغت؛ پایان تحصیل؛ expires",
    "note": "یادداشت؛ توضیح؛ توضیحات؛ ملاحظات؛ note",
}  # fmt: skip
FIELDS: Mapping[str, str] = {
    compact(heading): field for field, words in _HEADINGS.items() for heading in words.split("؛")
}
"""What a heading, compact and folded, stands for: a field of the membership form."""


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A line of the list. `cells` by the field of the form; `formula`: a cell of them holds one in place of a value."""

    line: int
    raw: str
    cells: Mapping[str, str]
    formula: bool = False


@dataclass(frozen=True, slots=True)
class MemberList:
    """The lines of a file; `name` is that of the file without its ending."""

    name: str
    lines: tuple[MemberLine, ...]


def read_member_list(path: Path) -> MemberList:
    """The people in a file, line by line.

    Raises Trouble P-2101 (cannot be read), P-2102 (not what it should be), P-2103 (too big, or made to do harm),
    P-2104 (no headings of a list of members, or nobody under them), P-2105 (the encoding cannot be told).
    """
    try:
        if not path.is_file():  # a device or a pipe would be read for ever
            raise Trouble("P-2101", path=path, reason="no file")
        source = list(islice(table_lines(path), MOST_LINES + 1))
    except (OSError, CalamineError) as error:
        raise Trouble("P-2101", path=path, reason=str(error)) from error
    if len(source) > MOST_LINES:
        raise Trouble("P-2103", path=path, reason="lines", most=MOST_LINES)
    lines = tuple(_people(source))
    if not lines:
        raise Trouble("P-2104", path=path)
    return MemberList(path.stem, lines)


def table_lines(path: Path) -> Iterator[Line]:
    """The lines of a text or Excel table, cell by cell; of a workbook those of the first sheet. Raises Trouble
    P-2102."""
    kind = format_of(path)
    if kind not in TABLE_FORMATS:
        raise Trouble("P-2102", path=path, found=kind)
    if kind is FileFormat.XLSX:
        return next((sheet.lines() for sheet in visible_sheets(check_workbook(path))), iter(()))
    encoding = encoding_of(path)
    dialect = dialect_of([line.text for line in islice(text_lines(path, encoding), SAMPLE)])
    return rows(text_lines(path, encoding), dialect)


def _people(source: list[Line]) -> Iterator[MemberLine]:
    """The lines under the headings; nobody where no line names a family name or a number of people."""
    for start, line in enumerate(source[:HEADING_ROWS]):
        named = [FIELDS.get(compact(cell[:LONGEST_CELL])) for cell in line.cells]
        if len(set(named) - {None}) > 1:
            return (_person(below, named) for below in source[start + 1 :] if any(cell.strip() for cell in below.cells))
    return iter(())


def _person(line: Line, named: list[str | None]) -> MemberLine:
    return MemberLine(line.number, *named_cells(line, named))


def named_cells(line: Line, named: Sequence[str | None]) -> tuple[str, dict[str, str], bool]:
    """A line under headings: as it stood in the file, its cells by field, and whether one of them holds a formula."""
    cells: dict[str, str] = {}
    for field, cell in zip(named, line.cells, strict=False):
        text = clean(cell, LONGEST_CELL)
        if field is not None and text:
            cells.setdefault(field, text)
    known = {place for place, field in enumerate(named) if field is not None}
    raw = line.raw if isinstance(line.raw, str) else line.raw.decode("utf-8", "replace")
    return raw, cells, bool(line.formulas & known)
