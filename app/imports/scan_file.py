"""What a memory scanner leaves in its file: a code on each line, often with the moment of the scan beside it. Pure."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.catalogue.importing.encodings import TextLine
from app.devices.scan import Flaw, Source, Unreadable, read_scan
from app.persian import jalali
from app.persian.digits import typed

SEPARATOR = re.compile(r"[-=*_#]{3,}")
DELIMITERS = "\t;,|"  # none of them can stand in a code
DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}")
TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?")
NO_SINGLE_CODE = "columns"


@dataclass(frozen=True, slots=True)
class Separator:
    """A line that ends the work for one reader: --- or ===."""

    line: int
    raw: str


@dataclass(frozen=True, slots=True)
class FaultyLine:
    """A line without one readable code; `why` is a flaw of the code, or that the columns hold none or several."""

    line: int
    raw: str
    why: str


@dataclass(frozen=True, slots=True)
class ScanLine:
    """A code, and the day and the moment as the device gave it; a device without a clock gives none."""

    line: int
    raw: str
    code: str
    day: dt.date | None = None
    moment: str = ""


def scan_lines(lines: Iterable[TextLine]) -> Iterator[ScanLine | Separator | FaultyLine]:
    """The lines that say something; empty ones and a heading are left out.

    The moment may stand before or after the code, in one column or two: 2026-11-21 10:30:00, 1405/08/30.
    """
    for line in lines:
        cells = _cells(line.text)
        if not cells or (line.number == 1 and _is_heading(cells)):
            continue
        yield _scan_line(line, cells)


def _cells(text: str) -> list[str]:
    delimiter = next((mark for mark in DELIMITERS if mark in text), None)
    cells = text.split(delimiter) if delimiter else [text]
    return [bare for cell in cells if (bare := cell.strip(" \t\"'\ufeff"))]


def _is_heading(cells: list[str]) -> bool:
    return len(cells) > 1 and not any(char.isdigit() for cell in cells for char in cell)


def _scan_line(line: TextLine, cells: list[str]) -> ScanLine | Separator | FaultyLine:
    if len(cells) == 1 and SEPARATOR.fullmatch(cells[0]):
        return Separator(line.number, line.text)
    day, moment, codes = _sorted_out(cells)
    if len(codes) != 1:
        return FaultyLine(line.number, line.text, NO_SINGLE_CODE)
    read = read_scan(codes[0], Source.FILE)
    if isinstance(read, Unreadable) or line.damaged is not None:
        flaw = read.reason if isinstance(read, Unreadable) else Flaw.FOREIGN_CHARACTER
        return FaultyLine(line.number, line.text, flaw)
    return ScanLine(line.number, line.text, read.text, day, moment)


def _sorted_out(cells: list[str]) -> tuple[dt.date | None, str, list[str]]:
    """Day, moment as written, and what is neither. A cell that stands alone is a code whatever it looks like."""
    if len(cells) == 1:
        return None, "", cells
    day, moment, codes = None, [], []
    for cell in cells:
        found = _day_of(cell)
        if found is not None or TIME.fullmatch(typed(cell)):
            day = day or found
            moment.append(typed(cell))
        else:
            codes.append(cell)
    return day, " ".join(moment), codes


def _day_of(cell: str) -> dt.date | None:
    """The day in a cell with a date and perhaps a time. «20/11/2026» is left: it may be two different days."""
    date, _, time = typed(cell).replace("T", " ").partition(" ")
    if not DATE.fullmatch(date) or (time and not TIME.fullmatch(time.strip())):
        return None
    return jalali.parse(date)
