"""The binder list and the letter of refused titles, read back from the paper."""

import dataclasses
import datetime as dt
import io
import uuid

import pytest
from openpyxl import load_workbook

from app.library import BranchFacts
from app.staff.offices import Position
from app.weeding.minutes.archive import Filed, FiledLetter
from app.weeding.minutes.attaching import Attachment
from app.weeding.minutes.deliveries import Delivery
from app.weeding.minutes.reads import RowOnTheWay, RulingFacts
from app.weeding.minutes.refused import RefusedTitles
from app.weeding.minutes.tracking import RefusedRow
from db.codes import (
    BranchKind,
    Condition,
    DisposalKind,
    ItemStatus,
    MinutesState,
    MinutesStepKind,
    RulingLevel,
    Verdict,
    WeedingReason,
)
from reports.binder_list import binder_pdf, binder_xlsx
from reports.preview import page_count
from reports.refused_titles import print_refused_titles
from tests.reports.reading import missing, raw_text

BRANCH = BranchFacts(
    id=uuid.UUID(int=1), ver=1, name="کتابخانه عمومی شهید بهشتی", province="قزوین", county="آوج", city="آبگرم",
    grade="۴", kind=BranchKind.INSTITUTIONAL, space_shortage=False, barcode_prefix="B",
)  # fmt: skip
DAY, SINCE, UNTIL = dt.date(2026, 11, 21), dt.date(2026, 3, 21), dt.date(2026, 12, 1)
AT = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
HOSTILE = ("=1+1", "<b>پررنگ</b> &amp;", "\u202eچپ", "@SUM(A1)")


def filed(number: int, name: str = "رسید تحویل.pdf") -> Filed:
    letters = (
        FiledLetter("۱۲/۴۱", DAY, MinutesStepKind.SEND, MinutesState.AT_COUNTY, None),
        FiledLetter("45/202", DAY, MinutesStepKind.FORWARD, MinutesState.AT_PROVINCE, RulingLevel.COUNTY),
        FiledLetter("۱۲/۹۰", DAY, MinutesStepKind.SEND, MinutesState.CLOSED, None),
    )
    receipt = Attachment(uuid.UUID(int=9), uuid.UUID(int=number), name, "application/pdf", "0" * 64, AT)
    return Filed(
        uuid.UUID(int=number),
        WeedingReason.WORN,
        MinutesState.CLOSED,
        f"1405/{number}",
        2,
        DAY,
        14,
        letters,
        (receipt,),
        (Delivery(uuid.UUID(int=8), DisposalKind.EXCHANGE, DAY, 1405, 3, "ر-۷", "شهید رجایی", None, None, 2),),
    )


def refused(number: int, title: str = "راهنمای ویندوز ۹۸") -> RefusedRow:
    row = RowOnTheWay(
        id=uuid.UUID(int=number), ver=1, position=number, item_id=uuid.UUID(int=100 + number), title=title,
        main_creator="دولت‌آبادی، محمود", year=1378, accession_no=2114 + number, accession_date=DAY, barcode="B1",
        volume_no=None, copy_no=1, class_no="005", condition=Condition.WORN, last_loan_on=None, loan_count=0,
        article="4-1-ج", remark=None, struck_at=None, struck_why=None, criterion="worn", unbindable=True,
        permit_no=None, permit_on=None, replaced_by=None, author_id=uuid.UUID(int=3), proposed_at=AT, executed_on=None,
        title_id=uuid.UUID(int=4), copy_ver=1, status=ItemStatus.AVAILABLE, on_minutes_id=None,
    )  # fmt: skip
    ruling = RulingFacts(
        row.item_id, 1, RulingLevel.PROVINCE, Verdict.REJECT, "نیاز مراجعان", AT, "کارشناس", "97/1120", DAY, None
    )
    return RefusedRow(row, ruling)


def letter(*rows: RefusedRow) -> RefusedTitles:
    return RefusedTitles(
        BRANCH, WeedingReason.WORN, "1405/4", 1, DAY, rows, Position.PROVINCE_REVIEWER, "سیده فاطمه میرحسینی"
    )


