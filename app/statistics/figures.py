"""What happened in a quarter, as figures that can be frozen: weeding by reason and class, binding, exchange, reading of
the shelves (002 م14-1)."""

import datetime as dt
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa

from app.clock import midnight
from app.library import HERE
from app.persian.jalali import Quarter
from app.statistics.classes import class_of
from db.codes import (
    BindingOutcome,
    DisposalKind,
    MinutesState,
    MinutesStepKind,
    StocktakeState,
    Verdict,
    WeedingReason,
)
from db.frozen import Frozen
from db.models.base import Base
from db.models.catalogue import Title
from db.models.collection import (
    BindingRequest,
    BindingRow,
    Disposal,
    DisposalRow,
    Mending,
    Minutes,
    MinutesRow,
    MinutesStep,
    RulingRow,
    Stocktake,
)
from db.models.items import Item
from db.reading import Reader

SINCE, UNTIL = sa.bindparam("since", type_=sa.Date()), sa.bindparam("until", type_=sa.Date())
ON_THE_WAY = (
    MinutesState.FINALISED, MinutesState.AT_COUNTY, MinutesState.CORRECTION, MinutesState.AT_PROVINCE,
    MinutesState.AT_HEAD_OFFICE, MinutesState.RULED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReasonFigures:
    """Copies of one reason in a quarter: on minutes finalised in it, on minutes sent, how they were ruled on, and how
    many were weeded. `minutes` counts documents, first editions only."""

    minutes: int = 0
    listed: int = 0
    sent: int = 0
    approved: int = 0
    rejected: int = 0
    redirected: int = 0
    weeded: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class BindingFigures:
    """Requests and copies asked for, sent and received in a quarter; `outcomes` by the code of `BindingOutcome`; cost
    in rials; mends made in the house; `away` stand at the bindery now."""

    requests: int = 0
    asked: int = 0
    sent: int = 0
    received: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    cost: int = 0
    mended_here: int = 0
    away: int = 0


@dataclass(frozen=True, slots=True)
class ExchangeFigures:
    """Copies handed on in a quarter, by the code of `DisposalKind`; weight of paper in grams, proceeds in rials."""

    copies: dict[str, int] = field(default_factory=dict)
    weight_g: int = 0
    proceeds: int = 0


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """A whole report. `weeded_by_class`: main class («8», «-» for none) to copies by reason."""

    reasons: dict[str, ReasonFigures]
    weeded_by_class: dict[str, dict[str, int]]
    binding: BindingFigures
    exchange: ExchangeFigures
    stocktakes: int

    def plain(self) -> dict[str, Any]:
        """As stored with the report."""
        return asdict(self)


def _between(column: Any) -> tuple[sa.ColumnElement[bool], ...]:
    return column >= SINCE, column <= UNTIL


def _live(*models: type[Base]) -> tuple[sa.ColumnElement[bool], ...]:
    tables = [model.__table__ for model in models]
    return (tables[0].c.branch_id == HERE, *(table.c.deleted_at.is_(None) for table in tables))


FINALISED = Frozen(
    sa.select(Minutes.reason, sa.func.count(sa.distinct(Minutes.id)), sa.func.count(MinutesRow.id))
    .join(MinutesRow, MinutesRow.minutes_id == Minutes.id)
    .where(*_live(Minutes, MinutesRow), Minutes.revision == 1, *_between(Minutes.finalised_on))
    .group_by(Minutes.reason),
    lambda reason, minutes, rows: (WeedingReason(reason), minutes, rows),
)
SENT = Frozen(
    sa.select(Minutes.reason, sa.func.count(MinutesRow.id))
    .select_from(MinutesStep)
    .join(Minutes, Minutes.id == MinutesStep.minutes_id)
    .join(MinutesRow, MinutesRow.minutes_id == Minutes.id)
    .where(*_live(MinutesStep, MinutesRow), MinutesStep.kind == MinutesStepKind.SEND, *_between(MinutesStep.day),
           MinutesRow.struck_at.is_(None))
    .group_by(Minutes.reason),
    lambda reason, rows: (WeedingReason(reason), rows),
)  # fmt: skip
RULED = Frozen(
    sa.select(Minutes.reason, RulingRow.minutes_row_id, RulingRow.verdict, RulingRow.ruled_at)
    .join(Minutes, Minutes.id == RulingRow.minutes_id)
    .where(
        *_live(RulingRow, Minutes),
        RulingRow.ruled_at >= sa.bindparam("from_moment", type_=RulingRow.ruled_at.type),
        RulingRow.ruled_at < sa.bindparam("to_moment", type_=RulingRow.ruled_at.type),
    )
    .order_by(RulingRow.ruled_at, RulingRow.id),
    lambda reason, row, verdict, _: (WeedingReason(reason), row, Verdict(verdict)),
)
WEEDED = Frozen(
    sa.select(Minutes.reason, sa.func.coalesce(Item.local_class, Title.dewey), sa.func.count())
    .select_from(MinutesRow)
    .join(Minutes, Minutes.id == MinutesRow.minutes_id)
    .join(Item, Item.id == MinutesRow.item_id)
    .join(Title, Title.id == Item.title_id)
    .where(*_live(MinutesRow, Minutes), *_between(MinutesRow.executed_on))
    .group_by(Minutes.reason, sa.func.coalesce(Item.local_class, Title.dewey)),
    lambda reason, written, copies: (WeedingReason(reason), class_of(written), copies),
)
WAITING = Frozen(
    sa.select(Minutes.reason, sa.func.count(MinutesRow.id))
    .join(MinutesRow, MinutesRow.minutes_id == Minutes.id)
    .where(
        *_live(Minutes, MinutesRow),
        MinutesRow.struck_at.is_(None),
        sa.or_(*(Minutes.state == state for state in ON_THE_WAY)),
    )
    .group_by(Minutes.reason),
    lambda reason, rows: (WeedingReason(reason), rows),
)
ASKED = Frozen(
    sa.select(sa.func.count(sa.distinct(BindingRequest.id)), sa.func.count(BindingRow.id))
    .join(BindingRow, BindingRow.request_id == BindingRequest.id)
    .where(*_live(BindingRequest, BindingRow), *_between(BindingRequest.requested_on)),
    lambda requests, rows: (requests, rows),
)
DISPATCHED = Frozen(
    sa.select(sa.func.count(BindingRow.id))
    .join(BindingRequest, BindingRequest.id == BindingRow.request_id)
    .where(*_live(BindingRow, BindingRequest), *_between(BindingRequest.dispatched_on)),
    int,
)
RECEIVED = Frozen(
    sa.select(BindingRow.outcome, sa.func.count(), sa.func.coalesce(sa.func.sum(BindingRow.cost), 0))
    .where(*_live(BindingRow), *_between(BindingRow.received_on))
    .group_by(BindingRow.outcome),
    lambda outcome, copies, cost: (BindingOutcome(outcome) if outcome else None, copies, int(cost)),
)
AWAY = Frozen(
    sa.select(sa.func.count(BindingRow.id))
    .join(BindingRequest, BindingRequest.id == BindingRow.request_id)
    .where(
        *_live(BindingRow, BindingRequest), BindingRequest.dispatched_on.is_not(None), BindingRow.received_on.is_(None)
    ),
    int,
)
MENDED = Frozen(
    sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(Mending.cost), 0)).where(
        *_live(Mending), *_between(Mending.day)
    ),
    lambda mends, cost: (mends, int(cost)),
)
HANDED = Frozen(
    sa.select(Disposal.kind, sa.func.count(DisposalRow.id))
    .join(DisposalRow, DisposalRow.disposal_id == Disposal.id)
    .where(*_live(Disposal, DisposalRow), *_between(Disposal.handed_on))
    .group_by(Disposal.kind),
    lambda kind, copies: (DisposalKind(kind), copies),
)
WEIGHED = Frozen(
    sa.select(sa.func.coalesce(sa.func.sum(Disposal.weight_g), 0)).where(
        *_live(Disposal), *_between(Disposal.handed_on)
    ),
    int,
)
EARNED = Frozen(
    sa.select(sa.func.coalesce(sa.func.sum(Disposal.proceeds), 0)).where(*_live(Disposal), *_between(Disposal.paid_on)),
    int,
)
READ = Frozen(
    sa.select(sa.func.count()).where(
        *_live(Stocktake),
        Stocktake.state == StocktakeState.CLOSED,
        Stocktake.closed_at >= sa.bindparam("from_moment", type_=Stocktake.closed_at.type),
        Stocktake.closed_at < sa.bindparam("to_moment", type_=Stocktake.closed_at.type),
    ),
    int,
)


