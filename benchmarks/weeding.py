"""All weeding candidates of a library of 100,000 copies and a million loans, against the summary columns read by hand.

The library is put straight into the tables: seventy thousand titles of ten years, some in many copies, some in later
editions, most lent little and a few very often.
"""

import datetime as dt
import gc
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from app.catalogue.call_number import shelf_key
from app.catalogue.keys import work_key
from app.library import Library
from app.weeding.candidates import candidate_counts, candidates
from benchmarks.figures import Timings
from benchmarks.sample import make_library
from db.changes import full_row, insert_statement
from db.codes import CataloguingStatus, Channel, Condition, ItemFlag, LoanEnd, Material, WeedingReason
from db.models.base import Base
from db.models.catalogue import Title
from db.models.circulation import Loan
from db.models.items import Item, LocalUse
from db.types import new_id

TITLES, COPIES, LOANS, USES = 70_000, 100_000, 1_000_000, 20_000
YEARS, ROUNDS, PAGE, BATCH = 10, 7, 50, 50_000
# The least that any answer needs: every copy on the shelf with its summary columns, from one table.
BARE = (
    "SELECT id, title_id, accession_no, last_loan_on, loan_count, condition, flags FROM item WHERE status = 'available'"
)


@dataclass
class WeedingFigures:
    """Seconds: every candidate of the four reasons found and judged (which is what their number takes), the first page
    of each, all rows of all four, and the bare reading."""

    judged: Timings = field(default_factory=Timings)
    page: Timings = field(default_factory=Timings)
    rows: Timings = field(default_factory=Timings)
    bare: Timings = field(default_factory=Timings)
    found: int = 0

    @property
    def judged_over_bare(self) -> float:
        """How many times longer it takes than reading every copy once, by the medians."""
        return self.judged.percentile(0.5) / self.bare.percentile(0.5)


def measure(folder: Path) -> WeedingFigures:
    """Fill, then ask all sides in turn."""
    library = make_library(folder / "library", titles=1, members=1)
    fill(library, TITLES, COPIES, LOANS, USES)
    figures = WeedingFigures()
    try:
        for _ in range(ROUNDS):
            _round(library, figures)
    finally:
        library.store.close()
    return figures


def _round(library: Library, figures: WeedingFigures) -> None:
    today = library.clock.read().day
    gc.collect()
    with library.store.read() as reader:
        figures.bare.add_round([_timed(lambda: reader.driver.execute(BARE).fetchall())])
        figures.judged.add_round([_timed(lambda: candidate_counts(library, reader, today))])
        for reason in WeedingReason:
            figures.page.add_round([_timed(partial(candidates, library, reader, reason, today, PAGE))])
        start = time.perf_counter()
        figures.found = sum(len(candidates(library, reader, reason, today)) for reason in WeedingReason)
        figures.rows.add_round([time.perf_counter() - start])


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def fill(library: Library, titles: int, copies: int, loans: int, uses: int, seed: int = 11) -> None:
    """Titles, copies, loans and uses in the hall as if they had been there for years, with the summaries they leave."""
    _Filling(library, random.Random(seed)).run(titles, copies, loans, uses)


