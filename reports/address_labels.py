"""Address labels of parcels: A4, two columns of four (105 x 74 mm), from any free place on."""

from collections.abc import Sequence
from typing import Final

from app.labels import CHANNEL
from app.library import BranchFacts
from app.members.identity import show, to_e164
from app.persian.digits import to_persian
from app.routes.parcels import Labelled
from reports.pdf.paper import A4, LEFT, MM, RIGHT, Paper

COLUMNS: Final = 2
ON_A_PAGE: Final = 8
WIDTH: Final = A4[0] / COLUMNS
HEIGHT: Final = A4[1] / (ON_A_PAGE // COLUMNS)
_PADDING = 8 * MM


def address_labels(branch: BranchFacts, parcels: Sequence[Labelled], start: int = 1) -> bytes:
    """The labels; the first `start` - 1 places of the first sheet (used up before) stay empty."""
    paper = Paper("برچسب نشانی بسته‌ها")
    for number, labelled in enumerate(parcels, start - 1):
        place = number % ON_A_PAGE
        if place == 0 or number == start - 1:
            paper.new_page()
        column, line = place % COLUMNS, place // COLUMNS
        right, top = A4[0] - column * WIDTH, A4[1] - line * HEIGHT
        _label(paper, branch, labelled, (right - _PADDING, top - _PADDING))
    return paper.pdf()


def _label(paper: Paper, branch: BranchFacts, labelled: Labelled, corner: tuple[float, float]) -> None:
    parcel = labelled.parcel
    right, y = corner
    room = WIDTH - 2 * _PADDING
    left = right - room
    paper.frame((left - 8, y - HEIGHT + 2 * _PADDING - 8, room + 16, HEIGHT - 2 * _PADDING + 16), width=0.3)
    sender = " · ".join(part for part in (branch.name, branch.address or branch.city, _phone(branch.phone)) if part)
    for line in paper.regular.lines(f"فرستنده: {sender}", room / 8)[:2]:
        y -= 11
        paper.text(line, 8, (right, y), RIGHT, gray=0.25)
    y -= 8
    paper.rules([(left, y, right, y)], width=0.4)
    y -= 20
    paper.text(paper.bold.line(f"گیرنده: {parcel.reader}"), 12, (right, y), RIGHT)
    for line in paper.regular.lines(parcel.address or "", room / 11)[:3]:
        y -= 18
        paper.text(line, 11, (right, y), RIGHT)
    postal = f"کد پستی {to_persian(labelled.postal_code)}" if labelled.postal_code else ""
    foot = "   ".join(part for part in (postal, _phone(parcel.mobile)) if part)
    if foot:
        y -= 18
        paper.text(paper.regular.line(foot), 10, (right, y), RIGHT)
    bottom = corner[1] - HEIGHT + 2 * _PADDING
    paper.text(paper.bold.line(CHANNEL[parcel.channel]), 9, (right, bottom), RIGHT)
    if parcel.tracking_no:
        paper.text(paper.regular.line(f"رهگیری {to_persian(parcel.tracking_no)}"), 9, (left, bottom), LEFT)


def _phone(number: str | None) -> str:
    return f"تلفن {show(to_e164(number) or number)}" if number else ""
