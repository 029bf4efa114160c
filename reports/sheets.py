"""Plain A4 lists on paper: a heading, a table with wrapped cells on as many pages as it takes, page numbers.

For working papers (the van's loan list, the packing list, the handover page); the official forms have their own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from app.persian.digits import number
from reports.pages import page_starts
from reports.pdf.paper import A4, CENTRE, LEFT, MM, RIGHT, Paper
from reports.pdf.typeface import Line, Typeface

MARGIN: Final = 14 * MM
TOP: Final = A4[1] - 13 * MM
FOOT: Final = 16 * MM
SIGN: Final = 70.0
"""Room for role, name and signature, in points."""
_TITLE, _LIBRARY, _SUBTITLE, _HEADING = 14.0, 9.0, 10.0, 11.5
_SIZE, _LEADING, _PADDING = 9.0, 13.5, 4.0
_ROUNDING = 1.0001
_SMALLEST = 6.0  # a number or day is set smaller before it is broken over lines
_HEAD_SIZE, _MIDDLE = 8.5, 0.36
_SIGNER = 60 * MM
_GAP = 6.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column: heading, share of the width, and whether its cells stand in the middle (numbers, dates)."""

    heading: str
    share: float
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells; `bold` for what must be seen, `least` its height in points."""

    cells: tuple[str, ...]
    bold: bool = False
    least: float = 0.0


class _Cell(NamedTuple):
    """The wrapped text of a cell and its size in points."""

    lines: tuple[Line, ...]
    size: float


class _Laid(NamedTuple):
    """The wrapped cells of a row and its height in points."""

    cells: tuple[_Cell, ...]
    height: float

    @classmethod
    def of(cls, cells: Iterable[_Cell], least: float = 0) -> "_Laid":
        """As high as its tallest cell."""
        laid = tuple(cells)
        return cls(laid, max(max(len(cell.lines) for cell in laid) * _LEADING + 2 * _PADDING - 2, least))

    def split(self, lines: int) -> tuple["_Laid", "_Laid"]:
        """The first lines of the row, and the rest of it."""
        return (
            _Laid.of(_Cell(cell.lines[:lines], cell.size) for cell in self.cells),
            _Laid.of(_Cell(cell.lines[lines:], cell.size) for cell in self.cells),
        )


class _Frame(NamedTuple):
    """The columns of a table, their right edges with the left edge of the last, and the headings."""

    columns: Sequence[Column]
    edges: Sequence[float]
    head: _Laid


class Sheet:
    """One document, drawn from the top down."""

    def __init__(self, title: str, subtitle: str, library: str) -> None:
        self.paper = Paper(title)
        self._left, self._right = MARGIN, A4[0] - MARGIN
        regular, width = self.paper.regular, self._right - self._left
        self._library = regular.lines(library, width * 0.4 / _LIBRARY)
        taken = max(line.width for line in self._library) * _LIBRARY + 12
        self._title = self.paper.bold.lines(title, (width - taken) / _TITLE)
        self._subtitle = regular.lines(subtitle, width / _SUBTITLE) if subtitle else ()
        self.y = self._body = TOP
        self._new_page()

    def heading(self, text: str) -> None:
        """A heading above a table or a paragraph; never alone at the foot of a page."""
        lines = self.paper.bold.lines(text, (self._right - self._left) / _HEADING)
        self._room((3 + len(lines)) * _LEADING)
        self.y -= 5
        for line in lines:
            self.y -= 17
            self.paper.text(line, _HEADING, (self._right, self.y), RIGHT)
        self.y -= 8

    def paragraph(self, text: str, size: float = 9.5) -> None:
        """Running text."""
        for line in self.paper.regular.lines(text, (self._right - self._left) / size):
            self._room(size * 1.6)
            self.y -= size * 1.6
            self.paper.text(line, size, (self._right, self.y), RIGHT)
        self.y -= 8

    def table(self, columns: Sequence[Column], rows: Sequence[Row], closing: float = 0.0) -> None:
        """A table; its headings are repeated on every page.

        The last rows stay on one page with `closing`, the points that what is signed under them takes.
        """
        frame = self._frame(columns)
        laid = [self._laid(row, frame) for row in rows]
        heights, head = [row.height for row in laid], frame.head.height
        room, left = self._body - FOOT - head, self.y - FOOT - head
        starts = page_starts(heights, left, room, closing + _GAP if closing else 0)
        if left < 0 or starts[:1] == [0]:
            self._new_page()
        self._draw_row(frame.head, frame, head=True)
        for place, row in enumerate(laid):
            if place and place in starts:
                self._new_page()
                self._draw_row(frame.head, frame, head=True)
            self._draw_whole(row, frame)
        self.y -= _GAP

    def keep(self, rows: int) -> None:
        """Begin a new page unless a heading and a table of so many lines still fit on this one."""
        self._room(rows * (_LEADING + 2 * _PADDING - 2) + 4 * _LEADING)

    def keep_signed(self, rows: int) -> None:
        """Begin a new page unless a heading, a table of so many lines and the signature still fit on this one."""
        self._room(rows * (_LEADING + 2 * _PADDING - 2) + 4 * _LEADING + SIGN)

    def sign(self, role: str, name: str) -> None:
        """A place to sign at the left."""
        lines = [*self.paper.bold.balanced(role, _SIGNER / 10), *self.paper.regular.balanced(name, _SIGNER / 10)]
        self._room(max(SIGN, 28 + len(lines) * 17))
        self.y -= 28
        for line in lines:
            self.paper.text(line, 10, (self._left + _SIGNER / 2, self.y), CENTRE)
            self.y -= 17

    def pdf(self) -> bytes:
        """The whole file; nothing can be drawn afterwards."""
        self.paper.on_every_page(self._draw_foot)
        return self.paper.pdf()

    def _room(self, needed: float) -> None:
        if self.y - needed < FOOT and self.y < self._body:
            self._new_page()

    def _new_page(self) -> None:
        paper = self.paper
        paper.new_page()
        for place, line in enumerate(self._title):
            paper.text(line, _TITLE, (self._right, TOP - 12 - place * 20), RIGHT)
        for place, line in enumerate(self._library):
            paper.text(line, _LIBRARY, (self._left, TOP - 10 - place * 12), LEFT, gray=0.3)
        self.y = TOP - 30 - max((len(self._title) - 1) * 20, (len(self._library) - 1) * 12 - 4, 0)
        for place, line in enumerate(self._subtitle):
            paper.text(line, _SUBTITLE, (self._right, self.y - place * 15), RIGHT, gray=0.2)
        if self._subtitle:
            self.y -= 8 + (len(self._subtitle) - 1) * 15
        paper.rules([(self._left, self.y, self._right, self.y)], width=0.8)
        self.y -= 8
        self._body = self.y

    def _draw_foot(self, page: int, pages: int) -> None:
        foot = self.paper.regular.line(f"صفحهٔ {number(page)} از {number(pages)}")
        self.paper.text(foot, 8, ((self._left + self._right) / 2, FOOT - 18), CENTRE, gray=0.3)

    def _frame(self, columns: Sequence[Column]) -> _Frame:
        whole = sum(column.share for column in columns)
        edges = [self._right]
        for column in columns:
            edges.append(edges[-1] - column.share / whole * (self._right - self._left))
        rooms = [right - left - 2 * _PADDING for right, left in pairwise(edges)]
        bold, heads = self.paper.bold, zip(columns, rooms, strict=True)
        return _Frame(
            columns, edges, _Laid.of(_unbroken(bold, column.heading, room, _HEAD_SIZE) for column, room in heads)
        )

    def _laid(self, row: Row, frame: _Frame) -> _Laid:
        typeface = self.paper.bold if row.bold else self.paper.regular
        rooms = [right - left - 2 * _PADDING for right, left in pairwise(frame.edges)]
        cells = zip(row.cells, frame.columns, rooms, strict=True)
        return _Laid.of([_cell(typeface, text, room, centred=col.centred) for text, col, room in cells], row.least)

    def _draw_whole(self, row: _Laid, frame: _Frame) -> None:
        """A row; what no page would hold goes on on the next."""
        while row.height > self.y - FOOT:
            start, row = row.split(max(1, int((self.y - FOOT - 2 * _PADDING + 2) / _LEADING)))
            self._draw_row(start, frame)
            self._new_page()
            self._draw_row(frame.head, frame, head=True)
        self._draw_row(row, frame)

    def _draw_row(self, row: _Laid, frame: _Frame, *, head: bool = False) -> None:
        if head:
            self.paper.shade((self._left, self.y - row.height, self._right - self._left, row.height), 0.92)
        for place, (lines, size) in enumerate(row.cells):
            foot = self.y - row.height / 2 + len(lines) * _LEADING / 2 - _LEADING / 2 - _MIDDLE * size
            right, left = frame.edges[place], frame.edges[place + 1]
            centred = head or frame.columns[place].centred
            x = (right + left) / 2 if centred else right - _PADDING
            for line in lines:
                self.paper.text(line, size, (x, foot), CENTRE if centred else RIGHT)
                foot -= _LEADING
        self._grid(frame.edges, row.height)

    def _grid(self, edges: Sequence[float], height: float) -> None:
        top, foot = self.y, self.y - height
        self.paper.frame((self._left, foot, self._right - self._left, height), width=0.5)
        self.paper.rules([(x, foot, x, top) for x in edges[1:-1]], width=0.35, gray=0.45)
        self.y = foot


def _cell(typeface: Typeface, text: str, room: float, *, centred: bool) -> _Cell:
    return _unbroken(typeface, text, room, _SIZE) if centred else _Cell(typeface.lines(text, room / _SIZE), _SIZE)


def _unbroken(typeface: Typeface, text: str, room: float, size: float) -> _Cell:
    """Lines broken between words; a word that is too wide is set smaller before it is broken."""
    lines = typeface.lines(text, room / size)
    if len(lines) > 1:
        longest = max(typeface.line(word).width for word in text.split()) * _ROUNDING
        smaller = room / longest
        if _SMALLEST <= smaller < size:
            return _Cell(typeface.lines(text, longest), smaller)
    return _Cell(lines, size)