def quarter_figures(reader: Reader, quarter: Quarter) -> QuarterFigures:
    """Counted from the rows as they are now. Days are those of the quarter, both ends included."""
    days = {"since": quarter.start, "until": quarter.end}
    moments = {"from_moment": midnight(quarter.start), "to_moment": midnight(quarter.end + dt.timedelta(days=1))}
    weeded = reader.all(WEEDED, **days)
    return QuarterFigures(
        reasons=_reasons(reader, days, moments, weeded),
        weeded_by_class=_by_class(weeded),
        binding=_binding(reader, days),
        exchange=_exchange(reader, days),
        stocktakes=reader.one(READ, **moments) or 0,
    )


def _reasons(
    reader: Reader, days: dict[str, dt.date], moments: dict[str, dt.datetime], weeded: list[Any]
) -> dict[str, ReasonFigures]:
    counted: dict[str, Counter[WeedingReason]] = {name: Counter() for name in ReasonFigures.__dataclass_fields__}
    for reason, minutes, rows in reader.all(FINALISED, **days):
        counted["minutes"][reason], counted["listed"][reason] = minutes, rows
    counted["sent"].update(dict(reader.all(SENT, **days)))
    for reason, verdict in _last_verdicts(reader, moments):
        counted[_VERDICTS[verdict]][reason] += 1
    for reason, _, copies in weeded:
        counted["weeded"][reason] += copies
    counted["waiting"].update(dict(reader.all(WAITING)))
    return {
        reason.value: ReasonFigures(**{name: counts[reason] for name, counts in counted.items()})
        for reason in WeedingReason
    }


