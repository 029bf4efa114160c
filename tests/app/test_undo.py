"""Taking back the last action of a desk."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.binding.mending import mend
from app.binding.receiving import note_bill
from app.catalogue.queries import title_row
from app.catalogue.service import TitleAdded, add_title
from app.check import check_library
from app.circulation.alerts import AlertForm, add_alert
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.copy_editing import CopyEdit, edit_copy, send_copy
from app.circulation.elsewhere import Sighted, SightingForm, see_return, send_home
from app.circulation.holds.changing import HoldKey, cancel_hold, move_hold, resume_hold, suspend_hold
from app.circulation.holds.placing import PlaceRequest
from app.circulation.holds.placing import place_hold as place
from app.circulation.lost.claims import ClaimRequest, claim_returned
from app.circulation.lost.damage import DamageRequest, note_damage
from app.circulation.lost.declaring import LostRequest, declare_lost
from app.circulation.outcomes import CheckedOut
from app.circulation.pulling import pull_copy
from app.circulation.renewal import renew_item
from app.demo.centre import know_record
from app.exchange.packing import NO_LETTER, Letter, Stands, hand, pack
from app.exchange.receiving import receive
from app.items.form import ItemForm
from app.items.service import ItemAdded, add_item
from app.library import Library
from app.members.cards import Binding, CardBound, bind_card, find_again, report_card_lost
from app.members.form import MemberForm
from app.members.service import Edited, Prolonged, edit_member, form_of, renew_member
from app.members.service import add_member as enrol_member
from app.members.writing import Enrolled
from app.notices.calls import CallNote, record_call
from app.notices.contacts import set_contact
from app.outcome import Refused
from app.refusal import Answer
from app.routes.changing import cancel_visit, finish_visit, move_visit
from app.routes.dispatches import Wish, request_dispatch
from app.routes.reads import StopRow
from app.routes.service import RouteForm, RouteStored, StopForm, add_route, add_stop, assign_stop
from app.staff.offices import OfficeForm, OfficeSet, Position, end_office, set_office
from app.staff.training import TrainingForm, TrainingRecorded, correct_training, record_training
from app.stocktake.scanning import note
from app.to_bindery import send_to_bindery
from app.undo import UNDOABLE, Undone, undo_last
from app.union.asking import Requested, ask, withdraw
from app.union.reading import TITLE, resolve
from app.union.rules import TICKS
from app.union.taking import Catalogued, catalogue_from, take_over
from app.weeding.facts import Proposal
from app.weeding.notes import Noted, call_back, note_candidate
from app.weeding.service import Listed, finalise, propose, strike
from app.wishes.answering import Replied, Reply, reply
from app.wishes.asking import Wished
from app.wishes.asking import ask as ask_for_book
from app.wishes.facts import WishForm
from db.act import Act
from db.codes import (
    CallResult,
    CandidateDecision,
    Condition,
    ContactHealth,
    ContactKind,
    ExchangeLevel,
    HoldState,
    ItemStatus,
    LedgerKind,
    Role,
    WeedingReason,
    WishState,
)
from db.models.catalogue import Title
from db.models.circulation import CallAttempt, Dispatch, Hold, LedgerLine, Loan, Route, RouteVisit, Stop
from db.models.collection import BindingRow, CandidateNote, Minutes, MinutesRow, StocktakeScan
from db.models.items import Item, ItemStatusChange
from db.models.items import LocalUse as LocalUseRow
from db.models.members import Alert, Member, MemberCard, MemberContact
from db.models.schema import synced_models
from db.models.sync import JournalEntry
from db.search_index import find
from tests.app.binding.scene import back, listed, sent
from tests.app.circulation.holds.holding import wait
from tests.app.clearance.people import cleared
from tests.app.exchange.weeded import weeded
from tests.app.stocktake.shelves import begun, read
from tests.app.weeding.printing import plain_printer
from tests.library import (
    TODAY,
    AMember,
    a_title,
    act,
    add_copy,
    add_member,
    change,
    found,
    lend,
    pass_days,
    place_hold,
    put_policy,
    row,
    rows,
    take_back,
)

WORN = Proposal(WeedingReason.WORN, unbindable=True)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def undone(library: Library, desk: int = 1) -> str:
    outcome = undo_last(library, act(library, desk=desk))
    assert isinstance(outcome, Undone), outcome
    return outcome.kind


def refused(library: Library, desk: int = 1, role: Role = Role.HEAD) -> list[str]:
    outcome = undo_last(library, act(library, role, desk))
    assert isinstance(outcome, Refused), outcome
    return [refusal.code for refusal in outcome.refusals]


def elsewhere(library: Library) -> Act:
    """Somebody at the second desk."""
    return act(library, desk=2)


# Each kind


def test_a_loan_is_taken_back_and_the_copy_is_on_the_shelf(library: Library) -> None:
    member, copy = add_member(library), add_copy(library)
    hold = place_hold(library, member, copy)
    loan = lend(library, member, copy)
    assert undone(library) == "loan.opened"
    assert row(library, Loan, loan.loan_id).deleted_at is not None
    item = row(library, Item, copy.id)
    assert (item.status, item.loan_count, item.uses, item.last_loan_on) == (ItemStatus.AVAILABLE, 0, 0, None)
    assert (row(library, Hold, hold).state, row(library, Hold, hold).ended_at) == (HoldState.QUEUED, None)
    lend(library, member, copy)


def test_a_return_is_taken_back_and_its_fine_is_voided_by_the_opposite_line(library: Library) -> None:
    put_policy(library, {"loan_days": 14, "fine_per_day": 2_000})
    member, copy = add_member(library), add_copy(library)
    loan = lend(library, member, copy)
    waiting = place_hold(library, add_member(library), copy)
    pass_days(library, 15)
    take_back(library, copy)
    assert undone(library) == "loan.returned"
    reopened = row(library, Loan, loan.loan_id)
    assert (reopened.in_at, reopened.effective_in_on) == (None, None)
    assert row(library, Item, copy.id).status is ItemStatus.ON_LOAN
    kept = row(library, Hold, waiting)
    assert (kept.state, kept.item_id, kept.shelf_since, kept.shelf_until) == (HoldState.QUEUED, None, None, None)
    fine, void = sorted(rows(library, LedgerLine), key=lambda line: -line.amount)
    assert (fine.kind, fine.amount) == (LedgerKind.FINE, 2_000)
    assert (void.kind, void.amount, void.opposes, void.member_id, void.loan_id) == (
        LedgerKind.VOID, -2_000, fine.id, member.id, loan.loan_id,
    )  # fmt: skip


def test_a_renewal_is_taken_back(library: Library) -> None:
    member, copy = add_member(library), add_copy(library)
    loan = lend(library, member, copy)
    pass_days(library, 3)
    renew_item(library, copy.barcode, act(library), unseen=True)
    assert undone(library) == "loan.renewed"
    stored = row(library, Loan, loan.loan_id)
    assert (stored.due_on, stored.renewals, stored.unseen_renewals, stored.renewed_on) == (loan.due_on, 0, 0, None)


def test_use_in_the_hall_is_taken_back_and_a_found_copy_is_lost_again(library: Library) -> None:
    copy = add_copy(library)
    change(library, Item, copy.id, status=ItemStatus.MISSING)
    check_in(library, CheckinRequest(copy.barcode), act(library))
    assert undone(library) == "item.used"
    item = row(library, Item, copy.id)
    assert (item.status, item.uses) == (ItemStatus.MISSING, 0)
    assert rows(library, LocalUseRow) == []


def test_a_copy_is_taken_back_and_its_accession_number_stays_used(library: Library) -> None:
    """002 م8-2: the register keeps its order."""
    copy = add_copy(library, "تاریخ بیهقی")
    assert undone(library) == "item.added"
    assert row(library, Item, copy.id).deleted_at is not None
    assert row(library, Title, copy.title_id).deleted_at is not None
    with library.store.read() as reader:
        assert find(reader, "بیهقی", 10, "sqlite") == []
        assert title_row(reader, copy.title_id) is None
    assert add_copy(library, "تاریخ بیهقی").accession_no == copy.accession_no + 1
    outcome = add_item(library, a_title(), ItemForm(accession_no=copy.accession_no), act(library))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["item.accession_taken"]


def test_a_copy_of_an_older_title_leaves_the_title(library: Library) -> None:
    first = add_copy(library)
    add_copy(library, first.title_id)
    undone(library)
    assert row(library, Title, first.title_id).deleted_at is None


def test_a_title_is_taken_back_out_of_the_index(library: Library) -> None:
    added = add_title(library, a_title("کلیله و دمنه"), act(library))
    assert isinstance(added, TitleAdded)
    assert undone(library) == "title.added"
    with library.store.read() as reader:
        assert find(reader, "کلیله", 10, "sqlite") == []


def test_a_member_is_taken_back_and_the_card_is_free_again(library: Library) -> None:
    member = add_member(library, national_id="0499370899")
    assert undone(library) == "member.added"
    assert row(library, Member, member.id).deleted_at is not None
    assert rows(library, MemberCard) == []
    again = add_member(library, card=member.card, national_id="0499370899")
    assert again.number != member.number


def test_a_listing_on_minutes_is_taken_back_with_the_minutes_it_opened(library: Library) -> None:
    copy = add_copy(library)
    listed = propose(library, copy.barcode, WORN, act(library))
    assert isinstance(listed, Listed)
    assert undone(library) == "minutes.item_listed"
    assert row(library, Item, copy.id).on_minutes_id is None
    assert rows(library, MinutesRow) == []
    assert rows(library, Minutes) == []


def test_a_strike_is_taken_back(library: Library) -> None:
    copy = add_copy(library)
    listed = propose(library, copy.barcode, WORN, act(library))
    assert isinstance(listed, Listed)
    strike(library, copy.barcode, WeedingReason.WORN, "سالم است", act(library))
    assert undone(library) == "minutes.item_struck"
    assert row(library, Item, copy.id).on_minutes_id == listed.minutes_id
    struck = row(library, MinutesRow, listed.row_id)
    assert (struck.struck_at, struck.struck_why) == (None, None)


def test_a_decision_about_a_candidate_is_taken_back(library: Library) -> None:
    copy = add_copy(library)
    decided = note_candidate(
        library, copy.barcode, WeedingReason.WORN, CandidateDecision.KEEP, act(library), remark="می‌ماند"
    )
    assert isinstance(decided, Noted)
    assert undone(library) == "candidate.noted"
    assert rows(library, CandidateNote) == []


def test_a_copy_called_back_is_put_off_again(library: Library) -> None:
    copy = add_copy(library)
    note_candidate(library, copy.barcode, WeedingReason.WORN, CandidateDecision.KEEP, act(library), remark="می‌ماند")
    call_back(library, copy.barcode, WeedingReason.WORN, act(library))
    assert [note.until for note in rows(library, CandidateNote)] == [act(library).day]
    assert undone(library) == "candidate.called_back"
    assert [note.until for note in rows(library, CandidateNote)] == [None]


def test_the_way_to_the_bindery_is_taken_back_whole(library: Library) -> None:
    copy = add_copy(library)
    listed = propose(library, copy.barcode, WORN, act(library))
    assert isinstance(listed, Listed)
    send_to_bindery(library, copy.barcode, WeedingReason.WORN, act(library))
    assert undone(library) == "candidate.to_bindery"
    assert row(library, Item, copy.id).on_minutes_id == listed.minutes_id
    assert rows(library, BindingRow) == rows(library, CandidateNote) == []


def holds(library: Library) -> list[dict[str, object]]:
    """Every hold as it stands, but for the version, which only rises."""
    return [{**found._mapping, "ver": None} for found in sorted(rows(library, Hold), key=lambda hold: hold.id)]


def test_a_hold_is_taken_back_with_its_fee(library: Library) -> None:
    put_policy(library, {"loan_days": 14, "hold_fee": 5_000})
    member, copy = add_member(library), add_copy(library)
    wait(library, member, copy)
    assert undone(library) == "hold.placed"
    assert rows(library, Hold) == []
    assert sum(line.amount for line in rows(library, LedgerLine)) == 0
    wait(library, member, copy)


def test_a_cancelled_hold_gets_its_copy_back_from_the_next(library: Library) -> None:
    copy = add_copy(library)
    first, _ = (wait(library, add_member(library), copy) for _ in range(2))
    pull_copy(library, copy.barcode, act(library))
    before = holds(library)
    cancel_hold(library, HoldKey(first), act(library), "خودش خرید")
    assert holds(library) != before
    assert undone(library) == "hold.cancelled"
    assert holds(library) == before


def test_a_cancelled_hold_stands_on_the_shelf_again_and_the_copy_is_not_asked_for(library: Library) -> None:
    copy = add_copy(library)
    hold = wait(library, add_member(library), copy)
    pull_copy(library, copy.barcode, act(library))
    before = holds(library)
    cancel_hold(library, HoldKey(hold), act(library))
    assert undone(library) == "hold.cancelled"
    assert (holds(library), rows(library, ItemStatusChange)) == (before, [])


def test_suspending_resuming_and_moving_are_taken_back(library: Library) -> None:
    copy = add_copy(library)
    first, _, last = (wait(library, add_member(library), copy) for _ in range(3))
    pull_copy(library, copy.barcode, act(library))
    ready = holds(library)
    suspend_hold(library, HoldKey(first), act(library), TODAY + dt.timedelta(9))
    assert undone(library) == "hold.suspended"
    assert holds(library) == ready
    suspend_hold(library, HoldKey(last), act(library))
    suspended = holds(library)
    resume_hold(library, HoldKey(last), act(library))
    assert undone(library) == "hold.resumed"
    assert holds(library) == suspended
    move_hold(library, last, 1, act(library))
    assert holds(library) != suspended
    assert undone(library) == "hold.moved"
    assert holds(library) == suspended


def test_setting_aside_and_putting_back_are_taken_back(library: Library) -> None:
    copy = add_copy(library)
    hold = wait(library, add_member(library), copy)
    before = holds(library)
    pull_copy(library, copy.barcode, act(library))
    assert undone(library) == "hold.set_aside"
    assert holds(library) == before
    pull_copy(library, copy.barcode, act(library))
    cancel_hold(library, HoldKey(hold), act(library))
    pull_copy(library, copy.barcode, act(library))
    assert len(rows(library, ItemStatusChange)) == 2
    assert undone(library) == "hold.reshelved"
    assert len(rows(library, ItemStatusChange)) == 1


def test_a_loan_that_filled_a_hold_on_the_shelf_is_taken_back(library: Library) -> None:
    member, copy = add_member(library), add_copy(library)
    wait(library, member, copy)
    pull_copy(library, copy.barcode, act(library))
    before = holds(library)
    lend(library, member, copy)
    assert undone(library) == "loan.opened"
    assert holds(library) == before


def test_a_loan_of_what_was_kept_for_another_is_taken_back(library: Library) -> None:
    copy = add_copy(library)
    wait(library, add_member(library), copy)
    pull_copy(library, copy.barcode, act(library))
    before = holds(library)
    override = Answer(frozenset({"hold.waiting_for_other"}), "لازم است")
    lend(library, add_member(library), copy, answer=override)
    assert undone(library) == "loan.opened"
    assert holds(library) == before


def test_a_route_with_its_stops_is_taken_back(library: Library) -> None:
    a_route(library)
    assert undone(library) == "route.added"
    assert (rows(library, Route), rows(library, Stop)) == ([], [])


def test_a_stop_added_later_is_taken_back(library: Library) -> None:
    add_stop(library, a_route(library).route_id, StopForm("ده‌دور"), act(library))
    assert undone(library) == "stop.added"
    assert len(rows(library, Stop)) == 1


def test_a_reader_is_met_where_they_were_before(library: Library) -> None:
    member = add_member(library)
    assign_stop(library, member.card, a_route(library).id, act(library))
    assert undone(library) == "member.stop_set"
    assert row(library, Member, member.id).stop_id is None


@pytest.mark.parametrize("kind", ["visit.moved", "visit.cancelled", "visit.done"])
def test_a_visit_is_as_it_was_before(library: Library, kind: str) -> None:
    stop = a_route(library)
    if kind == "visit.moved":
        move_visit(library, stop.id, TODAY, TODAY + dt.timedelta(days=1), act(library))
        assert undone(library) == "visit.moved"
    elif kind == "visit.cancelled":
        cancel_visit(library, stop.id, TODAY, act(library))
        assert undone(library) == "visit.cancelled"
    else:
        finish_visit(library, stop.id, TODAY, act(library))
        assert undone(library) == "visit.done"
    assert rows(library, RouteVisit) == []


def test_a_wish_for_a_parcel_is_taken_back(library: Library) -> None:
    member, copy = add_member(library), add_copy(library)
    request_dispatch(library, Wish(member.card, item=copy.barcode, address="ده"), act(library))
    assert undone(library) == "dispatch.requested"
    assert rows(library, Dispatch) == []


def test_packing_weeded_copies_is_taken_back(library: Library) -> None:
    weeded(library, 2)
    before = as_it_is(library)
    assert isinstance(pack(library, WeedingReason.CONTENT, act(library)), Stands)
    assert undone(library) == "disposal.packed"
    assert as_it_is(library) == before


def test_a_receipt_of_an_exchange_centre_is_taken_back(library: Library) -> None:
    weeded(library, 1)
    packed = pack(library, WeedingReason.CONTENT, act(library))
    assert isinstance(packed, Stands)
    hand(library, packed.package.id, NO_LETTER, act(library))
    before = as_it_is(library)
    receive(library, packed.package.id, ExchangeLevel.COUNTY, Letter("ر-۱"), act(library))
    assert undone(library) == "disposal.received"
    assert as_it_is(library) == before


def test_a_call_and_what_it_told_of_a_number_are_taken_back(library: Library) -> None:
    member = add_member(library)
    record_call(library, CallNote(member.card, CallResult.WRONG_NUMBER, "09123456789"), act(library))
    assert undone(library) == "call.recorded"
    assert (rows(library, CallAttempt), rows(library, MemberContact)) == ([], [])


def test_a_contact_is_taken_back_with_the_number_it_gave(library: Library) -> None:
    member = add_member(library)
    before = row(library, Member, member.id)
    number = "09123456789"
    set_contact(library, member.card, ContactKind.MOBILE, number, ContactHealth.VERIFIED, act(library))
    assert undone(library) == "contact.set"
    after = row(library, Member, member.id)
    assert (after.mobile, after.search_key) == (before.mobile, before.search_key)


def a_route(library: Library) -> StopRow:
    """The only stop of a route that begins today."""
    stored = add_route(library, RouteForm("راه", TODAY, stops=(StopForm("ده"),)), act(library))
    assert isinstance(stored, RouteStored)
    return stored.stops[0]


def test_a_loss_is_taken_back_with_what_it_cost(library: Library) -> None:
    member, copy = add_member(library), add_copy(library, price=90_000)
    loan = lend(library, member, copy).loan_id
    declare_lost(library, LostRequest(copy.barcode), act(library))
    assert undone(library) == "item.lost"
    assert (row(library, Item, copy.id).status, row(library, Loan, loan).lost_on) == (ItemStatus.ON_LOAN, None)
    assert sum(line.amount for line in rows(library, LedgerLine)) == 0


def test_damage_is_taken_back_with_its_debt(library: Library) -> None:
    copy = add_copy(library)
    lend(library, add_member(library), copy)
    before = row(library, Item, copy.id).condition
    note_damage(library, DamageRequest(copy.barcode, "پاره", 5_000), act(library))
    assert undone(library) == "item.damaged"
    assert row(library, Item, copy.id).condition is before
    assert sum(line.amount for line in rows(library, LedgerLine)) == 0


def test_a_claim_of_a_return_is_taken_back(library: Library) -> None:
    copy = add_copy(library)
    loan = lend(library, add_member(library), copy).loan_id
    claim_returned(library, ClaimRequest(copy.barcode), act(library))
    assert undone(library) == "item.claimed_returned"
    assert row(library, Loan, loan).claimed_returned_on is None


def test_a_copy_edited_and_sent_away_is_as_before(library: Library) -> None:
    copy = add_copy(library)
    edit_copy(library, CopyEdit(copy.barcode, {"price": 9_000}), act(library))
    send_copy(library, copy.barcode, "میبد", act(library))
    assert undone(library) == "item.sent"
    assert (row(library, Item, copy.id).status, rows(library, ItemStatusChange)) == (ItemStatus.AVAILABLE, [])
    edit_copy(library, CopyEdit(copy.barcode, {"note": "جلد نو"}), act(library))
    assert undone(library) == "item.edited"
    assert (row(library, Item, copy.id).note, row(library, Item, copy.id).price) == (None, 9_000)


def test_a_note_and_missing_parts_are_taken_back(library: Library) -> None:
    member, copy = add_member(library), add_copy(library)
    add_alert(library, AlertForm("تلفن تازه دارد", member=member.card), act(library))
    assert undone(library) == "alert.added"
    loan = lend(library, member, copy)
    take_back(library, copy)
    check_in(library, CheckinRequest(copy.barcode, lost_parts=("لوح",), damage=5_000), act(library))
    assert undone(library) == "loan.parts_missing"
    assert (row(library, Loan, loan.loan_id).missing_parts, rows(library, Alert)) == (None, [])
    assert sum(line.amount for line in rows(library, LedgerLine)) == 0
    assert check_library(library).broken == ()


NOT_BROUGHT_BACK = frozenset({"ver", "rh", "bpos"})


def as_it_is(library: Library) -> dict[str, dict[uuid.UUID, dict[str, object]]]:
    """Every live row of every table that travels, but for what only rises; of the ledger only the balances."""
    found = {}
    for model in synced_models().values():
        alive = rows(library, model) if model is not LedgerLine else []
        found[model.__tablename__] = {
            one.id: {name: value for name, value in one._mapping.items() if name not in NOT_BROUGHT_BACK}
            for one in alive
        }
    with library.store.read() as reader:
        accounts = reader.run("SELECT member_id, balance FROM account WHERE balance <> 0").fetchall()
    return found | {"balances": dict(accounts)}


def the_form(library: Library, member: AMember) -> MemberForm:
    with library.store.read() as reader:
        form = form_of(reader, member.id)
    assert form is not None
    return form


def test_a_new_card_is_taken_back_and_the_old_one_lends_again(library: Library) -> None:
    member = add_member(library)
    before = as_it_is(library)
    assert isinstance(bind_card(library, Binding(member.card, "C-9"), act(library)), CardBound)
    assert as_it_is(library) != before
    assert undone(library) == "card.bound"
    assert as_it_is(library) == before
    assert add_member(library, card="C-9").card == "C-9"


def test_a_card_reported_lost_and_one_found_again_are_as_before(library: Library) -> None:
    member = add_member(library)
    before = as_it_is(library)
    report_card_lost(library, member.card, act(library))
    lost = as_it_is(library)
    assert lost != before
    assert undone(library) == "card.lost"
    assert as_it_is(library) == before
    report_card_lost(library, member.card, act(library))
    find_again(library, member.card, act(library))
    assert as_it_is(library) == before
    assert undone(library) == "card.found"
    assert as_it_is(library) == lost


def test_a_member_is_written_as_before(library: Library) -> None:
    member = add_member(library, national_id="0499370899")
    before = as_it_is(library)
    form = replace(the_form(library, member), family_name="کریمی", national_id="0012345679", address="ده‌دور", note="نو")
    assert isinstance(edit_member(library, member.id, form, act(library)), Edited)
    assert len(rows(library, MemberContact)) == 1
    assert undone(library) == "member.changed"
    assert as_it_is(library) == before


def test_a_contact_that_was_taken_away_does_not_come_back(library: Library) -> None:
    member = add_member(library, address="ده")
    edit_member(library, member.id, replace(the_form(library, member), address="ده‌دور"), act(library))
    before = as_it_is(library)
    assert refused(library) == ["undo.not_undoable"]
    assert as_it_is(library) == before


def test_a_membership_ends_as_before_and_its_fee_is_voided(library: Library) -> None:
    put_policy(library, {"loan_days": 14, "fee": 20_000, "months": 12})
    member = add_member(library)
    before = as_it_is(library)
    assert isinstance(renew_member(library, member.card, act(library)), Prolonged)
    assert sum(line.amount for line in rows(library, LedgerLine)) == 20_000
    assert undone(library) == "member.renewed"
    assert as_it_is(library) == before
    assert sum(line.amount for line in rows(library, LedgerLine)) == 0


def test_somebody_cleared_is_cleared_again_with_the_same_certificate(library: Library) -> None:
    member = add_member(library)
    cleared(library, member)
    before = as_it_is(library)
    assert isinstance(renew_member(library, member.number, act(library), free=True), Prolonged)
    assert as_it_is(library) != before
    assert undone(library) == "member.renewed"
    assert as_it_is(library) == before


def test_a_scan_of_shelf_reading_and_a_note_of_it_are_taken_back(library: Library) -> None:
    copy = add_copy(library)
    session = begun(library)
    read(library, session, copy.barcode)
    before = as_it_is(library)
    note(library, session, Condition.WORN, act(library))
    assert undone(library) == "stocktake.noted"
    assert as_it_is(library) == before
    read(library, session, "X-1")
    assert undone(library) == "stocktake.scanned"
    assert [scan.code for scan in rows(library, StocktakeScan)] == [copy.barcode]


def test_who_came_into_an_office_and_its_end_are_taken_back(library: Library) -> None:
    """Who held it before goes on as if nobody had come."""
    head = Position.BRANCH_HEAD
    assert isinstance(
        set_office(library, OfficeForm(head, "زهرا کریمی", TODAY - dt.timedelta(9)), act(library)), OfficeSet
    )
    before = as_it_is(library)
    new = set_office(library, OfficeForm(head, "رضا احمدی"), act(library))
    assert isinstance(new, OfficeSet)
    assert undone(library) == "office.set"
    assert as_it_is(library) == before
    new = set_office(library, OfficeForm(head, "رضا احمدی"), act(library))
    assert isinstance(new, OfficeSet)
    held = as_it_is(library)
    end_office(library, new.office_id, TODAY, act(library))
    assert as_it_is(library) != held
    assert undone(library) == "office.ended"
    assert as_it_is(library) == held


def test_a_training_and_its_correction_are_taken_back(library: Library) -> None:
    before, person = as_it_is(library), library.person(None).id
    recorded = record_training(library, [person], TrainingForm("صحافی پایه"), act(library))
    assert isinstance(recorded, TrainingRecorded)
    held = as_it_is(library)
    correct_training(library, recorded.training_ids[0], TrainingForm("ترمیم", hours=8), act(library))
    assert undone(library) == "training.corrected"
    assert as_it_is(library) == held
    record_training(library, [person], TrainingForm("رف‌خوانی"), act(library))
    assert undone(library) == "training.recorded"
    assert as_it_is(library) == held != before


def test_a_bill_of_the_bindery_is_taken_back(library: Library) -> None:
    request = sent(library, add_copy(library)).request.id
    before = as_it_is(library)
    note_bill(library, request, 900_000, act(library))
    assert as_it_is(library) != before
    assert undone(library) == "binding.billed"
    assert as_it_is(library) == before


def test_what_came_from_the_union_and_what_was_asked_of_it_is_taken_back(library: Library) -> None:
    title = add_copy(library).title_id
    know_record(library, title)
    before = as_it_is(library)
    assert take_over(library, title, ("publisher", "subjects"), act(library)).changed  # type: ignore[union-attr]
    assert undone(library) == "title.corrected_from_union"
    assert as_it_is(library) == before
    with library.store.read() as reader:
        record = resolve(reader, TITLE, title)
    assert record is not None
    assert isinstance(catalogue_from(library, record, TICKS, act(library)), Catalogued)
    assert undone(library) == "title.taken_from_union"
    assert isinstance(ask(library, "کتاب محلی", act(library)), Requested)
    assert undone(library) == "title.requested"
    assert isinstance(ask(library, "چاپ دیگری است", act(library), title, apart=True), Requested)
    assert undone(library) == "title.split_requested"
    assert as_it_is(library) == before


def test_a_wish_to_buy_and_its_answer_are_taken_back(library: Library) -> None:
    before = as_it_is(library)
    wish = ask_for_book(library, WishForm("کلیدر"), act(library))
    assert isinstance(wish, Wished)
    asked = as_it_is(library)
    assert isinstance(reply(library, wish.wish_id, Reply(WishState.PLANNED), act(library)), Replied)
    assert undone(library) == "purchase.answered"
    assert as_it_is(library) == asked
    ask_for_book(library, WishForm("چشم‌هایش"), act(library))
    assert undone(library) == "purchase.wished"
    assert as_it_is(library) == asked != before


def test_a_withdrawn_request_and_a_copy_sent_home_are_taken_back(library: Library) -> None:
    asked = ask(library, "کتاب محلی", act(library))
    assert isinstance(asked, Requested)
    assert isinstance(see_return(library, SightingForm("TAF-55"), act(library)), Sighted)
    before = as_it_is(library)
    withdraw(library, asked.request_id, act(library))
    assert undone(library) == "title.request_withdrawn"
    send_home(library, "TAF-55", act(library))
    assert as_it_is(library) != before
    assert undone(library) == "return.sent_home"
    assert as_it_is(library) == before


def test_every_undoable_kind_has_been_undone_above() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [kind for kind in UNDOABLE if f'undone(library) == "{kind}"' not in source] == []


# What is not taken back


def test_a_cancelled_hold_does_not_get_back_a_copy_that_was_lent_meanwhile(library: Library) -> None:
    copy, other = add_copy(library), add_member(library)
    hold = wait(library, add_member(library), copy)
    pull_copy(library, copy.barcode, act(library))
    cancel_hold(library, HoldKey(hold), act(library))
    check_out(library, CheckoutRequest(other.card, copy.barcode), elsewhere(library))
    assert refused(library) == ["undo.changed_since"]


def test_a_cancelled_hold_does_not_get_back_a_copy_that_stands_for_another(library: Library) -> None:
    copy, reader = add_copy(library), add_member(library)
    hold = wait(library, add_member(library), copy)
    pull_copy(library, copy.barcode, act(library))
    cancel_hold(library, HoldKey(hold), act(library))
    assert place(library, PlaceRequest(reader.card, copy.title_id), elsewhere(library))
    pull_copy(library, copy.barcode, elsewhere(library))
    assert refused(library) == ["undo.changed_since"]


def test_a_return_is_not_taken_back_when_the_copy_was_set_aside_since(library: Library) -> None:
    copy, reader = add_copy(library), add_member(library)
    lend(library, add_member(library), copy)
    take_back(library, copy)
    assert place(library, PlaceRequest(reader.card, copy.title_id), elsewhere(library))
    pull_copy(library, copy.barcode, elsewhere(library))
    assert refused(library) == ["undo.changed_since"]


def test_there_is_one_step_and_no_more(library: Library) -> None:
    add_member(library)
    add_member(library)
    undone(library)
    assert refused(library) == ["undo.nothing"]
    assert len(rows(library, Member)) == 1


def test_what_was_done_yesterday_stays(library: Library) -> None:
    add_member(library)
    pass_days(library, 1)
    assert refused(library) == ["undo.nothing"]


def test_the_action_of_another_desk_is_not_touched(library: Library) -> None:
    mine = add_member(library)
    theirs = enrol_member(library, MemberForm("علی", "کریمی", "ordinary"), elsewhere(library))
    assert isinstance(theirs, Enrolled)
    assert undone(library, desk=1) == "member.added"
    assert row(library, Member, mine.id).deleted_at is not None
    assert row(library, Member, theirs.member_id).deleted_at is None
    assert refused(library, desk=3) == ["undo.nothing"]


def test_finalised_minutes_are_not_taken_back(library: Library) -> None:
    propose(library, add_copy(library).barcode, WORN, act(library))
    finalise(library, WeedingReason.WORN, plain_printer, act(library))
    outcome = undo_last(library, act(library))
    assert isinstance(outcome, Refused)
    assert outcome.refusals[0].facts == {"kind": "minutes.finalised"}
    assert outcome.refusals[0].code == "undo.not_undoable"


def test_an_entry_whose_former_values_are_gone_is_not_taken_back(library: Library) -> None:
    add_member(library)
    with library.store.write() as tx:
        tx.run("UPDATE journal SET before = NULL")
    assert refused(library) == ["undo.not_undoable"]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.COUNTY_HEAD])
def test_somebody_who_may_not_undo_is_refused(library: Library, role: Role) -> None:
    add_member(library)
    assert refused(library, role=role) == ["role.not_allowed"]


# Changed, or built upon, since


def check_out_elsewhere(library: Library, card: str, barcode: str) -> None:
    outcome = check_out(library, CheckoutRequest(card, barcode), elsewhere(library))
    assert isinstance(outcome, CheckedOut)


def member_borrowed_since(library: Library) -> None:
    copy = add_copy(library)
    check_out_elsewhere(library, add_member(library).card, copy.barcode)


def member_waits_since(library: Library) -> None:
    copy = add_copy(library)
    member = add_member(library)
    with library.store.write() as tx:
        tx.insert(
            Hold, title_id=copy.title_id, member_id=member.id, placed_at=act(library).at, priority=1, state="queued"
        )
        tx.record("hold.placed", elsewhere(library))


def loan_renewed_since(library: Library) -> None:
    copy = add_copy(library)
    lend(library, add_member(library), copy, out_on=TODAY - dt.timedelta(days=2))
    renew_item(library, copy.barcode, elsewhere(library))


def loan_returned_since(library: Library) -> None:
    copy = add_copy(library)
    lend(library, add_member(library), copy)
    check_in(library, CheckinRequest(copy.barcode), elsewhere(library))


def return_lent_since(library: Library) -> None:
    copy, other = add_copy(library), add_member(library)
    lend(library, add_member(library), copy)
    take_back(library, copy)
    check_out_elsewhere(library, other.card, copy.barcode)


def title_has_copies_since(library: Library) -> None:
    added = add_title(library, a_title(), act(library))
    assert isinstance(added, TitleAdded)
    add_item(library, added.title_id, ItemForm(), elsewhere(library))


def title_of_the_copy_has_another_copy_since(library: Library) -> None:
    copy = add_copy(library)
    add_item(library, copy.title_id, ItemForm(), elsewhere(library))


def minutes_have_another_row_since(library: Library) -> None:
    first, second = add_copy(library), add_copy(library)
    propose(library, first.barcode, WORN, act(library))
    propose(library, second.barcode, WORN, elsewhere(library))


def minutes_are_final_since(library: Library) -> None:
    first, second = add_copy(library), add_copy(library)
    propose(library, first.barcode, WORN, elsewhere(library))
    propose(library, second.barcode, WORN, act(library))
    finalise(library, WeedingReason.WORN, plain_printer, elsewhere(library))


def minutes_without_the_struck_copy_are_final_since(library: Library) -> None:
    first, second = add_copy(library), add_copy(library)
    propose(library, first.barcode, WORN, act(library))
    propose(library, second.barcode, WORN, act(library))
    strike(library, second.barcode, WeedingReason.WORN, "سالم", act(library))
    finalise(library, WeedingReason.WORN, plain_printer, elsewhere(library))


def old_barcode_given_to_another_since(library: Library) -> None:
    copy = add_copy(library, barcode="B-1")
    edit_copy(library, CopyEdit(copy.barcode, {"barcode": "B-2"}), act(library))
    assert isinstance(add_item(library, a_title("دیگر"), ItemForm(barcode="B-1"), elsewhere(library)), ItemAdded)


def national_id_given_to_another_since(library: Library) -> None:
    member = add_member(library, national_id="0499370899")
    edit_member(library, member.id, replace(the_form(library, member), national_id="0012345679"), act(library))
    again = MemberForm("علی", "کریمی", "ordinary", national_id="0499370899")
    assert isinstance(enrol_member(library, again, elsewhere(library)), Enrolled)


@pytest.mark.parametrize(
    "happened",
    [
        old_barcode_given_to_another_since,
        national_id_given_to_another_since,
        member_borrowed_since,
        member_waits_since,
        loan_renewed_since,
        loan_returned_since,
        return_lent_since,
        title_has_copies_since,
        title_of_the_copy_has_another_copy_since,
        minutes_have_another_row_since,
        minutes_are_final_since,
        minutes_without_the_struck_copy_are_final_since,
    ],
)
def test_what_was_changed_or_built_upon_since_is_not_taken_back(
    library: Library, happened: Callable[[Library], None]
) -> None:
    happened(library)
    before = len(rows(library, JournalEntry))
    assert refused(library) == ["undo.changed_since"]
    assert len(rows(library, JournalEntry)) == before
    assert check_library(library).broken == ()


def test_an_undo_is_an_entry_of_its_own_that_names_what_it_undoes(library: Library) -> None:
    add_member(library)
    entry = rows(library, JournalEntry)[-1]
    outcome = undo_last(library, act(library))
    assert isinstance(outcome, Undone)
    assert outcome.eid == entry.eid
    last = rows(library, JournalEntry)[-1]
    assert (last.kind, last.undoes) == ("action.undone", entry.eid)
    assert check_library(library).broken == ()


def test_what_was_done_for_binding_is_as_before(library: Library) -> None:
    copy = add_copy(library)
    before = as_it_is(library)
    listed(library, copy)
    assert undone(library) == "binding.copy_listed"
    assert as_it_is(library) == before
    mend(library, copy.barcode, "چسب عطف", act(library))
    assert undone(library) == "mending.added"
    assert as_it_is(library) == before
    sent(library, copy, status_now=True)
    away = as_it_is(library)
    back(library, copy)
    assert as_it_is(library) != away
    assert undone(library) == "binding.copy_received"
    assert as_it_is(library) == away
