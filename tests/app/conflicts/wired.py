"""Two libraries on their own files and a centre on PostgreSQL, with nothing between them but the calls of the sync."""

import atexit
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from app.centre import Centre
from app.clock import SettableClock
from app.conflicts.projecting import project
from app.library import Library
from app.setup import found_library
from app.sync.branch.device_key import ensure_device_key
from app.sync.branch.enrolling import EnrolledHere, enrol
from app.sync.branch.rounds import sync_round
from app.sync.branch.talk import RoundState
from app.sync.centre.api import answer
from app.sync.enrolling import issue_code
from app.sync.line import Call, Reply
from tests.centres import NOW, fresh_centre
from tests.centres import reopened as reopened_centre
from tests.library import SET_UP, act, clock, reopened
from tests.postgres import cluster, copy_of


@dataclass
class InProcessLine:
    """The calls of a branch, answered by the centre in this process."""

    centre: Centre

    def send(self, call: Call, body: bytes, bearer: str = "") -> Reply:
        return answer(self.centre, call, body, bearer)


@dataclass
class Wired:
    """A centre and its libraries by name; all clocks go together."""

    centre: Centre
    libraries: dict[str, Library]

    def sync(self, *names: str) -> None:
        """A round of each library, of all if none is named."""
        for name in names or self.libraries:
            library = self.libraries[name]
            outcome = sync_round(library, InProcessLine(self.centre), ensure_device_key(library))
            assert outcome.state is RoundState.DONE, outcome

    def settle(self) -> None:
        """Rounds and looks across the branches until nothing happens any more."""
        for _ in range(8):
            self.sync()
            if project(self.centre) == 0:
                self.sync()
                return
        raise AssertionError("it does not come to rest")

    def pass_days(self, days: int) -> None:
        for library in self.libraries.values():
            clock(library).advance(days=days)
        assert isinstance(self.centre.clock, SettableClock)
        self.centre.clock.advance(days=days)


@dataclass(frozen=True, slots=True)
class Origin:
    """Closed libraries that are enrolled, a folder each by their place, and the database of their centre."""

    folder: Path
    database: str


@cache
def _origin(names: tuple[str, ...]) -> Origin:
    """Made once a run."""
    folder = Path(tempfile.mkdtemp(prefix="pishkhan-wired-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = f"wired_{hashlib.blake2b(repr(names).encode(), digest_size=6).hexdigest()}"
    with fresh_centre() as centre:
        for place, name in enumerate(names):
            library, _ = found_library(folder / str(place), replace(SET_UP, name=name), SettableClock(NOW))
            with library.store:
                code = issue_code(centre, library.branch.id, "آزمون").code
                key = ensure_device_key(library)
                done = enrol(library, "https://centre", code, InProcessLine(centre), key, act(library))
                assert isinstance(done, EnrolledHere), done
        centre.store.close()
        source = sa.make_url(centre.store.name).database
        cluster().running.make_database(database, copy_of(str(source)))
    return Origin(folder, database)


@contextmanager
def wired(folder: Path, *names: str) -> Iterator[Wired]:
    """Libraries of these names, enrolled at a fresh centre."""
    made = _origin(names)
    with ExitStack() as stack:
        centre = reopened_centre(stack.enter_context(cluster().database(copy_of(made.database))))
        stack.enter_context(centre.store)
        libraries = {}
        for place, name in enumerate(names):
            library = reopened(shutil.copytree(made.folder / str(place), folder / str(place)), NOW)
            stack.enter_context(library.store)
            libraries[name] = library
        yield Wired(centre, libraries)
    shutil.rmtree(folder, ignore_errors=True)
