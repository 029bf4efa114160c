"""Minutes on their way through the headless desk, over pipes killed at random, and on PostgreSQL."""

import hashlib
import json
import random
import secrets
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.weeding.minutes.outcomes import CopyRuling, Letter, Rulings
from app.weeding.minutes.ruling_file import seal
from db.codes import RulingLevel, Verdict
from tests.postgres import cluster
from tests.server.desk.desks import CLOCK, NOW, SET_UP_FILE, Desk, RunningDesk, json_lines, run, says_so_in_persian

LETTER = {"letter_no": "۱۲/۵", "letter_on": "1405/08/30"}
WAY: list[dict[str, Any]] = [
    {"op": "weeding.propose", "reason": "worn", "items": ["B1", "B2", "B3"], "unbindable": True},
    {"op": "weeding.minutes", "reason": "worn"},
    {"op": "weeding.send", "number": "1405/1", **LETTER},
    {"op": "weeding.correct", "number": "1405/1", "level": "county", "remark": "ردیف ۱"},
    {"op": "weeding.reissue", "number": "1405/1", "strike": [{"item": "B1", "why": "خواسته شد"}]},
    {"op": "weeding.rule", "number": "1405/1", "level": "county", "verdict": "approve", **LETTER},
    {"op": "weeding.rule", "number": "1405/1", "level": "province", "verdict": "approve",
     "copies": [{"item": "B2", "verdict": "reject", "remark": "بماند"}], **LETTER},
    {"op": "weeding.close", "number": "1405/1"},
    {"op": "weeding.send", "number": "1405/1", "letter_no": "۱۲/۹۰", "letter_on": "1405/08/30"},
]  # fmt: skip


def walk(desk: Desk, steps: int = len(WAY)) -> list[dict[str, Any]]:
    """The first steps of the way; nothing may speak against them."""
    told = [desk.send(json.dumps(request).encode()) for request in WAY[:steps]]
    assert all(answer["ok"] for answer in told), told
    return told


def codes(told: dict[str, Any]) -> list[str]:
    assert told["outcome"] == "refused", told
    assert says_so_in_persian(told)
    return [reason["code"] for reason in told["refusals"]]


def test_the_whole_way(lending: Desk, tmp_path: Path) -> None:
    told = walk(lending)
    assert [answer["outcome"] for answer in told] == [
        "listed", "finalised", "sent", "correction_asked", "reissued", "ruled", "ruled", "closed", "sent",
    ]  # fmt: skip
    assert [(answer.get("state"), answer.get("revision")) for answer in told[2:]] == [
        ("at_county", 1), ("correction", 1), ("at_county", 2), ("at_province", 2), ("ruled", 2), ("closed", 3),
        ("closed", 3),
    ]  # fmt: skip
    assert [answer.get("due") for answer in told[2:]] == [
        "2026-11-28", "2026-11-28", "2026-11-28", "2026-12-01", "2026-11-28", "2026-11-28", None,
    ]  # fmt: skip
    assert (told[5]["approved"], told[6]["approved"], told[6]["rejected"]) == (2, 1, 1)
    final = told[7]
    assert (final["executed"], final["waiting"], final["released"], final["rows"], final["struck"]) == (1, 0, 1, 1, 2)
    assert [lending.ask("item.show", item=copy)["status"] for copy in ("B1", "B2", "B3")] == [
        "available", "available", "weeded_worn",
    ]  # fmt: skip
    for revision, sha256 in (
        (None, final["sha256"]),
        (3, final["sha256"]),
        (2, told[4]["sha256"]),
        (1, told[1]["sha256"]),
    ):
        pdf = tmp_path / f"{revision}.pdf"
        named = {} if revision is None else {"revision": revision}
        assert lending.ask("form", kind="weeding_worn", number="1405/1", pdf=str(pdf), **named)["sha256"] == sha256
        assert hashlib.sha256(pdf.read_bytes()).hexdigest() == sha256
    assert lending.ask("form", kind="weeding_worn", number="1405/1", revision=4)["what"] == "minutes"
    assert lending.ask("check")["broken"] == []


