"""Holds through the protocol: every parameter, every code."""

from pathlib import Path
from typing import Any

import pytest

from db.codes import Role
from tests.server.desk.desks import Desk, says_so_in_persian

OTHER = {"given_name": "مینا", "family_name": "صبا", "category": "ordinary", "card": "1002"}


@pytest.fixture
def waiting(lending: Desk) -> Desk:
    """Two readers (1001, 1002); the copy B1 is with neither of them."""
    lending.ask("member.add", **OTHER)
    lending.ask("member.add", given_name="رضا", family_name="کریمی", category="ordinary", card="1003")
    lending.ask("checkout", member="1003", item="B1")
    return lending


def title_of(desk: Desk, item: str) -> str:
    told = desk.ask("hold.place", member="1003", item=item)
    assert told["ok"], told
    desk.ask("undo")
    return str(told["title_id"])


def codes(told: dict[str, Any]) -> list[str]:
    assert told["outcome"] == "refused", told
    assert says_so_in_persian(told)
    return [refusal["code"] for refusal in told["refusals"]]


def test_a_hold_tells_its_place_in_line(waiting: Desk) -> None:
    title = title_of(waiting, "B2")
    first = waiting.ask("hold.place", member="1001", title=title)
    second = waiting.ask("hold.place", member="1002", title=title, until="1405/12/01", channel="post")
    assert (first["outcome"], first["position"], first["queue"]) == ("held", 1, 1)
    assert (second["position"], second["queue"], second["state"], second["fee"]) == (2, 2, "queued", 0)
    listed = waiting.ask("hold.list", title=title, jalali=True)["rows"]
    assert {row["hold"]: (row["position"], row["until"], row["channel"]) for row in listed} == {
        first["hold"]: (1, None, "desk"),
        second["hold"]: (2, "2027-02-20", "post"),
    }
    assert {row["until_jalali"] for row in listed if row["until"]} == {"1405/12/01"}


def test_a_hold_on_a_copy_tells_the_copy(waiting: Desk) -> None:
    told = waiting.ask("hold.place", member="1001", item="B1")
    assert (told["barcode"], told["member_no"], told["position"]) == ("B1", "000001", 1)
    assert waiting.ask("hold.list", member="1001")["rows"][0]["only_this_item"] is True


def test_the_same_hold_again_is_already_done(waiting: Desk) -> None:
    first = waiting.ask("hold.place", member="1001", item="B1")
    before = waiting.entries()
    again = waiting.ask("hold.place", member="1001", item="B1")
    assert (again["outcome"], again["hold"], again["position"]) == ("already_done", first["hold"], 1)
    assert waiting.entries() == before


def test_a_keyed_hold_is_placed_once_for_ever(waiting: Desk) -> None:
    first = waiting.ask("hold.place", member="1001", item="B1", key="k1")
    waiting.ask("clock.advance", days=3)
    again = waiting.ask("hold.place", member="1001", item="B1", key="k1")
    assert (again["outcome"], again["hold"], again["kind"]) == ("already_done", first["hold"], "hold.placed")


CODES: list[tuple[str, dict[str, Any], dict[str, Any], list[str]]] = [
    # policy parameter, its row, the request, the codes
    ("max_holds", {"max_holds": 0}, {}, ["hold.limit"]),
    ("max_per_type", {"max_per_type": 0}, {}, ["hold.limit"]),
    ("max_per_title", {"max_per_title": 0}, {}, ["hold.per_title"]),
    ("max_per_day", {"max_per_day": 0}, {}, ["hold.per_day"]),
    ("hold_on_shelf", {"hold_on_shelf": False}, {"item": "B2"}, ["hold.on_shelf"]),
    ("hold_on_shelf, lent", {"hold_on_shelf": False}, {}, []),
    ("hold_damaged", {}, {"item": "B4"}, ["hold.damaged"]),
    ("hold_damaged allowed", {"hold_damaged": True}, {"item": "B4"}, []),
    ("allow_hold_on_own_loan", {}, {"member": "1003"}, ["hold.own_loan"]),
    ("allow_hold_on_own_loan allowed", {"allow_hold_on_own_loan": True}, {"member": "1003"}, []),
    ("loanable", {"loanable": "onsite"}, {}, ["item.not_for_loan"]),
    ("min_age", {"min_age": 12}, {"member": "1004"}, ["member.age"]),
    ("debt_limit", {"debt_limit": 0}, {"member": "1005"}, ["member.debt"]),
    ("ask_on_any_debt", {"ask_on_any_debt": True}, {"member": "1005"}, ["member.debt"]),
    ("until", {}, {"until": "1405/08/29"}, ["hold.until_past"]),
    ("not for loan", {}, {"item": "B5"}, ["item.not_for_loan"]),
]


