"""A binding request from the first scan to the frozen paper, against a real store (002 م13-4, 13-6)."""

import datetime as dt
import hashlib

import pytest

from app.binding import queries
from app.binding.reads import rows_of
from app.binding.receiving import receive_copy
from app.binding.sending import Cancelled, Sending, cancel, dispatch
from app.binding.service import (
    AddedToRequest,
    Letter,
    Requested,
    Struck,
    add_to_request,
    finalise,
    note_letter,
    preview,
    strike_from_request,
)
from app.check import check_library
from app.library import Library
from app.outcome import NotFound, Sought
from app.persian.jalali import from_jalali
from app.refusal import Answer
from app.staff.offices import OfficeForm, set_office
from app.undo import undo_last
from db.codes import BindingOutcome, BindingState, Condition, DocumentKind, ItemFlag, ItemStatus, Material, Role
from db.models.collection import BindingRequest, BindingRow, Document
from db.models.items import Item
from db.models.library import Counter
from db.models.sync import JournalEntry
from tests.app.binding.scene import (
    PowerCutError,
    dying_printer,
    listed,
    plain_printer,
    refused,
    requested,
    sent,
    stored,
)
from tests.library import TODAY, ACopy, a_title, act, add_copy, add_member, change, lend, pass_days, place_hold, rows


def put(library: Library, copy: ACopy, role: Role = Role.HEAD) -> object:
    return add_to_request(library, copy.barcode, act(library, role))


def test_copies_stand_on_one_draft_in_order(library: Library) -> None:
    first, second = add_copy(library), add_copy(library)
    one = listed(library, first, work=" عطف پاره\u202e است ")
    two = listed(library, second)
    assert (one.request_id, one.position, two.position) == (two.request_id, 1, 2)
    (request,) = rows(library, BindingRequest)
    assert (request.state, request.number, request.requested_on) == (BindingState.DRAFT, None, None)
    assert [row.work for row in rows(library, BindingRow)] == ["عطف پاره است", None]
    assert rows(library, JournalEntry)[-1].kind == "binding.copy_listed"


def test_the_last_one_listed_stands_last_whatever_was_struck_before_it(library: Library) -> None:
    copies = [add_copy(library) for _ in range(5)]
    listed(library, *copies[:4])
    for gone in copies[:2]:
        strike_from_request(library, gone.barcode, act(library))
    last = listed(library, copies[4])
    with library.store.read() as reader:
        stands = [(row.position, row.item_id) for row in rows_of(reader, last.request_id)]
    assert stands == [(1, copies[2].id), (2, copies[3].id), (3, copies[4].id)]
    assert last.position == 3


def test_a_scan_that_comes_twice_changes_nothing_but_new_words_are_kept(library: Library, copy: ACopy) -> None:
    listed(library, copy, work="جلد")
    before = len(rows(library, JournalEntry))
    again = put(library, copy)
    assert isinstance(again, AddedToRequest)
    assert (again.already, again.position, len(rows(library, JournalEntry))) == (True, 1, before)
    listed(library, copy, work="جلد و عطف")
    assert [row.work for row in rows(library, BindingRow)] == ["جلد و عطف"]


def test_a_code_that_no_copy_carries_is_not_found(library: Library) -> None:
    assert add_to_request(library, "ندارد", act(library)) == NotFound(Sought.ITEM, "ندارد")


def test_what_speaks_against_a_copy_is_read_from_its_rows(library: Library, copy: ACopy) -> None:
    reader, lent, kept, gone = add_member(library), add_copy(library), add_copy(library), add_copy(library)
    lend(library, reader, lent)
    place_hold(library, reader, kept, state="waiting", item_id=kept.id, shelf_since=TODAY, shelf_until=TODAY)
    change(library, Item, gone.id, status=ItemStatus.MISSING)
    assert refused(put(library, lent)) == ["binding.on_loan"]
    assert refused(put(library, kept)) == ["binding.kept_for_reader"]
    assert refused(put(library, gone)) == ["binding.not_here"]
    requested(library, copy)
    assert refused(put(library, copy)) == ["binding.on_request"]
    assert refused(put(library, add_copy(library), Role.TRAINEE)) == ["role.not_allowed"]


def test_a_manuscript_may_be_bound(library: Library) -> None:
    """002 م5-1-الف forbids weeding it, not keeping it whole."""
    listed(library, add_copy(library, a_title(material=Material.MANUSCRIPT), flags=(ItemFlag.HISTORICAL,)))