class _Filling:
    """Rows straight into the tables: made once by the column types, then only the places that differ."""

    def __init__(self, library: Library, random_: random.Random) -> None:
        self.library, self.random = library, random_
        self.today = library.clock.read().day

    def run(self, titles: int, copies: int, loans: int, uses: int) -> None:
        """Everything, the rows that others lean on first."""
        names = self._titles(titles)
        items = self._items(names, copies)
        lent, last = Counter[int](), dict[int, dt.date]()
        out = [self._loan(copies) for _ in range(loans)]
        for place, day in out:
            lent[place] += 1
            last[place] = max(day, last.get(place, day))
        halls = [(self._popular(copies), self._day()) for _ in range(uses)]
        used = Counter(place for place, _ in halls)
        self._insert(Item, self._with_summaries(items, lent, last, used))
        ids = [item["id"] for item in items]
        with self._without_indexes():
            self._insert(Loan, self._loans(ids, out))
        self._insert(LocalUse, ({"item_id": ids[place], "at": _nine(day), "day": day} for place, day in halls))
        self.library.store.rest()

    def _titles(self, number: int) -> list[tuple[Any, str, int]]:
        rows, works = [], max(1, number * 6 // 7)
        for place in range(number):
            name = f"اثر شمارهٔ {place % works}"  # one in six is an edition of a work that is there already
            year = self.random.randint(1360, 1404)
            dewey = f"{self.random.randint(0, 999):03d}.{self.random.randint(1, 99)}"
            rows.append(
                {
                    "id": new_id(), "title": name, "main_creator": "نویسنده", "year": year, "dewey": dewey,
                    "author_mark": "الف۱۲", "material": Material.BOOK, "status": CataloguingStatus.ORIGINAL,
                    "sort_key": name, "match_key": f"{name} {place}", "work_key": work_key(name, "نویسنده"),
                }
            )  # fmt: skip
        self._insert(Title, iter(rows))
        return [(row["id"], str(row["dewey"]), int(str(row["year"]))) for row in rows]

    def _items(self, titles: list[tuple[Any, str, int]], number: int) -> list[dict[str, Any]]:
        spread = [*range(len(titles)), *(self._popular(len(titles)) for _ in range(number - len(titles)))]
        counted, first, items = Counter[int](), 10, []
        for place, of in enumerate(spread):
            counted[of] += 1
            title, dewey, year = titles[of]
            chance = self.random.random()
            items.append(
                {
                    "id": new_id(), "title_id": title, "accession_no": first + place,
                    "accession_date": self.today - dt.timedelta(days=self.random.randint(30, 365 * 15)),
                    "barcode": f"W-{first + place}", "copy_no": counted[of],
                    "shelf_key": shelf_key(dewey, "الف۱۲", "", None, counted[of], year),
                    "condition": Condition.WORN if chance < 0.04 else Condition.GOOD,
                    "flags": [ItemFlag.LOCAL.value] if chance > 0.99 else [],
                }
            )  # fmt: skip
        return items

    def _popular(self, number: int) -> int:
        return int(number * self.random.random() ** 1.5)

    def _loan(self, copies: int) -> tuple[int, dt.date]:
        """Every fifth copy has found no reader for five years."""
        place = self._popular(copies)
        return place, self._day(365 * 5 + 40 if place % 5 == 0 else 20)

    def _day(self, since: int = 20) -> dt.date:
        return self.today - dt.timedelta(days=self.random.randint(since, 365 * YEARS))

    @staticmethod
    def _with_summaries(
        items: list[dict[str, Any]], lent: Counter[int], last: dict[int, dt.date], used: Counter[int]
    ) -> Iterator[dict[str, Any]]:
        for place, item in enumerate(items):
            yield item | {
                "loan_count": lent[place], "uses": lent[place] + used[place], "last_loan_on": last.get(place)
            }  # fmt: skip

    def _loans(self, ids: list[Any], out: list[tuple[int, dt.date]]) -> Iterator[dict[str, Any]]:
        for place, day in out:
            back = day + dt.timedelta(days=14)
            yield {
                "item_id": ids[place], "item_type": "book", "out_at": _nine(day), "out_on": day, "due_on": back,
                "first_due_on": back, "channel": Channel.DESK, "in_at": _nine(back), "effective_in_on": back,
                "ended_as": LoanEnd.RETURNED, "policy_version": 1, "policy_row": "*/*",
            }  # fmt: skip

    @contextmanager
    def _without_indexes(self) -> Iterator[None]:
        """Made again after the rows are in: half of the time of a million rows otherwise."""
        indexes = Base.metadata.tables[Loan.__tablename__].indexes
        with self.library.store.write() as tx:
            for index in indexes:
                index.drop(tx.connection)
        yield
        with self.library.store.write() as tx:
            for index in indexes:
                index.create(tx.connection)

    def _insert(self, model: type[Base], rows: Iterator[dict[str, Any]]) -> None:
        compiled = self.library.store.compiled(insert_statement(model))
        branch = self.library.store.branch_id
        bound = (compiled.bind(full_row(model, branch, row)) for row in rows)
        while batch := list(islice(bound, BATCH)):
            with self.library.store.write() as tx:
                tx.driver.executemany(compiled.sql, batch)


def _nine(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), dt.UTC)
