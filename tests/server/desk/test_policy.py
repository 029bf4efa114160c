from pathlib import Path

import pytest

from app.policy.toml_file import load_profile
from db.codes import Role
from tests.server.desk.desks import Desk, says_so_in_persian

ROWS = [
    {"loan_days": 14, "max_loans_all_types": 5, "source": "آیین‌نامه", "article": "م ۳"},
    {"category": "child", "loan_days": 7},
    {"category": "child", "item_type": "reference", "loanable": "no"},
]


def test_a_whole_table_becomes_the_next_version(desk: Desk) -> None:
    told = desk.ask("policy.set", rows=ROWS, title="آیین‌نامهٔ تازه")
    assert (told["outcome"], told["version"], told["effective_from"]) == ("set", 2, "2026-11-21")
    assert desk.library.policy.title == "آیین‌نامهٔ تازه"


def test_the_next_loan_goes_by_the_new_table(lending: Desk) -> None:
    lending.ask("policy.set", rows=[{"loan_days": 3, "days_mode": "ignore_calendar"}])
    assert lending.ask("checkout", member="1001", item="B1")["due"] == "2026-11-24"


def test_a_table_for_a_later_day_waits_for_it(lending: Desk) -> None:
    told = lending.ask(
        "policy.set", rows=[{"loan_days": 3, "days_mode": "ignore_calendar"}], effective_from="1405/09/10", jalali=True
    )
    assert told["effective_from_jalali"] == "1405/09/10"
    assert lending.ask("checkout", member="1001", item="B1")["due"] == "2026-12-05"
    lending.ask("clock.set", now="1405/09/10")
    assert lending.ask("checkout", member="1001", item="B2")["due"] == "2026-12-04"


def test_the_same_table_again_is_already_done(desk: Desk) -> None:
    desk.ask("policy.set", rows=ROWS)
    before = desk.entries()
    told = desk.ask("policy.set", rows=ROWS)
    assert (told["outcome"], told["version"]) == ("already_done", 2)
    assert desk.entries() == before


def test_everything_wrong_with_a_table_is_told_and_nothing_is_set(desk: Desk) -> None:
    rows = [{"category": "child", "loan_days": -1, "loan_dayz": 3}, {"category": "شاه", "loan_days": 1}]
    told = desk.ask("policy.set", rows=rows)
    assert {reason["code"] for reason in told["refusals"]} == {
        "fallback.missing", "value.range", "parameter.unknown", "category.unknown",
    }  # fmt: skip
    assert says_so_in_persian(told)
    assert desk.library.policy.version == 1


def test_a_fine_without_a_period_is_refused(desk: Desk) -> None:
    told = desk.ask("policy.set", rows=[{"loan_days": 14, "fine_per_day": 500}])
    assert [reason["code"] for reason in told["refusals"]] == ["fine.no_period"]


def test_numbers_that_no_column_holds_are_refused(desk: Desk) -> None:
    assert not desk.send(b'{"op":"policy.set","rows":[{"loan_days":999999999999999999999999999999}]}')["ok"]
    assert not desk.send(b'{"op":"policy.set","rows":[{"loan_days":1e300}]}')["ok"]
    assert not desk.send(b'{"op":"policy.set","rows":[{"loan_days":' + b"[" * 50_000 + b"]" * 50_000 + b"}]}")["ok"]
    assert desk.library.policy.version == 1


def test_only_the_head_sets_the_rules(desk: Desk) -> None:
    librarian = desk.as_role(Role.LIBRARIAN)
    before = desk.entries()
    assert librarian.ask("policy.set", rows=ROWS)["refusals"][0]["code"] == "role.not_allowed"
    assert desk.entries() == before


def test_every_parameter_is_explained_with_its_row_and_article(lending: Desk) -> None:
    lending.ask("policy.set", rows=ROWS)
    lending.ask("member.add", given_name="نیما", family_name="کوچک", category="child", card="5")
    grown = {line["name"]: line for line in lending.ask("policy.explain", member="1001", item="B1")["parameters"]}
    child = {line["name"]: line for line in lending.ask("policy.explain", member="5", item="B1")["parameters"]}
    assert (grown["loan_days"]["value"], grown["loan_days"]["row"]) == (14, "*/*")
    assert (grown["loan_days"]["source"], grown["loan_days"]["article"]) == ("آیین‌نامه", "م ۳")
    assert (child["loan_days"]["value"], child["loan_days"]["row"]) == (7, "child/*")
    assert child["max_loans_all_types"]["row"] == "*/*"
    assert child["max_renewals"]["row"] == "default"


