"""Rows of cells out of lines of text, whatever the quotation marks in them.

The `csv` module takes half the file for one cell after a single unclosed quotation mark, and refuses cells beyond a
limit that is one for the whole process. What it writes is read here as it reads it.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.catalogue.importing.encodings import TextLine
from app.catalogue.importing.findings import Repair
from app.catalogue.importing.table import Line

LONGEST_CELL = 50
"""Lines that one quoted cell may run over; a quotation mark still open then was none."""

MOST_CELLS = 500
"""Cells of a row; what follows stays in the last one."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are parted, and how many most lines have."""

    delimiter: str
    width: int


class CellScanner:
    """The cells of one row, fed line by line while a quoted cell is open.

    With `one_line` an unclosed quotation mark is a letter like any other. `doubtful` tells that a cell which runs over
    several lines holds single quotation marks, which no program writes: it was never meant to run on.
    """

    def __init__(self, delimiter: str, *, one_line: bool = False) -> None:
        self.cells: list[str] = []
        self.open = False
        self.doubtful = False
        self._delimiter = delimiter
        self._one_line = one_line
        self._quote = re.compile(rf'""|"(?P<last> *(?:{re.escape(delimiter)}|\Z))?')
        self._parts: list[str] = []
        self._bare = False
        self._never_closes = False

    def feed(self, text: str) -> None:
        """Take the row's first line, or the next one of an open cell."""
        place: int | None = 0
        if self.open:
            self._parts.append("\n")
            place = self._quoted(text, 0)
        while place is not None:
            place = self._cell(text, place)

    def _cell(self, text: str, place: int) -> int | None:
        """Take the cell at `place`; where the next one begins, or None at the end of the line."""
        if text.startswith('"', place) and self._may_open(text, place + 1):
            self.open, self._bare, self._parts = True, False, []
            return self._quoted(text, place + 1)
        end = text.find(self._delimiter, place) if len(self.cells) < MOST_CELLS else -1
        self.cells.append(text[place:] if end < 0 else text[place:end])
        return None if end < 0 else end + 1

    def _may_open(self, text: str, place: int) -> bool:
        # Where nothing closes from here on, nothing will further on; else a long line takes the square of its length.
        self._never_closes = self._never_closes or (self._one_line and self._closing(text, place) is None)
        return not self._never_closes and len(self.cells) < MOST_CELLS

    def _quoted(self, text: str, place: int) -> int | None:
        first_line = not self._parts
        last = self._closing(text, place)
        self._parts.append(text[place : last.start() if last else len(text)])
        if last is None:
            return None
        self.open = False
        self.doubtful |= self._bare and not first_line
        self.cells.append("".join(self._parts).replace('""', '"'))
        return last.end() if last["last"].endswith(self._delimiter) else None

    def _closing(self, text: str, place: int) -> re.Match[str] | None:
        for quote in self._quote.finditer(text, place):
            if quote["last"] is not None:
                return quote
            self._bare |= len(quote[0]) == 1
        return None


def rows(lines: Iterable[TextLine], dialect: Dialect) -> Iterator[Line]:
    """The rows of a table; every line belongs to exactly one of them."""
    source = iter(lines)
    ahead: deque[TextLine] = deque()
    while (first := _next(ahead, source)) is not None:
        if '"' not in first.text:
            yield _line([first], first.text.split(dialect.delimiter, MOST_CELLS))
            continue
        taken, cells = _quoted_row(first, ahead, source, dialect)
        if cells is None:
            ahead.extendleft(reversed(taken[1:]))
            yield _line([first], one_line(first.text, dialect.delimiter), Repair.QUOTE_UNCLOSED)
        else:
            yield _line(taken, cells)


def one_line(text: str, delimiter: str) -> list[str]:
    """The cells of a line that is a row by itself."""
    scanner = CellScanner(delimiter, one_line=True)
    scanner.feed(text)
    return scanner.cells


def _next(ahead: deque[TextLine], source: Iterator[TextLine]) -> TextLine | None:
    return ahead.popleft() if ahead else next(source, None)


def _quoted_row(
    first: TextLine, ahead: deque[TextLine], source: Iterator[TextLine], dialect: Dialect
) -> tuple[list[TextLine], list[str] | None]:
    """The lines and cells of a row with quotation marks; no cells if one stays open or swallows other rows."""
    scanner = CellScanner(dialect.delimiter)
    scanner.feed(first.text)
    taken = [first]
    while scanner.open and len(taken) < LONGEST_CELL and (line := _next(ahead, source)) is not None:
        taken.append(line)
        scanner.feed(line.text)
        if scanner.open and dialect.width > 2 and line.text.count(dialect.delimiter) >= dialect.width - 1:
            break
    return taken, None if scanner.open or scanner.doubtful else scanner.cells


def _line(taken: list[TextLine], cells: list[str], *repairs: Repair) -> Line:
    if any("\ufffd" in line.text for line in taken):
        repairs = (*repairs, Repair.UNREADABLE_LETTERS)
    if any(line.damaged is not None for line in taken):
        raw: bytes | str = b"\n".join(line.damaged or line.text.encode() for line in taken)
    else:
        raw = "\n".join(line.text for line in taken)
    return Line(taken[0].number, tuple(cells), raw, repairs)
