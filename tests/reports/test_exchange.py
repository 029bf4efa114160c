"""Minutes of deliveries and of recycling, and the county's report, read back as people and programs read them."""

import datetime as dt
import io
import uuid
from dataclasses import replace

import openpyxl
import pytest

from app.exchange.paper import DeliveryPaper, RecyclingPaper
from app.exchange.queries import AnnouncedList, ExchangeReport, Handover
from app.exchange.reads import Offer, Package, PackedCopy
from app.exchange.rules import LibraryFacts
from db.codes import (
    BranchKind,
    DisposalKind,
    DisposalState,
    ExchangeLevel,
    ItemStatus,
    WeedingReason,
)
from reports.exchange import draft_delivery, kilograms, print_delivery, print_recycling
from reports.exchange_offer import offer_pdf, offer_xlsx
from reports.exchange_report import exchange_report_pdf, exchange_report_xlsx
from reports.forms.official import FORMS
from reports.forms.spec import FormKind
from reports.preview import page_count
from tests.reports.branches import BRANCH
from tests.reports.reading import raw_text, squeezed

DAY = dt.date(2026, 11, 21)
LIBRARY = LibraryFacts(
    uuid.UUID(int=9), 1, "کتابخانه عمومی امام علی", BranchKind.INSTITUTIONAL, "مرکزی", "اراک", "1205", None, False, None
)


def copies(number: int) -> tuple[PackedCopy, ...]:
    return tuple(
        PackedCopy(
            uuid.UUID(int=place), 1, uuid.UUID(int=1000 + place), uuid.UUID(int=2000 + place), None,
            ItemStatus.WEEDED_DUPLICATE, f"آموزش گام‌به‌گام {place}", "=رضایی، علی", 1385, 700 + place,
            f"RAF-{place:07}", None, 2, "005.13",
        )
        for place in range(1, number + 1)
    )  # fmt: skip


def delivery(number: int = 2) -> DeliveryPaper:
    return DeliveryPaper(
        BRANCH, ExchangeLevel.COUNTY, WeedingReason.DUPLICATE, "1405/3", DAY, LIBRARY, "ر-۵", "۱۲/۸", copies(number),
        {"county_head": "محمدرضا صالحی"},
    )  # fmt: skip


def test_a_delivery_names_both_sides_and_every_copy() -> None:
    printed = print_delivery(delivery())
    text = squeezed(raw_text(printed.pdf))
    for expected in (
        "صورتجلسهٔ تحویل منابع وجینی به کتابخانه", "شماره ۱۴۰۵/۳ در تاریخ ۱۴۰۵/۰۸/۳۰", "تعداد ۲ نسخه",
        "مرکز مبادلهٔ شهرستان اراک", "کتابخانه عمومی امام علی", "شمارهٔ مجوز ۱۲۰۵", "تکراری", "آموزش گام‌به‌گام ۱",
        "۷۰۲", "رئیس ادارهٔ شهرستان", "محمدرضا صالحی", "مسئول کتابخانه عمومی امام علی",
    ):  # fmt: skip
        assert squeezed(expected) in text, expected
    assert printed == print_delivery(delivery())


def test_what_the_province_gives_goes_through_the_office_of_the_county() -> None:
    """002 م7-20."""
    paper = replace(delivery(), level=ExchangeLevel.PROVINCE, destination=replace(LIBRARY, county="ساوه"))
    text = squeezed(raw_text(print_delivery(paper).pdf))
    assert squeezed("مرکز مبادلهٔ استان مرکزی") in text
    assert squeezed("از طریق ادارهٔ شهرستان ساوه تحویل شد") in text
    assert squeezed("کارشناس منابع استان") in text
    assert "ازطریق" not in squeezed(raw_text(print_delivery(delivery()).pdf))


def test_a_draft_to_be_signed_says_that_it_has_no_number() -> None:
    text = squeezed(raw_text(draft_delivery(replace(delivery(), number=None))))
    assert squeezed("پیش‌نویس در تاریخ ۱۴۰۵/۰۸/۳۰؛ شماره را کتابخانهٔ وجین‌کننده می‌دهد") in text
    assert squeezed("تعداد ۲ نسخه") in text
    assert "None" not in text


def an_announcement(number: int = 3, **fields: object) -> AnnouncedList:
    offer = Offer(uuid.UUID(int=4), ExchangeLevel.COUNTY, DAY, dt.date(2026, 12, 21), "۱۲/۱۰")
    return AnnouncedList(a_package(), replace(offer, **fields), copies(number))  # type: ignore[arg-type]


