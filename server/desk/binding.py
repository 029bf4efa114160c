"""Binding requests at the headless desk (002 م13)."""

import re
import uuid
from typing import Annotated

from msgspec import Meta

from app.binding import queries, reads
from app.binding.facts import RequestFacts, RowFacts
from app.binding.queries import FrozenPaper, RequestLine
from app.binding.receiving import BackFromBindery, RequestReceived, note_bill, receive_copy, receive_request
from app.binding.sending import Cancelled, Dispatched, Sending, cancel, dispatch
from app.binding.service import (
    AddedToRequest,
    Letter,
    Requested,
    Struck,
    add_to_request,
    finalise,
    note_letter,
    strike_from_request,
)
from app.outcome import NotFound, Refused, Sought
from app.persian.digits import typed
from app.persian.text import clean
from app.refusal import Answer
from db.codes import BindingOutcome
from reports.forms.binding import print_request
from server.desk.answers import Facts, done, invalid, missing, not_found, refused, unreadable
from server.desk.keys import item_key
from server.desk.once import is_done
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Codes, Day, Line, Name, Rial, Word, day

NUMBER = re.compile(r"[0-9]{4}/[0-9]{1,6}")


class BindingAsk(Request, kw_only=True):
    """Put copies on the draft request; `final`: and give it its number."""

    items: Annotated[tuple[str, ...], Meta(max_length=500)] = ()
    work: Line | None = None
    final: bool = False
    letter_no: Word | None = None
    letter_on: Day | None = None
    confirm: Codes = ()


class BindingFinal(Request, kw_only=True):
    """Give the draft its number and freeze it."""

    letter_no: Word | None = None
    letter_on: Day | None = None


class BindingLetter(Request, kw_only=True):
    """The letter that a request went with; `request` is its id or its number."""

    request: Word
    letter_no: Word | None = None
    letter_on: Day | None = None


class BindingDispatch(Request, kw_only=True):
    """The books leave. `status_now`: «در حال صحّافی» at once."""

    request: Word
    sent_on: Day | None = None
    promised_days: int | None = None
    outsourced_to: Name | None = None
    status_now: bool | None = None
    confirm: Codes = ()


class BindingReceive(Request, kw_only=True):
    """A copy is back, or all of a request that are still away."""

    item: str | None = None
    request: Word | None = None
    outcome: BindingOutcome = BindingOutcome.BOUND
    cost: Rial | None = None
    received_on: Day | None = None
    confirm: Codes = ()


class BindingBill(Request, kw_only=True):
    """What the bindery asks for a whole request; left out, it is taken away."""

    request: Word
    cost: Rial | None = None


class BindingCancel(Request, kw_only=True):
    """A request is given up before its books have left."""

    request: Word
    reason: Line = ""


class BindingNamed(Request, kw_only=True):
    """A request by its id or number; without one the draft."""

    request: Word | None = None


class OfCopy(Request, kw_only=True):
    """A copy."""

    item: str


def ask(session: Session, request: BindingAsk) -> Facts:
    """Put copies on the draft, a line for each, and with `final` number it if none was refused. Each copy is a
    transaction of its own, and so is its key."""
    if not request.items and not request.final:
        return invalid("«items» خالی است.", "نسخه‌ها را بنویسید، یا برای شماره دادن «final» را.", "items")
    lines = [_listed(session, request, scanned, place) for place, scanned in enumerate(request.items, 1)]
    outcomes = {line["outcome"] for line in lines}
    if outcomes - {"listed", "already_done"}:
        reasons = [reason for line in lines for reason in line.get("refusals", ())]
        told = done("listed", lines=lines) if "listed" in outcomes else refused(()) | {"refusals": reasons}
        return told | {"lines": lines}
    if request.final:
        return _finalised(session, Letter(request.letter_no, day(request.letter_on)), request.key) | {"lines": lines}
    return done("listed" if "listed" in outcomes else "already_done", lines=lines)


def _listed(session: Session, request: BindingAsk, scanned: str, place: int) -> Facts:
    item, key = item_key(session, scanned), f"{request.key}#{place}" if request.key else None
    if item is None:
        return unreadable(Sought.ITEM) | {"item": clean(scanned, 64)}
    if key is not None and _was_done(session, key):
        return done("already_done", item=item)
    answer = Answer(confirm=frozenset(request.confirm))
    outcome = add_to_request(session.library, item, session.act(key), request.work, answer)
    match outcome:
        case AddedToRequest(copy=copy):
            facts = {"request": outcome.request_id, "row": outcome.position, "item": copy.id, "title": copy.title}
            word = "already_done" if outcome.already else "listed"
            return done(word, barcode=copy.barcode, awaited=outcome.awaited, **facts)
        case Refused():
            return refused(outcome.refusals, item=item)
        case NotFound():
            return missing(outcome) | {"item": item}


