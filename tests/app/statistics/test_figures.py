"""The figures of a quarter, counted from rows written as the use cases write them."""

import datetime as dt
import json
import uuid

from app.clock import midnight
from app.library import Library
from app.persian.jalali import quarter
from app.statistics.counting import quarter_figures
from app.statistics.figures import ReasonFigures, read_figures
from db.codes import (
    BindingOutcome,
    BindingState,
    DisposalKind,
    DisposalState,
    ItemStatus,
    MinutesState,
    MinutesStepKind,
    RulingLevel,
    StocktakeState,
    Verdict,
    WeedingReason,
)
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
from db.writing import Tx
from tests.library import TODAY, ACopy, a_title, act, add_copy

AUTUMN = quarter(TODAY)
BEFORE = AUTUMN.start - dt.timedelta(days=1)


def minutes(tx: Tx, library: Library, copies: list[ACopy], day: dt.date, **fields: object) -> list[uuid.UUID]:
    done = act(library)
    state = fields.pop("state", MinutesState.AT_COUNTY)
    minutes_id = tx.insert(
        Minutes, reason=WeedingReason.WORN, state=state, year=1405, number=fields.pop("number", 1),
        opened_at=done.at, finalised_at=done.at, finalised_on=day, **fields,
    )  # fmt: skip
    tx.insert(
        MinutesStep, minutes_id=minutes_id, kind=MinutesStepKind.SEND, was=MinutesState.FINALISED,
        became=MinutesState.AT_COUNTY, day=day, staff_id=done.staff_id, at=done.at,
    )  # fmt: skip
    return [
        tx.insert(
            MinutesRow, minutes_id=minutes_id, position=place, item_id=copy.id, criterion="worn", article="4-1-ج",
            author_id=done.staff_id, proposed_at=done.at,
        )
        for place, copy in enumerate(copies, 1)
    ]  # fmt: skip


def decided(tx: Tx, library: Library, row: uuid.UUID, day: dt.date) -> None:
    """The minutes of a row got their last ruling."""
    found = tx.connection.execute(MinutesRow.__table__.select().where(MinutesRow.__table__.c.id == row)).one()
    tx.insert(
        MinutesStep, minutes_id=found.minutes_id, kind=MinutesStepKind.RULE, level=RulingLevel.PROVINCE,
        was=MinutesState.AT_PROVINCE, became=MinutesState.RULED, day=day, staff_id=act(library).staff_id,
        at=act(library).at,
    )  # fmt: skip


def rule(tx: Tx, row: uuid.UUID, level: RulingLevel, verdict: Verdict, day: dt.date) -> None:
    found = tx.connection.execute(MinutesRow.__table__.select().where(MinutesRow.__table__.c.id == row)).one()
    tx.insert(
        RulingRow, minutes_id=found.minutes_id, minutes_row_id=row, minutes_revision=1, level=level, verdict=verdict,
        ruled_at=midnight(day) + dt.timedelta(hours=9), ruled_by="اداره",
    )  # fmt: skip


def test_weeding_is_counted_by_reason_and_by_class(library: Library) -> None:
    copies = [add_copy(library, a_title(f"کتاب {place}", dewey="530")) for place in range(4)]
    with library.store.write() as tx:
        rows = minutes(tx, library, copies, TODAY)
        old = minutes(tx, library, copies[:1], BEFORE, number=2, state=MinutesState.CLOSED)
        going = minutes(tx, library, copies[3:], TODAY, number=3)
        for row in (*rows, *going):
            rule(tx, row, RulingLevel.COUNTY, Verdict.APPROVE, AUTUMN.start)
        found = tx.connection.execute(MinutesRow.__table__.select().where(MinutesRow.__table__.c.id == rows[0])).one()
        tx.insert(  # came off the draft before it got its number
            MinutesRow, minutes_id=found.minutes_id, position=9, item_id=copies[0].id, criterion="worn",
            article="4-1-ج", author_id=found.author_id, proposed_at=found.proposed_at, struck_at=found.proposed_at,
        )  # fmt: skip
        rule(tx, rows[0], RulingLevel.PROVINCE, Verdict.REJECT, TODAY)
        rule(tx, rows[1], RulingLevel.PROVINCE, Verdict.APPROVE, TODAY)
        rule(tx, rows[2], RulingLevel.PROVINCE, Verdict.REDIRECT, TODAY)
        rule(tx, rows[3], RulingLevel.PROVINCE, Verdict.APPROVE, TODAY)
        rule(tx, old[0], RulingLevel.PROVINCE, Verdict.APPROVE, BEFORE)
        decided(tx, library, rows[0], AUTUMN.end)
        decided(tx, library, old[0], BEFORE)
        tx.record("test.written", act(library))
    with library.store.write() as tx:
        for row in rows[1:3]:
            found = tx.connection.execute(MinutesRow.__table__.select().where(MinutesRow.__table__.c.id == row)).one()
            tx.update(MinutesRow, found, executed_on=TODAY)
        tx.record("test.written", act(library))
    with library.store.read() as reader:
        figures = quarter_figures(reader, AUTUMN)
    assert figures.reasons["worn"] == ReasonFigures(
        minutes=2, listed=5, sent=5, approved=2, rejected=1, redirected=1, weeded=2, waiting=5
    )
    assert figures.reasons["content"] == ReasonFigures()
    assert figures.weeded_by_class == {"5": {"worn": 2}}
    assert read_figures(json.loads(json.dumps(figures.plain()))) == figures


