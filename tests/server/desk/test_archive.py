"""The archive at the headless desk: found, filed, written again byte for byte."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from app.clock import SettableClock
from app.library import Library
from db.codes import Role
from tests.postgres import cluster
from tests.server.desk.desks import CLOCK, NOW, SET_UP_FILE, Desk, json_lines, run, says_so_in_persian
from tests.warm import opened_on_server

PDF = b"%PDF-1.4\n%%EOF\n"


WAY: tuple[dict[str, Any], ...] = (
    {"op": "weeding.propose", "reason": "worn", "items": ["B1", "B2"], "unbindable": True},
    {"op": "weeding.minutes", "reason": "worn"},
    {"op": "weeding.send", "number": "1405/1", "letter_no": "۱۲/۵", "letter_on": "1405/08/30"},
    {"op": "weeding.rule", "number": "1405/1", "level": "county", "verdict": "approve", "letter_no": "۴۵/۱",
     "letter_on": "1405/08/30"},
    {"op": "weeding.rule", "number": "1405/1", "level": "province", "verdict": "approve", "letter_no": "۹۷/۱",
     "letter_on": "1405/08/30", "copies": [{"item": "B2", "verdict": "reject", "remark": "بماند"}]},
    {"op": "weeding.close", "number": "1405/1"},
)  # fmt: skip


@pytest.fixture
def archived(lending: Desk) -> Desk:
    """Minutes 1405/1, closed with one copy refused."""
    for request in WAY:
        told = lending.ask(**request)
        assert told["ok"], told
    return lending


def found(desk: Desk, **wanted: Any) -> list[tuple[str, int]]:
    told = desk.ask("minutes.find", **wanted)
    assert told["outcome"] == "found", told
    return [(one["number"], one["revision"]) for one in told["minutes"]]


def test_minutes_are_found_by_number_day_and_title(archived: Desk) -> None:
    both = [("1405/1", 2), ("1405/1", 1)]
    assert found(archived) == found(archived, number="۱۴۰۵/۱") == found(archived, title="B1") == both
    assert found(archived, since="1405/08/30", until="2026-11-21") == both
    assert found(archived, since="1405/09/01") == found(archived, number="7") == found(archived, title="نیست") == []


def test_every_edition_is_written_again_byte_for_byte(archived: Desk, tmp_path: Path) -> None:
    told = archived.ask("minutes.papers", number="1405/1")
    assert [(one["revision"], one["state"]) for one in told["editions"]] == [(2, "closed"), (1, "superseded")]
    hashes = []
    for place in range(2):
        pdf, xlsx = tmp_path / f"{place}.pdf", tmp_path / f"{place}.xlsx"
        archived.ask("form", kind="weeding_worn", number="1405/1", pdf=str(pdf), xlsx=str(xlsx))
        hashes.append((hashlib.sha256(pdf.read_bytes()).hexdigest(), hashlib.sha256(xlsx.read_bytes()).hexdigest()))
    assert hashes[0] == hashes[1] == (told["editions"][0]["sha256"], told["editions"][0]["xlsx_sha256"])


def test_a_receipt_is_filed_once_and_comes_back_as_it_was(archived: Desk, tmp_path: Path) -> None:
    receipt, again = tmp_path / "رسید.pdf", tmp_path / "دوباره.pdf"
    receipt.write_bytes(PDF)
    first = archived.ask("minutes.attach", number="1405/1", file=str(receipt), key="a")
    assert (first["outcome"], archived.ask("minutes.attach", number="1405/1", file=str(receipt))["outcome"]) == (
        "attached",
        "already_done",
    )
    assert archived.ask("minutes.attach", number="1405/1", file=str(receipt), key="a")["outcome"] == "already_done"
    (filed,) = archived.ask("minutes.papers", number="1405/1")["attachments"]
    assert (filed["name"], filed["sha256"]) == ("رسید.pdf", hashlib.sha256(PDF).hexdigest())
    told = archived.ask("minutes.attachment", number="1405/1", place=1, file=str(again))
    assert (told["outcome"], again.read_bytes()) == ("written", PDF)
    beyond = archived.ask("minutes.attachment", number="1405/1", place=2, file=str(again))
    assert beyond["error"]["field"] == "place"


def test_what_is_no_paper_is_refused(archived: Desk, tmp_path: Path) -> None:
    program = tmp_path / "برنامه.pdf"
    program.write_bytes(b"MZ\x90")
    told = archived.ask("minutes.attach", number="1405/1", file=str(program))
    assert [(one["code"], one["rule"]) for one in told["refusals"]] == [("minutes.file_unreadable", "7-15")]
    assert says_so_in_persian(told)
    gone = archived.ask("minutes.attach", number="1405/1", file=str(tmp_path / "نیست.pdf"))
    assert gone["error"]["code"] == "P-2101"


def test_the_binder_names_letters_and_receipts(archived: Desk, tmp_path: Path) -> None:
    pdf, xlsx = tmp_path / "زونکن.pdf", tmp_path / "زونکن.xlsx"
    told = archived.ask("minutes.binder", since="1405/01/01", until="1405/12/29", pdf=str(pdf), xlsx=str(xlsx))
    (minutes,) = told["minutes"]
    assert (told["outcome"], minutes["number"], minutes["revision"], minutes["copies"]) == ("written", "1405/1", 2, 1)
    assert [letter["letter_no"] for letter in minutes["letters"]] == ["۱۲/۵", "۴۵/۱", "۹۷/۱"]
    assert (pdf.read_bytes()[:4], xlsx.read_bytes()[:2]) == (b"%PDF", b"PK")
    assert archived.ask("minutes.binder", since="1404/01/01", until="1404/12/29")["minutes"] == []


def test_handovers_of_its_copies_lie_with_the_minutes(archived: Desk) -> None:
    """002 م7-15."""
    assert archived.ask("minutes.papers", number="1405/1")["deliveries"] == []
    package = archived.ask("exchange.pack", reason="worn")["package"]
    told = archived.ask("exchange.hand", package=package, receipt_no="ر-۱")
    assert told["ok"], told
    (delivery,) = archived.ask("minutes.papers", number="1405/1")["deliveries"]
    assert (delivery["kind"], delivery["receipt_no"], delivery["copies"]) == ("county_centre", "ر-۱", 1)
    (minutes,) = archived.ask("minutes.binder", since="1405/01/01", until="1405/12/29")["minutes"]
    assert minutes["deliveries"] == [delivery]


def test_the_letter_of_refused_titles_is_written(archived: Desk, tmp_path: Path) -> None:
    pdf = tmp_path / "نامه.pdf"
    told = archived.ask("minutes.refused_letter", number="1405/1", pdf=str(pdf))
    assert (told["outcome"], told["copies"], told["pages"]) == ("written", 1, 1)
    assert archived.ask("minutes.refused_letter", number="1405/1", pdf="نامه.doc")["error"]["field"] == "pdf"


@pytest.mark.parametrize(
    ("op", "fields"),
    [
        ("minutes.papers", {}),
        ("minutes.attachment", {"place": 1, "file": "x.pdf"}),
        ("minutes.refused_letter", {"pdf": "x.pdf"}),
    ],
)
@pytest.mark.parametrize("number", ["1405/9", "", "../../etc", "1405/1\u202e2"])
def test_minutes_that_are_not_there_are_not_found(archived: Desk, op: str, fields: dict[str, Any], number: str) -> None:
    assert archived.ask(op, number=number, **fields)["outcome"] == "not_found"


def test_an_assistant_neither_reads_nor_files(archived: Desk) -> None:
    assistant = archived.as_role(Role.ASSISTANT)
    for op, fields in (("minutes.find", {}), ("minutes.attach", {"number": "1405/1", "file": "x.pdf"})):
        told = assistant.ask(op, **fields)
        assert [one["code"] for one in told["refusals"]] == ["role.not_allowed"]


def test_a_shared_database_finds_and_files_the_same(tmp_path: Path) -> None:
    setup, old = tmp_path / "setup.toml", tmp_path / "old.csv"
    setup.write_text(SET_UP_FILE, encoding="utf-8")
    old.write_text(
        "عنوان,شماره ثبت,بارکد,وضعیت\nبوف کور,11,B1,موجود\nسووشون,12,B2,\nکلیدر,13,B3,3\nهمسایه‌ها,14,B4,مفقود\n",
        encoding="utf-8",
    )
    taken = {"op": "import", "file": str(old), "weeded_code": 3, "weeded_as": "duplicate"}
    with cluster().database() as url:
        code, (told, *_), _ = run(
            "--database", url, "--setup", str(setup), "--test-clock", CLOCK, lines=json_lines([taken, *WAY])
        )
        assert (code, told["copies"], told["weeded"], told["missing"]) == (0, 4, 1, 1)
        with opened_on_server(url) as store:
            desk = Desk(Library(store, SettableClock(NOW)))
            assert found(desk, title="بوف") == [("1405/1", 2), ("1405/1", 1)]
            package = desk.ask("exchange.pack", reason="worn")["package"]
            desk.ask("exchange.hand", package=package, receipt_no="ر-۱")
            (delivery,) = desk.ask("minutes.papers", number="1405/1")["deliveries"]
            assert (delivery["receipt_no"], delivery["copies"]) == ("ر-۱", 1)
            assert desk.ask("import", file=str(old))["outcome"] == "already_done"
            assert [desk.ask("item.show", item=item)["status"] for item in ("B3", "B4")] == [
                "weeded_duplicate", "missing",
            ]  # fmt: skip
            assert desk.ask("check")["broken"] == []
