import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest

from app.guideline.table import Ageing, Hint, Thresholds
from app.weeding.explain import (
    CRITERION,
    Check,
    ageing_words,
    checks,
    criterion_words,
    grounds,
    in_order,
    outdated_words,
    surplus_words,
)
from app.weeding.facts import CopyFacts, House, Proposal
from app.weeding.rules import ARTICLES, CRITERIA
from db.codes import Condition, ItemFlag, ItemStatus, Material, WeedingReason

TODAY = dt.date(2026, 11, 21)
ROOMY, FULL = House(space_shortage=False), House(space_shortage=True)


def a_copy(**facts: Any) -> CopyFacts:
    """A worn second copy, used last in 1398."""
    known: dict[str, Any] = {
        "id": uuid.UUID(int=1), "ver": 1, "title_id": uuid.UUID(int=2), "title": "بوستان", "main_creator": None,
        "year": 1370, "accession_no": 12, "accession_date": dt.date(2010, 1, 1), "barcode": "B12", "volume_no": None,
        "copy_no": 2, "class_no": None, "material": Material.BOOK, "status": ItemStatus.AVAILABLE,
        "condition": Condition.WORN, "flags": [], "on_minutes_id": None, "loan_count": 1_200,
        "last_loan_on": dt.date(2019, 6, 1), "last_use": dt.date(2019, 6, 1), "older_copies": 1, "other_copies": 2,
        "in_binding": False,
    }  # fmt: skip
    return CopyFacts(**(known | facts))


def broken(copy: CopyFacts, proposal: Proposal, house: House = FULL) -> list[str]:
    return [check.text for check in checks(copy, proposal, house, TODAY) if not check.ok]


@pytest.mark.parametrize("reason", WeedingReason)
def test_every_reason_has_its_checks_and_a_plain_copy_passes_them(reason: WeedingReason) -> None:
    looked_at = checks(a_copy(older_copies=2), Proposal(reason), FULL, TODAY)
    assert len(looked_at) >= 3
    assert [check for check in looked_at if not check.ok] == []
    assert Check("نسخهٔ خطی، چاپ سنگی یا سربی نیست", ok=True) in looked_at


def test_a_lithograph_speaks_against_weeding() -> None:
    (said,) = broken(a_copy(material=Material.LITHOGRAPH), Proposal(WeedingReason.WORN))
    assert "چاپ سنگی" in said
    assert "۵\u200f-۱\u200f-" not in said  # only a hyphen between two numbers would turn them over
    assert "۵\u200f-۱-الف" in said


def test_a_local_book_may_only_go_when_it_cannot_be_bound() -> None:
    local = a_copy(flags=[ItemFlag.LOCAL])
    assert len(broken(local, Proposal(WeedingReason.CONTENT))) == 1
    assert len(broken(local, Proposal(WeedingReason.WORN))) == 1
    passed = checks(local, Proposal(WeedingReason.WORN, unbindable=True), FULL, TODAY)
    assert Check("منبع محلی است، ولی غیر قابل صحافی", ok=True) in passed
    assert broken(local, Proposal(WeedingReason.WORN, unbindable=True)) == []


def test_each_mark_that_keeps_a_copy_is_named_with_its_article() -> None:
    """002 م5-1-ب، ج."""
    kept = a_copy(flags=[ItemFlag.LOCAL, ItemFlag.HISTORICAL, ItemFlag.CORE], other_copies=0)
    assert broken(kept, Proposal(WeedingReason.WORN)) == [
        f"{what}: تنها اگر غیر قابل صحافی باشد وجین می‌شود (م\u00a0۵\u200f-۱-{article})"
        for what, article in (
            ("منبع تاریخی و منبع محلی است", "ب"), ("منبع پایه است", "ج"), ("تنها نسخهٔ این چاپ است", "ج"),
        )
    ]  # fmt: skip
    assert len(broken(kept, Proposal(WeedingReason.CONTENT))) == 3
    unbindable = replace(kept, condition=Condition.UNBINDABLE)
    assert broken(unbindable, Proposal(WeedingReason.WORN)) == []
    assert len(broken(unbindable, Proposal(WeedingReason.NO_AUDIENCE))) == 3


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"status": ItemStatus.ON_LOAN}, "در امانت است"),
        ({"status": ItemStatus.MISSING}, "در قفسه نیست"),
        ({"status": ItemStatus.WEEDED_WORN}, "پیش‌تر وجین شده است"),
        ({"on_minutes_id": uuid.UUID(int=9)}, "در صورتجلسهٔ دیگری است"),
        ({"kept_for_reader": True}, "در قفسهٔ رزرو"),
    ],
)
@pytest.mark.parametrize("reason", WeedingReason)
def test_what_else_stands_against_a_copy_is_told_too(reason: WeedingReason, facts: dict[str, Any], said: str) -> None:
    (text,) = broken(a_copy(**({"older_copies": 2} | facts)), Proposal(reason))
    assert said in text


def test_a_permit_lets_a_cultural_package_go() -> None:
    package = a_copy(flags=[ItemFlag.CULTURAL_PACKAGE])
    assert len(broken(package, Proposal(WeedingReason.WORN))) == 1
    permit = Proposal(WeedingReason.WORN, permit_no="7", permit_on=TODAY)
    assert Check("بستهٔ فرهنگی است و مجوز معاونت دارد", ok=True) in checks(package, permit, FULL, TODAY)
    (ahead,) = broken(package, replace(permit, permit_on=TODAY + dt.timedelta(days=1)))
    assert "(۱۴۰۵/۰۹/۰۱) هنوز نرسیده است" in ahead


