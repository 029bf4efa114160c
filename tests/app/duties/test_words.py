"""The words of duties."""

import datetime as dt

import pytest

from app.duties.rules import Duty, DutyKind, DutyWeight, Subject
from app.duties.words import ADVICE, PASSED, TITLE, WEIGHT, advice, deadline, title, when
from app.persian.jalali import from_jalali
from db.codes import WeedingReason

TODAY = from_jalali(1405, 9, 10)


def duty(kind: DutyKind, days: int | None = None, weight: DutyWeight = DutyWeight.INFO, **subject: object) -> Duty:
    due = None if days is None else TODAY + dt.timedelta(days=days)
    return Duty(kind, weight, "weeding", "7-5", due, from_jalali(1405, 9, 1), Subject(**subject))  # type: ignore[arg-type]


def test_every_kind_and_weight_has_words() -> None:
    assert set(TITLE) == set(ADVICE) == set(DutyKind)
    assert set(PASSED) <= set(DutyKind)
    assert set(WEIGHT) == set(DutyWeight)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (3, "۳ روز مانده"), (0, "امروز"), (-4, "۴ روز گذشته"), (-59, "۵۹ روز گذشته"), (-60, "۲ ماه گذشته"),
        (-719, "۲۳ ماه گذشته"), (-914, "۲ سال گذشته"), (None, "از ۱ آذر"),
    ],
)  # fmt: skip
def test_the_time_left_is_said_in_words(days: int | None, words: str) -> None:
    assert when(duty(DutyKind.CORRECTION, days), TODAY) == words


def test_a_title_names_reason_paper_and_copies_without_gaps() -> None:
    content = duty(DutyKind.COUNTY_ANSWER, reason=WeedingReason.CONTENT, year=1405, number=3)
    assert title(content) == "پاسخ شهرستان به صورتجلسهٔ محتوایی ۱۴۰۵/۳"
    assert title(duty(DutyKind.DRAFT_PILED, reason=WeedingReason.WORN, count=52)) == "۵۲ نسخه در پیش‌نویس وجین فرسوده"
    assert title(duty(DutyKind.BRANCH_REPORT, year=1405, number=2, name="تابستان")) == "گزارش وجین و صحافی تابستان ۱۴۰۵"
    assert title(duty(DutyKind.BINDING_REQUEST)) == "درخواست صحافی"


def test_the_deadline_names_day_and_article() -> None:
    assert deadline(duty(DutyKind.CORRECTION, 3)) == "تا جمعه ۱۳ آذر ۱۴۰۵ · مادهٔ ۷-۵"
    assert deadline(Duty(DutyKind.STOCKTAKE_IDLE, DutyWeight.SOON, "stocktake", "")) == ""


def test_a_passed_term_is_said_to_be_no_approval() -> None:
    """Requirement I-16."""
    assert "به معنای تأیید نیست" in advice(duty(DutyKind.PROVINCE_ANSWER, -1, DutyWeight.LATE))
    assert "تا این روز" in advice(duty(DutyKind.PROVINCE_ANSWER, 1))


def test_no_advice_names_a_figure_that_another_version_may_change() -> None:
    figures = ("یک هفته", "ده روز", "یک ماه", "دو هفته", "شش ماه", "پانزدهم", "۷۵۰")
    told = [*ADVICE.values(), *PASSED.values()]
    assert [line for line in told if any(figure in line for figure in figures)] == []


def test_an_article_of_the_cataloguing_text_says_so() -> None:
    entering = Duty(DutyKind.DATA_ENTRY, DutyWeight.SOON, "catalogue", "003 3-7", TODAY)
    assert deadline(entering).endswith("فهرست‌نویسی مادهٔ ۳-۷")
