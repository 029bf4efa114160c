"""The quarterly report against somebody who counts along (002 م14-1): random histories over three quarters, in which
every step is noted by the test as it is taken, on the day it is taken. What the program counts from its rows afterwards
must be what was noted, quarter by quarter, whatever was corrected, sent back, left behind or carried out late."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.clock import SettableClock
from app.library import Library
from app.persian import jalali
from app.setup import found_library
from tests.server.desk.desks import NOW, SET_UP, Desk

COPIES, STEPS, DAYS_PASS = 60, 260, 6
REASONS = ("worn", "content")
LISTING: dict[str, dict[str, Any]] = {
    "worn": {"unbindable": True, "confirm": ["weeding.not_worn", "weeding.unbindable_needed"]},
    "content": {"criterion": "4-2-ه", "remark": "ارزش علمی ندارد"},
}
ON_ITS_SHELF = "RAF-999999"
LETTER = {"letter_no": "۱۲/۵"}
CLASSES = ("530", "297.1", "8فا3.62", "025", None)
OFTEN = (
    ["weed"] * 6 + ["step"] * 12 + ["bind"] * 4 + ["bindery"] * 5 + ["mend"] + ["lend"] * 2 + ["take_back"] * 2
    + ["exchange"] * 7 + ["read"]
)  # fmt: skip

# What no history is worth counting without.
EVERYTHING = {"worn.weeded", "bound.sent", "bound.received", "handed.county_centre", "cost", "mended"}


class Counting:
    """A branch at work, and its figures as somebody notes them on a slip of paper: `noted` by quarter and line."""

    def __init__(self, library: Library, seed: int) -> None:
        self.desk, self.chance = Desk(library), random.Random(seed)
        self.noted: Counter[tuple[int, int, str]] = Counter()
        self.copies = [f"RAF-{number:06d}" for number in range(1, COPIES + 1)]
        self.class_of: dict[str, str] = {}
        self.said: dict[str, dict[str, dict[str, str]]] = {}  # number: copy: level: verdict
        self.unsettled: dict[str, str] = {}  # copy: reason, from the numbered minutes on until it is weeded or refused
        self.inside: Counter[str] = Counter()  # package: copies that nobody got yet
        self.lent: set[str] = set()
        self.asked_of: dict[str, set[str]] = {}  # binding request: copies that have not come back
        self.away: set[str] = set()

    # What is noted

    def note(self, line: str, count: int = 1) -> None:
        """So many on this line of today's quarter."""
        if count:
            self.noted[*self.quarter(), line] += count

    def quarter(self) -> tuple[int, int]:
        found = jalali.quarter(self.today())
        return found.year, found.number

    def today(self) -> dt.date:
        return self.desk.library.clock.read().day

    def do(self, op: str, **fields: Any) -> dict[str, Any]:
        told = self.desk.ask(op, **fields)
        assert told["ok"], (op, fields, told)
        return told

    def some(self, among: list[str], most: int = 4) -> list[str]:
        return self.chance.sample(among, min(len(among), self.chance.randint(1, most)))

    # What is done

    def found(self) -> None:
        """Two copies of every work, so that none is the only one of its printing."""
        self.desk.ask(
            "policy.set", rows=[{"category": "*", "item_type": "*", "loan_days": 9, "max_loans_all_types": 50}]
        )
        self.do("member.add", given_name="مریم", family_name="رضایی", category="ordinary", card="M-1")
        for place in range(0, COPIES, 2):
            dewey = CLASSES[place // 2 % len(CLASSES)]
            record = {"title": f"کتاب {place}"} | ({"dewey": dewey} if dewey else {})
            first = self.do("item.add", title=record, barcode=self.copies[place])
            self.do("item.add", title_id=first["title_id"], barcode=self.copies[place + 1])
            for copy in self.copies[place : place + 2]:
                self.class_of[copy] = dewey.replace("8فا3.62", "8")[0] if dewey else "-"
        self.do("item.add", title={"title": "تاریخ جزیره", "dewey": "999"}, barcode=ON_ITS_SHELF)
        for name, licence in (("کتابخانه نو", "۱"), ("کتابخانه دیگر", "۲")):
            self.do("library.add", name=name, licence_no=licence, county="اراک", province="مرکزی")

    def weed(self) -> None:
        """Copies on a draft; sometimes one comes off again; the draft gets its number."""
        reason = self.chance.choice(REASONS)
        items = [*self.some(self.copies, 3), *(self.some(sorted(self.lent), 1) if self.lent else ())]
        told = self.desk.ask("weeding.propose", reason=reason, items=items, **LISTING[reason])
        if told["ok"] and self.chance.random() < 0.2:
            self.desk.ask("undo")
        if self.chance.random() < 0.6:
            made = self.desk.ask("weeding.minutes", reason=reason)
            if made["ok"]:
                rows = self.rows(made["number"])
                self.said[made["number"]] = {copy: {} for copy in rows}
                self.unsettled |= dict.fromkeys(rows, reason)
                self.note(f"{reason}.minutes")
                self.note(f"{reason}.listed", len(rows))

    def rows(self, number: str) -> list[str]:
        return [row["barcode"] for row in self.do("weeding.show", number=number)["rows"] if not row["struck"]]

    def step(self) -> None:
        """Some minutes on their way go a step on."""
        ways = [one for one in self.do("weeding.track")["minutes"] if one["state"] not in ("closed", "superseded")]
        if ways:
            one = self.chance.choice(ways)
            getattr(self, f"from_{one['state']}", self.answer)(one["number"], one["reason"], one["state"])
        told = self.do("weeding.execute")
        for copy in [copy for copy in self.unsettled if self.is_weeded(copy)]:
            self.note(f"{self.unsettled[copy]}.weeded")
            self.note(f"class {self.class_of[copy]} {self.unsettled.pop(copy)}")
        assert told["outcome"] in ("executed", "unchanged", "nothing"), told

    def is_weeded(self, copy: str) -> bool:
        return str(self.do("item.show", item=copy)["status"]).startswith("weeded")

    def from_finalised(self, number: str, reason: str, _: str) -> None:
        self.do("weeding.send", number=number, **LETTER)
        self.note(f"{reason}.sent", len(self.said[number]))

    def from_correction(self, number: str, _: str, __: str) -> None:
        standing = list(self.said[number])
        struck = self.some(standing, 2) if len(standing) > 2 and self.chance.random() < 0.6 else []
        self.do("weeding.reissue", number=number, strike=[{"item": one, "why": "به خواست اداره"} for one in struck])
        for copy in struck:
            del self.said[number][copy], self.unsettled[copy]

    def from_ruled(self, number: str, _: str, __: str) -> None:
        for copy, levels in self.said[number].items():
            if "reject" in levels.values():
                del self.unsettled[copy]
        self.do("weeding.close", number=number)

    def answer(self, number: str, reason: str, state: str) -> None:
        level = state.removeprefix("at_")
        if self.chance.random() < 0.25:
            self.do("weeding.correct", number=number, level=level, remark="سال نشر", **LETTER)
            return
        open_now = [copy for copy, levels in self.said[number].items() if "reject" not in others(levels, level)]
        apart = dict.fromkeys(self.some(open_now, 2), "reject") if self.chance.random() < 0.5 else {}
        if reason == "worn" and self.chance.random() < 0.5:
            apart |= dict.fromkeys(self.some(open_now, 1), "redirect")
        copies = [{"item": copy, "verdict": verdict, "remark": "نظر"} for copy, verdict in apart.items()]
        told = self.do(
            "weeding.rule", number=number, level=level, verdict="approve", copies=copies,
            confirm=["ruling.lent_since"], **LETTER,
        )  # fmt: skip
        for copy in open_now:
            # A level keeps what it said of a copy before a correction, unless it says otherwise now.
            kept = self.said[number][copy].get(level, "approve")
            self.said[number][copy][level] = apart.get(copy, kept)
        if told["state"] == "ruled":
            for levels in self.said[number].values():
                said = set(levels.values())
                self.note(
                    f"{reason}.{'rejected' if 'reject' in said else 'redirected' if 'redirect' in said else 'approved'}"
                )

    def lend(self) -> None:
        for copy in self.some(self.copies, 2):
            if self.desk.ask("checkout", member="M-1", item=copy)["ok"]:
                self.lent.add(copy)

    def take_back(self) -> None:
        for copy in self.some(sorted(self.lent)) if self.lent else []:
            self.do("checkin", item=copy)
            self.lent.discard(copy)

    def bind(self) -> None:
        self.desk.ask("binding.request", items=self.some(self.copies))
        if self.chance.random() < 0.7:
            made = self.desk.ask("binding.finalise")
            if made["ok"]:
                rows = self.bound(made["number"])
                self.asked_of[made["number"]] = set(rows)
                self.note("requests")
                self.note("asked", len(rows))

    def bound(self, number: str) -> dict[str, str | None]:
        """The copies of a request with what became of them."""
        return {row["barcode"]: row["outcome_of_copy"] for row in self.do("binding.show", request=number)["rows"]}

    def bindery(self) -> None:
        """A request leaves, or copies of one come back, one by one or with one bill."""
        out = [one for one in self.do("binding.list")["rows"] if one["state"] in ("requested", "dispatched")]
        if out and out[0]["state"] == "requested":
            self.dispatch(out[0]["number"], dt.date.fromisoformat(out[0]["requested_on"]))
        elif out:
            self.receive(out[0]["number"], dt.date.fromisoformat(out[0]["dispatched_on"]))

    def dispatch(self, number: str, requested_on: dt.date) -> None:
        """The books leave, or left some days ago; what is not there stays behind."""
        sent_on = max(self.today() - dt.timedelta(days=self.chance.choice((0, 0, 3))), requested_on)
        fields = {"request": number, "sent_on": sent_on.isoformat(), "confirm": ["binding.stays_behind"]}
        if self.desk.ask("binding.dispatch", **fields)["ok"]:
            gone = {copy for copy, outcome in self.bound(number).items() if outcome is None}
            quarter = jalali.quarter(sent_on)
            self.noted[quarter.year, quarter.number, "bound.sent"] += len(gone)
            self.asked_of[number], self.away = gone, self.away | gone

    def receive(self, number: str, sent_on: dt.date) -> None:
        back, cost = self.asked_of[number], self.chance.choice((0, 150_000))
        outcomes = ["bound", "mended", "unbindable"]
        if self.today() > sent_on:  # what comes back undone on the day it left has not left
            outcomes.append("not_done")
        outcome = self.chance.choice(outcomes)
        whole = self.chance.random() < 0.3
        done = set(back) if whole else {self.chance.choice(sorted(back))}
        which = {"request": number} if whole else {"item": min(done)}
        self.do("binding.receive", **which, outcome=outcome, cost=cost or None)
        self.note("bound.received", len(done))
        self.note(f"bound.{outcome}", len(done))
        self.note("cost", cost)
        self.asked_of[number] = back - done
        self.away -= done

    def mend(self) -> None:
        told = self.desk.ask(
            "mending.add", item=self.chance.choice(self.copies), work=f"چسب {self.chance.random()}", cost=5_000
        )
        if told["ok"]:
            self.note("mended")
            self.note("cost", 5_000)

    def exchange(self) -> None:
        """Weeded copies are packed; a package goes a step on."""
        for group in self.do("exchange.ready")["groups"]:
            told = self.do("exchange.pack", reason=group["reason"], redirected=group["redirected"])
            self.inside[told["package"]] += told["copies"]
        waiting = [one for one in self.do("exchange.list")["rows"] if one["next"]]
        if waiting:
            one = self.chance.choice(waiting)
            wanted = self.chance.choice(one["next"])
            getattr(self, f"exchange_{wanted}", lambda *_: None)(one["package"], one["level"])

    def exchange_hand(self, package: str, _: str) -> None:
        self.do("exchange.hand", package=package, **LETTER)
        self.note("handed.county_centre", self.inside[package])

    def exchange_announce(self, package: str, _: str) -> None:
        self.do("exchange.announce", package=package, letter_no="۷")

    def exchange_request(self, package: str, _: str) -> None:
        """A library asks for some, gets what is there, and fetches it."""
        free = [row["barcode"] for row in self.do("exchange.show", package=package)["rows"] if not row.get("gone_to")]
        library = self.chance.choice([row["library"] for row in self.do("library.list")["rows"]])
        items = self.some(free, 2) if self.chance.random() < 0.8 else []
        if not self.desk.ask("exchange.request", package=package, library=library, items=items)["ok"]:
            return
        self.desk.ask("exchange.allocate", package=package, confirm=True)
        for one in self.do("exchange.show", package=package)["handovers"]:
            if one["kind"] == "exchange" and one["state"] == "packed":
                told = self.do("exchange.deliver", delivery=one["delivery"], receipt_no="۴")
                self.note("handed.exchange", told["copies"])
                self.inside[package] -= told["copies"]

    def exchange_send_on(self, package: str, _: str) -> None:
        if self.desk.ask("exchange.send_on", package=package, **LETTER)["ok"]:
            self.note("handed.province_store", self.inside[package])

    def exchange_store(self, package: str, _: str) -> None:
        if self.desk.ask("exchange.send_on", package=package, store=True, **LETTER)["ok"]:
            self.note("handed.national_store", self.inside[package])

    def exchange_recycle(self, package: str, _: str) -> None:
        self.do("exchange.recycle", package=package, centre="بازیافت", weight=1.5, receipt_no="۸")
        self.note("handed.recycling", self.inside[package])
        self.note("weight", 1_500)

    def exchange_proceeds(self, package: str, _: str) -> None:
        self.do("exchange.proceeds", package=package, amount=90_000, receipt_no="۷", notice_no="۹")
        self.note("proceeds", 90_000)

    def read(self) -> None:
        session = {"session": self.do("stocktake.start", name="قفسه", **{"from": "999", "to": "999"})["session"]}
        self.do("stocktake.scan", **session, barcode=ON_ITS_SHELF)
        if self.chance.random() < 0.7:
            self.do("stocktake.close", **session)
            self.note("stocktakes")
        else:
            self.do("stocktake.abandon", **session)

    # What the program says

    def counted(self, year: int, quarter: int) -> Counter[tuple[int, int, str]]:
        figures = self.do("report.quarter", year=year, quarter=quarter)["figures"]
        lines: dict[str, int] = {}
        for reason, counts in figures["reasons"].items():
            assert counts.pop("waiting") == sum(kept == reason for kept in self.unsettled.values()), reason
            lines |= {f"{reason}.{name}": count for name, count in counts.items()}
        for main, reasons in figures["weeded_by_class"].items():
            lines |= {f"class {main} {reason}": count for reason, count in reasons.items()}
        binding, exchange = figures["binding"], figures["exchange"]
        assert binding["away"] == len(self.away)
        lines |= {"requests": binding["requests"], "asked": binding["asked"], "bound.sent": binding["sent"]}
        lines |= {"bound.received": binding["received"], "mended": binding["mended_here"], "cost": binding["cost"]}
        lines |= {f"bound.{outcome}": count for outcome, count in binding["outcomes"].items()}
        lines |= {f"handed.{kind}": count for kind, count in exchange["copies"].items()}
        lines |= {"weight": exchange["weight_g"], "proceeds": exchange["proceeds"]}
        lines["stocktakes"] = figures["stocktakes"]
        return Counter({(year, quarter, line): count for line, count in lines.items() if count})


def others(levels: dict[str, str], level: str) -> list[str]:
    """What the other levels said of a copy."""
    return [verdict for of, verdict in levels.items() if of != level]


@pytest.fixture(params=(1, 2))
def branch(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Counting]:
    library, _ = found_library(tmp_path / "library", SET_UP, SettableClock(NOW))
    with library.store:
        made = Counting(library, request.param)
        made.found()
        yield made


def test_every_figure_of_every_quarter_is_what_was_noted(branch: Counting) -> None:
    for step in range(STEPS):
        getattr(branch, branch.chance.choice(OFTEN))()
        if step % DAYS_PASS == 0:
            branch.counted(*branch.quarter())  # what waits and what is away is of now
            branch.do("clock.advance", days=branch.chance.randint(1, 9))
    quarters = {(year, quarter) for year, quarter, _ in branch.noted}
    assert len(quarters) > 2
    for year, quarter in sorted(quarters):
        noted = Counter({line: count for line, count in branch.noted.items() if line[:2] == (year, quarter)})
        assert branch.counted(year, quarter) == noted
    assert {line for _, _, line in branch.noted} >= EVERYTHING
    assert branch.desk.ask("check")["broken"] == []
