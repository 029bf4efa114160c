"""The calendar of duties read from a real store."""

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.duties.queries import duties_on, duty_facts
from app.duties.rules import Duty, DutyKind, DutyWeight
from app.library import Library
from db.codes import (
    BindingState,
    Condition,
    DisposalKind,
    DisposalState,
    ExchangeLevel,
    ItemStatus,
    MinutesState,
    MinutesStepKind,
    RulingLevel,
    StocktakeFinding,
    StocktakeState,
    Verdict,
    WeedingReason,
)
from db.models.base import Base
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
    RulingRow,
    Stocktake,
    StocktakeScan,
)
from db.models.items import Item
from tests.library import TODAY, act, add_copy, add_member, change, found, lend, row

WORN = WeedingReason.WORN
K = DutyKind


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def at(days: int) -> dt.datetime:
    return dt.datetime.combine(ago(days), dt.time(12), dt.UTC)


def put(library: Library, model: type[Base], **values: Any) -> uuid.UUID:
    with library.store.write() as tx:
        made = tx.insert(model, **values)
        tx.record("test.put", act(library))
    return made


def minutes(library: Library, state: MinutesState, stepped: int, **fields: Any) -> uuid.UUID:
    made = put(
        library, Minutes,
        **{"reason": WORN, "state": state, "year": 1405, "number": 3, "opened_at": at(200)} | fields,
    )  # fmt: skip
    put(
        library, MinutesStep, minutes_id=made, kind=MinutesStepKind.SEND, was=MinutesState.DRAFT, became=state,
        day=ago(stepped), staff_id=made, at=at(stepped),
    )  # fmt: skip
    return made


def listed(library: Library, minutes_id: uuid.UUID, **fields: Any) -> uuid.UUID:
    copy = add_copy(library)
    return put(
        library, MinutesRow,
        **{
            "minutes_id": minutes_id, "position": 1, "item_id": copy.id, "criterion": "worn", "article": "4-1",
            "author_id": copy.id, "proposed_at": at(30),
        } | fields,
    )  # fmt: skip


def shown(library: Library) -> dict[DutyKind, Duty]:
    with library.store.read() as reader:
        return {duty.kind: duty for duty in duties_on(library, reader, TODAY)}


def test_a_new_library_owes_nothing(library: Library) -> None:
    assert shown(library) == {}


def test_minutes_are_counted_from_their_last_step_and_name_their_copies(library: Library) -> None:
    made = minutes(library, MinutesState.AT_COUNTY, 9)
    listed(library, made)
    listed(library, made, struck_at=at(1), struck_why="خطا")
    duty = shown(library)[K.COUNTY_ANSWER]
    assert (duty.weight, duty.since, duty.due_on) == (DutyWeight.LATE, ago(9), ago(2))
    assert (duty.subject.reason, duty.subject.year, duty.subject.number, duty.subject.count) == (WORN, 1405, 3, 1)


def test_the_day_written_on_the_minutes_is_the_day_of_the_answer(library: Library) -> None:
    minutes(library, MinutesState.AT_PROVINCE, 30, answer_due_on=TODAY)
    assert shown(library)[K.PROVINCE_ANSWER].weight is DutyWeight.INFO


def test_superseded_and_closed_minutes_are_done(library: Library) -> None:
    for state in (MinutesState.SUPERSEDED, MinutesState.CLOSED):
        minutes(library, state, 600, number=None, finalised_on=ago(600), sent_on=ago(600))
    assert set(shown(library)) == {K.BRANCH_REPORT}


def test_the_final_list_is_owed_from_the_ruling_until_its_letter_is_noted(library: Library) -> None:
    """002 م7-9، م7-12."""
    ruled = minutes(library, MinutesState.RULED, 9)
    change(library, Minutes, ruled, state=MinutesState.SUPERSEDED)
    final = minutes(library, MinutesState.CLOSED, 3, revision=2, previous_id=ruled)
    assert K.SEND_LIST not in shown(library)  # every copy was refused: there is no list
    listed(library, final, executed_on=ago(3))
    duty = shown(library)[K.SEND_LIST]
    assert (duty.weight, duty.since, duty.due_on, duty.subject.count) == (DutyWeight.LATE, ago(9), ago(2), 1)
    change(library, Minutes, final, sent_on=TODAY)
    assert K.SEND_LIST not in shown(library)


def test_a_draft_piles_up_from_the_day_it_was_begun(library: Library) -> None:
    made = put(library, Minutes, reason=WORN, state=MinutesState.DRAFT, opened_at=at(100))
    assert K.DRAFT_PILED not in shown(library)
    for _ in range(2):
        listed(library, made)
    duty = shown(library)[K.DRAFT_PILED]
    assert (duty.weight, duty.since, duty.subject.count) == (DutyWeight.LATE, ago(100), 2)


