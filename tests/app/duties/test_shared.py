"""The same calendar, figures and offices on PostgreSQL."""

import datetime as dt

from app.duties.queries import duties_on
from app.duties.rules import DutyKind
from app.duties.today import loans_by_class, loans_by_month, today_figures
from app.staff.offices import OfficeForm, Position, officers_on, set_office
from db.codes import BindingState, Condition, MinutesState, StocktakeFinding, StocktakeState, WeedingReason
from db.models.collection import BindingRequest, BindingRow, Minutes, MinutesRow, Stocktake, StocktakeScan
from tests.library import MORNING, TODAY, act, add_copy, add_member, lend
from tests.shared import desks

BEFORE = TODAY - dt.timedelta(days=100)


def test_a_server_tells_the_same() -> None:
    with desks(1) as (library,):
        store, copy, worn = library.store, add_copy(library), add_copy(library, condition=Condition.WORN)
        who = act(library)
        with store.write() as tx:
            minutes = tx.insert(Minutes, reason=WeedingReason.WORN, state=MinutesState.DRAFT, opened_at=MORNING)
            tx.insert(
                MinutesRow, minutes_id=minutes, position=1, item_id=copy.id, criterion="worn", article="4-1",
                author_id=who.staff_id, proposed_at=who.at,
            )  # fmt: skip
            request = tx.insert(
                BindingRequest, state=BindingState.DISPATCHED, requested_on=BEFORE, dispatched_on=BEFORE,
                opened_at=who.at,
            )  # fmt: skip
            tx.insert(BindingRow, request_id=request, position=1, item_id=copy.id)
            closed = tx.insert(
                Stocktake, name="مخزن", state=StocktakeState.CLOSED, opened_at=who.at, closed_at=who.at,
                opened_by=who.staff_id,
            )  # fmt: skip
            tx.insert(
                StocktakeScan, stocktake_id=closed, position=1, code="RAF-1", at=who.at, item_id=worn.id,
                condition=Condition.WORN, finding=StocktakeFinding.IN_PLACE,
            )  # fmt: skip
            tx.record("test.put", who)
        lend(library, add_member(library), add_copy(library))
        set_office(library, OfficeForm(Position.BRANCH_HEAD, "زهرا کریمی"), who)
        with store.read() as reader:
            kinds = {duty.kind for duty in duties_on(library, reader, TODAY)}
            figures = today_figures(reader, TODAY)
            assert officers_on(reader, TODAY) == {"branch_head": "زهرا کریمی"}
            assert loans_by_month(reader, TODAY)[-1].loans == 1
            assert sum(one.loans for one in loans_by_class(reader, TODAY)) == 1
        assert kinds == {
            DutyKind.BINDING_BACK, DutyKind.BINDING_STATUS, DutyKind.BINDING_REQUEST, DutyKind.BRANCH_REPORT,
            DutyKind.WEED_AFTER_STOCKTAKE,
        }  # fmt: skip
        assert (figures.lent, figures.out, figures.new_members) == (1, 1, 1)