def test_what_a_bindery_gave_up_goes_again_only_after_a_yes(library: Library, copy: ACopy) -> None:
    change(library, Item, copy.id, condition=Condition.UNBINDABLE)
    assert refused(put(library, copy)) == ["binding.given_up"]
    yes = Answer(confirm=frozenset({"binding.given_up"}))
    assert isinstance(add_to_request(library, copy.barcode, act(library), answer=yes), AddedToRequest)


def test_a_copy_comes_off_the_draft_and_may_go_on_again(library: Library, copy: ACopy) -> None:
    listed(library, copy)
    assert isinstance(strike_from_request(library, copy.barcode, act(library)), Struck)
    assert rows(library, BindingRow) == []
    assert isinstance(strike_from_request(library, copy.barcode, act(library)), NotFound)
    listed(library, copy)


def test_the_last_listing_is_taken_back_but_not_from_a_request_with_a_number(library: Library, copy: ACopy) -> None:
    listed(library, copy)
    undo_last(library, act(library))
    assert (rows(library, BindingRow), rows(library, BindingRequest)) == ([], [])
    listed(library, copy)
    finalise(library, plain_printer, act(library, desk=2))
    assert refused(undo_last(library, act(library))) == ["undo.changed_since"]


def test_a_draft_on_which_another_desk_listed_stays(library: Library, copy: ACopy) -> None:
    listed(library, copy)
    add_to_request(library, add_copy(library).barcode, act(library, desk=2))
    assert refused(undo_last(library, act(library))) == ["undo.changed_since"]


def test_a_request_gets_number_paper_and_term(library: Library, copy: ACopy) -> None:
    listed(library, copy, add_copy(library))
    set_office(library, OfficeForm("bindery_head", "نصرت صحاف"), act(library))
    outcome = finalise(library, plain_printer, act(library), Letter("۱۲/۳", TODAY))
    assert isinstance(outcome, Requested)
    assert (outcome.number, outcome.rows, outcome.due_on) == ("1405/1", 2, from_jalali(1405, 9, 30))
    request = stored(library, outcome.request_id)
    assert (request.state, request.year, request.number) == (BindingState.REQUESTED, 1405, 1)
    assert (request.requested_on, request.due_on) == (TODAY, outcome.due_on)
    assert (request.letter_no, request.letter_on) == ("۱۲/۳", TODAY)
    pdf, sheet = rows(library, Document)
    assert (request.document_id, request.sheet_id) == (pdf.id, sheet.id)
    assert (pdf.kind, pdf.number, pdf.row_id) == (DocumentKind.BINDING, "1405/1", request.id)
    assert pdf.sha256 == hashlib.sha256(pdf.content).hexdigest() == outcome.sha256
    assert "نصرت صحاف".encode() in pdf.content
    assert [pdf.file_name, sheet.file_name] == ["binding-1405-1.pdf", "binding-1405-1.xlsx"]
    assert not check_library(library).broken


def test_numbers_have_no_gaps_and_begin_anew_each_year(library: Library) -> None:
    numbers = [requested(library, add_copy(library)).number for _ in range(2)]
    pass_days(library, 150)
    numbers.append(requested(library, add_copy(library)).number)
    assert numbers == ["1405/1", "1405/2", "1406/1"]
    assert not check_library(library).broken


def test_an_empty_request_gets_no_number(library: Library, copy: ACopy) -> None:
    assert refused(finalise(library, plain_printer, act(library))) == ["binding.empty"]
    listed(library, copy)
    strike_from_request(library, copy.barcode, act(library))
    assert refused(finalise(library, plain_printer, act(library))) == ["binding.empty"]


def test_what_stands_against_a_number_is_told_at_once(library: Library, copy: ACopy) -> None:
    listed(library, copy)
    ahead = Letter("۱", TODAY + dt.timedelta(1))
    outcome = finalise(library, plain_printer, act(library, Role.TRAINEE, doubtful=True), ahead)
    assert refused(outcome) == ["role.not_allowed", "clock.doubtful", "field.invalid"]


def test_what_is_not_handed_over_comes_off_before_the_number(library: Library, copy: ACopy) -> None:
    """002 م13-6: the form says that so many copies were handed over; its number stands for good."""
    lent, weeded = add_copy(library), add_copy(library)
    listed(library, copy, lent, weeded)
    lend(library, add_member(library), lent)
    change(library, Item, weeded.id, status=ItemStatus.WEEDED_DUPLICATE)
    outcome = finalise(library, plain_printer, act(library))
    assert refused(outcome) == ["binding.not_all_here"]
    assert rows(library, Document) == []
    for gone in (lent, weeded):
        strike_from_request(library, gone.barcode, act(library))
    assert requested(library).rows == 1