def test_steps_and_fixed_dates_are_explained_as_plain_values(lending: Desk) -> None:
    steps = [{"from": 1, "to": 5, "amount": 500}, {"from": 6, "amount": 1000}]
    lending.ask("policy.set", rows=[{"loan_days": 14, "tiers": steps, "hard_due": "1405/12/01", "period_days": 1}])
    told = {line["name"]: line for line in lending.ask("policy.explain", member="1001", item="B1")["parameters"]}
    assert told["tiers"]["value"][0] == {"first": 1, "last": 5, "amount": 500}
    assert told["hard_due"]["value"][0]["due"] == "2027-02-20"


def test_explaining_for_nobody_is_not_found(lending: Desk) -> None:
    assert lending.ask("policy.explain", member="9", item="B1")["what"] == "member"
    assert lending.ask("policy.explain", member="1001", item="B9")["what"] == "item"


def test_a_loan_is_explained_by_the_version_and_row_of_then_step_by_step(lending: Desk) -> None:
    lending.ask("policy.set", rows=[{"loan_days": 20, "source": "آیین‌نامه", "article": "م ۳"}])
    loan = lending.ask("checkout", member="1001", item="B1")
    lending.ask("policy.set", rows=[{"loan_days": 3}])
    told = lending.ask("policy.explain", loan=loan["loan"], jalali=True)
    assert (told["version"], told["loan_rule"], told["due"]) == (2, "*/*", loan["due"])
    assert (told["source"], told["article"]) == ("آیین‌نامه", "م ۳")
    assert [step["kind"] for step in told["steps"]] == ["start", "period", "closed"]
    assert told["steps"][-1]["closed"] == [{"day": "2026-12-11", "day_jalali": "1405/09/20", "name": "جمعه‌ها بسته است"}]
    assert told["steps"][-1]["day"] == loan["due"]
    assert {line["name"]: line["value"] for line in told["parameters"]}["loan_days"] == 20
    by_item = lending.ask("policy.explain", item="B1", jalali=True)
    assert by_item == told
    now = lending.ask("policy.explain", member="1001", item="B1")
    assert (now["version"], now["loan"], now["steps"][-1]["day"]) == (3, None, "2026-11-24")


def test_explaining_needs_a_copy_or_a_loan(lending: Desk) -> None:
    assert lending.ask("policy.explain")["error"]["field"] == "item"
    assert lending.ask("policy.explain", item="B1")["what"] == "item"  # nobody has it
    assert lending.ask("policy.explain", loan="01a200b2-0000-7000-8000-000000000000")["outcome"] == "not_found"


def test_versions_are_listed_shown_and_compared(desk: Desk) -> None:
    desk.ask("policy.set", rows=[{"loan_days": 14, "fine_per_day": 500, "period_days": 1}])
    desk.ask("policy.set", rows=[{"loan_days": 21}, {"category": "child", "fee": 0}], title="تازه", status="draft")
    listed = desk.ask("policy.list")["versions"]
    assert [(one["version"], one["status"], one["rows"], one["in_force"]) for one in listed] == [
        (3, "draft", 2, False), (2, "in_force", 1, True), (1, "draft", 19, False)
    ]  # fmt: skip
    shown = desk.ask("policy.show", version=3)
    assert shown["rows"] == [{"loan_days": 21}, {"category": "child", "fee": 0}]
    assert desk.ask("policy.show")["version"] == 2
    told = desk.ask("policy.diff", **{"from": 2, "to": 3})
    assert told["head"] == [{"name": "title", "was": "ضوابط امانت کتابخانه‌های عمومی", "became": "تازه"}]
    assert told["rows"] == [
        {"row": "*/*", "change": "changed", "parameters": [
            {"name": "loan_days", "change": "changed", "was": 14, "became": 21},
            {"name": "fine_per_day", "change": "removed", "was": 500, "became": None},
            {"name": "period_days", "change": "removed", "was": 1, "became": None},
        ]},
        {"row": "child/*", "change": "added", "parameters": [
            {"name": "fee", "change": "added", "was": None, "became": 0},
        ]},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("op", "fields"),
    [
        ("policy.show", {"version": 9}),
        ("policy.diff", {"from": 1, "to": 9}),
        ("policy.diff", {"from": 9, "to": 1}),
        ("policy.restore", {"version": 9}),
        ("policy.try", {"category": "child", "item_type": "book", "version": 9}),
        ("policy.export", {"file": "/nowhere/x.toml", "version": 9}),
    ],
)
def test_a_version_that_is_not_there_is_not_found(desk: Desk, op: str, fields: dict[str, object]) -> None:
    told = desk.ask(op, **fields)
    assert (told["outcome"], told["what"]) == ("not_found", "policy")
    assert says_so_in_persian(told)


