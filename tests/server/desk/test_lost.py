"""Lost, found, replaced, damaged and claimed copies through the protocol."""

from typing import Any

import pytest

from db.codes import Role
from tests.server.desk.desks import Desk, says_so_in_persian


@pytest.fixture
def lent(lending: Desk) -> Desk:
    """A priced copy (P1) in the hands of member 1001, by a policy with a fee of 10,000."""
    rows = [{"loan_days": 14, "fine_per_day": 500, "period_days": 1, "processing_fee": 10_000}]
    assert lending.ask("policy.set", rows=rows)["ok"]
    assert lending.ask("item.add", title={"title": "جای خالی سلوچ"}, barcode="P1", price=90_000)["ok"]
    assert lending.ask("checkout", member="1001", item="P1")["ok"]
    return lending


def debt(desk: Desk) -> int:
    return int(desk.ask("member.show", member="1001")["debt"])


def codes(told: dict[str, Any]) -> list[str]:
    assert told["outcome"] == "refused", told
    assert says_so_in_persian(told)
    return [reason["code"] for reason in told["refusals"]]


def test_lost_then_found_costs_nothing_in_the_end(lent: Desk) -> None:
    told = lent.ask("item.lost", item="P1", reason="در اتوبوس جا ماند")
    assert (told["outcome"], told["charged"], told["processing_fee"], told["fine"]) == ("lost", 90_000, 10_000, 0)
    assert (told["member_no"], debt(lent)) == ("000001", 100_000)
    assert lent.ask("item.lost", item="P1")["outcome"] == "already_done"
    found = lent.ask("item.found", item="P1")
    assert (found["outcome"], found["cancelled"], found["credit"]) == ("found_again", 100_000, 0)
    assert debt(lent) == 0
    assert lent.ask("item.found", item="P1")["outcome"] == "already_done"
    assert lent.ask("check")["broken"] == []


