"""Scans collected away from the desk: taken back, counted as used in the hall, or lent, each line by itself."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.actions import Action
from app.catalogue.importing.encodings import TextLine
from app.catalogue.isbn import valid_isbn13
from app.circulation import reads
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.imports.lines import (
    MOST_BYTES,
    MOST_LINES,
    LineEnd,
    LineReport,
    LinesDone,
    Once,
    Result,
    Tell,
    read_text,
    refused,
    unreadable,
    write_side_file,
)
from app.imports.results import of_loan, of_return
from app.imports.scan_file import FaultyLine, ScanLine, Separator, scan_lines
from app.library import Library
from app.outcome import Refused
from app.refusal import Refusal
from db.act import Act
from db.trouble import Trouble

OLDEST_DAYS = 60
"""A scan older than this was dated by a device whose clock has lost its battery: it would erase the fine."""
NOBODY = "نه عضوی با این شماره هست و نه نسخه‌ای. کتاب‌های پس از آن تا کارت بعدی به کسی داده نشد."
FAULTY = "در این سطر یک کد خوانا نیست؛ آن را با دست وارد کنید."


class Mode(StrEnum):
    """What the scans are."""

    CHECKIN = "checkin"
    CHECKOUT = "checkout"
    USE = "use"


@dataclass(frozen=True, slots=True)
class Scans:
    """The lines of a file or of what was pasted; `digest` tells one file from another."""

    lines: Sequence[TextLine]
    digest: str
    name: str


def scans_of_file(path: Path) -> Scans:
    """The scans in a text file. Raises Trouble P-2101 to P-2105."""
    lines, digest = read_text(path)
    return Scans(lines, digest, path.stem)


def scans_of_text(text: str) -> Scans:
    """Scans that were pasted, or sent by a device over its cable. Raises Trouble P-2103 where they are too many."""
    lines = [TextLine(number, line) for number, line in enumerate(text.splitlines(), 1)]
    content = text.encode("utf-8", "replace")
    if len(content) > MOST_BYTES or len(lines) > MOST_LINES:
        raise Trouble("P-2103", path="", reason="lines", most=MOST_LINES)
    return Scans(lines, hashlib.sha256(content).hexdigest(), "scans")


def do_scans(
    library: Library,
    scans: Scans,
    mode: Mode,
    act: Act,
    side_folder: Path | None,
    tell: Tell = lambda _done, _total: True,
) -> LinesDone | Refused:
    """Do every scan, and keep in `side_folder`, if there is one, what could not be done.

    A return is dated back to the day of its scan. Loans need the card of a reader before the copies; another card goes
    on with another reader, a separator or anything unknown ends the work for this one. Raises Trouble P-120x.
    """
    forbidden = library.forbids(act, Action.LEND)
    if forbidden:
        return Refused(forbidden)
    work = _Work(library, mode, act, scans.digest)
    reports: list[LineReport] = []
    stopped = False
    for line in scan_lines(scans.lines):
        result = work.do(line)
        if result is not None:
            reports.append(LineReport(line.line, line.raw, result))
        if not tell(line.line, len(scans.lines)):
            stopped = True
            break
    work.once.remember()
    side = write_side_file(side_folder / f"{scans.name}-{scans.digest[:8]}.jsonl", reports) if side_folder else ()
    return LinesDone(tuple(reports), side, stopped)


class _Work:
    """Goes from line to line, and knows the reader of the moment and what was scanned before."""

    def __init__(self, library: Library, mode: Mode, act: Act, digest: str) -> None:
        self._library, self._mode, self._act, self._digest = library, mode, act, digest
        self.once = Once(library, act, "scan")
        self._reader = ""
        self._seen: set[tuple[str, str, dt.date | None]] = set()

    def do(self, line: ScanLine | Separator | FaultyLine) -> Result | None:
        """What became of a line; None for a separator."""
        match line:
            case Separator():
                self._reader = ""
                return None
            case FaultyLine():
                self._reader = ""
                return unreadable(line.why, FAULTY)
            case ScanLine():
                return self._scan(line)

    def _scan(self, line: ScanLine) -> Result:
        if not self._is_believable(line.day):
            return refused((Refusal("scan.day", limit=OLDEST_DAYS, facts={"scanned_on": line.day}),))
        if self._mode is Mode.CHECKOUT:
            switched = self._switch(line.code)
            if switched is not None:
                return switched
        double = (self._reader, line.code, line.day)
        if double in self._seen:
            return Result(LineEnd.ALREADY, LineEnd.ALREADY, "همین کد در سطرهای پیشین این فایل آمده است.")
        result = self.once.do(self._said(line), lambda act: self._done(line, act))
        if result.end in (LineEnd.DONE, LineEnd.ALREADY):
            self._seen.add(double)
        return result

    def _is_believable(self, day: dt.date | None) -> bool:
        return day is None or self._act.day - dt.timedelta(OLDEST_DAYS) <= day <= self._act.day

    def _said(self, line: ScanLine) -> tuple[str, ...]:
        """What makes this line itself. Without a moment the same codes may come again on another day."""
        when = line.moment or f"{self._digest} {self._act.day}"
        return (self._mode, self._reader, line.code, when)

    def _switch(self, code: str) -> Result | None:
        """A card begins the work for its reader; None for a copy. What is neither may be a card nobody knows, so the
        copies after it are nobody's."""
        with self._library.store.read() as reader:
            member = reads.find_member(reader, code)
            labelled = reader.one(reads.BY_BARCODE, key=code) is not None
            is_copy = labelled or reads.find_item(reader, code) is not None or valid_isbn13(code) is not None
        if member is None and is_copy:
            return None
        self._reader = ""
        if member is None:
            return Result(LineEnd.UNKNOWN, "not_found", NOBODY)
        if labelled:
            return refused((Refusal("scan.ambiguous", facts={"scanned": code}),))
        self._reader = code
        return Result(LineEnd.READER, LineEnd.READER, f"امانت برای {member.name}")

    def _done(self, line: ScanLine, act: Act) -> Result:
        match self._mode:
            case Mode.CHECKIN:
                return of_return(check_in(self._library, CheckinRequest(line.code, line.day), act))
            case Mode.USE:
                return self._use(line, act)
            case Mode.CHECKOUT:
                if not self._reader:
                    return refused((Refusal("scan.no_member"),))
                return of_loan(check_out(self._library, CheckoutRequest(self._reader, line.code, out_on=line.day), act))

    def _use(self, line: ScanLine, act: Act) -> Result:
        """A copy read in the hall. One that is lent lies there for another reason, and stays lent."""
        with self._library.store.read() as reader:
            item = reads.find_item(reader, line.code)
            lent = item is not None and reads.open_loan_of(reader, item) is not None
        if lent:
            return refused((Refusal("scan.on_loan"),))
        return of_return(check_in(self._library, CheckinRequest(line.code), act))
