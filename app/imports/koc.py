"""Taking in files of Koha's offline circulation tool, with every rule asked that the desk asks.

Koha itself runs no checks on them and drops what does not fit; here each line is done, done already, refused with all
its reasons, or unknown, and what was not done is kept beside the data to be mended and taken in again.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.accounts.payments import Payment, pay
from app.actions import Action
from app.catalogue.importing.encodings import TextLine
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.imports.koc_file import Command, FaultyLine, KocLine, is_koc, koc_lines
from app.imports.lines import (
    NOT_DONE,
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
from app.imports.results import of_loan, of_payment, of_return
from app.library import Library
from app.outcome import Refused
from app.refusal import Refusal
from db.act import Act
from db.files import safe_write
from db.trouble import Trouble

FAULTY = {
    "moment": "زمان این سطر خوانده نشد؛ باید مانند 2026-11-21 10-30-00 250 باشد.",
    "command": "کار این سطر شناخته نیست؛ تنها issue، return و payment پذیرفته است.",
    "columns": "شمار ستون‌های این سطر درست نیست.",
    "code": "شمارهٔ کارت یا بارکد این سطر خوانا نیست؛ آن را با دست ثبت کنید.",
    "amount": "کارت یا مبلغ این سطر درست نیست؛ مبلغ باید عدد درست و به ریال باشد.",
}


@dataclass(frozen=True, slots=True)
class KocFile:
    """The lines of a file of the tool, its heading first."""

    path: Path
    lines: Sequence[TextLine]
    digest: str


def open_koc(path: Path) -> KocFile:
    """Read a file of the tool. Raises Trouble P-2101 to P-2105; P-2102 also where it does not begin as they do."""
    lines, digest = read_text(path)
    if not is_koc(lines):
        raise Trouble("P-2102", path=path, wanted="koc")
    return KocFile(path, lines, digest)


def take_in_koc(
    library: Library, file: KocFile, act: Act, side_folder: Path, tell: Tell = lambda _done, _total: True
) -> LinesDone | Refused:
    """Do every line in its order, on the day it was written; the same file again does nothing twice.

    Raises Trouble P-120x where the side files cannot be written; what was done stays done.
    """
    forbidden = library.forbids(act, Action.IMPORT)
    if forbidden:
        return Refused(forbidden)
    once = Once(library, act, "koc")
    reports: list[LineReport] = []
    stopped = False
    for line in koc_lines(file.lines):
        result = _result(library, line, once, act.day)
        reports.append(LineReport(line.line, line.raw, result))
        if not tell(line.line, len(file.lines)):
            stopped = True
            break
    once.remember()
    return LinesDone(tuple(reports), _keep_undone(file, reports, side_folder), stopped)


def _result(library: Library, line: KocLine | FaultyLine, once: Once, today: dt.date) -> Result:
    if isinstance(line, FaultyLine):
        return unreadable(line.why, FAULTY[line.why])
    if line.day > today:
        return refused((Refusal("koc.day_ahead", facts={"day": line.day}),))
    return once.do(line.facts, lambda act: _done(library, line, act))


def _done(library: Library, line: KocLine, act: Act) -> Result:
    match line.command:
        case Command.ISSUE:
            return of_loan(check_out(library, CheckoutRequest(line.card, line.barcode, out_on=line.day), act))
        case Command.RETURN:
            return of_return(check_in(library, CheckinRequest(line.barcode, line.day), act))
        case Command.PAYMENT:
            return of_payment(pay(library, Payment(line.card, line.amount), act))


def _keep_undone(file: KocFile, reports: Sequence[LineReport], folder: Path) -> tuple[Path, ...]:
    """The reasons as JSON lines, and beside them a file of the tool with the lines themselves."""
    path = folder / f"{file.path.stem}-{file.digest[:8]}.jsonl"
    written = write_side_file(path, reports)
    if not written:
        return ()
    undone = [report.raw for report in reports if report.result.end in NOT_DONE]
    again = path.with_suffix(".koc")
    content = "".join(f"{text}\n" for text in (file.lines[0].text, *undone))
    safe_write(again, content.encode("utf-8", "replace"))
    return (*written, again)
