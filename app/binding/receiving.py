"""Coming back from the bindery: one copy by scan, or all that are still away at once."""

import uuid
from dataclasses import dataclass

from app.actions import Action
from app.binding import reads
from app.binding.facts import RequestFacts, RowFacts
from app.binding.rules import Step, step_refusals
from app.binding.writing import after, change
from app.circulation import reads as desk
from app.circulation.bindery import came_back
from app.circulation.facts import ItemFacts, MemberFacts
from app.circulation.holds.shelf import keep_for_next
from app.form import invalid
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from db.act import Act
from db.codes import BindingOutcome, BindingState, ItemStatus
from db.models.collection import BindingRequest
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


def receive_copy(
    library: Library, item_key: str, outcome: BindingOutcome, act: Act, cost: int | None = None
) -> BackFromBindery | Refused | NotFound:
    """Receive a copy with what became of it; `cost` in rials. A copy that came back the same day was scanned twice."""
    with library.store.write() as tx:
        copy = reads.find_copy(tx, item_key)
        if copy is None:
            return NotFound(Sought.ITEM, item_key)
        row = tx.one(reads.LAST_ROW_OF_COPY, item=copy.id)
        if row is not None and row.received_on == act.day and copy.open_state is not BindingState.DISPATCHED:
            return _stands(tx, row, already=True)
        refused = (*library.forbids(act, Action.BIND), *_cost_refusals(cost))
        if row is None or row.received_on is not None:
            refused = (*refused, Refusal("binding.not_sent", "002 م13-5"))
        if refused or row is None:
            return Refused(refused)
        hold_for = _receive(library, tx, row, outcome, cost, act)
        tx.record("binding.copy_received", act)
        return _stands(tx, row, hold_for)


def receive_request(
    library: Library, request_id: uuid.UUID, outcome: BindingOutcome, act: Act, cost: int | None = None
) -> RequestReceived | Refused | NotFound:
    """Receive all copies of a request that are still away, with one outcome; `cost` is the bill for them, in
    rials."""
    with library.store.write() as tx:
        request = tx.one(reads.REQUEST_TO_CHANGE, request=request_id)
        if request is None:
            return NotFound(Sought.BINDING, str(request_id))
        refused = (*library.forbids(act, Action.BIND), *_cost_refusals(cost))
        if request.state is BindingState.RECEIVED and not refused:
            return RequestReceived(request, 0, already=True)
        refused = (*refused, *step_refusals(request.state, Step.FINISH))
        if refused:
            return Refused(refused)
        if cost is not None:
            tx.update(BindingRequest, request, cost=cost)
        away = [row for row in reads.rows_of(tx, request_id) if row.received_on is None]
        held = [_receive(library, tx, row, outcome, None, act) for row in away]
        tx.record("binding.copy_received", act)
        now = tx.one(reads.REQUEST, request=request_id) or request
        return RequestReceived(now, len(away), sum(reader is not None for reader in held))


def _receive(
    library: Library, tx: Tx, row: RowFacts, outcome: BindingOutcome, cost: int | None, act: Act
) -> MemberFacts | None:
    """The copy stands in its place again, or on the hold shelf for who waits for it."""
    item = _copy(tx, row.item_id)
    why, values = after(outcome, item.status)
    change(tx, item, why, row.request_id, act, values)
    came_back(tx, item.id, outcome, act, cost)
    here = _copy(tx, row.item_id)
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
