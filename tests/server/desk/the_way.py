"""A desk that dies now and then, and somebody who takes sixty copies of the demo library the whole way of 002 م7 … م8
on it: candidates, four minutes, county and province with refusals and a correction, statuses, exchange, recycling and
archive.

Every step is asked for with a key. A step whose answer was lost is asked for again: it is done once, or was not done at
all.
"""

import datetime as dt
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.clock import TEHRAN, SettableClock
from app.library import Library
from app.weeding.bench import drafted
from app.weeding.candidates import candidates
from app.weeding.minutes.outcomes import CopyRuling, Letter, Rulings
from app.weeding.minutes.ruling_file import seal
from db.codes import RulingLevel, Verdict, WeedingReason
from db.opening import open_library
from tests.server.desk.desks import RunningDesk

NOW = dt.datetime(2026, 12, 1, 10, 24, tzinfo=TEHRAN)
KILLS_BETWEEN, KILLS_AMID = 0.12, 0.2
TOGETHER = 60
QUOTAS = {"worn": 20, "content": 16, "duplicate": 12, "no_audience": 60}
CONFIRMED = ["weeding.not_worn", "weeding.unbindable_needed"]
NEW_LIBRARY, OLD_LIBRARY, CLUB = "کتابخانه نوبنیاد", "کتابخانه قدیمی", "باشگاه ورزشی"
Answer = dict[str, Any]


