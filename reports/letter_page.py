"""Letters of the library: heading, paragraphs, a table, a place to sign, page after page. Points, from the top down."""

from collections.abc import Sequence

from reports.pdf.paper import A4, CENTRE, LEFT, MM, RIGHT, Paper
from reports.pdf.typeface import Line

_SIZE, _LEADING = 11.0, 20.0
_CELL_SIZE, _CELL_LEADING = 9.5, 16.0
_PADDING = 5.0
_FOOT = 18 * MM


class LetterPage:
    """A document of letters. `y` is where the next thing is drawn."""

    def __init__(self, title: str, size: tuple[float, float] = A4, margin: float = 20 * MM) -> None:
        """`Trouble` P-4101 if the font files are not there."""
        self.paper = Paper(title, size)
        self._size = size
        self.left, self.right = margin, size[0] - margin
        self.y = 0.0

    @property
    def width(self) -> float:
        """Between the margins."""
        return self.right - self.left

    def new_page(self) -> None:
        """Begin a page."""
        self.paper.new_page()
        self.y = self._size[1] - 18 * MM

    def heading(self, library: str, town: str, marks: Sequence[str]) -> None:
        """The name of the library at the right, number and date at the left, a rule under both."""
        foot = self.y
        self.paper.text(self.paper.bold.line(library), 13, (self.right, foot), RIGHT)
        self.paper.text(self.paper.regular.line(town), 9.5, (self.right, foot - 17), RIGHT, 0.3)
        for place, mark in enumerate(marks):
            self.paper.text(self.paper.regular.line(mark), 9.5, (self.left, foot - place * 15), LEFT)
        self.y = foot - max(28.0, 15.0 * len(marks))
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

    def table(self, headings: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[str]]) -> None:
        """Rows under headings, repeated on every page; `widths` are shares of the whole width."""
        widths = [self.width * width / sum(widths) for width in widths]
        self._row(headings, widths, head=True)
        for row in rows:
            height = self._height(row, widths)
            if self.y - height < _FOOT:
                self.new_page()
                self._row(headings, widths, head=True)
            self._row(row, widths, head=False)
        self.y -= 22

    def sign(self, role: str, name: str) -> None:
        """Room to sign at the left."""
        self._room(70)
        middle = self.left + self.width * 0.22
        self.y -= 16
        self.paper.text(self.paper.bold.line(role), 10, (middle, self.y), CENTRE)
        self.paper.text(self.paper.regular.line(name), 10, (middle, self.y - 17), CENTRE)
        self.y -= 60

    def small(self, *lines: str) -> None:
        """Muted lines at the foot of the page; a telephone stands on a line of its own, or its parts change places."""
        for place, text in enumerate(line for line in lines if line):
            foot = 13 * MM - place * 11
            self.paper.text(self.paper.regular.line(text), 8, ((self.left + self.right) / 2, foot), CENTRE, 0.35)

    def _room(self, height: float) -> None:
        if self.y - height < _FOOT:
            self.new_page()

    def _cells(self, row: Sequence[str], widths: Sequence[float], *, head: bool) -> list[tuple[Line, ...]]:
        face = self.paper.bold if head else self.paper.regular
        return [face.lines(text, (width - 2 * _PADDING) / _CELL_SIZE) for text, width in zip(row, widths, strict=True)]

    def _height(self, row: Sequence[str], widths: Sequence[float]) -> float:
        return max(len(cell) for cell in self._cells(row, widths, head=False)) * _CELL_LEADING + 2 * _PADDING

    def _row(self, row: Sequence[str], widths: Sequence[float], *, head: bool) -> None:
        cells = self._cells(row, widths, head=head)
        height = max(len(cell) for cell in cells) * _CELL_LEADING + 2 * _PADDING
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
