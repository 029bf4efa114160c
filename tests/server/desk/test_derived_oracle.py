"""Summary columns against their sources: after random histories of lending, reading in the hall, correcting and
undoing, `loan_count`, `uses` and `last_loan_on` of every copy are what somebody noted who stood beside the desk, and
every derived column of every table is what its row and the rows around it give anew."""

import datetime as dt
import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.catalogue import keys
from app.clock import SettableClock
from app.items.writing import ShelvedTitle, shelf_key_of
from app.library import Library
from app.members.finding import search_key
from app.persian.collation import sort_key
from app.setup import found_library
from app.union.record import keys_of
from db.models.base import Base
from tests.server.desk.desks import NOW, SET_UP, Desk

MEMBERS, COPIES, STEPS = 5, 12, 320
OFTEN = (
    ["lend"] * 10 + ["read_in_hall"] * 6 + ["take_back"] * 8 + ["renew"] * 2 + ["undo"] * 5 + ["register"] * 2
    + ["correct"] * 2 + ["days"] * 4
)  # fmt: skip
CLASSES = ("530.1", "297.1", "8فا3.62", None)
NAMES = ("علی‌رضا", "كاوه", "Mary", "مریم")
Row = Mapping[str, Any]
Rows = Mapping[str, Mapping[uuid.UUID, Row]]


class Beside:
    """A desk, and somebody beside it who notes what becomes of every copy."""

    def __init__(self, library: Library, seed: int) -> None:
        self.desk, self.chance = Desk(library), random.Random(seed)
        self.copies = [f"RAF-{number:06d}" for number in range(1, COPIES + 1)]
        self.loans: defaultdict[str, list[dt.date]] = defaultdict(list)
        self.in_hall: defaultdict[str, int] = defaultdict(int)
        self.last: Callable[[], object] | None = None  # what an undo takes back of the notes
        self.number = 0

    def found(self) -> None:
        rules = {"category": "*", "item_type": "*", "loan_days": 5, "max_loans_all_types": 9, "overdues_block": "no"}
        self.desk.ask("policy.set", rows=[rules])
        for number in range(1, MEMBERS + 1):
            named = {"given_name": self.chance.choice(NAMES), "family_name": f"شمارهٔ {number}"}
            assert self.desk.ask("member.add", **named, category="ordinary", card=f"M-{number}")["ok"]
        title = ""
        for place, barcode in enumerate(self.copies):
            dewey = self.chance.choice(CLASSES)
            record = {"title": f"کتاب {place}", "year": 1390 + place} | ({"dewey": dewey} if dewey else {})
            of = {"title_id": title} if place % 3 == 1 else {"title": record}
            title = self.desk.ask("item.add", **of, barcode=barcode)["title_id"]
        self.days()

    def copy(self) -> str:
        return self.chance.choice(self.copies)

    def member(self) -> str:
        return f"M-{self.chance.randint(1, MEMBERS)}"

    def lend(self) -> None:
        copy = self.copy()
        channel = self.chance.choice(("desk", "desk", "onsite"))
        yes = ["item.on_loan", "item.on_loan_same_member"]
        told = self.desk.ask("checkout", member=self.member(), item=copy, channel=channel, confirm=yes)
        if told["outcome"] == "checked_out":
            self.loans[copy].append(self.today())
            self.last = self.loans[copy].pop

    def read_in_hall(self) -> None:
        """A copy found lying on a table: it counts once a day."""
        copy = self.copy()
        if self.status(copy) == "available":
            told = self.desk.ask("checkin", item=copy)
            if told["outcome"] == "local_use" and told["counted"]:
                self.in_hall[copy] += 1
                self.last = lambda: self.in_hall.__setitem__(copy, self.in_hall[copy] - 1)

    def take_back(self) -> None:
        copy = self.copy()
        if self.status(copy) == "on_loan" and self.desk.ask("checkin", item=copy)["ok"]:
            self.last = int  # the loan stays one

    def renew(self) -> None:
        if self.desk.ask("renew", item=self.copy())["ok"]:
            self.last = int

    def undo(self) -> None:
        if self.desk.ask("undo")["ok"] and self.last:
            self.last()
        self.last = None

    def register(self) -> None:
        """One more copy of a title, sometimes with a card or a reader."""
        shown = self.desk.ask("item.show", item=self.copy())
        self.number += 1
        barcode = f"RAF-9{self.number:05d}"
        if self.desk.ask("item.add", title_id=shown["title_id"], barcode=barcode, volume_no=str(self.number))["ok"]:
            self.copies.append(barcode)
            self.last = lambda: self.copies.remove(barcode)
        if self.chance.random() < 0.4:
            self.desk.ask("member.card.bind", member=self.member(), card=f"K-{self.number}")
            self.last = int

    def correct(self) -> None:
        fields = {"family_name": f"{self.chance.choice(NAMES)} {self.number}", "mobile": f"0912345{self.number:04d}"}
        if self.desk.ask("member.edit", member=self.member(), **fields)["ok"]:
            self.last = int

    def days(self) -> None:
        self.desk.ask("clock.advance", days=self.chance.randint(1, 6))
        self.last = None

    def today(self) -> dt.date:
        return self.desk.library.clock.read().day

    def status(self, copy: str) -> str:
        return str(self.desk.ask("item.show", item=copy)["status"])

    def rows(self) -> dict[str, dict[uuid.UUID, Row]]:
        """Every live row of every table that has derived columns, or is a source of one."""
        found: dict[str, dict[uuid.UUID, Row]] = {}
        with self.desk.library.store.read() as reader:
            for name in {*DERIVED, "loan", "local_use", "member_card"}:
                table = Base.metadata.tables[name]
                lines = reader.connection.execute(table.select().where(table.c.deleted_at.is_(None))).mappings()
                found[name] = {line["id"]: dict(line) for line in lines}
        return found