@pytest.mark.parametrize(("policy", "request_", "expected"), [row[1:] for row in CODES], ids=[row[0] for row in CODES])
def test_every_parameter_and_code_is_reached(
    waiting: Desk, policy: dict[str, Any], request_: dict[str, Any], expected: list[str]
) -> None:
    waiting.ask("item.add", title={"title": "دیوان"}, barcode="B4", condition="damaged")
    waiting.ask("item.add", title={"title": "فرهنگ"}, barcode="B5", flags=["not_for_loan"])
    child = {"given_name": "نگار", "family_name": "صبا", "category": "child", "guardian": "مینا"}
    waiting.ask("member.add", **child, card="1004", birth_date="1400/01/01", confirm=["member.duplicate"])
    waiting.ask("member.add", given_name="پری", family_name="صبا", category="ordinary", card="1005")
    waiting.ask("charge", member="1005", amount=20_000, kind="damage", reason="جلد")
    waiting.ask("policy.set", rows=[{"loan_days": 14} | policy])
    told = waiting.ask("hold.place", **({"member": "1001", "item": "B1"} | request_))
    assert (codes(told) if not told["ok"] else []) == expected


def test_a_second_hold_on_the_same_copy_later_is_told(waiting: Desk) -> None:
    waiting.ask("policy.set", rows=[{"loan_days": 14, "max_per_title": 2}])
    waiting.ask("hold.place", member="1001", item="B1")
    waiting.ask("clock.advance", days=1)
    assert codes(waiting.ask("hold.place", member="1001", item="B1")) == ["hold.already_on_item"]


def test_a_limit_is_lifted_with_a_reason(waiting: Desk) -> None:
    waiting.ask("policy.set", rows=[{"loan_days": 14, "max_holds": 0}])
    asked = {"member": "1001", "item": "B1", "override": ["hold.limit"]}
    assert codes(waiting.ask("hold.place", **asked)) == ["hold.limit", "reason.required"]
    assert waiting.ask("hold.place", **asked, reason="پایان‌نامه")["outcome"] == "held"


@pytest.mark.parametrize(("when", "at_placing", "at_collecting"), [("placed", 5_000, 0), ("collected", 0, 5_000)])
def test_the_fee_is_told_and_charged(waiting: Desk, when: str, at_placing: int, at_collecting: int) -> None:
    waiting.ask("policy.set", rows=[{"loan_days": 14, "hold_fee": 5_000, "hold_fee_when": when}])
    assert waiting.ask("hold.place", member="1001", item="B2")["fee"] == at_placing
    assert waiting.ask("member.show", member="1001")["debt"] == at_placing
    assert waiting.ask("checkout", member="1001", item="B2")["filled_hold"] is True
    assert waiting.ask("member.show", member="1001")["debt"] == at_placing + at_collecting


def test_a_return_fetching_cancelling_and_undo_go_together(waiting: Desk) -> None:
    first = waiting.ask("hold.place", member="1001", item="B1")["hold"]
    waiting.ask("hold.place", member="1002", title=title_of_hold(waiting))
    back = waiting.ask("checkin", item="B1")
    assert back["hold"]["member_no"] == "000001"
    (kept,) = waiting.ask("hold.shelf")["rows"]
    assert (kept["hold"], kept["shelf_until"], kept["over"], kept["notice"]) == (first, "2026-11-24", False, None)
    cancelled = waiting.ask("hold.cancel", hold=first, reason="خودش خرید")
    assert (cancelled["outcome"], cancelled["passed_to"]["member_no"]) == ("cancelled", "000002")
    assert waiting.ask("hold.cancel", hold=first)["outcome"] == "already_done"
    assert waiting.ask("undo")["kind"] == "hold.cancelled"
    assert [row["hold"] for row in waiting.ask("hold.shelf")["rows"]] == [first]
    refused = waiting.ask("checkout", member="1002", item="B1")
    assert "hold.waiting_for_other" in codes(refused)


def title_of_hold(desk: Desk) -> str:
    return str(desk.ask("hold.list")["rows"][0]["title_id"])


def test_what_to_fetch_is_told_and_set_aside(waiting: Desk) -> None:
    hold = waiting.ask("hold.place", member="1001", item="B2")["hold"]
    (row,) = waiting.ask("hold.pull")["rows"]
    assert (row["hold"], row["barcode"], row["queue"]) == (hold, "B2", 1)
    told = waiting.ask("hold.set_aside", item="B2")
    assert (told["outcome"], told["until"], told["hold"]["member_no"]) == ("set_aside", "2026-11-24", "000001")
    assert waiting.ask("hold.set_aside", item="B2")["outcome"] == "already_done"
    assert waiting.ask("hold.pull")["rows"] == []
    assert waiting.ask("item.show", item="B2")["status"] == "available"


