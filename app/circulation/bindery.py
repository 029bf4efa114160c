"""A copy that comes back from the bindery, wherever it is noticed: its row is received, and the last one closes the
request (002 م13-7)."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from db.act import Act
from db.codes import BindingOutcome, BindingState
from db.frozen import Frozen
from db.models.collection import BindingRequest, BindingRow
from db.types import Id
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class AwayRow:
    """The row of a copy that the bindery has."""

    id: uuid.UUID
    ver: int
    request_id: uuid.UUID
    received_on: dt.date | None
    outcome: BindingOutcome | None
    cost: int | None


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request whose books are away. Rials."""

    id: uuid.UUID
    ver: int
    state: BindingState
    received_on: dt.date | None
    cost: int | None


@dataclass(frozen=True, slots=True)
class CameBack:
    """The row is received; `last`: with it the request is closed."""

    row_id: uuid.UUID
    request_id: uuid.UUID
    last: bool


AWAY = (BindingRow.received_on.is_(None), BindingRow.deleted_at.is_(None))
ROW = Frozen(
    sa.select(
        BindingRow.id, BindingRow.ver, BindingRow.request_id, BindingRow.received_on, BindingRow.outcome,
        BindingRow.cost,
    )
    .join(BindingRequest, BindingRequest.id == BindingRow.request_id)
    .where(
        BindingRow.item_id == sa.bindparam("item", type_=Id()),
        BindingRequest.state == BindingState.DISPATCHED,
        *AWAY,
    )
    .order_by(BindingRow.id)
    .limit(1),
    AwayRow,
)  # fmt: skip
# Two desks may receive the last two copies at once: the second waits, and sees that its copy is the last.
REQUEST = Frozen(
    sa.select(
        BindingRequest.id, BindingRequest.ver, BindingRequest.state, BindingRequest.received_on, BindingRequest.cost
    )
    .where(BindingRequest.id == sa.bindparam("request", type_=Id()))
    .with_for_update(),
    SentRequest,
)
STILL_AWAY = Frozen(
    sa.select(sa.func.count()).where(BindingRow.request_id == sa.bindparam("request", type_=Id()), *AWAY), int
)
LAST_DAY = Frozen(
    sa.select(sa.func.max(BindingRow.received_on)).where(
        BindingRow.request_id == sa.bindparam("request", type_=Id()), BindingRow.deleted_at.is_(None)
    ),
    lambda day: day,
)


def came_back(
    tx: Tx,
    item_id: uuid.UUID,
    outcome: BindingOutcome,
    act: Act,
    *,
    cost: int | None = None,
    day: dt.date | None = None,
) -> CameBack | None:
    """Receive the copy; None when no bindery has it. `cost` in rials, `day` the one it came on, else that of the act.
    The caller changes the copy itself."""
    row = tx.one(ROW, item=item_id)
    request = tx.one(REQUEST, request=row.request_id) if row else None
    if row is None or request is None:
        return None
    tx.update(BindingRow, row, received_on=day or act.day, outcome=outcome, cost=cost)
    last = not tx.one(STILL_AWAY, request=request.id)
    if last:
        complete_on = tx.one(LAST_DAY, request=request.id)
        tx.update(BindingRequest, request, state=BindingState.RECEIVED, received_on=complete_on)
    return CameBack(row.id, request.id, last)
