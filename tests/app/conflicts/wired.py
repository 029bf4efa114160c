"""Two libraries on their own files and a centre on PostgreSQL, with nothing between them but the calls of the sync."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

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
from tests.library import SET_UP, act, clock


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


@contextmanager
def wired(folder: Path, *names: str) -> Iterator[Wired]:
    """Libraries of these names, enrolled at a fresh centre."""
    with ExitStack() as stack:
        centre = stack.enter_context(fresh_centre())
        libraries = {}
        for place, name in enumerate(names):
            library, _ = found_library(folder / str(place), replace(SET_UP, name=name), SettableClock(NOW))
            stack.enter_context(library.store)
            code = issue_code(centre, library.branch.id, "آزمون").code
            key = ensure_device_key(library)
            done = enrol(library, "https://centre", code, InProcessLine(centre), key, act(library))
            assert isinstance(done, EnrolledHere), done
            libraries[name] = library
        yield Wired(centre, libraries)
    shutil.rmtree(folder, ignore_errors=True)
