"""A desk that lends a book every ten milliseconds while rows of the centre come in beside it (performance 3.5).

The rows go through the very code that takes a page of a feed: at most fifty in a transaction, and between two of them
the desk goes first. Alone and beside take turns; what counts is how much the slowest loans become slower.
"""

import datetime as dt
import gc
import shutil
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.circulation.checkout import check_out
from app.circulation.outcomes import CheckedOut
from app.clock import SettableClock, day_of
from app.library import Library
from app.sync.branch.cursors import Position
from app.sync.branch.taking import in_slices, take_slice
from app.sync.owners import Feed
from app.sync.rows import feed_row
from app.sync.wire import FeedRow
from benchmarks.checkout import request
from benchmarks.figures import Timings
from benchmarks.sample import START, make_library
from db.changes import full_row
from db.codes import Channel, LoanEnd
from db.models.circulation import Loan
from db.opening import open_library
from db.types import new_id

LOANS, ROUNDS, WARM_UP = 400, 5, 50
YEARS, A_DAY, KEPT = 5, 60, 9
"""Loans of the last five years, so many a day, each kept for so many days."""
EVERY = 0.010
ROWS = 10_000
"""Rows a second that are to come in."""


@dataclass
class UnderSyncFigures:
    """Loans alone and beside the sync (microseconds); how many rows a second came in beside them."""

    alone: Timings = field(default_factory=Timings)
    beside: Timings = field(default_factory=Timings)
    rows_a_second: float = 0.0

    @property
    def slower(self) -> float:
        """How much later the slowest hundredth ends (ms)."""
        return (self.beside.percentile(0.99) - self.alone.percentile(0.99)) / 1000


def measure(folder: Path) -> UnderSyncFigures:
    """Run all rounds in `folder`."""
    origin = folder / "origin"
    library = make_library(origin, titles=LOANS + WARM_UP, members=(LOANS + WARM_UP) // 4 + 1)
    coming = past_loans(library, int(ROWS * LOANS * EVERY) * 2)
    library.store.close()
    gc.freeze()  # the rows that are to come would be looked through by every collection; a page has five hundred
    figures = UnderSyncFigures()
    taken = seconds = 0.0
    for _ in range(ROUNDS):
        figures.alone.add_round(lend_all(_fresh(origin, folder / "alone")))
        library = _fresh(origin, folder / "beside")
        stop, took = threading.Event(), [0]
        beside = threading.Thread(target=take_all, args=(library, coming, stop, took))
        began = time.perf_counter()
        beside.start()
        figures.beside.add_round(lend_all(library, close=False))
        stop.set()
        beside.join()
        seconds += time.perf_counter() - began
        taken += took[0]
        library.store.close()
    figures.rows_a_second = taken / seconds
    return figures


def _fresh(origin: Path, target: Path) -> Library:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(origin, target)
    return Library(open_library(target, None), SettableClock(START))


def past_loans(library: Library, count: int) -> list[FeedRow]:
    """Closed loans of past years in the order in which they happened, as a branch feed heals a restored database with
    them."""
    with library.store.read() as reader:
        items = [uuid.UUID(bytes=row[0]) for row in reader.run("SELECT id FROM item ORDER BY id").fetchall()]
    member = new_id()
    made = []
    for place in range(count):
        out = START + dt.timedelta(days=place // A_DAY - YEARS * 365, minutes=place % A_DAY)
        back = out + dt.timedelta(days=KEPT)
        day = day_of(out)
        row = full_row(
            Loan, library.store.branch_id,
            {
                "item_id": items[place % len(items)], "member_id": member, "item_type": "book", "out_at": out,
                "out_on": day, "due_on": day, "first_due_on": day, "channel": Channel.DESK, "policy_version": 1,
                "policy_row": "*/*", "in_at": back,
                "effective_in_on": day_of(back), "ended_as": LoanEnd.RETURNED, "bpos": place,
            },
        )  # fmt: skip
        made.append(feed_row(Loan, row))
    return made


def take_all(library: Library, rows: Sequence[FeedRow], stop: threading.Event, took: list[int]) -> None:
    """Take the rows, slice by slice, until told to stop."""
    device = uuid.uuid4()
    for part in in_slices(rows, library.store, library.store.give_way):
        if stop.is_set():
            return
        took[0] += take_slice(library, device, Feed.BRANCH, part, Position(1, took[0] + len(part), 0)).rows


def lend_all(library: Library, *, close: bool = True) -> list[float]:
    """A loan every ten milliseconds; how long each took."""
    act = library.act(library.person(None))
    took = []
    due = time.perf_counter()
    for number in range(LOANS + WARM_UP):
        while (left := due - time.perf_counter()) > 0:
            time.sleep(left)
        due += EVERY
        began = time.perf_counter()
        outcome = check_out(library, request(number), act)
        took.append(time.perf_counter() - began)
        if not isinstance(outcome, CheckedOut):
            raise TypeError(outcome)
    if close:
        library.store.close()
    return took[WARM_UP:]
