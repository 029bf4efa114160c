"""Letters of the library on paper."""

import datetime as dt
import uuid

from app.clearance.letters import DebtLetter, OwedBook
from app.members.incidents import IncidentLetter, IncidentRow
from db.codes import IncidentState
from reports.letters import print_debt_letters, print_incident_letter
from tests.reports.reading import missing, pdfium_text, raw_text

DAY = dt.date(2026, 11, 21)


def letter(name: str = "رضا احمدی", books: int = 2) -> DebtLetter:
    return DebtLetter(
        library="کتابخانه عمومی شهید بهشتی",
        city="آبگرم",
        phone="028-3462",
        address="میدان امام، خیابان کتاب",
        name=name,
        member_no="000185",
        category="دانشجوی کارشناسی",
        books=tuple(OwedBook(f"کتاب {place}", 5_000 + place, DAY) for place in range(1, books + 1)),
        debt=92_500,
        reasons=("۲ کتاب در امانت عضو است.", "عضو ۹۲٬۵۰۰ ریال بدهی دارد."),
        day=DAY,
        deadline=dt.date(2026, 12, 5),
    )


def test_each_reader_has_a_page_of_their_own_in_one_file() -> None:
    pages = pdfium_text(print_debt_letters([letter("رضا احمدی"), letter("مریم کریمی", books=0), letter("سارا")]))
    assert len(pages) == 3
    for page, name in zip(pages, ("رضا احمدی", "مریم کریمی", "سارا"), strict=True):
        assert missing([name, "۹۲٬۵۰۰ ریال", "۱۴ آذر ۱۴۰۵"], page) == []


def test_the_letter_names_books_money_reasons_and_the_day() -> None:
    wanted = [
        "تاریخ: ۱۴۰۵/۰۸/۳۰", "کتاب 1", "۵۰۰۱", "۲ کتاب در امانت عضو است", "بدهی شما: ۹۲٬۵۰۰ ریال",
        "شنبه ۱۴ آذر ۱۴۰۵", "میدان امام، خیابان کتاب",
    ]  # fmt: skip
    assert missing(wanted, raw_text(print_debt_letters([letter()]), "-raw")) == []


def test_many_books_go_on_to_another_page_under_their_headings() -> None:
    pages = pdfium_text(print_debt_letters([letter(books=60)]))
    assert len(pages) == 3
    assert all(not missing(["شمارهٔ ثبت"], page) for page in pages[:2])


def test_the_letter_to_the_committee() -> None:
    row = IncidentRow(
        id=uuid.UUID(int=1), ver=1, member_id=uuid.UUID(int=2), given_name="رضا", family_name="احمدی",
        member_no="000185", category="bachelor", title="فرهنگ معین", accession_no=5_001, happened_on=DAY,
        account="برگ‌هایی از کتاب را بریده بود. " * 12, state=IncidentState.OPEN, letter_no=None, letter_on=None,
        document_id=None,
    )  # fmt: skip
    told = IncidentLetter("کتابخانهٔ مرکزی", "اراک", row, "دانشجوی کارشناسی", "123/4", DAY, "زهرا کریمی")
    pdf = print_incident_letter(told)
    wanted = ["شماره: ۱۲۳/۴", "محترم انضباطی", "رضا احمدی", "«فرهنگ معین»", "ثبت ۵۰۰۱", "زهرا کریمی"]
    assert missing(wanted, raw_text(pdf, "-raw")) == []
    assert pdf == print_incident_letter(told)