def test_binding_exchange_and_shelf_reading_are_counted(library: Library) -> None:
    copies = [add_copy(library, f"کتاب {place}") for place in range(3)]
    done = act(library)
    with library.store.write() as tx:
        request = tx.insert(
            BindingRequest, state=BindingState.DISPATCHED, opened_at=done.at, requested_on=AUTUMN.start,
            dispatched_on=TODAY,
        )  # fmt: skip
        for place, copy in enumerate(copies, 1):
            came = place < 3
            tx.insert(
                BindingRow,
                request_id=request,
                position=place,
                item_id=copy.id,
                received_on=TODAY if came else None,
                outcome=BindingOutcome.BOUND if came else None,
                cost=150_000 if came else None,
            )
        tx.insert(Mending, item_id=copies[0].id, day=AUTUMN.end, work="چسب", cost=20_000, staff_id=done.staff_id)
        tx.insert(Mending, item_id=copies[0].id, day=BEFORE, work="چسب", cost=9_000, staff_id=done.staff_id)
        package = tx.insert(
            Disposal, kind=DisposalKind.RECYCLING, reason=WeedingReason.WORN, state=DisposalState.FINISHED,
            packed_on=BEFORE, handed_on=TODAY,
        )  # fmt: skip
        for copy in copies:
            tx.insert(DisposalRow, disposal_id=package, item_id=copy.id, minutes_row_id=uuid.uuid4())
        for copy in copies[:2]:  # the third was found in the stacks and is on the shelf again
            found = tx.connection.execute(Item.__table__.select().where(Item.__table__.c.id == copy.id)).one()
            tx.update(Item, found, status=ItemStatus.WEEDED_WORN)
        handed = {"reason": WeedingReason.WORN, "state": DisposalState.FINISHED, "parent_id": package}
        tx.insert(Disposal, kind=DisposalKind.COUNTY_CENTRE, packed_on=BEFORE, handed_on=BEFORE, **handed)
        tx.insert(
            Disposal, kind=DisposalKind.RECYCLING, packed_on=BEFORE, handed_on=TODAY, weight_g=12_500,
            proceeds=900_000, paid_on=AUTUMN.end, **handed,
        )  # fmt: skip
        for closed in (midnight(AUTUMN.start), midnight(AUTUMN.start) - dt.timedelta(seconds=1)):
            tx.insert(
                Stocktake,
                name="همه",
                state=StocktakeState.CLOSED,
                opened_at=done.at,
                closed_at=closed,
                opened_by=done.staff_id,
            )
        tx.record("test.written", done)  # fmt: skip
    with library.store.read() as reader:
        figures = quarter_figures(reader, AUTUMN)
    binding = figures.binding
    assert (binding.requests, binding.asked, binding.sent, binding.received, binding.away) == (1, 3, 3, 2, 1)
    assert (binding.outcomes, binding.cost, binding.mended_here) == ({"bound": 2}, 320_000, 1)
    assert figures.exchange.copies == {"recycling": 2}
    assert (figures.exchange.weight_g, figures.exchange.proceeds, figures.stocktakes) == (12_500, 900_000, 1)
