"""Shelf-reading at the headless desk."""

import json
import random
import shutil
import time
import uuid
from pathlib import Path
from typing import Any

import pytest

from db.codes import ItemStatus, Role
from db.models.items import Item
from tests import library as lib
from tests.postgres import cluster
from tests.server.desk.desks import CLOCK, SET_UP_FILE, Desk, RunningDesk, found, json_lines, run, says_so_in_persian

CLASSES = range(100, 112)


def books(classes: range = CLASSES) -> list[dict[str, Any]]:
    return [
        {"op": "item.add", "title": {"title": f"کتاب {number}", "dewey": str(number), "author_mark": "س۲۷۵ب"},
         "barcode": f"B-{number}"}
        for number in classes
    ]  # fmt: skip


@pytest.fixture
def shelved(desk: Desk) -> Desk:
    for request in books():
        assert desk.send(json.dumps(request).encode())["ok"]
    return desk


def begin(desk: Desk, **fields: Any) -> str:
    told = desk.ask("stocktake.start", name="پاییز", **fields)
    assert told["outcome"] == "started", told
    return str(told["session"])


def test_a_whole_session_from_start_to_minutes(shelved: Desk, tmp_path: Path) -> None:
    session = begin(shelved, **{"from": "100", "to": "۱۰۹"})
    found = [shelved.ask("stocktake.scan", session=session, barcode=f"B-{number}") for number in (100, 101, 108, 102)]
    assert [told["finding"] for told in found] == ["in_place", "in_place", "in_place", "in_place"]
    assert found[3]["revised"] == [{"scan": found[2]["scan"], "finding": "misplaced"}]
    assert shelved.ask("stocktake.note", session=session, condition="worn")["barcode"] == "B-102"
    elsewhere = shelved.ask("stocktake.scan", session=session, barcode="B-111")
    assert (elsewhere["finding"], elsewhere["after"]["barcode"], elsewhere["before"]) == ("elsewhere", "B-110", None)
    preview = shelved.ask("stocktake.close", session=session, preview=True)
    assert (preview["figures"]["missing"], len(preview["missing"]), len(preview["to_bind"])) == (6, 6, 1)
    assert [row["barcode"] for row in preview["misplaced"]] == ["B-108"]
    draft = shelved.ask("stocktake.report", session=session, pdf=str(tmp_path / "draft.pdf"))
    assert draft["draft"]
    closed = shelved.ask("stocktake.close", session=session, key="close-1")
    assert (closed["outcome"], closed["number"], closed["missing"]) == ("closed", "1405/1", 6)
    assert shelved.ask("stocktake.close", session=session, key="close-1")["outcome"] == "already_done"
    assert shelved.ask("stocktake.close", session=session)["outcome"] == "already_done"
    assert shelved.ask("item.show", item="B-103")["status"] == "missing"
    files = {"pdf": str(tmp_path / "m.pdf"), "xlsx": str(tmp_path / "m.xlsx")}
    told = shelved.ask("stocktake.report", session=session, **files)
    assert (told["state"], told["number"], told["draft"]) == ("closed", "1405/1", False)
    first = {name: Path(path).read_bytes() for name, path in files.items()}
    shelved.ask("stocktake.report", session=session, **files)
    assert {name: Path(path).read_bytes() for name, path in files.items()} == first
    [row] = shelved.ask("stocktake.list")["rows"]
    assert (row["expected"], row["seen"], row["from"], row["to"]) == (10, 4, "۱۰۰", "۱۰۹")
    assert shelved.ask("check")["broken"] == []


def test_a_repeated_keyed_scan_is_counted_once(shelved: Desk) -> None:
    session = begin(shelved)
    first = shelved.ask("stocktake.scan", session=session, barcode="B-100", key="s1")
    again = shelved.ask("stocktake.scan", session=session, barcode="B-100", key="s1")
    assert (again["outcome"], again["scan"], again["finding"]) == ("already_done", first["scan"], "in_place")
    assert shelved.ask("stocktake.start", name="باز", key="s1")["outcome"] == "already_done"


def test_a_file_is_read_and_its_lines_only_once(shelved: Desk, tmp_path: Path) -> None:
    session = begin(shelved)
    path = tmp_path / "scans.txt"
    path.write_text("B-100\nB-101\nX-9\nکتاب\nB-102\n", encoding="utf-8")
    told = shelved.ask("stocktake.scan", session=session, file=str(path), scanner=3)
    assert (told["outcome"], told["read"], told["unreadable"]) == ("read", 4, [4])
    assert told["findings"] == {"in_place": 3, "unknown": 1}
    assert {line["scanner"] for line in told["lines"]} == {3}
    before = shelved.entries()
    assert shelved.ask("stocktake.scan", session=session, file=str(path), scanner=3)["outcome"] == "already_done"
    assert shelved.entries() == before


