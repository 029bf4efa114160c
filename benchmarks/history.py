"""Flat in history: a reader with a thousand past and a hundred open loans against a new one, and a store that holds a
million past loans.

Both readers are served in turn in the same store, each with a copy nobody has; what the busy reader takes is given back
outside the timing, so that a hundred stay in hand.
"""

import datetime as dt
import gc
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.outcomes import CheckedIn, CheckedOut
from app.library import Library
from app.policy.document import read_document
from app.policy.stored import insert_policy
from app.policy.table import PolicyTable
from benchmarks.figures import Timings
from benchmarks.sample import make_library
from db.changes import full_row, insert_statement
from db.codes import Channel, LoanEnd
from db.models.circulation import Loan
from db.types import new_id

PAST, PAST_OF_READER, OPEN = 1_000_000, 1_000, 100
ROUNDS, SERVED, WARM_UP = 5, 120, 60
COPIES = OPEN + WARM_UP + ROUNDS * 3 * SERVED
BATCH = 100_000
LOG_BYTES = 12 * 4_120  # twelve pages of the write-ahead log
BUSY = "M-000001"
# Made again after the rows are in: half of the time of a million rows otherwise.
INDICES = ("loan_of_item", "loan_of_member", "loan_by_moment", "loan_by_return")


@dataclass(frozen=True)
class HistoryFigures:
    """Both readers before a million past loans of others, and everybody after; `disk` is what a bare write and fsync
    took in between, since a loan can be no steadier than the disk it waits for."""

    busy: Timings
    new: Timings
    million: Timings
    disk: Timings

    @property
    def busy_over_new(self) -> float:
        """How many times longer the busy reader is served, by the medians (goal 1.2)."""
        return self.busy.percentile(0.5) / self.new.percentile(0.5)

    @property
    def tail(self) -> float:
        """p99 over p50 with a million past loans (goal 3)."""
        return self.million.percentile(0.99) / self.million.percentile(0.5)


def measure(folder: Path) -> HistoryFigures:
    """Fill, serve, fill to a million, serve."""
    library = make_library(folder / "library", titles=COPIES, members=ROUNDS * SERVED * 2 + 2)
    _raise_limits(library)
    _fill(library, PAST_OF_READER, only=BUSY)
    served = _Served(library, folder / "bare")
    for _ in range(OPEN):
        served.lend(BUSY)
    busy, new, million, disk = Timings(), Timings(), Timings(), Timings()
    served.round(WARM_UP // 2)
    for _ in range(ROUNDS):
        theirs, others = served.round(SERVED // 2)
        busy.add_round(theirs)
        new.add_round(others)
    _fill(library, PAST)
    served.disk.clear()
    for _ in range(ROUNDS):
        theirs, others = served.round(SERVED)
        million.add_round([*theirs, *others])
    disk.add_round(served.disk)
    library.store.close()
    return HistoryFigures(busy, new, million, disk)


class _Served:
    """Readers served one after the other, each with the next copy."""

    def __init__(self, library: Library, bare: Path) -> None:
        self.library = library
        self.bare, self.disk = bare.open("wb"), list[float]()
        self.person = library.person(None)
        self.copies = (f"RAF-{number + 1:06d}" for number in range(COPIES))
        self.readers = (f"M-{number:06d}" for number in range(2, 10**6))

    def lend(self, member: str) -> str:
        """The barcode that was lent."""
        barcode = next(self.copies)
        outcome = check_out(self.library, CheckoutRequest(member, barcode), self.library.act(self.person))
        if not isinstance(outcome, CheckedOut):
            raise TypeError(outcome)
        return barcode

    def _timed(self, member: str, times: list[float]) -> str:
        start = time.perf_counter()
        barcode = self.lend(member)
        times.append(time.perf_counter() - start)
        return barcode

    def round(self, times: int) -> tuple[list[float], list[float]]:
        """Seconds of the busy reader and of as many new ones, in turn."""
        gc.collect()
        busy, new = list[float](), list[float]()
        for place in range(times):
            both = [(BUSY, busy), (next(self.readers), new)]
            lent = [self._timed(member, times_of) for member, times_of in (both if place % 2 else both[::-1])]
            barcode = lent[0 if place % 2 else 1]
            back = check_in(self.library, CheckinRequest(barcode), self.library.act(self.person))
            if not isinstance(back, CheckedIn):
                raise TypeError(back)
            self.library.store.rest()  # as the desk does while nobody is served
            self._write()
        return busy, new

    def _write(self) -> None:
        """As much as a loan writes, with nothing around it."""
        start = time.perf_counter()
        self.bare.write(bytes(LOG_BYTES))
        self.bare.flush()
        os.fsync(self.bare.fileno())
        self.disk.append(time.perf_counter() - start)


def _raise_limits(library: Library) -> None:
    row = {"loan_days": 14, "name": "سنجش", "source": "سنجش", "article": "-"}
    document = {"version": 1, "title": "سنجش", "profile": "public", "status": "in_force", "source": "-", "rows": [row]}
    table = read_document(document)
    if not isinstance(table, PolicyTable):
        raise TypeError(table)
    with library.store.write() as tx:
        insert_policy(tx, table, library.clock.read().day)
        tx.record("policy.set", library.act(library.person(None)))
    library.forget_rules()


def _fill(library: Library, number: int, only: str | None = None) -> None:
    """Closed loans of the past, straight into the table: of one reader, or of all but the first."""
    with library.store.read() as reader:
        items = [row[0] for row in reader.connection.execute(sa.text("SELECT id FROM item"))]
        known = reader.connection.execute(sa.text("SELECT member_id, number FROM member_card")).all()
        query = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'loan'")
        made = {row.name: row.sql for row in reader.connection.execute(query)}
    members = [member for member, card in known if (card == only if only else card != BUSY)]
    rows = _rows(library, items, members, number)
    for name in INDICES if number > BATCH else ():
        with library.store.write() as tx:
            tx.run(f"DROP INDEX {name}")
    statement = library.store.compiled(insert_statement(Loan)).sql
    for _ in range(0, number, BATCH):
        with library.store.write() as tx:
            tx.driver.executemany(statement, (row for row, _ in zip(rows, range(BATCH), strict=False)))
        library.store.rest()
    for name in INDICES if number > BATCH else ():
        with library.store.write() as tx:
            tx.run(made[name])
    library.store.rest()
    os.sync()  # what the filling left to the system must not be paid by the readers


def _rows(library: Library, items: list[bytes], members: list[bytes], number: int) -> Iterator[list[Any]]:
    """The driver's values of each row: made once by the column types, then only the places that differ."""
    compiled = library.store.compiled(insert_statement(Loan))
    day = library.clock.read().day - dt.timedelta(days=400)
    at = dt.datetime.combine(day, dt.time(9), dt.UTC)
    values = {
        "item_id": new_id(), "member_id": new_id(), "item_type": "book", "out_at": at, "out_on": day, "due_on": day,
        "first_due_on": day, "channel": Channel.DESK, "in_at": at, "effective_in_on": day,
        "ended_as": LoanEnd.RETURNED, "policy_version": 1, "policy_row": "*/*",
    }  # fmt: skip
    template = list(compiled.bind(full_row(Loan, library.store.branch_id, values)))
    places = [compiled.names.index(name) for name in ("id", "item_id", "member_id")]
    for count in range(number):
        row = template.copy()
        row[places[0]] = new_id().bytes
        row[places[1]], row[places[2]] = items[count * 7 % len(items)], members[count % len(members)]
        yield row
