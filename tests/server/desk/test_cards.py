import pytest

from db.codes import Role
from tests.server.desk.desks import Desk, says_so_in_persian

TAG = "0013161961"


def test_a_card_is_bound_by_touching_it_and_lends_at_once(lending: Desk) -> None:
    told = lending.ask("member.card.bind", member="1001", card="۰۰۱۳۱۶۱۹۶۱")
    assert (told["outcome"], told["card"], told["retired"], told["member_no"]) == ("bound", TAG, ["1001"], "000001")
    assert lending.ask("member.show", member=TAG)["card"] == TAG
    assert lending.ask("checkout", member=TAG, item="B1")["outcome"] == "checked_out"
    assert lending.ask("member.find", q=TAG)["rows"][0]["member_no"] == "000001"


def test_the_same_card_again_is_already_done(lending: Desk) -> None:
    before = lending.entries()
    told = lending.ask("member.card.bind", member="1001", card="1001")
    assert (told["outcome"], told["cards"]) == ("already_done", ["1001"])
    assert lending.entries() == before


def test_a_repeated_key_tells_the_card(lending: Desk) -> None:
    lending.ask("member.card.bind", member="1001", card=TAG, keep=True, key="k")
    told = lending.ask("member.card.bind", member="1001", card="other", key="k")
    assert (told["outcome"], told["card"]) == ("already_done", TAG)


def test_a_lost_card_is_blocked_and_the_member_served_by_number(lending: Desk) -> None:
    told = lending.ask("member.card.lost", card="1001")
    assert (told["outcome"], told["cards"]) == ("lost", ["1001"])
    refused = lending.ask("checkout", member="1001", item="B1")
    assert [reason["code"] for reason in refused["refusals"]] == ["member.card_lost"]
    assert refused["member_no"] == "000001"
    assert says_so_in_persian(refused)
    assert lending.ask("checkout", member="000001", item="B1")["outcome"] == "checked_out"
    assert lending.ask("member.card.lost", member="000001")["outcome"] == "already_done"


def test_a_card_found_again_lends(lending: Desk) -> None:
    lending.ask("member.card.lost", member="1001")
    assert lending.ask("member.card.found", card="1001")["outcome"] == "found_again"
    assert lending.ask("checkout", member="1001", item="B1")["outcome"] == "checked_out"
    assert lending.ask("member.card.found", card="1001")["outcome"] == "already_done"


@pytest.mark.parametrize("card", ["B1", "کارت", "1\u202e2", ""])
def test_what_is_no_card_is_refused_in_persian(lending: Desk, card: str) -> None:
    before = lending.entries()
    told = lending.ask("member.card.bind", member="1001", card=card)
    assert told["outcome"] == "refused"
    assert says_so_in_persian(told)
    assert lending.entries() == before


def test_a_card_of_somebody_else_is_refused(lending: Desk) -> None:
    lending.ask("member.add", given_name="زهرا", family_name="موسوی", category="ordinary", card="2001")
    told = lending.ask("member.card.bind", member="1001", card="2001")
    assert [reason["code"] for reason in told["refusals"]] == ["member.card_taken"]


@pytest.mark.parametrize("fields", [{}, {"card": "1001", "member": "1001"}])
def test_a_loss_is_told_of_one_card_or_one_member(lending: Desk, fields: dict[str, str]) -> None:
    assert lending.ask("member.card.lost", **fields)["error"]["field"] == "card"


@pytest.mark.parametrize(
    ("op", "fields"),
    [
        ("member.card.bind", {"member": "9999", "card": TAG}),
        ("member.card.bind", {"member": "\x07", "card": TAG}),
        ("member.card.lost", {"card": "9999"}),
        ("member.card.lost", {"member": "\x07"}),
        ("member.card.found", {"card": "9999"}),
        ("member.card.found", {"card": "\x07"}),
    ],
)
def test_nobody_is_not_found(lending: Desk, op: str, fields: dict[str, str]) -> None:
    told = lending.ask(op, **fields)
    assert (told["outcome"], told["what"]) == ("not_found", "member")


def test_a_cataloguer_gives_out_no_cards(lending: Desk) -> None:
    cataloguer = lending.as_role(Role.CATALOGUER)
    for op, fields in (("bind", {"member": "1001", "card": TAG}), ("lost", {"card": "1001"}), ("found", {"card": "1"})):
        told = cataloguer.ask(f"member.card.{op}", **fields)
        assert [reason["code"] for reason in told["refusals"]] == ["role.not_allowed"]
