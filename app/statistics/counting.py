"""Counting a quarter from the rows as they are now (002 م14-1): every copy once in each of its steps, by the day that
its papers say; a ruling by the day it was entered."""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.clock import midnight
from app.persian.jalali import Quarter
from app.statistics.classes import class_of
from app.statistics.figures import QuarterFigures, ReasonFigures
from app.statistics.sent_out import between, binding_figures, exchange_figures, live
from app.weeding.minutes.workflow import outcome_of
from db.codes import MinutesState, MinutesStepKind, RulingLevel, StocktakeState, Verdict, WeedingReason
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.collection import Minutes, MinutesRow, MinutesStep, RulingRow, Stocktake
from db.models.items import Item
from db.reading import Reader

ON_THE_WAY = (
    MinutesState.FINALISED, MinutesState.AT_COUNTY, MinutesState.CORRECTION, MinutesState.AT_PROVINCE,
    MinutesState.AT_HEAD_OFFICE, MinutesState.RULED,
)  # fmt: skip
# What was struck from the draft never stood on the numbered minutes.
STANDING = MinutesRow.struck_at.is_(None)
FINALISED = Frozen(
    sa.select(Minutes.reason, sa.func.count(sa.distinct(Minutes.id)), sa.func.count(MinutesRow.id))
    .join(MinutesRow, MinutesRow.minutes_id == Minutes.id)
    .where(*live(Minutes, MinutesRow), STANDING, Minutes.revision == 1, *between(Minutes.finalised_on))
    .group_by(Minutes.reason),
    lambda reason, minutes, rows: (WeedingReason(reason), minutes, rows),
)
SENT = Frozen(
    sa.select(Minutes.reason, sa.func.count(MinutesRow.id))
    .select_from(MinutesStep)
    .join(Minutes, Minutes.id == MinutesStep.minutes_id)
    .join(MinutesRow, MinutesRow.minutes_id == Minutes.id)
    .where(
        *live(MinutesStep, MinutesRow),
        MinutesStep.was == MinutesState.FINALISED,
        MinutesStep.kind == MinutesStepKind.SEND,
        *between(MinutesStep.day),
        STANDING,
    )
    .group_by(Minutes.reason),
    lambda reason, rows: (WeedingReason(reason), rows),
)
# A level that ruled before a correction ruled on the row of an earlier edition: the same copy, under the same number.
EDITION, RULED_ROW = aliased(Minutes), aliased(MinutesRow)
RULED = Frozen(
    sa.select(Minutes.reason, MinutesRow.id, RulingRow.level, RulingRow.verdict)
    .select_from(MinutesStep)
    .join(Minutes, Minutes.id == MinutesStep.minutes_id)
    .join(MinutesRow, MinutesRow.minutes_id == Minutes.id)
    .join(
        EDITION,
        sa.and_(EDITION.branch_id == Minutes.branch_id, EDITION.year == Minutes.year, EDITION.number == Minutes.number),
    )
    .join(RulingRow, RulingRow.minutes_id == EDITION.id)
    .join(RULED_ROW, sa.and_(RULED_ROW.id == RulingRow.minutes_row_id, RULED_ROW.item_id == MinutesRow.item_id))
    .where(
        *live(MinutesStep, Minutes, MinutesRow, RulingRow),
        MinutesStep.became == MinutesState.RULED,
        *between(MinutesStep.day),
        STANDING,
    )
    .order_by(RulingRow.minutes_revision, RulingRow.ruled_at, RulingRow.id),
    lambda reason, row, level, verdict: (WeedingReason(reason), row, RulingLevel(level), Verdict(verdict)),
)
CARRIED_OUT = Frozen(
    sa.select(Minutes.reason, sa.func.coalesce(Item.local_class, Title.dewey), sa.func.count())
    .select_from(MinutesRow)
    .join(Minutes, Minutes.id == MinutesRow.minutes_id)
    .join(Item, Item.id == MinutesRow.item_id)
    .join(Title, Title.id == Item.title_id)
    .where(*live(MinutesRow, Minutes), *between(MinutesRow.executed_on))
    .group_by(Minutes.reason, sa.func.coalesce(Item.local_class, Title.dewey)),
    lambda reason, written, copies: (WeedingReason(reason), class_of(written), copies),
)
WAITING = Frozen(
    sa.select(Minutes.reason, sa.func.count(MinutesRow.id))
    .join(MinutesRow, MinutesRow.minutes_id == Minutes.id)
    .join(Item, Item.id == MinutesRow.item_id)
    .where(
        *live(Minutes, MinutesRow),
        STANDING,
        sa.or_(
            *(Minutes.state == state for state in ON_THE_WAY),
            sa.and_(
                Minutes.state == MinutesState.CLOSED,
                MinutesRow.executed_on.is_(None),
                Item.on_minutes_id == Minutes.id,
            ),
        ),
    )
    .group_by(Minutes.reason),
    lambda reason, rows: (WeedingReason(reason), rows),
)
READ = Frozen(
    sa.select(sa.func.count()).where(
        *live(Stocktake),
        Stocktake.state == StocktakeState.CLOSED,
        Stocktake.closed_at >= sa.bindparam("from_moment", type_=Stocktake.closed_at.type),
        Stocktake.closed_at < sa.bindparam("to_moment", type_=Stocktake.closed_at.type),
    ),
    int,
)
OUTCOMES = {Verdict.APPROVE: "approved", Verdict.REJECT: "rejected", Verdict.REDIRECT: "redirected"}


