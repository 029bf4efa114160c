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