@pytest.mark.parametrize("fields", [{}, {"barcode": "B-1", "file": "x"}])
def test_a_scan_comes_from_one_place(shelved: Desk, fields: dict[str, str]) -> None:
    assert shelved.ask("stocktake.scan", session=begin(shelved), **fields)["error"]["field"] == "barcode"


def test_a_session_nobody_knows_is_not_found_in_persian(shelved: Desk) -> None:
    nobody = str(uuid.uuid4())
    for op, fields in (
        ("stocktake.scan", {"barcode": "B-100"}),
        ("stocktake.note", {"condition": "worn"}),
        ("stocktake.report", {}),
        ("stocktake.close", {}),
        ("stocktake.close", {"preview": True}),
        ("stocktake.abandon", {}),
    ):
        told = shelved.ask(op, session=nobody, **fields)
        assert (told["outcome"], told["what"]) == ("not_found", "stocktake"), op
        assert says_so_in_persian(told)


def test_refusals_say_why_and_what_to_do(shelved: Desk) -> None:
    session = begin(shelved)
    for told in (
        shelved.ask("stocktake.start", name="باز"),
        shelved.ask("stocktake.start", name="باز", **{"from": "200", "to": "100"}),
        shelved.ask("stocktake.note", session=session, condition="worn"),
        shelved.ask("stocktake.close", session=session, restore=["B-100"]),
    ):
        assert told["outcome"] == "refused", told
        assert says_so_in_persian(told)
    assert shelved.ask("stocktake.close", session=session, restore=["X-9"])["what"] == "item"
    assert shelved.ask("stocktake.scan", session=session, barcode="\u0007")["outcome"] == "not_found"


def test_who_may_do_what(shelved: Desk) -> None:
    session = begin(shelved)
    librarian, assistant = shelved.as_role(Role.LIBRARIAN, "کتابدار"), shelved.as_role(Role.ASSISTANT)
    assert librarian.ask("stocktake.scan", session=session, barcode="B-100")["finding"] == "in_place"
    assert librarian.ask("stocktake.close", session=session)["outcome"] == "refused"
    assert librarian.ask("stocktake.abandon", session=session)["outcome"] == "refused"
    assert assistant.ask("stocktake.scan", session=session, barcode="B-101")["outcome"] == "refused"


def test_a_weeded_copy_in_the_stacks_is_restored_only_by_name(shelved: Desk) -> None:
    library = shelved.library
    weeded = {item.barcode: item.id for item in lib.rows(library, Item)}
    for barcode in ("B-100", "B-101"):
        lib.change(library, Item, weeded[barcode], status=ItemStatus.WEEDED_WORN)
    shelved.ask("item.lost", item="B-102")
    session = begin(shelved)
    found = [shelved.ask("stocktake.scan", session=session, barcode=f"B-{number}") for number in (100, 101, 102)]
    assert [told["finding"] for told in found] == ["weeded", "weeded", "found_lost"]
    preview = shelved.ask("stocktake.close", session=session, preview=True, restore=["B-100"])
    assert preview["by_choice"] == ["B-100", "B-101"]
    closed = shelved.ask("stocktake.close", session=session, restore=["B-100"])
    assert (closed["weeded"], closed["restored"]) == (2, 1)
    statuses = [shelved.ask("item.show", item=f"B-{number}")["status"] for number in (100, 101, 102)]
    assert statuses == ["available", "weeded_worn", "available"]


def test_no_acknowledged_scan_is_lost_by_a_kill(shelved: Desk, data: Path) -> None:
    """The power is cut in the middle of the reading, again and again; what was answered is on record, in order."""
    session = begin(shelved)
    shelved.library.store.close()
    chance, answered, in_vain = random.Random(13), [], 0
    waiting = [f"B-{number}" for number in CLASSES]
    while waiting:
        with RunningDesk(data=data) as desk:
            desk.ask("ping")
            desk.send_all(json_lines({"op": "stocktake.scan", "session": session, "barcode": code} for code in waiting))
            time.sleep(chance.uniform(0.0, 0.02) * (1 + in_vain))  # on a busy machine it takes longer to begin at all
            told = desk.kill()
        answered += told
        in_vain = 0 if told else in_vain + 1
        waiting = waiting[len(told) :]
        assert in_vain < 50
    with RunningDesk(data=data) as desk:
        report = desk.ask("stocktake.report", session=session)
        assert (report["figures"]["seen"], report["figures"]["missing"]) == (len(CLASSES), 0)
        assert len(answered) == len(CLASSES)
        assert {row["finding"] for row in answered} <= {"in_place", "again"}
        assert desk.ask("stocktake.close", session=session)["outcome"] == "closed"
        assert desk.ask("check")["broken"] == []


