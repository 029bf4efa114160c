"""Every refusal of weeding, shelf-reading, binding, exchange and reports is reached through the desk.

The library of each dialogue has a reader (card 1001) and three copies of three titles (B1, B2, B3). What an earlier
answer told under a name stands in braces, such as `{package}`; `{w1}` and `{w2}` are weeded copies of a scene.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from app.wording import REFUSALS
from db.codes import ItemStatus, Verdict, WeedingReason
from db.models.collection import DisposalRow
from db.models.items import Item
from tests.app.exchange.weeded import CONTENT, DUPLICATE, NO_AUDIENCE, WORN, weeded
from tests.library import change, rows
from tests.server.desk.desks import Desk, says_so_in_persian
from tests.server.desk.test_rulings import WAY

Known: TypeAlias = dict[str, str]
Line: TypeAlias = tuple[str, dict[str, Any]] | Callable[[Desk, Known], None]

LETTER = {"letter_no": "۱۲/۵"}
OTHER = ("member.add", {"given_name": "مینا", "family_name": "صبا", "category": "ordinary", "card": "2002"})
LEND = ("checkout", {"member": "1001", "item": "B1"})
TWIN = ("item.add", {"title_id": "{title_id}", "barcode": "B9"})


def days(number: int) -> Line:
    return "clock.advance", {"days": number}


def edit(**values: Any) -> Line:
    return "item.edit", {"item": "B1", "reason": "آزمون", **values}


# Scenes


def there(number: int = 2, reason: WeedingReason = CONTENT, verdict: Verdict = Verdict.APPROVE) -> Line:
    """So many weeded copies."""

    def put(desk: Desk, known: Known) -> None:
        copies = weeded(desk.library, number, reason, verdict=verdict)
        known.update({f"w{place}": copy.barcode for place, copy in enumerate(copies, 1)})

    return put


def status(code: ItemStatus, barcode: str = "B1") -> Line:
    """What no use case makes of a copy in one step; in braces a copy of a scene."""

    def put(desk: Desk, known: Known) -> None:
        (item,) = rows(desk.library, Item, barcode=filled(barcode, known))
        change(desk.library, Item, item.id, status=code)

    return put


def on_the_way(steps: int) -> list[Line]:
    """Minutes 1405/1 of the worn copies B1, B2, B3 after so many steps of their way."""
    return [
        (request["op"], {name: value for name, value in request.items() if name != "op"}) for request in WAY[:steps]
    ]


def twins_on(reason: str, *steps: Line) -> list[Line]:
    """One of two copies on the finalised minutes 1405/1 of a reason, at the county."""
    return [
        TWIN, ("weeding.propose", {"reason": reason, "items": ["B9"]}), ("weeding.minutes", {"reason": reason}),
        ("weeding.send", {"number": "1405/1", **LETTER}), *steps,
    ]  # fmt: skip


def rule(level: str = "county", **fields: Any) -> Line:
    return "weeding.rule", {"number": "1405/1", "level": level, "verdict": "approve", **LETTER, **fields}


def propose(reason: str, *items: str, **fields: Any) -> Line:
    return "weeding.propose", {"reason": reason, "items": list(items) or ["B1"], **fields}


def note(**fields: Any) -> Line:
    return "weeding.note", {"item": "B1", "reason": "worn", **fields}


def pack(reason: str = "content", **fields: Any) -> Line:
    return "exchange.pack", {"reason": reason, **fields}


def a_library(name: str = "کتابخانه نور", **fields: Any) -> Line:
    return "library.add", {"name": name, "licence_no": "۱۲", "founded_on": "1380/01/01", **fields}


def correct(correction: str, *items: str, **fields: Any) -> Line:
    return "status.correct", {"correction": correction, "items": list(items) or ["B1"], "reason": "آزمون", **fields}


def report(op: str, **fields: Any) -> Line:
    return f"report.{op}", {"year": 1405, "quarter": 2, **fields}


PACKED: list[Line] = [there(), pack()]
HANDED: list[Line] = [*PACKED, ("exchange.hand", {"package": "{package}"})]
OFFERED: list[Line] = [*HANDED, ("exchange.announce", {"package": "{package}"})]
ASKED: list[Line] = [
    *OFFERED, a_library(), ("exchange.request", {"package": "{package}", "library": "{library}"}),
]  # fmt: skip
ASIDE: list[Line] = [*ASKED, ("exchange.allocate", {"package": "{package}", "confirm": True})]
DELIVERED: list[Line] = [*ASIDE, ("exchange.deliver", {"delivery": "{delivery}"})]
SENT_ON: Line = ("exchange.send_on", {"package": "{package}", **LETTER})
IN_PROVINCE: list[Line] = [*OFFERED, SENT_ON, ("exchange.announce", {"package": "{package}"})]
PAPER: Line = ("exchange.recycle", {"package": "{package}", "centre": "بازیافت", "weight": 7})
LISTED: Line = ("binding.request", {"items": ["B1"]})
REQUESTED: list[Line] = [LISTED, ("binding.finalise", {})]
SENT: list[Line] = [*REQUESTED, ("binding.dispatch", {"request": "1405/1"})]
READING: Line = ("stocktake.start", {"name": "همه"})
MADE: Line = report("quarter", make=True)
SENT_REPORT: Line = report("send", **LETTER)

DIALOGUES: dict[str, list[Line]] = {
    # What may stand on minutes (002 م4، م5)
    "weeding.already_weeded": [there(), propose("worn", "{w1}")],
    "weeding.on_loan": [LEND, propose("worn")],
    "weeding.not_here": [status(ItemStatus.MISSING), propose("worn")],
    "weeding.on_other_minutes": [propose("worn", unbindable=True), propose("content")],
    "weeding.in_binding": [LISTED, propose("worn", unbindable=True)],
    "weeding.never": [
        ("item.add", {"title": {"title": "گلستان", "material": "lithograph"}, "barcode": "B9"}), propose("worn", "B9"),
    ],
    "weeding.kept_value": [edit(flags=["local"]), propose("content")],
    "weeding.core": [edit(flags=["core"]), propose("content")],
    "weeding.only_copy": [propose("content")],
    "weeding.permit_needed": [TWIN, edit(flags=["cultural_package"]), propose("content")],
    "weeding.permit_ahead": [
        TWIN, edit(flags=["cultural_package"]), propose("content", permit="۱۲/۳۴", permit_on="1405/09/30"),
    ],
    "weeding.kept_for_reader": [
        TWIN, OTHER, LEND, ("hold.place", {"member": "2002", "item": "B1"}), ("checkin", {"item": "B1"}),
        propose("content"),
    ],
    "weeding.mendable": [TWIN, edit(condition="damaged"), propose("worn", criterion="4-2-ب")],
    "weeding.unbindable_needed": [edit(flags=["local"]), propose("worn")],
    "weeding.not_worn": [TWIN, edit(condition="good"), propose("worn")],
    "weeding.first_two_copies": [TWIN, propose("duplicate", "B9")],
    "weeding.used_lately": [TWIN, propose("no_audience")],
    "weeding.no_space_shortage": [TWIN, days(1_900), propose("no_audience")],
    "weeding.criterion": [TWIN, propose("worn", criterion="4-2-ه")],
    "weeding.remark_needed": [TWIN, propose("content", criterion="4-2-ه")],
    "weeding.replacement_unknown": [TWIN, propose("content", criterion="4-2-د", replaced_by="{title_id}")],
    "weeding.replacement_needed": [TWIN, propose("content", criterion="4-2-د")],
    "weeding.note_past": [note(decision="later", remark="درسی است", until="1405/08/29")],
    "weeding.note_why": [note(decision="keep")],
    "minutes.rows_against": [
        TWIN, propose("content"), edit(flags=["local"]), ("weeding.minutes", {"reason": "content"}),
    ],
    "minutes.empty": [("weeding.minutes", {"reason": "worn"})],
    # The way of minutes (002 م7)
    "minutes.frozen": [*on_the_way(2), propose("worn", unbindable=True)],
    "minutes.step_not_allowed": [*on_the_way(2), ("weeding.close", {"number": "1405/1"})],
    "minutes.letter_day": [*on_the_way(2), ("weeding.send", {"number": "1405/1", "letter_on": "1405/09/30"})],
    "minutes.nothing_left": [
        *on_the_way(4),
        ("weeding.reissue", {"number": "1405/1", "strike": [{"item": f"B{n}", "why": "نه"} for n in (1, 2, 3)]}),
    ],
    "minutes.nothing_refused": [
        *on_the_way(3), ("minutes.refused_letter", {"number": "1405/1", "pdf": "{folder}/letter.pdf"}),
    ],
    "minutes.file_unreadable": [*on_the_way(2), ("minutes.attach", {"number": "1405/1", "file": "{folder}/a.txt"})],
    "minutes.file_too_big": [*on_the_way(2), ("minutes.attach", {"number": "1405/1", "file": "{folder}/big.pdf"})],
    "ruling.not_on_minutes": [*on_the_way(3), rule(copies=[{"item": "B9", "verdict": "reject"}])],
    "ruling.two_verdicts": [
        *on_the_way(3), rule(copies=[{"item": "B1", "verdict": "reject"}, {"item": "1", "verdict": "approve"}]),
    ],
    "ruling.verdict_missing": [*on_the_way(3), rule(verdict=None)],
    "ruling.refused_below": [
        *on_the_way(3), rule(copies=[{"item": "B1", "verdict": "reject"}]),
        rule("province", copies=[{"item": "B1", "verdict": "approve"}]),
    ],
    "ruling.redirect_worn_only": twins_on("content", rule(verdict="redirect")),
    "ruling.older_revision": [*on_the_way(5), rule(revision=1)],
    "ruling.twice": [*on_the_way(3), rule(), rule(verdict="reject")],
    "ruling.lent_since": [*on_the_way(3), status(ItemStatus.ON_LOAN), rule()],
    "ruling.key_unknown": [("ruling.trust", {"signer": "کلید", "name": "اداره", "levels": ["county"]})],
    # Old data put right (002 م8)
    "correction.status": [LEND, correct("missing")],
    "correction.done": [correct("missing"), correct("missing")],
    "correction.used": [LEND, ("checkin", {"item": "B1"}), correct("weeded")],
    "item.weeded_place": [edit(section="منابع وجینی")],
    "correction.packed": [*PACKED, correct("restore", "{w1}")],
    "correction.nothing": [LEND, correct("missing")],
    # Binding (002 م13)
    "binding.empty": [("binding.finalise", {})],
    "binding.weeded": [there(), ("binding.request", {"items": ["{w1}"]})],
    "binding.on_loan": [LEND, LISTED],
    "binding.there_already": [edit(status="in_binding"), LISTED],
    "binding.not_here": [("item.lost", {"item": "B1"}), LISTED],
    "binding.on_minutes": [*on_the_way(1), LISTED],
    "binding.kept_for_reader": [
        OTHER, LEND, ("hold.place", {"member": "2002", "item": "B1"}), ("checkin", {"item": "B1"}), LISTED,
    ],
    "binding.on_request": [*REQUESTED, LISTED],
    "binding.given_up": [edit(condition="unbindable"), LISTED],
    "binding.is_draft": [LISTED, ("binding.show", {}), ("binding.dispatch", {"request": "{request}"})],
    "binding.is_requested": [*REQUESTED, ("binding.receive", {"request": "1405/1"})],
    "binding.is_dispatched": [*SENT, ("binding.cancel", {"request": "1405/1"})],
    "binding.is_received": [
        *SENT, ("binding.receive", {"item": "B1"}), ("binding.dispatch", {"request": "1405/1"}),
    ],
    "binding.is_cancelled": [
        *REQUESTED, ("binding.cancel", {"request": "1405/1"}), ("binding.dispatch", {"request": "1405/1"}),
    ],
    "binding.nothing_to_send": [*REQUESTED, LEND, ("binding.dispatch", {"request": "1405/1"})],
    "binding.stays_behind": [
        ("binding.request", {"items": ["B1", "B2"]}), ("binding.finalise", {}), LEND,
        ("binding.dispatch", {"request": "1405/1"}),
    ],
    "binding.not_all_here": [LISTED, LEND, ("binding.finalise", {})],
    "binding.back_before_sent": [*SENT, ("binding.receive", {"item": "B1", "received_on": "1405/08/29"})],
    "binding.received_otherwise": [
        *SENT, ("binding.receive", {"item": "B1"}), ("binding.receive", {"item": "B1", "outcome": "unbindable"}),
    ],
    "binding.not_sent": [*REQUESTED, ("binding.receive", {"item": "B1"})],
    "mending.not_here": [LEND, ("mending.add", {"item": "B1", "work": "چسب"})],
    # Exchange and disposal (002 م7-16 … م7-24)
    "exchange.nothing_ready": [pack()],
    "exchange.not_ruled": [pack(items=["B1"])],
    "exchange.packed_already": [*PACKED, pack(items=["{w1}"])],
    "exchange.other_group": [there(1, DUPLICATE), pack(items=["{w1}"])],
    "exchange.redirected": [there(1, WORN, Verdict.REDIRECT), pack("worn", items=["{w1}"])],
    "exchange.worn_to_recycling": [there(1, WORN), pack("worn", items=["{w1}"], redirected=True)],
    "exchange.stage": [*PACKED, ("exchange.announce", {"package": "{package}"})],
    "exchange.not_in_package": [*PACKED, ("exchange.unpack", {"package": "{package}", "items": ["B1"]})],
    "exchange.no_longer_weeded": [
        *PACKED, status(ItemStatus.AVAILABLE, "{w1}"),
        ("exchange.hand", {"package": "{package}"}),
    ],
    "exchange.closing_day": [
        *HANDED, ("exchange.announce", {"package": "{package}", "closes_on": "1405/08/01"}),
    ],
    "exchange.unlicensed": [
        *OFFERED, a_library(licence_no=None), ("exchange.request", {"package": "{package}", "library": "{library}"}),
    ],
    "exchange.licence_expired": [
        *OFFERED, a_library(licensed_until="1405/08/01"),
        ("exchange.request", {"package": "{package}", "library": "{library}"}),
    ],
    "exchange.other_county": [
        *OFFERED, a_library(county="ساوه"), ("exchange.request", {"package": "{package}", "library": "{library}"}),
    ],
    "exchange.other_province": [
        *IN_PROVINCE, a_library(province="قم", county="قم"),
        ("exchange.request", {"package": "{package}", "library": "{library}"}),
    ],
    "exchange.asked_day": [
        *OFFERED, a_library(),
        ("exchange.request", {"package": "{package}", "library": "{library}", "asked_at": "2026-11-01T09:00:00+03:30"}),
    ],
    "exchange.offer_closed": [
        *HANDED, ("exchange.announce", {"package": "{package}", "closes_on": "1405/09/01"}), a_library(), days(3),
        ("exchange.request", {"package": "{package}", "library": "{library}"}),
    ],
    "exchange.offer_open": [
        *HANDED, ("exchange.announce", {"package": "{package}", "closes_on": "1405/09/01"}), SENT_ON,
    ],
    "exchange.no_requests": [*OFFERED, ("exchange.allocate", {"package": "{package}", "confirm": True})],
    "exchange.requests_wait": [*ASKED, SENT_ON],
    "exchange.request_over": [*ASIDE, ("exchange.request.end", {"request": "{request}"})],
    "exchange.delivery_open": [*ASIDE, SENT_ON],
    "exchange.delivered": [*DELIVERED, ("exchange.deliver", {"delivery": "{delivery}", "release": True})],
    "exchange.delivery_released": [
        *ASIDE, ("exchange.deliver", {"delivery": "{delivery}", "release": True}),
        ("exchange.deliver", {"delivery": "{delivery}"}),
    ],
    "exchange.too_early": [*IN_PROVINCE, ("exchange.send_on", {"package": "{package}", "store": True, **LETTER})],
    "exchange.letter_needed": [
        *IN_PROVINCE, days(190), ("exchange.send_on", {"package": "{package}", "store": True}),
    ],
    "exchange.not_worn": [*HANDED, PAPER],
    "exchange.notice_needed": [
        there(1, WORN), pack("worn"), ("exchange.hand", {"package": "{package}"}), SENT_ON, PAPER,
        ("exchange.proceeds", {"package": "{package}", "amount": 900_000}),
    ],
    "exchange.proceeds_receipt": [
        there(1, WORN), pack("worn"), ("exchange.hand", {"package": "{package}"}), SENT_ON, PAPER,
        ("exchange.proceeds", {"package": "{package}", "amount": 900_000, "notice_no": "۹"}),
    ],
    "exchange.weight_absurd": [
        there(1, WORN), pack("worn"), ("exchange.hand", {"package": "{package}"}), SENT_ON,
        ("exchange.recycle", {"package": "{package}", "centre": "بازیافت", "weight": 7_000}),
    ],
    "exchange.own_library": [
        *OFFERED, a_library("کتابخانه عمومی شهید بهشتی"),
        ("exchange.request", {"package": "{package}", "library": "{library}"}),
    ],
    "exchange.receipt_needed": [
        *HANDED, ("exchange.receive", {"package": "{package}", "level": "county", "receipt_no": " "}),
    ],
    "exchange.receipt_stands": [
        *HANDED, ("exchange.receive", {"package": "{package}", "level": "county", "receipt_no": "۱"}),
        ("exchange.receive", {"package": "{package}", "level": "county", "receipt_no": "۲"}),
    ],
    "library.known": [
        a_library("کتابخانه البرز"), a_library(), ("library.add", {"name": "کتابخانه البرز", "library": "{library}"}),
    ],
    # Shelf-reading (000 §3-1-3)
    "stocktake.overlaps": [READING, ("stocktake.start", {"name": "باز همه"})],
    "stocktake.nothing": [("stocktake.start", {"name": "تاریخ", "from": "900", "to": "999"})],
    "stocktake.turned_round": [("stocktake.start", {"name": "وارونه", "from": "900", "to": "100"})],
    "stocktake.not_open": [
        READING, ("stocktake.abandon", {"session": "{session}"}),
        ("stocktake.scan", {"session": "{session}", "barcode": "B1"}),
    ],
    "stocktake.no_copy": [READING, ("stocktake.note", {"session": "{session}", "condition": "worn"})],
    "stocktake.not_to_restore": [READING, ("stocktake.close", {"session": "{session}", "restore": ["B1"]})],
    # Quarterly reports (002 م14)
    "report.too_early": [("report.quarter", {"year": 1405, "quarter": 3, "make": True})],
    "report.not_made": [SENT_REPORT],
    "report.not_sent": [MADE, report("answer", answer="بررسی شد")],
    "report.sent_already": [MADE, SENT_REPORT, MADE],
    "letter.no_number": [MADE, report("send", letter_no=" ")],
    "letter.in_future": [MADE, report("send", **LETTER, letter_on="1405/09/30")],
}  # fmt: skip
# What needs more than a dialogue; each has its own test, below or in the module named.
ON_THE_PAGES = "on the pages of the centre: tests/server/centre/web/test_enrolling.py"
ON_THE_EXCHANGE = "by an office at the centre: tests/app/review/test_exchange_steps.py"
OTHERWISE = {
    "exchange.not_your_level": ON_THE_EXCHANGE,
    "exchange.on_the_way": ON_THE_EXCHANGE,
    "exchange.proposal_changed": ON_THE_EXCHANGE,
    "exchange.day": "by an office at the centre: tests/app/directives/test_exchanges.py",
    "correction.too_many": "five thousand copies, below",
    "binding.full": "a hundred and twenty copies, below",
    "exchange.package_empty": "rows that sync took away, below",
    "library.out_of_reach": ON_THE_PAGES,
    "library.known_here": ON_THE_PAGES,
    "library.has_come": ON_THE_PAGES,
    "report.no_quarter": "the shape of a request keeps it off: tests/app/statistics/test_quarterly.py",
}
OF_THIS_PART = ("weeding", "minutes", "ruling", "correction", "binding", "mending", "exchange", "library", "stocktake",
                 "report", "letter")  # fmt: skip


def filled(value: Any, known: Known) -> Any:
    """A field with what earlier answers told."""
    match value:
        case str() if value.startswith("{"):
            return value.format_map(known)
        case list():
            return [filled(one, known) for one in value]
        case _:
            return value


def learn(told: dict[str, Any], known: Known) -> None:
    """What an answer told that later lines may name."""
    known.update({name: value for name, value in told.items() if isinstance(value, str)})
    for one in told.get("deliveries", ())[:1]:
        known["delivery"] = one["delivery"]


def play(desk: Desk, lines: list[Line], folder: Path) -> tuple[dict[str, Any], bool]:
    """The last answer, and whether it changed anything. Every line before it must have been done."""
    known: Known = {"title_id": desk.ask("item.show", item="B1")["title_id"], "folder": str(folder)}
    told: dict[str, Any] = {}
    before = 0
    for place, line in enumerate(lines, 1):
        before = desk.entries()
        if callable(line):
            line(desk, known)
            continue
        op, fields = line
        told = desk.ask(op, **{name: filled(value, known) for name, value in fields.items()})
        assert told["ok"] or place == len(lines), (op, told)
        learn(told, known)
    return told, desk.entries() != before


def codes(told: Any) -> set[str]:
    """The reasons in an answer, at any depth: requests of several copies answer for each of them."""
    match told:
        case dict():
            own = {reason["code"] for reason in told.get("refusals") or ()}
            return own.union(*map(codes, told.values()))
        case list():
            return set().union(*map(codes, told))
        case _:
            return set()


@pytest.mark.parametrize("code", DIALOGUES)
def test_a_dialogue_reaches_its_refusal(lending: Desk, code: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("هیچ", encoding="utf-8")
    if code == "minutes.file_too_big":
        (tmp_path / "big.pdf").write_bytes(b"%PDF-1.4" + bytes(11 << 20))
    told, changed = play(lending, DIALOGUES[code], tmp_path)
    assert (told["ok"], told["outcome"]) == (False, "refused"), json.dumps(told, ensure_ascii=False)
    assert code in codes(told)
    assert says_so_in_persian(told)
    assert not changed


def test_every_refusal_of_this_part_has_its_dialogue() -> None:
    ours = {code for code in REFUSALS if code.split(".")[0] in OF_THIS_PART}
    assert ours - DIALOGUES.keys() - OTHERWISE.keys() == set()
    assert DIALOGUES.keys() | OTHERWISE.keys() <= REFUSALS.keys()


def test_a_batch_has_an_end(lending: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.weeding.minutes.corrections.MOST", 2)
    told = lending.ask("status.correct", correction="missing", first=1, last=9, reason="آزمون")
    assert codes(told) == {"correction.too_many"}


def test_a_request_is_full(lending: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.binding.rules.MOST_ROWS", 2)
    told = lending.ask("binding.request", items=["B1", "B2", "B3"])
    assert codes(told) == {"binding.full"}


def test_an_empty_package_is_not_handed_over(lending: Desk) -> None:
    weeded(lending.library, 1, NO_AUDIENCE)
    package = lending.ask("exchange.pack", reason="no_audience")["package"]
    with lending.library.store.write() as tx:
        (packed,) = rows(lending.library, DisposalRow)
        tx.remove(DisposalRow, packed, lending.session.act())
        tx.record("test.changed", lending.session.act())
    told = lending.ask("exchange.hand", package=package)
    assert codes(told) == {"exchange.package_empty"}
    assert says_so_in_persian(told)
