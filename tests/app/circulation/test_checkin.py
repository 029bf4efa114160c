"""Taking back, and use in the hall, against a real store."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from app.circulation.checkin import SAME_SCAN, CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.outcomes import (
    AlreadyReturned,
    CheckedIn,
    CheckinOutcome,
    CheckinRefused,
    CheckoutRefused,
    LocalUse,
    ReturnNote,
)
from app.library import Library
from app.outcome import NotFound, Sought
from app.refusal import Answer, Weight
from app.undo import undo_last
from db.codes import WEEDED, HoldState, ItemStatus, LedgerKind, RestrictionKind, Role
from db.models.circulation import Hold, LedgerLine, Loan
from db.models.items import Item, ItemStatusChange
from db.models.items import LocalUse as LocalUseRow
from db.models.members import Member, Restriction
from db.models.sync import JournalEntry
from tests.library import (
    MORNING,
    TODAY,
    ACopy,
    AMember,
    act,
    add_copy,
    add_member,
    change,
    clock,
    found,
    lend,
    pass_days,
    place_hold,
    put_policy,
    reopened,
    row,
    rows,
    take_back,
)


def scan(library: Library, copy: ACopy, role: Role = Role.HEAD, **request: Any) -> CheckinOutcome:
    return check_in(library, CheckinRequest(copy.barcode, **request), act(library, role))


def days(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


FINE: dict[str, Any] = {"loan_days": 14, "fine_per_day": 2_000}


def test_a_copy_in_time_costs_nothing_and_is_on_the_shelf_again(library: Library, member: AMember, copy: ACopy) -> None:
    loan = lend(library, member, copy)
    pass_days(library, 14)
    back = take_back(library, copy)
    assert (back.loan_id, back.days_late, back.fine, back.restricted_until, back.notes) == (
        loan.loan_id, 0, 0, None, (),
    )  # fmt: skip
    assert back.member is not None
    assert back.member.id == member.id
    closed = row(library, Loan, loan.loan_id)
    assert (closed.effective_in_on, closed.in_at) == (days(14), clock(library).now)
    assert row(library, Item, copy.id).status is ItemStatus.AVAILABLE
    assert rows(library, LedgerLine) == []
    assert rows(library, Restriction) == []
    assert rows(library, JournalEntry)[-1].kind == "loan.returned"


def test_a_copy_is_taken_back_by_its_accession_number_in_persian_digits(
    library: Library, member: AMember, copy: ACopy
) -> None:
    lend(library, member, copy)
    assert isinstance(check_in(library, CheckinRequest("۱"), act(library)), CheckedIn)


@pytest.mark.parametrize("key", ["", "RAF-9", "<b>", "9" * 40])
def test_a_code_that_no_copy_carries_is_not_found(library: Library, key: str) -> None:
    assert check_in(library, CheckinRequest(key), act(library)) == NotFound(Sought.ITEM, key)


# Fines and bans


def test_a_late_copy_costs_its_open_days(library: Library, member: AMember, copy: ACopy) -> None:
    """000 §3-1-2: 2000 rials a day; the Friday among them is not counted."""
    put_policy(library, FINE)
    loan = lend(library, member, copy)
    pass_days(library, 21)  # due on Saturday; seven days later, a Friday among them
    back = take_back(library, copy)
    assert (back.days_late, back.fine) == (6, 12_000)
    assert back.notes == (ReturnNote.LATE,)
    (line,) = rows(library, LedgerLine)
    assert (line.kind, line.amount, line.member_id, line.loan_id, line.day) == (
        LedgerKind.FINE, 12_000, member.id, loan.loan_id, days(21),
    )  # fmt: skip


def test_a_late_copy_that_another_waits_for_costs_more(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {**FINE, "fine_per_day_reserved": 4_000})
    lend(library, member, copy)
    place_hold(library, add_member(library), copy)
    pass_days(library, 15)
    assert take_back(library, copy).fine == 4_000


def test_a_readers_own_hold_does_not_make_the_fine_dearer(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {**FINE, "fine_per_day_reserved": 4_000})
    lend(library, member, copy)
    place_hold(library, member, copy)
    pass_days(library, 15)
    assert take_back(library, copy).fine == 2_000


def test_a_fine_of_zero_makes_no_line(tmp_path: Path) -> None:
    library = found(tmp_path, "kanoon")
    with library.store:
        member, copy = add_member(library, "member"), add_copy(library)
        lend(library, member, copy)
        pass_days(library, 30)
        back = take_back(library, copy)
        assert back.days_late > 0
        assert back.fine == 0
        assert rows(library, LedgerLine) == []


def test_a_ban_is_laid_on_open_days_and_tells_its_last(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "ban_days_per_late_day": 2})
    lend(library, member, copy)
    pass_days(library, 17)  # three days late: six days, a Friday among them
    back = take_back(library, copy)
    assert (back.days_late, back.fine, back.restricted_until) == (3, 0, days(24))
    (ban,) = rows(library, Restriction)
    assert (ban.kind, ban.until, ban.member_id, ban.reason) == (
        RestrictionKind.OVERDUE, days(24), member.id, "دیرکرد ۳ روزه",
    )  # fmt: skip
    outcome = check_out(library, CheckoutRequest(member.card, add_copy(library).barcode), act(library))
    assert isinstance(outcome, CheckoutRefused)
    assert [refusal.code for refusal in outcome.refusals] == ["member.restricted"]
    pass_days(library, 8)
    lend(library, member, copy)


def test_of_several_bans_the_longer_holds(library: Library, member: AMember) -> None:
    put_policy(library, {"loan_days": 14, "ban_days_per_late_day": 10})
    first, second = add_copy(library), add_copy(library)
    lend(library, member, first)
    lend(library, member, second)
    pass_days(library, 16)
    longer = take_back(library, first).restricted_until
    assert take_back(library, second, in_on=days(15)).restricted_until == longer


def test_a_ban_that_is_over_already_is_not_laid(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "ban_days_per_late_day": 1})
    lend(library, member, copy)
    pass_days(library, 40)
    assert take_back(library, copy, in_on=days(15)).restricted_until is None
    assert rows(library, Restriction) == []


def test_a_ban_that_ends_today_is_laid(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "ban_days_per_late_day": 1})
    lend(library, member, copy)
    pass_days(library, 16)
    assert take_back(library, copy, in_on=days(15)).restricted_until == days(16)
    assert [ban.until for ban in rows(library, Restriction)] == [days(16)]


def test_where_no_ban_is_due_none_that_runs_is_laid_again(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "fine_per_day": 100})
    lend(library, member, copy)
    with library.store.write() as tx:
        tx.insert(
            Restriction, member_id=member.id, kind=RestrictionKind.MANUAL, until=days(90), reason="بی‌نظمی",
            author_id=act(library).staff_id, laid_at=MORNING,
        )  # fmt: skip
        tx.record("member.restricted", act(library))
    pass_days(library, 16)
    assert take_back(library, copy).restricted_until is None
    assert len(rows(library, Restriction)) == 1


def test_in_doubtful_time_nothing_is_charged(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {**FINE, "ban_days_per_late_day": 1})
    lend(library, member, copy)
    pass_days(library, 90)
    back = check_in(library, CheckinRequest(copy.barcode), act(library, doubtful=True))
    assert isinstance(back, CheckedIn)
    assert back.notes == (ReturnNote.LATE, ReturnNote.CLOCK_DOUBTFUL)
    assert (back.fine, back.restricted_until) == (0, None)
    assert rows(library, LedgerLine) == []
    assert rows(library, Restriction) == []


def test_the_fine_is_that_of_the_policy_in_force_at_the_return(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, FINE)
    lend(library, member, copy)
    put_policy(library, {**FINE, "fine_per_day": 9_000}, effective_from=days(10))
    assert library.policy.version == 2  # the desk was open all the time
    pass_days(library, 15)
    assert take_back(library, copy).fine == 9_000


# Dated back


def test_a_back_dated_return_lowers_the_fine_to_its_day(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, FINE)
    loan = lend(library, member, copy)
    pass_days(library, 30)
    back = take_back(library, copy, in_on=days(15))
    assert (back.days_late, back.fine, back.in_on) == (1, 2_000, days(15))
    closed = row(library, Loan, loan.loan_id)
    assert (closed.effective_in_on, closed.in_at) == (days(15), clock(library).now)


def test_a_return_dated_ahead_counts_as_today(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, FINE)
    lend(library, member, copy)
    pass_days(library, 15)
    assert take_back(library, copy, in_on=days(99)).in_on == days(15)


def test_a_return_is_never_dated_before_its_loan(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    assert take_back(library, copy, in_on=days(-30)).in_on == TODAY


# Holds


def test_a_returned_copy_is_set_aside_for_the_first_who_waits(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "shelf_days": 7})
    lend(library, member, copy)
    first, second = add_member(library), add_member(library)
    later = place_hold(library, second, copy, 2)
    sooner = place_hold(library, first, copy, 1)
    back = take_back(library, copy)
    assert back.hold_for is not None
    assert back.hold_for.id == first.id
    assert back.notes == (ReturnNote.SET_ASIDE_FOR_HOLD,)
    kept = row(library, Hold, sooner)
    assert (kept.state, kept.item_id, kept.shelf_since, kept.shelf_until) == (
        HoldState.WAITING, copy.id, TODAY, days(8),
    )  # fmt: skip  # seven open days: the Friday among them does not count
    assert row(library, Hold, later).state is HoldState.QUEUED


def test_a_hold_that_sleeps_or_wants_another_copy_is_passed_over(
    library: Library, member: AMember, copy: ACopy
) -> None:
    lend(library, member, copy)
    place_hold(library, add_member(library), copy, 1, suspended_until=days(3))
    place_hold(library, add_member(library), copy, 2, only_this_item=True, item_id=add_copy(library).id)
    awake = add_member(library)
    place_hold(library, awake, copy, 3)
    back = take_back(library, copy)
    assert back.hold_for is not None
    assert back.hold_for.id == awake.id


def test_a_copy_on_weeding_minutes_is_kept_for_nobody(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    change(library, Item, copy.id, on_minutes_id=library.branch.id)
    place_hold(library, add_member(library), copy)
    back = take_back(library, copy)
    assert (back.hold_for, back.notes) == (None, (ReturnNote.ON_WEEDING_MINUTES,))


def test_the_reader_a_copy_waits_for_is_told_again(library: Library, copy: ACopy) -> None:
    waiting = add_member(library)
    place_hold(library, add_member(library), copy, 1, only_this_item=True, item_id=copy.id)
    place_hold(library, waiting, copy, 2, state=HoldState.WAITING, item_id=copy.id)
    outcome = scan(library, copy)
    assert isinstance(outcome, LocalUse)
    assert outcome.hold_for is not None
    assert outcome.hold_for.id == waiting.id


# The same scan again


def test_a_doubled_scan_is_the_return_it_made(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    loan_id = take_back(library, copy).loan_id
    clock(library).advance(seconds=3)
    again = scan(library, copy)
    assert isinstance(again, AlreadyReturned)
    assert again.loan.id == loan_id
    assert rows(library, LocalUseRow) == []


def test_a_scan_after_a_crash_is_the_return_it_made(library: Library, tmp_path: Path) -> None:
    member, copy = add_member(library), add_copy(library)
    lend(library, member, copy)
    take_back(library, copy)
    library.store.close()
    later = reopened(tmp_path / "library", MORNING + dt.timedelta(minutes=4))
    with later.store:
        assert isinstance(scan(later, copy), AlreadyReturned)


def test_an_hour_later_it_is_used_in_the_hall(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    take_back(library, copy)
    clock(library).advance(seconds=SAME_SCAN.total_seconds() + 1)
    assert isinstance(scan(library, copy), LocalUse)


# Use in the hall


def test_use_in_the_hall_is_counted(library: Library, copy: ACopy) -> None:
    outcome = scan(library, copy)
    assert isinstance(outcome, LocalUse)
    assert (outcome.counted, outcome.notes) == (True, ())
    assert [use.day for use in rows(library, LocalUseRow, item_id=copy.id)] == [TODAY]
    item = row(library, Item, copy.id)
    assert (item.uses, item.loan_count, item.last_loan_on) == (1, 0, None)


def test_a_doubled_scan_in_the_hall_counts_once(library: Library, copy: ACopy) -> None:
    scan(library, copy)
    clock(library).advance(seconds=5)
    again = scan(library, copy)
    assert isinstance(again, LocalUse)
    assert again.counted is False
    assert len(rows(library, LocalUseRow)) == 1
    clock(library).advance(seconds=3_600)
    scan(library, copy)
    assert row(library, Item, copy.id).uses == 2


def test_use_in_the_hall_is_not_counted_where_the_policy_does_not_want_it(library: Library, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "count_local_use": False})
    entries = len(rows(library, JournalEntry))
    outcome = scan(library, copy)
    assert isinstance(outcome, LocalUse)
    assert outcome.counted is False
    assert len(rows(library, JournalEntry)) == entries


def test_a_copy_in_the_hall_that_somebody_waits_for_is_set_aside(library: Library, copy: ACopy) -> None:
    waiting = add_member(library)
    hold = place_hold(library, waiting, copy)
    outcome = scan(library, copy)
    assert isinstance(outcome, LocalUse)
    assert outcome.notes == (ReturnNote.SET_ASIDE_FOR_HOLD,)
    assert row(library, Hold, hold).state is HoldState.WAITING


def test_a_copy_at_the_bindery_is_asked_about_and_back_after_a_yes(library: Library, copy: ACopy) -> None:
    """002 م13-11: it is at the bindery for more than two weeks; standing here it was received."""
    change(library, Item, copy.id, status=ItemStatus.IN_BINDING)
    hold = place_hold(library, add_member(library), copy)
    asked = scan(library, copy)
    assert isinstance(asked, CheckinRefused)
    assert [(refusal.code, refusal.weight) for refusal in asked.refusals] == [("item.in_binding", Weight.CONFIRM)]
    assert row(library, Hold, hold).state is HoldState.QUEUED
    assert row(library, Item, copy.id).status is ItemStatus.IN_BINDING
    outcome = scan(library, copy, answer=Answer(confirm=frozenset({"item.in_binding"})))
    assert isinstance(outcome, LocalUse)
    assert (outcome.counted, outcome.notes) == (
        False, (ReturnNote.BACK_FROM_BINDING, ReturnNote.SET_ASIDE_FOR_HOLD),
    )  # fmt: skip
    assert row(library, Hold, hold).state is HoldState.WAITING
    item = row(library, Item, copy.id)
    assert (item.status, item.uses) == (ItemStatus.AVAILABLE, 0)
    assert [(noted.was, noted.why) for noted in rows(library, ItemStatusChange)] == [(ItemStatus.IN_BINDING, "bound")]


# Lost and weeded copies


@pytest.mark.parametrize(
    ("status", "note"),
    [
        (ItemStatus.MISSING, ReturnNote.LOST_FOUND),
        (ItemStatus.LOST, ReturnNote.LOST_FOUND),
        (ItemStatus.UNKNOWN, ReturnNote.LOST_FOUND),
        (ItemStatus.IN_TRANSIT, ReturnNote.ARRIVED),
    ],
)
def test_a_copy_recorded_elsewhere_that_is_simply_there_is_found(
    library: Library, copy: ACopy, status: ItemStatus, note: ReturnNote
) -> None:
    change(library, Item, copy.id, status=status)
    outcome = scan(library, copy)
    assert isinstance(outcome, LocalUse)
    assert outcome.notes == (note,)
    assert row(library, Item, copy.id).status is ItemStatus.AVAILABLE
    (noted,) = rows(library, ItemStatusChange, item_id=copy.id)
    assert (noted.was, noted.became) == (status, ItemStatus.AVAILABLE)


def test_a_copy_lost_on_a_card_comes_back_and_leaves_the_card(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    change(library, Item, copy.id, status=ItemStatus.LOST)
    back = take_back(library, copy)
    assert back.notes == (ReturnNote.LOST_FOUND,)
    assert row(library, Item, copy.id).status is ItemStatus.AVAILABLE
    assert [noted.was for noted in rows(library, ItemStatusChange)] == [ItemStatus.LOST]


def test_a_lost_copy_is_refused_where_the_policy_says_so(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "return_of_lost": "block"})
    lend(library, member, copy)
    change(library, Item, copy.id, status=ItemStatus.LOST)
    outcome = scan(library, copy)
    assert isinstance(outcome, CheckinRefused)
    assert [refusal.code for refusal in outcome.refusals] == ["item.lost"]


@pytest.mark.parametrize("status", [*sorted(WEEDED), ItemStatus.REPLACED])
def test_a_weeded_copy_in_the_stacks_raises_the_alarm(library: Library, copy: ACopy, status: ItemStatus) -> None:
    """002 م8-4: a book in the stacks may never have a weeded status."""
    change(library, Item, copy.id, status=status)
    outcome = scan(library, copy)
    assert isinstance(outcome, CheckinRefused)
    assert [(refusal.code, refusal.rule) for refusal in outcome.refusals] == [("item.withdrawn", "002 م8-4")]
    assert row(library, Item, copy.id).status is status
    assert rows(library, LocalUseRow) == []


def test_a_weeded_copy_that_is_still_on_a_card_leaves_the_card_and_stays_weeded(
    library: Library, member: AMember, copy: ACopy
) -> None:
    lend(library, member, copy)
    change(library, Item, copy.id, status=ItemStatus.WEEDED_CONTENT)
    hold = place_hold(library, add_member(library), copy)
    put_policy(library, {"loan_days": 14, "return_of_withdrawn": "block"})
    assert isinstance(scan(library, copy), CheckinRefused)
    put_policy(library, {"loan_days": 14})
    back = take_back(library, copy)
    assert (back.hold_for, back.notes) == (None, ())
    assert row(library, Item, copy.id).status is ItemStatus.WEEDED_CONTENT
    assert row(library, Hold, hold).state is HoldState.QUEUED
    assert rows(library, ItemStatusChange) == []


# Who, and what is left when a member is gone


def test_somebody_who_does_not_lend_is_refused(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    outcome = scan(library, copy, Role.AUDITOR)
    assert isinstance(outcome, CheckinRefused)
    assert [refusal.code for refusal in outcome.refusals] == ["role.not_allowed"]
    assert row(library, Item, copy.id).status is ItemStatus.ON_LOAN


def test_parts_are_recalled_at_the_return(library: Library, member: AMember) -> None:
    copy = add_copy(library, flags=("parts",))
    put_policy(library, {"loan_days": 14, "parts": "ignore"})
    lend(library, member, copy)
    assert take_back(library, copy).notes == (ReturnNote.PARTS,)


def test_a_loan_without_a_member_is_closed_without_a_fine(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, FINE)
    lend(library, member, copy)
    change(library, Member, member.id, deleted_at=MORNING)
    pass_days(library, 30)
    back = take_back(library, copy)
    assert (back.member, back.fine, back.days_late) == (None, 0, 0)
    assert rows(library, LedgerLine) == []


def test_a_taken_back_return_is_open_again_and_charged_once(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {**FINE, "ban_days_per_late_day": 1})
    loan = lend(library, member, copy)
    pass_days(library, 15)
    take_back(library, copy)
    undo_last(library, act(library))
    assert row(library, Loan, loan.loan_id).in_at is None
    assert sum(line.amount for line in rows(library, LedgerLine)) == 0
    assert rows(library, Restriction) == []
    assert take_back(library, copy).fine == 2_000
    assert sum(line.amount for line in rows(library, LedgerLine)) == 2_000
