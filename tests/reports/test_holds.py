"""The slip of a kept book, the list to fetch by and the list of the hold shelf, as they come out of the printer."""

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from app.circulation.holds.queries import freed_copies, hold_shelf, kept_copy, pull_list
from app.circulation.pulling import pull_copy
from app.library import Library
from app.persian.digits import to_persian
from db.codes import Channel
from reports.hold_lists import pull_pdf, pull_xlsx, shelf_pdf, shelf_xlsx
from reports.hold_slip import ROLLS, hold_slip
from reports.pdf.paper import A4, MM
from tests.app.circulation.holds.holding import cancel, wait
from tests.library import TODAY, ACopy, a_title, act, add_copy, add_member, found, pass_days
from tests.reports.reading import missing, raw_text, squeezed
from tests.reports.test_slips import places, size

LONG = "از پاریز تا پاریس: هفت شهر، هفت جوش، هفت رنگ و داستان‌های دیگر"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def kept(library: Library) -> ACopy:
    """A copy on the hold shelf for مریم رضایی, number 000001, until Tuesday 3 Azar 1405."""
    copy = add_copy(library, a_title(LONG), volume_no="۲")
    wait(library, add_member(library, mobile="09181234567"), copy, channel=Channel.POST)
    pull_copy(library, copy.barcode, act(library))
    return copy


def slip_of(library: Library, copy: ACopy, width: int) -> bytes:
    with library.store.read() as reader:
        hold = kept_copy(reader, copy.id)
    assert hold is not None
    return hold_slip(library.branch, hold, TODAY, width)


@pytest.mark.parametrize("width", ROLLS)
def test_a_slip_tells_for_whom_what_and_until_when(library: Library, kept: ACopy, width: int) -> None:
    pdf = slip_of(library, kept, width)
    assert size(pdf)[0] == pytest.approx(width, abs=0.1)
    wanted = ("م. رضایی", "عضو …۰۰۱", LONG, "جلد ۲", "سه‌شنبه ۳ آذر ۱۴۰۵", "شماره ثبت ۱", "با پست")
    assert missing(wanted, raw_text(pdf, "-raw")) == []


def test_a_slip_keeps_the_reader_to_itself(library: Library, kept: ACopy) -> None:
    text = raw_text(slip_of(library, kept, 80), "-raw")
    assert [told for told in ("مریم", "۰۰۰۰۰۱", "۰۹۱۸") if told in text] == []


@pytest.mark.parametrize("width", ROLLS)
def test_the_name_is_the_largest_and_nothing_leaves_the_paper(library: Library, kept: ACopy, width: int) -> None:
    pdf = slip_of(library, kept, width)
    tall = size(pdf)[1] * MM
    heights = {}
    for text, (x1, y1, x2, y2) in places(pdf).items():
        assert 3.5 * MM <= x1 < x2 <= (width - 3.5) * MM
        assert 0 <= y1 < y2 <= tall
        heights[text] = y2 - y1
    assert max(heights, key=lambda text: heights[text])[::-1] == "رضایی"  # -bbox gives the letters as they stand


def test_what_to_fetch_is_on_paper_in_the_order_of_the_shelf(library: Library) -> None:
    late = add_copy(library, a_title("تاریخ ایران", dewey="955"))
    early = add_copy(library, a_title(LONG, dewey="100"))
    for copy in (late, early):
        wait(library, add_member(library), copy)
    with library.store.read() as reader:
        rows = pull_list(library, reader, TODAY)
    pdf = pull_pdf(library.branch, rows, TODAY)
    assert size(pdf) == pytest.approx((A4[0] / MM, A4[1] / MM), abs=0.1)
    text = raw_text(pdf, "-raw")
    assert missing(("برداشتن از قفسه", LONG, "تاریخ ایران", "مریم رضایی", "برداشته شد", "۲ کتاب"), text) == []
    page = squeezed(text)
    assert page.index(squeezed(LONG)) < page.index(squeezed("تاریخ ایران"))
    sheet = openpyxl.load_workbook(io.BytesIO(pull_xlsx(rows, TODAY))).active
    assert sheet is not None
    assert [row[1] for row in sheet.iter_rows(min_row=3, values_only=True)] == [LONG, "تاریخ ایران"]
    assert [row[2] for row in sheet.iter_rows(min_row=3, values_only=True)] == [2, 1]


def test_the_hold_shelf_is_on_paper_with_deadline_and_telephone(library: Library, kept: ACopy) -> None:
    gone = add_copy(library, "بوف کور")
    hold = wait(library, add_member(library), gone)
    pull_copy(library, gone.barcode, act(library))
    cancel(library, hold)
    pass_days(library, 5)
    today = library.clock.read().day
    with library.store.read() as reader:
        rows, back = hold_shelf(library, reader, today), freed_copies(reader, today)
    text = raw_text(shelf_pdf(library.branch, rows, back, today), "-raw")
    told = ("۱ کتاب", LONG, "مریم رضایی", "۱۴۰۵/۰۹/۰۳", "۰۹۱۸", "خبر داده نشده", "به جای خود برگردد", "بوف کور")
    assert missing(told, text) == []
    assert rows[0].over
    sheet = openpyxl.load_workbook(io.BytesIO(shelf_xlsx(rows, today))).active
    assert sheet is not None
    (line,) = sheet.iter_rows(min_row=3, values_only=True)
    assert (line[0], line[1], line[4]) == ("۱۴۰۵/۰۹/۰۳", "مریم رضایی", 1)


def test_empty_lists_say_so(library: Library) -> None:
    text = raw_text(pull_pdf(library.branch, (), TODAY), "-raw")
    assert missing(("کتابی برای برداشتن نیست", to_persian("1405")), text) == []
    assert missing(("رزرو خالی است",), raw_text(shelf_pdf(library.branch, (), (), TODAY), "-raw")) == []
