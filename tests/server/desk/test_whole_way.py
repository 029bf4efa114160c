"""Sixty copies of the demo library go the whole way of 002 م7 … م8: candidates, four minutes, county and province with
refusals and a correction, statuses, exchange, recycling, archive, while the desk is killed at random between the steps
and in the middle of them.

Every step is asked for with a key. A step whose answer was lost is asked for again: it is done once, or was not done at
all. At the end statuses, numbers and files are what they would be had the light never gone out.
"""

import datetime as dt
import hashlib
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from app.check import check_library
from app.clock import TEHRAN, SettableClock
from app.demo.build import DemoPlan, build_demo
from app.library import Library
from app.weeding.bench import drafted
from app.weeding.candidates import candidates
from db.codes import DisposalKind, ItemStatus, WeedingReason
from db.models.collection import Disposal, Document, Minutes
from db.models.items import Item
from db.opening import open_library
from reports.printers import PRINTERS
from tests.reports.reading import missing, raw_text
from tests.server.desk.desks import RunningDesk

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="signals of Linux")

NOW = dt.datetime(2026, 12, 1, 10, 24, tzinfo=TEHRAN)
SEED = 20261122
KILLS_BETWEEN, KILLS_AMID = 0.12, 0.15
TOGETHER = 60
QUOTAS = {"worn": 20, "content": 16, "duplicate": 12, "no_audience": 60}
CONFIRMED = ["weeding.not_worn", "weeding.unbindable_needed"]
WEEDED = {
    "worn": ItemStatus.WEEDED_WORN,
    "duplicate": ItemStatus.WEEDED_DUPLICATE,
    "content": ItemStatus.WEEDED_CONTENT,
    "no_audience": ItemStatus.WEEDED_NO_AUDIENCE,
}
Answer = dict[str, Any]


