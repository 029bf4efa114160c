"""Closing a shelf-reading: one confirmed deed, and what it leaves alone."""

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.check import check_library
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.lost.declaring import LostRequest, declare_lost
from app.circulation.lost.facts import Declared
from app.library import Library
from app.outcome import NotFound, Refused
from app.papers import Printed, document
from app.stocktake.closing import AlreadyClosed, Closed, close, draft, preview
from app.stocktake.facts import Scanned, Spared
from app.stocktake.paper import StocktakePaper
from app.stocktake.reckoning import Reckoning
from app.stocktake.scanning import note, scan
from app.weeding.candidates import candidates
from db.codes import Condition, ItemStatus, LedgerKind, Role, StocktakeState, WeedingReason
from db.models.circulation import Account, Hold, LedgerLine
from db.models.collection import BindingRequest, BindingRow, Document, Stocktake
from db.models.items import Item, ItemStatusChange
from db.trouble import Trouble
from tests import library as lib
from tests.app.stocktake.shelves import begun, book, codes, plain_printer, put, read, read_all, shelf, status

AVAILABLE, MISSING = ItemStatus.AVAILABLE, ItemStatus.MISSING


def closed(library: Library, session: UUID, *restore: UUID) -> Closed:
    before = set(check_library(library).broken)  # what a test arranged without its whole story
    outcome = close(library, session, plain_printer, lib.act(library), restore)
    assert isinstance(outcome, Closed), outcome
    assert set(check_library(library).broken) <= before
    return outcome


def reckoned(library: Library, session: UUID) -> Reckoning:
    reckoning = preview(library, session)
    assert reckoning is not None
    return reckoning


def changes(library: Library, session: UUID) -> dict[UUID, Any]:
    return {row.item_id: row for row in lib.rows(library, ItemStatusChange, cause_id=session)}


def test_what_nobody_read_is_missing_and_the_change_names_its_cause(library: Library) -> None:
    copies = shelf(library, 5)
    session = begun(library)
    read_all(library, session, codes(100, 101, 103))
    assert [copy.barcode for copy in reckoned(library, session).missing] == ["B-102", "B-104"]
    outcome = closed(library, session)
    assert [status(library, copy) for copy in copies] == [AVAILABLE, AVAILABLE, MISSING, AVAILABLE, MISSING]
    told = changes(library, session)
    assert told.keys() == {copies[2].id, copies[4].id}
    assert {(row.was, row.became, row.why) for row in told.values()} == {(AVAILABLE, MISSING, "stocktake")}
    assert (outcome.figures["expected"], outcome.figures["seen"], outcome.figures["missing"]) == (5, 3, 2)
    kept = lib.row(library, Stocktake, session)
    assert (kept.state, kept.figures["number"]) == (StocktakeState.CLOSED, "1405/1")


def test_a_preview_and_a_draft_change_nothing(library: Library) -> None:
    shelf(library, 3)
    session = begun(library)
    read(library, session, "B-100")
    before = lib.rows(library, Item)
    assert len(reckoned(library, session).missing) == 2
    printed = draft(library, session, plain_printer, lib.act(library))
    assert printed is not None
    assert b"None" in printed.pdf  # no number
    assert lib.rows(library, Item) == before
    assert lib.rows(library, Document) == []


def test_every_copy_that_was_read_is_seen_on_the_day_it_was_read(library: Library) -> None:
    copies = shelf(library, 3)
    session = begun(library)
    read(library, session, "B-100")
    lib.pass_days(library, 2)
    read(library, session, "B-101")
    closed(library, session)
    days = [lib.row(library, Item, copy.id).seen_on for copy in copies]
    assert days == [lib.TODAY, lib.TODAY + dt.timedelta(2), None]


