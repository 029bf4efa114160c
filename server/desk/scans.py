"""Files whose lines are work of the desk: scans of a memory scanner, and Koha's offline files. Each line is told."""

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from app.imports.koc import open_koc, take_in_koc
from app.imports.lines import LineEnd, LineReport, LinesDone
from app.imports.scans import Mode, do_scans, scans_of_file, scans_of_text
from app.outcome import Refused
from app.persian.digits import number
from server.desk import values
from server.desk.answers import Facts, done, invalid, reason, refused
from server.desk.requests import Request
from server.desk.session import Session, say

SIDE_FOLDER = "imports"
TOLD_EVERY = 500
COUNTED = (LineEnd.DONE, LineEnd.ALREADY, LineEnd.REFUSED, LineEnd.UNKNOWN, LineEnd.UNREADABLE)


class ScansRead(Request, kw_only=True):
    """Do the scans in a file, or those written here."""

    mode: Mode
    file: values.Path | None = None
    text: Annotated[str, Meta(max_length=400_000)] | None = None


def read(session: Session, request: ScansRead) -> Facts:
    """Take back, count or lend what was scanned elsewhere.

    It is many transactions, so a key cannot stand for it; every line stands for itself.
    """
    folder: Path | None
    if request.file is not None and request.text is None:
        path = Path(request.file)
        scans, folder = scans_of_file(path), side_folder(session, path)
    elif request.text is not None and request.file is None:
        scans, folder = scans_of_text(request.text), _beside_data(session)
    else:
        return invalid("تنها یکی از «file» و «text» باید نوشته باشد.", "یکی را بنویسید.", "file")
    return told("read", do_scans(session.library, scans, request.mode, session.act(), folder, _tell))


def take_in(session: Session, path: Path) -> Facts:
    """Take in a file of Koha's offline tool."""
    return told(
        "imported", take_in_koc(session.library, open_koc(path), session.act(), side_folder(session, path), _tell)
    )


def side_folder(session: Session, path: Path) -> Path:
    """Beside the data of a branch; beside the file itself where the data are on a server."""
    return _beside_data(session) or path.parent / SIDE_FOLDER


def _beside_data(session: Session) -> Path | None:
    store = session.library.store
    return Path(store.name).parent / SIDE_FOLDER if store.is_file else None


def _tell(line: int, total: int) -> bool:
    if line % TOLD_EVERY == 0:
        say(f"{number(line)} از {number(total)}")
    return True


def told(outcome: str, read_lines: LinesDone | Refused) -> Facts:
    """Numbers, side files, and every line."""
    if isinstance(read_lines, Refused):
        return refused(read_lines.refusals)
    counts = {end.value: read_lines.count(end) for end in COUNTED}
    nothing_new = counts[LineEnd.ALREADY] > 0 and sum(counts.values()) == counts[LineEnd.ALREADY]
    return done(
        "already_done" if nothing_new else outcome,
        read=len(read_lines.reports),
        **counts,
        side_file=str(read_lines.side_files[0]) if read_lines.side_files else None,
        side_files=[str(file) for file in read_lines.side_files],
        lines=[_line(report) for report in read_lines.reports],
    )


def _line(report: LineReport) -> Facts:
    result = report.result
    facts: Facts = {"line": report.line, "outcome": result.end, "code": result.code, "message": result.text}
    if result.refusals:
        facts["refusals"] = [reason(refusal) for refusal in result.refusals]
    return facts
