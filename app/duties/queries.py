"""Reading what the calendar of duties is worked out from: a dozen statements over what is open, none over history."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.calendar.rules import add_months, later
from app.clock import day_of
from app.duties.facts import (
    BindingFacts,
    DutyFacts,
    MinutesFacts,
    PackageFacts,
    ReportFacts,
    StocktakeFacts,
    Unpacked,
    WaitingCopies,
)
from app.duties.rules import Duty, DutyKind, duties
from app.exchange.reads import ready_copies
from app.guideline.table import Terms
from app.library import HERE, Library
from app.statistics.classes import GONE
from db.codes import (
    BindingState,
    Condition,
    DisposalState,
    ItemStatus,
    MinutesState,
    Role,
    StocktakeState,
    WeedingReason,
)
from db.frozen import Frozen
from db.models.collection import (
    BindingRequest,
    BindingRow,
    Disposal,
    DisposalRow,
    Mending,
    Minutes,
    MinutesRow,
    MinutesStep,
    QuarterlyReport,
    Stocktake,
    StocktakeScan,
)
from db.models.items import Item
from db.models.library import Staff
from db.models.sync import Stream
from db.reading import Reader

WORK_SEEN_DAYS = 730
"""How far back work is looked for: eight quarters, as the page of the reports shows them."""

ENTERING = (Role.HEAD, Role.LIBRARIAN, Role.CATALOGUER, Role.SENIOR_CATALOGUER)
"""Who enters books (003 م3-7)."""


def _minutes(  # noqa: PLR0913, PLR0917 - the columns of a row
    reason: WeedingReason, state: MinutesState, opened_at: dt.datetime, finalised_on: dt.date | None,
    sent_on: dt.date | None, year: int | None, number: int | None, answer_due_on: dt.date | None, asked_by: Any,
    stepped_on: dt.date | None, rows: int,
) -> MinutesFacts:  # fmt: skip
    since = stepped_on or sent_on or finalised_on or day_of(opened_at)
    return MinutesFacts(reason, state, since, rows, year, number, answer_due_on, asked_by)


LAST_STEP = (
    sa.select(sa.func.max(MinutesStep.day))
    .where(
        MinutesStep.minutes_id == Minutes.id,
        MinutesStep.became == Minutes.state,
        MinutesStep.was != MinutesStep.became,  # the letter of the final list leaves closed minutes closed
        MinutesStep.deleted_at.is_(None),
    )
    .scalar_subquery()
)
# Of closed minutes the ruling, which the edition before has: the week for the final list runs from there (002 م7-9).
RULED_ON = (
    sa.select(sa.func.max(MinutesStep.day))
    .where(
        MinutesStep.minutes_id == Minutes.previous_id,
        MinutesStep.became == MinutesState.RULED,
        MinutesStep.deleted_at.is_(None),
    )
    .scalar_subquery()
)
STANDS_SINCE = sa.case((Minutes.state == MinutesState.CLOSED, RULED_ON), else_=LAST_STEP)
STANDING = (MinutesRow.deleted_at.is_(None), MinutesRow.struck_at.is_(None))
ROWS = (
    sa.select(sa.func.count())
    .select_from(MinutesRow)
    .where(MinutesRow.branch_id == HERE, MinutesRow.minutes_id == Minutes.id, *STANDING)
    .scalar_subquery()
)
MINUTES = Frozen(
    sa.select(
        Minutes.reason, Minutes.state, Minutes.opened_at, Minutes.finalised_on, Minutes.sent_on, Minutes.year,
        Minutes.number, Minutes.answer_due_on, Minutes.asked_by, STANDS_SINCE, ROWS,
    ).where(
        Minutes.branch_id == HERE,
        sa.or_(Minutes.state != MinutesState.CLOSED, Minutes.sent_on.is_(None)),
        Minutes.state != MinutesState.SUPERSEDED,
        Minutes.deleted_at.is_(None),
    ),
    _minutes,
)  # fmt: skip
ON_LOAN = sa.func.sum(sa.case((Item.status == ItemStatus.ON_LOAN, 1), else_=0))
WAITING = Frozen(
    sa.select(
        Minutes.reason, Minutes.year, Minutes.number, sa.func.coalesce(LAST_STEP, Minutes.finalised_on), ON_LOAN,
        sa.func.count(),
    )
    .join(MinutesRow, MinutesRow.minutes_id == Minutes.id)
    .join(Item, Item.id == MinutesRow.item_id)
    .where(
        Minutes.branch_id == HERE,
        Minutes.state == MinutesState.CLOSED,
        Minutes.deleted_at.is_(None),
        MinutesRow.executed_on.is_(None),
        *STANDING,
        Item.on_minutes_id == Minutes.id,
    )
    .group_by(Minutes.id, Minutes.reason, Minutes.year, Minutes.number, Minutes.finalised_on),
    lambda reason, year, number, closed_on, lent, copies: WaitingCopies(
        reason, year, number, closed_on, int(lent), int(copies) - int(lent)
    ),
)  # fmt: skip
IN_IT = (
    sa.select(sa.func.count())
    .select_from(DisposalRow)
    .where(DisposalRow.disposal_id == Disposal.id, DisposalRow.gone_to.is_(None), DisposalRow.deleted_at.is_(None))
    .scalar_subquery()
)
PACKAGES_OPEN = Frozen(
    sa.select(
        Disposal.kind, Disposal.reason, Disposal.state, Disposal.level, Disposal.packed_on, Disposal.handed_on,
        Disposal.announced_on, IN_IT,
    ).where(
        Disposal.branch_id == HERE,
        Disposal.parent_id.is_(None),
        Disposal.state != DisposalState.FINISHED,
        Disposal.state != DisposalState.CANCELLED,
        Disposal.deleted_at.is_(None),
    ),
    PackageFacts,
)  # fmt: skip
AWAY = (BindingRow.received_on.is_(None), BindingRow.deleted_at.is_(None))
UNMARKED = sa.func.sum(sa.case((Item.status != ItemStatus.IN_BINDING, 1), else_=0))
OUT = sa.or_(BindingRequest.state == BindingState.REQUESTED, BindingRequest.state == BindingState.DISPATCHED)
BINDING = Frozen(
    sa.select(
        BindingRequest.state, BindingRequest.requested_on, BindingRequest.dispatched_on, BindingRequest.due_on,
        sa.func.count(), UNMARKED, BindingRequest.year, BindingRequest.number,
    )
    .join(BindingRow, BindingRow.request_id == BindingRequest.id)
    .join(Item, Item.id == BindingRow.item_id)
    .where(
        BindingRequest.branch_id == HERE, OUT, BindingRequest.deleted_at.is_(None), *AWAY,
    )
    .group_by(
        BindingRequest.id, BindingRequest.state, BindingRequest.requested_on, BindingRequest.dispatched_on,
        BindingRequest.due_on, BindingRequest.year, BindingRequest.number,
    ),
    lambda state, requested, sent, due, away, unmarked, year, number: BindingFacts(
        state, requested, sent, due, int(away), int(unmarked), year, number
    ),
)  # fmt: skip
SINCE: sa.BindParameter[dt.date] = sa.bindparam("since", type_=sa.Date())
BOUND = (
    BindingRequest.branch_id == HERE,
    BindingRequest.state != BindingState.CANCELLED,
    BindingRequest.deleted_at.is_(None),
)
WORKED = Frozen(
    sa.union(
        sa.select(Minutes.finalised_on).where(Minutes.finalised_on >= SINCE, Minutes.deleted_at.is_(None)),
        sa.select(MinutesStep.day).where(
            MinutesStep.became == MinutesState.CLOSED, MinutesStep.day >= SINCE, MinutesStep.deleted_at.is_(None)
        ),
        sa.select(MinutesRow.executed_on).where(
            MinutesRow.branch_id == HERE, MinutesRow.executed_on >= SINCE, MinutesRow.deleted_at.is_(None)
        ),
        sa.select(BindingRequest.requested_on).where(BindingRequest.requested_on >= SINCE, *BOUND),
        sa.select(BindingRequest.dispatched_on).where(BindingRequest.dispatched_on >= SINCE, *BOUND),
        sa.select(BindingRow.received_on).where(
            BindingRow.branch_id == HERE, BindingRow.received_on >= SINCE, BindingRow.deleted_at.is_(None)
        ),
        sa.select(Mending.day).where(Mending.day >= SINCE, Mending.deleted_at.is_(None)),
    ),
    lambda day: day,
)
REPORTS = Frozen(
    sa.select(
        QuarterlyReport.year, QuarterlyReport.quarter, QuarterlyReport.made_at, QuarterlyReport.sent_on,
        QuarterlyReport.answer_due_on, QuarterlyReport.answered_on,
    ).where(
        QuarterlyReport.branch_id == HERE,
        QuarterlyReport.deleted_at.is_(None),
        sa.or_(QuarterlyReport.due_on >= SINCE, QuarterlyReport.answered_on.is_(None)),
    ),
    lambda year, quarter, made_at, sent_on, answer_due_on, answered_on: ReportFacts(
        year, quarter, made_at is not None, sent_on, answer_due_on, answered_on
    ),
)  # fmt: skip
LAST_SCAN = (
    sa.select(sa.func.max(StocktakeScan.at))
    .where(StocktakeScan.stocktake_id == Stocktake.id, StocktakeScan.deleted_at.is_(None))
    .scalar_subquery()
)
ILL = (Condition.WORN, Condition.DAMAGED, Condition.UNBINDABLE)
ON_REQUEST = sa.exists(sa.select(BindingRow.id).where(BindingRow.item_id == Item.id, *AWAY))
WORN_SEEN = (
    sa.select(sa.func.count(sa.distinct(StocktakeScan.item_id)))
    .join(Item, Item.id == StocktakeScan.item_id)
    .where(
        StocktakeScan.stocktake_id == Stocktake.id,
        sa.or_(*(StocktakeScan.condition == condition for condition in ILL)),
        StocktakeScan.deleted_at.is_(None),
        sa.or_(*(Item.condition == condition for condition in ILL)),
        *(Item.status != status for status in sorted(GONE)),
        Item.on_minutes_id.is_(None),
        ~ON_REQUEST,
    )
    .scalar_subquery()
)
OUR_STOCKTAKES = (Stocktake.branch_id == HERE, Stocktake.deleted_at.is_(None))


def _day(moment: dt.datetime | None) -> dt.date | None:
    return None if moment is None else day_of(moment)


OPEN_STOCKTAKES = Frozen(
    sa.select(Stocktake.name, Stocktake.opened_at, LAST_SCAN).where(
        Stocktake.state == StocktakeState.OPEN, *OUR_STOCKTAKES
    ),
    lambda name, opened_at, last: StocktakeFacts(name, day_of(opened_at), _day(last)),
)
LAST_STOCKTAKE = Frozen(
    sa.select(Stocktake.name, Stocktake.opened_at, Stocktake.closed_at, WORN_SEEN)
    .where(Stocktake.state == StocktakeState.CLOSED, Stocktake.closed_at.is_not(None), *OUR_STOCKTAKES)
    .order_by(Stocktake.closed_at.desc())
    .limit(1),
    lambda name, opened_at, closed_at, worn: StocktakeFacts(
        name, day_of(opened_at), closed_on=day_of(closed_at), worn=int(worn)
    ),
)


def _newest(
    opened_at: dt.datetime | None, copies: bool, binding: dt.date | None, minutes: dt.date | None
) -> Mapping[str, Any]:
    return {
        "begun_on": _day(opened_at),
        "copies": bool(copies),
        "last_binding_on": binding,
        "last_minutes_on": minutes,
    }


NEWEST = Frozen(
    sa.select(
        sa.select(sa.func.min(Stream.opened_at)).where(Stream.branch_id == HERE).scalar_subquery(),
        sa.exists(sa.select(Item.id).where(Item.branch_id == HERE, Item.deleted_at.is_(None))),
        sa.select(sa.func.max(BindingRequest.requested_on)).where(*BOUND).scalar_subquery(),
        sa.select(sa.func.max(Minutes.finalised_on))
        .where(Minutes.branch_id == HERE, Minutes.deleted_at.is_(None))
        .scalar_subquery(),
    ),
    _newest,
)


def _entered(copies: int, librarians: int) -> Mapping[str, Any]:
    return {"entered": copies, "librarians": librarians}


ENTERED = Frozen(
    sa.select(
        sa.select(sa.func.count()).where(Item.branch_id == HERE, Item.deleted_at.is_(None)).scalar_subquery(),
        sa.select(sa.func.count())
        .where(Staff.active.is_(True), Staff.deleted_at.is_(None), sa.or_(*(Staff.role == role for role in ENTERING)))
        .scalar_subquery(),
    ),
    _entered,
)


def duty_facts(reader: Reader, today: dt.date, terms: Terms) -> DutyFacts:
    """What is open, and the last days that count."""
    since = later(today, -WORK_SEEN_DAYS)
    newest: Mapping[str, Any] = reader.one(NEWEST) or {}
    begun_on = newest.get("begun_on")
    is_new = begun_on is not None and today <= add_months(begun_on, terms.new_library_months)
    entered: Mapping[str, Any] = (reader.one(ENTERED) if is_new else None) or {}
    return DutyFacts(
        minutes=tuple(reader.all(MINUTES)),
        waiting=tuple(reader.all(WAITING)),
        unpacked=_unpacked(reader),
        packages=tuple(reader.all(PACKAGES_OPEN)),
        binding=tuple(reader.all(BINDING)),
        open_stocktakes=tuple(reader.all(OPEN_STOCKTAKES)),
        last_stocktake=reader.one(LAST_STOCKTAKE),
        reports=tuple(reader.all(REPORTS, since=since)),
        worked_on=frozenset(reader.all(WORKED, since=since)),
        **newest,
        **entered,
    )


def duties_on(library: Library, reader: Reader, today: dt.date) -> tuple[Duty, ...]:
    """The calendar of duties as it stands on a day, the most pressing first."""
    terms = library.guideline.terms
    return duties(duty_facts(reader, today, terms), today, terms)


def owed_reports(library: Library, reader: Reader, today: dt.date) -> frozenset[tuple[int, int]]:
    """Year and season of the quarterly reports that are to be sent now: of seasons that have passed."""
    owed = (duty for duty in duties_on(library, reader, today) if duty.kind is DutyKind.BRANCH_REPORT)
    seasons = ((duty.subject.year, duty.subject.number) for duty in owed if duty.since and duty.since < today)
    return frozenset((year, season) for year, season in seasons if year and season)


def _unpacked(reader: Reader) -> tuple[Unpacked, ...]:
    ready = ready_copies(reader)
    days = {reason: [copy.executed_on for copy in ready if copy.reason is reason] for reason in WeedingReason}
    return tuple(Unpacked(reason, len(found), min(found)) for reason, found in days.items() if found)
