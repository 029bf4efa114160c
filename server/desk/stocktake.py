"""Shelf-reading at the headless desk (000 §3-1-3)."""

import uuid
from pathlib import Path
from typing import Annotated, assert_never

from msgspec import Meta, field

from app.imports.scan_file import FaultyLine, ScanLine, scan_lines
from app.imports.scans import scans_of_file
from app.outcome import NotFound, Refused, Sought
from app.papers import StoredDocument, document
from app.persian.digits import number
from app.stocktake import queries, reads
from app.stocktake.closing import AlreadyClosed, Closed, close, draft, preview
from app.stocktake.facts import Noted, Scanned, Started
from app.stocktake.queries import SessionLine, last_reading
from app.stocktake.reckoning import closing_refusals
from app.stocktake.scanning import FileRead, counts, note, scan, scan_file, scanner_of
from app.stocktake.sessions import Abandoned, Beginning, abandon, start
from app.stocktake.tally import Tally
from db.codes import Condition, StocktakeState
from db.files import safe_write
from reports.stocktake import print_stocktake
from server.desk import values
from server.desk.answers import Facts, done, invalid, missing, not_found, refused, unreadable
from server.desk.keys import code, item_key
from server.desk.requests import Request
from server.desk.session import Session, say
from server.desk.stocktake_facts import (
    class_progress,
    class_read,
    copy_facts,
    lists_of,
    scanned_facts,
    state_of,
    to_hold_shelf,
)
from server.desk.values import Codes, Line, Word

TOLD_EVERY = 500
Scanner = Annotated[int, Meta(ge=1, le=99)]


class StocktakeStart(Request, kw_only=True):
    """Begin to read a range: `from` and `to` are classes or call numbers, what begins with them included."""

    name: Line
    first: Word = field(default="", name="from")
    last: Word = field(default="", name="to")
    section: Word | None = None


class StocktakeScan(Request, kw_only=True):
    """A copy on the shelf, or a file of them; `scanner` is the desk's own unless said."""

    session: uuid.UUID
    barcode: str | None = None
    file: values.Path | None = None
    scanner: Scanner | None = None
    condition: Condition | None = None


class StocktakeNote(Request, kw_only=True):
    """The condition of the copy read last."""

    session: uuid.UUID
    condition: Condition
    scanner: Scanner | None = None


class StocktakeReport(Request, kw_only=True):
    """Every list of a session, and its minutes as files: frozen ones, or a draft while it is open."""

    session: uuid.UUID
    pdf: values.Path | None = None
    xlsx: values.Path | None = None


class StocktakeClose(Request, kw_only=True):
    """Show what closing would change (`preview`), or do it. `restore`: copies that come back by choice."""

    session: uuid.UUID
    preview: bool = False
    restore: Codes = ()


class StocktakeNamed(Request, kw_only=True):
    """One session."""

    session: uuid.UUID


def begin(session: Session, request: StocktakeStart) -> Facts:
    """Open a session and freeze its list."""
    beginning = Beginning(request.name, request.first, request.last, request.section)
    outcome = start(session.library, beginning, session.act(request.key))
    match outcome:
        case Started():
            return done("started", session=outcome.session_id, name=outcome.name, expected=outcome.expected)
        case Refused():
            return refused(outcome.refusals)
        case _:
            assert_never(outcome)


def read(session: Session, request: StocktakeScan) -> Facts:
    """Read one copy, or every code of a file. Each line of a file is done once for ever: no key can stand for it."""
    if (request.barcode is None) == (request.file is None):
        return invalid("تنها یکی از «barcode» و «file» باید نوشته باشد.", "یکی را بنویسید.", "barcode")
    if request.file is not None:
        return _read_file(session, request, Path(request.file))
    key = code(request.barcode or "")
    if key is None:
        return unreadable(Sought.ITEM)
    act = session.act(request.key)
    scanner = request.scanner or scanner_of(act)
    outcome = scan(session.library, request.session, key, act, scanner, request.condition)
    match outcome:
        case Scanned():
            return done("scanned", **scanned_facts(outcome))
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def _read_file(session: Session, request: StocktakeScan, path: Path) -> Facts:
    lines = list(scan_lines(scans_of_file(path).lines))
    codes = [(line.line, line.code) for line in lines if isinstance(line, ScanLine)]
    act = session.act()
    outcome = scan_file(session.library, request.session, codes, act, request.scanner or scanner_of(act), _tell)
    match outcome:
        case FileRead():
            read_now = [line for line in outcome.lines if line.scanned is not None]
            return done(
                "read" if read_now or not outcome.lines else "already_done",
                read=len(read_now),
                already_done=len(outcome.lines) - len(read_now),
                unreadable=[line.line for line in lines if isinstance(line, FaultyLine)],
                findings={finding.value: count for finding, count in counts(outcome.lines).items()},
                lines=[{"line": line.line, **scanned_facts(line.scanned)} for line in read_now if line.scanned],
            )
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def _tell(at: int, total: int) -> bool:
    if at % TOLD_EVERY == 0:
        say(f"{number(at)} از {number(total)}")
    return True