def test_approved_copies_lent_when_the_minutes_were_closed_wait(library: Library) -> None:
    made = minutes(library, MinutesState.CLOSED, 5, finalised_on=ago(20))
    rows = [listed(library, made) for _ in range(3)]
    for place, one in enumerate(rows):
        status = ItemStatus.ON_LOAN if place == 0 else ItemStatus.AVAILABLE
        change(library, Item, item_of(library, one), on_minutes_id=made if place < 2 else None, status=status)
    duty = shown(library)[K.SET_ASIDE]
    assert (duty.weight, duty.since, duty.subject.count) == (DutyWeight.SOON, ago(5), 2)


def item_of(library: Library, minutes_row: uuid.UUID) -> Any:
    return row(library, MinutesRow, minutes_row).item_id


def test_weeded_copies_are_to_be_packed_and_packages_handed_over(library: Library) -> None:
    made = minutes(library, MinutesState.CLOSED, 5, finalised_on=ago(20))
    first, second = (listed(library, made, executed_on=ago(100)) for _ in range(2))
    for one in (first, second):
        change(library, Item, item_of(library, one), status=ItemStatus.WEEDED_WORN)
        put(
            library, RulingRow, minutes_id=made, minutes_row_id=one, minutes_revision=1, level=RulingLevel.PROVINCE,
            verdict=Verdict.APPROVE, ruled_at=at(6), ruled_by="کارشناس",
        )  # fmt: skip
    duty = shown(library)[K.PACK]
    assert (duty.weight, duty.since, duty.subject.count) == (DutyWeight.LATE, ago(100), 2)
    package = put(
        library, Disposal, kind=DisposalKind.RECYCLING, reason=WORN, state=DisposalState.PACKED, packed_on=ago(3)
    )
    put(
        library, DisposalRow, disposal_id=package, minutes_row_id=first,
        item_id=item_of(library, first),
    )  # fmt: skip
    now = shown(library)
    assert now[K.PACK].subject.count == 1
    assert (now[K.HAND_OVER].subject.count, now[K.HAND_OVER].weight) == (1, DutyWeight.INFO)


def test_a_package_in_the_province_goes_to_the_store_after_six_months(library: Library) -> None:
    put(
        library, Disposal, kind=DisposalKind.COUNTY_CENTRE, reason=WORN, state=DisposalState.ANNOUNCED,
        level=ExchangeLevel.PROVINCE, packed_on=ago(300), announced_on=ago(200),
    )  # fmt: skip
    put(
        library, Disposal, kind=DisposalKind.EXCHANGE, reason=WORN, state=DisposalState.HANDED,
        packed_on=ago(300), parent_id=uuid.uuid4(),
    )  # fmt: skip
    now = shown(library)
    assert now[K.TO_STORE].weight is DutyWeight.LATE
    assert K.PACKAGE_OUT not in now


def test_recycling_waits_for_its_money(library: Library) -> None:
    put(
        library, Disposal, kind=DisposalKind.RECYCLING, reason=WORN, state=DisposalState.HANDED, packed_on=ago(30),
        handed_on=ago(10),
    )  # fmt: skip
    duty = shown(library)[K.PROCEEDS]
    assert (duty.weight, duty.since) == (DutyWeight.SOON, ago(10))


def test_a_bindery_that_keeps_copies_is_late_and_their_status_too(library: Library) -> None:
    request = put(
        library, BindingRequest, state=BindingState.DISPATCHED, year=1405, number=2, requested_on=ago(45),
        dispatched_on=ago(40), opened_at=at(46),
    )  # fmt: skip
    for received in (None, None, ago(3)):
        put(library, BindingRow, request_id=request, position=1, item_id=add_copy(library).id, received_on=received)
    now = shown(library)
    assert (now[K.BINDING_BACK].weight, now[K.BINDING_BACK].subject.count) == (DutyWeight.LATE, 2)
    assert (now[K.BINDING_STATUS].weight, now[K.BINDING_STATUS].subject.count) == (DutyWeight.LATE, 2)
    assert K.BINDING_REQUEST not in now


def test_the_newest_request_that_was_not_taken_back_counts(library: Library) -> None:
    add_copy(library)
    for state, day in ((BindingState.RECEIVED, ago(200)), (BindingState.CANCELLED, ago(5))):
        put(library, BindingRequest, state=state, requested_on=day, opened_at=at(200))
    assert shown(library)[K.BINDING_REQUEST].since == ago(200)
    assert shown(library)[K.BINDING_REQUEST].weight is DutyWeight.LATE