@dataclass
class Walked:
    """What was taken the way: copies by reason, numbers of their minutes, copies that were refused, the one of use
    elsewhere, and the packages."""

    lists: dict[str, list[str]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    refused: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    packages: dict[str, str] = field(default_factory=dict)

    @property
    def redirected(self) -> str:
        """The worn copy that the province finds of use elsewhere."""
        return self.lists["worn"][3]

    def going(self, reason: str) -> list[str]:
        """The copies that nobody refused."""
        return [copy for copy in self.lists[reason] if copy not in self.refused[reason]]


class Way:
    """The desk of a folder. `takes` says how long each kind of step takes, so that the light goes out in the middle of
    it; without a seed it never does, and the times are taken."""

    def __init__(self, folder: Path, seed: int | None = None, takes: Mapping[str, float] | None = None) -> None:
        self.folder, self.now = folder, NOW + dt.timedelta(hours=1)
        self.takes = dict(takes or {})
        self.papers: dict[tuple[str, int], str] = {}
        self.kills: Counter[str] = Counter()
        self._chance = None if seed is None else random.Random(seed)
        self._steps = 0
        self._desk: RunningDesk | None = None

    def later(self, days: int) -> None:
        """Days pass; the computer is switched off meanwhile."""
        self.now += dt.timedelta(days=days)
        self.end()

    def end(self) -> None:
        """Pull the plug: SIGKILL."""
        if self._desk is not None:
            self._desk.__exit__()
            self._desk = None

    def do(self, op: str, **fields: Any) -> Answer:
        """One step, done once whatever happens; its answer, or what `already_done` tells of it."""
        told = self.may_do(op, **fields)
        assert told["ok"], (op, fields, told)
        return told

    def may_do(self, op: str, **fields: Any) -> Answer:
        """A step that rules may speak against."""
        self._steps += 1
        request = {"key": f"step-{self._steps}", **fields}
        chance = 1.0 if self._chance is None else self._chance.random()
        if chance < KILLS_AMID:
            self._begin_and_die(op, request)
            told = self.ask(op, **request)
            self.kills["whole" if told.get("outcome") == "already_done" else "absent"] += 1
            return told
        if chance < KILLS_AMID + KILLS_BETWEEN:
            self.kills["between"] += 1
            self.end()
        began = time.monotonic()
        told = self.ask(op, **request)
        if self._chance is None:
            self.takes[op] = max(self.takes.get(op, 0.0), time.monotonic() - began)
        return told

    def ask(self, op: str, **fields: Any) -> Answer:
        """A question, or a step that is known to be whole."""
        if self._desk is None:
            self._desk = RunningDesk(data=self.folder, clock=self.now.isoformat())
        return self._desk.ask(op, **fields)

    def _begin_and_die(self, op: str, request: Mapping[str, Any]) -> None:
        """The step is sent; the light goes out before, while or after it is done, and nobody reads the answer."""
        assert self._chance is not None
        self.ask("ping")
        assert self._desk is not None
        self._desk.send_all([json.dumps({"op": op, **request}).encode()])
        time.sleep(self._chance.uniform(0, 1.3 * self.takes.get(op, 0.05)))
        self.end()

    def printed(self, number: str) -> None:
        """The editions of minutes as they are frozen now: whoever looks again finds the same bytes."""
        for edition in self.ask("minutes.papers", number=number)["editions"]:
            known = self.papers.setdefault((number, edition["revision"]), edition["sha256"])
            assert known == edition["sha256"], (number, edition)


def walk(way: Way, folder: Path) -> Walked:
    """From candidates to the archive; `folder` is for the papers that come from outside."""
    walked = Walked()
    for reason, most in QUOTAS.items():
        rest = TOGETHER - sum(map(len, walked.lists.values()))
        _list_and_finalise(way, walked, reason, min(most, rest))
    _ruled(way, walked, folder)
    for place, number in enumerate(walked.numbers.values(), 1):
        way.do("weeding.close", number=number)
        way.do("weeding.send", number=number, letter_no=f"۱۲/۹{place}")
        way.printed(number)
    _leave(way, walked)
    receipt = folder / "receipt.pdf"
    receipt.write_bytes(b"%PDF-1.4 receipt")
    for number in walked.numbers.values():
        way.do("minutes.attach", number=number, file=str(receipt))
    way.end()
    return walked


def _chosen(way: Way, reason: str) -> tuple[list[str], int]:
    """Candidates of a reason that no rule keeps, in the order of the shelf; and what stands on its draft already."""
    way.end()
    with open_library(way.folder, None) as store:
        library = Library(store, SettableClock(way.now))
        with store.read() as reader:
            found = candidates(library, reader, WeedingReason(reason), way.now.date())
            on_draft = {str(draft): copies for draft, copies in drafted(reader).items()}
    free = [one.barcode for one in found if not one.refusals and not one.listed and one.decision is None]
    return free, on_draft.get(reason, 0)


def _list_and_finalise(way: Way, walked: Walked, reason: str, most: int) -> None:
    """The draft, then number and paper. A copy that has become the only one of its printing, because the others are
    listed, is passed over (002 م5-1-ج)."""
    before = {one["number"] for one in way.ask("weeding.track")["minutes"]}
    listed: list[str] = []
    free, on_draft = _chosen(way, reason)
    while len(listed) < most and free:
        some, free = free[: most - len(listed)], free[most - len(listed) :]
        lines = way.may_do("weeding.propose", reason=reason, items=some, confirm=CONFIRMED)["lines"]
        listed += [copy for copy, line in zip(some, lines, strict=True) if line["ok"]]
    way.do("weeding.minutes", reason=reason)
    (number,) = {one["number"] for one in way.ask("weeding.track")["minutes"]} - before
    assert len(way.ask("weeding.show", number=number)["rows"]) == len(listed) + on_draft
    way.printed(number)
    walked.lists[reason], walked.numbers[reason] = listed, str(number)


def _ruled(way: Way, walked: Walked, folder: Path) -> None:
    """Both reviews: the county wants content minutes corrected; county and province each refuse some copies, by letter,
    by scanned letter, and in a signed file."""
    for place, number in enumerate(walked.numbers.values(), 1):
        way.do("weeding.send", number=number, letter_no=f"۱۲/{place}")
    way.later(3)
    content, struck = walked.numbers["content"], walked.lists["content"][0]
    way.do("weeding.correct", number=content, level="county", remark="یک عنوان درسی است", letter_no="۱۸/۱")
    way.later(2)
    way.do("weeding.reissue", number=content, strike=[{"item": struck, "why": "به خواست شهرستان"}])
    way.printed(content)
    walked.refused["content"].add(struck)
    old = way.ask("weeding.rule", number=content, revision=1, level="county", verdict="approve", letter_no="۱۸/۲")
    assert "ruling.older_revision" in [reason["code"] for reason in old["refusals"]]
    for level, place in (("county", 1), ("province", 2)):
        way.later(4)
        for reason in walked.numbers:
            _answer(way, walked, reason, level, place, folder)


def _answer(way: Way, walked: Walked, reason: str, level: str, place: int, folder: Path) -> None:
    number, against = walked.numbers[reason], walked.lists[reason][place]
    apart = [{"item": against, "verdict": "reject", "remark": "هنوز خواهان دارد"}]
    if reason == "worn" and level == "province":
        apart.append({"item": walked.redirected, "verdict": "redirect", "remark": "قابل ترمیم است"})
    walked.refused[reason].add(against)
    if reason == "duplicate" and level == "province":
        way.do("weeding.rule_file", file=str(_signed(way, number, against, folder)))
        return
    scan = {}
    if reason == "worn":
        scan["file"] = str(folder / f"{level}.pdf")
        Path(scan["file"]).write_bytes(b"%PDF-1.4 letter of the " + level.encode())
    letter_no = f"{level}-{reason}"
    way.do("weeding.rule", number=number, level=level, verdict="approve", copies=apart, letter_no=letter_no, **scan)


def _signed(way: Way, number: str, against: str, folder: Path) -> Path:
    """The answer of the province in a file, by a key that the library believes."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    signer = key.public_key().public_bytes_raw().hex()
    way.ask("ruling.trust", signer=signer, name="ادارهٔ کل", levels=["province"])
    way.end()
    with open_library(way.folder, None) as store:
        branch_id = Library(store, SettableClock(way.now)).branch.id
    refused = (CopyRuling(against, Verdict.REJECT, "هنوز خواهان دارد"),)
    letter = Letter("province-duplicate", way.now.date(), "کارشناس منابع")
    answer = Rulings(number, RulingLevel.PROVINCE, letter, Verdict.APPROVE, refused, 1)
    file = folder / "ruling.json"
    file.write_bytes(seal(branch_id, answer, key))
    return file


def _leave(way: Way, walked: Walked) -> None:
    """Exchange with two libraries, the rest to the province; worn copies to recycling, their money paid in."""
    way.do("library.add", name=NEW_LIBRARY, licence_no="۱", to_be_founded=True)
    way.do("library.add", name=OLD_LIBRARY, licence_no="۲")
    way.do("library.add", name=CLUB)
    libraries = {one["name"]: one["library"] for one in way.ask("library.list")["rows"]}
    quiet = walked.going("no_audience")
    package = _packed(way, "no_audience")
    way.do("exchange.hand", package=package, receipt_no="۴۰۰")
    way.do("exchange.announce", package=package, letter_no="۱۲/۷۷")
    way.do("exchange.request", package=package, library=libraries[OLD_LIBRARY], items=quiet[:3])
    way.do("exchange.request", package=package, library=libraries[NEW_LIBRARY], items=quiet[2:5])
    no = way.ask("exchange.request", package=package, library=libraries[CLUB], items=quiet[:1])
    assert "exchange.unlicensed" in [reason["code"] for reason in no["refusals"]]
    way.do("exchange.allocate", package=package, confirm=True)
    put_aside = [one for one in way.ask("exchange.show", package=package)["handovers"] if one["kind"] == "exchange"]
    for delivery in put_aside:
        way.do("exchange.deliver", delivery=delivery["delivery"], receipt_no="۴۱۰")
    way.do("exchange.send_on", package=package, letter_no="۱۲/۸۰")
    worn = _packed(way, "worn")
    way.do("exchange.hand", package=worn, receipt_no="۴۲۰")
    way.do("exchange.send_on", package=worn, letter_no="۱۲/۸۱")
    way.do("exchange.recycle", package=worn, centre="بازیافت اراک", weight=7.25)
    way.do("exchange.proceeds", package=worn, amount=900_000, receipt_no="۷۷", notice_no="۱۲/۹۰")
    mendable = _packed(way, "worn", redirected=True)
    way.do("exchange.hand", package=mendable, receipt_no="۴۳۰")
    walked.packages = {"no_audience": package, "worn": worn, "redirected": mendable}


def _packed(way: Way, reason: str, **fields: Any) -> str:
    """Pack a group; the package is found again by its reason, for the answer may be lost."""
    before = {one["package"] for one in way.ask("exchange.list")["rows"]}
    way.do("exchange.pack", reason=reason, **fields)
    (package,) = {one["package"] for one in way.ask("exchange.list")["rows"]} - before
    return str(package)
