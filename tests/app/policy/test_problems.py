"""What refuses a policy table."""

from collections.abc import Mapping
from typing import TypeAlias

import pytest

from app.policy.problems import problems
from app.policy.table import PolicyRow, PolicyTable
from db.codes import RuleStatus

Row: TypeAlias = tuple[str, Mapping[str, object]]
"""A key 'branch/category/item_type' and the values."""


def made(row: Row) -> PolicyRow:
    branch, category, item_type = row[0].split("/")
    return PolicyRow(branch, category, item_type, row[1])


def found(*rows: Row, version: int = 1, categories: Mapping[str, str] | None = None) -> list[tuple[str, str, str]]:
    rules = tuple(made(row) for row in rows)
    table = PolicyTable(version, "آزمون", RuleStatus.IN_FORCE, None, rules, categories=categories or {})
    return [(problem.code, problem.row, problem.parameter) for problem in problems(table)]


FALLBACK: Row = ("*/*/*", {"loan_days": 14, "fine_per_day": 500, "period_days": 1})


def test_a_sound_table_has_no_problems() -> None:
    assert found(FALLBACK, ("*/bachelor/*", {"loan_days": 20}), ("arak/*/audiovisual", {"fine_per_day": 900})) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], ("fallback.missing", "", "")),
        ([("*/bachelor/*", {"loan_days": 1})], ("fallback.missing", "", "")),
        ([FALLBACK, ("*/*/*", {"loan_dayz": 1})], ("parameter.unknown", "*/*", "loan_dayz")),
        ([FALLBACK, ("*/bachelor/*", {"loan_days": "بیست"})], ("value.type", "bachelor/*", "loan_days")),
        ([FALLBACK, ("*/bachelor/*", {"loan_days": -1})], ("value.range", "bachelor/*", "loan_days")),
        ([FALLBACK, ("*/bachelor/*", {"period_days": 0})], ("value.not_positive", "bachelor/*", "period_days")),
        ([FALLBACK, ("*/bachelor/*", {"charge_at": "noon"})], ("value.choice", "bachelor/*", "charge_at")),
        ([FALLBACK, ("*/bachelor/*", {"tiers": [{"from": 0, "amount": 1}]})], ("value.tiers", "bachelor/*", "tiers")),
        ([FALLBACK, ("*/student/*", {"loan_days": 1})], ("category.unknown", "student/*", "")),
        ([FALLBACK, ("*/bachelor/", {"loan_days": 1})], ("row.empty_key", "bachelor/", "")),
        ([FALLBACK, ("*/*/*", {"loan_days": 15})], ("row.duplicate", "*/*", "loan_days")),
        ([FALLBACK, ("*/*/*", {"loan_weeks": 2})], ("row.two_periods", "*/*", "")),
        ([("*/*/*", {"fine_per_day": 1})], ("fine.no_period", "*/*", "fine_per_day")),
        ([("*/*/*", {"fine_per_day_reserved": 500})], ("fine.no_period", "*/*", "fine_per_day_reserved")),
    ],
)
def test_each_fault_is_named_with_its_row_and_parameter(rows: list[Row], expected: tuple[str, str, str]) -> None:
    assert found(*rows) == [expected]


@pytest.mark.parametrize(
    ("period_row", "refused"), [("*/*/*", False), ("*/bachelor/*", False), ("*/*/book", True), ("arak/*/*", True)]
)
def test_the_period_of_a_fine_must_come_from_a_row_that_always_holds_with_it(period_row: str, refused: bool) -> None:
    rows: list[Row] = [
        ("*/*/*", {}),
        ("*/bachelor/*", {"fine_per_day": 500}),
        (period_row, {"period_days": 1}),
    ]
    assert found(*rows) == ([("fine.no_period", "bachelor/*", "fine_per_day")] if refused else [])


def test_no_fine_needs_no_period() -> None:
    assert found(("*/*/*", {"fine_per_day": 0, "tiers": [{"from": 1, "amount": 5}]})) == []


def test_all_problems_are_told_at_once() -> None:
    codes = [code for code, _, _ in found(("*/student/*", {"x": 1, "loan_days": True, "fine_per_day": 5}), version=0)]
    assert sorted(codes) == [
        "category.unknown",
        "fallback.missing",
        "fine.no_period",
        "parameter.unknown",
        "table.version",
        "value.type",
    ]


def test_a_library_may_declare_its_own_categories() -> None:
    village: Row = ("*/village/*", {"loan_days": 30})
    assert found(FALLBACK, village, categories={"village": "اهالی روستا"}) == []
    table = PolicyTable(
        1, "", RuleStatus.DRAFT, None, (PolicyRow("*", "bachelor", "*", {}), PolicyRow("*", "*", "*", {}))
    )
    assert [problem.code for problem in problems(table, categories={"ordinary"})] == ["category.unknown"]


def test_the_texts_are_persian_and_name_the_row_and_what_is_allowed() -> None:
    rows = (
        PolicyRow("*", "*", "*", {"charge_at": "noon", "tiers": [{"from": 0, "amount": 1}], "skip_closed": 1}),
        PolicyRow("*", "phd", "*", {"loan_days": 10_001, "period_days": 0}),
    )
    texts = [problem.text for problem in problems(PolicyTable(1, "", RuleStatus.DRAFT, None, rows))]
    assert texts == [
        "ردیف «*/*»: مقدار «زمان منظور کردن دوره» باید یکی از این‌ها باشد: start، end.",
        "ردیف «*/*»: مقدار «جریمه پلکانی» باید پله‌هایی پشت سر هم و بدون هم‌پوشانی، با مبلغ صفر یا بیشتر باشد.",
        "ردیف «*/*»: مقدار «کنار گذاشتن تعطیلی‌ها» باید بله یا خیر باشد.",
        "ردیف «phd/*»: مقدار «مدت امانت» باید از ۰ تا ۱۰٬۰۰۰ باشد.",
        "ردیف «phd/*»: مقدار «دوره جریمه» باید بزرگ‌تر از صفر باشد.",
    ]
