"""The binding request as the official form (002 پیوست پنج)."""

import datetime as dt
import uuid
from dataclasses import replace
from io import BytesIO

import openpyxl

from app.binding.facts import RowFacts
from app.binding.paper import BindingPaper
from db.codes import Condition, ItemStatus
from reports.forms.binding import print_request
from reports.preview import page_count
from tests.reports.reading import missing, raw_text


def copy(number: int) -> RowFacts:
    return RowFacts(
        id=uuid.UUID(int=number),
        ver=1,
        request_id=uuid.UUID(int=1),
        position=number,
        item_id=uuid.UUID(int=1000 + number),
        title="راهنمای ویندوز ۹۸",
        main_creator="بیهقی، ابوالفضل" if number % 2 else None,
        accession_no=2114 + number,
        accession_date=dt.date(2010, 3, 21),
        barcode=f"B{number}",
        volume_no="۲",
        copy_no=1,
        status=ItemStatus.AVAILABLE,
        condition=Condition.WORN,
        on_minutes_id=None,
        kept=False,
        work="عطف",
        received_on=None,
        outcome=None,
        cost=None,
    )


PAPER = BindingPaper(
    library="شهید بهشتی",
    province="قزوین",
    county="آوج",
    city="آبگرم",
    grade="4",
    day=dt.date(2025, 12, 11),
    number="1404/3",
    chain_head="7-ab12",
    rows=tuple(map(copy, range(1, 7))),
    officers={"branch_head": "زهرا کریمی", "bindery_head": "نصرت صفا", "acquisitions": "عضو کمیته"},
)


def test_the_form_says_what_was_asked_for_and_who_signs() -> None:
    printed = print_request(PAPER)
    assert printed.pages == page_count(printed.pdf) == 1
    text = raw_text(printed.pdf)
    words = [
        "فرم شماره یک: درخواست صحافی منابع",
        "۱۴۰۴/۳",
        "۲۱۱۵",
        "نصرت صفا",
        "زهرا کریمی",
        "مسئول بخش صحّافی",
        "۱۴۰۴/۰۹/۲۰",
    ]
    assert missing(words, text) == []
    assert "عضو کمیته" not in text


def test_equal_facts_make_equal_bytes_and_a_draft_is_marked() -> None:
    assert print_request(PAPER) == print_request(PAPER)
    draft = raw_text(print_request(replace(PAPER, number=None)).pdf)
    assert missing(["پیش‌نویس"], draft) == []


def test_the_sheet_opens_right_to_left_with_every_copy() -> None:
    sheet = openpyxl.load_workbook(BytesIO(print_request(PAPER).xlsx)).active
    assert sheet is not None
    assert sheet.sheet_view.rightToLeft
    assert sum(cell.value == "راهنمای ویندوز ۹۸" for line in sheet.iter_rows() for cell in line) == 6


def test_a_full_request_is_set_on_as_many_pages_as_it_needs() -> None:
    printed = print_request(replace(PAPER, rows=tuple(map(copy, range(1, 121)))))
    assert printed.pages == page_count(printed.pdf) > 2
