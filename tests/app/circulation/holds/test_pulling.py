"""Fetching copies for holds: the pull list, and the scan that sets a copy aside."""

import uuid

import pytest

from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.holds.outcomes import NobodyWaits, SetAside, SetAsideRefused
from app.circulation.outcomes import CheckedIn, LocalUse
from app.circulation.pulling import pull_copy
from app.library import Library
from app.outcome import NotFound
from db.codes import Condition, HoldState, ItemStatus, Role
from db.models.circulation import Hold
from db.models.items import Item
from db.models.items import LocalUse as LocalUseRow
from db.models.sync import JournalEntry
from tests.app.circulation.holds.holding import cancel, shelf_of, state, suspend, to_pull, wait
from tests.library import (
    ACopy,
    AMember,
    a_title,
    act,
    add_copy,
    add_member,
    change,
    clock,
    lend,
    place_hold,
    put_policy,
    row,
    rows,
    take_back,
)


def scan(library: Library, copy: ACopy, role: Role = Role.HEAD) -> object:
    return pull_copy(library, copy.barcode, act(library, role))


# The list


def test_what_stands_on_the_shelf_and_is_waited_for_is_fetched(library: Library, member: AMember, copy: ACopy) -> None:
    hold = wait(library, member, copy)
    (found,) = to_pull(library)
    assert (found.hold.id, found.item.id, found.waiting, found.hold.position) == (hold, copy.id, 1, 1)


def test_one_row_a_copy_however_many_wait(library: Library, copy: ACopy) -> None:
    first, second, _ = (wait(library, add_member(library), copy) for _ in range(3))
    other = add_copy(library, copy.title_id)
    assert {(found.hold.id, found.item.id) for found in to_pull(library)} == {(first, copy.id), (second, other.id)}
    assert {found.waiting for found in to_pull(library)} == {3}


def test_the_list_is_in_the_order_of_the_shelf(library: Library) -> None:
    late = add_copy(library, a_title("تاریخ", dewey="955"))
    early = add_copy(library, a_title("فلسفه", dewey="100"))
    for copy in (late, early):
        wait(library, add_member(library), copy)
    assert [found.item.id for found in to_pull(library)] == [early.id, late.id]


def test_what_cannot_serve_is_not_on_the_list(library: Library, member: AMember, copy: ACopy) -> None:
    hold = wait(library, member, copy)
    for values in (
        {"condition": Condition.DAMAGED},
        {"on_minutes_id": uuid.UUID(int=3)},
        {"flags": ["not_for_loan"]},
        {"status": ItemStatus.IN_BINDING},
        {"status": ItemStatus.MISSING},
    ):
        before = row(library, Item, copy.id)
        change(library, Item, copy.id, **values)
        assert to_pull(library) == []
        change(library, Item, copy.id, **{name: getattr(before, name) for name in values})
    suspend(library, hold)
    assert to_pull(library) == []


def test_a_copy_on_the_hold_shelf_is_not_fetched_again(library: Library, member: AMember, copy: ACopy) -> None:
    wait(library, member, copy)
    scan(library, copy)
    wait(library, add_member(library), copy)
    assert to_pull(library) == []


# The scan


def test_the_scan_of_a_fetched_copy_sets_it_aside_and_counts_no_use(
    library: Library, member: AMember, copy: ACopy
) -> None:
    hold = wait(library, member, copy)
    outcome = scan(library, copy)
    assert isinstance(outcome, SetAside)
    assert (outcome.member.id, outcome.already) == (member.id, False)
    assert outcome.until == row(library, Hold, hold).shelf_until
    assert (rows(library, LocalUseRow), row(library, Item, copy.id).uses) == ([], 0)
    assert rows(library, JournalEntry)[-1].kind == "hold.set_aside"


def test_the_second_scan_tells_the_same_and_changes_nothing(library: Library, member: AMember, copy: ACopy) -> None:
    wait(library, member, copy)
    scan(library, copy)
    before = len(rows(library, JournalEntry))
    again = scan(library, copy)
    assert isinstance(again, SetAside)
    assert again.already
    assert len(rows(library, JournalEntry)) == before


def test_the_scan_keeps_to_the_list(library: Library, copy: ACopy) -> None:
    """Who wants this very copy gets it where another one serves whoever is first."""
    other = add_copy(library, copy.title_id)
    anything = wait(library, add_member(library), copy)
    this = wait(library, add_member(library), copy, this_copy=True)
    scan(library, copy)
    scan(library, other)
    assert (row(library, Hold, this).item_id, row(library, Hold, anything).item_id) == (copy.id, other.id)


