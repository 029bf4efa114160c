"""The quarterly report on paper and in Excel: every figure of the facts stands on both (002 م14-1)."""

import datetime as dt
import io
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import load_workbook

from app.persian.digits import number
from app.statistics.figures import BindingFigures, ExchangeFigures, QuarterFigures, ReasonFigures
from app.statistics.quarterly import ReportPaper
from app.statistics.quarters import quarter_of
from db.codes import WeedingReason
from reports.quarterly import kilos, print_report, title_of
from tests.reports.branches import BRANCH
from tests.reports.reading import missing, raw_text

FIGURES = QuarterFigures(
    reasons={
        "content": ReasonFigures(1, 11, 11, 8, 3, 0, 8, 0),
        "worn": ReasonFigures(2, 1_234, 1_200, 900, 200, 100, 1_000, 34),
        "duplicate": ReasonFigures(),
        "no_audience": ReasonFigures(1, 7, 7, 7, 0, 0, 6, 1),
    },
    weeded_by_class={"5": {"worn": 1_000, "content": 8}, "8": {"no_audience": 5}, "-": {"no_audience": 1}},
    binding=BindingFigures(3, 41, 38, 29, {"bound": 22, "not_done": 7, "lost": 1}, 1_250_000, 17, 8),
    exchange=ExchangeFigures({"county_centre": 301, "recycling": 93}, 102_500, 9_000_001),
    stocktakes=2,
)
SEATS = {"acquisitions": "نرگس صفری", "نمایندهٔ انجمن": "رضا احمدی"}


def facts(**fields: Any) -> ReportPaper:
    plain = ReportPaper(
        BRANCH, quarter_of(1405, 2), dt.date(2026, 9, 24), FIGURES, "دستورالعمل وجین، ویراست ۱ (پیش‌نویس)",
        "زهرا کریمی", draft=False,
    )  # fmt: skip
    return replace(plain, **fields)


def cells(paper: ReportPaper) -> list[tuple[Any, ...]]:
    sheet = load_workbook(io.BytesIO(print_report(paper).xlsx)).worksheets[0]
    assert sheet.sheet_view.rightToLeft
    return list(sheet.iter_rows(min_row=3, values_only=True))


def test_the_paper_says_season_place_guideline_and_every_figure() -> None:
    printed = print_report(facts())
    text = raw_text(printed.pdf)
    words = [
        "گزارش وجین و صحافی تابستان ۱۴۰۵", "کتابخانه عمومی شهید بهشتی", "استان مرکزی", "شهرستان اراک", "پیش‌نویس",
        "مسئول کتابخانه", "زهرا کریمی", "۱۴۰۵/۰۴/۰۱ تا ۱۴۰۵/۰۶/۳۱", "۱۴۰۵/۰۷/۰۲", "شمار روز تهیهٔ گزارش است",
    ]  # fmt: skip
    assert missing(words, text) == []
    counts = [getattr(row, name) for row in FIGURES.reasons.values() for name in ReasonFigures.__dataclass_fields__]
    counts += [count for row in FIGURES.weeded_by_class.values() for count in row.values()]
    counts += [3, 41, 38, 22, 7, 1, 1_250_000, 17, 8, 301, 93, 9_000_001, 2]
    assert missing([number(count) for count in counts], text) == []
    assert missing(["۱۰۲٫۵", "بی‌رده", "۵۰۰ علوم خالص"], text) == []
    assert print_report(facts()).pdf == printed.pdf


def test_the_sheet_can_be_filtered_and_summed_by_reason_and_class() -> None:
    rows = cells(facts())
    by_reason = {row[1]: row[4:] for row in rows if row[0] == "وجین"}
    assert by_reason["فرسوده"] == (2, 1_234, 1_200, 900, 200, 100, 1_000, 34)
    assert len(by_reason) == len(WeedingReason)
    by_class = {(row[2], row[1]): row[10] for row in rows if row[0] == "وجین‌شده به تفکیک رده"}
    assert by_class == {
        ("۵۰۰ علوم خالص", "فرسوده"): 1_000, ("۵۰۰ علوم خالص", "وجین محتوایی"): 8,
        ("۸۰۰ ادبیات", "بدون مخاطب"): 5, ("بی‌رده", "بدون مخاطب"): 1,
    }  # fmt: skip
    plain = {row[1]: row[3] for row in rows if not row[2] and row[0] != "وجین"}
    assert (plain["وزن کاغذ بازیافتی (گرم)"], plain["درآمد بازیافت (ریال)"]) == (102_500, 9_000_001)
    assert (plain["نسخهٔ فرستاده‌شده به صحافی"], plain["ترمیم در کتابخانه"]) == (38, 17)
    assert all(isinstance(count, int) for count in plain.values())


def test_the_committee_signs_where_there_is_one() -> None:
    assert (
        missing(["کمیتهٔ وجین", "مسئول سفارشات", "رضا احمدی"], raw_text(print_report(facts(committee=SEATS)).pdf)) == []
    )
    assert "کمیتهٔ" not in raw_text(print_report(facts()).pdf)


def test_where_nobody_is_in_office_the_name_is_left_to_be_written() -> None:
    text = raw_text(print_report(facts(head="")).pdf)
    assert missing(["مسئول کتابخانه"], text) == []
    assert "زهرا" not in text


def test_a_season_without_weeding_says_so() -> None:
    empty = QuarterFigures(
        {reason: ReasonFigures() for reason in WeedingReason}, {}, BindingFigures(), ExchangeFigures(), 0
    )
    printed = print_report(facts(figures=empty, draft=True))
    assert missing(["در این فصل نسخه‌ای وجین نشده است"], raw_text(printed.pdf)) == []
    assert printed.pages == 1
    assert title_of(facts(draft=True)) == "گزارش وجین و صحافی تابستان ۱۴۰۵ — پیش‌نویس"


@pytest.mark.parametrize(("grams", "words"), [(0, "۰"), (12_000, "۱۲"), (12_500, "۱۲٫۵"), (1_002, "۱٫۰۰۲")])
def test_grams_are_told_in_kilograms(grams: int, words: str) -> None:
    assert kilos(grams) == words
