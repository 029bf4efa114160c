"""Slips drawn from the top down: on till rolls of 58 and 80 mm as long as what stands on them, or on a small sheet.

Printers of rolls leave a margin of their own, so text keeps 5 (4) mm from the edges.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from reports.pdf.paper import CENTRE, LEFT, MM, RIGHT, Paper
from reports.pdf.typeface import Line

_LEADING: Final = 1.55
_ABOVE_RULE: Final = 1.6
_LONGER: Final = 2.0  # mm; a slip that is wider than long would be turned by the printer


@dataclass(frozen=True, slots=True)
class Roll:
    """A paper: width and margin in mm; `tall` of a sheet, 0 for a roll; `scale` of the type."""

    width: float
    margin: float
    tall: float = 0
    scale: float = 1.0


TILL_ROLLS: Mapping[int, Roll] = MappingProxyType({58: Roll(58, 5), 80: Roll(80, 4)})
"""The rolls of till printers by their width in mm."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line, wrapped where it must be; `beside` stands at the left edge of its first line."""

    text: str
    size: float = 9
    bold: bool = False
    anchor: float = RIGHT
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty space, with a rule in its middle or not."""

    points: float = 4
    ruled: bool = False


Entry: TypeAlias = "Text | Gap"


def slip(title: str, entries: Sequence[Entry], roll: Roll) -> bytes:
    """The whole file. `Trouble` P-4101 if the font files are not there."""
    tall = roll.tall * MM or max((roll.width + _LONGER) * MM, _drawn(Paper(title), entries, 0, roll) + 8 * MM)
    paper = Paper(title, (roll.width * MM, tall))
    _drawn(paper, entries, tall, roll)
    return paper.pdf()


def _drawn(paper: Paper, entries: Sequence[Entry], top: float, roll: Roll) -> float:
    """Draw from the top of a page; how many points it took."""
    paper.new_page()
    left, right = roll.margin * MM, (roll.width - roll.margin) * MM
    y = top - roll.margin * MM
    for entry in entries:
        place = (left, right, y)
        y = _gap(paper, entry, place, roll) if isinstance(entry, Gap) else _text(paper, entry, place, roll)
    return top - y


def _gap(paper: Paper, gap: Gap, place: tuple[float, float, float], roll: Roll) -> float:
    left, right, y = place
    if not gap.ruled:
        return y - gap.points * roll.scale
    y -= _ABOVE_RULE * gap.points * roll.scale  # what hangs below a line of text does not touch the rule
    paper.rules([(left, y, right, y)], width=0.5)
    return y - gap.points * roll.scale / 2


def _text(paper: Paper, text: Text, place: tuple[float, float, float], roll: Roll) -> float:
    left, right, y = place
    size = text.size * roll.scale
    x = {RIGHT: right, CENTRE: (left + right) / 2}[text.anchor]
    for number, line in enumerate(_lines(paper, text, (right - left) / size)):
        y -= size * _LEADING
        paper.text(line, size, (x, y), text.anchor)
        if text.beside and number == 0:
            beside = (paper.bold if text.bold else paper.regular).line(text.beside)
            paper.text(beside, size, (left, y), LEFT)
    return y


def _lines(paper: Paper, text: Text, room: float) -> tuple[Line, ...]:
    typeface = paper.bold if text.bold else paper.regular
    taken = typeface.line(text.beside).width + 1 if text.beside else 0
    return typeface.lines(text.text, room - taken)
