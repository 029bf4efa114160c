"""Binding and mending as programs ask for them (002 م13)."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from db.codes import Role
from tests.reports.reading import missing, raw_text
from tests.server.desk.desks import Desk


def codes(told: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in told["refusals"]]


def on_the_way(desk: Desk, *items: str, **sending: Any) -> str:
    """A request whose books are away; its number."""
    told = desk.ask("binding.request", items=list(items), final=True)
    assert told["outcome"] == "requested", told
    assert desk.ask("binding.dispatch", request=told["number"], **sending)["outcome"] == "dispatched"
    return str(told["number"])


def test_each_copy_is_listed_or_refused_with_its_article(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B2")
    told = lending.ask("binding.request", items=["B1", "B2", "B9", "\u202e"], work="عطف")
    listed, lent, unknown, garbled = told["lines"]
    assert (told["outcome"], listed["outcome"], listed["row"], listed["barcode"]) == ("listed", "listed", 1, "B1")
    assert [(reason["code"], reason["rule"]) for reason in lent["refusals"]] == [("binding.on_loan", "002 م13-5")]
    assert (unknown["outcome"], garbled["outcome"]) == ("not_found", "not_found")
    assert lending.ask("binding.show")["rows"][0]["work"] == "عطف"


def test_final_numbers_the_request_only_if_no_copy_was_refused(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B2")
    assert lending.ask("binding.request", items=["B1", "B2"], final=True)["outcome"] == "listed"
    told = lending.ask("binding.request", items=["B1", "B3"], final=True, letter_no="۱۲", letter_on="1405/08/30")
    assert (told["outcome"], told["number"], told["rows"], told["due"]) == ("requested", "1405/1", 2, "2026-12-21")
    shown = lending.ask("binding.show", request="۱۴۰۵/۱", jalali=True)
    assert (shown["state"], shown["letter_no"], shown["due_jalali"]) == ("requested", "۱۲", "1405/09/30")
    assert lending.ask("binding.request", items=["B2"], final=True)["outcome"] == "refused"


def test_a_number_may_be_asked_for_apart_and_a_draft_without_copies_has_none(lending: Desk) -> None:
    assert lending.ask("binding.request")["error"]["field"] == "items"
    assert codes(lending.ask("binding.finalise")) == ["binding.empty"]
    assert codes(lending.ask("binding.request", final=True)) == ["binding.empty"]
    lending.ask("binding.request", items=["B1", "B2"])
    assert lending.ask("binding.strike", item="B2")["outcome"] == "struck"
    assert lending.ask("binding.strike", item="B2")["outcome"] == "not_found"
    assert lending.ask("binding.finalise")["rows"] == 1


def test_the_form_is_written_as_it_is_stored(lending: Desk, tmp_path: Path) -> None:
    """002 م13-6."""
    final = lending.ask("binding.request", items=["B1", "B2"], final=True)
    pdf, xlsx = tmp_path / "form.pdf", tmp_path / "form.xlsx"
    told = lending.ask("form", kind="binding", number="۱۴۰۵/۱", pdf=str(pdf), xlsx=str(xlsx))
    assert (told["outcome"], told["sha256"], told["pages"]) == ("written", final["sha256"], final["pages"])
    assert hashlib.sha256(pdf.read_bytes()).hexdigest() == told["sha256"]
    assert hashlib.sha256(xlsx.read_bytes()).hexdigest() == told["xlsx_sha256"]
    again = tmp_path / "again.pdf"
    lending.ask("form", kind="binding", number="1405/1", pdf=str(again))
    assert again.read_bytes() == pdf.read_bytes()
    for number in ("1405/2", "1405", "../../etc", ""):
        assert lending.ask("form", kind="binding", number=number)["what"] == "binding"


def test_the_letter_of_a_request_is_written_with_equal_bytes(lending: Desk, tmp_path: Path) -> None:
    """002 م13-4."""
    lending.ask("office.set", position="branch_head", name="پریسا نوری", since="1399/01/01")
    lending.ask("binding.request", items=["B1", "B2"])
    draft = lending.ask("binding.show")["request"]
    pdf, again = tmp_path / "نامه.pdf", tmp_path / "again.pdf"
    assert codes(lending.ask("binding.cover_letter", request=draft, pdf=str(pdf))) == ["binding.is_draft"]
    assert not pdf.exists()
    lending.ask("binding.finalise")
    lending.ask("binding.letter", request="1405/1", letter_no="۸۸", letter_on="1405/08/30")
    told = lending.ask("binding.cover_letter", request="۱۴۰۵/۱", pdf=str(pdf))
    assert (told["outcome"], told["number"], told["copies"], told["letter_no"], told["pages"]) == (
        "written", "1405/1", 2, "۸۸", 1,
    )  # fmt: skip
    text = raw_text(pdf.read_bytes(), "-raw")
    assert missing(["۱۴۰۵/۱", "۲ نسخه", "۸۸", "۱۴۰۵/۰۸/۳۰", "پریسا نوری"], text) == []
    lending.ask("binding.dispatch", request="1405/1")
    lending.ask("clock.advance", days=3)
    lending.ask("binding.cover_letter", request="1405/1", pdf=str(again))
    assert again.read_bytes() == pdf.read_bytes()
    assert lending.ask("binding.cover_letter", request="1405/1", pdf="نامه.doc")["error"]["field"] == "pdf"
    assert lending.ask("binding.cover_letter", request="1405/9", pdf="x.pdf")["outcome"] == "not_found"


def test_books_leave_and_come_back(lending: Desk) -> None:
    number = on_the_way(lending, "B1", "B2", "B3", promised_days=20, outsourced_to="نور")
    assert lending.ask("item.show", item="B1")["status"] == "in_binding"
    assert codes(lending.ask("checkout", member="1001", item="B1")) == ["item.in_binding"]
    told = lending.ask("binding.receive", item="B1", outcome="unbindable", cost=0)
    assert (told["outcome"], told["left"], told["copy"]["outcome_of_copy"]) == ("received", 2, "unbindable")
    assert lending.ask("binding.receive", item="B1", outcome="unbindable")["outcome"] == "already_done"
    whole = lending.ask("binding.receive", request=number, outcome="bound", cost=900_000)
    assert (whole["outcome"], whole["copies"], whole["state"]) == ("received", 2, "received")
    assert lending.ask("binding.receive", request=number)["outcome"] == "already_done"
    assert lending.ask("item.show", item="B2")["status"] == "available"
    (row,) = lending.ask("binding.list")["rows"]
    assert (row["copies"], row["left"], row["spent"], row["overdue"]) == (3, 0, 900_000, False)
    assert lending.ask("check")["broken"] == []


def test_the_nights_change_the_status_after_two_weeks(lending: Desk) -> None:
    """002 م13-11."""
    on_the_way(lending, "B1", promised_days=7)
    assert lending.ask("item.show", item="B1")["status"] == "available"
    assert codes(lending.ask("checkin", item="B1")) == ["item.in_binding"]
    lending.session.library.clock.advance(days=14)  # type: ignore[attr-defined]
    lending.ask("nightly.run")
    assert lending.ask("item.show", item="B1")["status"] == "in_binding"


def test_the_clocks_of_binding_are_told(lending: Desk) -> None:
    """002 م13-4, 13-7, 13-10."""
    number = on_the_way(lending, "B1")
    lending.session.library.clock.advance(days=200)  # type: ignore[attr-defined]
    told = lending.ask("binding.list")
    assert told["rows"][0]["overdue"]
    clock = told["clock"]
    assert (clock["overdue"], clock["season_passed"], clock["alarm"]) == ([number], True, True)


@pytest.mark.parametrize("request_name", ["1405/7", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_request_that_is_not_there_is_not_found(lending: Desk, request_name: str) -> None:
    ops = ("dispatch", "cancel", "letter", "show", "receive", "bill")
    for op in (f"binding.{name}" for name in ops):
        assert lending.ask(op, request=request_name)["what"] == "binding", op


def test_a_request_is_given_up_or_refused_where_it_stands(lending: Desk) -> None:
    draft = lending.ask("binding.request", items=["B1"])["lines"][0]["request"]
    assert codes(lending.ask("binding.letter", request=draft)) == ["binding.is_draft"]
    told = lending.ask("binding.cancel", request=draft, reason="نشد")
    assert (told["outcome"], told["released"]) == ("cancelled", 1)
    assert lending.ask("binding.cancel", request=draft)["outcome"] == "already_done"
    number = on_the_way(lending, "B1")
    assert codes(lending.ask("binding.cancel", request=number)) == ["binding.is_dispatched"]
    assert lending.ask("binding.letter", request=number, letter_no="۱۲")["letter_no"] == "۱۲"


def test_what_is_not_there_comes_off_after_a_yes(lending: Desk) -> None:
    number = lending.ask("binding.request", items=["B1", "B2"], final=True)["number"]
    lending.ask("checkout", member="1001", item="B2")
    asked = lending.ask("binding.dispatch", request=number)
    assert [(reason["code"], reason["kind"]) for reason in asked["refusals"]] == [("binding.stays_behind", "confirm")]
    told = lending.ask("binding.dispatch", request=number, confirm=["binding.stays_behind"])
    assert (told["sent"], told["behind"]) == (1, ["B2"])
    assert [row["stayed"] for row in lending.ask("binding.show", request=number)["rows"]] == [False, True]


def test_a_receipt_has_its_day_and_may_be_put_right(lending: Desk) -> None:
    on_the_way(lending, "B1", "B2")
    lending.session.library.clock.advance(days=3)  # type: ignore[attr-defined]
    told = lending.ask("binding.receive", item="B1", received_on="1405/08/29")
    assert [(one["code"], one["rule"]) for one in told["refusals"]] == [("binding.back_before_sent", "002 م13-7")]
    told = lending.ask("binding.receive", item="B1", received_on="1405/09/01")
    assert (told["outcome"], told["copy"]["received_on"]) == ("received", "2026-11-22")
    asked = lending.ask("binding.receive", item="B1", received_on="1405/09/01", outcome="unbindable")
    assert [(one["code"], one["kind"]) for one in asked["refusals"]] == [("binding.received_otherwise", "confirm")]
    yes = {"confirm": ["binding.received_otherwise"]}
    told = lending.ask("binding.receive", item="B1", received_on="1405/09/01", outcome="unbindable", **yes)
    assert (told["outcome"], told["copy"]["outcome_of_copy"]) == ("received", "unbindable")
    assert lending.ask("item.show", item="B1")["condition"] == "unbindable"
    assert lending.ask("check")["broken"] == []


def test_a_bill_is_noted_after_the_books_are_back(lending: Desk) -> None:
    number = on_the_way(lending, "B1")
    assert lending.ask("binding.receive", request=number, received_on="1405/08/30")["state"] == "received"
    told = lending.ask("binding.bill", request=number, cost=900_000, key="bill-1")
    assert (told["outcome"], told["cost"]) == ("noted", 900_000)
    assert lending.ask("binding.bill", request=number, cost=900_000, key="bill-1")["outcome"] == "already_done"
    assert lending.ask("binding.costs")["total"] == 900_000
    assert lending.ask("undo")["outcome"] == "undone"
    assert lending.ask("binding.costs")["total"] == 0
    assert codes(lending.ask("binding.receive", request=number, cost=5)) == ["binding.is_received"]


def test_the_month_is_told_anew_as_the_books_leave(lending: Desk) -> None:
    """002 م13-7."""
    number = lending.ask("binding.request", items=["B1"], final=True)["number"]
    lending.session.library.clock.advance(days=10)  # type: ignore[attr-defined]
    told = lending.ask("binding.dispatch", request=number, jalali=True)
    assert (told["dispatched_on_jalali"], told["due_jalali"]) == ("1405/09/10", "1405/10/10")


def test_receive_wants_one_of_copy_and_request(lending: Desk) -> None:
    assert lending.ask("binding.receive")["error"]["field"] == "item"
    assert lending.ask("binding.receive", item="B1", request="1405/1")["error"]["field"] == "item"
    assert lending.ask("binding.receive", item="\u202e")["outcome"] == "not_found"


def test_a_key_is_used_once(lending: Desk) -> None:
    ask = {"items": ["B1", "B2"], "final": True, "key": "bind-1"}
    first = lending.ask("binding.request", **ask)
    again = lending.ask("binding.request", **ask)
    assert (first["outcome"], again["outcome"]) == ("requested", "already_done")
    assert (again["request"], again["due"]) == (first["request"], first["due"])
    lending.ask("binding.dispatch", request=first["number"])
    lending.ask("binding.receive", item="B1", outcome="mended", key="back-1")
    assert lending.ask("binding.receive", item="B1", key="back-1")["outcome_of_copy"] == "mended"


def test_mends_are_written_down_and_told(lending: Desk) -> None:
    """002 م13-3."""
    told = lending.ask("mending.add", item="B1", work="چسب عطف", cost=5_000)
    assert (told["outcome"], told["barcode"]) == ("added", "B1")
    assert lending.ask("mending.add", item="B1", work="چسب عطف")["outcome"] == "already_done"
    assert lending.ask("mending.add", item="B1", work="چسب عطف", cost=5_000)["outcome"] == "already_done"
    wrong = lending.ask("mending.add", item="B2", work="چسب عطف")["mending"]
    assert lending.ask("mending.withdraw", mending=wrong)["work"] == "چسب عطف"
    assert lending.ask("mending.withdraw", mending=wrong)["what"] == "mending"
    assert lending.ask("mending.add", item="B1", work=" ")["refusals"][0]["code"] == "field.required"
    (row,) = lending.ask("mending.list")["rows"]
    assert (row["work"], row["cost"], row["by"]) == ("چسب عطف", 5_000, "زهرا کریمی")
    assert lending.ask("mending.list", since="1404/01/01", until="1404/02/01")["rows"] == []
    on_the_way(lending, "B1")
    story = lending.ask("mending.history", item="B1")
    assert ([one["state"] for one in story["requests"]], len(story["mends"])) == (["dispatched"], 1)
    assert lending.ask("mending.history", item="B9")["outcome"] == "not_found"
    costs = lending.ask("binding.costs")
    assert (costs["mends"], costs["total"], costs["requests"]) == (5_000, 5_000, [])


def test_an_assistant_does_not_send_books_away_but_may_look(lending: Desk) -> None:
    assistant = lending.as_role(Role.ASSISTANT)
    assert codes(assistant.ask("binding.request", items=["B1"])) == ["role.not_allowed"]
    assert assistant.ask("binding.list")["outcome"] == "found"