def test_the_announced_list_tells_until_when_and_in_which_order() -> None:
    text = squeezed(raw_text(offer_pdf(BRANCH, an_announcement())))
    for expected in (
        "فهرست منابع وجینی قابل استفاده", "۳ نسخه از منابع وجینی", "مرکز مبادلهٔ شهرستان اراک", "با نامهٔ شمارهٔ ۱۲/۱۰",
        "مهلت درخواست تا ۱۴۰۵/۰۹/۳۰ است", "نهادی تازه‌تأسیس یا در شرف تأسیس", "دارای مجوز نهاد", "آموزش گام‌به‌گام ۳",
        "درخواست",
    ):  # fmt: skip
        assert squeezed(expected) in text, expected
    open_ended = squeezed(raw_text(offer_pdf(BRANCH, an_announcement(closes_on=None, letter_no=None))))
    assert "مهلت" not in open_ended
    assert "نامه" not in open_ended
    sheet = openpyxl.load_workbook(io.BytesIO(offer_xlsx(BRANCH, an_announcement()))).worksheets[0]
    assert sheet.sheet_view.rightToLeft
    assert [sheet.cell(2, 9).value, sheet.cell(3, 9).value, sheet.max_row] == ["درخواست", None, 5]


@pytest.mark.parametrize(("number", "pages"), [(1, 1), (38, 2), (500, 14)])
def test_long_lists_go_over_pages(number: int, pages: int) -> None:
    assert abs(page_count(offer_pdf(BRANCH, an_announcement(number))) - pages) <= 1


def test_its_sheet_holds_the_same_and_no_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(print_delivery(delivery()).xlsx))
    sheet = book.worksheets[0]
    assert sheet.sheet_view.rightToLeft
    assert "۱۴۰۵/۳" in str(sheet.cell(1, 1).value)
    assert [sheet.cell(3, column).value for column in (2, 3, 5)] == ["آموزش گام‌به‌گام ۱", "=رضایی، علی", 701]
    assert sheet.cell(3, 3).data_type == "s"


@pytest.mark.parametrize(("number", "pages"), [(1, 1), (38, 2), (500, 14)])
def test_long_deliveries_go_over_pages(number: int, pages: int) -> None:
    printed = print_delivery(delivery(number))
    assert printed.pages == page_count(printed.pdf)
    assert abs(printed.pages - pages) <= 1
    assert raw_text(printed.pdf).count("تحویل شد.") >= 1


def test_recycling_has_the_five_signatures_of_form_two() -> None:
    paper = RecyclingPaper(
        BRANCH, "1405/4", DAY, "کاغذسازی البرز", 12_250, "ر-۷", None, copies(3), {"security_officer": "حسین مرادی"}
    )
    text = squeezed(raw_text(print_recycling(paper).pdf))
    signatures = FORMS[FormKind.WEEDING_WORN].signatures
    assert len(signatures) == 5
    for expected in (
        "۱۲٫۲۵ کیلوگرم", "کاغذسازی البرز", "حسین مرادی", *(one.role for one in signatures),
        "با نظارت کارشناس منابع و حراست",
    ):  # fmt: skip
        assert squeezed(expected) in text, expected


@pytest.mark.parametrize(
    ("grams", "written"), [(12_500, "۱۲٫۵"), (12_000, "۱۲"), (1_005, "۱٫۰۰۵"), (50, "۰٫۰۵"), (1_200_000, "۱٬۲۰۰")]
)
def test_weights_are_written_in_kilograms(grams: int, written: str) -> None:
    assert kilograms(grams) == written


def a_package(**fields: object) -> Package:
    plain = Package(
        uuid.UUID(int=1), 1, DisposalKind.COUNTY_CENTRE, WeedingReason.DUPLICATE, DisposalState.HANDED,
        ExchangeLevel.PROVINCE, None, None, None, None, DAY, None, DAY, None, None, None, None, None, None, None, None,
        None, None, None, None,
    )  # fmt: skip
    return replace(plain, **fields)  # type: ignore[arg-type]


def a_report() -> ExchangeReport:
    every = copies(5)
    out = a_package(id=uuid.UUID(int=2), kind=DisposalKind.EXCHANGE, year=1405, number=3)
    sent = a_package(id=uuid.UUID(int=3), kind=DisposalKind.PROVINCE_STORE, letter_no="۱۲/۹")
    return ExchangeReport(a_package(), None, every, ((Handover(out, 2, LIBRARY), every[:2]),), every[2:], sent)


def test_the_report_of_the_county_tells_what_became_of_every_copy() -> None:
    text = squeezed(raw_text(exchange_report_pdf(BRANCH, a_report())))
    for expected in (
        "گزارش مبادلهٔ کتاب در مرکز مبادلهٔ شهرستان", "۵ نسخه دریافت شد", "۲ نسخه به کتابخانه‌ها تحویل شد",
        "۳ نسخه ماند", "کتابخانه عمومی امام علی", "۱۴۰۵/۳", "ارسال به مرکز مبادلهٔ استان در ۱۴۰۵/۰۸/۳۰",
    ):  # fmt: skip
        assert squeezed(expected) in text, expected
    sheet = openpyxl.load_workbook(io.BytesIO(exchange_report_xlsx(a_report()))).worksheets[0]
    became = [str(sheet.cell(line, 9).value) for line in range(3, 8)]
    assert became[:2] == ["کتابخانه عمومی امام علی"] * 2
    assert all("استان" in one for one in became[2:])


def test_a_report_without_deliveries_says_so() -> None:
    nothing = replace(a_report(), given=(), left=copies(5), sent_on=None)
    text = squeezed(raw_text(exchange_report_pdf(BRANCH, nothing)))
    assert squeezed("نسخه‌ای در شهرستان تحویل نشد") in text