def test_going_back_makes_the_old_rows_the_next_version(desk: Desk) -> None:
    desk.ask("policy.set", rows=[{"loan_days": 3}])
    told = desk.ask("policy.restore", version=1)
    assert (told["outcome"], told["version"]) == ("set", 3)
    assert desk.ask("policy.restore", version=1)["outcome"] == "already_done"
    assert desk.library.terms("ordinary", "book")["loan_days"] == 14


def test_the_rules_are_tried_without_a_member(desk: Desk) -> None:
    told = desk.ask("policy.try", category="child", item_type="audiovisual", parameters=["loan_days", "fee"])
    assert [(line["name"], line["value"], line["row"]) for line in told["parameters"]] == [
        ("loan_days", 7, "*/audiovisual"), ("fee", 10_000, "child/*")
    ]  # fmt: skip
    assert told["summary"].startswith("امانت ۷ روز، تا ۲ نسخه")
    assert len(desk.ask("policy.try", category="child", item_type="book")["parameters"]) == 88
    assert desk.ask("policy.try", category="shah", item_type="book")["error"]["field"] == "category"
    assert desk.ask("policy.try", category="child", item_type="x", parameters=["y"])["error"]["field"] == "parameters"


def test_whose_copy_it_is_decides_by_rule_branch(desk: Desk) -> None:
    here = desk.library.branch.name
    rows = [{"loan_days": 14}, {"branch": "arak", "loan_days": 30}, {"branch": here, "loan_days": 7}]
    tried = {"category": "child", "item_type": "book", "parameters": ["loan_days"]}
    for rule, there in (("home", 30), ("holding", 7)):
        desk.ask("policy.set", rows=[*rows, {"rule_branch": rule}])
        assert desk.ask("policy.try", **tried)["parameters"][0]["value"] == 7
        assert desk.ask("policy.try", branch="arak", **tried)["parameters"][0]["value"] == there


@pytest.mark.parametrize("suffix", ["toml", "xlsx"])
def test_the_rules_go_to_a_file_and_come_back_on_another_day(desk: Desk, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"rules.{suffix}"
    told = desk.ask("policy.export", file=str(path))
    assert (told["outcome"], told["format"], told["rows"], told["version"]) == ("written", suffix, 19, 1)
    desk.ask("policy.set", rows=[{"loan_days": 3}])
    told = desk.ask("policy.import", file=str(path))
    assert (told["outcome"], told["version"]) == ("set", 3)
    assert desk.library.policy.rows == load_profile("public").rows
    assert desk.ask("policy.import", file=str(path))["outcome"] == "already_done"


def test_a_file_in_another_state_than_it_says_is_taken_as_it_is_told(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text('status = "draft"\n[[rows]]\nloan_days = 3\n', encoding="utf-8")
    assert desk.ask("policy.import", file=str(path))["version"] == 2
    assert desk.library.policy.version == 1
    desk.ask("policy.import", file=str(path), status="in_force")
    assert desk.library.policy.version == 3


def test_a_faulty_file_is_told_by_place_and_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text("[[rows]]\nloan_days = 14\n[[rows]]\ncategory = 'child'\nfine_per_day = 5\n", encoding="utf-8")
    before = desk.entries()
    told = desk.ask("policy.import", file=str(path))
    (refusal,) = told["refusals"]
    assert (refusal["code"], refusal["rule"], refusal["parameter"]) == ("fine.no_period", "child/*", "fine_per_day")
    assert refusal["message"].startswith("ردیف شمارهٔ ۲: ")
    assert says_so_in_persian(told)
    assert desk.ask("policy.import", file=str(tmp_path / "none.toml"))["error"]["code"] == "P-1231"
    assert desk.ask("policy.import", file=str(tmp_path / "none.xlsx"))["error"]["code"] == "P-1231"
    assert desk.ask("policy.import", file=str(tmp_path / "x.csv"))["error"]["field"] == "file"
    assert desk.ask("policy.export", file=str(tmp_path / "x.csv"))["error"]["field"] == "file"
    assert desk.entries() == before


@pytest.mark.parametrize(("op", "fields"), [("policy.import", {"file": "x.toml"}), ("policy.restore", {"version": 1})])
def test_only_who_may_change_the_rules_stores_versions(desk: Desk, op: str, fields: dict[str, object]) -> None:
    before = desk.entries()
    refusals = desk.as_role(Role.LIBRARIAN).ask(op, **fields)["refusals"]
    assert [reason["code"] for reason in refusals] == ["role.not_allowed"]
    assert desk.entries() == before + 1  # the colleague
