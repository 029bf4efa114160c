"""Books on their way to the bindery and back, against a real store (002 م13-5, 13-7, 13-11, 13-12)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from app.binding import history
from app.binding.receiving import RequestReceived, note_bill, receive_copy, receive_request
from app.binding.sending import Sending, dispatch, mark_long_away
from app.check import check_library
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.outcomes import CheckedOut, CheckinRefused, CheckoutRefused, LocalUse, ReturnNote
from app.library import Library
from app.nightly.service import NightsRun, run_due_nights
from app.outcome import NotFound, Sought
from app.persian.jalali import from_jalali
from app.refusal import Answer
from app.undo import undo_last
from app.weeding.facts import Proposal
from app.weeding.service import Listed, propose
from db.codes import BindingOutcome, BindingState, Condition, HoldState, ItemStatus, Role, WeedingReason
from db.models.circulation import Hold
from db.models.collection import BindingRow
from db.models.items import Item, ItemStatusChange
from db.models.sync import JournalEntry
from db.types import new_id
from tests.app.binding.scene import back, listed, refused, requested, sent, stored
from tests.app.circulation.holds.holding import to_pull
from tests.library import (
    TODAY,
    ACopy,
    act,
    add_copy,
    add_member,
    change,
    lend,
    pass_days,
    place_hold,
    row,
    rows,
    take_back,
)

IN_BINDING, AVAILABLE = ItemStatus.IN_BINDING, ItemStatus.AVAILABLE
YES = Answer(confirm=frozenset({"item.in_binding", "binding.stays_behind"}))
OUT = Answer(frozenset({"item.in_binding"}), "خودش آورد")


def status(library: Library, copy: ACopy) -> ItemStatus:
    found: ItemStatus = row(library, Item, copy.id).status
    return found


def condition(library: Library, copy: ACopy) -> Condition:
    found: Condition = row(library, Item, copy.id).condition
    return found


def whys(library: Library, copy: ACopy) -> Sequence[tuple[str, ItemStatus, ItemStatus]]:
    return [(noted.why, noted.was, noted.became) for noted in rows(library, ItemStatusChange, item_id=copy.id)]


# Leaving


def test_books_leave_with_what_was_said_of_the_bindery(library: Library, copy: ACopy) -> None:
    """002 م13-5, 13-12."""
    request = sent(library, copy, promised_days=10, outsourced_to=" صحافی \u202eنور ").request
    assert (request.state, request.dispatched_on, request.promised_days) == (BindingState.DISPATCHED, TODAY, 10)
    assert request.outsourced_to == "صحافی نور"
    assert (status(library, copy), whys(library, copy)) == (AVAILABLE, [])


@pytest.mark.parametrize(
    ("sending", "becomes"),
    [
        ({"promised_days": 13}, AVAILABLE), ({"promised_days": 14}, IN_BINDING), ({"status_now": True}, IN_BINDING),
        ({"promised_days": 30, "status_now": False}, AVAILABLE),
    ],
)  # fmt: skip
def test_the_status_changes_at_once_by_choice_or_promise(
    library: Library, copy: ACopy, sending: dict[str, Any], becomes: ItemStatus
) -> None:
    """002 م13-11."""
    outcome = sent(library, copy, **sending)
    assert (status(library, copy), outcome.changed) == (becomes, becomes is IN_BINDING)
    if outcome.changed:
        assert whys(library, copy) == [("binding", AVAILABLE, IN_BINDING)]
        assert rows(library, ItemStatusChange)[0].cause_id == outcome.request.id
    assert not check_library(library).broken


def test_a_day_before_today_may_be_written(library: Library, copy: ACopy) -> None:
    request = requested(library, copy).request_id
    pass_days(library, 3)
    dispatch(library, request, Sending(TODAY + dt.timedelta(1)), act(library))
    assert stored(library, request).dispatched_on == TODAY + dt.timedelta(1)


@pytest.mark.parametrize(
    "sending", [Sending(promised_days=0), Sending(promised_days=401), Sending(dt.date(2030, 1, 1))]
)
def test_impossible_days_are_refused(library: Library, copy: ACopy, sending: Sending) -> None:
    request = requested(library, copy).request_id
    assert refused(dispatch(library, request, sending, act(library))) == ["field.invalid"]


def test_what_is_not_there_is_asked_about_and_comes_off_the_request(library: Library, copy: ACopy) -> None:
    """002 م13-5: the books go with the request."""
    lent = add_copy(library)
    request = requested(library, copy, lent).request_id
    lend(library, add_member(library), lent)
    assert refused(dispatch(library, request, Sending(), act(library))) == ["binding.stays_behind"]
    outcome = dispatch(library, request, Sending(status_now=True), act(library), YES)
    assert [row.barcode for row in getattr(outcome, "behind", ())] == [lent.barcode]
    assert (status(library, lent), status(library, copy)) == (ItemStatus.ON_LOAN, IN_BINDING)
    (row_of_lent,) = rows(library, BindingRow, item_id=lent.id)
    assert (row_of_lent.received_on, row_of_lent.outcome) == (TODAY, BindingOutcome.NOT_DONE)
    assert back(library, copy).closed


def test_what_stayed_behind_was_never_away(library: Library, copy: ACopy) -> None:
    """It is not received, has no time at the bindery to tell, and may go on the next request."""
    lent, reader = add_copy(library), add_member(library)
    request = requested(library, copy, lent).request_id
    lend(library, reader, lent)
    pass_days(library, 2)
    dispatch(library, request, Sending(TODAY + dt.timedelta(1)), act(library), YES)
    take_back(library, lent)
    for day in (None, TODAY + dt.timedelta(1)):
        outcome = receive_copy(library, lent.barcode, CAME.BOUND, act(library), on=day)
        assert refused(outcome) == ["binding.not_sent"]
    assert back(library, lent, CAME.NOT_DONE, on=TODAY + dt.timedelta(1)).already
    with library.store.read() as opened:
        (once,) = history.history_of(opened, lent.id).requests
    assert once.stayed
    assert requested(library, lent).number == "1405/2"


def test_the_month_of_the_bindery_begins_as_the_books_leave(library: Library, copy: ACopy) -> None:
    """002 م13-7: «یک ماه پس از ارسال درخواست»."""
    request = requested(library, copy)
    assert stored(library, request.request_id).due_on == from_jalali(1405, 9, 30)
    pass_days(library, 40)
    sent_on = act(library).day - dt.timedelta(2)
    dispatch(library, request.request_id, Sending(sent_on), act(library))
    assert (sent_on, stored(library, request.request_id).due_on) == (
        from_jalali(1405, 10, 8), from_jalali(1405, 11, 8),
    )  # fmt: skip


def test_a_draft_and_an_unknown_request_do_not_leave(library: Library, copy: ACopy) -> None:
    draft, unknown = listed(library, copy).request_id, new_id()
    assert refused(dispatch(library, draft, Sending(), act(library))) == ["binding.is_draft"]
    assert dispatch(library, unknown, Sending(), act(library)) == NotFound(Sought.BINDING, str(unknown))
    request = requested(library).request_id
    assert refused(dispatch(library, request, Sending(), act(library, Role.ASSISTANT))) == ["role.not_allowed"]


# Two weeks


def test_the_night_of_the_fourteenth_day_changes_the_status_once(library: Library, copy: ACopy) -> None:
    """002 م13-11."""
    other = add_copy(library)
    sent(library, copy, other, promised_days=7)
    pass_days(library, 5)
    back(library, other)
    pass_days(library, 8)
    assert mark_long_away(library, act(library)) == 0
    pass_days(library, 1)
    before = len(rows(library, JournalEntry))
    assert mark_long_away(library, act(library)) == 1
    assert (status(library, copy), status(library, other)) == (IN_BINDING, AVAILABLE)
    assert mark_long_away(library, act(library)) == 0
    assert [entry.kind for entry in rows(library, JournalEntry)][before:] == ["binding.status_changed"]
    assert not check_library(library).broken


def test_the_nights_do_it_by_themselves_and_say_so(library: Library, copy: ACopy) -> None:
    run_due_nights(library, act(library))
    sent(library, copy)
    pass_days(library, 20)
    outcome = run_due_nights(library, act(library))
    assert isinstance(outcome, NightsRun)
    assert [night.day for night in outcome.nights if night.done.get("in_binding")] == [TODAY + dt.timedelta(20)]
    assert status(library, copy) is IN_BINDING


def test_the_night_leaves_alone_what_was_noticed_elsewhere(library: Library, copy: ACopy) -> None:
    sent(library, copy)
    change(library, Item, copy.id, status=ItemStatus.MISSING)
    pass_days(library, 14)
    assert mark_long_away(library, act(library)) == 0
    assert status(library, copy) is ItemStatus.MISSING


# Coming back

CAME, G, W = BindingOutcome, Condition.GOOD, Condition.WORN
AFTER = [
    (CAME.BOUND, IN_BINDING, AVAILABLE, G),
    (CAME.BOUND, AVAILABLE, AVAILABLE, G),
    (CAME.MENDED, IN_BINDING, AVAILABLE, G),
    (CAME.UNBINDABLE, IN_BINDING, AVAILABLE, Condition.UNBINDABLE),
    (CAME.NOT_DONE, IN_BINDING, AVAILABLE, W),
    (CAME.NOT_DONE, AVAILABLE, AVAILABLE, W),
    (CAME.LOST, IN_BINDING, ItemStatus.MISSING, W),
    (CAME.LOST, AVAILABLE, ItemStatus.MISSING, W),
    (CAME.BOUND, ItemStatus.MISSING, AVAILABLE, G),
    (CAME.BOUND, ItemStatus.WEEDED_CONTENT, ItemStatus.WEEDED_CONTENT, G),
    (CAME.LOST, ItemStatus.WEEDED_CONTENT, ItemStatus.WEEDED_CONTENT, W),
]


@pytest.mark.parametrize(("outcome", "was", "becomes", "looks"), AFTER)
def test_what_became_of_a_copy_decides_how_it_stands(
    library: Library, copy: ACopy, outcome: BindingOutcome, was: ItemStatus, becomes: ItemStatus, looks: Condition
) -> None:
    change(library, Item, copy.id, condition=W)
    sent(library, copy)
    change(library, Item, copy.id, status=was)
    received = back(library, copy, outcome, cost=500_000)
    assert (status(library, copy), condition(library, copy)) == (becomes, looks)
    assert (received.row.outcome, received.row.cost, received.row.received_on) == (outcome, 500_000, TODAY)
    assert (received.closed, received.request.state, received.request.received_on) == (
        True,
        BindingState.RECEIVED,
        TODAY,
    )
    whys_of = {CAME.LOST: "binding_lost"}.get(outcome, "bound")
    assert whys(library, copy) == ([(whys_of, was, becomes)] if was is not becomes else [])


def test_the_last_copy_closes_the_request(library: Library, copy: ACopy) -> None:
    other = add_copy(library)
    sent(library, copy, other)
    first = back(library, copy)
    assert (first.left, first.closed, first.request.state) == (1, False, BindingState.DISPATCHED)
    assert back(library, other, CAME.NOT_DONE).closed


def test_an_unbindable_copy_may_stand_on_the_minutes_of_the_worn(library: Library, copy: ACopy) -> None:
    """002 م4-1-ج, م5-1-ج: this only copy is let go because the bindery gave it up."""
    sent(library, copy)
    worn = Proposal(WeedingReason.WORN)
    assert not isinstance(propose(library, copy.barcode, worn, act(library)), Listed)
    back(library, copy, CAME.UNBINDABLE)
    assert isinstance(propose(library, copy.barcode, worn, act(library)), Listed)


def test_a_second_scan_of_the_same_day_is_the_same_receipt(library: Library, copy: ACopy) -> None:
    sent(library, copy)
    back(library, copy)
    before = len(rows(library, JournalEntry))
    assert back(library, copy).already
    assert len(rows(library, JournalEntry)) == before
    pass_days(library, 1)
    assert refused(receive_copy(library, copy.barcode, CAME.BOUND, act(library))) == ["binding.not_sent"]


def test_what_was_not_sent_is_not_received(library: Library, copy: ACopy) -> None:
    assert refused(receive_copy(library, copy.barcode, CAME.BOUND, act(library))) == ["binding.not_sent"]
    requested(library, copy)
    outcome = receive_copy(library, copy.barcode, CAME.BOUND, act(library, Role.TRAINEE), -1)
    assert refused(outcome) == ["role.not_allowed", "field.invalid", "binding.not_sent"]
    assert receive_copy(library, "ندارد", CAME.BOUND, act(library)) == NotFound(Sought.ITEM, "ندارد")


def test_a_copy_that_was_bound_before_is_received_from_the_newest_request(library: Library, copy: ACopy) -> None:
    sent(library, copy)
    back(library, copy)
    second = sent(library, copy)
    assert back(library, copy, CAME.NOT_DONE).request.id == second.request.id


def test_a_reader_who_waits_gets_the_copy_as_it_comes_back(library: Library, copy: ACopy) -> None:
    sent(library, copy, status_now=True)
    reader = add_member(library)
    hold = place_hold(library, reader, copy)
    received = back(library, copy)
    assert received.hold_for is not None
    assert received.hold_for.id == reader.id
    assert row(library, Hold, hold).state is HoldState.WAITING


def test_a_receipt_is_taken_back(library: Library, copy: ACopy) -> None:
    request = sent(library, copy, status_now=True).request.id
    back(library, copy)
    undo_last(library, act(library))
    assert (status(library, copy), stored(library, request).state) == (IN_BINDING, BindingState.DISPATCHED)
    assert back(library, copy).closed


def test_books_may_have_come_back_before_today_but_not_before_they_left(library: Library, copy: ACopy) -> None:
    """002 م13-7: the day they came, not the day somebody found time to write it down."""
    other = add_copy(library)
    request = sent(library, copy, other).request.id
    pass_days(library, 5)
    day = TODAY + dt.timedelta(5)
    for too_early in (TODAY - dt.timedelta(1), TODAY - dt.timedelta(400)):
        outcome = receive_copy(library, copy.barcode, CAME.BOUND, act(library), on=too_early)
        assert refused(outcome) == ["binding.back_before_sent"]
        whole = receive_request(library, request, CAME.BOUND, act(library), on=too_early)
        assert refused(whole) == ["binding.back_before_sent"]
    tomorrow = day + dt.timedelta(1)
    assert refused(receive_copy(library, copy.barcode, CAME.BOUND, act(library), on=tomorrow)) == ["field.invalid"]
    assert refused(receive_request(library, request, CAME.BOUND, act(library), on=tomorrow)) == ["field.invalid"]
    assert back(library, copy, on=day - dt.timedelta(1)).row.received_on == day - dt.timedelta(1)
    before = len(rows(library, JournalEntry))
    last = back(library, other, on=day - dt.timedelta(2))
    assert (last.row.received_on, last.closed) == (day - dt.timedelta(2), True)
    assert last.request.received_on == day - dt.timedelta(1)  # the day on which all were there
    assert back(library, other, on=day - dt.timedelta(2)).already
    assert len(rows(library, JournalEntry)) == before + 1


def test_what_is_received_before_a_clock_was_set_back_is_refused(library: Library, copy: ACopy) -> None:
    pass_days(library, 3)
    sent(library, copy)
    pass_days(library, -3)
    assert refused(receive_copy(library, copy.barcode, CAME.BOUND, act(library))) == ["binding.back_before_sent"]


OTHERWISE = Answer(confirm=frozenset({"binding.received_otherwise"}))
PUT_RIGHT = [
    (CAME.BOUND, CAME.UNBINDABLE, AVAILABLE, Condition.UNBINDABLE),
    (CAME.UNBINDABLE, CAME.MENDED, AVAILABLE, G),
    (CAME.BOUND, CAME.NOT_DONE, AVAILABLE, W),
    (CAME.UNBINDABLE, CAME.NOT_DONE, AVAILABLE, W),
    (CAME.BOUND, CAME.LOST, ItemStatus.MISSING, W),
    (CAME.LOST, CAME.BOUND, AVAILABLE, G),
    (CAME.LOST, CAME.NOT_DONE, AVAILABLE, Condition.DAMAGED),
    (CAME.NOT_DONE, CAME.LOST, ItemStatus.MISSING, Condition.DAMAGED),
]


@pytest.mark.parametrize(("first", "then", "becomes", "looks"), PUT_RIGHT)
def test_an_outcome_that_was_said_wrongly_is_put_right_after_a_yes(
    library: Library, copy: ACopy, first: BindingOutcome, then: BindingOutcome, becomes: ItemStatus, looks: Condition
) -> None:
    """The desk takes every copy back as bound, and another scan of the same day may say otherwise."""
    change(library, Item, copy.id, condition=Condition.DAMAGED)
    sent(library, copy, status_now=True)
    pass_days(library, 1)
    back(library, copy, first, cost=10)
    assert refused(receive_copy(library, copy.barcode, then, act(library))) == ["binding.received_otherwise"]
    trainee = receive_copy(library, copy.barcode, then, act(library, Role.TRAINEE), answer=OTHERWISE)
    assert refused(trainee) == ["role.not_allowed"]
    told = back(library, copy, then, answer=OTHERWISE)
    assert (told.row.outcome, told.row.cost, told.already) == (then, 10, False)
    assert (status(library, copy), condition(library, copy)) == (becomes, looks)
    assert back(library, copy, then).already
    assert not check_library(library).broken
    undo_last(library, act(library))
    (row_of_copy,) = rows(library, BindingRow)
    assert row_of_copy.outcome is first


def test_what_the_desk_took_back_as_bound_may_have_been_given_up(library: Library, copy: ACopy) -> None:
    sent(library, copy, status_now=True)
    check_in(library, CheckinRequest(copy.barcode, answer=YES), act(library))
    back(library, copy, CAME.UNBINDABLE, answer=OTHERWISE)
    assert condition(library, copy) is Condition.UNBINDABLE


def test_who_waits_gets_a_copy_that_was_not_lost_after_all_and_keeps_it(library: Library, copy: ACopy) -> None:
    sent(library, copy, status_now=True)
    reader = add_member(library)
    place_hold(library, reader, copy)
    assert back(library, copy, CAME.LOST).hold_for is None
    told = back(library, copy, answer=OTHERWISE)
    assert told.hold_for is not None
    lost = receive_copy(library, copy.barcode, CAME.LOST, act(library), answer=OTHERWISE)
    assert refused(lost) == ["binding.not_sent"]
    assert not check_library(library).broken


def test_a_cost_that_was_forgotten_is_added_by_another_scan(library: Library, copy: ACopy) -> None:
    sent(library, copy)
    back(library, copy)
    assert refused(receive_copy(library, copy.barcode, CAME.BOUND, act(library), -5)) == ["field.invalid"]
    told = back(library, copy, cost=450_000)
    assert (told.already, told.row.cost) == (False, 450_000)
    assert back(library, copy, cost=450_000).already
    assert back(library, copy).row.cost == 450_000


def test_a_bill_may_come_after_the_books(library: Library, copy: ACopy) -> None:
    """002 م13-9, م13-12."""
    draft = listed(library, copy).request_id
    assert refused(note_bill(library, draft, 5, act(library))) == ["binding.is_draft"]
    request = requested(library).request_id
    assert refused(note_bill(library, request, 5, act(library))) == ["binding.is_requested"]
    dispatch(library, request, Sending(), act(library))
    receive_request(library, request, CAME.BOUND, act(library))
    assert refused(receive_request(library, request, CAME.BOUND, act(library), 900_000)) == ["binding.is_received"]
    told = note_bill(library, request, 900_000, act(library))
    assert (getattr(told, "cost", None), stored(library, request).cost) == (900_000, 900_000)
    before = len(rows(library, JournalEntry))
    note_bill(library, request, 900_000, act(library))
    assert len(rows(library, JournalEntry)) == before
    assert refused(note_bill(library, request, -1, act(library, Role.TRAINEE))) == ["role.not_allowed", "field.invalid"]
    note_bill(library, request, None, act(library))
    undo_last(library, act(library))
    assert stored(library, request).cost == 900_000
    unknown = new_id()
    assert note_bill(library, unknown, 5, act(library)) == NotFound(Sought.BINDING, str(unknown))


def test_all_that_is_away_is_received_at_once(library: Library, copy: ACopy) -> None:
    copies = [add_copy(library) for _ in range(3)]
    request = sent(library, copy, *copies, status_now=True).request.id
    back(library, copy, CAME.UNBINDABLE)
    outcome = receive_request(library, request, CAME.BOUND, act(library), 900_000)
    assert isinstance(outcome, RequestReceived)
    assert (outcome.copies, outcome.request.state, outcome.request.cost) == (3, BindingState.RECEIVED, 900_000)
    assert {status(library, one) for one in (copy, *copies)} == {AVAILABLE}
    assert condition(library, copy) is Condition.UNBINDABLE
    again = receive_request(library, request, CAME.BOUND, act(library))
    assert isinstance(again, RequestReceived)
    assert (again.already, again.copies) == (True, 0)
    assert not check_library(library).broken


def test_a_request_that_has_not_left_is_not_received(library: Library, copy: ACopy) -> None:
    request, unknown = requested(library, copy).request_id, new_id()
    assert refused(receive_request(library, request, CAME.BOUND, act(library))) == ["binding.is_requested"]
    assert receive_request(library, unknown, CAME.BOUND, act(library)) == NotFound(Sought.BINDING, str(unknown))


def test_a_full_request_comes_back_in_one_entry(library: Library) -> None:
    """Every copy away, marked, and kept for a reader as it comes back: what one journal entry can tell."""
    title = add_copy(library)
    copies = [title, *(add_copy(library, title.title_id) for _ in range(119))]
    request = sent(library, *copies, status_now=True).request.id
    for _ in range(60):
        place_hold(library, add_member(library), title)
    outcome = receive_request(library, request, CAME.BOUND, act(library))
    assert isinstance(outcome, RequestReceived)
    assert (outcome.copies, outcome.held) == (120, 60)


# At the desk


@pytest.mark.parametrize("now", [False, True])
def test_the_desk_asks_before_it_takes_such_a_copy_back_and_then_receives_it(
    library: Library, copy: ACopy, now: bool
) -> None:
    """002 م13-11: whatever its status says, it is at the bindery until somebody says otherwise."""
    request = sent(library, copy, status_now=now).request.id
    asked = check_in(library, CheckinRequest(copy.barcode), act(library))
    assert isinstance(asked, CheckinRefused)
    assert [refusal.code for refusal in asked.refusals] == ["item.in_binding"]
    told = check_in(library, CheckinRequest(copy.barcode, answer=YES), act(library))
    assert isinstance(told, LocalUse)
    assert (told.notes, told.counted) == ((ReturnNote.BACK_FROM_BINDING,), False)
    assert (status(library, copy), stored(library, request).state) == (AVAILABLE, BindingState.RECEIVED)
    assert rows(library, BindingRow)[0].outcome is BindingOutcome.BOUND
    assert not check_library(library).broken


def test_the_desk_does_not_lend_it_unless_the_head_says_so_which_receives_it(library: Library, copy: ACopy) -> None:
    member, request = add_member(library), sent(library, copy).request.id
    outcome = check_out(library, CheckoutRequest(member.card, copy.barcode), act(library))
    assert isinstance(outcome, CheckoutRefused)
    assert [refusal.code for refusal in outcome.refusals] == ["item.in_binding"]
    outcome = check_out(library, CheckoutRequest(member.card, copy.barcode, answer=OUT), act(library))
    assert isinstance(outcome, CheckedOut)
    assert stored(library, request).state is BindingState.RECEIVED
    assert not check_library(library).broken


def test_until_it_leaves_a_listed_copy_is_lent_as_ever(library: Library, copy: ACopy) -> None:
    requested(library, copy)
    lend(library, add_member(library), copy)


def test_nobody_looks_for_it_on_the_shelf(library: Library, copy: ACopy) -> None:
    """002 م13-11: its status need not have changed, yet it is not there to be pulled for a reader."""
    place_hold(library, add_member(library), copy)
    assert [pull.item.id for pull in to_pull(library)] == [copy.id]
    sent(library, copy)
    assert to_pull(library) == []
