"""Letters of the library: heading, paragraphs, a table, a place to sign, page after page. Points, from the top down."""

from collections.abc import Sequence
from typing import Final, TypeAlias

from app.persian.digits import number
from reports.pages import page_starts
from reports.pdf.paper import A4, CENTRE, LEFT, MM, RIGHT, Paper
from reports.pdf.typeface import Line

_SIZE, _LEADING = 11.0, 20.0
_CELL_SIZE, _CELL_LEADING = 9.5, 16.0
_PADDING = 5.0
_FOOT = 18 * MM
_UNDER_TABLE = 22.0
SIGN: Final = 92.0
"""Room for role, name and signature under a table, in points."""

_Cells: TypeAlias = list[tuple[Line, ...]]


class LetterPage:
    """A document of letters. `y` is where the next thing is drawn."""

    def __init__(self, title: str, size: tuple[float, float] = A4, margin: float = 20 * MM) -> None:
        """`Trouble` P-4101 if the font files are not there."""
        self.paper = Paper(title, size)
        self.left, self.right = margin, size[0] - margin
        self.y = self._top = size[1] - 18 * MM

    @property
    def width(self) -> float:
        """Between the margins."""
        return self.right - self.left

    def new_page(self) -> None:
        """Begin a page."""
        self.paper.new_page()
        self.y = self._top

    def heading(self, library: str, town: str, marks: Sequence[str]) -> None:
        """The name of the library at the right, number and date at the left, a rule under both. A long number takes
        lines of its own and leaves the name less room."""
        foot = self.y
        beside = [line for mark in marks for line in self.paper.regular.lines(mark, self.width * 0.45 / 9.5)]
        taken = max((line.width for line in beside), default=0.0) * 9.5 + 14
        lines = self.paper.bold.lines(library, min(self.width * 0.7, self.width - taken) / 13)
        for place, line in enumerate(lines):
            self.paper.text(line, 13, (self.right, foot - place * 18), RIGHT)
        under = foot - (len(lines) - 1) * 18
        self.paper.text(self.paper.regular.line(town), 9.5, (self.right, under - 17), RIGHT, 0.3)
        for place, line in enumerate(beside):
            self.paper.text(line, 9.5, (self.left, foot - place * 15), LEFT)
        self.y = min(under - 28.0, foot - 15.0 * len(beside))
        self.paper.rules([(self.left, self.y, self.right, self.y)], 0.8)
        self.y -= 26

    def title(self, text: str, size: float = 14) -> None:
        """A line in bold in the middle."""
        self.paper.text(self.paper.bold.line(text), size, ((self.left + self.right) / 2, self.y), CENTRE)
        self.y -= size * 2.2

    def paragraph(self, text: str, *, bold: bool = False, size: float = _SIZE) -> None:
        """Text over the whole width; a page that is full is followed by another."""
        face = self.paper.bold if bold else self.paper.regular
        for line in face.lines(text, self.width / size):
            self._room(_LEADING)
            self.paper.text(line, size, (self.right, self.y), RIGHT)
            self.y -= _LEADING * size / _SIZE
        self.y -= 4

    def table(
        self, headings: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[str]], closing: float = 0.0
    ) -> None:
        """Rows under headings, repeated on every page; `widths` are shares of the whole width.

        The last rows stay on one page with `closing`, the points that what is signed under them takes.
        """
        widths = [self.width * width / sum(widths) for width in widths]
        head = self._cells(headings, widths, head=True)
        laid = [self._cells(row, widths, head=False) for row in rows]
        room = self._top - _FOOT - _height(head)
        starts = page_starts([_height(row) for row in laid], self.y - _FOOT - _height(head), room, closing)
        if starts[:1] == [0]:
            self.new_page()
        self._row(head, widths, head=True)
        for place, row in enumerate(laid):
            if place and place in starts:
                self.new_page()
                self._row(head, widths, head=True)
            self._whole_row(row, head, widths)
        self.y -= _UNDER_TABLE

    def sign(self, role: str, name: str) -> None:
        """Room to sign at the left."""
        measure = self.width * 0.42 / 10
        lines = [*self.paper.bold.balanced(role, measure), *self.paper.regular.balanced(name, measure)]
        self._room(max(SIGN - _UNDER_TABLE, 16 + len(lines) * 17))
        self.y -= 16
        for line in lines:
            self.paper.text(line, 10, (self.left + self.width * 0.22, self.y), CENTRE)
            self.y -= 17
        self.y -= 26

    def number_pages(self) -> None:
        """«صفحهٔ ۲ از ۳» at the foot of each page of a letter of several; nothing can be drawn afterwards."""
        if self.paper.page_count > 1:
            self.paper.on_every_page(lambda page, pages: self.small(f"صفحهٔ {number(page)} از {number(pages)}"))

    def small(self, *lines: str) -> None:
        """Muted lines at the foot of the page; a telephone stands on a line of its own, or its parts change places."""
        for place, text in enumerate(line for line in lines if line):
            foot = 13 * MM - place * 11
            self.paper.text(self.paper.regular.line(text), 8, ((self.left + self.right) / 2, foot), CENTRE, 0.35)

    def _room(self, height: float) -> None:
        if self.y - height < _FOOT:
            self.new_page()

    def _cells(self, row: Sequence[str], widths: Sequence[float], *, head: bool) -> _Cells:
        face = self.paper.bold if head else self.paper.regular
        return [face.lines(text, (width - 2 * _PADDING) / _CELL_SIZE) for text, width in zip(row, widths, strict=True)]

    def _whole_row(self, row: _Cells, head: _Cells, widths: Sequence[float]) -> None:
        """A row; what no page would hold goes on on the next."""
        while _height(row) > self.y - _FOOT:
            fitting = max(1, int((self.y - _FOOT - 2 * _PADDING) / _CELL_LEADING))
            self._row([cell[:fitting] for cell in row], widths, head=False)
            self.new_page()
            self._row(head, widths, head=True)
            row = [cell[fitting:] for cell in row]
        self._row(row, widths, head=False)

    def _row(self, cells: _Cells, widths: Sequence[float], *, head: bool) -> None:
        height = _height(cells)
        foot, x = self.y - height, self.right
        if head:
            self.paper.shade((self.left, foot, self.width, height), 0.92)
        for cell, width in zip(cells, widths, strict=True):
            y = self.y - _PADDING - _CELL_LEADING * 0.74
            for line in cell:
                self.paper.text(line, _CELL_SIZE, (x - _PADDING, y), RIGHT)
                y -= _CELL_LEADING
            x -= width
            self.paper.rules([(x, foot, x, self.y)], 0.35, 0.45)
        self.paper.rules([(self.left, foot, self.right, foot), (self.left, self.y, self.right, self.y)], 0.35, 0.45)
        self.paper.rules([(self.right, foot, self.right, self.y)], 0.35, 0.45)
        self.y = foot


def _height(row: _Cells) -> float:
    return max(map(len, row)) * _CELL_LEADING + 2 * _PADDING
