"""Clearance through the protocol: certificate, verification, lists with reports and letters."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from db.codes import Role
from tests.reports.reading import pdfium_text
from tests.reports.test_clearance import scanned
from tests.server.desk.desks import Desk, says_so_in_persian


def test_a_certificate_is_given_and_read_back_from_its_paper(lending: Desk, tmp_path: Path) -> None:
    path = tmp_path / "certificate.pdf"
    told = lending.ask("clearance", member="1001", reason="انتقال", pdf=str(path))
    assert (told["outcome"], told["certificate"], told["member_no"]) == ("cleared", 1, "000001")
    for code in scanned(path.read_bytes(), 203).values():
        found = lending.ask("clearance.verify", code=code, jalali=True)
        assert (found["outcome"], found["certificate"], found["day_jalali"], found["ours"]) == (
            "valid", 1, "1405/08/30", True,
        )  # fmt: skip
    again = lending.ask("clearance", member="1001", pdf=str(tmp_path / "again.pdf"))
    assert (again["outcome"], again["certificate"], again["sha256"]) == ("already_done", 1, told["sha256"])
    assert (tmp_path / "again.pdf").read_bytes() == path.read_bytes()
    assert lending.ask("check")["broken"] == []


def test_every_reason_is_told_with_its_number(lending: Desk) -> None:
    for item in ("B1", "B2"):
        lending.ask("checkout", member="1001", item=item)
    lending.ask("item.lost", item="B2", charge=50_000)
    before = lending.entries()
    for op in ("clearance", "clearance.check"):
        told = lending.ask(op, member="1001")
        assert [(reason["code"], reason["have"]) for reason in told["refusals"]] == [
            ("clearance.open_loans", 1),
            ("clearance.lost", 1),
            ("clearance.debt", 50_000),
        ]
        assert says_so_in_persian(told)
    assert lending.entries() == before


def test_checking_promises_and_changes_nothing(lending: Desk) -> None:
    before = lending.entries()
    assert lending.ask("clearance.check", member="1001")["outcome"] == "may_be_cleared"
    assert lending.entries() == before


def test_a_key_is_done_once(lending: Desk) -> None:
    first = lending.ask("clearance", member="1001", key="c-1")
    again = lending.ask("clearance", member="1001", key="c-1")
    assert (again["outcome"], again["certificate"]) == ("already_done", first["certificate"])


def test_a_list_is_cleared_with_report_and_letters(lending: Desk, tmp_path: Path) -> None:
    lending.ask("member.add", given_name="سارا", family_name="کریمی", category="ordinary", card="1002")
    lending.ask("checkout", member="1002", item="B1")
    source = tmp_path / "list.txt"
    source.write_text("000001\n۰۰۰۰۰۲\n999999\n", encoding="utf-8")
    report, letters = tmp_path / "report.xlsx", tmp_path / "letters.pdf"
    told = lending.ask(
        "clearance.batch", file=str(source), reason="فراغت از تحصیل", certify=True, report=str(report),
        letters=str(letters),
    )  # fmt: skip
    assert [line["outcome"] for line in told["lines"]] == ["cleared", "refused", "unknown"]
    assert (told["counts"]["cleared"], told["letters"]) == (1, 1)
    assert says_so_in_persian(told)
    assert load_workbook(report).worksheets[0].max_row == 5
    (page,) = pdfium_text(letters.read_bytes())
    assert "سارا" in page
    assert lending.ask("clearance.batch", file=str(source))["lines"][0]["outcome"] == "already_done"
    pdf = tmp_path / "report.pdf"
    lending.ask("clearance.batch", file=str(source), report=str(pdf))
    assert pdf.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"report": "/tmp/x.exe"}, "report"), ({"letters": "/tmp/x.xlsx"}, "letters")],
)
def test_files_are_named_for_what_they_are(fields: dict[str, str], field: str, lending: Desk) -> None:
    told = lending.ask("clearance.batch", file="/nowhere.csv", **fields)
    assert (told["error"]["code"], told["error"]["field"]) == ("request.invalid", field)


def test_a_file_that_is_not_there_is_trouble(lending: Desk) -> None:
    assert lending.ask("clearance.batch", file="/nowhere/list.csv")["error"]["code"] == "P-2101"


def test_who_may_not(lending: Desk) -> None:
    trainee = lending.as_role(Role.TRAINEE)
    for op, fields in (("clearance", {"member": "1001"}), ("clearance.batch", {"file": "x"})):
        assert [reason["code"] for reason in trainee.ask(op, **fields)["refusals"]] == ["role.not_allowed"]
    assert trainee.ask("clearance.verify", code="TS000001-AAAA")["outcome"] == "unknown"


def test_codes_of_other_things(lending: Desk) -> None:
    assert lending.ask("clearance.verify", code="RAF-000001")["outcome"] == "unreadable"
    assert lending.ask("clearance", member="999")["outcome"] == "not_found"
    assert lending.ask("clearance", member="\u202e")["outcome"] == "not_found"
    assert lending.ask("clearance", member="1001", pdf="/tmp/x.doc")["error"]["field"] == "pdf"