def _was_done(session: Session, key: str) -> bool:
    with session.library.store.read() as reader:
        return is_done(reader, key)


def final(session: Session, request: BindingFinal) -> Facts:
    """Give the draft its number and freeze it, with its PDF and Excel files, in one transaction."""
    return _finalised(session, Letter(request.letter_no, day(request.letter_on)), request.key)


def _finalised(session: Session, letter: Letter, key: str | None) -> Facts:
    outcome = finalise(session.library, print_request, session.act(key), letter)
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return _requested(outcome)


def _requested(outcome: Requested) -> Facts:
    return done(
        "requested",
        request=outcome.request_id,
        number=outcome.number,
        due=outcome.due_on,
        rows=outcome.rows,
        pages=outcome.pages,
        sha256=outcome.sha256,
    )


def strike(session: Session, request: OfCopy) -> Facts:
    """Take a copy off the draft."""
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    outcome = strike_from_request(session.library, item, session.act(request.key))
    if isinstance(outcome, Struck):
        return done("struck", request=outcome.request_id, item=outcome.copy.item_id, barcode=outcome.copy.barcode)
    return not_done(outcome)


def letter(session: Session, request: BindingLetter) -> Facts:
    """Write down number and date of the letter to the head of the county."""
    request_id = named_request(session, request.request)
    if request_id is None:
        return not_found(Sought.BINDING)
    written = Letter(request.letter_no, day(request.letter_on))
    outcome = note_letter(session.library, request_id, written, session.act(request.key))
    return done("noted", **_facts(outcome)) if isinstance(outcome, RequestFacts) else not_done(outcome)


def send(session: Session, request: BindingDispatch) -> Facts:
    """The books leave with the request."""
    request_id = named_request(session, request.request)
    if request_id is None:
        return not_found(Sought.BINDING)
    sending = Sending(day(request.sent_on), request.promised_days, request.outsourced_to, request.status_now)
    answer = Answer(confirm=frozenset(request.confirm))
    outcome = dispatch(session.library, request_id, sending, session.act(request.key), answer)
    if not isinstance(outcome, Dispatched):
        return not_done(outcome)
    behind = [row.barcode for row in outcome.behind]
    return done("dispatched", sent=outcome.sent, behind=behind, changed=outcome.changed, **_facts(outcome.request))


def receive(session: Session, request: BindingReceive) -> Facts:
    """A copy is back, or all that are still away."""
    if (request.item is None) == (request.request is None):
        return invalid("تنها یکی از «item» و «request» باید نوشته باشد.", "یکی را بنویسید.", "item")
    act, came_on = session.act(request.key), day(request.received_on)
    if request.request is not None:
        request_id = named_request(session, request.request)
        if request_id is None:
            return not_found(Sought.BINDING)
        whole = receive_request(session.library, request_id, request.outcome, act, request.cost, came_on)
        if not isinstance(whole, RequestReceived):
            return not_done(whole)
        word = "already_done" if whole.already else "received"
        return done(word, copies=whole.copies, held=whole.held, left=0, **_facts(whole.request))
    item = item_key(session, request.item or "")
    if item is None:
        return unreadable(Sought.ITEM)
    answer = Answer(confirm=frozenset(request.confirm))
    outcome = receive_copy(session.library, item, request.outcome, act, request.cost, came_on, answer)
    return _back(outcome) if isinstance(outcome, BackFromBindery) else not_done(outcome)


def _back(outcome: BackFromBindery) -> Facts:
    keeper = {"hold_for": outcome.hold_for.id} if outcome.hold_for else {}
    told = {"copy": _row(outcome.row), "left": outcome.left, **keeper, **_facts(outcome.request)}
    return done("already_done" if outcome.already else "received", **told)


def bill(session: Session, request: BindingBill) -> Facts:
    """Write down what the bindery asks for a request."""
    request_id = named_request(session, request.request)
    if request_id is None:
        return not_found(Sought.BINDING)
    outcome = note_bill(session.library, request_id, request.cost, session.act(request.key))
    return done("noted", **_facts(outcome)) if isinstance(outcome, RequestFacts) else not_done(outcome)


