import dataclasses
import datetime as dt
import uuid

import pytest

from app.weeding.minutes.paper import MinutesPaper
from app.weeding.reads import ListedCopy
from db.codes import Condition, Verdict, WeedingReason
from reports.forms.minutes import print_minutes
from reports.preview import page_count
from tests.reports.reading import missing, raw_text


def listed(number: int) -> ListedCopy:
    return ListedCopy(
        id=uuid.UUID(int=number),
        ver=1,
        position=number,
        item_id=uuid.UUID(int=1000 + number),
        title="راهنمای ویندوز ۹۸",
        main_creator=None,
        year=1378,
        accession_no=2114,
        accession_date=dt.date(2010, 3, 21),
        barcode="B2114",
        volume_no=None,
        copy_no=1,
        class_no="۰۰۵/۴",
        condition=Condition.GOOD,
        last_loan_on=None,
        loan_count=0,
        article="6-1",
        remark=None,
        struck_at=None,
        struck_why=None,
    )


def minutes(reason: WeedingReason) -> MinutesPaper:
    return MinutesPaper(
        reason=reason,
        library="شهید بهشتی",
        province="قزوین",
        county="آوج",
        city="آبگرم",
        grade="4",
        day=dt.date(2025, 12, 11),
        number="1404/3",
        revision=1,
        chain_head="7-ab12",
        rows=tuple(map(listed, range(6))),
        draft=False,
    )


@pytest.mark.parametrize("reason", WeedingReason)
def test_every_reason_has_its_form(reason: WeedingReason) -> None:
    printed = print_minutes(minutes(reason))
    assert printed.pages == page_count(printed.pdf) == 1
    assert printed.xlsx.startswith(b"PK")
    wanted = ["۱۴۰۴/۳", "راهنمای ویندوز ۹۸", "۱۳۷۸", "۲۱۱۴", "۱۳۸۹/۰۱/۰۱", "۰۰۵/۴", "تعداد ۶ نسخه", "7-ab12"]
    assert missing(wanted, raw_text(printed.pdf, "-raw")) == []


def test_verdicts_strikes_and_names_reach_the_paper() -> None:
    rows = tuple(map(listed, range(3)))
    gone = dataclasses.replace(
        rows[1], struck_at=dt.datetime(2025, 12, 11, 9, tzinfo=dt.UTC), struck_why="رد: ادارهٔ شهرستان"
    )
    paper = dataclasses.replace(
        minutes(WeedingReason.WORN),
        rows=(rows[0], gone, rows[2]),
        revision=2,
        verdicts={rows[0].item_id: Verdict.APPROVE, rows[2].item_id: Verdict.REDIRECT},
        officers={"county_head": "محمدرضا اسماعیلی‌پور"},
        guideline="ویراست ۱، پیش‌نویس",
    )
    text = raw_text(print_minutes(paper).pdf, "-raw")
    wanted = ["تأیید", "انتقال به مرکز مبادله", "حذف شد؛ رد:", "تعداد ۲ نسخه", "محمدرضا اسماعیلی‌پور"]
    assert missing([*wanted, "ویراست ۲ صورتجلسه", "دستورالعمل ویراست ۱"], text) == []
    assert print_minutes(paper) == print_minutes(paper)