def quarter_figures(reader: Reader, quarter: Quarter) -> QuarterFigures:
    """The figures of a quarter, both ends included."""
    days = {"since": quarter.start, "until": quarter.end}
    moments = {"from_moment": midnight(quarter.start), "to_moment": midnight(quarter.end + dt.timedelta(days=1))}
    weeded = reader.all(CARRIED_OUT, **days)
    return QuarterFigures(
        reasons=_reasons(reader, days, weeded),
        weeded_by_class=_by_class(weeded),
        binding=binding_figures(reader, days),
        exchange=exchange_figures(reader, days),
        stocktakes=reader.one(READ, **moments) or 0,
    )


def _reasons(reader: Reader, days: dict[str, dt.date], weeded: list[Any]) -> dict[str, ReasonFigures]:
    counted: dict[str, Counter[WeedingReason]] = {name: Counter() for name in ReasonFigures.__dataclass_fields__}
    for reason, minutes, rows in reader.all(FINALISED, **days):
        counted["minutes"][reason], counted["listed"][reason] = minutes, rows
    counted["sent"].update(dict(reader.all(SENT, **days)))
    for reason, outcome in _ruled(reader, days):
        counted[OUTCOMES[outcome]][reason] += 1
    for reason, _, copies in weeded:
        counted["weeded"][reason] += copies
    counted["waiting"].update(dict(reader.all(WAITING)))
    return {
        reason.value: ReasonFigures(**{name: counts[reason] for name, counts in counted.items()})
        for reason in WeedingReason
    }


def _ruled(reader: Reader, days: dict[str, dt.date]) -> list[tuple[WeedingReason, Verdict]]:
    """What the levels said together of each copy of minutes that got their last ruling in these days (002 م7-6،
    م7-11)."""
    said: defaultdict[tuple[WeedingReason, uuid.UUID], dict[RulingLevel, Verdict]] = defaultdict(dict)
    for reason, row, level, verdict in reader.all(RULED, **days):
        said[reason, row][level] = verdict
    together = [(reason, outcome_of(levels)) for (reason, _), levels in said.items()]
    return [(reason, outcome) for reason, outcome in together if outcome is not None]


def _by_class(weeded: list[Any]) -> dict[str, dict[str, int]]:
    table: dict[str, Counter[str]] = {}
    for reason, main, copies in weeded:
        table.setdefault("-" if main is None else str(main), Counter())[reason.value] += copies
    return {name: dict(sorted(counts.items())) for name, counts in sorted(table.items())}