# A false «مفقود» is worse than none: what was not read but is accounted for stays as it is (002 م8-6).
@pytest.mark.parametrize(
    ("deed", "why"),
    [
        ("lent", Spared.LENT),
        ("lent_and_back", Spared.LENT),
        ("used", Spared.USED),
        ("kept", Spared.KEPT),
        ("on_minutes", Spared.ON_MINUTES),
        ("weeded", Spared.CHANGED),
        ("at_bindery", Spared.AT_BINDERY),
        ("seen", Spared.SEEN),
        ("seen_in_a_closed_one", Spared.SEEN),
    ],
)
def test_a_copy_that_is_accounted_for_is_not_missing(library: Library, deed: str, why: Spared) -> None:
    copy, _ = shelf(library, 2)
    book(library, 205)
    session = begun(library, "100", "199")
    read(library, session, "B-101")
    _do(library, copy, deed)
    was = status(library, copy)
    reckoning = reckoned(library, session)
    assert [(spared.barcode, reason) for spared, reason in reckoning.spared] == [(copy.barcode, why)]
    assert reckoning.missing == ()
    closed(library, session)
    assert status(library, copy) is was
    assert changes(library, session) == {}


def _do(library: Library, copy: lib.ACopy, deed: str) -> None:
    match deed:
        case "lent" | "lent_and_back":
            lib.lend(library, lib.add_member(library), copy)
            if deed == "lent_and_back":
                lib.take_back(library, copy)
        case "used":
            check_in(library, CheckinRequest(copy.barcode), lib.act(library))
        case "kept":
            lib.place_hold(library, lib.add_member(library), copy, state="waiting", item_id=copy.id)
        case "on_minutes":
            lib.change(library, Item, copy.id, on_minutes_id=uuid4())
        case "weeded":
            put(library, copy, ItemStatus.WEEDED_WORN)
        case "at_bindery":
            _send_to_bindery(library, copy)
        case _:
            other = begun(library, "200", "299", name="دیگری")
            read(library, other, copy.barcode)
            if deed == "seen_in_a_closed_one":
                closed(library, other)


def _send_to_bindery(library: Library, copy: lib.ACopy) -> UUID:
    with library.store.write() as tx:
        request = tx.insert(BindingRequest, state="dispatched", opened_at=lib.act(library).at)
        row = tx.insert(BindingRow, request_id=request, position=1, item_id=copy.id)
        tx.record("test", lib.act(library))
    return row


@pytest.mark.parametrize("recorded", [ItemStatus.MISSING, ItemStatus.UNKNOWN])
def test_a_missing_or_unknown_copy_that_was_read_is_here_again(library: Library, recorded: ItemStatus) -> None:
    copy, _ = shelf(library, 2)
    put(library, copy, recorded)
    session = begun(library)
    read_all(library, session, codes(100, 101))
    closed(library, session)
    assert status(library, copy) is AVAILABLE
    change = changes(library, session)[copy.id]
    assert (change.was, change.became) == (recorded, AVAILABLE)


def test_a_copy_lost_on_a_card_is_found_with_its_money_and_its_next_reader(library: Library) -> None:
    lib.put_policy(library, {"loan_days": 14, "refund_when_found": True, "charge_replacement": True})
    copy = book(library, 100, price=500_000)
    book(library, 101)
    member, waiting = lib.add_member(library), lib.add_member(library)
    lib.lend(library, member, copy)
    assert isinstance(declare_lost(library, LostRequest(copy.barcode), lib.act(library)), Declared)
    lib.place_hold(library, waiting, copy)
    session = begun(library)
    read_all(library, session, codes(100, 101))
    outcome = closed(library, session)
    assert status(library, copy) is AVAILABLE
    assert ([one.copy.barcode for one in outcome.kept], outcome.cancelled) == (["B-100"], 500_000)
    assert [row.balance for row in lib.rows(library, Account, member_id=member.id)] == [0]
    assert {row.kind for row in lib.rows(library, LedgerLine, member_id=member.id)} >= {
        LedgerKind.LOST_ITEM, LedgerKind.VOID,
    }  # fmt: skip
    assert [row.state for row in lib.rows(library, Hold)] == ["waiting"]
    assert changes(library, session)[copy.id].why == "found"


