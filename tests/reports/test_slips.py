"""Slips and the dates on the card as they come out of the printer (004 ب-1، 5: «ثبت زمان برگشت کتاب در کارت عضویت»)."""

import datetime as dt
import re
import uuid

import pypdfium2
import pytest

from app.library import BranchFacts
from app.notices.slips import BackLine, DueLine, SlipReader
from db.codes import BranchKind
from reports.card_grid import CARD, CELLS, card_backs, cell_box, grid_stamp
from reports.pdf.paper import A4, MM
from reports.slips import ROLLS, due_slip, return_slip
from tests.reports.reading import missing, raw_text

TODAY = dt.date(2026, 11, 21)
DUE = dt.date(2026, 12, 5)  # شنبه ۱۴ آذر ۱۴۰۵
BRANCH = BranchFacts(
    uuid.uuid4(), 1, "کتابخانه عمومی شهید بهشتی", "مرکزی", "اراک", "آبگرم", "۴", BranchKind.INSTITUTIONAL, False,
    "RAF-", phone="086-34567890", address="میدان امام",
)  # fmt: skip
READER = SlipReader(uuid.uuid4(), "مریم", "رضایی", "000007")
LONG = "از پاریز تا پاریس: هفت شهر، هفت جوش، هفت رنگ و داستان‌های دیگر"
LINES = (
    DueLine("سووشون", None, 12, TODAY, DUE),
    DueLine(LONG, "۲", 13, TODAY, DUE),
    DueLine("Windows XP", None, 14, TODAY, DUE),
)


def size(pdf: bytes) -> tuple[float, float]:
    """Width and height of the first page in millimetres."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        wide, tall = document[0].get_size()
        return wide / MM, tall / MM
    finally:
        document.close()


def places(pdf: bytes) -> dict[str, tuple[float, float, float, float]]:
    """Where each word stands: x1, y1, x2, y2 in points from the upper left corner."""
    told = raw_text(pdf, "-bbox")
    found = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', told)
    return {text: (float(a), float(b), float(c), float(d)) for a, b, c, d, text in found}


@pytest.mark.parametrize("width", ROLLS)
def test_a_due_slip_is_as_wide_as_its_roll_and_tells_title_and_jalali_date(width: int) -> None:
    pdf = due_slip(BRANCH, READER, LINES, TODAY, width)
    assert size(pdf)[0] == pytest.approx(width, abs=0.1)
    wanted = ("کتابخانه عمومی شهید بهشتی", "م. رضایی", "سووشون", LONG, "شنبه ۱۴ آذر ۱۴۰۵", "۰۸۶", "۱۴۰۵/۰۸/۳۰")
    assert missing(wanted, raw_text(pdf, "-raw")) == []


@pytest.mark.parametrize("width", ROLLS)
def test_nothing_is_printed_where_the_printer_cannot(width: int) -> None:
    pdf = due_slip(BRANCH, READER, LINES, TODAY, width)
    tall = size(pdf)[1] * MM
    for x1, y1, x2, y2 in places(pdf).values():
        assert x1 >= 3.5 * MM
        assert x2 <= (width - 3.5) * MM
        assert 0 <= y1 < y2 <= tall


def test_a_slip_is_longer_with_every_book_and_never_cut() -> None:
    assert size(due_slip(BRANCH, READER, (), TODAY, 80))[1] > 80  # a slip wider than long would be turned
    heights = [size(due_slip(BRANCH, READER, LINES * number, TODAY, 58))[1] for number in (1, 2, 8)]
    assert heights == sorted(heights)
    assert heights[0] < heights[2]


def test_a_slip_does_not_tell_the_given_name() -> None:
    assert "مریم" not in raw_text(due_slip(BRANCH, READER, LINES, TODAY), "-raw")


def test_a_reader_without_books_gets_a_slip_that_says_so() -> None:
    assert missing(["کتابی در امانت نیست"], raw_text(due_slip(BRANCH, READER, (), TODAY), "-raw")) == []


def test_a_return_slip_tells_what_came_back_and_what_was_charged() -> None:
    line = BackLine(READER.id, "کلیدر", None, 15, DUE, dt.date(2026, 12, 9), 24_000)
    text = raw_text(return_slip(BRANCH, READER, (line,), TODAY, 58), "-raw")
    assert missing(("کلیدر", "۱۸ آذر ۱۴۰۵", "۲۴٬۰۰۰"), text) == []


def test_ten_card_backs_stand_on_a_sheet() -> None:
    pdf = card_backs(BRANCH)
    assert size(pdf) == pytest.approx((A4[0] / MM, A4[1] / MM), abs=0.1)
    assert raw_text(pdf, "-raw").count("بازگشت") == 10


@pytest.mark.parametrize("cell", [1, 4, 5, 14, CELLS])
def test_the_next_date_is_printed_into_its_cell_and_nowhere_else(cell: int) -> None:
    pdf = grid_stamp(cell, DUE)
    assert size(pdf) == pytest.approx((85.6, 53.98), abs=0.1)
    ((text, (x1, y1, x2, y2)),) = places(pdf).items()
    assert text == "۱۴۰۵/۰۹/۱۴"
    left, foot, width, height = cell_box(cell)
    assert left <= x1 < x2 <= left + width
    middle = CARD[1] - (y1 + y2) / 2
    assert foot <= middle <= foot + height


@pytest.mark.parametrize("cell", [0, CELLS + 1])
def test_there_is_no_cell_beyond_the_grid(cell: int) -> None:
    with pytest.raises(ValueError, match=str(cell)):
        grid_stamp(cell, DUE)


def test_cells_fill_the_card_from_right_to_left_without_touching() -> None:
    boxes = [cell_box(cell) for cell in range(1, CELLS + 1)]
    assert boxes[0][0] > boxes[1][0]
    assert boxes[0][1] > boxes[4][1]
    for x, y, width, height in boxes:
        assert 0 < x < x + width < CARD[0]
        assert 0 < y < y + height < CARD[1]