def test_a_price_nobody_knows_is_asked_for(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B1")
    assert codes(lending.ask("item.lost", item="B1")) == ["price.unknown"]
    assert lending.ask("item.lost", item="B1", charge=40_000)["charged"] == 40_000


def test_replaced_in_kind(lent: Desk) -> None:
    lent.ask("item.lost", item="P1")
    told = lent.ask("item.replaced", item="P1", replacement={"barcode": "N1", "price": 120_000})
    assert (told["outcome"], told["settled"], told["replacement"]["barcode"]) == ("replaced", 90_000, "N1")
    assert debt(lent) == 10_000
    assert lent.ask("item.replaced", item="P1")["outcome"] == "already_done"
    assert codes(lent.ask("item.found", item="P1")) == ["item.was_replaced"]
    assert lent.ask("item.found", item="P1", confirm=["item.was_replaced"])["outcome"] == "found_again"
    assert lent.ask("check")["broken"] == []


def test_another_title_is_asked_about(lent: Desk) -> None:
    asked = lent.ask("item.replaced", item="P1", replacement={"item": "B1"})
    assert codes(asked) == ["replacement.other_title"]
    assert asked["refusals"][0]["kind"] == "confirm"
    told = lent.ask("item.replaced", item="P1", replacement={"item": "B1"}, confirm=["replacement.other_title"])
    assert told["outcome"] == "replaced"


def test_damage_and_repair(lent: Desk) -> None:
    told = lent.ask("item.damaged", item="P1", note="آب‌خورده", charge=30_000, incident=True)
    assert (told["outcome"], told["condition"], told["charged"]) == ("damaged", "damaged", 30_000)
    assert told["incident"] is not None
    assert debt(lent) == 30_000
    assert lent.ask("item.damaged", item="P1", note="آب‌خورده", charge=30_000)["outcome"] == "already_done"
    assert lent.ask("item.repaired", item="P1")["outcome"] == "repaired"
    assert lent.ask("item.repaired", item="P1")["outcome"] == "already_done"


def test_a_claim_is_listed_for_the_shelves_and_closed(lent: Desk) -> None:
    told = lent.ask("item.claimed_returned", item="P1", member="1001", on="1405/08/30")
    assert (told["outcome"], told["on"], told["claims"]) == ("claimed", "2026-11-21", 1)
    assert lent.ask("item.claimed_returned", item="P1")["outcome"] == "already_done"
    (row,) = lent.ask("claims.list")["rows"]
    assert (row["barcode"], row["since"], row["claims"]) == ("P1", "2026-11-21", 1)
    assert lent.ask("claim.close", item="P1", result="kept")["outcome"] == "kept"
    assert codes(lent.ask("claim.close", item="P1", result="found")) == ["claim.none"]
    lent.ask("item.claimed_returned", item="P1")
    assert lent.ask("claim.close", item="P1", result="found")["outcome"] == "found_again"


def test_the_list_of_cases(lent: Desk) -> None:
    lent.ask("item.lost", item="P1")
    lent.ask("item.lost", item="B1")
    rows = lent.ask("loss.list")["rows"]
    assert [(row["kind"], row["barcode"], row["open"]) for row in rows] == [
        ("lost", "P1", 100_000),
        ("missing", "B1", 0),
    ]
    assert [row["barcode"] for row in lent.ask("loss.list", kind="missing")["rows"]] == ["B1"]


def test_undo_takes_a_loss_back(lent: Desk) -> None:
    lent.ask("item.lost", item="P1")
    assert lent.ask("undo")["kind"] == "item.lost"
    assert debt(lent) == 0
    assert lent.ask("item.show", item="P1")["status"] == "on_loan"


def test_a_key_is_done_once(lent: Desk) -> None:
    first = lent.ask("item.lost", item="P1", key="l-1")
    entries = lent.entries()
    again = lent.ask("item.lost", item="P1", key="l-1")
    assert (again["outcome"], again["kind"], again["loan"]) == ("already_done", "item.lost", first["loan"])
    assert lent.entries() == entries


OPS = [
    ("item.lost", {}),
    ("item.found", {}),
    ("item.replaced", {}),
    ("item.damaged", {"note": "x"}),
    ("item.repaired", {}),
    ("item.claimed_returned", {}),
    ("claim.close", {"result": "found"}),
]


@pytest.mark.parametrize(("op", "fields"), OPS)
def test_copies_nobody_knows_and_codes_nobody_reads(op: str, fields: dict[str, Any], lending: Desk) -> None:
    before = lending.entries()
    for code in ("RAF-999999", "12\u202e34", ""):
        told = lending.ask(op, item=code, **fields)
        assert (told["outcome"], told["what"]) == ("not_found", "item")
        assert says_so_in_persian(told)
    assert lending.entries() == before


@pytest.mark.parametrize(("op", "fields"), [pair for pair in OPS if pair[0] != "item.claimed_returned"])
def test_a_trainee_is_refused(op: str, fields: dict[str, Any], lending: Desk) -> None:
    told = lending.as_role(Role.TRAINEE).ask(op, item="B1", **fields)
    assert codes(told) == ["role.not_allowed"]


@pytest.mark.parametrize(
    ("op", "fields"),
    [
        ("item.lost", {"charge": -1}),
        ("item.lost", {"charge": 1.5}),
        ("item.damaged", {"note": "x", "charge": -1}),
        ("item.damaged", {}),
        ("item.damaged", {"note": "x", "condition": "gone"}),
        ("claim.close", {"result": "maybe"}),
        ("item.replaced", {"replacement": {"price": -1}}),
        ("item.replaced", {"replacement": {"colour": "red"}}),
        ("item.claimed_returned", {"on": "1405/13/40"}),
    ],
)
def test_bad_input_is_told_and_changes_nothing(op: str, fields: dict[str, Any], lending: Desk) -> None:
    before = lending.entries()
    told = lending.ask(op, item="B1", **fields)
    assert told["error"]["code"] == "request.invalid"
    assert lending.entries() == before