def test_a_lent_copy_on_the_shelf_stays_lent_and_is_told(library: Library) -> None:
    copy, _ = shelf(library, 2)
    lib.lend(library, lib.add_member(library), copy)
    session = begun(library)
    read_all(library, session, codes(100, 101))
    assert [read.copy.barcode for read in reckoned(library, session).lent] == ["B-100"]
    closed(library, session)
    assert status(library, copy) is ItemStatus.ON_LOAN


@pytest.mark.parametrize(
    "recorded", [ItemStatus.WEEDED_WORN, ItemStatus.IN_BINDING, ItemStatus.IN_TRANSIT, ItemStatus.REPLACED]
)
def test_a_copy_that_waits_for_a_choice_comes_back_only_when_chosen(library: Library, recorded: ItemStatus) -> None:
    chosen, left, _ = shelf(library, 3)
    for copy in (chosen, left):
        put(library, copy, recorded)
    session = begun(library)
    read_all(library, session, codes(100, 101, 102))
    assert {read.copy.id for read in reckoned(library, session).by_choice} == {chosen.id, left.id}
    closed(library, session, chosen.id)
    assert (status(library, chosen), status(library, left)) == (AVAILABLE, recorded)


def test_a_weeded_copy_is_restored_with_the_article_as_its_reason(library: Library) -> None:
    copy, _ = shelf(library, 2)
    put(library, copy, ItemStatus.WEEDED_NO_AUDIENCE)
    session = begun(library)
    read_all(library, session, codes(100, 101))
    closed(library, session, copy.id)
    change = changes(library, session)[copy.id]
    assert (change.was, change.became, change.remark) == (ItemStatus.WEEDED_NO_AUDIENCE, AVAILABLE, "002 م8-4")


def test_a_copy_back_from_the_bindery_unnoticed_ends_its_request(library: Library) -> None:
    copy, _ = shelf(library, 2)
    row = _send_to_bindery(library, copy)
    session = begun(library)
    read_all(library, session, codes(100, 101))
    closed(library, session, copy.id)
    assert lib.row(library, BindingRow, row).received_on == lib.TODAY
    assert [request.state for request in lib.rows(library, BindingRequest)] == ["received"]


def test_a_copy_that_is_not_waiting_for_a_choice_cannot_be_chosen(library: Library) -> None:
    copy, _ = shelf(library, 2)
    session = begun(library)
    read(library, session, "B-100")
    outcome = close(library, session, plain_printer, lib.act(library), [copy.id])
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["stocktake.not_to_restore"]


def test_what_was_weeded_or_lent_after_it_was_read_is_left_alone_and_told(library: Library) -> None:
    found, back, _ = shelf(library, 3)
    put(library, found, ItemStatus.MISSING)
    put(library, back, ItemStatus.WEEDED_WORN)
    session = begun(library)
    read_all(library, session, codes(100, 101, 102))
    put(library, found, ItemStatus.WEEDED_CONTENT)
    put(library, back, AVAILABLE)
    reckoning = reckoned(library, session)
    assert [read.copy.barcode for read in reckoning.changed] == ["B-100", "B-101"]
    assert (reckoning.found, reckoning.weeded) == ((), ())
    closed(library, session)
    assert (status(library, found), status(library, back)) == (ItemStatus.WEEDED_CONTENT, AVAILABLE)
    assert changes(library, session) == {}


def test_conditions_are_written_on_the_copies_and_listed_for_binding_and_weeding(library: Library) -> None:
    copies = shelf(library, 4)
    session = begun(library)
    for copy, condition in zip(copies, (Condition.WORN, Condition.DAMAGED, Condition.UNBINDABLE, None), strict=True):
        read(library, session, copy.barcode)
        if condition is not None:
            note(library, session, condition, lib.act(library))
    reckoning = reckoned(library, session)
    assert [one.copy.barcode for one in reckoning.to_bind] == ["B-100", "B-101"]
    assert [one.copy.barcode for one in reckoning.unbindable] == ["B-102"]
    closed(library, session)
    assert [lib.row(library, Item, copy.id).condition for copy in copies] == [
        Condition.WORN, Condition.DAMAGED, Condition.UNBINDABLE, Condition.GOOD,
    ]  # fmt: skip