def of_title(row: Row, _: Rows) -> dict[str, Any]:
    title, creator = row["title"], row["main_creator"]
    return {
        "sort_key": keys.title_sort_key(title),
        "match_key": keys.match_key(title, creator, row["publisher"], row["edition"], row["year"]),
        "work_key": keys.work_key(title, creator),
    }


def of_item(row: Row, rows: Rows) -> dict[str, Any]:
    """Loan by loan and use by use, in plain Python."""
    title = ShelvedTitle(*(rows["title"][row["title_id"]][name] for name in ShelvedTitle.__dataclass_fields__))
    loans = [loan["out_on"] for loan in rows["loan"].values() if loan["item_id"] == row["id"]]
    in_hall = sum(use["item_id"] == row["id"] for use in rows["local_use"].values())
    return {
        "shelf_key": shelf_key_of(title, row["local_class"], row["accession_no"], row["volume_no"], row["copy_no"]),
        "loan_count": len(loans),
        "uses": len(loans) + in_hall,
        "last_loan_on": max(loans, default=None),
    }


def of_member(row: Row, rows: Rows) -> dict[str, Any]:
    given, family = row["given_name"], row["family_name"]
    cards = [card for card in rows["member_card"].values() if card["member_id"] == row["id"]]
    numbers = [number for _, _, number in sorted((card["since"], card["id"], card["number"]) for card in cards)]
    found_by = (row["member_no"], *numbers, row["national_id"], row["mobile"])
    return {"sort_key": sort_key(f"{family} {given}")[:300], "search_key": search_key(given, family, *found_by)}


ORACLES: Mapping[str, Callable[[Row, Rows], dict[str, Any]]] = {
    "title": of_title,
    "item": of_item,
    "member": of_member,
    "authority": lambda row, _: {"sort_key": sort_key(row["heading"])[:300]},
    "union_title": lambda row, _: keys_of(row["id"], row),
}
DERIVED = {
    name: {column.name for column in table.columns if column.info.get("derived")}
    for name, table in Base.metadata.tables.items()
    if any(column.info.get("derived") for column in table.columns)
}


@pytest.fixture(params=(1, 2, 3))
def beside(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Beside]:
    library, _ = found_library(tmp_path / "library", SET_UP, SettableClock(NOW))
    with library.store:
        made = Beside(library, request.param)
        made.found()
        yield made


def test_every_derived_column_has_somebody_who_recomputes_it() -> None:
    assert set(DERIVED) == set(ORACLES)


def test_summaries_equal_what_was_noted_and_every_derived_column_its_sources(beside: Beside) -> None:
    for _ in range(STEPS):
        getattr(beside, beside.chance.choice(OFTEN))()
    rows = beside.rows()
    by_barcode = {row["barcode"]: row for row in rows["item"].values()}
    assert set(by_barcode) == set(beside.copies)
    for barcode, row in by_barcode.items():
        loans = beside.loans[barcode]
        noted = (len(loans), len(loans) + beside.in_hall[barcode], max(loans, default=None))
        assert (row["loan_count"], row["uses"], row["last_loan_on"]) == noted, barcode
    assert sum(map(len, beside.loans.values())) > 20
    assert sum(beside.in_hall.values()) > 5
    for table, columns in DERIVED.items():
        for row in rows[table].values():
            expected = ORACLES[table](row, rows)
            assert set(expected) == columns, table
            for name in columns:
                assert row[name] == expected[name], (table, name)
