"""Money at the headless desk."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.staff.pins import hash_pin
from db.codes import Role
from db.models.library import Staff
from tests.server.desk.desks import Desk, says_so_in_persian


def charge(desk: Desk, amount: int = 10_000, **more: Any) -> str:
    """A debt of the member 1001; its line."""
    told = desk.ask("charge", member="1001", kind="damage", amount=amount, reason="جلد پاره", **more)
    assert told["outcome"] == "charged", told
    return str(told["line"])


@pytest.fixture
def owing(desk: Desk) -> Desk:
    """A desk whose library has a member (card 1001), without fees, and a copy (B1)."""
    desk.ask("policy.set", rows=[{"loan_days": 14, "fine_per_day": 1_000, "period_days": 1}])
    desk.ask("member.add", given_name="علی", family_name="رضایی", category="ordinary", card="1001")
    desk.ask("item.add", title={"title": "بوف کور"}, barcode="B1")
    return desk


def test_money_is_taken_and_told(owing: Desk) -> None:
    line = charge(owing)
    told = owing.ask("pay", member="۱۰۰۱", amount=4_000, jalali=True)
    assert (told["ok"], told["outcome"], told["receipt"], told["balance"]) == (True, "paid", 1, 6_000)
    assert told["lines"] == [{"line": line, "amount": 4_000}]
    assert owing.ask("member.show", member="1001")["debt"] == 6_000
    shown = owing.ask("receipt.show", receipt=1)
    assert (shown["amount"], shown["method"], shown["void"], shown["staff"]) == (4_000, "cash", False, "زهرا کریمی")
    assert owing.ask("check")["broken"] == []


def test_a_keyed_payment_is_taken_once(owing: Desk) -> None:
    charge(owing)
    first = owing.ask("pay", member="1001", amount=4_000, key="p1")
    again = owing.ask("pay", member="1001", amount=4_000, key="p1")
    assert (again["outcome"], again["receipt"], again["amount"]) == ("already_done", first["receipt"], 4_000)
    assert "fine" not in again
    assert owing.ask("ledger.show", member="1001")["balance"] == 6_000


def test_a_reference_is_paid_with_once_even_without_a_key(owing: Desk) -> None:
    charge(owing)
    request = {"member": "1001", "amount": 4_000, "method": "card_terminal", "reference": "771"}
    assert owing.ask("pay", **request)["outcome"] == "paid"
    told = owing.ask("pay", **request)
    assert (told["outcome"], told["receipt"], told["balance"]) == ("already_done", 1, 6_000)


def test_a_refused_payment_says_every_reason(owing: Desk) -> None:
    charge(owing)
    told = owing.ask("pay", member="1001", amount=-5, method="wallet")
    assert [reason["code"] for reason in told["refusals"]] == ["money.amount", "payment.reference"]
    assert says_so_in_persian(told)
    above = owing.ask("pay", member="1001", amount=10_001)
    assert (above["refusals"][0]["limit"], above["refusals"][0]["have"]) == (10_000, 10_001)
    assert owing.ask("pay", member="7", amount=1)["outcome"] == "not_found"
    assert owing.ask("pay", member="1001", amount="9")["error"]["field"] == "amount"


def test_the_ledger_tells_each_line_with_what_is_open(owing: Desk) -> None:
    owing.ask("checkout", member="1001", item="B1")
    owing.ask("clock.advance", days=17)
    owing.ask("checkin", item="B1")
    owing.ask("pay", member="1001", amount=1_000)
    told = owing.ask("ledger.show", member="1001", jalali=True)
    fine, payment = told["lines"]
    assert (fine["kind"], fine["amount"], fine["outstanding"], fine["loan"]["title"], fine["due_jalali"]) == (
        "fine", 3_000, 2_000, "بوف کور", "1405/09/14",
    )  # fmt: skip
    assert (payment["settles"], payment["receipt"]) == (fine["line"], 1)
    assert (told["outstanding"], told["refundable"]) == (2_000, 0)


def test_a_waiver_wants_a_reason_and_above_an_amount_a_second_person(owing: Desk) -> None:
    charge(owing, 600_000)
    with owing.library.store.write() as tx:
        tx.insert(Staff, name="مینا صالحی", role=Role.LIBRARIAN, pin_hash=hash_pin("2718"))
        tx.record("staff.added", owing.session.act())
    bare = owing.ask("waive", member="1001")
    assert [reason["code"] for reason in bare["refusals"]] == ["reason.required", "waiver.second_needed"]
    unknown = owing.ask("waive", member="1001", reason="نیازمند", second="کسی")
    assert [reason["code"] for reason in unknown["refusals"]] == ["staff.unknown"]
    wrong = owing.ask("waive", member="1001", reason="نیازمند", second="مینا صالحی", second_pin="1")
    assert [reason["code"] for reason in wrong["refusals"]] == ["staff.pin_wrong"]
    assert says_so_in_persian(wrong)
    told = owing.ask("waive", member="1001", reason="نیازمند", second="مینا صالحی", second_pin="۲۷۱۸")
    assert (told["outcome"], told["amount"], told["balance"]) == ("waived", 600_000, 0)


def test_the_amount_one_person_waives_alone_is_set(owing: Desk) -> None:
    charge(owing)
    assert owing.ask("waiver.limit", amount=9_999)["outcome"] == "set"
    told = owing.ask("waive", member="1001", reason="نیازمند")
    assert [reason["code"] for reason in told["refusals"]] == ["waiver.second_needed"]
    assert owing.ask("waive", member="1001", reason="نیازمند", amount=9_999)["balance"] == 1


def test_a_paid_debt_is_taken_back_when_sure_and_the_money_given_back(owing: Desk) -> None:
    line = charge(owing)
    owing.ask("pay", member="1001", amount=10_000)
    asked = owing.ask("ledger.void", line=line, reason="اشتباه")
    assert [(reason["code"], reason["kind"]) for reason in asked["refusals"]] == [("ledger.settled", "confirm")]
    told = owing.ask("ledger.void", line=line, reason="اشتباه", confirm=["ledger.settled"])
    assert (told["outcome"], told["held"], told["balance"]) == ("voided", 10_000, -10_000)
    back = owing.ask("refund", member="1001", amount=10_000, reason="اشتباه بود")
    assert (back["outcome"], back["receipt"], back["balance"]) == ("refunded", 2, 0)
    assert owing.ask("receipt.show", receipt=2)["amount"] == -10_000


def test_a_receipt_is_taken_back_the_same_day(owing: Desk) -> None:
    charge(owing)
    owing.ask("pay", member="1001", amount=10_000)
    told = owing.ask("payment.void", receipt=1, reason="مبلغ اشتباه")
    assert (told["outcome"], told["balance"]) == ("voided", 10_000)
    assert owing.ask("receipt.show", receipt=1)["void"]
    assert owing.ask("payment.void", receipt=8, reason="مبلغ اشتباه")["what"] == "receipt"


def test_the_drawer_is_opened_shown_and_closed(owing: Desk) -> None:
    assert owing.ask("cash.open", amount=50_000)["number"] == 1
    charge(owing)
    owing.ask("pay", member="1001", amount=10_000)
    assert owing.ask("cash.show")["drawer"]["expected"] == 60_000
    differs = owing.ask("cash.close", counted=59_000)
    assert [reason["code"] for reason in differs["refusals"]] == ["cash.remark_required"]
    told = owing.ask("cash.close", counted=59_000, remark="سکه", key="c")
    assert (told["outcome"], told["expected"], told["difference"]) == ("closed", 60_000, -1_000)
    assert owing.ask("cash.show")["drawer"] is None
    assert owing.ask("payment.void", receipt=1, reason="اشتباه")["refusals"][0]["code"] == "cash.closed"


def test_the_day_is_told_and_written(owing: Desk, tmp_path: Path) -> None:
    charge(owing)
    owing.ask("pay", member="1001", amount=4_000)
    pdf, xlsx = tmp_path / "day.pdf", tmp_path / "day.xlsx"
    told = owing.ask("cash.report", pdf=str(pdf), xlsx=str(xlsx))
    assert (told["day"], told["taken"], told["taken_by"], told["taken_for"]) == (
        "2026-11-21", 4_000, {"cash": 4_000}, {"damage": 4_000},
    )  # fmt: skip
    assert pdf.read_bytes().startswith(b"%PDF")
    assert xlsx.read_bytes().startswith(b"PK")
    assert owing.ask("cash.report", day="1405/08/29")["receipts"] == []
    assert owing.ask("cash.report", pdf=str(xlsx))["error"]["field"] == "pdf"


@pytest.mark.parametrize("paper", ["58", "80", "a5"])
def test_a_receipt_and_a_statement_are_written(owing: Desk, tmp_path: Path, paper: str) -> None:
    charge(owing)
    owing.ask("pay", member="1001", amount=4_000)
    for op, request in (("receipt.show", {"receipt": 1, "paper": paper}), ("ledger.show", {"member": "1001"})):
        path = tmp_path / f"{op}.pdf"
        assert owing.ask(op, pdf=str(path), **request)["ok"]
        assert path.read_bytes().startswith(b"%PDF")


def test_an_amnesty_is_declared_listed_reported_and_ended(owing: Desk, tmp_path: Path) -> None:
    scope = {"percent": 50, "kinds": ["fine"], "categories": ["ordinary"]}
    told = owing.ask("amnesty.declare", name="هفتهٔ کتاب", since="1405/08/30", until="1405/10/10", scope=scope)
    assert (told["outcome"], told["since"], told["forgiven"]) == ("declared", "2026-11-21", 0)
    owing.ask("checkout", member="1001", item="B1")
    owing.ask("clock.advance", days=17)
    assert owing.ask("checkin", item="B1")["fine"] == 3_000
    assert owing.ask("ledger.show", member="1001")["outstanding"] == 1_500
    assert [row["name"] for row in owing.ask("amnesty.list")["rows"]] == ["هفتهٔ کتاب"]
    pdf, xlsx = tmp_path / "a.pdf", tmp_path / "a.xlsx"
    report = owing.ask("amnesty.report", amnesty=told["amnesty"], pdf=str(pdf), xlsx=str(xlsx))
    assert (report["books"], report["loans"], report["members"], report["forgiven"]) == (1, 1, 1, 1_500)
    assert report["days"] == [{"day": "2026-12-08", "books": 1, "loans": 1, "members": 1, "forgiven": 1_500}]
    assert pdf.exists()
    assert xlsx.exists()
    again = owing.ask("amnesty.declare", name="باز", since="1405/09/01", until="1405/09/30")
    assert [reason["code"] for reason in again["refusals"]] == ["amnesty.overlap"]
    assert owing.ask("amnesty.end", amnesty=told["amnesty"])["until"] == "2026-12-07"
    nothing = "01a20000-0000-7000-8000-000000000000"
    assert owing.ask("amnesty.end", amnesty=nothing)["what"] == "amnesty"
    assert owing.ask("amnesty.report", amnesty=nothing)["what"] == "amnesty"


def test_a_charge_may_name_the_copy(owing: Desk) -> None:
    owing.ask("checkout", member="1001", item="B1")
    charge(owing, item="B1")
    (line,) = owing.ask("ledger.show", member="1001")["lines"]
    assert line["loan"]["title"] == "بوف کور"
    told = owing.ask("charge", member="1001", kind="fine", amount=5, reason="دیر")
    assert [reason["code"] for reason in told["refusals"]] == ["charge.kind"]


OPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("pay", {"member": "1001", "amount": 1}),
    ("waive", {"member": "1001", "reason": "؟"}),
    ("refund", {"member": "1001", "amount": 1, "reason": "؟"}),
    ("charge", {"member": "1001", "kind": "damage", "amount": 1, "reason": "؟"}),
    ("payment.void", {"receipt": 1, "reason": "؟"}),
    ("waiver.limit", {"amount": 1}),
    ("cash.open", {"amount": 1}),
    ("cash.report", {}),
    ("amnesty.declare", {"name": "؟", "since": "2026-11-21", "until": "2026-11-22"}),
)


@pytest.mark.parametrize(("op", "request_"), OPS, ids=[op for op, _ in OPS])
def test_a_trainee_does_nothing_with_money(owing: Desk, op: str, request_: dict[str, Any]) -> None:
    told = owing.as_role(Role.TRAINEE).ask(op, **request_)
    assert [reason["code"] for reason in told["refusals"]] == ["role.not_allowed"]


def test_an_unreadable_card_is_not_found(owing: Desk) -> None:
    asks: tuple[Callable[[], dict[str, Any]], ...] = (
        lambda: owing.ask("pay", member="\u0001", amount=1),
        lambda: owing.ask("waive", member="\u0001"),
        lambda: owing.ask("refund", member="\u0001", amount=1),
        lambda: owing.ask("charge", member="\u0001", kind="damage", amount=1),
        lambda: owing.ask("ledger.show", member="\u0001"),
    )
    assert {ask()["what"] for ask in asks} == {"member"}
    assert owing.library.clock.read().day == dt.date(2026, 11, 21)
