import logging
import sqlite3
from typing import Any

import pytest

from app.actions import DEFAULTS, Action
from db.codes import Role
from db.trouble import StaleRowError, Trouble
from server.desk import answering
from server.desk.answering import TRIES, contained
from server.desk.answers import Facts, done
from server.desk.operations import NOT_YET, OPERATIONS
from tests.server.desk.desks import Desk, says_so_in_persian

# A sound request of every operation, so that permission is asked before anything else can be wrong.
SOUND: dict[str, dict[str, Any]] = {
    "checkout": {"member": "1001", "item": "B1"},
    "checkin": {"item": "B1"},
    "renew": {"item": "B1"},
    "undo": {},
    "member.add": {"given_name": "ا", "family_name": "ب", "category": "ordinary"},
    "member.show": {"member": "1001"},
    "member.find": {"q": "رضایی"},
    "item.add": {"title": {"title": "ب"}},
    "item.show": {"item": "B1"},
    "title.add": {"title": "ب"},
    "title.find": {"q": "بوف"},
    "search": {"q": "بوف"},
    "policy.set": {"rows": [{"loan_days": 3}]},
    "policy.explain": {"member": "1001", "item": "B1"},
    "weeding.propose": {"reason": "worn", "items": ["B1"]},
    "weeding.minutes": {"reason": "worn"},
    "form": {"kind": "weeding_worn", "number": "1405/1"},
    "import": {"file": "nowhere.csv"},
    "check": {},
    "ping": {},
    "clock.set": {"now": "2026-11-21"},
    "clock.advance": {"days": 1},
}


def test_every_operation_has_a_sound_request_here() -> None:
    assert SOUND.keys() == OPERATIONS.keys()
    assert not NOT_YET & OPERATIONS.keys()


@pytest.mark.parametrize("role", [Role.HEAD, Role.LIBRARIAN, Role.ASSISTANT, Role.CATALOGUER, Role.AUDITOR])
def test_each_role_does_what_it_may_and_nothing_else(lending: Desk, role: Role) -> None:
    desk = lending.as_role(role)
    for op, request in SOUND.items():
        codes = {reason["code"] for reason in desk.ask(op, **request).get("refusals", ())}
        needs = OPERATIONS[op].needs
        assert ("role.not_allowed" in codes) == (needs is not None and needs not in DEFAULTS[role]), op


def test_an_assistant_adds_no_titles(lending: Desk) -> None:
    assistant = lending.as_role(Role.ASSISTANT)
    before = lending.entries()
    told = assistant.ask("title.add", title="بوف کور", id=2)
    assert (told["id"], [reason["code"] for reason in told["refusals"]]) == (2, ["role.not_allowed"])
    assert says_so_in_persian(told)
    assert lending.entries() == before


def test_every_change_needs_a_permission() -> None:
    free = {op for op, operation in OPERATIONS.items() if operation.needs is None}
    assert free == {
        "item.show",
        "title.find",
        "search",
        "policy.explain",
        "check",
        "ping",
        "clock.set",
        "clock.advance",
    }
    assert {operation.needs for operation in OPERATIONS.values()} >= {Action.LEND, Action.CATALOGUE, Action.WEED}


@pytest.mark.parametrize(("op", "words"), [("hold.place", "در این نسخهٔ پیشخان نیست"), ("hold.plaec", "شناخته نیست")])
def test_a_later_operation_is_told_from_an_unknown_one(desk: Desk, op: str, words: str) -> None:
    told = desk.ask(op, member="1", id="x")
    assert (told["id"], told["error"]["code"], told["error"]["field"]) == ("x", "request.invalid", "op")
    assert op in told["error"]["message"]
    assert words in told["error"]["message"]
    assert says_so_in_persian(told)


@pytest.mark.parametrize("request_id", [7, -1, "a-7", "شناسه", 0, ""])
def test_the_id_comes_back(desk: Desk, request_id: object) -> None:
    assert desk.ask("ping", id=request_id)["id"] == request_id
    assert desk.ask("checkout", id=request_id)["id"] == request_id


def test_no_id_comes_back_where_none_was_given(desk: Desk) -> None:
    assert "id" not in desk.ask("ping")


def test_a_byte_order_mark_does_no_harm(desk: Desk) -> None:
    assert desk.send(b'\xef\xbb\xbf{"op":"ping"}\r')["outcome"] == "pong"


def test_a_bug_is_answered_and_logged_and_the_desk_goes_on(lending: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with lending.library.store.write() as tx:
        tx.run('UPDATE policy_row SET parameters = \'{"loan_days": "broken"}\', ver = ver + 1')
    lending.library.forget_rules()
    with caplog.at_level(logging.ERROR):
        told = lending.ask("checkout", member="1001", item="B1", id=4)
    assert (told["id"], told["error"]["code"]) == (4, "P-1701")
    assert says_so_in_persian(told)
    assert "Traceback" in caplog.text
    assert "bug in checkout" in caplog.text
    assert lending.ask("item.show", item="B1")["status"] == "available"


def test_trouble_is_answered_with_its_three_parts() -> None:
    def full() -> Facts:
        raise Trouble("P-1101")

    told = contained("x", full)
    assert told["error"]["code"] == "P-1101"
    assert "فضای دیسک تمام شد." in told["error"]["message"]


def test_a_race_lost_to_another_desk_is_run_again() -> None:
    runs = []

    def second_time_lucky() -> Facts:
        runs.append(1)
        if len(runs) < TRIES:
            raise StaleRowError("item")
        return done("checked_out")

    assert contained("x", second_time_lucky)["outcome"] == "checked_out"
    assert len(runs) == TRIES


def test_a_race_lost_again_and_again_is_told() -> None:
    def never() -> Facts:
        raise StaleRowError("item")

    assert contained("x", never)["error"]["code"] == "P-1702"


def test_no_error_of_a_driver_reaches_people() -> None:
    def broken() -> Facts:
        raise sqlite3.OperationalError("no such table: loan")

    assert says_so_in_persian(contained("x", broken))


def test_a_line_that_was_too_long_has_its_answer() -> None:
    assert says_so_in_persian(answering.TOO_LONG)
