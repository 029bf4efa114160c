import json
from pathlib import Path
from typing import Any

import pytest

from db.codes import Role
from tests.postgres import cluster
from tests.server.desk.desks import CLOCK, SET_UP_FILE, Desk, json_lines, run, says_so_in_persian

HEADING = "Version=1.0\tGenerator=kocOfflineCirc\tGeneratorVersion=2.4.0"


def outcomes(told: dict[str, object]) -> list[str]:
    lines = told["lines"]
    assert isinstance(lines, list)
    return [line["outcome"] for line in lines]


def test_scans_in_a_file_are_lent_line_by_line(lending: Desk, tmp_path: Path) -> None:
    path = tmp_path / "scans.txt"
    path.write_text("1001\nB1\nB9\nB2\n1001\nB2\n---\nB3\n", encoding="utf-8")
    told = lending.ask("scans.read", file=str(path), mode="checkout")
    assert told["outcome"] == "read"
    assert outcomes(told) == ["member", "done", "not_found", "refused", "member", "done", "refused"]
    assert (told["read"], told["done"], told["refused"], told["not_found"]) == (7, 2, 2, 1)
    assert [reason["code"] for reason in told["lines"][3]["refusals"]] == ["scan.no_member"]
    assert all(line["message"] for line in told["lines"])
    assert says_so_in_persian({"refusals": [reason for line in told["lines"] for reason in line.get("refusals", [])]})
    kept = [json.loads(line) for line in Path(told["side_file"]).read_text("utf-8").splitlines()]
    assert [row["line"] for row in kept] == [3, 4, 8]
    assert lending.ask("item.show", item="B1")["status"] == "on_loan"


def test_pasted_scans_are_taken_back_and_the_same_again_is_already_done(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B1")
    text = "2026-11-21 09:00:00,B1\n2026-11-21 09:00:05,B2\n"
    told = lending.ask("scans.read", text=text, mode="checkin")
    assert [line["code"] for line in told["lines"]] == ["checked_in", "local_use"]
    assert told["side_file"] is None
    before = lending.entries()
    assert lending.ask("scans.read", text=text, mode="checkin")["outcome"] == "already_done"
    assert lending.entries() == before


def test_uses_in_the_hall_are_counted(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B1")
    told = lending.ask("scans.read", text="B1\nB2\nB2\n", mode="use")
    assert outcomes(told) == ["refused", "done", "already_done"]


@pytest.mark.parametrize("fields", [{}, {"text": "B1", "file": "x"}])
def test_scans_come_from_one_place(lending: Desk, fields: dict[str, str]) -> None:
    assert lending.ask("scans.read", mode="use", **fields)["error"]["field"] == "file"


def test_a_mode_that_is_none_is_refused(lending: Desk) -> None:
    assert lending.ask("scans.read", text="B1", mode="steal")["error"]["field"] == "mode"


def test_a_file_that_is_not_there_is_trouble(lending: Desk) -> None:
    assert lending.ask("scans.read", file="nowhere.txt", mode="use")["error"]["code"] == "P-2101"


def test_an_offline_file_is_taken_in_and_nothing_is_dropped(lending: Desk, tmp_path: Path) -> None:
    path = tmp_path / "branch.koc"
    rows = (
        "2026-11-20 10-00-00 100\tissue\t1001\tB1",
        "2026-11-20 10-00-05 100\tissue\t9999\tB2",
        "2026-11-20 10-00-09 100\tpayment\t1001\t99999999999",
        "2026-11-20 10-01-00 100\treturn\t1001\tB1",
    )
    path.write_text("\n".join((HEADING, *rows)), encoding="utf-8")
    told = lending.ask("import", file=str(path), format="koc")
    assert told["outcome"] == "imported"
    assert outcomes(told) == ["done", "not_found", "refused", "done"]
    assert (told["read"], told["done"], told["refused"], told["not_found"]) == (4, 2, 1, 1)
    jsonl, koc = map(Path, told["side_files"])
    assert len(jsonl.read_text("utf-8").splitlines()) == 2
    assert koc.read_text("utf-8").splitlines() == [HEADING, rows[1], rows[2]]
    before = lending.entries()
    again = lending.ask("import", file=str(path), format="koc")
    assert outcomes(again) == ["already_done", "not_found", "refused", "already_done"]
    assert lending.entries() == before


@pytest.mark.parametrize(("content", "code"), [("B1\n", "P-2102"), ("", "P-2104")])
def test_what_is_no_offline_file_is_trouble(lending: Desk, tmp_path: Path, content: str, code: str) -> None:
    path = tmp_path / "branch.koc"
    path.write_text(content, encoding="utf-8")
    assert lending.ask("import", file=str(path), format="koc")["error"]["code"] == code


def test_an_assistant_may_read_scans_but_take_in_no_files(lending: Desk, tmp_path: Path) -> None:
    assistant = lending.as_role(Role.ASSISTANT)
    assert assistant.ask("scans.read", text="B1", mode="use")["outcome"] == "read"
    told = assistant.ask("import", file="x.koc", format="koc")
    assert [reason["code"] for reason in told["refusals"]] == ["role.not_allowed"]


def test_a_shared_database_does_the_same(tmp_path: Path) -> None:
    setup, koc = tmp_path / "setup.toml", tmp_path / "branch.koc"
    setup.write_text(SET_UP_FILE, encoding="utf-8")
    koc.write_text(f"{HEADING}\n2026-11-20 10-00-00 100\tissue\t2\tB2\n2026-11-20 10-00-01 100\treturn\tB9\n", "utf-8")
    person = {"op": "member.add", "given_name": "علی", "family_name": "رضایی", "category": "ordinary"}
    lines: list[dict[str, Any]] = [
        {"op": "policy.set", "rows": [{"loan_days": 14}]},
        person | {"card": "1"},
        *({"op": "item.add", "title": {"title": "بوف کور"}, "barcode": copy} for copy in ("B1", "B2")),
        {"op": "member.card.bind", "member": "1", "card": "2"},
        {"op": "member.card.lost", "card": "1"},
        {"op": "scans.read", "text": "2\nB1\nB9\n", "mode": "checkout"},
        {"op": "scans.read", "text": "2\nB1\nB9\n", "mode": "checkout"},
        {"op": "import", "format": "koc", "file": str(koc)},
        {"op": "check"},
    ]
    with cluster().database() as url:
        code, answers, told = run(
            "--database", url, "--setup", str(setup), "--test-clock", CLOCK, lines=json_lines(lines)
        )
    assert code == 0, told
    *_, bound, lost, first, again, taken_in, check = answers
    assert (bound["outcome"], lost["outcome"]) == ("bound", "lost")
    assert (outcomes(first), outcomes(again)) == (
        ["member", "done", "not_found"],
        ["member", "already_done", "not_found"],
    )
    assert first["side_file"] is None
    assert outcomes(taken_in) == ["done", "not_found"]
    assert [Path(file).parent for file in taken_in["side_files"]] == [tmp_path / "imports"] * 2
    assert check["broken"] == []