def give_up(session: Session, request: BindingCancel) -> Facts:
    """A request is given up; its copies are free."""
    request_id = named_request(session, request.request)
    if request_id is None:
        return not_found(Sought.BINDING)
    outcome = cancel(session.library, request_id, request.reason, session.act(request.key))
    if not isinstance(outcome, Cancelled):
        return not_done(outcome)
    word = "already_done" if outcome.already else "cancelled"
    return done(word, released=outcome.released, **_facts(outcome.request))


def list_requests(session: Session, _: Request) -> Facts:
    """The newest requests, and where the clocks of binding stand."""
    today = session.act().day
    with session.library.store.read() as reader:
        lines = queries.numbered(reader)
        clock = queries.binding_clock(reader, today, session.library.guideline.terms)
    told = {
        "last_on": clock.last_on,
        "season_on": clock.season_on,
        "alarm_on": clock.alarm_on,
        "stocktake_on": clock.stocktake_on,
        "season_passed": clock.season_passed,
        "alarm": clock.alarm,
        "overdue": [line.request.written for line in clock.overdue],
    }
    return done("found", rows=[_line(line) | {"overdue": line.is_overdue(today)} for line in lines], clock=told)


def list_waiting(session: Session, _: Request) -> Facts:
    """Copies on their shelves that were noted as worn or damaged, and that no request names."""
    with session.library.store.read() as reader:
        copies = queries.waiting(reader)
    rows = [
        {
            "item": copy.id,
            "barcode": copy.barcode,
            "accession_no": copy.accession_no,
            "title": copy.title,
            "call_number": copy.call_number,
            "condition": copy.condition,
            "loans": copy.loans,
        }
        for copy in copies
    ]
    return done("found", rows=rows)


def show(session: Session, request: BindingNamed) -> Facts:
    """A request with its copies; without a name the draft."""
    with session.library.store.read() as reader:
        if request.request is None:
            found = reader.one(reads.DRAFT)
        else:
            request_id = named_request(session, request.request)
            found = reader.one(reads.REQUEST, request=request_id) if request_id else None
        rows = reads.rows_of(reader, found.id) if found else []
    if found is None:
        return not_found(Sought.BINDING)
    return done("found", rows=[_row(row) for row in rows], **_facts(found))


def stored_form(session: Session, number: str) -> tuple[FrozenPaper, FrozenPaper] | None:
    """The frozen files of the request with a number; None when there is none."""
    with session.library.store.read() as reader:
        found = queries.request_named(reader, typed(number))
        pdf = queries.paper_of(reader, found.document_id) if found else None
        xlsx = queries.paper_of(reader, found.sheet_id) if found else None
    return None if pdf is None or xlsx is None else (pdf, xlsx)


def named_request(session: Session, named: str) -> uuid.UUID | None:
    """The request with an id or number, if it may be one; None where no request has the number."""
    code = typed(named)
    if NUMBER.fullmatch(code):
        with session.library.store.read() as reader:
            found = queries.request_named(reader, code)
        return found.id if found else None
    try:
        return uuid.UUID(code)
    except ValueError:
        return None


def not_done(outcome: Refused | NotFound) -> Facts:
    """Refused, or nothing there to do it with."""
    return refused(outcome.refusals) if isinstance(outcome, Refused) else missing(outcome)


def _facts(request: RequestFacts) -> Facts:
    return {
        "request": request.id,
        "number": request.written or None,
        "state": request.state,
        "requested_on": request.requested_on,
        "dispatched_on": request.dispatched_on,
        "due": request.due_on,
        "received_on": request.received_on,
        "promised_days": request.promised_days,
        "outsourced_to": request.outsourced_to,
        "letter_no": request.letter_no,
        "letter_on": request.letter_on,
        "cost": request.cost,
    }


def _line(line: RequestLine) -> Facts:
    return _facts(line.request) | {"copies": line.copies, "left": line.left, "spent": line.spent}


def _row(row: RowFacts) -> Facts:
    return {
        "row": row.position,
        "item": row.item_id,
        "barcode": row.barcode,
        "accession_no": row.accession_no,
        "title": row.title,
        "status": row.status,
        "condition": row.condition,
        "work": row.work,
        "received_on": row.received_on,
        "outcome_of_copy": row.outcome,
        "stayed": row.stayed,
        "cost": row.cost,
    }
