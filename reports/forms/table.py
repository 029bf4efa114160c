"""The table of a form: cells wrapped to their columns, rows shared out over pages, each page drawn with one grid."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.persian.digits import to_persian
from reports.forms.data import FormData, FormRow, cell_text
from reports.forms.spec import Column, Fact
from reports.pdf.paper import CENTRE, MM, RIGHT, Paper
from reports.pdf.typeface import Line

_SIZE = 8.0
_SMALLEST = 6.0  # a number or code is set smaller before it is broken over lines
_LEADING = 12.0
_PADDING_X = 3.0
_PADDING_Y = 2.4
_HEAD_SIZE = 7.6
_HEAD_LEADING = 11.4
_HEAD_PADDING_Y = 3.6
_HEAD_GRAY = 0.92
_MIDDLE = 0.24  # em from the foot of a Persian line up to its visual middle
_STRUCK_MIDDLE = 0.28  # em from the foot of a Persian line up to where it is crossed out
_NOT_CROSSED_OUT = frozenset({Fact.NUMBER, Fact.RULING})
_LINES_WORTH_A_SPLIT = 4
_ROWS_WITH_CLOSING = 3  # signatures never stand on a page alone where rows can go with them


class Cell(NamedTuple):
    """The wrapped text of a cell and its size in points."""

    lines: tuple[Line, ...]
    size: float


@dataclass(frozen=True, slots=True)
class TableRow:
    """The wrapped cells of one row, in the order of the columns; `height` in points. A `struck` row is crossed out."""

    cells: tuple[Cell, ...]
    height: float
    struck: bool = False

    @classmethod
    def of(cls, cells: tuple[Cell, ...], *, struck: bool = False) -> "TableRow":
        """A row as high as its tallest cell, with the room above and below."""
        return cls(cells, max([len(cell.lines) for cell in cells]) * _LEADING + 2 * _PADDING_Y, struck)

    @property
    def lines(self) -> int:
        """The number of lines of its longest cell."""
        return max([len(cell.lines) for cell in self.cells])

    def split(self, lines: int) -> tuple["TableRow", "TableRow"]:
        """The first lines of the row, and the rest of it."""
        return (
            TableRow.of(tuple(Cell(cell.lines[:lines], cell.size) for cell in self.cells), struck=self.struck),
            TableRow.of(tuple(Cell(cell.lines[lines:], cell.size) for cell in self.cells), struck=self.struck),
        )


class Table:
    """The table of one form on its paper."""

    def __init__(self, paper: Paper, columns: tuple[Column, ...], right: float) -> None:
        """`right` is where the first column begins, in points; the columns run to the left."""
        self._paper = paper
        self._columns = columns
        self._edges = [right]
        for column in columns:
            self._edges.append(self._edges[-1] - column.width * MM)
        self._head = [
            paper.bold.lines(column.head, (column.width * MM - 2 * _PADDING_X) / _HEAD_SIZE) for column in columns
        ]
        self.head_height = max(map(len, self._head)) * _HEAD_LEADING + 2 * _HEAD_PADDING_Y

    def rows(self, data: FormData) -> list[TableRow]:
        """The rows of the form, numbered, with blank ones up to the least number the form has."""
        blanks = max(0, data.spec.least_rows - len(data.rows))
        filled: list[FormRow | None] = [*data.rows, *[None] * blanks]
        return [
            TableRow.of(
                tuple(map(self._cell, _texts(number, row, self._columns), self._columns)),
                struck=row is not None and row.struck,
            )
            for number, row in enumerate(filled, start=1)
        ]

    def _cell(self, text: str, column: Column) -> Cell:
        room = column.width * MM - 2 * _PADDING_X
        lines = self._paper.regular.lines(text, room / _SIZE)
        if column.is_text or len(lines) == 1:
            return Cell(lines, _SIZE)
        line = self._paper.regular.line(text)
        size = room / line.width
        return Cell((line,), size) if size >= _SMALLEST else Cell(lines, _SIZE)

    def draw(self, rows: Sequence[TableRow], top: float) -> float:
        """The head and these rows from `top` downwards; returns the foot."""
        levels = [top, top - self.head_height]
        self._paper.shade((self._edges[-1], levels[1], self._edges[0] - self._edges[-1], self.head_height), _HEAD_GRAY)
        self._draw_head(top)
        for row in rows:
            self._draw_row(row, levels[-1])
            levels.append(levels[-1] - row.height)
        self._draw_grid(levels)
        return levels[-1]

    def _draw_head(self, top: float) -> None:
        for index, cell in enumerate(self._head):
            centre = (self._edges[index] + self._edges[index + 1]) / 2
            foot = top - self.head_height / 2 + len(cell) * _HEAD_LEADING / 2 - _HEAD_LEADING / 2 - _MIDDLE * _HEAD_SIZE
            for line in cell:
                self._paper.text(line, _HEAD_SIZE, (centre, foot), CENTRE)
                foot -= _HEAD_LEADING

    def _draw_row(self, row: TableRow, top: float) -> None:
        middle = top - row.height / 2 - _LEADING / 2
        for index, (lines, size) in enumerate(row.cells):
            right, left = self._edges[index], self._edges[index + 1]
            is_text = self._columns[index].is_text
            x, anchor = (right - _PADDING_X, RIGHT) if is_text else ((right + left) / 2, CENTRE)
            foot = middle + len(lines) * _LEADING / 2 - _MIDDLE * size
            if row.struck and self._columns[index].fact not in _NOT_CROSSED_OUT:
                self._cross_out(lines, size, (x, foot), anchor)
            for line in lines:
                self._paper.text(line, size, (x, foot), anchor)
                foot -= _LEADING

    def _cross_out(self, lines: tuple[Line, ...], size: float, place: tuple[float, float], anchor: float) -> None:
        """A rule through each line of a cell; it stays readable."""
        x, foot = place
        ends = []
        for number, line in enumerate(lines):
            if line.width:
                start, y = x - anchor * line.width * size, foot - number * _LEADING + _STRUCK_MIDDLE * size
                ends.append((start - 1, y, start + line.width * size + 1, y))
        if ends:
            self._paper.rules(ends, width=0.7)

    def _draw_grid(self, levels: list[float]) -> None:
        right, left, top, foot = self._edges[0], self._edges[-1], levels[0], levels[-1]
        self._paper.rules([(left, y, right, y) for y in levels[2:-1]], width=0.35, gray=0.45)
        self._paper.rules([(x, foot, x, top) for x in self._edges[1:-1]], width=0.35, gray=0.45)
        self._paper.rules([(left, levels[1], right, levels[1])], width=0.7)
        self._paper.frame((left, foot, right - left, top - foot), width=0.9)


def _texts(number: int, row: FormRow | None, columns: tuple[Column, ...]) -> Iterator[str]:
    for column in columns:
        if column.fact is Fact.NUMBER:
            yield to_persian(str(number))
        else:
            yield "" if row is None else cell_text(row, column.fact)


def shared_out(rows: Sequence[TableRow], first_room: float, room: float, closing: float) -> list[list[TableRow]]:
    """Rows for each page: `first_room` points on the first, `room` on the others, `closing` left free on the last.

    A row that no page would hold is split between its lines; so is the last one where the closing block would stand
    alone. Any other stays whole.
    """
    pages: list[list[TableRow]] = [[]]
    left = first_room
    for row in rows:
        rest = row
        while rest.height > left:
            fitting = int((left - 2 * _PADDING_Y) / _LEADING)
            if rest.height > min(first_room, room) and fitting >= _LINES_WORTH_A_SPLIT:
                start, rest = rest.split(fitting)
                pages[-1].append(start)
            pages.append([])
            left = room
        pages[-1].append(rest)
        left -= rest.height
    if closing > left:
        pages.append(_rows_to_go_along(pages[-1], room - closing) or [_lines_to_go_along(pages[-1])])
    elif len(pages) > 1 and len(pages[-1]) < _ROWS_WITH_CLOSING:
        pages[-1] = [*_rows_to_go_along(pages[-2], left - closing, _ROWS_WITH_CLOSING - len(pages[-1])), *pages[-1]]
    return pages


def _rows_to_go_along(page: list[TableRow], room: float, most: int = _ROWS_WITH_CLOSING) -> list[TableRow]:
    """Takes the last rows off a page, so that the closing block has company on the next."""
    taken: list[TableRow] = []
    while len(page) > 1 and len(taken) < most and sum(r.height for r in taken) + page[-1].height <= room:
        taken.insert(0, page.pop())
    return taken


def _lines_to_go_along(page: list[TableRow]) -> TableRow:
    """Takes the last lines off the last row of a page: it is too high to go along, or all that the page holds."""
    start, end = page[-1].split(max(1, page[-1].lines - _LINES_WORTH_A_SPLIT))
    page[-1] = start
    return end
