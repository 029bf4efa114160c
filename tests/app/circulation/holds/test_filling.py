"""What a loan does to the queue of its title."""

from app.library import Library
from app.refusal import Answer
from db.codes import HoldState, LedgerKind
from db.models.circulation import Hold, LedgerLine
from tests.app.circulation.holds.holding import freed, line_of, state, suspend, wait
from tests.library import ACopy, AMember, add_copy, add_member, lend, put_policy, row, rows, take_back

FOR_OTHER = Answer(frozenset({"hold.waiting_for_other"}), "برای کلاس لازم است")
QUEUED = Answer(confirm=frozenset({"hold.queued_for_other"}))


def test_the_loan_ends_the_readers_own_hold(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, add_member(library), copy)
    hold = wait(library, member, copy)
    take_back(library, copy)
    assert lend(library, member, copy).filled_hold
    filled = row(library, Hold, hold)
    assert (filled.state, filled.item_id, filled.ended_at is not None) == (HoldState.FILLED, copy.id, True)


def test_a_suspended_reader_who_gets_the_book_waits_no_more(library: Library, member: AMember, copy: ACopy) -> None:
    hold = wait(library, member, copy)
    suspend(library, hold)
    assert lend(library, member, copy).filled_hold
    assert state(library, hold) is HoldState.FILLED


def test_a_loan_of_another_copy_leaves_a_hold_on_one_copy(library: Library, member: AMember, copy: ACopy) -> None:
    other = add_copy(library, copy.title_id)
    hold = wait(library, member, copy, this_copy=True)
    assert not lend(library, member, other).filled_hold
    assert state(library, hold) is HoldState.QUEUED


def test_the_fee_is_charged_on_collection(library: Library, member: AMember, copy: ACopy) -> None:
    """Protocol: hold_fee_when = collected."""
    put_policy(library, {"loan_days": 14, "hold_fee": 5_000, "hold_fee_when": "collected"})
    hold = wait(library, member, copy)
    assert rows(library, LedgerLine) == []
    lend(library, member, copy)
    (line,) = rows(library, LedgerLine)
    assert (line.kind, line.amount, line.hold_id, line.member_id) == (LedgerKind.HOLD_FEE, 5_000, hold, member.id)


def test_a_loan_without_a_hold_costs_no_fee(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "hold_fee": 5_000, "hold_fee_when": "collected"})
    lend(library, member, copy)
    assert rows(library, LedgerLine) == []


def test_the_copy_that_stood_ready_goes_on_when_another_is_taken(
    library: Library, member: AMember, copy: ACopy
) -> None:
    other, first = add_copy(library, copy.title_id), add_member(library)
    lend(library, first, copy)
    wait(library, member, copy)
    following = wait(library, add_member(library), copy)
    take_back(library, copy)
    lend(library, member, other, answer=QUEUED)
    hold = row(library, Hold, following)
    assert (hold.state, hold.item_id) == (HoldState.WAITING, copy.id)


def test_the_copy_that_stood_ready_goes_back_when_nobody_is_next(
    library: Library, member: AMember, copy: ACopy
) -> None:
    other = add_copy(library, copy.title_id)
    lend(library, add_member(library), copy)
    wait(library, member, copy)
    take_back(library, copy)
    lend(library, member, other)
    assert freed(library) == [copy.id]


def test_who_loses_the_kept_copy_by_an_override_is_first_in_line_again(
    library: Library, member: AMember, copy: ACopy
) -> None:
    lend(library, add_member(library), copy)
    hold = wait(library, member, copy)
    later = wait(library, add_member(library), copy)
    take_back(library, copy)
    lend(library, add_member(library), copy, answer=FOR_OTHER)
    kept = row(library, Hold, hold)
    assert (kept.state, kept.item_id, kept.shelf_until) == (HoldState.QUEUED, None, None)
    assert [(one.id, one.position) for one in line_of(library, copy)] == [(hold, 1), (later, 2)]