def test_where_minutes_stand_is_told(lending: Desk) -> None:
    walk(lending, 7)
    (one,) = lending.ask("weeding.track")["minutes"]
    assert (one["number"], one["revision"], one["state"], one["copies"], one["struck"], one["refused"]) == (
        "1405/1", 2, "ruled", 2, 1, 1,
    )  # fmt: skip
    assert one["next"] == ["close"]
    shown = lending.ask("weeding.show", number="۱۴۰۵/۱")
    assert [(row["barcode"], row["struck"], row["verdict"]) for row in shown["rows"]] == [
        ("B1", True, None), ("B2", False, "reject"), ("B3", False, "approve"),
    ]  # fmt: skip
    assert [ruling["level"] for ruling in shown["rows"][1]["rulings"]] == ["county", "province"]
    assert [step["step"] for step in shown["steps"]] == [
        "finalise", "send", "ask_correction", "reissue", "forward", "rule",
    ]  # fmt: skip
    assert lending.ask("weeding.show", number="1405/1", revision=1)["state"] == "superseded"
    assert lending.ask("weeding.show", number="1405/9")["what"] == "minutes"


def test_a_step_taken_twice_is_already_done(lending: Desk) -> None:
    walk(lending, 3)
    entries = lending.entries()
    assert lending.send(json.dumps(WAY[2]).encode())["outcome"] == "already_done"
    assert lending.entries() == entries


@pytest.mark.parametrize("steps", range(2, len(WAY)))
def test_a_keyed_step_is_told_again_with_state_and_number(lending: Desk, steps: int) -> None:
    walk(lending, steps)
    request = WAY[steps] | {"key": f"step-{steps}"}
    first, again = (lending.send(json.dumps(request).encode()) for _ in range(2))
    assert again["outcome"] == "already_done"
    assert (again["minutes"], again["state"]) == (first["minutes"], first["state"])


REFUSED: list[tuple[int, dict[str, Any], str]] = [
    (2, {"op": "weeding.close", "number": "1405/1"}, "minutes.step_not_allowed"),
    (2, {"op": "weeding.propose", "reason": "worn", "items": ["B1"], "unbindable": True}, "minutes.frozen"),
    (2, WAY[2] | {"letter_on": "1405/09/30"}, "minutes.letter_day"),
    (3, WAY[5] | {"copies": [{"item": "B9", "verdict": "reject"}]}, "ruling.not_on_minutes"),
    (3, {key: value for key, value in WAY[5].items() if key != "verdict"}, "ruling.verdict_missing"),
    (3, {key: value for key, value in WAY[5].items() if key != "letter_no"}, "field.required"),
    (4, WAY[4] | {"strike": [{"item": copy, "why": "نه"} for copy in ("B1", "B2", "B3")]}, "minutes.nothing_left"),
    (5, WAY[5] | {"revision": 1}, "ruling.older_revision"),
    (6, WAY[5] | {"verdict": "reject"}, "ruling.twice"),
    (7, {"op": "weeding.withdraw", "number": "1405/1", "reason": "نه"}, "minutes.step_not_allowed"),
    (8, WAY[8] | {"letter_on": "1405/08/29"}, "minutes.letter_day"),
    (9, {"op": "weeding.withdraw", "number": "1405/1", "reason": "نه"}, "minutes.step_not_allowed"),
    (9, {"op": "weeding.correct", "number": "1405/1", "level": "county", "remark": "نه"}, "minutes.step_not_allowed"),
    (9, {"op": "weeding.reissue", "number": "1405/1"}, "minutes.step_not_allowed"),
    (9, WAY[5] | {"revision": 3, "letter_no": "۱۲/۹۹"}, "minutes.step_not_allowed"),
]


@pytest.mark.parametrize(("steps", "request_", "code"), REFUSED)
def test_what_does_not_fit_is_refused_with_article_and_way_out(
    lending: Desk, steps: int, request_: dict[str, Any], code: str
) -> None:
    walk(lending, steps)
    told = lending.send(json.dumps(request_).encode())
    assert code in codes(told)
    assert all(
        reason["rule"]
        for reason in told["refusals"]
        if reason["code"] == code and not code.startswith(("field", "minutes.letter"))
    )


def test_a_copy_lent_since_is_asked_about_and_set_aside_at_its_return(lending: Desk) -> None:
    """002 م7-4: sync or an older program may have lent it."""
    walk(lending, 5)
    with lending.library.store.write() as tx:
        tx.run("UPDATE item SET on_minutes_id = NULL, ver = ver + 1 WHERE barcode = 'B3'")
    assert lending.ask("checkout", member="1001", item="B3")["ok"]
    with lending.library.store.write() as tx:
        tx.run(
            "UPDATE item SET ver = ver + 1, on_minutes_id = (SELECT id FROM minutes WHERE revision = 2) "
            "WHERE barcode = 'B3'"
        )
    assert codes(lending.send(json.dumps(WAY[5]).encode())) == ["ruling.lent_since"]
    for request in WAY[5:7]:
        told = lending.send(json.dumps(request | {"confirm": ["ruling.lent_since"]}).encode())
        assert (told["outcome"], told["lent"]) == ("ruled", [3])
    closed = lending.ask("weeding.close", number="1405/1")
    assert (closed["executed"], closed["waiting"]) == (0, 1)
    back = lending.ask("checkin", item="B3")
    assert "weed_on_return" in [note["code"] for note in back["messages"]]
    done = lending.ask("weeding.execute")
    assert (done["accession_numbers"], done["waiting"]) == ([3], 0)
    assert lending.ask("item.show", item="B3")["status"] == "weeded_worn"
    assert lending.ask("check")["broken"] == []


