"""What changed between two versions, and the steps that change a table."""

from typing import Any

import pytest

from app.policy.diff import ChangeKind, differences
from app.policy.document import read_document
from app.policy.draft import (
    OWN_DECISION,
    Key,
    keys_of,
    own_value,
    spoken,
    with_copy,
    with_line,
    with_value,
    without_line,
)
from app.policy.table import PolicyTable
from app.policy.toml_file import load_profile

CHILD = Key(category="child")
ADDED, REMOVED, CHANGED, CITED = ChangeKind


def table_of(*rows: dict[str, Any], **head: Any) -> PolicyTable:
    table = read_document({"rows": list(rows), **head})
    assert isinstance(table, PolicyTable)
    return table


def told(old: PolicyTable, new: PolicyTable) -> list[tuple[str, ChangeKind, list[tuple[str, ChangeKind, Any, Any]]]]:
    return [
        (row.key, row.kind, [(one.name, one.kind, one.was, one.became) for one in row.parameters])
        for row in differences(old, new).rows
    ]


OLD = table_of({"loan_days": 14, "source": "اطلاعیه"}, {"category": "child", "loan_days": 7}, title="الف")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"loan_days": 14, "source": "اطلاعیه"}, {"category": "child", "loan_days": 7}], []),
        (
            [{"loan_days": 21, "source": "اطلاعیه"}, {"category": "child", "loan_days": 7}],
            [("*/*", CHANGED, [("loan_days", CHANGED, 14, 21)])],
        ),
        (
            [{"loan_days": 14, "source": "آیین‌نامه"}, {"category": "child", "loan_days": 7}],
            [("*/*", CHANGED, [("loan_days", CITED, 14, 14)])],
        ),
        (
            [{"loan_days": 14, "source": "اطلاعیه", "max_loans": 3}, {"category": "child", "loan_days": 7}],
            [("*/*", CHANGED, [("max_loans", ADDED, None, 3)])],
        ),
        (
            [{"loan_days": 14, "source": "اطلاعیه"}],
            [("child/*", REMOVED, [("loan_days", REMOVED, 7, None)])],
        ),
        (
            [
                {"loan_days": 14, "source": "اطلاعیه"},
                {"category": "child", "loan_days": 7},
                {"branch": "اراک", "fee": 0},
            ],
            [("اراک/*/*", ADDED, [("fee", ADDED, None, 0)])],
        ),
        (  # rows that share a key are one line, in whatever pieces they come
            [{"source": "اطلاعیه"}, {"category": "child", "loan_days": 7}, {"loan_days": 14, "source": "اطلاعیه"}],
            [],
        ),
    ],
)
def test_each_difference_is_told_by_row_and_parameter(rows: list[dict[str, Any]], expected: list[Any]) -> None:
    assert told(OLD, table_of(*rows, title="الف")) == expected


def test_title_and_source_of_the_whole_table_are_told_too() -> None:
    changed = differences(OLD, table_of({"loan_days": 14, "source": "اطلاعیه"}, {"category": "child", "loan_days": 7}))
    assert [(change.name, change.was, change.became) for change in changed.head] == [("title", "الف", "")]
    assert changed
    assert not differences(OLD, OLD)


def test_a_figure_set_by_hand_leaves_the_row_that_cited_a_text_for_it() -> None:
    public = load_profile("public")
    changed = with_value(public, Key(), "loan_days", 21)
    row = spoken(changed, Key())["loan_days"]
    assert (row.values["loan_days"], row.source) == (21, OWN_DECISION)
    assert row.article == (
        "به جای: اطلاعیه 45686 سامان، چهارده روز؛ حداکثر پنج امانت برای هر کد ملی؛ تمدید تا هنگامی که رزرو نشده باشد"
    )
    assert spoken(changed, Key())["max_items_per_national_id"].source == "اطلاعیه 45686 سامان"
    assert told(public, changed) == [("*/*", CHANGED, [("loan_days", CHANGED, 14, 21)])]


def test_a_changed_figure_names_the_notice_it_comes_from() -> None:
    changed = with_value(OLD, Key(), "loan_days", 21, "بخشنامهٔ ۱۴۰۶")
    assert spoken(changed, Key())["loan_days"].source == "بخشنامهٔ ۱۴۰۶"


def test_an_emptied_figure_falls_through_to_the_general_line() -> None:
    changed = with_value(OLD, CHILD, "loan_days", None)
    assert changed.resolve("x", "child", "book").decided_by("loan_days") == "*/*"
    assert CHILD in keys_of(changed)


def test_setting_what_is_already_said_changes_nothing() -> None:
    assert with_value(OLD, CHILD, "loan_days", 7) is OLD
    assert with_value(OLD, CHILD, "max_loans", None) is OLD


def test_lines_are_added_copied_and_removed_but_the_fallback_stays() -> None:
    both = with_line(OLD, Key(item_type="audiovisual"))
    assert keys_of(both) == (Key(), Key(item_type="audiovisual"), CHILD)
    assert with_line(both, CHILD) is both
    copied = with_copy(both, CHILD, Key(category="child", item_type="book"))
    assert copied.resolve("x", "child", "book").decided_by("loan_days") == "child/book"
    assert keys_of(without_line(copied, CHILD)) == (
        Key(), Key(item_type="audiovisual"), Key(category="child", item_type="book")
    )  # fmt: skip
    assert without_line(copied, Key()) is copied


def test_a_period_that_another_one_hides_is_still_what_the_row_says() -> None:
    both = with_value(OLD, CHILD, "loan_weeks", 2)
    own = spoken(both, CHILD)
    assert [own_value(own[name], name) for name in ("loan_days", "loan_weeks")] == [7, 2]
