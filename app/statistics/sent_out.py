"""Counting what left the library in a quarter and what came back: binding and mending, exchange and recycling (002 م13,
م14-1)."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.binding.history import costs
from app.library import HERE
from app.statistics.figures import BindingFigures, ExchangeFigures
from db.codes import WEEDED, BindingOutcome, DisposalKind, ExchangeLevel
from db.frozen import Frozen
from db.models.base import Base
from db.models.collection import BindingRequest, BindingRow, Disposal, DisposalRow, Mending
from db.models.items import Item
from db.reading import Reader

SINCE, UNTIL = sa.bindparam("since", type_=sa.Date()), sa.bindparam("until", type_=sa.Date())


def between(column: Any) -> tuple[sa.ColumnElement[bool], ...]:
    """In the quarter, both ends included."""
    return column >= SINCE, column <= UNTIL


def live(*models: type[Base]) -> tuple[sa.ColumnElement[bool], ...]:
    """Rows of this library that are not deleted."""
    tables = [model.__table__ for model in models]
    return (tables[0].c.branch_id == HERE, *(table.c.deleted_at.is_(None) for table in tables))


ASKED = Frozen(
    sa.select(sa.func.count(sa.distinct(BindingRequest.id)), sa.func.count(BindingRow.id))
    .join(BindingRow, BindingRow.request_id == BindingRequest.id)
    .where(*live(BindingRequest, BindingRow), *between(BindingRequest.requested_on)),
    lambda requests, rows: (requests, rows),
)
# A copy that stayed behind came off the request on the day the others left.
WENT = sa.or_(
    BindingRow.received_on.is_(None),
    BindingRow.outcome != BindingOutcome.NOT_DONE,
    BindingRow.received_on > BindingRequest.dispatched_on,
)
DISPATCHED = Frozen(
    sa.select(sa.func.count(BindingRow.id))
    .join(BindingRequest, BindingRequest.id == BindingRow.request_id)
    .where(*live(BindingRow, BindingRequest), WENT, *between(BindingRequest.dispatched_on)),
    int,
)
RECEIVED = Frozen(
    sa.select(BindingRow.outcome, sa.func.count())
    .join(BindingRequest, BindingRequest.id == BindingRow.request_id)
    .where(*live(BindingRow, BindingRequest), WENT, *between(BindingRow.received_on))
    .group_by(BindingRow.outcome),
    lambda outcome, copies: (BindingOutcome(outcome), copies),
)
AWAY = Frozen(
    sa.select(sa.func.count(BindingRow.id))
    .join(BindingRequest, BindingRequest.id == BindingRow.request_id)
    .where(
        *live(BindingRow, BindingRequest), BindingRequest.dispatched_on.is_not(None), BindingRow.received_on.is_(None)
    ),
    int,
)
MENDED = Frozen(sa.select(sa.func.count()).select_from(Mending).where(*live(Mending), *between(Mending.day)), int)
# A handover is a row of its own; the copies stand in its package. Those that a centre gave away go no further.
GIVEN = aliased(Disposal)
IS_DELIVERY = Disposal.kind == DisposalKind.EXCHANGE
NOT_GIVEN = DisposalRow.gone_to.is_(None)
CAME_ALONG = sa.or_(
    sa.and_(IS_DELIVERY, DisposalRow.gone_to == Disposal.id),
    Disposal.kind == DisposalKind.COUNTY_CENTRE,
    sa.and_(
        Disposal.kind == DisposalKind.PROVINCE_STORE, sa.or_(NOT_GIVEN, GIVEN.level == ExchangeLevel.PROVINCE)
    ),
    sa.and_(~IS_DELIVERY, NOT_GIVEN),
)  # fmt: skip
# What was found in the stacks and put back on the shelf went nowhere (002 م8-4).
STILL_WEEDED = sa.or_(*(Item.status == status for status in sorted(WEEDED)))
HANDED = Frozen(
    sa.select(Disposal.kind, sa.func.count(DisposalRow.id))
    .join(DisposalRow, DisposalRow.disposal_id == Disposal.parent_id)
    .join(Item, Item.id == DisposalRow.item_id)
    .outerjoin(GIVEN, GIVEN.id == DisposalRow.gone_to)
    .where(*live(Disposal, DisposalRow), CAME_ALONG, STILL_WEEDED, *between(Disposal.handed_on))
    .group_by(Disposal.kind),
    lambda kind, copies: (DisposalKind(kind), copies),
)
WEIGHED = Frozen(
    sa.select(sa.func.coalesce(sa.func.sum(Disposal.weight_g), 0)).where(*live(Disposal), *between(Disposal.handed_on)),
    int,
)
EARNED = Frozen(
    sa.select(sa.func.coalesce(sa.func.sum(Disposal.proceeds), 0)).where(*live(Disposal), *between(Disposal.paid_on)),
    int,
)


def binding_figures(reader: Reader, days: dict[str, dt.date]) -> BindingFigures:
    """What was asked for, sent, received and mended; `days` are `since` and `until` of the quarter."""
    requests, asked = reader.one(ASKED, **days) or (0, 0)
    received = reader.all(RECEIVED, **days)
    return BindingFigures(
        requests=requests,
        asked=asked,
        sent=reader.one(DISPATCHED, **days) or 0,
        received=sum(copies for outcome, copies in received if outcome is not BindingOutcome.LOST),
        outcomes={outcome.value: copies for outcome, copies in received},
        cost=costs(reader, **days).total,
        mended_here=reader.one(MENDED, **days) or 0,
        away=reader.one(AWAY) or 0,
    )


def exchange_figures(reader: Reader, days: dict[str, dt.date]) -> ExchangeFigures:
    """What was handed on, and what recycling brought."""
    return ExchangeFigures(
        copies={kind.value: copies for kind, copies in reader.all(HANDED, **days)},
        weight_g=reader.one(WEIGHED, **days) or 0,
        proceeds=reader.one(EARNED, **days) or 0,
    )
