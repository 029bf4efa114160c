"""Files whose lines are work of the desk: each line is done by itself and told by itself.

A line that was done leaves a key made of what it says, so the same file again does nothing twice: neither what is done,
nor what stood so already when the file came the first time.
"""

import contextlib
import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa

from app.catalogue.importing.encodings import TextLine, encoding_of, looks_like_utf16, text_lines
from app.library import Library
from app.refusal import Refusal
from app.wording import message
from db.act import Act
from db.files import safe_write
from db.frozen import Frozen
from db.models.sync import DoneRequest
from db.reading import Reader
from db.trouble import StaleRowError, Trouble
from db.writing import INSERT_REQUEST

MOST_BYTES = 5 * 1024 * 1024
MOST_LINES = 20_000
TRIES = 5
NO_ENTRY = uuid.UUID(int=0)
SAMPLE = 1 << 16
NO_TEXT = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG")
DONE_BEFORE = Frozen(sa.select(DoneRequest.key).where(DoneRequest.key == sa.bindparam("key")), lambda key: key)
DONE_BEFORE_TEXT = "این سطر پیش‌تر انجام شده است؛ چیزی دو بار ثبت نشد."
Tell = Callable[[int, int], bool]
"""Told how many lines of how many are done; answers False to stop."""


class LineEnd(StrEnum):
    """What became of a line."""

    DONE = "done"
    ALREADY = "already_done"
    REFUSED = "refused"
    UNKNOWN = "not_found"
    UNREADABLE = "unreadable"
    READER = "member"
    """It named the reader to whom the next ones are lent."""


NOT_DONE = frozenset({LineEnd.REFUSED, LineEnd.UNKNOWN, LineEnd.UNREADABLE})


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one line: `code` is that of the outcome or of the first refusal, `text` Persian words."""

    end: LineEnd
    code: str
    text: str
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class LineReport:
    """One line with its result; `raw` is the line word for word, hostile text."""

    line: int
    raw: str
    result: Result


@dataclass(frozen=True, slots=True)
class LinesDone:
    """Every line with its result, and the files that keep what was not done. `stopped`: the rest was left alone."""

    reports: tuple[LineReport, ...]
    side_files: tuple[Path, ...] = ()
    stopped: bool = False

    def count(self, end: LineEnd) -> int:
        """How many lines ended so."""
        return sum(report.result.end is end for report in self.reports)


def refused(refusals: Sequence[Refusal]) -> Result:
    """Rules speak against it: every reason in one text."""
    return Result(
        LineEnd.REFUSED, refusals[0].code, " ".join(message(refusal) for refusal in refusals), tuple(refusals)
    )


def unreadable(why: str, text: str) -> Result:
    """The line says nothing that can be done."""
    return Result(LineEnd.UNREADABLE, why, text)


class Once:
    """Does lines at most once for ever, and remembers those that needed no doing."""

    def __init__(self, library: Library, act: Act, kind: str) -> None:
        self._library, self._act, self._kind = library, act, kind
        self._seen: Counter[str] = Counter()
        self._already: list[str] = []

    def do(self, line: Sequence[str], work: Callable[[Act], Result]) -> Result:
        """Do a line that says `line`, unless it was done before; a line repeated in the file is another one."""
        key = self._key(line)
        with self._library.store.read() as reader:
            if _is_done(reader, key):
                return Result(LineEnd.ALREADY, LineEnd.ALREADY, DONE_BEFORE_TEXT)
        result = self._try(work, replace(self._act, stamp=self._library.clock.read(), key=key))
        if result.end is LineEnd.ALREADY:
            self._already.append(key)
        return result

    def remember(self) -> None:
        """What stood so already would be done again once it is over: a loan given back, a use counted anew."""
        if not self._already:
            return
        with self._library.store.write() as tx:
            for key in self._already:
                if not _is_done(tx, key):
                    tx.execute(INSERT_REQUEST, key=key, eid=NO_ENTRY)

    def _try(self, work: Callable[[Act], Result], act: Act) -> Result:
        """Another desk may be faster: asked again, the answer is right."""
        for _ in range(TRIES):
            with contextlib.suppress(StaleRowError):
                return work(act)
        return work(act)

    def _key(self, line: Sequence[str]) -> str:
        said = json.dumps(list(line), ensure_ascii=True)
        self._seen[said] += 1
        return f"{self._kind}:{hashlib.sha256(f'{said} {self._seen[said]}'.encode()).hexdigest()}"


def _is_done(reader: Reader, key: str) -> bool:
    return reader.one(DONE_BEFORE, key=key) is not None


def read_text(path: Path) -> tuple[list[TextLine], str]:
    """The lines of a text file and its digest (SHA-256).

    Raises Trouble P-2101 where it cannot be opened, P-2102 where it is no text, P-2103 where it is too big, P-2104
    where it is empty, P-2105 where its encoding cannot be told.
    """
    try:
        if not path.is_file():  # a device or a pipe would be read for ever
            raise Trouble("P-2101", path=path)
        if path.stat().st_size > MOST_BYTES:
            raise Trouble("P-2103", path=path, reason="bytes", most=MOST_BYTES)
        content = path.read_bytes()
        _check_text(path, content)
        lines = list(text_lines(path, encoding_of(path)))
    except OSError as error:
        raise Trouble("P-2101", path=path) from error
    if len(lines) > MOST_LINES:
        raise Trouble("P-2103", path=path, reason="lines", most=MOST_LINES)
    return lines, hashlib.sha256(content).hexdigest()


def _check_text(path: Path, content: bytes) -> None:
    if not content.strip():
        raise Trouble("P-2104", path=path)
    if content.startswith(NO_TEXT) or (b"\x00" in content and not looks_like_utf16(content[:SAMPLE])):
        raise Trouble("P-2102", path=path, wanted="text")


def write_side_file(path: Path, reports: Iterable[LineReport]) -> tuple[Path, ...]:
    """Keep what was not done, one JSON line for each: line, code, Persian reason, and the line word for word.

    Raises Trouble P-120x.
    """
    content = b"".join(_side_lines(reports))
    if not content:
        return ()
    path.parent.mkdir(parents=True, exist_ok=True)
    safe_write(path, content)
    return (path,)


def _side_lines(reports: Iterable[LineReport]) -> Iterator[bytes]:
    for report in reports:
        if report.result.end in NOT_DONE:
            told = {
                "line": report.line,
                "code": report.result.code,
                "reason": report.result.text,
                "raw": report.raw,
            }
            yield json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
