"""Coming back from the bindery: one copy by scan, or all that are still away at once."""

import datetime as dt
import uuid
from dataclasses import dataclass

from app.actions import Action
from app.binding import reads
from app.binding.facts import BindingCopy, RequestFacts, RowFacts
from app.binding.rules import Step, otherwise_refusals, receipt_refusals, step_refusals
from app.binding.writing import after, change, corrected
from app.circulation import reads as desk
from app.circulation.bindery import came_back
from app.circulation.facts import ItemFacts, MemberFacts
from app.circulation.holds.shelf import keep_for_next
from app.form import invalid
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import NO_ANSWER, Answer, Refusal, still_refused
from db.act import Act
from db.codes import BindingOutcome, BindingState, ItemStatus
from db.models.collection import BindingRequest, BindingRow
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class BackFromBindery:
    """A copy is received; `hold_for` is the reader it is kept for now. `already`: it was received before."""

    row: RowFacts
    request: RequestFacts
    left: int
    hold_for: MemberFacts | None = None
    already: bool = False

    @property
    def closed(self) -> bool:
        """Whether the whole request is back."""
        return self.left == 0


@dataclass(frozen=True, slots=True)
class RequestReceived:
    """All that was still away is received: `copies` of them, `held` of which readers wait for. `already`: none was
    away."""

    request: RequestFacts
    copies: int
    held: int = 0
    already: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    outcome: BindingOutcome
    cost: int | None
    on: dt.date | None = None


def receive_copy(
    library: Library,
    item_key: str,
    outcome: BindingOutcome,
    act: Act,
    cost: int | None = None,
    on: dt.date | None = None,
    answer: Answer = NO_ANSWER,
) -> BackFromBindery | Refused | NotFound:
    """Receive a copy with what became of it; `cost` in rials, `on` the day it came, that of the act if left out. A copy
    that came back the same day was scanned twice; with another outcome than before it is asked about, and put right."""
    with library.store.write() as tx:
        copy = reads.find_copy(tx, item_key)
        if copy is None:
            return NotFound(Sought.ITEM, item_key)
        row = tx.one(reads.LAST_ROW_OF_COPY, item=copy.id)
        came_on = on or act.day
        if row is not None and row.received_on == came_on and (not row.stayed or outcome is row.outcome):
            return _again(library, tx, copy, row, _Said(outcome, cost), act, answer)
        refused = (*library.forbids(act, Action.BIND), *_cost_refusals(cost))
        if row is None or row.received_on is not None:
            refused = (*refused, Refusal("binding.not_sent", "002 م13-5"))
        else:
            refused = (*refused, *receipt_refusals(came_on, row.sent_on, act.day))
        if refused or row is None:
            return Refused(refused)
        hold_for = _receive(library, tx, row, _Said(outcome, cost, on), act)
        tx.record("binding.copy_received", act)
        return _stands(tx, row, hold_for)


def receive_request(
    library: Library,
    request_id: uuid.UUID,
    outcome: BindingOutcome,
    act: Act,
    cost: int | None = None,
    on: dt.date | None = None,
) -> RequestReceived | Refused | NotFound:
    """Receive all copies of a request that are still away, with one outcome; `cost` is the bill for them, in rials,
    `on` the day they came, that of the act if left out."""
    with library.store.write() as tx:
        request = tx.one(reads.REQUEST_TO_CHANGE, request=request_id)
        if request is None:
            return NotFound(Sought.BINDING, str(request_id))
        refused = (*library.forbids(act, Action.BIND), *_cost_refusals(cost))
        if request.state is BindingState.RECEIVED and not refused and cost in (None, request.cost):
            return RequestReceived(request, 0, already=True)
        refused = (
            *refused,
            *step_refusals(request.state, Step.FINISH),
            *receipt_refusals(on or act.day, request.dispatched_on, act.day),
        )
        if refused:
            return Refused(refused)
        if cost is not None:
            tx.update(BindingRequest, request, cost=cost)
        away = [row for row in reads.rows_of(tx, request_id) if row.received_on is None]
        held = [_receive(library, tx, row, _Said(outcome, None, on), act) for row in away]
        tx.record("binding.copy_received", act)
        now = tx.one(reads.REQUEST, request=request_id) or request
        return RequestReceived(now, len(away), sum(reader is not None for reader in held))


