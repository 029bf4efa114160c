"""Membership cards (004 الف-1, 6): one a page of the size of a bank card, or ten on an A4 sheet from any free place on.

The bars are Code 128 in whole dots of a printer with 203 dpi, so that a card printed on paper is read by any scanner.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from app.library import BranchFacts
from app.members.faces import CardFace
from app.persian import jalali
from app.persian.digits import to_persian
from reports.card_grid import CARD
from reports.clearance_codes import QUIET_BARS, draw_bars
from reports.pdf.paper import A4, CENTRE, MM, RIGHT, Paper

ACROSS, DOWN = 2, 5
ON_A_SHEET: Final = ACROSS * DOWN
_DOT: Final = 25.4 / 203 * MM
_PADDING: Final = 4 * MM
_PHOTO: Final = (18 * MM, 24 * MM)
_BARS_HIGH: Final = 10 * MM
Corner = tuple[float, float]


def single_cards(branch: BranchFacts, faces: Sequence[CardFace]) -> bytes:
    """One card a page, for printers of plastic cards."""
    paper = Paper("کارت عضویت", CARD)
    for face in faces:
        paper.new_page()
        _draw(paper, branch, face, (0, 0))
    return paper.pdf()


def card_sheets(branch: BranchFacts, faces: Sequence[CardFace], start: int = 1) -> bytes:
    """Ten cards on an A4 sheet with lines to cut along; the first `start` - 1 places (used before) stay empty.

    Raises ValueError for a place that a sheet does not have.
    """
    if not 1 <= start <= ON_A_SHEET:
        raise ValueError(start)
    paper = Paper("کارت‌های عضویت")
    places = chain(list(_places())[start - 1 :], _for_ever())
    first = True
    for face in faces:
        number, corner = next(places)
        if first or number == 0:
            paper.new_page()
        first = False
        paper.frame((*corner, *CARD), width=0.3)
        _draw(paper, branch, face, corner)
    return paper.pdf()


def _for_ever() -> Iterator[tuple[int, Corner]]:
    while True:
        yield from _places()


def _places() -> Iterator[tuple[int, Corner]]:
    """The lower left corner of each place, from the upper right on, as a Persian sheet is filled."""
    beside, above = (A4[0] - ACROSS * CARD[0]) / 2, (A4[1] - DOWN * CARD[1]) / 2
    for number in range(ON_A_SHEET):
        column, line = number % ACROSS, number // ACROSS
        yield number, (A4[0] - beside - (column + 1) * CARD[0], A4[1] - above - (line + 1) * CARD[1])


def _draw(paper: Paper, branch: BranchFacts, face: CardFace, corner: Corner) -> None:
    x, y = corner
    right, top = x + CARD[0] - _PADDING, y + CARD[1] - _PADDING
    _photo(paper, face, (x + _PADDING, top - _PHOTO[1]))
    room = CARD[0] - 3 * _PADDING - _PHOTO[0]
    lines = (
        (branch.name, 8.5, True, 9),
        ("کارت عضویت", 7, False, 9),
        (face.name, 11.5, True, 19),
        (f"شمارهٔ عضویت {to_persian(face.member_no)} · {face.category}", 7.5, False, 13),
        (f"اعتبار تا {jalali.short(face.expires_on)}" if face.expires_on else "", 7.5, False, 11),
    )
    at = top
    for words, size, strong, step in lines:
        at -= step
        line = (paper.bold if strong else paper.regular).line(words)
        paper.text(line, min(size, room / line.width) if line.width else size, (right, at), RIGHT)
    _bars(paper, face.number, (x, y + _PADDING))


def _photo(paper: Paper, face: CardFace, corner: Corner) -> None:
    if face.photo is not None:
        paper.picture(face.photo, (*corner, *_PHOTO))
    paper.frame((*corner, *_PHOTO), width=0.4)


def _bars(paper: Paper, number: str, foot: Corner) -> None:
    """The bars in the middle of the card with the number under them; a number too long for bars stands alone."""
    x, y = foot
    middle = x + CARD[0] / 2
    paper.text(paper.regular.line(number), 6.5, (middle, y - 1), CENTRE)
    module = _module(number)
    if module:
        width = _modules(number) * module
        draw_bars(paper, number, (middle - width / 2, y + 7), _BARS_HIGH, module)


def _module(number: str) -> float:
    """The widest module, in whole dots of 203 dpi, at which the bars and their quiet zones fit the card; 0 for none."""
    room = CARD[0] - 2 * MM
    fitting = (dots * _DOT for dots in (3, 2) if (_modules(number) + 2 * QUIET_BARS) * dots * _DOT <= room)
    return next(fitting, 0.0)


def _modules(number: str) -> int:
    import barcode

    (pattern,) = barcode.Code128(number).build()
    return len(pattern)