def test_the_binder_list_names_number_day_reason_copies_letters_and_receipts() -> None:
    pdf = binder_pdf(BRANCH, [filed(1), filed(2)], SINCE, UNTIL)
    wanted = [
        "فهرست زونکن صورتجلسه‌های وجین", "از ۱۴۰۵/۰۱/۰۱ تا ۱۴۰۵/۰۹/۱۰", "۱۴۰۵/۱", "۱۴۰۵/۲", "۱۴۰۵/۰۸/۳۰", "فرسوده",
        "۱۲/۴۱", "۴۵/۲۰۲", "فهرست نهایی", "۱۲/۹۰", "رسید تحویل.pdf", "بسته‌شده", "۲ صورتجلسه، ۲۸ نسخه",
    ]  # fmt: skip
    assert missing([*wanted, "تحویل به کتابخانه", "۱۴۰۵/۳", "رسید ر-۷"], raw_text(pdf, "-raw")) == []
    assert pdf == binder_pdf(BRANCH, [filed(1), filed(2)], SINCE, UNTIL)


def test_a_binder_of_many_minutes_repeats_its_head() -> None:
    pdf = binder_pdf(BRANCH, [filed(number) for number in range(1, 61)], SINCE, UNTIL)
    pages = raw_text(pdf, "-raw").split("\f")[:-1]
    assert len(pages) == page_count(pdf) > 2
    assert [missing(["شماره", "پیوست‌ها"], page) for page in pages[:-1]] == [[]] * (len(pages) - 1)


def test_an_empty_binder_says_so() -> None:
    assert missing(["صورتجلسه‌ای نهایی نشده است"], raw_text(binder_pdf(BRANCH, [], SINCE, UNTIL), "-raw")) == []


def test_the_binder_in_excel_runs_from_right_to_left_and_holds_no_formula() -> None:
    withdrawn = dataclasses.replace(filed(2), state=MinutesState.SUPERSEDED)
    sheet = load_workbook(io.BytesIO(binder_xlsx([filed(1, HOSTILE[0]), withdrawn], SINCE, UNTIL))).worksheets[0]
    assert sheet.sheet_view.rightToLeft
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert rows[0][:6] == (1, "۱۴۰۵/۱", "۱۴۰۵/۰۸/۳۰", "فرسوده", 2, 14)
    assert str(rows[0][7]).split("؛ ")[0] == "=1+1"
    assert rows[1][8] == "پس گرفته‌شده"
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n"}


def test_the_letter_goes_to_the_county_with_every_refused_title_and_its_reason() -> None:
    """002 م7-10."""
    pdf = print_refused_titles(letter(refused(1), refused(2, "فرهنگ عمید")))
    wanted = [
        "فهرست منابعی که وجین آن‌ها تأیید نشد", "شهرستان آوج", "۱۴۰۵/۴", "راهنمای ویندوز ۹۸", "۲۱۱۵",
        "فرهنگ عمید", "۲۱۱۶", "نیاز مراجعان", "۹۷/۱۱۲۰", "کارشناس منابع استان", "سیده فاطمه میرحسینی",
    ]  # fmt: skip
    assert missing(wanted, raw_text(pdf, "-raw")) == []
    assert pdf == print_refused_titles(letter(refused(1), refused(2, "فرهنگ عمید")))


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_are_printed_as_text(title: str) -> None:
    assert page_count(print_refused_titles(letter(refused(1, title)))) == 1
    assert page_count(binder_pdf(BRANCH, [filed(1, title)], SINCE, UNTIL)) == 1


def test_a_letter_of_a_hundred_titles_takes_its_pages() -> None:
    pdf = print_refused_titles(letter(*(refused(number) for number in range(1, 101))))
    pages = raw_text(pdf, "-raw").split("\f")[:-1]
    assert len(pages) > 3
    assert [missing(["نظر", "ردیف"], page) for page in pages[:-1]] == [[]] * (len(pages) - 1)
