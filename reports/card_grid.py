"""The date grid on the back of a membership card (004 ب-1، 5: «ثبت زمان برگشت کتاب در کارت عضویت»).

Backs are printed ten on an A4 sheet, to be cut or glued; later one date is printed into the next free cell of a card
that is fed into the printer.
"""

import datetime as dt
from typing import Final

from app.library import BranchFacts
from app.notices.texts import phone_words
from app.persian import jalali
from app.persian.digits import number
from reports.pdf.paper import A4, CENTRE, MM, Paper

CARD: Final = (85.6 * MM, 53.98 * MM)
"""A card of ISO/IEC 7810 ID-1, in points."""
COLUMNS, LINES = 4, 6
CELLS: Final = COLUMNS * LINES
_ON_A_PAGE, _ACROSS = 10, 2
_PADDING, _HEAD = 3 * MM, 8 * MM


def card_backs(branch: BranchFacts) -> bytes:
    """An A4 sheet of ten card backs with empty grids and lines to cut along."""
    paper = Paper("پشت کارت عضویت")
    paper.new_page()
    across, down = (A4[0] - _ACROSS * CARD[0]) / 2, (A4[1] - _ON_A_PAGE // _ACROSS * CARD[1]) / 2
    for place in range(_ON_A_PAGE):
        x = across + place % _ACROSS * CARD[0]
        y = A4[1] - down - (place // _ACROSS + 1) * CARD[1]
        paper.frame((x, y, *CARD), width=0.3)
        _grid(paper, branch, (x, y))
    return paper.pdf()


def grid_stamp(cell: int, day: dt.date) -> bytes:
    """A page of the size of a card with nothing but a date in the cell (from 1, right to left, line by line)."""
    if not 1 <= cell <= CELLS:
        raise ValueError(cell)
    paper = Paper("تاریخ بازگشت", CARD)
    paper.new_page()
    x, y, width, height = cell_box(cell)
    paper.text(paper.bold.line(jalali.short(day)), 8.5, (x + width / 2, y + height / 2 - 3), CENTRE)
    return paper.pdf()


def cell_box(cell: int) -> tuple[float, float, float, float]:
    """Where a cell lies on the card: x, y, width and height in points from the lower left corner."""
    width, height = (CARD[0] - 2 * _PADDING) / COLUMNS, (CARD[1] - _PADDING - _HEAD) / LINES
    column, line = (cell - 1) % COLUMNS, (cell - 1) // COLUMNS
    return CARD[0] - _PADDING - (column + 1) * width, CARD[1] - _HEAD - (line + 1) * height, width, height


def _grid(paper: Paper, branch: BranchFacts, corner: tuple[float, float]) -> None:
    x, y = corner
    words = " · ".join(part for part in ("تاریخ بازگشت", branch.name, phone_words(branch.phone)) if part)
    line = paper.bold.line(words)
    size = min(7.5, (CARD[0] - 2 * _PADDING) / line.width)
    paper.text(line, size, (x + CARD[0] / 2, y + CARD[1] - 5.5 * MM), CENTRE)
    for cell in range(1, CELLS + 1):
        left, foot, width, height = cell_box(cell)
        paper.frame((x + left, y + foot, width, height), width=0.35)
        small = paper.regular.line(number(cell))
        paper.text(small, 5, (x + left + width - 1.5, y + foot + height - 6), gray=0.45)
