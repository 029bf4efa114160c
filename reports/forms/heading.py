"""What stands above the table of a form: appendix, number, title, and the facts of the library."""

from collections.abc import Iterator
from itertools import groupby

from reports.forms.data import DRAFT_MARK, FormData
from reports.forms.spec import HeaderField
from reports.pdf.paper import CENTRE, LEFT, RIGHT, Paper
from reports.pdf.typeface import Line

_TOP_LINE = 14.0
_TITLE_SIZE = 13.0
_TITLE_LEADING = 21.0
_FACT_SIZE = 9.5
_FACT_LEADING = 16.0
_FACTS_ON_A_LINE = 3
_PADDING = 6.0
_GAP = 4.0
_SHORT = 16.0
_FOOT_OF_A_LINE = 0.76  # of the leading


class Heading:
    """The heading of the first page, and the short one of the others. Places and sizes in points."""

    def __init__(self, paper: Paper, data: FormData, span: tuple[float, float]) -> None:
        self._paper = paper
        self._data = data
        self._left, self._right = span
        width = self._right - self._left
        self._title = paper.bold.balanced(data.spec.title, width / _TITLE_SIZE)
        self._lines = [list(self._set(list(fields))) for _, fields in groupby(data.spec.header, key=lambda f: f.line)]
        self._box = sum(_height(line) for line in self._lines) + 2 * _PADDING - 2
        self.height = _TOP_LINE + len(self._title) * _TITLE_LEADING + 2 * _GAP + self._box
        self.short_height = _SHORT

    def draw(self, top: float) -> float:
        """The heading of the first page; returns its foot."""
        y = top - _TOP_LINE
        self._paper.text(self._paper.regular.line(self._data.spec.appendix), 9, (self._right, y + 3), RIGHT)
        self._paper.text(self._paper.regular.line(self._mark()), 9, (self._left, y + 3), LEFT)
        y -= _GAP
        for line in self._title:
            foot = y - _TITLE_LEADING * _FOOT_OF_A_LINE
            self._paper.text(line, _TITLE_SIZE, ((self._left + self._right) / 2, foot), CENTRE)
            y -= _TITLE_LEADING
        y -= _GAP
        self._paper.frame((self._left, y - self._box, self._right - self._left, self._box))
        self._draw_facts(y - _PADDING + 1)
        return y - self._box

    def draw_short(self, top: float) -> float:
        """The title and number again, small; returns the foot."""
        y = top - _SHORT + 5
        self._paper.text(self._paper.bold.line(self._data.spec.title), 8, (self._right, y), RIGHT)
        self._paper.text(self._paper.regular.line(self._mark()), 8, (self._left, y), LEFT)
        return top - _SHORT

    def _mark(self) -> str:
        parts = (self._data.number_text(), DRAFT_MARK if self._data.draft else "")
        return "   ".join(part for part in parts if part)

    def _set(self, fields: list[HeaderField]) -> Iterator[tuple[Line, tuple[Line, ...], float]]:
        """Label, wrapped value and width of each field of a line."""
        room = self._right - self._left - 2 * _PADDING
        width = room if len(fields) == 1 else room / _FACTS_ON_A_LINE
        for field in fields:
            label = self._paper.regular.line(field.label)
            measure = (width - _PADDING) / _FACT_SIZE - label.width - 0.4
            yield label, self._paper.bold.lines(self._data.header_text(field.fact), measure), width

    def _draw_facts(self, top: float) -> None:
        y = top
        for line in self._lines:
            x = self._right - _PADDING
            for label, value, width in line:
                self._draw_fact(label, value, (x, y - _FACT_LEADING * _FOOT_OF_A_LINE), width)
                x -= width
            y -= _height(line)

    def _draw_fact(self, label: Line, value: tuple[Line, ...], place: tuple[float, float], width: float) -> None:
        x, foot = place
        self._paper.text(label, _FACT_SIZE, place, RIGHT)
        start = x - (label.width + 0.4) * _FACT_SIZE
        if not value[0].width:
            self._paper.dots(x - width + _PADDING, start, foot)
        for line in value:
            self._paper.text(line, _FACT_SIZE, (start, foot), RIGHT)
            foot -= _FACT_LEADING


def _height(line: list[tuple[Line, tuple[Line, ...], float]]) -> float:
    return max(len(value) for _, value, _ in line) * _FACT_LEADING