@pytest.mark.parametrize(
    ("reason", "facts", "said"),
    [
        (WeedingReason.DUPLICATE, {"older_copies": 1}, "مازاد"),
        (WeedingReason.NO_AUDIENCE, {"last_use": dt.date(2024, 1, 1)}, "سال"),
        (WeedingReason.NO_AUDIENCE, {"other_copies": 0}, "تنها نسخه"),
        (WeedingReason.CONTENT, {"other_copies": 0}, "تنها نسخه"),
        (WeedingReason.WORN, {"other_copies": 0}, "غیر قابل صحافی"),
        (WeedingReason.WORN, {"in_binding": True}, "صحافی"),
    ],
)
def test_what_has_changed_since_the_proposal_is_told(reason: WeedingReason, facts: dict[str, Any], said: str) -> None:
    (text,) = broken(a_copy(**({"older_copies": 2} | facts)), Proposal(reason))
    assert said in text


def test_the_years_are_those_of_the_library() -> None:
    looked_at = checks(a_copy(), Proposal(WeedingReason.NO_AUDIENCE), House(True, idle_years=7), TODAY)
    assert "دست‌کم ۷ سال از آن استفاده نشده است" in [check.text for check in looked_at]


def test_how_many_copies_are_kept_is_the_librarys() -> None:
    looked_at = checks(a_copy(older_copies=3), Proposal(WeedingReason.DUPLICATE), House(True, copies_kept=3), TODAY)
    assert "از ۳ نسخهٔ نخست عنوان نیست" in [check.text for check in looked_at]


def test_why_a_work_is_out_of_date_is_told() -> None:
    aged = Hint("6-1-ز", "…", ageing=Ageing.FAST, years=10)
    assert outdated_words(1370, 1398, (aged,)) == "ویراست ۱۳۹۸ موجود است؛ سال نشر ۱۳۷۰"
    assert outdated_words(1370, None, (aged,)) == "زود کهنه می‌شود (م\u00a0۶\u200f-۱-ز)؛ سال نشر ۱۳۷۰"


@pytest.mark.parametrize(("year", "is_old"), [(1395, True), (1396, False), (2016, True), (2017, False), (None, False)])
def test_by_which_sentence_a_work_is_too_old_is_told(year: int | None, is_old: bool) -> None:
    """002 م6-1-ز، in the year ۱۴۰۵ or 2026."""
    aged = Hint("6-1-ز", "…", ageing=Ageing.FAST, years=10)
    told = tuple(ageing_words(a_copy(year=year), (aged, Hint("6-1-و", "…", ageing=Ageing.LONG)), TODAY))
    assert told == (("مادهٔ ۶\u200f-۱-ز: این موضوع پس از ۱۰ سال کهنه می‌شود",) if is_old else ())


def test_why_a_copy_is_surplus_is_told() -> None:
    words = surplus_words(a_copy(older_copies=4), 13, Thresholds(loans_per_copy=6))
    assert words == "نسخهٔ ۵؛ ۱۳ امانت عنوان در ۲ سال: ۳ نسخه بس است"


@pytest.mark.parametrize(("loans", "copies"), [(0, 2), (12, 2), (13, 3), (18, 3), (19, 4)])
def test_a_copy_for_every_six_loans_begun_and_never_fewer_than_two(loans: int, copies: int) -> None:
    """002 م5-4."""
    assert Thresholds(loans_per_copy=6).copies_needed(loans) == copies


def test_whether_the_stacks_are_short_of_space_is_told() -> None:
    """002 م4-1-د تبصره."""
    unused = Proposal(WeedingReason.NO_AUDIENCE)
    assert Check("کتابخانه کمبود فضای مخزن دارد", ok=True) in checks(a_copy(), unused, FULL, TODAY)
    (asked,) = broken(a_copy(), unused, ROOMY)
    assert "کمبود فضای مخزن برای این کتابخانه ثبت نشده است" in asked
    assert broken(a_copy(), Proposal(WeedingReason.WORN), ROOMY) == []


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (WeedingReason.CONTENT, "سال نشر ۱۳۷۰ · ۱٬۲۰۰ بار امانت"),
        (WeedingReason.WORN, "وضعیت ظاهری: فرسوده"),
        (WeedingReason.DUPLICATE, "نسخهٔ ۲؛ ۲ نسخهٔ دیگر در کتابخانه می‌ماند"),
        (WeedingReason.NO_AUDIENCE, "۷ سال بی‌استفاده"),
    ],
)
def test_the_fact_behind_the_reason_is_told(reason: WeedingReason, words: str) -> None:
    assert grounds(a_copy(), reason, TODAY) == words


def test_a_book_without_a_year_is_told_without_it() -> None:
    assert grounds(a_copy(year=None), WeedingReason.CONTENT, TODAY) == "۱٬۲۰۰ بار امانت"


def test_every_criterion_has_its_words() -> None:
    assert set(CRITERION) == {article for articles in CRITERIA.values() for article in articles}
    assert set(ARTICLES.values()) <= set(CRITERION)
    assert criterion_words("4-1-ج") == "مادهٔ ۴\u200f-۱-ج: فرسودگی و نقصان"
    assert criterion_words("6-1") == "مادهٔ ۶\u200f-۱"


def test_article_numbers_are_read_from_the_right() -> None:
    assert in_order("(م ۴-۱-ج) و ۱۴۰۵/۱ و ۰۰۵") == "(م\u00a0۴\u200f-۱-ج) و ۱۴۰۵/۱ و ۰۰۵"