def test_a_draft_of_the_old_year_gets_its_number_in_the_new_one(library: Library, copy: ACopy) -> None:
    """Numbers count within a Jalali year; the month of the bindery goes on over its end."""
    requested(library, add_copy(library))
    listed(library, copy)
    pass_days(library, (from_jalali(1406, 1, 2) - TODAY).days)
    outcome = requested(library)
    assert (outcome.number, outcome.due_on) == ("1406/1", from_jalali(1406, 2, 2))
    assert requested(library, add_copy(library)).number == "1406/2"
    assert not check_library(library).broken


def test_rows_are_counted_as_the_form_counts_them(library: Library) -> None:
    first, second, third = (add_copy(library) for _ in range(3))
    listed(library, first, second)
    strike_from_request(library, first.barcode, act(library))
    assert listed(library, third).position == 2
    with library.store.read() as reader:
        _, on_draft = queries.draft(reader)
    assert [(one.position, one.item_id) for one in on_draft] == [(1, second.id), (2, third.id)]


def test_readers_who_wait_are_told_of(library: Library, copy: ACopy) -> None:
    """Binding what is in demand is what م13-3 is about; that somebody waits is worth knowing."""
    assert listed(library, add_copy(library)).awaited == 0
    for _ in range(2):
        place_hold(library, add_member(library), copy)
    assert listed(library, copy).awaited == 2


def test_a_power_cut_between_number_and_paper_leaves_the_draft(library: Library, copy: ACopy) -> None:
    listed(library, copy)
    with pytest.raises(PowerCutError):
        finalise(library, dying_printer, act(library))
    assert rows(library, Document) == []
    assert [row for row in rows(library, Counter) if row.name.startswith("binding")] == []
    assert requested(library).number == "1405/1"


def test_a_preview_is_marked_and_keeps_nothing(library: Library, copy: ACopy) -> None:
    assert preview(library, plain_printer, act(library)) is None
    listed(library, copy)
    printed = preview(library, plain_printer, act(library))
    assert printed is not None
    assert printed.pdf.startswith(f"%PDF None {TODAY} None True".encode())
    assert rows(library, Document) == []


def test_the_letter_is_written_down_later_too(library: Library, copy: ACopy) -> None:
    """002 م13-4: the letter gets its number in the office, after the form was printed."""
    draft = listed(library, copy).request_id
    assert refused(note_letter(library, draft, Letter("۷"), act(library))) == ["binding.is_draft"]
    request = requested(library).request_id
    note_letter(library, request, Letter("۷/۱۲", TODAY), act(library))
    assert (stored(library, request).letter_no, stored(library, request).letter_on) == ("۷/۱۲", TODAY)
    ahead = Letter("۸", TODAY + dt.timedelta(1))
    assert refused(note_letter(library, request, ahead, act(library))) == ["field.invalid"]


@pytest.mark.parametrize("with_number", [False, True])
def test_a_request_is_given_up_before_its_books_leave(library: Library, copy: ACopy, with_number: bool) -> None:
    request = requested(library, copy).request_id if with_number else listed(library, copy).request_id
    outcome = cancel(library, request, " شهرستان صحافی ندارد ", act(library))
    assert isinstance(outcome, Cancelled)
    assert (outcome.released, outcome.request.state) == (1, BindingState.CANCELLED)
    assert stored(library, request).remark == "شهرستان صحافی ندارد"
    again = cancel(library, request, "", act(library))
    assert isinstance(again, Cancelled)
    assert again.already
    listed(library, copy)
    assert not check_library(library).broken


def test_a_request_on_its_way_is_not_given_up_and_no_other_step_is_taken_twice(library: Library, copy: ACopy) -> None:
    request = sent(library, copy).request.id
    assert refused(cancel(library, request, "", act(library))) == ["binding.is_dispatched"]
    assert refused(dispatch(library, request, Sending(), act(library))) == ["binding.is_dispatched"]
    receive_copy(library, copy.barcode, BindingOutcome.BOUND, act(library))
    assert refused(cancel(library, request, "", act(library))) == ["binding.is_received"]


def test_check_notices_a_copy_in_binding_that_nobody_sent_and_a_gap(library: Library, copy: ACopy) -> None:
    change(library, Item, copy.id, status=ItemStatus.IN_BINDING)
    change(library, BindingRequest, requested(library, add_copy(library)).request_id, number=3)
    told = [broken.where for broken in check_library(library).broken if broken.invariant == "binding"]
    assert told == [f"accession {copy.accession_no}", "request 1405/3 follows 0", "the counter of 1405 is not 3"]