def test_a_lent_copy_is_taken_back_and_set_aside(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, add_member(library), copy)
    wait(library, member, copy)
    outcome = scan(library, copy)
    assert isinstance(outcome, CheckedIn)
    assert outcome.hold_for is not None
    assert outcome.hold_for.id == member.id


def test_a_missing_copy_that_is_there_is_found_and_set_aside(library: Library, member: AMember, copy: ACopy) -> None:
    hold = wait(library, member, copy)
    change(library, Item, copy.id, status=ItemStatus.MISSING)
    assert isinstance(scan(library, copy), LocalUse)
    assert state(library, hold) is HoldState.WAITING


def test_what_nobody_waits_for_leaves_no_trace(library: Library, copy: ACopy) -> None:
    before = len(rows(library, JournalEntry))
    outcome = scan(library, copy)
    assert isinstance(outcome, NobodyWaits)
    assert not outcome.freed
    assert len(rows(library, JournalEntry)) == before


def test_a_copy_that_came_off_the_hold_shelf_is_noted_once(library: Library, member: AMember, copy: ACopy) -> None:
    hold = wait(library, member, copy)
    scan(library, copy)
    cancel(library, hold)
    clock(library).advance(seconds=60)
    outcome = scan(library, copy)
    assert isinstance(outcome, NobodyWaits)
    assert outcome.freed
    again = scan(library, copy)
    assert isinstance(again, NobodyWaits)
    assert not again.freed


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"status": ItemStatus.IN_BINDING}, "item.in_binding"),
        ({"status": ItemStatus.WEEDED_WORN}, "item.withdrawn"),
        ({"on_minutes_id": uuid.UUID(int=3)}, "item.on_weeding_minutes"),
    ],
)
def test_what_is_not_there_to_be_lent_is_refused(
    library: Library, member: AMember, copy: ACopy, values: dict[str, object], code: str
) -> None:
    wait(library, member, copy)
    change(library, Item, copy.id, **values)
    outcome = scan(library, copy)
    assert isinstance(outcome, SetAsideRefused)
    assert [refusal.code for refusal in outcome.refusals] == [code]


def test_who_may_not_hold_sets_nothing_aside(library: Library, member: AMember, copy: ACopy) -> None:
    hold = wait(library, member, copy)
    outcome = scan(library, copy, Role.CATALOGUER)
    assert isinstance(outcome, SetAsideRefused)
    assert [refusal.code for refusal in outcome.refusals] == ["role.not_allowed"]
    assert state(library, hold) is HoldState.QUEUED


def test_an_unknown_label_is_not_found(library: Library) -> None:
    assert isinstance(pull_copy(library, "X", act(library)), NotFound)


# The same at the desk


def test_a_copy_on_the_hold_shelf_that_is_looked_at_was_read_by_nobody(
    library: Library, member: AMember, copy: ACopy
) -> None:
    """Hours later, so that it is no doubled scan."""
    wait(library, member, copy)
    scan(library, copy)
    clock(library).advance(seconds=3 * 3600)
    outcome = check_in(library, CheckinRequest(copy.barcode), act(library))
    assert isinstance(outcome, LocalUse)
    assert not outcome.counted
    assert outcome.hold_for is not None
    assert rows(library, LocalUseRow) == []


def test_a_copy_from_the_hall_is_counted_once_and_set_aside(library: Library, member: AMember, copy: ACopy) -> None:
    hold = wait(library, member, copy)
    for _ in range(2):
        check_in(library, CheckinRequest(copy.barcode), act(library))
        clock(library).advance(seconds=3600)
    assert len(rows(library, LocalUseRow)) == 1
    assert state(library, hold) is HoldState.WAITING


@pytest.mark.parametrize("keeps", [False, True])
def test_a_damaged_copy_is_kept_only_for_whom_the_policy_lets(
    library: Library, member: AMember, copy: ACopy, keeps: bool
) -> None:
    """Koha CheckReserves: AllowHoldsOnDamagedItems."""
    put_policy(library, {"loan_days": 14, "hold_damaged": keeps})
    lend(library, add_member(library), copy)
    wait(library, member, copy)
    change(library, Item, copy.id, condition=Condition.DAMAGED)
    assert (take_back(library, copy).hold_for is not None) is keeps


def test_a_reader_who_was_removed_is_passed_over(library: Library, member: AMember, copy: ACopy) -> None:
    place_hold(library, AMember(uuid.uuid4(), "", ""), copy, 1)
    hold = wait(library, member, copy)
    scan(library, copy)
    assert state(library, hold) is HoldState.WAITING
    assert len(shelf_of(library)) == 1
