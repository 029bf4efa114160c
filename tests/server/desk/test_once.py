import uuid

import pytest

from server.desk.once import already_done
from tests.server.desk.desks import Desk

LOAN = {"member": "1001", "item": "B1", "key": "loan-1"}


def test_a_request_with_a_key_is_done_once(lending: Desk) -> None:
    first = lending.ask("checkout", **LOAN)
    before = lending.entries()
    again = lending.ask("checkout", **LOAN, id=3, jalali=True)
    assert (again["ok"], again["id"], again["outcome"], again["kind"]) == (True, 3, "already_done", "loan.opened")
    assert (again["loan"], again["due"], again["rule"], again["item"]) == (
        first["loan"], first["due"], first["rule"], first["item"],
    )  # fmt: skip
    assert (again["due_jalali"], again["day_jalali"]) == ("1405/09/14", "1405/08/30")
    assert lending.entries() == before


def test_once_means_for_ever_whatever_happened_since(lending: Desk) -> None:
    lending.ask("checkout", **LOAN)
    lending.ask("checkin", item="B1")
    lending.ask("clock.advance", days=400)
    assert lending.ask("checkout", **LOAN)["outcome"] == "already_done"
    assert lending.ask("item.show", item="B1")["status"] == "available"


def test_a_key_used_by_one_operation_is_used_for_all(lending: Desk) -> None:
    lending.ask("checkout", **LOAN)
    told = lending.ask("checkin", item="B1", key="loan-1")
    assert (told["outcome"], told["kind"]) == ("already_done", "loan.opened")


def test_a_refused_request_leaves_its_key_free(lending: Desk) -> None:
    assert lending.ask("checkout", member="999", item="B1", key="k")["outcome"] == "not_found"
    assert not lending.ask("member.add", given_name="", family_name="", category="ordinary", key="k")["ok"]
    assert lending.ask("item.show", item="B1", key="k")["outcome"] == "found"
    assert lending.ask("checkout", member="1001", item="B1", key="k")["outcome"] == "checked_out"


def test_a_scan_that_was_done_without_a_key_leaves_the_key_free(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B1")
    assert lending.ask("checkout", **LOAN)["outcome"] == "already_done"
    assert already_done(lending.library.store, "loan-1") is None


def test_what_was_added_is_told_again(desk: Desk) -> None:
    member = {"given_name": "علی", "family_name": "رضایی", "category": "ordinary", "card": "1", "key": "m"}
    item = {"title": {"title": "بوف کور", "creators": [{"name": "صادق هدایت"}]}, "key": "i"}
    for op, request, names in (
        ("member.add", member, ("member", "member_no")),
        ("item.add", item, ("item", "accession_no", "barcode", "title_id")),
        ("title.add", {"title": "سووشون", "key": "t"}, ("title_id",)),
        ("policy.set", {"rows": [{"loan_days": 9}], "key": "p"}, ("version", "effective_from")),
    ):
        first, again = desk.ask(op, **request), desk.ask(op, **request)
        assert again["outcome"] == "already_done", op
        assert {name: again[name] for name in names} == {name: first[name] for name in names}


def test_a_return_is_told_again_with_its_fine(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B1")
    lending.ask("clock.advance", days=20)
    first = lending.ask("checkin", item="B1", key="in")
    again = lending.ask("checkin", item="B1", key="in")
    assert first["fine"] > 0
    assert (again["fine"], again["in_on"], again["loan"]) == (first["fine"], first["in_on"], first["loan"])


def test_minutes_are_numbered_once(lending: Desk) -> None:
    lending.ask("weeding.propose", reason="worn", items=["B1"], unbindable=True)
    first = lending.ask("weeding.minutes", reason="worn", key="w")
    again = lending.ask("weeding.minutes", reason="worn", key="w")
    assert (again["outcome"], f"{again['year']}/{again['number']}") == ("already_done", first["number"])


def test_an_undo_with_a_key_undoes_once(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B1")
    lending.ask("checkout", member="1001", item="B2")
    assert lending.ask("undo", key="u")["outcome"] == "undone"
    assert lending.ask("undo", key="u")["outcome"] == "already_done"
    assert lending.ask("item.show", item="B1")["status"] == "on_loan"


@pytest.mark.parametrize("key", ["", "k" * 101, "کلید", "a\nb", 5])
def test_a_key_is_short_and_plain(lending: Desk, key: object) -> None:
    assert lending.ask("checkout", member="1001", item="B1", key=key)["error"]["field"] == "key"


def test_an_unused_key_finds_nothing(lending: Desk) -> None:
    assert already_done(lending.library.store, str(uuid.uuid4())) is None