_VERDICTS = {Verdict.APPROVE: "approved", Verdict.REJECT: "rejected", Verdict.REDIRECT: "redirected"}


def _last_verdicts(reader: Reader, moments: dict[str, dt.datetime]) -> list[tuple[WeedingReason, Verdict]]:
    """What the highest level that spoke in these days said of each row: county, then province, then head office."""
    last = {row: (reason, verdict) for reason, row, verdict in reader.all(RULED, **moments)}
    return [(reason, verdict) for reason, verdict in last.values() if verdict in _VERDICTS]


def _by_class(weeded: list[Any]) -> dict[str, dict[str, int]]:
    table: dict[str, Counter[str]] = {}
    for reason, main, copies in weeded:
        table.setdefault("-" if main is None else str(main), Counter())[reason.value] += copies
    return {name: dict(sorted(counts.items())) for name, counts in sorted(table.items())}


def _binding(reader: Reader, days: dict[str, dt.date]) -> BindingFigures:
    requests, asked = reader.one(ASKED, **days) or (0, 0)
    received = reader.all(RECEIVED, **days)
    mends, mend_cost = reader.one(MENDED, **days) or (0, 0)
    return BindingFigures(
        requests=requests,
        asked=asked,
        sent=reader.one(DISPATCHED, **days) or 0,
        received=sum(copies for _, copies, _ in received),
        outcomes={outcome.value: copies for outcome, copies, _ in received if outcome},
        cost=sum(cost for _, _, cost in received) + mend_cost,
        mended_here=mends,
        away=reader.one(AWAY) or 0,
    )


def _exchange(reader: Reader, days: dict[str, dt.date]) -> ExchangeFigures:
    return ExchangeFigures(
        copies={kind.value: copies for kind, copies in reader.all(HANDED, **days)},
        weight_g=reader.one(WEIGHED, **days) or 0,
        proceeds=reader.one(EARNED, **days) or 0,
    )


def read_figures(plain: dict[str, Any]) -> QuarterFigures:
    """The figures of a stored report."""
    return QuarterFigures(
        reasons={reason: ReasonFigures(**counts) for reason, counts in plain["reasons"].items()},
        weeded_by_class=plain["weeded_by_class"],
        binding=BindingFigures(**plain["binding"]),
        exchange=ExchangeFigures(**plain["exchange"]),
        stocktakes=plain["stocktakes"],
    )