def test_a_report_is_owed_for_a_quarter_in_which_a_book_was_mended(library: Library) -> None:
    put(library, Mending, item_id=add_copy(library).id, day=ago(90), work="چسب", staff_id=uuid.uuid4())
    duty = shown(library)[K.BRANCH_REPORT]
    assert (duty.subject.year, duty.subject.number, duty.weight) == (1405, 2, DutyWeight.LATE)
    put(
        library, QuarterlyReport, year=1405, quarter=2, due_on=duty.due_on, made_at=at(3), sent_on=ago(2),
        answer_due_on=ago(1),
    )  # fmt: skip
    now = shown(library)
    assert K.BRANCH_REPORT not in now
    assert now[K.REPORT_ANSWER].weight is DutyWeight.LATE


def test_a_report_waits_for_its_answer_however_long_and_then_is_done(library: Library) -> None:
    old = put(library, QuarterlyReport, year=1402, quarter=1, due_on=ago(1_250), made_at=at(1_240), sent_on=ago(1_240))
    assert shown(library)[K.REPORT_ANSWER].subject.year == 1402
    change(library, QuarterlyReport, old, answered_on=ago(3))
    assert shown(library) == {}


@pytest.mark.parametrize("what", ["dispatched", "received", "executed"])
def test_every_kind_of_work_makes_its_quarter_one_to_report_on(library: Library, what: str) -> None:
    if what == "executed":
        listed(library, minutes(library, MinutesState.CLOSED, 900, sent_on=ago(900)), executed_on=ago(90))
    else:
        days = {"requested_on": ago(900), "dispatched_on": ago(90) if what == "dispatched" else ago(900)}
        request = put(library, BindingRequest, state=BindingState.DISPATCHED, opened_at=at(900), **days)
        received = ago(90) if what == "received" else None
        put(library, BindingRow, request_id=request, position=1, item_id=add_copy(library).id, received_on=received)
    assert shown(library)[K.BRANCH_REPORT].subject.number == 2


def test_a_request_that_was_given_up_is_no_work(library: Library) -> None:
    put(library, BindingRequest, state=BindingState.CANCELLED, requested_on=ago(90), opened_at=at(90))
    assert K.BRANCH_REPORT not in shown(library)


def test_an_open_shelf_reading_is_idle_from_its_last_scan(library: Library) -> None:
    made = put(library, Stocktake, name="مخزن", state=StocktakeState.OPEN, opened_at=at(30), opened_by=uuid.uuid4())
    assert shown(library)[K.STOCKTAKE_IDLE].weight is DutyWeight.SOON
    scan(library, made, 2)
    duty = shown(library)[K.STOCKTAKE_IDLE]
    assert (duty.weight, duty.since, duty.subject.name) == (DutyWeight.INFO, ago(2), "مخزن")


def test_what_a_shelf_reading_found_worn_is_to_be_weeded_or_bound(library: Library) -> None:
    made = put(
        library, Stocktake, name="مخزن", state=StocktakeState.CLOSED, opened_at=at(30), closed_at=at(10),
        opened_by=uuid.uuid4(),
    )  # fmt: skip
    copies = [add_copy(library) for _ in range(6)]
    for copy in copies:
        change(library, Item, copy.id, condition=Condition.WORN)
        for condition in (Condition.GOOD, Condition.WORN, Condition.DAMAGED, None):
            scan(library, made, 12, item_id=copy.id, condition=condition)
    duty = shown(library)[K.WEED_AFTER_STOCKTAKE]
    assert (duty.since, duty.subject.count, duty.weight) == (ago(10), 6, DutyWeight.INFO)
    change(library, Item, copies[0].id, condition=Condition.GOOD)
    change(library, Item, copies[1].id, on_minutes_id=uuid.uuid4())
    change(library, Item, copies[2].id, status=ItemStatus.WEEDED_WORN)
    request = put(library, BindingRequest, state=BindingState.DRAFT, opened_at=at(5))
    put(library, BindingRow, request_id=request, position=1, item_id=copies[3].id)
    assert shown(library)[K.WEED_AFTER_STOCKTAKE].subject.count == 2
    for copy in copies[4:]:
        change(library, Item, copy.id, condition=Condition.GOOD)
    assert K.WEED_AFTER_STOCKTAKE not in shown(library)
    with library.store.read() as reader:
        assert duty_facts(reader, TODAY, library.guideline.terms).last_stocktake is not None


def scan(library: Library, stocktake: uuid.UUID, days: int, **fields: Any) -> None:
    put(
        library, StocktakeScan, stocktake_id=stocktake, position=1, code="RAF-1", at=at(days),
        finding=StocktakeFinding.IN_PLACE, **fields,
    )  # fmt: skip


def test_lending_does_not_weigh_on_the_calendar(library: Library) -> None:
    lend(library, add_member(library), add_copy(library))
    assert shown(library) == {}