def test_a_copy_that_comes_off_the_hold_shelf_is_asked_for_until_it_is_scanned(waiting: Desk) -> None:
    waiting.ask("hold.place", member="1001", item="B2")
    waiting.ask("hold.set_aside", item="B2")
    told = waiting.ask("hold.cancel", member="1001", item="B2")
    assert told["reshelve"]["barcode"] == "B2"
    assert [copy["barcode"] for copy in waiting.ask("hold.shelf")["reshelve"]] == ["B2"]
    waiting.ask("clock.set", now="2026-11-21T11:00:00+03:30")
    assert waiting.ask("hold.set_aside", item="B2")["outcome"] == "reshelved"
    assert waiting.ask("hold.set_aside", item="B2")["outcome"] == "nobody_waits"
    assert waiting.ask("hold.shelf")["reshelve"] == []


def test_a_lent_copy_that_is_fetched_is_a_return(waiting: Desk) -> None:
    waiting.ask("hold.place", member="1001", item="B1")
    told = waiting.ask("hold.set_aside", item="B1")
    assert (told["outcome"], told["hold"]["member_no"]) == ("checked_in", "000001")


def test_suspending_resuming_and_moving(waiting: Desk) -> None:
    first = waiting.ask("hold.place", member="1001", item="B1")["hold"]
    second = waiting.ask("hold.place", member="1002", item="B1")["hold"]
    told = waiting.ask("hold.suspend", member="1001", item="B1", until="1405/09/10")
    assert (told["outcome"], told["state"], told["suspended_until"]) == ("suspended", "suspended", "2026-12-01")
    assert waiting.ask("hold.suspend", hold=first, until="1405/09/10")["outcome"] == "already_done"
    assert codes(waiting.ask("hold.suspend", hold=first, until="1405/08/30")) == ["hold.until_past"]
    assert waiting.ask("hold.resume", hold=first)["outcome"] == "resumed"
    assert waiting.ask("hold.resume", hold=first)["outcome"] == "already_done"
    moved = waiting.ask("hold.move", hold=second, position=1)
    assert (moved["outcome"], moved["position"]) == ("moved", 1)
    assert waiting.ask("hold.move", hold=second, position=1)["outcome"] == "already_done"
    waiting.ask("checkin", item="B1")
    assert codes(waiting.ask("hold.move", hold=second, position=2)) == ["hold.not_in_line"]
    waiting.ask("hold.cancel", hold=first)
    assert codes(waiting.ask("hold.suspend", hold=first)) == ["hold.ended"]


def test_the_nights_end_what_nobody_collects(waiting: Desk) -> None:
    hold = waiting.ask("hold.place", member="1001", item="B2")["hold"]
    waiting.ask("hold.set_aside", item="B2")
    waiting.ask("clock.advance", days=3)
    assert waiting.ask("hold.list", state="waiting")["rows"][0]["hold"] == hold
    waiting.ask("clock.advance", days=1)
    assert waiting.ask("hold.shelf")["rows"] == []
    (ended,) = waiting.ask("hold.list", state="expired")["rows"]
    assert (ended["hold"], ended["end_reason"]) == (hold, "not_collected")


@pytest.mark.parametrize(
    ("op", "fields"),
    [
        ("hold.place", {"member": "1001"}),
        ("hold.place", {"member": "1001", "item": "B1", "title": "01a200b5-03ed-7602-b340-336eaba00024"}),
        ("hold.place", {"member": "1001", "title": "بوف کور"}),
        ("hold.place", {"item": "B1"}),
        ("hold.cancel", {}),
        ("hold.cancel", {"member": "1001"}),
        ("hold.suspend", {"hold": "x"}),
        ("hold.move", {"hold": "01a200b5-03ed-7602-b340-336eaba00024", "position": 0}),
        ("hold.move", {"hold": "01a200b5-03ed-7602-b340-336eaba00024", "position": -1}),
        ("hold.list", {"state": "lost"}),
        ("hold.set_aside", {}),
        ("hold.shelf", {"day": "1405/01/01"}),
    ],
)
def test_what_cannot_be_understood_changes_nothing(waiting: Desk, op: str, fields: dict[str, Any]) -> None:
    before = waiting.entries()
    told = waiting.ask(op, **fields)
    assert told["error"]["code"] == "request.invalid"
    assert says_so_in_persian(told["error"])
    assert waiting.entries() == before


