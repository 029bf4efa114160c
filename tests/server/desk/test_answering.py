import json
import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from app.actions import DEFAULTS, Action
from app.staff.people import DESK_ROLES
from db.codes import Role
from db.trouble import StaleRowError, Trouble
from server.desk import answering
from server.desk.answering import TRIES, contained
from server.desk.answers import Facts, done
from server.desk.operations import OPERATIONS
from tests.server.desk.desks import Desk, says_so_in_persian

SOMETHING = "01a200ac-4dfd-7410-91ac-837835389f46"
NO_SUCH_FILE = frozenset({"P-1231", "P-2101", "P-2416", "P-2427"})  # nor a centre
COLLEAGUE = "همکار"  # at the desk as `Desk.as_role` puts them there
# A sound request of every operation, so that permission is asked before anything else can be wrong.
NOBODY = "01a1f000-0000-7000-8000-000000000000"
SOUND: dict[str, dict[str, Any]] = {
    "checkout": {"member": "1001", "item": "B1"},
    "checkin": {"item": "B1"},
    "renew": {"item": "B1"},
    "undo": {},
    "hold.place": {"member": "1001", "item": "B2"},
    "hold.cancel": {"hold": SOMETHING},
    "hold.suspend": {"hold": SOMETHING},
    "hold.resume": {"hold": SOMETHING},
    "hold.move": {"hold": SOMETHING, "position": 1},
    "hold.list": {},
    "hold.shelf": {},
    "hold.pull": {"pdf": "pull.pdf"},
    "hold.slip": {"item": "B2", "pdf": "slip.pdf"},
    "hold.set_aside": {"item": "B2"},
    "member.add": {"given_name": "ا", "family_name": "ب", "category": "ordinary"},
    "member.edit": {"member": "1001", "note": "ب"},
    "member.renew": {"member": "1001"},
    "member.merge": {"keep": "1001", "drop": "1001"},
    "member.photo": {"member": "1001"},
    "member.cards": {"members": ["1001"], "pdf": "cards.pdf"},
    "member.show": {"member": "1001"},
    "member.find": {"q": "رضایی"},
    "member.card.bind": {"member": "1001", "card": "1002"},
    "member.card.lost": {"card": "1001"},
    "member.card.found": {"card": "1001"},
    "item.add": {"title": {"title": "ب"}},
    "item.show": {"item": "B1"},
    "item.edit": {"item": "B1", "note": "ب"},
    "item.send": {"item": "B3", "to": "میبد"},
    "title.to_catalogue": {},
    "wish.list": {},
    "wish.add": {"title": "ب"},
    "wish.answer": {"wish": SOMETHING, "state": "planned"},
    "alert.add": {"item": "B1", "text": "ب"},
    "alert.remove": {"alert": SOMETHING},
    "alert.list": {"item": "B1"},
    "member.household": {"member": "1001"},
    "title.add": {"title": "ب"},
    "title.find": {"q": "بوف"},
    "search": {"q": "بوف"},
    "policy.set": {"rows": [{"loan_days": 3}]},
    "policy.import": {"file": "nowhere.toml"},
    "policy.restore": {"version": 1},
    "policy.try": {"category": "ordinary", "item_type": "book"},
    "policy.list": {},
    "policy.show": {"version": 1},
    "policy.diff": {"from": 1, "to": 1},
    "policy.export": {"file": "policy.toml"},
    "policy.explain": {"member": "1001", "item": "B1"},
    "weeding.candidates": {"reason": "worn", "limit": 10, "offset": 0},
    "weeding.note": {"item": "B1", "reason": "worn", "decision": "later", "until": "1406/01/15", "remark": "بماند"},
    "weeding.decided": {"reason": "worn"},
    "weeding.call_back": {"item": "B1", "reason": "worn"},
    "weeding.bind": {"item": "B1", "reason": "worn", "work": "شیرازه"},
    "guideline.set": {"thresholds": {"idle_years": 6}, "source": "بخشنامه"},
    "guideline.show": {"version": 1},
    "guideline.list": {},
    "weeding.propose": {"reason": "worn", "items": ["B1"]},
    "weeding.minutes": {"reason": "worn"},
    "weeding.send": {"number": "1405/1", "letter_no": "۱", "letter_on": "1405/08/30"},
    "weeding.correct": {"number": "1405/1", "level": "county", "remark": "سال نشر", "items": ["B1"]},
    "weeding.reissue": {"number": "1405/1", "strike": [{"item": "B1", "why": "خواسته شد"}]},
    "weeding.rule": {"number": "1405/1", "level": "county", "letter_no": "۱", "verdict": "approve"},
    "weeding.rule_file": {"file": "nowhere.json"},
    "weeding.close": {"number": "1405/1"},
    "weeding.withdraw": {"number": "1405/1", "reason": "نه"},
    "weeding.execute": {},
    "weeding.track": {},
    "weeding.show": {"number": "1405/1", "revision": 1},
    "ruling.trust": {"signer": "00", "name": "اداره", "levels": ["county"]},
    "minutes.find": {},
    "minutes.papers": {"number": "1405/1"},
    "minutes.attach": {"number": "1405/1", "file": "nowhere.pdf"},
    "minutes.attachment": {"number": "1405/1", "place": 1, "file": "copy.pdf"},
    "minutes.binder": {"since": "1405/01/01", "until": "1405/12/29"},
    "minutes.refused_letter": {"number": "1405/1", "pdf": "letter.pdf"},
    "status.correct": {"correction": "missing", "items": ["B1"], "preview": True},
    "form": {"kind": "weeding_worn", "number": "1405/1"},
    "import": {"file": "nowhere.csv"},
    "scans.read": {"text": "", "mode": "use"},
    "pay": {"member": "1001", "amount": 1_000},
    "waive": {"member": "1001", "reason": "ب"},
    "refund": {"member": "1001", "amount": 1_000, "reason": "ب"},
    "charge": {"member": "1001", "kind": "card_fee", "amount": 1_000, "reason": "ب"},
    "ledger.show": {"member": "1001"},
    "ledger.void": {"line": SOMETHING, "reason": "ب"},
    "payment.void": {"receipt": 1, "reason": "ب"},
    "receipt.show": {"receipt": 1},
    "waiver.limit": {"amount": 500_000},
    "cash.open": {"amount": 0},
    "cash.close": {"counted": 0},
    "cash.show": {},
    "cash.report": {"pdf": "cash.pdf"},
    "amnesty.declare": {"name": "هفتهٔ کتاب", "since": "2026-11-21", "until": "2026-11-28"},
    "amnesty.end": {"amnesty": SOMETHING},
    "amnesty.list": {},
    "amnesty.report": {"amnesty": SOMETHING},
    "staff.add": {"name": "نو"},
    "staff.edit": {"name": COLLEAGUE, "card": "S-1"},
    "staff.pin": {"name": COLLEAGUE, "pin": "2718"},
    "staff.unblock": {"name": COLLEAGUE},
    "staff.list": {},
    "training.record": {"everybody": True, "subject": "صحافی پایه"},
    "training.correct": {"training": SOMETHING, "subject": "صحافی پایه"},
    "training.withdraw": {"training": SOMETHING},
    "training.list": {},
    "permission.set": {"role": "auditor", "action": "cash", "allowed": False},
    "sign_in": {"name": COLLEAGUE, "pin": "2718"},
    "route.add": {"name": "راه", "first_visit": "2026-11-22", "stops": [{"name": "ده"}]},
    "route.edit": {"route": SOMETHING},
    "route.show": {},
    "route.pack": {"route": SOMETHING, "day": "2026-11-22"},
    "stop.add": {"route": SOMETHING, "name": "ده"},
    "stop.edit": {"stop": SOMETHING},
    "stop.assign": {"member": "1001"},
    "stop.loans": {"stop": SOMETHING},
    "visit.list": {},
    "visit.move": {"stop": SOMETHING, "day": "2026-11-22", "to": "2026-11-23"},
    "visit.cancel": {"stop": SOMETHING, "day": "2026-11-22"},
    "visit.done": {"stop": SOMETHING, "day": "2026-11-22"},
    "visit.count": {"hall": "مخزن"},
    "visit.counts": {},
    "dispatch.request": {"member": "1001", "item": "B2", "address": "ده"},
    "dispatch.send": {"dispatch": SOMETHING, "item": "B2"},
    "dispatch.arrived": {"dispatch": SOMETHING},
    "dispatch.return_sent": {"item": "B1"},
    "dispatch.return_arrived": {"item": "B1"},
    "dispatch.cancel": {"dispatch": SOMETHING},
    "dispatch.list": {},
    "dispatch.label": {"dispatches": [SOMETHING], "pdf": "labels.pdf"},
    "notice.make": {},
    "notice.list": {},
    "notice.print": {"pdf": "reminders.pdf"},
    "notice.export": {"file": "reminders.csv"},
    "notice.sent": {"notices": [SOMETHING]},
    "notice.settings": {},
    "call.list": {},
    "call.show": {"member": "1001"},
    "call.record": {"member": "1001", "result": "no_answer"},
    "contact.list": {},
    "contact.set": {"member": "1001", "kind": "mobile", "value": "09123456789"},
    "slip.due": {"member": "1001", "pdf": "due.pdf"},
    "slip.return": {"items": ["B1"], "pdf": "return.pdf"},
    "slip.width": {},
    "card.dates": {"pdf": "dates.pdf"},
    "handover": {},
    "duties": {},
    "office.set": {"position": "branch_head", "name": "الف"},
    "office.end": {"office": SOMETHING},
    "office.list": {},
    "branch.set": {},
    "branch.show": {},
    "item.claimed_returned": {"item": "B1"},
    "claim.close": {"item": "B1", "result": "kept", "reason": "ب"},
    "claims.list": {},
    "item.lost": {"item": "B2", "charge": 0, "reason": "ب"},
    "item.found": {"item": "B2"},
    "item.replaced": {"item": "B2"},
    "item.damaged": {"item": "B1", "note": "پاره"},
    "item.repaired": {"item": "B1"},
    "loss.list": {},
    "restrict": {"member": "1001", "reason": "ب", "until": "2026-12-01"},
    "unrestrict": {"member": "1001", "reason": "ب"},
    "restriction.list": {},
    "incident.add": {"member": "1001", "account": "ب"},
    "incident.refer": {"incident": SOMETHING, "letter_no": "۱"},
    "incident.close": {"incident": SOMETHING},
    "incident.list": {},
    "calendar.close": {"dates": ["2026-12-01"], "name": "تعمیر"},
    "calendar.open": {"dates": ["2026-11-27"], "name": "نمایشگاه"},
    "calendar.remove": {"date": "2026-11-27", "kind": "opened"},
    "calendar.hours": {"friday": [["08:00", "12:00"]]},
    "calendar.holiday": {"date": "2026-12-08", "name": "عزای عمومی"},
    "calendar.year": {"year": 1406},
    "calendar.show": {},
    "nightly.run": {},
    "clearance.check": {"member": "1001"},
    "clearance": {"member": "1001"},
    "clearance.verify": {"code": "0000"},
    "clearance.batch": {"file": "nowhere.csv"},
    "binding.request": {"items": ["B1"]},
    "binding.strike": {"item": "B1"},
    "binding.finalise": {},
    "binding.letter": {"request": "1405/9"},
    "binding.cover_letter": {"request": "1405/9", "pdf": "letter.pdf"},
    "binding.dispatch": {"request": "1405/9"},
    "binding.receive": {"item": "B1"},
    "binding.bill": {"request": "1405/1", "cost": 5},
    "mending.withdraw": {"mending": SOMETHING},
    "binding.cancel": {"request": "1405/9"},
    "binding.list": {},
    "binding.waiting": {},
    "binding.show": {},
    "binding.costs": {},
    "mending.add": {"item": "B1", "work": "چسب"},
    "mending.list": {},
    "mending.history": {"item": "B1"},
    "stocktake.start": {"name": "همه"},
    "stocktake.scan": {"session": SOMETHING, "barcode": "B1"},
    "stocktake.note": {"session": SOMETHING, "condition": "worn"},
    "stocktake.report": {"session": SOMETHING},
    "stocktake.close": {"session": SOMETHING},
    "stocktake.abandon": {"session": SOMETHING},
    "stocktake.list": {},
    "check": {},
    "ping": {},
    "clock.set": {"now": "2026-11-21"},
    "clock.advance": {"days": 1},
    "report.quarter": {"year": 1405, "quarter": 2},
    "report.send": {"letter_no": "۱"},
    "report.answer": {"answer": "بررسی شد"},
    "report.list": {},
    "report.balance": {},
    "report.health": {},
    "exchange.ready": {},
    "exchange.pack": {"reason": "worn"},
    "exchange.unpack": {"package": NOBODY},
    "exchange.hand": {"package": NOBODY, "receipt_no": "۱"},
    "exchange.receive": {"package": NOBODY, "level": "county", "receipt_no": "۱"},
    "exchange.announce": {"package": NOBODY},
    "exchange.request": {"package": NOBODY, "library": NOBODY},
    "exchange.request.end": {"request": NOBODY},
    "exchange.allocate": {"package": NOBODY},
    "exchange.deliver": {"delivery": NOBODY},
    "exchange.send_on": {"package": NOBODY},
    "exchange.redirect": {"package": NOBODY, "items": ["B1"]},
    "exchange.recycle": {"package": NOBODY, "centre": "بازیافت", "weight": 7.5},
    "exchange.proceeds": {"package": NOBODY, "amount": 1000},
    "exchange.show": {"package": NOBODY},
    "exchange.list": {},
    "exchange.find": {"item": "B1"},
    "exchange.report": {"package": NOBODY},
    "exchange.offer": {"package": NOBODY},
    "exchange.form": {"delivery": NOBODY},
    "library.add": {"name": "کتابخانهٔ همسایه", "licence_no": "۱"},
    "library.list": {},
    "library.import": {"file": "nowhere.csv"},
    "sync": {"server": "https://127.0.0.1:9"},
    "sync.show": {},
    "sync.confirm": {"feeds": ["branch"]},
    "enrol": {"url": "https://127.0.0.1:9", "code": "7K4M-Q2XW-9T3P"},
    "package.export": {"folder": "."},
    "package.import": {"file": "nowhere.psr"},
    "visitor.add": {"card": "900001", "given_name": "سارا", "family_name": "امینی"},
    "member.web_code": {"member": "1001"},
    "return.seen": {"item": "X-000001"},
    "return.sent": {"seen": NOBODY},
    "return.list": {},
    "return.away": {},
    "case.list": {},
    "case.decide": {"case": NOBODY, "choice": "seen"},
    "union.find": {"q": "بوف کور"},
    "union.show": {"title_id": NOBODY},
    "title.take": {"record": NOBODY, "ticks": ["creators"]},
    "title.correct": {"title_id": NOBODY, "fields": ["publisher"]},
    "title.request": {"description": "بوف کور، چاپ سنگی بمبئی"},
    "title.split": {"title_id": NOBODY, "reason": "جلد دیگری است."},
    "title.request.withdraw": {"request": NOBODY},
    "title.request.list": {},
}


