"""Taking back the last action of a desk."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.catalogue.queries import title_row
from app.catalogue.service import TitleAdded, add_title
from app.check import check_library
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.outcomes import CheckedOut
from app.circulation.renewal import renew_item
from app.items.form import ItemForm
from app.items.service import add_item
from app.library import Library
from app.members.form import MemberForm
from app.members.service import add_member as enrol_member
from app.members.writing import Enrolled
from app.outcome import Refused
from app.undo import UNDOABLE, Undone, undo_last
from app.weeding.facts import Proposal
from app.weeding.service import Listed, finalise, propose, strike
from db.act import Act
from db.codes import HoldState, ItemStatus, LedgerKind, Role, WeedingReason
from db.models.catalogue import Title
from db.models.circulation import Hold, LedgerLine, Loan
from db.models.collection import Minutes, MinutesRow
from db.models.items import Item
from db.models.items import LocalUse as LocalUseRow
from db.models.members import Member, MemberCard
from db.models.sync import JournalEntry
from db.search_index import find
from tests.app.weeding.printing import plain_printer
from tests.library import (
    TODAY,
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


def test_every_undoable_kind_has_been_undone_above() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert all(f'undone(library) == "{kind}"' in source for kind in UNDOABLE)


# What is not taken back


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


@pytest.mark.parametrize(
    "happened",
    [
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
