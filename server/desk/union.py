"""The union catalogue at the headless desk: records of other libraries, what they say beside our own, and requests to
the senior cataloguer of the province."""

import uuid
from typing import Annotated

from msgspec import Meta

from app.outcome import NotFound, Refused, Sought
from app.union.asking import Requested, ask, requests, withdraw
from app.union.query import typed
from app.union.reading import UNION_TITLE, record_for
from app.union.record import FIELDS, UnionRecord
from app.union.rules import Aspect
from app.union.searching import search
from app.union.taking import catalogue_from, compared, take_over
from server.desk.answers import Facts, done, missing, not_found, refused
from server.desk.requests import Find, Request
from server.desk.session import Session
from server.desk.values import Codes, Text


class UnionShow(Request, kw_only=True):
    """What the union says of a title of ours, or one of its records."""

    title_id: uuid.UUID | None = None
    record: uuid.UUID | None = None


class TitleTake(Request, kw_only=True):
    """Catalogue a book from a record; `ticks`: what was compared with the book in hand (title, creators, publisher)."""

    record: uuid.UUID
    ticks: Annotated[tuple[Aspect, ...], Meta(max_length=11)] = ()


class TitleCorrect(Request, kw_only=True):
    """Take fields of the union's record over into ours."""

    title_id: uuid.UUID
    fields: Codes


class TitleRequest(Request, kw_only=True):
    """Ask the province for a record; `title_id` is our short record of the book."""

    description: Text
    title_id: uuid.UUID | None = None


class TitleSplit(Request, kw_only=True):
    """Ask the province to give a title of ours a record of its own."""

    title_id: uuid.UUID
    reason: Text


class RequestNamed(Request, kw_only=True):
    """One request."""

    request: uuid.UUID


def find(session: Session, request: Find) -> Facts:
    """Records of the union that are held here."""
    with session.library.store.read() as reader:
        found = search(reader, typed(request.q), 1, request.limit)
    return done("found", total=found.total, rows=[_record(record) for record in found.records])


def _record(record: UnionRecord) -> Facts:
    return {"record": record.id, "reviewed": record.reviewed} | {name: getattr(record, name) for name in FIELDS}


def show(session: Session, request: UnionShow) -> Facts:
    """A record, and of a title of ours the fields beside each other."""
    with session.library.store.read() as reader:
        beside = None if request.title_id is None else compared(reader, request.title_id)
        record = beside.record if beside else None
        if record is None and request.record is not None:
            record = record_for(reader, UNION_TITLE, request.record)
    if record is None:
        return not_found(Sought.RECORD)
    return done(
        "found",
        **_record(record),
        differing=beside.differing if beside else [],
        news=[{"field": one.field, "ours": one.ours, "theirs": one.theirs} for one in beside.news] if beside else [],
    )


def take(session: Session, request: TitleTake) -> Facts:
    """A title of ours from a record of the union."""
    outcome = catalogue_from(session.library, request.record, request.ticks, session.act(request.key))
    match outcome:
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
    return done("added" if outcome.made else "already_done", title_id=outcome.title_id)


def correct(session: Session, request: TitleCorrect) -> Facts:
    """Fields of the union's record in ours."""
    outcome = take_over(session.library, request.title_id, request.fields, session.act(request.key))
    match outcome:
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
    return done("edited" if outcome.changed else "already_done", title_id=outcome.title_id, changed=outcome.changed)


def request_record(session: Session, request: TitleRequest) -> Facts:
    """A request to the province."""
    outcome = ask(session.library, request.description, session.act(request.key), request.title_id)
    return _requested(outcome)


def split(session: Session, request: TitleSplit) -> Facts:
    """A request that a title be given its own record."""
    outcome = ask(session.library, request.reason, session.act(request.key), request.title_id, apart=True)
    return _requested(outcome)


def _requested(outcome: Requested | Refused | NotFound) -> Facts:
    match outcome:
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
    return done("requested", request=outcome.request_id)


def withdraw_request(session: Session, request: RequestNamed) -> Facts:
    """Ask no longer."""
    outcome = withdraw(session.library, request.request, session.act(request.key))
    match outcome:
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
    return done("withdrawn" if outcome.changed else "already_done", request=outcome.request_id, state=outcome.state)


def list_requests(session: Session, _: Request) -> Facts:
    """The requests of this library, the newest first."""
    with session.library.store.read() as reader:
        rows = requests(reader)
    return done(
        "found",
        rows=[
            {
                "request": row.id,
                "title_id": row.title_id,
                "title": row.title,
                "description": row.description,
                "asked_on": row.asked_on,
                "state": row.state,
                "answered_on": row.answered_on,
                "record": row.result_title_id,
                "words": row.words,
            }
            for row in rows
        ],
    )
