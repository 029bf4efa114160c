"""Plain A4 lists on paper: a heading, a table with wrapped cells on as many pages as it takes, page numbers.

For working papers (the van's loan list, the packing list, the handover page); the official forms have their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.persian.digits import number
from reports.pdf.paper import A4, CENTRE, LEFT, MM, RIGHT, Paper
from reports.pdf.typeface import Line

MARGIN: Final = 14 * MM
TOP: Final = A4[1] - 13 * MM
FOOT: Final = 16 * MM
_SIZE, _LEADING, _PADDING = 9.0, 13.5, 4.0
_HEAD_SIZE, _MIDDLE = 8.5, 0.36
_SIGN: Final = 70.0  # room for role, name and signature, in points


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


class Sheet:
    """One document, drawn from the top down."""

    def __init__(self, title: str, subtitle: str, library: str) -> None:
        self.paper = Paper(title)
        self._title, self._subtitle, self._library = title, subtitle, library
        self._pages = 0
        self.y = 0.0
        self._left, self._right = MARGIN, A4[0] - MARGIN
        self._new_page()

    def heading(self, text: str) -> None:
        """A heading above a table or a paragraph; never alone at the foot of a page."""
        self._room(4 * _LEADING)
        self.y -= 22
        self.paper.text(self.paper.bold.line(text), 11.5, (self._right, self.y), RIGHT)
        self.y -= 8

    def paragraph(self, text: str, size: float = 9.5) -> None:
        """Running text."""
        for line in self.paper.regular.lines(text, (self._right - self._left) / size):
            self._room(size * 1.6)
            self.y -= size * 1.6
            self.paper.text(line, size, (self._right, self.y), RIGHT)
        self.y -= 8

    def table(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """A table; its headings are repeated on every page."""
        edges = self._edges(columns)
        self._room(_LEADING * 3)
        self._draw_head(columns, edges)
        for row in rows:
            cells = [self._cell(text, edges, place, bold=row.bold) for place, text in enumerate(row.cells)]
            height = max(max(map(len, cells)) * _LEADING + 2 * _PADDING - 2, row.least)
            if self.y - height < FOOT:
                self._new_page()
                self._draw_head(columns, edges)
            self._draw_row(cells, columns, edges, height)
        self.y -= 6

    def keep_signed(self, rows: int) -> None:
        """Begin a new page unless a heading, a table of so many lines and the signature still fit on this one."""
        self._room(rows * (_LEADING + 2 * _PADDING - 2) + 4 * _LEADING + _SIGN)

    def sign(self, role: str, name: str) -> None:
        """A place to sign at the left."""
        self._room(_SIGN)
        self.y -= 28
        middle = self._left + 60 * MM / 2
        for text, typeface in ((role, self.paper.bold), (name, self.paper.regular)):
            self.paper.text(typeface.line(text), 10, (middle, self.y), CENTRE)
            self.y -= 17

    def pdf(self) -> bytes:
        """The whole file."""
        return self.paper.pdf()

    def _room(self, needed: float) -> None:
        if self.y - needed < FOOT:
            self._new_page()

    def _new_page(self) -> None:
        paper = self.paper
        paper.new_page()
        self._pages += 1
        self.y = TOP
        paper.text(paper.bold.line(self._title), 14, (self._right, self.y - 12), RIGHT)
        paper.text(paper.regular.line(self._library), 9, (self._left, self.y - 10), LEFT, gray=0.3)
        self.y -= 30
        if self._subtitle:
            paper.text(paper.regular.line(self._subtitle), 10, (self._right, self.y), RIGHT, gray=0.2)
            self.y -= 8
        paper.rules([(self._left, self.y, self._right, self.y)], width=0.8)
        self.y -= 8
        foot = paper.regular.line(f"صفحهٔ {number(self._pages)}")
        paper.text(foot, 8, ((self._left + self._right) / 2, FOOT - 18), CENTRE, gray=0.3)

    def _edges(self, columns: Sequence[Column]) -> list[float]:
        """The right edges of the columns, from right to left, with the left edge of the last."""
        whole = sum(column.share for column in columns)
        edges = [self._right]
        for column in columns:
            edges.append(edges[-1] - column.share / whole * (self._right - self._left))
        return edges

    def _cell(self, text: str, edges: Sequence[float], place: int, *, bold: bool) -> tuple[Line, ...]:
        typeface = self.paper.bold if bold else self.paper.regular
        return typeface.lines(text, (edges[place] - edges[place + 1] - 2 * _PADDING) / _SIZE)

    def _draw_head(self, columns: Sequence[Column], edges: Sequence[float]) -> None:
        height = _LEADING + 2 * _PADDING - 2
        self.paper.shade((self._left, self.y - height, self._right - self._left, height), 0.92)
        for place, column in enumerate(columns):
            middle = (edges[place] + edges[place + 1]) / 2
            foot = self.y - height / 2 - _MIDDLE * _HEAD_SIZE
            self.paper.text(self.paper.bold.line(column.heading), _HEAD_SIZE, (middle, foot), CENTRE)
        self._grid(edges, height)

    def _draw_row(
        self, cells: Sequence[tuple[Line, ...]], columns: Sequence[Column], edges: Sequence[float],
        height: float,
    ) -> None:  # fmt: skip
        for place, lines in enumerate(cells):
            foot = self.y - height / 2 + len(lines) * _LEADING / 2 - _LEADING / 2 - _MIDDLE * _SIZE
            centred = columns[place].centred
            x = (edges[place] + edges[place + 1]) / 2 if centred else edges[place] - _PADDING
            for line in lines:
                self.paper.text(line, _SIZE, (x, foot), CENTRE if centred else RIGHT)
                foot -= _LEADING
        self._grid(edges, height)

    def _grid(self, edges: Sequence[float], height: float) -> None:
        top, foot = self.y, self.y - height
        self.paper.frame((self._left, foot, self._right - self._left, height), width=0.5)
        self.paper.rules([(x, foot, x, top) for x in edges[1:-1]], width=0.35, gray=0.45)
        self.y = foot
