"""Reading the shelves of a library of 12,000 copies code by code, and the one batch that closes the session.

One copy in twelve is not there and one in sixty stands wrong. The bare side of a scan is one row and its commit in the
same table of a copy of the same file; that of the closing is the changes of its missing copies, given ready made, in
one transaction.
"""

import gc
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from uuid import UUID

from app.library import Library
from app.papers import Printed
from app.stocktake import reads
from app.stocktake.closing import Closed, close, preview
from app.stocktake.facts import Started
from app.stocktake.paper import StocktakePaper
from app.stocktake.scanning import scan
from app.stocktake.sessions import Beginning, start
from app.stocktake.tally import Tally
from benchmarks.figures import Timings
from benchmarks.sample import make_library
from benchmarks.weeding import fill
from db.changes import full_row, insert_statement
from db.codes import StocktakeFinding
from db.connect import open_file
from db.keys import open_key
from db.models.collection import StocktakeScan
from db.models.items import ItemStatusChange
from db.store import DATABASE
from reports.stocktake import print_stocktake

TITLES, COPIES, LOANS, USES = 9_000, 12_000, 20_000, 500
GONE, WRONG, LAST = 12, 60, 1_000
SAMPLE = 2_000
MISSING_NOW = "UPDATE item SET status = 'missing', ver = ver + 1 WHERE accession_no = ?"


@dataclass
class StocktakeFigures:
    """Seconds: every scan, the last thousand of them, a bare row and its commit; what the page reads, the end shown,
    the end done, of that the paper, and the bare changes. `missing`: how many copies the end calls so."""

    scan: Timings = field(default_factory=Timings)
    last: Timings = field(default_factory=Timings)
    bare: Timings = field(default_factory=Timings)
    tally: Timings = field(default_factory=Timings)
    shown: Timings = field(default_factory=Timings)
    closed: Timings = field(default_factory=Timings)
    paper: Timings = field(default_factory=Timings)
    bare_close: Timings = field(default_factory=Timings)
    missing: int = 0


def measure(folder: Path) -> StocktakeFigures:
    """Fill, read along the shelves, close."""
    library = make_library(folder / "library", titles=1, members=1)
    fill(library, TITLES, COPIES, LOANS, USES)
    figures = StocktakeFigures()
    try:
        _read_and_close(library, folder, figures)
    finally:
        library.store.close()
    return figures


def _read_and_close(library: Library, folder: Path, figures: StocktakeFigures) -> None:
    act = library.act(library.person(None))
    with library.store.read() as reader:
        standing = reads.standing_in(reader, Beginning("").shelf)
    started = start(library, Beginning("همه"), act)
    if not isinstance(started, Started):
        raise TypeError(started)
    library.store.rest()
    shutil.copytree(folder / "library", folder / "bare")
    gone = standing[::GONE]
    times = _scans(library, started.session_id, _walk([number for number in standing if number not in set(gone)]))
    figures.scan.add_round(times)
    figures.last.add_round(times[-LAST:])
    with library.store.read() as reader:
        figures.tally.add_round([_timed(lambda: Tally(reader, started.session_id))])
    figures.shown.add_round([_timed(lambda: preview(library, started.session_id))])
    figures.closed.add_round([_timed(lambda: _close(library, started.session_id, figures))])
    _bare(library, folder / "bare", started.session_id, gone, figures)


def _walk(standing: list[int]) -> list[str]:
    """The labels in the order of the shelf, one in sixty a shelf away from its place."""
    random_ = random.Random(3)
    for place in range(WRONG, len(standing), WRONG):
        to = max(0, min(len(standing) - 1, place + random_.choice((-40, -5, 7, 200))))
        standing.insert(to, standing.pop(place))
    return [f"W-{number}" for number in standing]


def _scans(library: Library, session: UUID, labels: list[str]) -> list[float]:
    person, times = library.person(None), []
    gc.collect()
    for place, label in enumerate(labels):
        began = time.perf_counter()
        scan(library, session, label, library.act(person))
        times.append(time.perf_counter() - began)
        if place % 100 == 0:
            library.store.rest()
    return times


def _close(library: Library, session: UUID, figures: StocktakeFigures) -> None:
    def print_timed(paper: StocktakePaper) -> Printed:
        began = time.perf_counter()
        printed = print_stocktake(paper)
        figures.paper.add_round([time.perf_counter() - began])
        return printed

    outcome = close(library, session, print_timed, library.act(library.person(None)))
    if not isinstance(outcome, Closed):
        raise TypeError(outcome)
    figures.missing = int(str(outcome.figures["missing"]))


def _bare(library: Library, folder: Path, session: UUID, gone: list[int], figures: StocktakeFigures) -> None:
    """Rows bound before, each with its own commit; then the changes of the missing copies in one."""
    branch, now = library.store.branch_id, library.clock.read().at
    compiled = library.store.compiled(insert_statement(StocktakeScan))
    rows = [
        compiled.bind(
            full_row(
                StocktakeScan,
                branch,
                {"stocktake_id": session, "position": place, "code": f"W-{place}", "at": now,
                 "finding": StocktakeFinding.UNKNOWN},
            )
        )
        for place in range(SAMPLE)
    ]  # fmt: skip
    change = library.store.compiled(insert_statement(ItemStatusChange))
    with library.store.read() as reader:
        items = [copy.id for number in gone if (copy := reader.one(reads.BY_ACCESSION, key=number))]
    told = [
        change.bind(
            full_row(
                ItemStatusChange,
                branch,
                {"item_id": item, "at": now, "was": "available", "became": "missing", "why": "stocktake"},
            )
        )
        for item in items
    ]
    connection = open_file(folder / DATABASE, open_key(folder, None))
    try:
        figures.bare.add_round([_timed(partial(connection.execute, compiled.sql, row)) for row in rows])
        began = time.perf_counter()
        connection.execute("BEGIN")
        connection.executemany(change.sql, told)
        connection.executemany(MISSING_NOW, [(number,) for number in gone])
        connection.execute("COMMIT")
        figures.bare_close.add_round([time.perf_counter() - began])
    finally:
        connection.close()


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