def test_a_shared_database_does_the_same_for_two_desks(tmp_path: Path) -> None:
    setup = tmp_path / "setup.toml"
    setup.write_text(SET_UP_FILE, encoding="utf-8")
    with cluster().database() as url:
        code, answers, told = run(
            "--database", url, "--setup", str(setup), "--test-clock", CLOCK, lines=json_lines(books())
        )
        assert (code, all(answer["ok"] for answer in answers)) == (0, True), told
        with RunningDesk("--database", url) as one, RunningDesk("--database", url, "--desk", "2") as two:
            session = one.ask("stocktake.start", name="پاییز", **{"from": "100", "to": "199", "section": "main"})[
                "session"
            ]
            halves = ((one, 1, (100, 101, 104, 102)), (two, 2, (106, 107, 108, 103)))
            for desk, scanner, classes in halves:
                desk.send_all(
                    json_lines(
                        {"op": "stocktake.scan", "session": session, "barcode": f"B-{number}", "scanner": scanner}
                        for number in classes
                    )
                )
            found = [[desk.read()["finding"] for _ in classes] for desk, _, classes in halves]
            assert found == [["in_place"] * 4, ["in_place"] * 3 + ["misplaced"]]
            assert two.ask("undo")["kind"] == "stocktake.scanned"
            lists = one.ask("stocktake.close", session=session, preview=True)
            assert [row["barcode"] for row in lists["misplaced"]] == ["B-104"]
            closed = one.ask("stocktake.close", session=session)
            assert (closed["outcome"], closed["missing"]) == ("closed", len(CLASSES) - 7)
            assert two.ask("stocktake.list")["rows"][0]["state"] == "closed"
            assert one.ask("check")["broken"] == []


def test_a_lent_copy_on_the_shelf_is_given_back_by_name(shelved: Desk) -> None:
    for card in ("M-1", "M-2"):
        added = shelved.ask("member.add", given_name="مریم", family_name="رضایی", category="ordinary", card=card)
        assert added["ok"], added
    assert shelved.ask("checkout", member="M-1", item="B-100")["ok"]
    assert shelved.ask("hold.place", member="M-2", item="B-100")["ok"]
    session = begin(shelved)
    scanned = shelved.ask("stocktake.scan", session=session, barcode="B-100")
    assert (scanned["finding"], bool(scanned["member"]), bool(scanned["due"])) == ("on_loan", True, True)
    preview = shelved.ask("stocktake.close", session=session, preview=True)
    assert preview["by_choice"] == ["B-100"]
    assert preview["on_loan"][0]["due"] == scanned["due"]
    closed = shelved.ask("stocktake.close", session=session, restore=["B-100"])
    assert (closed["on_loan"], closed["returned"]) == (1, 1)
    assert [row["barcode"] for row in closed["kept_for_readers"]] == ["B-100"]
    assert shelved.ask("check")["broken"] == []


def test_what_is_no_label_is_told_for_what_it_is(shelved: Desk) -> None:
    shelved.ask("member.add", given_name="مریم", family_name="رضایی", category="ordinary", card="M-1")
    session = begin(shelved)
    told = [shelved.ask("stocktake.scan", session=session, barcode=code) for code in ("M-1", "9789643510657", "X-1")]
    assert [one["finding"] for one in told] == ["unknown"] * 3
    assert [one.get("stranger", {}).get("what") for one in told] == ["card", "isbn", None]
    [card, isbn, strange] = shelved.ask("stocktake.report", session=session)["unknown"]
    assert (card["stranger"]["what"], isbn["stranger"]["accession_nos"], "stranger" in strange) == ("card", [], False)


def test_a_desk_reads_with_its_own_scanner_unless_another_is_named(shelved: Desk, tmp_path: Path) -> None:
    session = begin(shelved)
    other = Desk(shelved.library, number=7)
    assert other.ask("stocktake.scan", session=session, barcode="B-100")["scanner"] == 7
    assert other.ask("stocktake.note", session=session, condition="worn")["barcode"] == "B-100"
    assert other.ask("stocktake.scan", session=session, barcode="B-101", scanner=2)["scanner"] == 2
    path = tmp_path / "scans.txt"
    path.write_text("B-102\n", encoding="utf-8")
    assert other.ask("stocktake.scan", session=session, file=str(path))["lines"][0]["scanner"] == 7


