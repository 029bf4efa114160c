import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from db.codes import Role
from tests.reports.reading import missing, raw_text
from tests.server.desk.desks import Desk

MINA = {
    "given_name": "مینا", "family_name": "شریفی", "category": "ordinary", "card": "1002", "mobile": "09123456789",
}  # fmt: skip


@pytest.fixture
def late(lending: Desk) -> Desk:
    """A reader with a telephone has a book eight days late, another one a book and no telephone."""
    lending.ask(
        "member.add", given_name="مینا", family_name="شریفی", category="ordinary", card="1002", mobile="09123456789"
    )
    lending.ask("checkout", member="1001", item="B1")
    lending.ask("checkout", member="1002", item="B2")
    lending.ask("clock.advance", days=22)
    return lending


def make(desk: Desk) -> dict[str, object]:
    told = desk.ask("notice.make")
    assert told["ok"]
    return told


def test_reminders_are_made_listed_and_marked_once(late: Desk) -> None:
    make(late)
    assert make(late)["total"] == 0
    messages = late.ask("notice.list")["messages"]
    assert {(one["name"], one["channel"], one["address"]) for one in messages} == {
        ("مینا شریفی", "sms", "+989123456789"),
        ("علی رضایی", "print", None),
    }
    ids = [notice for one in messages for notice in one["notices"]]
    assert late.ask("notice.sent", notices=ids)["marked"] == 2
    assert late.ask("notice.sent", notices=ids)["outcome"] == "already_done"
    assert late.ask("notice.list")["messages"] == []
    told = late.ask("notice.list", all=True)["rows"]
    assert {row["notice"] for row in told if row["state"] == "sent"} == set(ids)
    assert {row["state"] for row in told} == {"sent", "cancelled"}  # earlier reminders, outdone by the last


@pytest.mark.parametrize(("sheet", "words"), [("letter", "علی رضایی گرامی"), ("slips", "یادآوری — کتابخانه عمومی")])
def test_reminders_are_printed_as_letters_or_slips(late: Desk, tmp_path: Path, sheet: str, words: str) -> None:
    make(late)
    paper = tmp_path / "letters.pdf"
    told = late.ask("notice.print", pdf=str(paper), sheet=sheet)
    assert (told["messages"], told["pages"]) == (1, 1)
    assert missing([words, "بوف کور", "۱۴ آذر ۱۴۰۵"], raw_text(paper.read_bytes(), "-raw")) == []
    assert late.ask("notice.print", pdf=str(paper), kind="hold_ready")["outcome"] == "nothing"


def test_numbers_and_texts_are_exported_for_whoever_sends(late: Desk, tmp_path: Path) -> None:
    make(late)
    sheet, plain = tmp_path / "sms.xlsx", tmp_path / "sms.csv"
    assert late.ask("notice.export", file=str(sheet))["messages"] == 1
    assert late.ask("notice.export", file=str(plain))["messages"] == 1
    cells = [cell.value for cell in load_workbook(io.BytesIO(sheet.read_bytes())).worksheets[0][3]]
    (_, row) = csv.reader(io.StringIO(plain.read_text(encoding="utf-8-sig")))
    assert cells[0] == row[0] == "09123456789"
    assert "«سووشون»" in row[1]
    assert row[3] == "مینا شریفی"


def test_an_export_holds_no_formula(late: Desk, tmp_path: Path) -> None:
    late.ask("member.add", given_name="=1+1", family_name="@x", category="ordinary", card="1003", mobile="09351112233")
    late.ask("checkout", member="1003", item="B3")
    late.ask("clock.advance", days=20)
    make(late)
    plain = tmp_path / "sms.csv"
    late.ask("notice.export", file=str(plain))
    cells = [cell for row in csv.reader(io.StringIO(plain.read_text(encoding="utf-8-sig"))) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_settings_are_told_and_changed_by_who_may(late: Desk) -> None:
    assert late.ask("notice.settings")["overdue_days"] == [3, 10, 21]
    assert late.ask("notice.settings", overdue_days=[1, 5, 30], channels={"overdue_1": "print"})["outcome"] == "set"
    told = late.ask("notice.settings")
    assert (told["overdue_days"], told["channels"]["overdue_1"]) == ([1, 5, 30], "print")
    refused = late.as_role(Role.ASSISTANT).ask("notice.settings", due_soon_days=1)
    assert [reason["code"] for reason in refused["refusals"]] == ["role.not_allowed"]


def test_a_state_that_is_no_result_is_invalid(late: Desk) -> None:
    make(late)
    notice = late.ask("notice.list")["messages"][0]["notices"]
    assert late.ask("notice.sent", notices=notice, state="due")["error"]["field"] == "state"
    assert late.ask("notice.sent", notices=[str(late.session.person.id)])["what"] == "notice"