def test_an_answer_in_a_signed_file(lending: Desk, tmp_path: Path) -> None:
    walk(lending, 3)
    key = Ed25519PrivateKey.generate()
    answer = Rulings(
        "1405/1", RulingLevel.COUNTY, Letter("۷/۷", NOW.date()), Verdict.APPROVE, (CopyRuling("B2", Verdict.REJECT),), 1
    )
    file = tmp_path / "ruling.json"
    file.write_bytes(seal(lending.library.branch.id, answer, key))
    told = lending.ask("weeding.rule_file", file=str(file))
    assert told["error"]["code"] == "P-2303"
    assert says_so_in_persian(told)
    signer = key.public_key().public_bytes_raw().hex()
    assert lending.ask("ruling.trust", signer=signer, name="ادارهٔ اراک", levels=["county"])["outcome"] == "trusted"
    told = lending.ask("weeding.rule_file", file=str(file))
    assert (told["outcome"], told["approved"], told["rejected"]) == ("ruled", 2, 1)
    assert lending.ask("weeding.rule_file", file=str(file))["outcome"] == "already_done"
    assert lending.ask("weeding.rule_file", file=str(tmp_path / "no.json"))["error"]["code"] == "P-2101"
    assert lending.ask("ruling.trust", signer=signer)["outcome"] == "removed"


def test_the_scanned_letter_is_filed_with_the_answer(lending: Desk, tmp_path: Path) -> None:
    walk(lending, 3)
    scan = tmp_path / "letter.pdf"
    scan.write_bytes(b"%PDF-1.7 a letter")
    request = {"number": "1405/1", "level": "county", "verdict": "approve", **LETTER}
    assert lending.ask("weeding.rule", **request, file=str(scan))["outcome"] == "ruled"
    assert lending.ask("weeding.show", number="1405/1")["attachments"] == 1


def test_minutes_taken_back(lending: Desk) -> None:
    walk(lending, 3)
    told = lending.ask("weeding.withdraw", number="1405/1", reason="قفسه جابه‌جا شد")
    assert (told["outcome"], told["state"]) == ("withdrawn", "superseded")
    assert lending.ask("item.show", item="B1")["on_minutes"] is False
    assert [one["withdrawn"] for one in lending.ask("weeding.track")["minutes"]] == [True]


def test_statuses_of_old_data_are_looked_at_and_put_right(lending: Desk, tmp_path: Path) -> None:
    """002 م8-3 … م8-6."""
    file = tmp_path / "missing.txt"
    file.write_text("B1\n۲\nB77\n", encoding="utf-8")
    seen = lending.ask("status.correct", correction="missing", file=str(file), preview=True)
    assert (seen["outcome"], [copy["becomes"] for copy in seen["copies"]], seen["unknown"]) == (
        "preview", ["missing", "missing"], ["B77"],
    )  # fmt: skip
    assert lending.ask("item.show", item="B1")["status"] == "available"
    assert codes(lending.ask("status.correct", correction="missing", file=str(file))) == ["reason.required"]
    done = lending.ask("status.correct", correction="missing", file=str(file), reason="سال‌ها پیش", key="m")
    assert (done["outcome"], done["changed"]) == ("corrected", 2)
    assert lending.ask("item.show", item="B2")["status"] == "missing"
    half = lending.ask("status.correct", correction="missing", first=1, preview=True)
    assert half["error"]["field"] == "last"


@pytest.mark.parametrize(("code", "weeded"), [(3, ["B1"]), (33, ["B2"])])
def test_the_worksheet_of_namayeh_says_what_was_weeded(
    lending: Desk, tmp_path: Path, code: int, weeded: list[str]
) -> None:
    """002 م8-5."""
    file = tmp_path / "page7.csv"
    file.write_text("1,3\n2,33\n3,1\n", encoding="utf-8")
    told = lending.ask(
        "status.correct", correction="weeded", file=str(file), code=code, weeded_as="worn", reason="از نمایه"
    )
    assert [copy["barcode"] for copy in told["copies"]] == weeded
    assert lending.ask("item.show", item=weeded[0])["status"] == "weeded_worn"
    assert lending.ask("check")["broken"] == []


