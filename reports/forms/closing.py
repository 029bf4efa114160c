"""What stands under the table of a form: the sentence with date and count, and the blocks to sign, side by side."""

from dataclasses import dataclass

from reports.forms.data import FormData
from reports.forms.spec import Signature
from reports.pdf.paper import CENTRE, RIGHT, Paper
from reports.pdf.typeface import Line

_SENTENCE_SIZE = 9.5
_SENTENCE_LEADING = 17.0
_SIZE = 8.5
_LEADING = 13.5
_LABEL_SIZE = 7.5
_PADDING = 6.0
_GAP = 7.0
_ROOM_TO_SIGN = 36.0
_FOOT_OF_A_LINE = 0.74  # of the leading


@dataclass(frozen=True, slots=True)
class _Block:
    """The wrapped texts of a signature."""

    statement: tuple[Line, ...]
    role: tuple[Line, ...]
    name_label: Line
    name: tuple[Line, ...]
    date_sign_label: Line


class Closing:
    """Kept together on one page. Places and sizes in points."""

    def __init__(self, paper: Paper, data: FormData, span: tuple[float, float]) -> None:
        self._paper = paper
        self._left, self._right = span
        width = self._right - self._left
        self._sentence = paper.regular.balanced(data.closing_sentence(), width / _SENTENCE_SIZE)
        self._width = width / len(data.spec.signatures)
        self._blocks = [self._set(block, data.signatories.get(block.signatory, "")) for block in data.spec.signatures]
        self._statements = max(len(block.statement) for block in self._blocks) * _LEADING
        self._roles = max(len(block.role) for block in self._blocks) * _LEADING
        self._names = max(len(block.name) for block in self._blocks) * _LEADING
        self._box = 2 * _PADDING + self._statements + self._roles + self._names + 2 * _LEADING + _GAP + _ROOM_TO_SIGN
        self.height = len(self._sentence) * _SENTENCE_LEADING + _GAP + self._box

    def draw(self, top: float) -> None:
        """The sentence and the blocks, from `top` downwards."""
        y = self._draw_lines(self._sentence, (self._right, top), RIGHT, _SENTENCE_SIZE, _SENTENCE_LEADING) - _GAP
        foot = y - self._box
        self._paper.frame((self._left, foot, self._right - self._left, self._box), width=0.8)
        inner = [self._right - index * self._width for index in range(1, len(self._blocks))]
        self._paper.rules([(x, foot, x, y) for x in inner], width=0.35, gray=0.45)
        for index, block in enumerate(self._blocks):
            self._draw_block(block, self._right - index * self._width, y - _PADDING)

    def _set(self, signature: Signature, name: str) -> _Block:
        regular, bold = self._paper.regular, self._paper.bold
        measure = (self._width - 2 * _PADDING) / _SIZE
        return _Block(
            regular.balanced(signature.statement, measure),
            bold.balanced(signature.role, measure),
            regular.line(signature.name_label),
            regular.lines(name, measure),
            regular.line(signature.date_sign_label),
        )

    def _draw_block(self, block: _Block, right: float, top: float) -> None:
        centre = right - self._width / 2
        self._draw_lines(block.statement, (centre, top), CENTRE)
        top -= self._statements
        self._draw_lines(block.role, (centre, top), CENTRE)
        top -= self._roles + _GAP / 2
        self._paper.rules([(right - self._width + _PADDING, top, right - _PADDING, top)], width=0.35, gray=0.7)
        top = self._draw_label(block.name_label, (right - _PADDING, top - _GAP / 2))
        self._draw_name(block.name, right, top)
        self._draw_label(block.date_sign_label, (right - _PADDING, top - self._names))

    def _draw_name(self, name: tuple[Line, ...], right: float, top: float) -> None:
        if name[0].width:
            self._draw_lines(name, (right - self._width / 2, top), CENTRE)
        else:
            self._paper.dots(right - self._width + _PADDING, right - _PADDING, top - _LEADING * _FOOT_OF_A_LINE)

    def _draw_label(self, label: Line, place: tuple[float, float]) -> float:
        return self._draw_lines((label,), place, RIGHT, _LABEL_SIZE)

    def _draw_lines(
        self,
        lines: tuple[Line, ...],
        place: tuple[float, float],
        anchor: float,
        size: float = _SIZE,
        leading: float = _LEADING,
    ) -> float:
        """Lines from `place` downwards; returns their foot."""
        x, y = place
        for line in lines:
            self._paper.text(line, size, (x, y - leading * _FOOT_OF_A_LINE), anchor)
            y -= leading
        return y
