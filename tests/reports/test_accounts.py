"""Statement, day close and amnesty as they are read back."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.accounts.amnesty import AmnestyForm, campaign_with, declare_amnesty
from app.accounts.amnesty_report import amnesty_report
from app.accounts.cash import close_cash, open_cash
from app.accounts.day import day_report
from app.accounts.outcomes import AmnestyDeclared
from app.accounts.queries import account_with
from app.accounts.waivers import Waiver, waive
from app.library import Library
from db.codes import LedgerKind, PaymentMethod
from reports.accounts import (
    amnesty_pdf,
    amnesty_xlsx,
    balance_words,
    day_pdf,
    day_xlsx,
    difference_words,
    statement_pdf,
)
from tests.app.accounts.money import owe, paid
from tests.library import TODAY, AMember, act, add_copy, add_member, found, lend, pass_days, put_policy, take_back
from tests.reports.reading import missing, raw_text


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def member(library: Library) -> AMember:
    """Somebody whose late book costs 3,000, and a card 5,000; part is paid, 1,000 waived, the drawer is open."""
    put_policy(library, {"loan_days": 14, "fine_per_day": 1_000})
    member, copy = add_member(library), add_copy(library, "سووشون")
    lend(library, member, copy)
    pass_days(library, 17)
    open_cash(library, 20_000, act(library))
    take_back(library, copy)
    owe(library, member, 5_000, LedgerKind.CARD_FEE)
    paid(library, member, 4_000, method=PaymentMethod.CARD_TERMINAL, reference="771")
    paid(library, member, 2_500)
    waive(library, Waiver(member.card, "دانش‌آموز نیازمند", 1_000), act(library))
    return member


def test_a_statement_runs_to_the_balance(library: Library, member: AMember) -> None:
    with library.store.read() as reader:
        account = account_with(reader, member.id)
    assert account is not None
    wanted = [
        "صورت‌حساب عضو", "مریم رضایی", "۱۴۰۵/۰۹/۱۷", "جریمهٔ دیرکرد · سووشون", "۳٬۰۰۰", "بهای کارت", "۸٬۰۰۰",
        "کارت‌خوان", "بخشودگی", "دانش‌آموز نیازمند", "بدهی", "۵۰۰ :ریال",
    ]  # fmt: skip
    assert missing(wanted, raw_text(statement_pdf(library, account, act(library).day))) == []


@pytest.mark.parametrize(
    ("balance", "words"), [(0, "بدهی ندارد"), (500, "بدهی: ۵۰۰ ریال"), (-2_000, "طلب عضو: ۲٬۰۰۰ ریال")]
)
def test_a_balance_in_words(balance: int, words: str) -> None:
    assert balance_words(balance) == words


def test_the_day_close_tells_sums_receipts_waivers_and_the_difference(library: Library, member: AMember) -> None:
    close_cash(library, 22_000, act(library), "پانصد ریال کم بود")
    with library.store.read() as reader:
        report = day_report(reader, act(library).day)
    text = raw_text(day_pdf(library, report))
    wanted = [
        "گزارش مالی روز", "نقد", "۲٬۵۰۰", "کارت‌خوان", "۴٬۰۰۰", "جمع", "۶٬۵۰۰", "زهرا کریمی", "۷۷۱", "دانش‌آموز نیازمند",
        "۲۲٬۵۰۰", "۲۲٬۰۰۰", "۵۰۰ کم", "پانصد ریال کم بود",
    ]  # fmt: skip
    assert missing(wanted, text) == []
    sheet = load_workbook(io.BytesIO(day_xlsx(library, report))).worksheets[0]
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {6_500, 4_000, 2_500, "دانش‌آموز نیازمند", "بخشودگی", "رسید"} - cells == set()
    assert sheet.sheet_view.rightToLeft


def test_a_day_without_money_says_so(library: Library) -> None:
    with library.store.read() as reader:
        report = day_report(reader, TODAY)
    assert missing(["در این روز پولی جابه‌جا نشده است"], raw_text(day_pdf(library, report))) == []


def test_what_an_amnesty_brought(library: Library) -> None:
    put_policy(library, {"loan_days": 14, "fine_per_day": 1_000})
    member, copy = add_member(library), add_copy(library, "کلیدر")
    lend(library, member, copy)
    declared = declare_amnesty(library, AmnestyForm("هفتهٔ کتاب", TODAY, TODAY.replace(month=12, day=31)), act(library))
    assert isinstance(declared, AmnestyDeclared)
    pass_days(library, 17)
    take_back(library, copy)
    with library.store.read() as reader:
        campaign = campaign_with(reader, declared.campaign_id)
        assert campaign is not None
        report = amnesty_report(reader, campaign)
    wanted = ["طرح بخشودگی: هفتهٔ کتاب", "۱ کتاب دیرکرددار برگشت", "۱۴۰۵/۰۹/۱۷", "۳٬۰۰۰", "کلیدر", "مریم رضایی"]
    assert missing(wanted, raw_text(amnesty_pdf(library, report))) == []
    sheet = load_workbook(io.BytesIO(amnesty_xlsx(library, report))).worksheets[0]
    assert [cell.value for cell in sheet[3]][1:3] == ["مریم رضایی", "کلیدر"]


@pytest.mark.parametrize(("difference", "words"), [(None, ""), (0, "ندارد"), (-500, "۵۰۰ کم"), (20, "۲۰ زیاد")])
def test_the_difference_of_a_drawer_in_words(difference: int | None, words: str) -> None:
    assert difference_words(difference) == words