def test_what_was_noted_as_beyond_binding_is_a_candidate_for_weeding_from_then_on(library: Library) -> None:
    """002 م4-1-ج: worn and unbindable; until the session is closed nothing of the copy has changed."""
    copies = [lib.add_pair(library, lib.a_title(f"کتاب {number}", dewey=str(number))) for number in (100, 101)]
    session = begun(library)
    read(library, session, copies[0].barcode)
    note(library, session, Condition.UNBINDABLE, lib.act(library))
    assert _worn(library) == []
    closed(library, session)
    assert _worn(library) == [copies[0].id]


def _worn(library: Library) -> list[UUID]:
    with library.store.read() as reader:
        return [found.item_id for found in candidates(library, reader, WeedingReason.WORN, lib.TODAY)]


def test_the_minutes_are_frozen_under_a_gap_free_number(library: Library) -> None:
    shelf(library, 2)
    session = begun(library)
    read_all(library, session, codes(100, 101))
    first = closed(library, session)
    second = closed(library, _read_anew(library))
    assert (first.number, second.number) == ("1405/1", "1405/2")
    with library.store.read() as reader:
        kept = document(reader, first.document_id)
    assert kept is not None
    assert (kept.number, kept.file_name) == ("1405/1", "stocktake-1405-1.pdf")
    assert "'1405/1'" in kept.content.decode()
    assert {(row.kind, row.entity, row.row_id) for row in lib.rows(library, Document, number="1405/1")} == {
        ("stocktake", "stocktake", session)
    }


def _read_anew(library: Library) -> UUID:
    session = begun(library)
    read_all(library, session, codes(100, 101))
    return session


def test_a_session_is_closed_once(library: Library) -> None:
    shelf(library, 1)
    session = begun(library)
    read(library, session, "B-100")
    closed(library, session)
    assert isinstance(close(library, session, plain_printer, lib.act(library)), AlreadyClosed)
    outcome = scan(library, session, "B-100", lib.act(library))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["stocktake.not_open"]
    assert isinstance(close(library, uuid4(), plain_printer, lib.act(library)), NotFound)


def test_only_the_head_closes_and_not_on_a_doubtful_day(library: Library) -> None:
    shelf(library, 1)
    session = begun(library)
    for act, code in (
        (lib.act(library, Role.LIBRARIAN), "role.not_allowed"),
        (lib.act(library, doubtful=True), "clock.doubtful"),
    ):
        outcome = close(library, session, plain_printer, act)
        assert isinstance(outcome, Refused)
        assert [refusal.code for refusal in outcome.refusals] == [code]
    assert status(library, lib.ACopy(lib.rows(library, Item)[0].id, uuid4(), "", 0)) is AVAILABLE


def test_a_closing_that_fails_changes_no_status_and_takes_no_number(library: Library) -> None:
    copies = shelf(library, 3)
    session = begun(library)
    read(library, session, "B-100")

    def jammed(_: StocktakePaper) -> Printed:
        raise Trouble("P-4101", file="font")

    with pytest.raises(Trouble):
        close(library, session, jammed, lib.act(library))
    assert [status(library, copy) for copy in copies] == [AVAILABLE] * 3
    assert lib.rows(library, Document) == []
    assert isinstance(scan(library, session, "B-101", lib.act(library)), Scanned)
    assert closed(library, session).number == "1405/1"


def test_a_batch_bigger_than_an_entry_is_told_in_several_and_is_still_one_deed(library: Library) -> None:
    shelf(library, 320, first=100)
    session = begun(library)
    read(library, session, "B-100")
    outcome = closed(library, session)
    assert outcome.figures["missing"] == 319
    assert sum(row.status is MISSING for row in lib.rows(library, Item)) == 319
