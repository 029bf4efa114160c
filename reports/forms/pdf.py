"""An official form as a PDF file: A4, right to left, as the guideline lays it out (002 پیوست ۱ تا ۵)."""

from app.persian.digits import to_persian
from reports.forms.closing import Closing
from reports.forms.data import DRAFT_MARK, FormData
from reports.forms.heading import Heading
from reports.forms.table import Table, shared_out
from reports.pdf.garbage import left_for_later
from reports.pdf.paper import A4, CENTRE, LEFT, MM, RIGHT, Paper

_MARGIN = 12 * MM
_TOP = A4[1] - 11 * MM
_FOOT = 15 * MM
_GAP = 8.0


def form_pdf(data: FormData) -> bytes:
    """The whole file. Equal data make equal bytes. `Trouble` P-4101 if the font files are not there."""
    with left_for_later():
        return _Form(data).pdf()


class _Form:
    def __init__(self, data: FormData) -> None:
        self._data = data
        self._paper = Paper(f"{data.spec.title} · {data.source_text()}")
        self._span = (_MARGIN, A4[0] - _MARGIN)
        self._table = Table(self._paper, data.spec.columns, self._span[1])
        self._heading = Heading(self._paper, data, self._span)
        self._closing = Closing(self._paper, data, self._span)

    def pdf(self) -> bytes:
        under_first = _TOP - self._heading.height - _GAP - self._table.head_height - _FOOT
        under_others = _TOP - self._heading.short_height - _GAP - self._table.head_height - _FOOT
        pages = shared_out(self._table.rows(self._data), under_first, under_others, self._closing.height + _GAP)
        for number, rows in enumerate(pages, start=1):
            self._paper.new_page()
            self._draw_draft_mark()
            y = self._heading.draw(_TOP) if number == 1 else self._heading.draw_short(_TOP)
            y -= _GAP
            if rows:
                y = self._table.draw(rows, y) - _GAP
            if number == len(pages):
                self._closing.draw(y)
            self._draw_foot(number, len(pages))
        return self._paper.pdf()

    def _draw_draft_mark(self) -> None:
        if self._data.draft:
            self._paper.slanted(self._paper.bold.line(DRAFT_MARK), 104, (A4[0] / 2, A4[1] / 2), 52, gray=0.9)

    def _draw_foot(self, number: int, pages: int) -> None:
        left, right = self._span
        line = self._paper.regular.line
        self._paper.rules([(left, _FOOT - 9, right, _FOOT - 9)], width=0.35, gray=0.45)
        page = f"صفحهٔ {to_persian(str(number))} از {to_persian(str(pages))}"
        self._paper.text(line(page), 8, ((left + right) / 2, _FOOT - 20), CENTRE)
        self._draw_small(self._data.source_text(), (right, _FOOT - 20), RIGHT)
        self._draw_small(self._data.edition_text(), (right, _FOOT - 30), RIGHT)
        self._draw_small(self._data.chain_text(), (left, _FOOT - 20), LEFT)

    def _draw_small(self, text: str, place: tuple[float, float], anchor: float) -> None:
        """Small print, still smaller where it would meet the page number."""
        line = self._paper.regular.line(text)
        room = (self._span[1] - self._span[0]) * 0.43
        self._paper.text(line, min(7.0, room / max(line.width, 1)), place, anchor, gray=0.35)
