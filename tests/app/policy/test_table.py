"""Which row decides."""

import datetime as dt
import itertools
from collections.abc import Mapping
from typing import TypeAlias

import pytest

from app.policy.parameters import PARAMETERS
from app.policy.table import BY_DEFAULT, OUR_OWN, PolicyRow, PolicyTable
from app.policy.values import Tier
from db.codes import RuleStatus

Row: TypeAlias = tuple[str, Mapping[str, object]]
"""A key 'branch/category/item_type' and the values."""


def made(row: Row) -> PolicyRow:
    branch, category, item_type = row[0].split("/")
    return PolicyRow(branch, category, item_type, row[1])


def table(*rows: Row) -> PolicyTable:
    return PolicyTable(1, "آزمون", RuleStatus.IN_FORCE, None, tuple(made(row) for row in rows))


FALLBACK: Row = ("*/*/*", {"loan_days": 1})


@pytest.mark.parametrize(
    ("keys", "winner"),
    [
        (["*/*/*"], "*/*"),
        (["*/*/*", "*/*/book"], "*/book"),
        (["*/*/book", "*/bachelor/*"], "bachelor/*"),
        (["*/bachelor/book", "*/bachelor/*"], "bachelor/book"),
        (["*/bachelor/book", "arak/*/*"], "arak/*/*"),
        (["arak/*/*", "arak/*/book"], "arak/*/book"),
        (["arak/*/book", "arak/bachelor/*"], "arak/bachelor/*"),
        (["arak/bachelor/*", "arak/bachelor/book"], "arak/bachelor/book"),
        (["*/*/*", "*/phd/*", "tehran/*/*", "*/*/serial"], "*/*"),
    ],
)
def test_the_most_specific_row_wins_branch_before_category_before_item_type(keys: list[str], winner: str) -> None:
    for order in itertools.permutations(keys):
        terms = table(*((key, {"loan_days": 10 + keys.index(key)}) for key in order)).resolve(
            "arak", "bachelor", "book"
        )
        assert terms.decided_by("loan_days") == winner
        assert terms["loan_days"] == 10 + [made((key, {})).key for key in keys].index(winner)


def test_a_parameter_left_out_falls_through_to_the_less_specific_row() -> None:
    terms = table(
        ("*/*/*", {"loan_days": 14, "grace_days": 2, "fine_cap": 50_000}),
        ("*/bachelor/*", {"loan_days": 20, "grace_days": None}),
    ).resolve("arak", "bachelor", "book")
    decided = {name: (terms[name], terms.decided_by(name)) for name in ("loan_days", "grace_days", "fine_cap", "parts")}
    assert decided == {
        "loan_days": (20, "bachelor/*"),
        "grace_days": (2, "*/*"),
        "fine_cap": (50_000, "*/*"),
        "parts": ("confirm", BY_DEFAULT),
    }


def test_none_lifts_the_limit_of_a_less_specific_row() -> None:
    terms = table(("*/*/*", {"max_renewals": 1}), ("*/faculty/*", {"max_renewals": "none"})).resolve(
        "a", "faculty", "book"
    )
    assert (terms.limit("max_renewals"), terms.decided_by("max_renewals")) == (None, "faculty/*")


def test_a_loan_period_hides_the_other_kinds_of_period_of_less_specific_rows() -> None:
    terms = table(("*/*/*", {"fixed_due": "1405/12/01", "loan_days": 14}), ("*/phd/*", {"loan_months": 1})).resolve(
        "a", "phd", "book"
    )
    assert (terms.loan_period, terms["loan_days"], terms["fixed_due"]) == ("loan_months", None, None)
    assert terms.loan_rule == "phd/*"


def test_without_a_loan_period_the_terms_say_so() -> None:
    terms = table(("*/*/*", {"grace_days": 2})).resolve("a", "b", "c")
    assert (terms.loan_period, terms.loan_rule) == (None, BY_DEFAULT)


def test_every_parameter_has_a_value_in_every_terms() -> None:
    terms = table(FALLBACK).resolve("a", "b", "c")
    assert {name: terms[name] for name in PARAMETERS if name != "loan_days"} == {
        name: parameter.default for name, parameter in PARAMETERS.items() if name != "loan_days"
    }


def test_the_deciding_row_can_be_shown_with_its_source() -> None:
    row = PolicyRow("*", "*", "*", {"loan_days": 7}, "004", "خدمت ب-۲", "اعضا")
    ours = PolicyRow("*", "*", "*", {"max_holds": 1}, OUR_OWN, "عددی در متن نیست")
    terms = PolicyTable(1, "", RuleStatus.DRAFT, None, (row, ours)).resolve("a", "b", "c")
    assert (terms.row("loan_days"), terms.row("max_holds"), terms.row("parts")) == (row, ours, None)
    assert (row.is_ours, ours.is_ours) == (False, True)


def test_the_typed_readers_give_each_value_in_its_own_type() -> None:
    terms = table(
        (
            "*/*/*",
            {
                "loan_days": 5,
                "fixed_due": None,
                "tiers": [{"from": 1, "amount": 500}],
                "documents": ["عکس"],
                "hard_due": "1405/09/20",
            },
        )
    ).resolve("a", "b", "c")
    assert (terms.limit("loan_days"), terms.limit("max_loans"), terms.number("max_loans")) == (5, None, 0)
    assert (terms.flag("skip_closed"), terms.choice("charge_at"), terms.day("fixed_due")) == (True, "start", None)
    assert (terms.texts("documents"), terms.texts("payment_methods")) == (("عکس",), ())
    assert terms.tiers() == (Tier(1, None, 500),)
    assert [hard.due for hard in terms.hard_dues()] == [dt.date(2026, 12, 11)]


@pytest.mark.parametrize(
    ("reader", "name"),
    [
        ("limit", "skip_closed"),
        ("flag", "loan_days"),
        ("choice", "loan_days"),
        ("day", "parts"),
        ("texts", "grace_days"),
    ],
)
def test_a_reader_of_the_wrong_type_is_a_bug(reader: str, name: str) -> None:
    with pytest.raises(TypeError, match=name):
        getattr(table(FALLBACK).resolve("a", "b", "c"), reader)(name)


def test_an_unknown_parameter_is_a_bug() -> None:
    terms = table(FALLBACK).resolve("a", "b", "c")
    for ask in (terms.value, terms.row, terms.decided_by):
        with pytest.raises(KeyError, match="loan_dayz"):
            ask("loan_dayz")


def test_answers_are_remembered_and_names_without_a_row_share_one() -> None:
    rules = table(FALLBACK, ("*/bachelor/*", {"loan_days": 20}))
    first = rules.resolve("arak", "bachelor", "book")
    assert rules.resolve("arak", "bachelor", "book") is first
    assert all(rules.resolve(f"branch {n}", "bachelor", f"type {n}") is first for n in range(100))
    assert rules.resolve("arak", "phd", "book") is not first
    assert table(FALLBACK, ("*/bachelor/*", {"loan_days": 20})) == rules


def test_an_empty_table_gives_the_defaults() -> None:
    assert table().resolve("a", "b", "c").decided_by("loan_days") == BY_DEFAULT