def note_bill(library: Library, request_id: uuid.UUID, cost: int | None, act: Act) -> RequestFacts | Refused | NotFound:
    """Write down what the bindery asks for a whole request, in rials; None takes it away. A bill often comes after
    the books (002 م13-9, م13-12)."""
    with library.store.write() as tx:
        request = tx.one(reads.REQUEST_TO_CHANGE, request=request_id)
        if request is None:
            return NotFound(Sought.BINDING, str(request_id))
        refused = (
            *library.forbids(act, Action.BIND), *step_refusals(request.state, Step.BILL), *_cost_refusals(cost),
        )  # fmt: skip
        if refused:
            return Refused(refused)
        if cost != request.cost:
            tx.update(BindingRequest, request, cost=cost)
            tx.record("binding.billed", act)
        return tx.one(reads.REQUEST, request=request_id) or request


def _again(
    library: Library, tx: Tx, copy: BindingCopy, row: RowFacts, said: _Said, act: Act, answer: Answer
) -> BackFromBindery | Refused:
    """The copy was received already: nothing is new, or its cost is, or what became of it was said wrongly."""
    same, cost = said.outcome is row.outcome, row.cost if said.cost is None else said.cost
    if same and cost == row.cost:
        return _stands(tx, row, already=True)
    refused = (*library.forbids(act, Action.BIND), *_cost_refusals(said.cost))
    if not same:
        refused = (*refused, *otherwise_refusals(copy, said.outcome))
    refused = still_refused(refused, answer)
    if refused:
        return Refused(refused)
    tx.update(BindingRow, row, outcome=said.outcome, cost=cost)
    hold_for = None
    if not same:
        why, values = corrected(row.outcome, said.outcome, copy)
        change(tx, copy, why, row.request_id, act, values)
        if values.get("status") is ItemStatus.AVAILABLE:
            hold_for = _kept(library, tx, copy.id, act)
    tx.record("binding.copy_received", act)
    return _stands(tx, row, hold_for)


def _receive(library: Library, tx: Tx, row: RowFacts, said: _Said, act: Act) -> MemberFacts | None:
    """The copy stands in its place again, or on the hold shelf for who waits for it."""
    item = _copy(tx, row.item_id)
    why, values = after(said.outcome, item.status)
    change(tx, item, why, row.request_id, act, values)
    came_back(tx, item.id, said.outcome, act, cost=said.cost, day=said.on)
    return _kept(library, tx, item.id, act)


def _kept(library: Library, tx: Tx, item_id: uuid.UUID, act: Act) -> MemberFacts | None:
    here = _copy(tx, item_id)
    if here.status is not ItemStatus.AVAILABLE:
        return None
    return keep_for_next(library, tx, here, tx.all(desk.QUEUE, title=here.title_id), act)


def _copy(tx: Tx, item_id: uuid.UUID) -> ItemFacts:
    item = tx.one(desk.BY_ITEM_ID, key=item_id)
    if item is None:
        raise RuntimeError("a copy on a binding request is gone")
    return item


def _stands(tx: Tx, row: RowFacts, hold_for: MemberFacts | None = None, *, already: bool = False) -> BackFromBindery:
    rows = reads.rows_of(tx, row.request_id)
    request = tx.one(reads.REQUEST, request=row.request_id)
    now = next((one for one in rows if one.id == row.id), row)
    if request is None:
        raise RuntimeError("a row stands without its request")
    return BackFromBindery(now, request, sum(one.received_on is None for one in rows), hold_for, already)


def _cost_refusals(cost: int | None) -> tuple[Refusal, ...]:
    return (invalid("cost", cost),) if cost is not None and cost < 0 else ()