@pytest.mark.parametrize(
    ("op", "fields", "what"),
    [
        ("hold.place", {"member": "9", "item": "B1"}, "member"),
        ("hold.place", {"member": "1001", "item": "B9"}, "item"),
        ("hold.place", {"member": "1001", "item": "\u0000"}, "item"),
        ("hold.place", {"member": "\u0000", "item": "B1"}, "member"),
        ("hold.place", {"member": "1001", "title": "01a200b5-03ed-7602-b340-336eaba00024"}, "title"),
        ("hold.cancel", {"hold": "01a200b5-03ed-7602-b340-336eaba00024"}, "hold"),
        ("hold.cancel", {"member": "1001", "item": "B1"}, "hold"),
        ("hold.resume", {"member": "9", "item": "B1"}, "member"),
        ("hold.suspend", {"member": "1001", "item": "\u0000"}, "item"),
        ("hold.move", {"hold": "01a200b5-03ed-7602-b340-336eaba00024", "position": 1}, "hold"),
        ("hold.list", {"member": "9"}, "member"),
        ("hold.set_aside", {"item": "B9"}, "item"),
        ("hold.set_aside", {"item": "\u0000"}, "item"),
    ],
)
def test_what_is_not_there_is_not_found(waiting: Desk, op: str, fields: dict[str, Any], what: str) -> None:
    told = waiting.ask(op, **fields)
    assert (told["outcome"], told["what"]) == ("not_found", what)
    assert says_so_in_persian(told)


@pytest.mark.parametrize(
    ("role", "op", "allowed"),
    [
        (Role.TRAINEE, "hold.place", True),
        (Role.TRAINEE, "hold.move", False),
        (Role.LIBRARIAN, "hold.move", True),
        (Role.CATALOGUER, "hold.place", False),
        (Role.CATALOGUER, "hold.list", False),
        (Role.AUDITOR, "hold.shelf", False),
    ],
)
def test_who_may_do_what(waiting: Desk, role: Role, op: str, allowed: bool) -> None:
    waiting.ask("hold.place", member="1001", item="B1")
    hold = waiting.ask("hold.place", member="1002", item="B1")["hold"]
    fields: dict[str, dict[str, Any]] = {
        "hold.place": {"member": "1001", "item": "B3"},
        "hold.move": {"hold": hold, "position": 1},
    }
    told = waiting.as_role(role).ask(op, **fields.get(op, {}))
    assert told["ok"] is allowed
    assert allowed or codes(told) == ["role.not_allowed"]


def test_lists_and_slip_are_written_to_files(waiting: Desk, tmp_path: Path) -> None:
    waiting.ask("hold.place", member="1001", item="B2")
    pulled = waiting.ask("hold.pull", pdf=str(tmp_path / "pull.pdf"), xlsx=str(tmp_path / "pull.xlsx"))
    assert (pulled["pages"], pulled["xlsx"]) == (1, str(tmp_path / "pull.xlsx"))
    assert waiting.ask("hold.slip", item="B2", pdf=str(tmp_path / "slip.pdf"))["what"] == "hold"
    waiting.ask("hold.set_aside", item="B2")
    shelf = waiting.ask("hold.shelf", pdf=str(tmp_path / "shelf.pdf"), xlsx=str(tmp_path / "shelf.xlsx"))
    assert shelf["pages"] == 1
    slip = waiting.ask("hold.slip", item="B2", pdf=str(tmp_path / "slip.pdf"), width=58)
    assert (slip["outcome"], slip["pages"], slip["shelf_until"]) == ("written", 1, "2026-11-24")
    assert {file.name for file in tmp_path.iterdir() if file.is_file()} >= {
        "pull.pdf", "pull.xlsx", "shelf.pdf", "shelf.xlsx", "slip.pdf",
    }  # fmt: skip
    assert waiting.ask("hold.slip", item="B9", pdf=str(tmp_path / "slip.pdf"))["what"] == "item"
    assert waiting.ask("hold.slip", item="\u0000", pdf=str(tmp_path / "slip.pdf"))["what"] == "item"


@pytest.mark.parametrize(
    ("op", "fields"),
    [
        ("hold.pull", {"pdf": "list.xlsx"}),
        ("hold.shelf", {"xlsx": "list.pdf"}),
        ("hold.slip", {"item": "B1", "pdf": "slip.txt"}),
        ("hold.slip", {"item": "B1", "pdf": "slip.pdf", "width": 100}),
    ],
)
def test_a_file_is_called_what_it_is(waiting: Desk, op: str, fields: dict[str, Any]) -> None:
    assert waiting.ask(op, **fields)["error"]["code"] == "request.invalid"