class Way:
    """A desk that dies now and then, and somebody who goes on where the answers ended."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, NOW + dt.timedelta(hours=1)
        self.chance = random.Random(SEED)
        self.kills = self.steps = 0
        self.drafted: Counter[str] = Counter()
        self._desk: RunningDesk | None = None

    def later(self, days: int) -> None:
        """Days pass; the computer is switched off meanwhile."""
        self.now += dt.timedelta(days=days)
        self.end()

    def end(self) -> None:
        """Pull the plug."""
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
        self.steps += 1
        request = {"key": f"step-{self.steps}", **fields}
        if self.chance.random() < KILLS_AMID:
            self._begin_and_die(op, request)
        elif self.chance.random() < KILLS_BETWEEN:
            self.kills += 1
            self.end()
        return self.ask(op, **request)

    def ask(self, op: str, **fields: Any) -> Answer:
        """A question, or a step that is known to be whole."""
        if self._desk is None:
            self._desk = RunningDesk(data=self.folder, clock=self.now.isoformat())
        return self._desk.ask(op, **fields)

    def _begin_and_die(self, op: str, request: Mapping[str, Any]) -> None:
        """The step is sent; the light goes out before, while or after it is done, and nobody reads the answer."""
        self.ask("ping")
        assert self._desk is not None
        self._desk.send_all([json.dumps({"op": op, **request}).encode()])
        time.sleep(self.chance.random() * 0.08)
        self.kills += 1
        self.end()


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    folder = tmp_path_factory.mktemp("way") / "library"
    build_demo(folder, DemoPlan(NOW, PRINTERS, days=12))
    made = Way(folder)
    yield made
    made.end()


def chosen(way: Way, reason: str) -> list[str]:
    """Candidates of a reason that no rule keeps, in the order of the shelf."""
    way.end()
    with open_library(way.folder, None) as store:
        library = Library(store, SettableClock(way.now))
        with store.read() as reader:
            found = candidates(library, reader, WeedingReason(reason), way.now.date())
            way.drafted = Counter({str(draft): copies for draft, copies in drafted(reader).items()})
    return [one.barcode for one in found if not one.refusals and not one.listed and one.decision is None]


def test_sixty_copies_go_the_whole_way_while_the_light_goes_out(way: Way, tmp_path: Path) -> None:
    registered = accession_numbers(way.folder)
    lists: dict[str, list[str]] = {}
    numbers = {}
    for reason, most in QUOTAS.items():
        rest = TOGETHER - sum(map(len, lists.values()))
        lists[reason], numbers[reason] = list_and_finalise(way, reason, min(most, rest))
    assert sum(map(len, lists.values())) == TOGETHER
    refused = ruled(way, lists, numbers)
    for number in numbers.values():
        way.do("weeding.close", number=number)
    leave(way, lists, refused)
    archived(way, numbers, tmp_path)
    way.end()
    assert way.kills > 8
    with open_library(way.folder, None) as store:
        library = Library(store, SettableClock(way.now))
        assert check_library(library).broken == ()
        statuses_are_right(library, lists, refused)
        numbers_have_no_gaps(library)
        files_are_whole(library)
    assert accession_numbers(way.folder) == registered


def list_and_finalise(way: Way, reason: str, most: int) -> tuple[list[str], str]:
    """The draft, then number and paper; twice asked for is once done. A copy that has become the only one of its
    printing, because the others are listed, is passed over (002 م5-1-ج)."""
    before = {one["number"] for one in way.ask("weeding.track")["minutes"]}
    listed: list[str] = []
    free = chosen(way, reason)
    while len(listed) < most and free:
        some, free = free[: most - len(listed)], free[most - len(listed) :]
        lines = way.may_do("weeding.propose", reason=reason, items=some, confirm=CONFIRMED)["lines"]
        listed += [copy for copy, line in zip(some, lines, strict=True) if line["ok"]]
    way.do("weeding.minutes", reason=reason)
    (number,) = {one["number"] for one in way.ask("weeding.track")["minutes"]} - before
    assert len(way.ask("weeding.show", number=number)["rows"]) == len(listed) + way.drafted[reason]
    return listed, str(number)


def ruled(way: Way, lists: Mapping[str, list[str]], numbers: Mapping[str, str]) -> dict[str, set[str]]:
    """Both reviews: the county wants content minutes corrected, county and province each refuse some copies."""
    refused: dict[str, set[str]] = {reason: set() for reason in numbers}
    for place, number in enumerate(numbers.values(), 1):
        way.do("weeding.send", number=number, letter_no=f"۱۲/{place}")
    way.later(3)
    struck = lists["content"][0]
    way.do("weeding.correct", number=numbers["content"], level="county", remark="یک عنوان درسی است", letter_no="۱۸/۱")
    way.later(2)
    way.do("weeding.reissue", number=numbers["content"], strike=[{"item": struck, "why": "به خواست شهرستان"}])
    refused["content"].add(struck)
    old = way.ask(
        "weeding.rule", number=numbers["content"], revision=1, level="county", verdict="approve", letter_no="۱۸/۲"
    )
    assert "ruling.older_revision" in [reason["code"] for reason in old["refusals"]]
    for level, place in (("county", 1), ("province", 2)):
        way.later(4)
        for reason, number in numbers.items():
            against = lists[reason][place]
            apart = [{"item": against, "verdict": "reject", "remark": "هنوز خواهان دارد"}]
            if reason == "worn" and level == "province":
                apart.append({"item": lists["worn"][3], "verdict": "redirect", "remark": "قابل ترمیم است"})
            way.do(
                "weeding.rule", number=number, level=level, verdict="approve", copies=apart,
                letter_no=f"{level}-{reason}",
            )  # fmt: skip
            refused[reason].add(against)
    return refused


def leave(way: Way, lists: Mapping[str, list[str]], refused: Mapping[str, set[str]]) -> None:
    """Exchange with two libraries, the rest to the province; worn copies to recycling, their money paid in."""
    way.do("library.add", name="کتابخانه نوبنیاد", licence_no="۱", to_be_founded=True)
    way.do("library.add", name="کتابخانه قدیمی", licence_no="۲")
    unlicensed = way.ask("library.add", name="باشگاه ورزشی")
    libraries = {one["name"]: one["library"] for one in way.ask("library.list")["rows"]}
    quiet = [copy for copy in lists["no_audience"] if copy not in refused["no_audience"]]
    package = packed(way, "no_audience")
    way.do("exchange.hand", package=package, receipt_no="۴۰۰")
    way.do("exchange.announce", package=package, letter_no="۱۲/۷۷")
    way.do("exchange.request", package=package, library=libraries["کتابخانه قدیمی"], items=quiet[:3])
    way.do("exchange.request", package=package, library=libraries["کتابخانه نوبنیاد"], items=quiet[2:5])
    if unlicensed["ok"]:
        no = way.ask("exchange.request", package=package, library=libraries["باشگاه ورزشی"], items=quiet[:1])
        assert "exchange.unlicensed" in [reason["code"] for reason in no["refusals"]]
    way.do("exchange.allocate", package=package, confirm=True)
    put_aside = [one for one in way.ask("exchange.show", package=package)["handovers"] if one["kind"] == "exchange"]
    for delivery in put_aside:
        way.do("exchange.deliver", delivery=delivery["delivery"], receipt_no="۴۱۰")
    way.do("exchange.send_on", package=package, letter_no="۱۲/۸۰")
    worn = packed(way, "worn")
    way.do("exchange.hand", package=worn, receipt_no="۴۲۰")
    way.do("exchange.send_on", package=worn, letter_no="۱۲/۸۱")
    way.do("exchange.recycle", package=worn, centre="بازیافت اراک", weight=7.25)
    way.do("exchange.proceeds", package=worn, amount=900_000, receipt_no="۷۷", notice_no="۱۲/۹۰")


def packed(way: Way, reason: str) -> str:
    """Pack a group; the package is found again by its reason, for the answer may be lost."""
    before = {one["package"] for one in way.ask("exchange.list")["rows"]}
    way.do("exchange.pack", reason=reason)
    (package,) = {one["package"] for one in way.ask("exchange.list")["rows"]} - before
    return str(package)


def archived(way: Way, numbers: Mapping[str, str], folder: Path) -> None:
    """The final editions are found, written byte for byte as frozen, and a receipt is filed with them."""
    receipt = folder / "receipt.pdf"
    receipt.write_bytes(b"%PDF-1.4 receipt")
    for reason, number in numbers.items():
        way.do("minutes.attach", number=number, file=str(receipt))
        pdf, xlsx = folder / f"{reason}.pdf", folder / f"{reason}.xlsx"
        told = way.ask("form", kind=f"weeding_{reason}", number=number, pdf=str(pdf), xlsx=str(xlsx))
        assert told["sha256"] == hashlib.sha256(pdf.read_bytes()).hexdigest()
        assert missing([number.split("/")[1].translate(PERSIAN)], raw_text(pdf.read_bytes())) == []
        assert load_workbook(xlsx).worksheets[0].sheet_view.rightToLeft
        assert [one["number"] for one in way.ask("minutes.find", number=number)["minutes"]][:1] == [number]


PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def statuses_are_right(library: Library, lists: Mapping[str, list[str]], refused: Mapping[str, set[str]]) -> None:
    """Approved copies are weeded of their kind, refused ones stand on the shelf and on no minutes."""
    with library.store.read() as reader:
        rows = reader.connection.execute(
            Item.__table__.select().where(
                Item.__table__.c.barcode.in_([c for copies in lists.values() for c in copies])
            )
        ).all()
    now = {row.barcode: row for row in rows}
    for reason, copies in lists.items():
        for copy in copies:
            if copy in refused.get(reason, ()):
                assert (now[copy].status, now[copy].on_minutes_id) == (ItemStatus.AVAILABLE, None), copy
            else:
                assert now[copy].status == WEEDED[reason], (reason, copy)


def numbers_have_no_gaps(library: Library) -> None:
    """Minutes and deliveries count 1, 2, 3 … and every paper is there once for each revision."""
    with library.store.read() as reader:
        minutes = reader.connection.execute(
            Minutes.__table__.select().where(Minutes.__table__.c.number.is_not(None))
        ).all()
        disposals = reader.connection.execute(Disposal.__table__.select()).all()
    for year, numbers in grouped((row.year, row.number) for row in minutes).items():
        assert set(numbers) == set(range(1, max(numbers) + 1)), year
    for year, numbers in grouped((row.year, row.number) for row in disposals if row.number).items():
        assert sorted(numbers) == list(range(1, max(numbers) + 1)), year
    ours = [row for row in disposals if row.number and row.handed_on > NOW.date()]
    kinds = Counter(row.kind for row in ours)
    assert (kinds[DisposalKind.EXCHANGE], kinds[DisposalKind.RECYCLING]) == (2, 1)
    (recycled,) = [row for row in ours if row.kind == DisposalKind.RECYCLING]
    assert (recycled.weight_g, recycled.proceeds) == (7_250, 900_000)


def grouped(pairs: Iterator[tuple[int, int]]) -> dict[int, list[int]]:
    """Numbers by year."""
    found: dict[int, list[int]] = {}
    for year, number in pairs:
        found.setdefault(year, []).append(number)
    return found


def files_are_whole(library: Library) -> None:
    """Every frozen paper is what its hash says, and none was frozen twice for the same edition."""
    with library.store.read() as reader:
        papers = reader.connection.execute(Document.__table__.select()).all()
    assert all(hashlib.sha256(paper.content).hexdigest() == paper.sha256 for paper in papers)
    editions = Counter((paper.row_id, paper.media_type) for paper in papers if paper.kind.startswith("weeding_"))
    assert set(editions.values()) == {1}


def accession_numbers(folder: Path) -> list[int]:
    """The register as it stands (002 م8-2)."""
    with open_library(folder, None) as store, store.read() as reader:
        rows = reader.connection.execute(Item.__table__.select().order_by(Item.__table__.c.accession_no)).all()
    return [row.accession_no for row in rows]