def test_the_power_cut_while_a_session_is_closed_leaves_all_of_it_or_nothing(tmp_path: Path) -> None:
    """Closing is bigger than a journal entry: statuses, number, paper and journal are there together, or none is."""
    origin = tmp_path / "origin"
    found(origin)
    with RunningDesk(data=origin) as desk:
        desk.send_all(json_lines(books(range(100, 400))))
        assert all(desk.read()["ok"] for _ in range(300))
        session = desk.ask("stocktake.start", name="پاییز")["session"]
        for number in range(100, 130):
            desk.ask("stocktake.scan", session=session, barcode=f"B-{number}")
    close, ends = json_lines([{"op": "stocktake.close", "session": session}]), set()
    chance, started = random.Random(5), time.monotonic()
    with RunningDesk(data=_copy(origin, tmp_path / "whole")) as desk:
        desk.ask("ping")
        started = time.monotonic()
        assert desk.send(close[0])["missing"] == 270
        lasts = time.monotonic() - started
    for turn in range(4):
        data = _copy(origin, tmp_path / f"cut-{turn}")
        with RunningDesk(data=data) as desk:
            desk.ask("ping")
            desk.send_all(close)
            time.sleep(lasts * chance.uniform(0.05, 1.1))
            answered = desk.kill()
        with RunningDesk(data=data) as desk:
            [row] = desk.ask("stocktake.list")["rows"]
            told = desk.ask("stocktake.report", session=session)
            missing = told["figures"]["missing"] if row["state"] == "open" else 0
            lost = sum(desk.ask("item.show", item=f"B-{number}")["status"] == "missing" for number in (130, 250, 399))
            assert (row["state"], missing, lost) in (("open", 270, 0), ("closed", 0, 3))
            assert not answered or row["state"] == "closed"  # what was answered is so
            ends.add(row["state"])
            outcome = desk.ask("stocktake.close", session=session)
            assert outcome["outcome"] == ("already_done" if row["state"] == "closed" else "closed")
            assert outcome["number"] == told.get("number", outcome["number"])
            assert desk.ask("check")["broken"] == []
    assert "open" in ends


def _copy(origin: Path, to: Path) -> Path:
    shutil.copytree(origin, to)
    return to


def test_no_copy_is_read_into_a_session_that_another_desk_is_closing(tmp_path: Path) -> None:
    """Two machines of one branch: what the second is told was read is not called missing by the first."""
    setup = tmp_path / "setup.toml"
    setup.write_text(SET_UP_FILE, encoding="utf-8")
    classes = range(100, 260)
    with cluster().database() as url:
        options = ("--database", url, "--setup", str(setup), "--test-clock", CLOCK)
        assert run(*options, lines=json_lines(books(classes)))[0] == 0
        with RunningDesk("--database", url) as one, RunningDesk("--database", url, "--desk", "2") as two:
            session = one.ask("stocktake.start", name="پاییز")["session"]
            two.ask("stocktake.scan", session=session, barcode="B-100")
            scans = [{"op": "stocktake.scan", "session": session, "barcode": f"B-{number}"} for number in classes[1:]]
            two.send_all(json_lines(scans))
            closed = one.ask("stocktake.close", session=session)
            answers = [two.read() for _ in scans]
            read = [answer["barcode"] for answer in answers if answer["outcome"] == "scanned"]
            refused = [answer for answer in answers if answer["outcome"] == "refused"]
            assert len(read) + len(refused) == len(scans)
            assert refused, "the session was closed too late to tell"
            assert closed["seen"] == 1 + len(read)
            assert all(one.ask("item.show", item=barcode)["status"] == "available" for barcode in read)
            assert one.ask("check")["broken"] == []


def test_of_two_desks_that_begin_the_same_range_at_once_one_begins_it(tmp_path: Path) -> None:
    setup = tmp_path / "setup.toml"
    setup.write_text(SET_UP_FILE, encoding="utf-8")
    with cluster().database() as url:
        options = ("--database", url, "--setup", str(setup), "--test-clock", CLOCK)
        assert run(*options, lines=json_lines(books()))[0] == 0
        with RunningDesk("--database", url) as one, RunningDesk("--database", url, "--desk", "2") as two:
            for turn in range(12):
                for desk in (one, two):
                    desk.send_all(json_lines([{"op": "stocktake.start", "name": f"نوبت {turn}"}]))
                told = [desk.read() for desk in (one, two)]
                assert sorted(answer["outcome"] for answer in told) == ["refused", "started"]
                [session] = [answer["session"] for answer in told if answer["outcome"] == "started"]
                assert one.ask("stocktake.abandon", session=session)["outcome"] == "abandoned"