def test_every_operation_has_a_sound_request_here() -> None:
    assert SOUND.keys() == OPERATIONS.keys()


@pytest.mark.parametrize("op", SOUND)
def test_a_sound_request_is_read_without_fault(op: str) -> None:
    assert callable(OPERATIONS[op].prepare(json.dumps({"op": op, **SOUND[op]}).encode()))


@pytest.mark.parametrize("role", [*DESK_ROLES, Role.AUDITOR])
def test_each_role_does_what_it_may_and_nothing_else(
    lending: Desk, role: Role, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    desk = lending.as_role(role, COLLEAGUE)
    for op, request in SOUND.items():
        told = desk.ask(op, **request)
        codes = {reason["code"] for reason in told.get("refusals", ())}
        needs = OPERATIONS[op].needs
        assert ("role.not_allowed" in codes) == (needs != () and not {*needs} & DEFAULTS[role]), op
        assert "error" not in told or told["error"]["code"] in NO_SUCH_FILE, op


def test_an_assistant_adds_no_titles(lending: Desk) -> None:
    assistant = lending.as_role(Role.ASSISTANT)
    before = lending.entries()
    told = assistant.ask("title.add", title="بوف کور", id=2)
    assert (told["id"], [reason["code"] for reason in told["refusals"]]) == (2, ["role.not_allowed"])
    assert says_so_in_persian(told)
    assert lending.entries() == before


def test_every_change_needs_a_permission() -> None:
    """What needs none reads the catalogue, the rules, the calendar and the way of the van, counts heads, tells whether
    a certificate is genuine, changes one's own PIN, keeps the house, or talks to the centre: to people who are locked
    out that is the way back in."""
    free = {op for op, operation in OPERATIONS.items() if not operation.needs}
    assert free == {
        "item.show",
        "title.find",
        "search",
        "policy.explain",
        "policy.try",
        "policy.list",
        "policy.show",
        "policy.diff",
        "policy.export",
        "guideline.show",
        "guideline.list",
        "calendar.show",
        "route.show",
        "visit.list",
        "visit.counts",
        "amnesty.list",
        "duties",
        "exchange.ready",
        "exchange.show",
        "exchange.list",
        "exchange.find",
        "library.list",
        "report.list",
        "office.list",
        "branch.show",
        "binding.list",
        "binding.waiting",
        "binding.show",
        "mending.list",
        "mending.history",
        "clearance.verify",
        "staff.pin",
        "sign_in",
        "nightly.run",
        "check",
        "ping",
        "clock.set",
        "clock.advance",
        "sync",
        "sync.show",
        "package.export",
        "package.import",
        "case.list",
    }
    within = {Action.OVERRIDE, Action.BACKDATE, Action.SET_DUE, Action.FAST_ADD}
    asked = {action for operation in OPERATIONS.values() for action in operation.needs}
    assert asked | within == {*Action}


def test_a_trainee_lends_and_sets_aside_and_no_more() -> None:
    """Nothing that moves money, changes a member or a rule, or tells of the staff."""
    may = {op for op, operation in OPERATIONS.items() if {*operation.needs} & DEFAULTS[Role.TRAINEE]}
    of_others = (
        "pay", "waive", "refund", "charge", "cash.", "ledger.void", "receipt.", "waiver.", "staff.", "permission.",
        "restrict", "incident.add", "policy.", "calendar.", "route.", "stop.", "clearance", "import", "member.add",
        "member.edit", "member.renew", "member.merge", "member.photo", "member.cards", "item.add", "item.edit",
        "item.lost", "notice.", "call.", "contact.", "amnesty.declare", "amnesty.end", "weeding.",
    )  # fmt: skip
    assert {op for op in may if op.startswith(of_others)} == {"restriction.list"}
    assert {"checkout", "checkin", "renew", "undo", "hold.place", "member.card.lost"} <= may


def test_an_unknown_operation_is_told(desk: Desk) -> None:
    op, words = "binding.reqeust", "شناخته نیست"
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
