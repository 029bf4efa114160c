"""Weeding candidates at the headless desk: the worklist of a reason, and what is decided about a copy of it."""

from typing import Annotated, Literal, assert_never

from msgspec import Meta

from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Answer
from app.to_bindery import SentToBindery, send_to_bindery
from app.weeding.candidates import Candidate, candidate_counts, candidates
from app.weeding.notes import CalledBack, Decided, Noted, call_back, decided, note_candidate
from db.codes import CandidateDecision, WeedingReason
from server.desk.answers import Facts, done, missing, reason, refused, unreadable
from server.desk.keys import item_key
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Codes, Day, Line, day

MOST = 1_000


class WeedingCandidates(Request, kw_only=True):
    """The candidates of a reason, `limit` of them from the place `offset` on."""

    reason: WeedingReason
    limit: Annotated[int, Meta(ge=1, le=MOST)] = 100
    offset: Annotated[int, Meta(ge=0, le=10**9)] = 0


class WeedingNote(Request, kw_only=True):
    """Put a candidate off or keep it, without minutes; it comes up again on `until`. To the bindery it goes by
    `weeding.bind`, which takes it there."""

    item: str
    reason: WeedingReason
    decision: Literal["later", "keep"]
    until: Day | None = None
    remark: Line | None = None


class WeedingBind(Request, kw_only=True):
    """A copy of the bench goes to the bindery, off the draft of its reason if it stands there."""

    item: str
    reason: WeedingReason
    work: Line | None = None
    confirm: Codes = ()


class OfReason(Request, kw_only=True):
    """One of the four reasons."""

    reason: WeedingReason


class CandidateOf(Request, kw_only=True):
    """A copy and one of the four reasons."""

    item: str
    reason: WeedingReason


def list_candidates(session: Session, request: WeedingCandidates) -> Facts:
    """A page of the worklist, with the number of candidates of every reason that nothing keeps."""
    library = session.library
    today = session.act().day
    with library.store.read() as reader:
        found = candidates(library, reader, request.reason, today, request.limit, request.offset)
        counts = candidate_counts(library, reader, today)
    return done(
        "listed",
        guideline=library.guideline.version,
        counts={of.value: number for of, number in counts.items()},
        candidates=[_told(candidate) for candidate in found],
    )


def _told(candidate: Candidate) -> Facts:
    return {
        "item": candidate.item_id,
        "title_id": candidate.title_id,
        "title": candidate.title,
        "main_creator": candidate.main_creator,
        "year": candidate.year,
        "barcode": candidate.barcode,
        "accession_no": candidate.accession_no,
        "volume_no": candidate.volume_no,
        "copy_no": candidate.copy_no,
        "class_no": candidate.class_no,
        "status": candidate.status,
        "condition": candidate.condition,
        "last_use": candidate.last_use,
        "loan_count": candidate.loan_count,
        "recent_loans": candidate.recent_loans,
        "article": candidate.article,
        "why": candidate.why,
        "exempt": candidate.exempt,
        "refusals": [reason(refusal) for refusal in candidate.refusals],
        "listed": candidate.listed,
        "decision": candidate.decision,
    }


def note(session: Session, request: WeedingNote) -> Facts:
    """Keep a decision about a candidate."""
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    remark = clean(request.remark) if request.remark else None
    outcome = note_candidate(
        session.library,
        item,
        request.reason,
        CandidateDecision(request.decision),
        session.act(request.key),
        remark,
        day(request.until),
    )
    match outcome:
        case Noted():
            return done("noted", item=outcome.item_id, decision=outcome.decision, until=outcome.until)
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def bind(session: Session, request: WeedingBind) -> Facts:
    """Off the draft minutes and onto the draft request for binding, in one transaction."""
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    answer = Answer(confirm=frozenset(request.confirm))
    outcome = send_to_bindery(session.library, item, request.reason, session.act(request.key), answer, request.work)
    match outcome:
        case SentToBindery(copy=copy):
            return done(
                "already_done" if outcome.already else "to_bindery",
                item=copy.id,
                request=outcome.request_id,
                until=outcome.until,
                struck=outcome.struck,
            )
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def list_decided(session: Session, request: OfReason) -> Facts:
    """What is put off, at the bindery or kept, with why, until when and by whom."""
    with session.library.store.read() as reader:
        found = decided(reader, request.reason, session.act().day)
    return done("found", rows=[_decided(one) for one in found])


def _decided(one: Decided) -> Facts:
    return {
        "item": one.item_id,
        "title": one.title,
        "main_creator": one.main_creator,
        "volume_no": one.volume_no,
        "accession_no": one.accession_no,
        "barcode": one.barcode,
        "decision": one.decision,
        "remark": one.remark,
        "until": one.until,
        "by": one.name,
        "at": one.at,
    }


def recall(session: Session, request: CandidateOf) -> Facts:
    """A decision ends today."""
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    outcome = call_back(session.library, item, request.reason, session.act(request.key))
    match outcome:
        case CalledBack():
            told = "already_done" if outcome.already else "called_back"
            return done(told, item=outcome.item_id, decision=outcome.decision)
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)
