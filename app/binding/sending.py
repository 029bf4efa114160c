"""The way to the bindery: sending a request with its books, marking those that stay long, giving a request up."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.actions import Action
from app.binding import reads
from app.binding.facts import RequestFacts, RowFacts
from app.binding.rules import (
    Step,
    changes_status,
    dispatch_refusals,
    due_day,
    long_away_since,
    stays_behind,
    step_refusals,
)
from app.binding.service import said
from app.binding.writing import SENT, change
from app.circulation import reads as desk
from app.form import invalid
from app.library import HERE, Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import NO_ANSWER, Answer, still_refused
from db.act import Act
from db.codes import BindingOutcome, BindingState, ItemStatus
from db.frozen import Frozen
from db.models.collection import BindingRequest, BindingRow
from db.writing import Tx

LONGEST_NAME, LONGEST_REMARK = 120, 500
MOST_DAYS = 400
AWAY_SINCE = Frozen(
    sa.select(*reads.REQUEST_COLUMNS)
    .where(
        BindingRequest.branch_id == HERE,
        BindingRequest.state == BindingState.DISPATCHED,
        BindingRequest.dispatched_on <= sa.bindparam("day", type_=sa.Date()),
        reads.LIVE,
    )
    .order_by(BindingRequest.dispatched_on, BindingRequest.id),
    RequestFacts,
)


@dataclass(frozen=True, slots=True)
class Sending:
    """How a request leaves. `sent_on` is the day of the act if left out; `promised_days` is what the bindery says it
    needs; `outsourced_to` a bindery outside (002 م13-5, 13-12); `status_now` chooses whether the copies become «در حال
    صحّافی» at once, which the promise decides if left out (002 م13-11)."""

    sent_on: dt.date | None = None
    promised_days: int | None = None
    outsourced_to: str | None = None
    status_now: bool | None = None


@dataclass(frozen=True, slots=True)
class Dispatched:
    """The books are on their way: `sent` of them; `behind` were not there and are off the request. `changed`: their
    status says so."""

    request: RequestFacts
    sent: int
    behind: tuple[RowFacts, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The request is given up; its `released` copies may go on another. `already`: it was before."""

    request: RequestFacts
    released: int
    already: bool = False


def dispatch(
    library: Library, request_id: uuid.UUID, sending: Sending, act: Act, answer: Answer = NO_ANSWER
) -> Dispatched | Refused | NotFound:
    """Send a request with its books; the month of the bindery begins (002 م13-7). Copies that are not there are asked
    about, and come off it if the rest goes: no bindery has seen them (`RowFacts.stayed`)."""
    with library.store.write() as tx:
        request = tx.one(reads.REQUEST_TO_CHANGE, request=request_id)
        if request is None:
            return NotFound(Sought.BINDING, str(request_id))
        rows, sent_on = reads.rows_of(tx, request_id), sending.sent_on or act.day
        found = (
            *library.forbids(act, Action.BIND),
            *step_refusals(request.state, Step.DISPATCH),
            *dispatch_refusals(rows, sent_on, request.requested_on, act.day),
            *([invalid("promised_days", sending.promised_days)] if not _is_a_term(sending.promised_days) else []),
        )
        refused = still_refused(found, answer)
        if refused:
            return Refused(refused)
        behind = tuple(row for row in rows if stays_behind(row))
        for row in behind:
            tx.update(BindingRow, row, received_on=sent_on, outcome=BindingOutcome.NOT_DONE)
        changed = changes_status(sending.status_now, sending.promised_days, library.guideline.terms)
        going = [row for row in rows if not stays_behind(row)]
        if changed:
            _mark(tx, request_id, going, act)
        tx.update(
            BindingRequest,
            request,
            state=BindingState.DISPATCHED,
            dispatched_on=sent_on,
            due_on=due_day(sent_on, library.guideline.terms),
            promised_days=sending.promised_days,
            outsourced_to=said(sending.outsourced_to, LONGEST_NAME),
        )
        tx.record("binding.dispatched", act)
        return Dispatched(tx.one(reads.REQUEST, request=request_id) or request, len(going), behind, changed)


def cancel(library: Library, request_id: uuid.UUID, why: str, act: Act) -> Cancelled | Refused | NotFound:
    """Give a request up before its books have left. Its paper and number stay; its copies are free for another."""
    with library.store.write() as tx:
        request = tx.one(reads.REQUEST_TO_CHANGE, request=request_id)
        if request is None:
            return NotFound(Sought.BINDING, str(request_id))
        forbidden = library.forbids(act, Action.BIND)
        if request.state is BindingState.CANCELLED and not forbidden:
            return Cancelled(request, 0, already=True)
        refused = (*forbidden, *step_refusals(request.state, Step.CANCEL))
        if refused:
            return Refused(refused)
        rows = reads.rows_of(tx, request_id)
        for row in rows:
            tx.remove(BindingRow, row, act)
        tx.update(BindingRequest, request, state=BindingState.CANCELLED, remark=said(why, LONGEST_REMARK))
        tx.record("binding.cancelled", act)
        return Cancelled(tx.one(reads.REQUEST, request=request_id) or request, len(rows))


def mark_long_away(library: Library, act: Act) -> int:
    """Two weeks after they were sent, copies that are not back become «در حال صحّافی» (002 م13-11); returns how many.
    Run again, it finds none."""
    since = long_away_since(act.day, library.guideline.terms)
    with library.store.read() as reader:
        requests = reader.all(AWAY_SINCE, day=since)
    return sum(_mark_request(library, request.id, act) for request in requests)


def _mark_request(library: Library, request_id: uuid.UUID, act: Act) -> int:
    with library.store.write() as tx:
        request = tx.one(reads.REQUEST_TO_CHANGE, request=request_id)
        if request is None or request.state is not BindingState.DISPATCHED:
            return 0
        away = [row for row in reads.rows_of(tx, request_id) if row.received_on is None]
        marked = _mark(tx, request_id, away, act)
        if marked:
            tx.record("binding.status_changed", act)
        return marked


def _mark(tx: Tx, request_id: uuid.UUID, rows: list[RowFacts], act: Act) -> int:
    """Those on the shelf by their status: what a desk noticed elsewhere stands."""
    marked = 0
    for row in rows:
        item = tx.one(desk.BY_ITEM_ID, key=row.item_id)
        if item is not None and item.status is ItemStatus.AVAILABLE:
            change(tx, item, SENT, request_id, act, {"status": ItemStatus.IN_BINDING})
            marked += 1
    return marked


def _is_a_term(days: int | None) -> bool:
    return days is None or 0 < days <= MOST_DAYS
