"""Desks for tests: one in this process, one as the real command behind pipes."""

import datetime as dt
import json
import os
import select
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from app.calendar.rules import Weekday
from app.clock import TEHRAN, SettableClock
from app.library import Library, Person
from app.setup import SetUp, found_library
from db.codes import BranchKind, Role
from db.models.library import Staff
from server.desk.answering import answer
from server.desk.session import Session
from tests.loaded import Program

ROOT = Path(__file__).resolve().parents[3]
NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=TEHRAN)  # شنبه ۳۰ آبان ۱۴۰۵
CLOCK = NOW.isoformat()

SET_UP = SetUp(
    name="کتابخانه عمومی شهید بهشتی",
    province="مرکزی",
    county="اراک",
    city="آبگرم",
    grade="۴",
    kind=BranchKind.INSTITUTIONAL,
    space_shortage=False,
    profile="public",
    weekly_closed=frozenset({Weekday.FRIDAY}),
    official_holidays=False,
    admin_name="زهرا کریمی",
    admin_pin=None,
    passphrase=None,
)
SET_UP_FILE = """
[branch]
name = "کتابخانه عمومی شهید بهشتی"
city = "آبگرم"
[policy]
profile = "public"
[calendar]
weekly_closed = ["friday"]
holidays = "none"
[admin]
name = "زهرا کریمی"
"""

# What no person should ever read, in any answer.
FOREIGN_TO_PEOPLE = ("Traceback", "Error", "Exception", "sqlite", "msgspec", "None", "{field", "{value", "{limit")


class Desk:
    """A headless desk without its process."""

    def __init__(self, library: Library, person: Person | None = None, number: int = 1) -> None:
        self.library = library
        self.session = Session(library, person or library.person(None), number)

    def ask(self, op: str, **fields: Any) -> dict[str, Any]:
        """The answer to one request."""
        return self.send(json.dumps({"op": op, **fields}, ensure_ascii=False).encode())

    def send(self, line: bytes) -> dict[str, Any]:
        """The answer to one raw line: one line, one object."""
        told = answer(self.session, line)
        assert told.endswith(b"\n")
        assert told.count(b"\n") == 1
        return _object(told)

    def as_role(self, role: Role, name: str = "همکار") -> "Desk":
        """The same library with somebody of this role at the desk."""
        with self.library.store.write() as tx:
            tx.insert(Staff, name=name, role=role)
            tx.record("staff.added", self.session.act())
        return Desk(self.library, self.library.person(name))

    def entries(self) -> int:
        """How many journal entries there are: what a line that changes nothing leaves alone."""
        with self.library.store.read() as reader:
            (count,) = reader.run("SELECT count(*) FROM journal").fetchone()
        return int(count)


class RunningDesk:
    """The command `pishkhan desk` in a process of its own, which was loaded before."""

    def __init__(self, *options: str, data: Path | None = None, clock: str | None = CLOCK) -> None:
        where = ["--data", str(data)] if data else []
        timing = ["--test-clock", clock] if clock else []
        self.process = Program("desk", *where, *timing, *options)
        self.output = self.process.stdout.fileno()
        self._unread = b""

    def __enter__(self) -> "RunningDesk":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.end()

    def ask(self, op: str, **fields: Any) -> dict[str, Any]:
        """Send one request and wait for its answer."""
        return self.send(json.dumps({"op": op, **fields}, ensure_ascii=False).encode())

    def send(self, line: bytes) -> dict[str, Any]:
        """Send one raw line and wait for its answer."""
        self.send_all([line])
        return self.read()

    def send_all(self, lines: Iterable[bytes]) -> None:
        """Send lines without waiting."""
        self.process.stdin.write(b"".join(line + b"\n" for line in lines))
        self.process.stdin.flush()

    def read(self, seconds: float = 30) -> dict[str, Any]:
        """The next answer."""
        while b"\n" not in self._unread:
            assert select.select([self.output], [], [], seconds)[0], "no answer"
            chunk = os.read(self.output, 1 << 16)
            assert chunk, "the desk has ended"
            self._unread += chunk
        line, _, self._unread = self._unread.partition(b"\n")
        return _object(line)

    def kill(self) -> list[dict[str, Any]]:
        """End it like a power cut; returns the answers it had written whole."""
        self.process.kill()
        self.process.wait()  # before reading: a write that waits for room must not go through
        while chunk := os.read(self.output, 1 << 16):
            self._unread += chunk
        whole, _, _ = self._unread.rpartition(b"\n")
        return [_object(line) for line in whole.splitlines()]


def run(*arguments: str, lines: Sequence[bytes] = (), command: str = "desk") -> tuple[int, list[dict[str, Any]], str]:
    """Run the command over these lines: exit code, answers, standard error."""
    program = Program(command, *arguments)
    out, err = program.communicate(b"".join(line + b"\n" for line in lines))
    return program.wait(), [_object(line) for line in out.splitlines()], err.decode()


def json_lines(requests: Iterable[dict[str, Any]]) -> list[bytes]:
    """Requests as lines."""
    return [json.dumps(request).encode() for request in requests]


def found(folder: Path) -> None:
    """Make an empty library whose key is no secret."""
    library, _ = found_library(folder, SET_UP, SettableClock(NOW))
    library.store.close()


def messages(answer_: Any) -> list[str]:
    """Every message for people in an answer, at any depth."""
    if isinstance(answer_, list):
        return [text for part in answer_ for text in messages(part)]
    if not isinstance(answer_, dict):
        return []
    own = [answer_["message"]] if "message" in answer_ else []
    return own + [text for part in answer_.values() for text in messages(part)]


def says_so_in_persian(answer_: dict[str, Any]) -> bool:
    """Whether a refusal or error speaks to people: whole Persian sentences, nothing of the machine."""
    told = messages(answer_)
    return bool(told) and all(
        text.count(".") + text.count("؛") + text.count(":") >= 1
        and any("\u0600" <= char <= "\u06ff" for char in text)
        and not any(word in text for word in FOREIGN_TO_PEOPLE)
        for text in told
    )


def _object(line: bytes) -> dict[str, Any]:
    told = json.loads(line)
    assert isinstance(told, dict)
    return told
