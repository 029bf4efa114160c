"""The list of readers' wishes, read back from the paper (000 §1-2-الف)."""

import datetime as dt
import io
import uuid

import pytest
from openpyxl import load_workbook

from app.wishes.facts import WishLine
from db.codes import WishState
from reports.preview import page_count
from reports.wish_list import wishes_pdf, wishes_xlsx
from tests.reports.branches import BRANCH
from tests.reports.reading import missing, raw_text

DAY = dt.date(2026, 11, 21)
PLANNED = WishLine(
    uuid.UUID(int=1), 1, "کلیدر، محمود دولت‌آبادی، ۱۳۸۶", DAY, WishState.PLANNED, "خریداری می‌شود. در بهار",
    uuid.UUID(int=2), "20014", "مریم", "رضایی",
)  # fmt: skip
NOBODYS = WishLine(uuid.UUID(int=3), 1, "چشم‌هایش", DAY, WishState.ASKED, None, None, None, None, None)


def test_the_list_names_book_reader_day_state_and_answer() -> None:
    pdf = wishes_pdf(BRANCH, [NOBODYS, PLANNED], DAY)
    wanted = [
        "فهرست درخواست‌های خرید مراجعان", "شنبه ۳۰ آبان ۱۴۰۵", "۲ درخواست", "در انتظار پاسخ: ۱", "چشم‌هایش",
        "بی‌نام", "مریم رضایی", "۱۴۰۵/۰۸/۳۰", "خریداری می‌شود: ۱", "در بهار",
    ]  # fmt: skip
    assert missing(wanted, raw_text(pdf, "-raw")) == []
    assert pdf == wishes_pdf(BRANCH, [NOBODYS, PLANNED], DAY)


def test_a_long_list_repeats_its_head_and_an_empty_one_says_so() -> None:
    pages = raw_text(wishes_pdf(BRANCH, [PLANNED] * 80, DAY), "-raw").split("\f")[:-1]
    assert len(pages) > 2
    assert [missing(["درخواست‌کننده", "پاسخ"], page) for page in pages] == [[]] * len(pages)
    assert missing(["درخواستی نیست"], raw_text(wishes_pdf(BRANCH, [], DAY), "-raw")) == []


@pytest.mark.parametrize("wish", ["=1+1", "<b>پررنگ</b> &amp;", "\u202eچپ", "الف\u0000ب"])
def test_what_readers_write_does_no_harm(wish: str) -> None:
    line = WishLine(uuid.UUID(int=4), 1, wish, DAY, "of a newer version", wish, None, None, None, None)
    assert page_count(wishes_pdf(BRANCH, [line], DAY)) == 1
    sheet = load_workbook(io.BytesIO(wishes_xlsx([line, PLANNED]))).worksheets[0]
    assert sheet.sheet_view.rightToLeft
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert rows[0][4] == "of a newer version"
    assert rows[1][1:5] == ("کلیدر، محمود دولت‌آبادی، ۱۳۸۶", "مریم رضایی", "۱۴۰۵/۰۸/۳۰", "خریداری می‌شود")
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n"}
