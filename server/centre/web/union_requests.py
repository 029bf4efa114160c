"""Requests of libraries for records, at the senior cataloguer's desk (003 م5-3)."""

import uuid
from collections.abc import Sequence

from starlette.responses import Response

from app.centre import Centre
from app.outcome import NotFound, Refused
from app.refusal import Refusal
from app.union.answering import Wanted, answer, answer_apart, wanted, wanted_records
from app.union.asking import RequestState
from app.union.deeds import SENIOR
from app.union.query import typed
from app.union.reading import TITLE, record_for
from app.union.record import titles_of
from app.union.searching import search
from db.models.library import Branch
from server.centre.web.asked import MissingError
from server.centre.web.pages import CATALOGUERS, Nav, Page, Shot, Visit
from server.centre.web.union import is_senior, scope_of

ANSWERED = "پاسخ به کتابخانه فرستاده شد؛ با همگام‌سازی بعدی می‌رسد."
ROWS, HITS = 30, 8


def listed(visit: Visit) -> Response:
    """The requests of the libraries in scope."""
    waiting = visit.text("state") != "answered"
    with visit.read() as reader:
        rows = wanted_records(reader, visit.scope, waiting=waiting, most=ROWS + 1, skipped=(visit.page_no - 1) * ROWS)
    return visit.render(
        "union_requests.html", rows=rows[:ROWS], waiting=waiting, page=visit.page_no, more=len(rows) > ROWS,
        apart=RequestState.APART,
    )  # fmt: skip


def one(visit: Visit) -> Response:
    """One request, and records that may answer it."""
    return _one(visit, visit.id("request"))


def _one(visit: Visit, request_id: uuid.UUID, refused: Sequence[Refusal] = ()) -> Response:
    asked = _asked(visit, request_id)
    with visit.read() as reader:
        titles = titles_of(reader, [asked.title_id] if asked.title_id else [])
        standing = record_for(reader, TITLE, titles[0].id) if titles else None
        title = titles[0].columns["title"] if titles else ""
        sought = visit.text("q") or title or asked.description
        hits = search(reader, typed(sought), 1, HITS).records
    return visit.render(
        "union_request.html", status=422 if refused else 200, refused=refused, asked=asked, title=title, sought=sought,
        standing=standing, hits=hits, senior=is_senior(visit), words=visit.text("words"),
        apart=asked.state == RequestState.APART,
    )  # fmt: skip


def _asked(visit: Visit, request_id: uuid.UUID) -> Wanted:
    """The request, with its answer: what the answer says is not for every office, but it is for whoever gives it."""
    with visit.centre.store.read() as reader:
        asked = wanted(reader, request_id)
    if asked is None or not visit.sees(asked.branch_id):
        raise MissingError
    return asked


def answered(visit: Visit) -> Response:
    """Answer it: with a chosen record, with a record of its own, or with words."""
    request_id, words, act = visit.id("request"), visit.text("words"), visit.act()
    chosen = visit.uuids("record")
    if visit.text("how") == "apart":
        outcome = answer_apart(visit.centre, request_id, words, act, scope=scope_of(visit))
    else:
        record_id = chosen[0] if chosen and visit.text("how") == "record" else None
        outcome = answer(visit.centre, request_id, record_id, words, act, scope=scope_of(visit))
    if isinstance(outcome, NotFound):
        return visit.missing()
    if isinstance(outcome, Refused):
        return _one(visit, request_id, outcome.refusals)
    return visit.redirect("/record-requests", ANSWERED)


PAGES = (
    Page("/record-requests", "GET", listed, who=CATALOGUERS, nav=Nav("درخواست‌های رکورد", "pencil")),
    Page("/record-requests/{request}", "GET", one, who=CATALOGUERS),
    Page("/record-requests/{request}", "POST", answered, who=SENIOR),
)


def first_request(centre: Centre) -> str:
    """A request to photograph."""
    with centre.store.read() as reader:
        branches = list(reader.connection.execute(Branch.__table__.select()).mappings())
        rows = wanted_records(reader, [row["id"] for row in branches], waiting=True, most=1)
    return f"/record-requests/{rows[0].id}" if rows else "/record-requests"


SHOTS = (
    Shot("union-requests", "/record-requests", user="senior"),
    Shot("union-request", first_request, user="senior"),
)
