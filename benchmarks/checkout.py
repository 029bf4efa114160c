"""P1: the checkout use case against the very statements it runs, executed by hand on bare sqlcipher3.

Both sides start from copies of one database and write the same rows after the same reads; the rounds interleave. The
bare side is given every statement and every bound value ready made, so it shows what driver, cipher and disk cost
alone.
"""

import gc
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.outcomes import CheckedOut
from app.clock import SettableClock
from app.library import Library, Person
from benchmarks.figures import Timings, ratio
from benchmarks.sample import START, make_library
from db.connect import file_engine, open_file
from db.keys import open_key
from db.opening import open_library
from db.store import DATABASE, Store

OPERATIONS, ROUNDS, WARM_UP = 1_000, 7, 100
Statements = list[tuple[str, Any]]


class Recorder:
    """A driver connection that notes what is run on it."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.notes: Statements = []

    def execute(self, sql: str, parameters: Any = ()) -> Any:
        """Note and run."""
        self.notes.append((sql, parameters))
        return self._connection.execute(sql, parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@dataclass(frozen=True)
class CheckoutFigures:
    """Both sides, microseconds."""

    use_case: Timings
    bare: Timings

    @property
    def throughput(self) -> float:
        """Use case over bare, by sum of single times, median of rounds."""
        return ratio(self.bare, self.use_case)


def measure(folder: Path) -> CheckoutFigures:
    """Run all rounds in `folder`."""
    origin = folder / "origin"
    library = make_library(origin, titles=OPERATIONS + WARM_UP, members=(OPERATIONS + WARM_UP) // 4 + 1)
    library.store.close()
    script = record(_fresh(origin, folder / "recorded"))
    use_case, bare = Timings(), Timings()
    for _ in range(ROUNDS):
        use_case.add_round(run_use_case(_fresh(origin, folder / "used")))
        bare.add_round(run_bare(_fresh(origin, folder / "bare"), script))
    return CheckoutFigures(use_case, bare)


def _fresh(origin: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(origin, target)
    return target


def request(number: int) -> CheckoutRequest:
    """The copy of this number for one of the members, four copies each."""
    return CheckoutRequest(f"M-{number // 4 + 1:06d}", f"RAF-{number + 1:06d}")


def record(folder: Path) -> list[Statements]:
    """The statements of every checkout."""
    key = open_key(folder, None)
    path = folder / DATABASE
    recorder = Recorder(open_file(path, key))
    readers = file_engine(lambda: open_file(path, key, read_only=True))
    store = Store(file_engine(lambda: recorder), readers, str(path))
    store.know_identity()
    library = Library(store, SettableClock(START))
    person = library.person(None)
    _ = (
        library.policy,
        library.calendar,
        library.branch,
        library.overrides(person.role),
    )  # read once, not a checkout's
    script = []
    for number in range(OPERATIONS + WARM_UP):
        recorder.notes = []
        _lend(library, person, number)
        script.append(recorder.notes)
    store.close()
    return script


def run_use_case(folder: Path) -> list[float]:
    """Seconds of each checkout through the use case."""
    store = open_library(folder, None)
    library = Library(store, SettableClock(START))
    person = library.person(None)
    try:
        return _timed(lambda number: _lend(library, person, number), rest=store.rest)
    finally:
        store.close()


def run_bare(folder: Path, script: list[Statements]) -> list[float]:
    """Seconds of each checkout as bare statements."""
    connection = open_file(folder / DATABASE, open_key(folder, None))

    def run(number: int) -> None:
        for sql, parameters in script[number]:
            cursor = connection.execute(sql, parameters)
            if cursor.description:
                cursor.fetchone()

    def rest() -> None:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    try:
        return _timed(run, rest)
    finally:
        connection.close()


def _timed(run: Callable[[int], None], rest: Callable[[], None]) -> list[float]:
    """Every hundred operations the log is folded in, outside the timing."""
    times = []
    gc.collect()
    for number in range(OPERATIONS + WARM_UP):
        start = time.perf_counter()
        run(number)
        times.append(time.perf_counter() - start)
        if number % 100 == 0:
            rest()
    return times[WARM_UP:]


def _lend(library: Library, person: Person, number: int) -> None:
    outcome = check_out(library, request(number), library.act(person))
    if not isinstance(outcome, CheckedOut):
        raise TypeError(outcome)
