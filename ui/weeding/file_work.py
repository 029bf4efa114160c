"""A file of scanned barcodes put on a draft: each line is proposed by itself and has a result of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.actions import Action
from app.imports.lines import LineEnd, LineReport, Result, refused, unreadable
from app.imports.scan_file import FaultyLine, ScanLine, Separator, scan_lines
from app.imports.scans import FAULTY, scans_of_file
from app.library import Library
from app.outcome import NotFound, Refused
from app.persian.digits import number
from app.weeding.facts import Proposal
from app.weeding.service import AlreadyListed, Listed, ListingRefused, propose
from db.act import Act
from ui.weeding.rows import MINUTES_NAME
from ui.weeding.words import book

Tell = Callable[[int, int], bool]


@dataclass(frozen=True, slots=True)
class FileDone:
    """Every line of a file with its result. `codes` are the numbers the lines named; `stopped`: the rest was left
    alone."""

    name: str
    reports: tuple[LineReport, ...]
    codes: dict[int, str]
    stopped: bool = False

    def count(self, end: LineEnd) -> int:
        """How many lines ended so."""
        return sum(report.result.end is end for report in self.reports)


def list_file(library: Library, path: Path, proposal: Proposal, act: Act, tell: Tell) -> FileDone | Refused:
    """Propose every copy of a file. `tell` hears how many lines of how many are done, and answers False to stop.

    Raises Trouble P-2101 to P-2105 where the file cannot be read.
    """
    forbidden = library.forbids(act, Action.WEED)
    if forbidden:
        return Refused(forbidden)
    scans = scans_of_file(path)
    reports: list[LineReport] = []
    codes: dict[int, str] = {}
    for line in scan_lines(scans.lines):
        match line:
            case Separator():
                continue
            case FaultyLine():
                result = unreadable(line.why, FAULTY)
            case ScanLine():
                codes[line.line] = line.code
                result = _put(library, line.code, proposal, act)
        reports.append(LineReport(line.line, line.raw, result))
        if not tell(line.line, len(scans.lines)):
            return FileDone(path.name, tuple(reports), codes, stopped=True)
    return FileDone(path.name, tuple(reports), codes)


def _put(library: Library, code: str, proposal: Proposal, act: Act) -> Result:
    outcome = propose(library, code, proposal, act)
    match outcome:
        case Listed():
            told = f"{book(outcome.copy)}. ردیف {number(outcome.position)} از {MINUTES_NAME[proposal.reason]}"
            return Result(LineEnd.DONE, LineEnd.DONE, told)
        case AlreadyListed():
            return Result(LineEnd.ALREADY, LineEnd.ALREADY, f"{book(outcome.copy)}. از پیش در همین فهرست است.")
        case ListingRefused():
            result = refused(outcome.refusals)
            return Result(result.end, result.code, f"{book(outcome.copy)}. {result.text}", result.refusals)
        case NotFound():
            return Result(LineEnd.UNKNOWN, LineEnd.UNKNOWN, "نسخه‌ای با این شماره نیست.")
