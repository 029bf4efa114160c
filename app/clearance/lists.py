"""Reading a list of readers to be cleared (from Golestan, 000 §3-1-3-۲): text, CSV or Excel, whatever stands in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError

from app.catalogue.importing.csv_cells import rows
from app.catalogue.importing.csv_reader import dialect_of
from app.catalogue.importing.encodings import encoding_of, text_lines
from app.catalogue.importing.sniff import FileFormat, format_of
from app.catalogue.importing.xlsx_guard import check_workbook
from app.catalogue.importing.xlsx_reader import visible_sheets
from app.circulation.facts import MemberFacts
from app.circulation.reads import find_member
from app.members.identity import national_id
from app.persian.digits import typed
from app.persian.text import clean, compact
from db.reading import Reader
from db.trouble import Trouble

MOST_LINES = 20_000
LONGEST_CODE = 64
HEADING_ROWS = 10
SAMPLE = 50

# Headings that name the number of a reader, the surest first.
HEADINGS = tuple(
    compact(words)
    for words in (
        "کد ملی", "شماره ملی", "national_id", "national id", "شماره عضویت", "کد عضویت", "member_no", "member no",
        "شماره دانشجویی", "کد دانشجویی", "شماره دانشجو", "student_no", "student id", "کارت", "شماره کارت", "card",
    )
)  # fmt: skip
_NUMBER = re.compile(r"[0-9]{4,}")


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A line of the list: its number in the file, the code that was read there, and who that is."""

    line: int
    code: str
    member: MemberFacts | None


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: tuple[str, ...]


def read_list(reader: Reader, path: Path) -> tuple[ListedPerson, ...]:
    """Who stands in the file, line by line.

    Raises Trouble P-2101 (cannot be read), P-2102 (not what it should be), P-2103 (too big, or made to do harm),
    P-2104 (nobody in it), P-2105 (the encoding cannot be told).
    """
    lines = _lines(path)
    if not lines:
        raise Trouble("P-2104", path=path)
    start, place = _column(reader, lines)
    people = tuple(
        ListedPerson(line.number, code, _find(reader, code)) for line in lines[start:] if (code := _code(line, place))
    )
    if not people:
        raise Trouble("P-2104", path=path)
    return people


def _lines(path: Path) -> list[_Line]:
    try:
        if not path.is_file():
            raise Trouble("P-2101", path=path, reason="no file")
        found = list(islice(_of_file(path), MOST_LINES + 1))
    except (OSError, CalamineError) as error:
        raise Trouble("P-2101", path=path, reason=str(error)) from error
    if len(found) > MOST_LINES:
        raise Trouble("P-2103", path=path, reason="lines", rows=MOST_LINES)
    return found


def _of_file(path: Path) -> Iterator[_Line]:
    """The lines that hold anything."""
    kind = format_of(path)
    if kind is FileFormat.XLSX:
        source = next((sheet.lines() for sheet in visible_sheets(check_workbook(path))), iter(()))
    elif kind is FileFormat.CSV:
        encoding = encoding_of(path)
        dialect = dialect_of([line.text for line in islice(text_lines(path, encoding), SAMPLE)])
        source = rows(text_lines(path, encoding), dialect)
    else:
        raise Trouble("P-2102", path=path, found=kind)
    for line in source:
        cells = tuple(clean(cell, LONGEST_CODE) for cell in line.cells)
        if any(cells):
            yield _Line(line.number, cells)


def _column(reader: Reader, lines: Sequence[_Line]) -> tuple[int, int]:
    """Where the people begin, and in which column their numbers stand: as a heading says, else where most are known."""
    for start, line in enumerate(lines[:HEADING_ROWS]):
        named = {compact(cell): place for place, cell in reversed(list(enumerate(line.cells)))}
        found = next((named[words] for words in HEADINGS if words in named), None)
        if found is not None:
            return start + 1, found
    width = max(len(line.cells) for line in lines)
    sample = lines[:SAMPLE]
    best = max(range(width), key=lambda place: _likeness(reader, [_code(line, place) for line in sample]))
    return 0, best


def _likeness(reader: Reader, codes: Sequence[str]) -> tuple[int, int]:
    """How many are known here, and how many look like a number of a person."""
    return sum(_find(reader, code) is not None for code in codes if code), sum(
        _NUMBER.fullmatch(code) is not None for code in codes
    )


def _code(line: _Line, place: int) -> str:
    return typed(line.cells[place]) if place < len(line.cells) else ""


def _find(reader: Reader, code: str) -> MemberFacts | None:
    """A reader by card, member number or national id; a spreadsheet may have eaten the zeros a national id begins
    with."""
    member = find_member(reader, code)
    whole = national_id(code).value if member is None else None
    return find_member(reader, whole) if whole else member