def note_condition(session: Session, request: StocktakeNote) -> Facts:
    """Note the condition of the copy this scanner read last."""
    act = session.act(request.key)
    outcome = note(session.library, request.session, request.condition, act, request.scanner or scanner_of(act))
    match outcome:
        case Noted():
            known = {"scan": outcome.scan_id, "condition": outcome.condition, **copy_facts(outcome.copy)}
            return done("already_done" if outcome.already else "noted", **known)
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def report(session: Session, request: StocktakeReport) -> Facts:
    """Every list and every number of a session; the minutes into files where they are named."""
    for name, path in (("pdf", request.pdf), ("xlsx", request.xlsx)):
        if path is not None and Path(path).suffix.lower() != f".{name}":
            return invalid(f"نام فایل «{name}» باید به ‎.{name}‎ پایان یابد.", "نام فایل را درست کنید.", name)
    with session.library.store.read() as reader:
        known = reads.session_of(reader, request.session)
        if known is None:
            return not_found(Sought.STOCKTAKE)
        frozen = [document(reader, kept) for kept in (known.document_id, known.sheet_id) if kept is not None]
        told = state_of(SessionLine(known, 0, 0)) | dict(known.figures or {})
        if known.state is StocktakeState.OPEN:
            told |= class_progress(Tally(reader, known.id).progress().classes)
    if known.state is not StocktakeState.CLOSED:
        reckoning = preview(session.library, request.session)
        told |= lists_of(reckoning) if reckoning else {}
    told |= _write(session, request, [paper for paper in frozen if paper is not None])
    return done("report", **told)


def _write(session: Session, request: StocktakeReport, frozen: list[StoredDocument]) -> Facts:
    """The frozen bytes, or a draft made now."""
    if request.pdf is None and request.xlsx is None:
        return {"draft": not frozen}
    if frozen:
        pdf, xlsx = (paper.content for paper in frozen)
    else:
        made = draft(session.library, request.session, print_stocktake, session.act())
        pdf, xlsx = (made.pdf, made.xlsx) if made else (b"", b"")
    for path, content in ((request.pdf, pdf), (request.xlsx, xlsx)):
        if path is not None:
            safe_write(Path(path), content)
    return {"draft": not frozen}


def finish(session: Session, request: StocktakeClose) -> Facts:
    """Close a session in one deed, or show what that would change."""
    chosen = _chosen(session, request)
    if isinstance(chosen, dict):
        return chosen
    if request.preview:
        return _preview(session, request, chosen)
    outcome = close(session.library, request.session, print_stocktake, session.act(request.key), chosen)
    match outcome:
        case Closed():
            return done(
                "closed", **outcome.figures, session=outcome.session_id, pages=outcome.pages, sha256=outcome.sha256,
                kept_for_readers=to_hold_shelf(outcome.kept), credit=outcome.credit, cancelled=outcome.cancelled,
                due_now=["weeding", "binding"],
            )  # fmt: skip
        case AlreadyClosed():
            return done("already_done", session=outcome.session.id, **dict(outcome.session.figures or {}))
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def _preview(session: Session, request: StocktakeClose, chosen: list[uuid.UUID]) -> Facts:
    reckoning = preview(session.library, request.session)
    if reckoning is None:
        return not_found(Sought.STOCKTAKE)
    against = tuple(closing_refusals(reckoning, chosen, session.act()))
    if against:
        return refused(against)
    return done("preview", session=request.session, **lists_of(reckoning))


def _chosen(session: Session, request: StocktakeClose) -> list[uuid.UUID] | Facts:
    """The ids of the copies named; the answer itself where one is none."""
    found: list[uuid.UUID] = []
    for named in request.restore:
        key = item_key(session, named)
        with session.library.store.read() as reader:
            copy = reads.find_copy(reader, key) if key else None
        if copy is None:
            return not_found(Sought.ITEM) | {"item": named}
        found.append(copy.id)
    return found


def give_up(session: Session, request: StocktakeNamed) -> Facts:
    """End a session without any consequence."""
    outcome = abandon(session.library, request.session, session.act(request.key))
    match outcome:
        case Abandoned():
            return done("already_done" if outcome.already else "abandoned", session=outcome.session_id)
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def list_all(session: Session, _: Request) -> Facts:
    """Every session, and when each class was read last."""
    with session.library.store.read() as reader:
        lines, last = queries.sessions(reader), last_reading(reader)
    due = {reading.main_class for reading in last.due(session.act().day)}
    return done(
        "sessions",
        rows=[state_of(line) | {"expected": line.expected, "seen": line.seen} for line in lines],
        classes=[class_read(reading, due) for reading in last.classes],
    )