# Killed at random, and on PostgreSQL

MANY = [f"C{number}" for number in range(30)]
FIXED_SEED = 14050830
KILLS = 8


def long_way(minutes: int) -> list[dict[str, Any]]:
    """The way of several minutes, each step with its key, so that it can be asked for again."""
    share = len(MANY) // minutes
    requests: list[dict[str, Any]] = []
    for number in range(1, minutes + 1):
        items = MANY[(number - 1) * share : number * share]
        named = {"number": f"1405/{number}"}
        steps: list[dict[str, Any]] = [
            {"op": "weeding.propose", "reason": "worn", "items": items, "unbindable": True},
            {"op": "weeding.minutes", "reason": "worn"},
            {"op": "weeding.send", **named, **LETTER},
            {"op": "weeding.correct", **named, "level": "county", "remark": "ردیف ۱"},
            {"op": "weeding.reissue", **named, "strike": [{"item": items[0], "why": "خواسته شد"}]},
            {"op": "weeding.rule", **named, "level": "county", "verdict": "approve", **LETTER},
            {"op": "weeding.rule", **named, "level": "province", "verdict": "approve", **LETTER,
             "copies": [{"item": items[1], "verdict": "reject"}]},
            {"op": "weeding.close", **named},
        ]  # fmt: skip
        requests += [step | {"key": f"{number}-{place}"} for place, step in enumerate(steps)]
    return requests


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="signals of Linux")
def test_a_kill_between_number_paper_and_journal_leaves_minutes_whole_or_absent(desk: Desk, data: Path) -> None:
    for copy in MANY:
        assert desk.ask("item.add", title={"title": f"کتاب {copy}"}, barcode=copy)["ok"]
    desk.library.store.close()
    fresh_seed = secrets.randbits(32)
    print("fresh seed:", fresh_seed)
    requests = long_way(3)
    position = 0
    for number in range(KILLS):
        chance = random.Random(FIXED_SEED + number if number % 2 else fresh_seed + number)
        with RunningDesk(data=data) as running:
            assert running.ask("check")["broken"] == [], (number, fresh_seed)
            running.send_all(json_lines(requests[position:]))
            time.sleep(chance.uniform(0, 0.08))
            answers = running.kill()
        assert all(answer["ok"] for answer in answers), (answers, fresh_seed)
        position += len(answers)
    with RunningDesk(data=data) as running:
        for request in requests[position:]:
            assert running.send(json.dumps(request).encode())["ok"], (request, fresh_seed)
        assert running.ask("check")["broken"] == [], fresh_seed
        found = running.ask("weeding.track")["minutes"]
        assert [(one["number"], one["revision"], one["state"]) for one in found] == [
            ("1405/3", 3, "closed"), ("1405/2", 3, "closed"), ("1405/1", 3, "closed"),
        ]  # fmt: skip
        statuses = [running.ask("item.show", item=copy)["status"] for copy in MANY]
    assert statuses.count("weeded_worn") == len(MANY) - 2 * 3
    assert statuses.count("available") == 2 * 3


def test_the_whole_way_on_postgresql(tmp_path: Path) -> None:
    setup = tmp_path / "setup.toml"
    setup.write_text(SET_UP_FILE, encoding="utf-8")
    stock = [{"op": "item.add", "title": {"title": f"کتاب {copy}"}, "barcode": copy} for copy in ("B1", "B2", "B3")]
    last = [
        {"op": "weeding.track"},
        {"op": "weeding.show", "number": "1405/1"},
        {"op": "weeding.execute"},
        {"op": "check"},
    ]
    with cluster().database() as url:
        code, answers, told = run(
            "--database", url, "--setup", str(setup), "--test-clock", CLOCK, lines=json_lines([*stock, *WAY, *last])
        )
    assert (code, [answer for answer in answers if not answer["ok"]]) == (0, []), told
    *_, closed, listed, tracked, shown, executed, checked = answers
    assert (closed["executed"], closed["released"], listed["state"]) == (1, 1, "closed")
    assert [one["state"] for one in tracked["minutes"]] == ["closed"]
    assert [row["verdict"] for row in shown["rows"]] == [None, "reject", "approve"]
    assert (executed["accession_numbers"], checked["broken"]) == ([], [])
