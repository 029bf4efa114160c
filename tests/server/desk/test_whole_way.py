"""Sixty copies of the demo library go the whole way of 002 م7 … م8 while the desk is killed at random between the steps
and in the middle of them (`tests/server/desk/the_way.py`).

At the end statuses, numbers and files are what they are when the light never goes out. `PISHKHAN_WAYS` says over how
many fresh seeds, one if it is left out.
"""

import hashlib
import os
import secrets
import shutil
import sys
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from app.check import check_library
from app.clock import SettableClock
from app.demo.build import DemoPlan, build_demo
from app.library import Library
from db.codes import DisposalKind, ItemStatus
from db.models.base import Base
from db.models.collection import (
    Disposal,
    DisposalRow,
    Document,
    Minutes,
    MinutesRow,
    MinutesStep,
    RulingRow,
)
from db.models.items import Item, ItemStatusChange
from db.models.library import Counter as Series
from db.models.sync import JournalEntry
from db.opening import open_library
from db.reading import Reader
from reports.printers import PRINTERS
from tests.reports.reading import missing, raw_text
from tests.server.desk.the_way import NEW_LIBRARY, NOW, OLD_LIBRARY, QUOTAS, TOGETHER, Walked, Way, walk

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="signals of Linux")

FIXED_SEED = 20261122
SEEDS = [FIXED_SEED, *(secrets.randbits(32) for _ in range(int(os.environ.get("PISHKHAN_WAYS", "1"))))]
LEAST_OF_A_REASON = 6
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
WEEDED = {
    "worn": ItemStatus.WEEDED_WORN,
    "duplicate": ItemStatus.WEEDED_DUPLICATE,
    "content": ItemStatus.WEEDED_CONTENT,
    "no_audience": ItemStatus.WEEDED_NO_AUDIENCE,
}
OF_THE_WAY = ("minutes.", "disposal.", "exchange.", "library.")
BY_LOT = {"id", "rh", "bpos"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo library that nobody touches; each walk gets a copy."""
    folder = tmp_path_factory.mktemp("demo") / "library"
    build_demo(folder, DemoPlan(NOW, PRINTERS, days=12))
    return folder


@pytest.fixture(scope="module")
def undisturbed(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, float]]:
    """Everything at the end of a walk on which the light never goes out, and how long its steps take."""
    folder = tmp_path_factory.mktemp("undisturbed")
    way = begun(demo, folder, None)
    walked = walk(way, folder)
    assert not way.kills
    return everything(way, walked), way.takes


def begun(demo: Path, folder: Path, seed: int | None, takes: dict[str, float] | None = None) -> Way:
    shutil.copytree(demo, folder / "library")
    return Way(folder / "library", seed, takes)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: "fixed" if seed == FIXED_SEED else str(seed))
def test_sixty_copies_go_the_whole_way_while_the_light_goes_out(
    demo: Path, undisturbed: tuple[dict[str, Any], dict[str, float]], tmp_path: Path, seed: int
) -> None:
    registered = accession_numbers(demo)
    way = begun(demo, tmp_path, seed, undisturbed[1])
    walked = walk(way, tmp_path)
    print(f"seed {seed}: {dict(way.kills)}", {reason: len(copies) for reason, copies in walked.lists.items()})
    assert way.kills.total() > 8
    assert sum(map(len, walked.lists.values())) == TOGETHER
    assert set(walked.lists) == set(QUOTAS) == set(WEEDED)
    assert min(map(len, walked.lists.values())) >= LEAST_OF_A_REASON
    archived(way, walked, tmp_path)
    everyone_has_what_is_his(way, walked)
    way.end()
    with open_library(way.folder, None) as store:
        library = Library(store, SettableClock(way.now))
        assert check_library(library).broken == ()
        with store.read() as reader:
            statuses_are_right(reader, walked)
            numbers_have_no_gaps(reader)
            files_are_whole(reader)
    assert accession_numbers(way.folder) == registered
    found = everything(way, walked)
    for part, expected in undisturbed[0].items():
        assert found[part] == expected, part


def archived(way: Way, walked: Walked, folder: Path) -> None:
    """Every edition is written byte for byte as it was when it was printed; the final ones are found and filed with
    their receipt."""
    assert {number for number, _ in way.papers} == set(walked.numbers.values())
    assert Counter(number for number, _ in way.papers)[walked.numbers["content"]] == 3
    reasons = {number: reason for reason, number in walked.numbers.items()}
    for (number, revision), sha256 in way.papers.items():
        reason = reasons[number]
        pdf, xlsx = folder / f"{reason}-{revision}.pdf", folder / f"{reason}-{revision}.xlsx"
        way.ask("form", kind=f"weeding_{reason}", number=number, revision=revision, pdf=str(pdf), xlsx=str(xlsx))
        assert hashlib.sha256(pdf.read_bytes()).hexdigest() == sha256
        assert missing([number.split("/")[1].translate(PERSIAN)], raw_text(pdf.read_bytes())) == []
        assert load_workbook(xlsx).worksheets[0].sheet_view.rightToLeft
    for reason, number in walked.numbers.items():
        assert [one["number"] for one in way.ask("minutes.find", number=number)["minutes"]][:1] == [number]
        signed = f"ruling-{number.replace('/', '-')}-province-1.json"
        letters = {"worn": ["county.pdf", "province.pdf"], "duplicate": [signed]}.get(reason, [])
        filed = [one["name"] for one in way.ask("minutes.papers", number=number)["attachments"]]
        assert filed == [*letters, "receipt.pdf"]


def everyone_has_what_is_his(way: Way, walked: Walked) -> None:
    """The library that is to be founded goes first though it asked last (002 م7-17); what is worn is paper, but for
    what is of use elsewhere (م10-3); what was refused went nowhere (م7-11)."""
    quiet = walked.going("no_audience")
    for copies, library in ((quiet[:2], OLD_LIBRARY), (quiet[2:5], NEW_LIBRARY)):
        assert {way.ask("exchange.find", item=copy)["library"] for copy in copies} == {library}
    for copy in walked.going("worn"):
        package = walked.packages["redirected" if copy == walked.redirected else "worn"]
        assert way.ask("exchange.find", item=copy)["package"]["package"] == package, copy
    for refused in walked.refused.values():
        assert {way.ask("exchange.find", item=copy)["package"] for copy in refused} == {None}


def statuses_are_right(reader: Reader, walked: Walked) -> None:
    """Approved copies are weeded of their kind, refused ones stand on the shelf and on no minutes."""
    now = {one["barcode"]: one for one in rows_of(reader, Item)}
    for reason, copies in walked.lists.items():
        assert len(walked.refused[reason]) == (3 if reason == "content" else 2)
        for copy in copies:
            weeded = ItemStatus.AVAILABLE if copy in walked.refused[reason] else WEEDED[reason]
            assert (now[copy]["status"], now[copy]["on_minutes_id"]) == (weeded, None), (reason, copy)


def numbers_have_no_gaps(reader: Reader) -> None:
    """Minutes and deliveries count 1, 2, 3 … in their year, and so do the editions of each number."""
    minutes = [one for one in rows_of(reader, Minutes) if one["number"]]
    disposals = [one for one in rows_of(reader, Disposal) if one["number"]]
    for year, numbers in grouped((one["year"], one["number"]) for one in disposals).items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), year
    for year, numbers in grouped((one["year"], one["number"]) for one in minutes).items():
        assert set(numbers) == set(range(1, max(numbers) + 1)), year
    for number, editions in grouped(((one["year"], one["number"]), one["revision"]) for one in minutes).items():
        assert sorted(editions) == list(range(1, len(editions) + 1)), number
    ours = [one for one in disposals if one["handed_on"] > NOW.date()]
    kinds = Counter(one["kind"] for one in ours)
    assert (kinds[DisposalKind.EXCHANGE], kinds[DisposalKind.RECYCLING]) == (2, 1)
    (recycled,) = [one for one in ours if one["kind"] == DisposalKind.RECYCLING]
    assert (recycled["weight_g"], recycled["proceeds"]) == (7_250, 900_000)


def grouped(pairs: Any) -> dict[Any, list[int]]:
    """Numbers by what they count."""
    found: dict[Any, list[int]] = {}
    for of, number in pairs:
        found.setdefault(of, []).append(number)
    return found


def files_are_whole(reader: Reader) -> None:
    """Every frozen paper is what its hash says, and none was frozen twice for the same edition."""
    papers = rows_of(reader, Document)
    assert all(hashlib.sha256(one["content"]).hexdigest() == one["sha256"] for one in papers)
    editions = Counter((one["row_id"], one["media_type"]) for one in papers if one["kind"].startswith("weeding_"))
    assert set(editions.values()) == {1}


def accession_numbers(folder: Path) -> list[int]:
    """The register as it stands (002 م8-2)."""
    with open_library(folder, None) as store, store.read() as reader:
        return sorted(one["accession_no"] for one in rows_of(reader, Item))


def everything(way: Way, walked: Walked) -> dict[str, Any]:
    """All that the way leaves behind, told without what is drawn by lot, so that two walks can be compared."""
    with open_library(way.folder, None) as store, store.read() as reader:
        copies = {one["id"]: one["barcode"] for one in rows_of(reader, Item)}
        editions = {one["id"]: (one["number"], one["revision"]) for one in rows_of(reader, Minutes)}
        lines = {one["id"]: (editions[one["minutes_id"]], one["position"]) for one in rows_of(reader, MinutesRow)}
        named = copies | editions | lines
        kinds = Counter(one["kind"] for one in rows_of(reader, JournalEntry))
        papers = rows_of(reader, Document)
        return {
            "lists": (walked.lists, walked.numbers, dict(walked.refused)),
            "copies": told(reader, Item, named),
            "changes of status": told(reader, ItemStatusChange, named),
            "minutes": told(reader, Minutes, named),
            "rows": told(reader, MinutesRow, named),
            "rulings": told(reader, RulingRow, named),
            "steps": told(reader, MinutesStep, named),
            "packages": told(reader, Disposal, named),
            "what is in them": told(reader, DisposalRow, named),
            "series": sorted((one["name"], one["value"]) for one in rows_of(reader, Series)),
            "papers": sorted((one["kind"], one["number"] or "", one["file_name"], one["pages"] or 0) for one in papers),
            "entries": {kind: number for kind, number in kinds.items() if kind.startswith(OF_THE_WAY)},
        }


def told(reader: Reader, model: type[Base], named: dict[Any, Any]) -> list[str]:
    """The rows of a table, sorted; what they point at is named by what it is, if it is drawn by lot too."""
    return sorted(
        repr([
            (column, named.get(value) if isinstance(value, uuid.UUID) else value)
            for column, value in one.items()
            if column not in BY_LOT
        ])
        for one in rows_of(reader, model)
    )  # fmt: skip


def rows_of(reader: Reader, model: type[Base]) -> list[Any]:
    """Every row of a table."""
    return list(reader.connection.execute(sa.select(model.__table__)).mappings())
