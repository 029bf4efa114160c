"""Lent by the books, but on the shelf: the return nobody wrote down is written when the session is closed, by choice,
and costs its reader nothing."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from app.accounts.outcomes import Paid
from app.accounts.payments import Payment, pay
from app.actions import Action
from app.check import check_library
from app.circulation.lateness import accrue_fines
from app.circulation.lost.claims import ClaimRequest, claim_returned
from app.circulation.lost.declaring import LostRequest, declare_lost
from app.circulation.lost.facts import Declared
from app.library import Library
from app.outcome import Refused
from app.staff.service import set_permission
from app.stocktake.closing import Closed, close, preview
from app.stocktake.rules import back_on
from db.codes import ItemStatus, LoanEnd, Role
from db.models.circulation import Account, Hold, LedgerLine, Loan
from db.models.collection import Minutes
from db.models.items import Item, ItemStatusChange
from db.models.members import Restriction
from tests import library as lib
from tests.app.stocktake.shelves import begun, book, codes, plain_printer, read, read_all, shelf, status

FINE: dict[str, Any] = {"loan_days": 14, "fine_per_day": 2_000, "ban_days_per_late_day": 2}
DUE = lib.TODAY + dt.timedelta(14)


@pytest.fixture
def copy(library: Library) -> lib.ACopy:
    """The first of two."""
    lib.put_policy(library, FINE)
    return shelf(library, 2)[0]


def closed(library: Library, session: UUID, *restore: UUID) -> Closed:
    outcome = close(library, session, plain_printer, lib.act(library), restore)
    assert isinstance(outcome, Closed), outcome
    assert check_library(library).broken == ()
    return outcome


def late_on_the_shelf(library: Library, copy: lib.ACopy, days: int = 30) -> tuple[lib.AMember, UUID]:
    """Lent, given back without a word, fined night after night, and read on the shelf."""
    member = lib.add_member(library)
    lib.lend(library, member, copy)
    lib.pass_days(library, days)
    accrue_fines(library, lib.act(library))
    session = begun(library)
    read_all(library, session, codes(100, 101))
    return member, session


def balance(library: Library, member: lib.AMember) -> int:
    return sum(row.balance for row in lib.rows(library, Account, member_id=member.id))


def test_a_copy_on_the_shelf_is_no_longer_late_and_the_fine_of_the_nights_is_taken_back(
    library: Library, copy: lib.ACopy
) -> None:
    member, session = late_on_the_shelf(library, copy)
    assert balance(library, member) > 0
    outcome = closed(library, session, copy.id)
    [loan] = lib.rows(library, Loan)
    assert (loan.ended_as, loan.effective_in_on) == (LoanEnd.RETURNED, DUE)
    assert status(library, copy) is ItemStatus.AVAILABLE
    assert balance(library, member) == 0
    assert lib.rows(library, Restriction) == []
    assert (outcome.figures["on_loan"], outcome.figures["returned"]) == (1, 1)
    [change] = lib.rows(library, ItemStatusChange)
    assert (change.was, change.became, change.why, change.cause_id) == (
        ItemStatus.ON_LOAN, ItemStatus.AVAILABLE, "stocktake", session,
    )  # fmt: skip


def test_nobody_chose_it_and_nothing_happens(library: Library, copy: lib.ACopy) -> None:
    member, session = late_on_the_shelf(library, copy)
    owed, lines = balance(library, member), lib.rows(library, LedgerLine)
    assert closed(library, session).figures["returned"] == 0
    assert status(library, copy) is ItemStatus.ON_LOAN
    assert (balance(library, member), lib.rows(library, LedgerLine)) == (owed, lines)


def test_a_copy_in_time_is_back_on_the_day_it_was_read(library: Library, copy: lib.ACopy) -> None:
    lib.lend(library, lib.add_member(library), copy)
    session = begun(library)
    lib.pass_days(library, 3)
    read_all(library, session, codes(100, 101))
    lib.pass_days(library, 2)
    closed(library, session, copy.id)
    assert lib.rows(library, Loan)[0].effective_in_on == lib.TODAY + dt.timedelta(3)


@pytest.mark.parametrize(
    ("read", "out", "due", "claimed", "back"),
    [
        (20, 1, 15, None, 15),  # late: nobody knows since when, so not at all
        (10, 1, 15, None, 10),  # in time: on the day it was read
        (20, 1, 15, 12, 12),  # the reader had said so
        (20, 1, 15, 18, 15),
        (5, 8, 22, None, 8),  # never before the loan
    ],
)
def test_the_day_of_such_a_return(read: int, out: int, due: int, claimed: int | None, back: int) -> None:
    day = [dt.date(2026, 12, number) for number in range(1, 31)]
    said = None if claimed is None else day[claimed]
    assert back_on(day[read], day[out], day[due], said) == day[back]


def test_a_claim_was_right(library: Library, copy: lib.ACopy) -> None:
    """The reader said it was back; it stood on the shelf all the time."""
    member = lib.add_member(library)
    lib.lend(library, member, copy)
    lib.pass_days(library, 10)
    claim_returned(library, ClaimRequest(copy.barcode), lib.act(library))
    lib.pass_days(library, 20)
    session = begun(library)
    read_all(library, session, codes(100, 101))
    closed(library, session, copy.id)
    assert lib.rows(library, Loan)[0].effective_in_on == lib.TODAY + dt.timedelta(10)
    assert balance(library, member) == 0


def test_who_waits_for_it_gets_it_and_it_is_told_which_book_to_fetch(library: Library, copy: lib.ACopy) -> None:
    waiting = lib.add_member(library)
    lib.lend(library, lib.add_member(library), copy)
    lib.place_hold(library, waiting, copy)
    session = begun(library)
    read_all(library, session, codes(100, 101))
    [kept] = closed(library, session, copy.id).kept
    assert kept.hold_for is not None
    assert (kept.copy.barcode, kept.hold_for.id) == ("B-100", waiting.id)
    [hold] = lib.rows(library, Hold)
    assert (hold.state, hold.item_id) == ("waiting", copy.id)


def test_another_loan_than_the_one_that_was_read_is_left_alone(library: Library, copy: lib.ACopy) -> None:
    """Taken back at the desk meanwhile and lent again: that reader has it."""
    lib.lend(library, lib.add_member(library), copy)
    session = begun(library)
    read_all(library, session, codes(100, 101))
    lib.take_back(library, copy)
    lib.pass_days(library, 1)
    lib.lend(library, lib.add_member(library), copy)
    reckoning = preview(library, session)
    assert reckoning is not None
    assert ([one.copy.barcode for one in reckoning.changed], reckoning.lent) == (["B-100"], ())
    outcome = close(library, session, plain_printer, lib.act(library), [copy.id])
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["stocktake.not_to_restore"]


def test_the_preview_tells_who_has_it(library: Library, copy: lib.ACopy) -> None:
    member = lib.add_member(library, family_name="رضایی")
    lib.lend(library, member, copy)
    session = begun(library)
    read(library, session, "B-100")
    reckoning = preview(library, session)
    assert reckoning is not None
    [lent] = reckoning.lent
    assert lent.holder is not None
    assert lent.holder.member is not None
    assert (lent.holder.due_on, lent.holder.member.id) == (DUE, member.id)


def test_dating_a_return_back_needs_the_right_to_do_so(library: Library, copy: lib.ACopy) -> None:
    lib.lend(library, lib.add_member(library), copy)
    session = begun(library)
    read_all(library, session, codes(100, 101))
    set_permission(library, Role.LIBRARIAN, Action.FINALISE_MINUTES, True, lib.act(library))
    set_permission(library, Role.LIBRARIAN, Action.BACKDATE, False, lib.act(library))
    librarian = lib.act(library, Role.LIBRARIAN)
    outcome = close(library, session, plain_printer, librarian, [copy.id])
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["role.not_allowed"]
    assert isinstance(close(library, session, plain_printer, librarian), Closed)


def test_a_fine_paid_for_it_is_the_readers_again(library: Library, copy: lib.ACopy) -> None:
    member, session = late_on_the_shelf(library, copy)
    owed = balance(library, member)
    assert isinstance(pay(library, Payment(member.card, owed), lib.act(library)), Paid)
    assert closed(library, session, copy.id).credit == owed
    assert balance(library, member) == -owed


def test_a_book_declared_lost_that_stands_on_the_shelf_bans_nobody(library: Library) -> None:
    """It was in the stacks: what its reader owes for the loss is taken back, and no ban is laid for the days before."""
    lib.put_policy(library, FINE | {"charge_replacement": True, "refund_when_found": True})
    copy, member = book(library, 100, price=500_000), lib.add_member(library)
    book(library, 101)
    lib.lend(library, member, copy)
    lib.pass_days(library, 30)
    assert isinstance(declare_lost(library, LostRequest(copy.barcode), lib.act(library)), Declared)
    owed = balance(library, member)
    act = lib.act(library)
    with library.store.write() as tx:
        tx.insert(
            Restriction, member_id=member.id, kind="overdue", until=None, reason="دیرکرد", author_id=act.staff_id,
            laid_at=act.at,
        )  # fmt: skip
        tx.record("test", act)
    session = begun(library)
    read_all(library, session, codes(100, 101))
    closed(library, session)
    assert status(library, copy) is ItemStatus.AVAILABLE
    assert balance(library, member) == owed - 500_000
    [until_it_is_back] = lib.rows(library, Restriction)
    assert until_it_is_back.lifted_at is not None


def test_a_copy_on_weeding_minutes_is_kept_for_nobody(library: Library, copy: lib.ACopy) -> None:
    """002 م7-4: until the answer nothing takes it out of the house."""
    lib.lend(library, lib.add_member(library), copy)
    lib.place_hold(library, lib.add_member(library), copy)
    book(library, 105)
    session = begun(library)
    read_all(library, session, codes(100, 101, 105))
    with library.store.write() as tx:
        minutes = tx.insert(Minutes, reason="worn", state="draft", opened_at=lib.act(library).at)
        tx.record("test", lib.act(library))
    lib.change(library, Item, copy.id, on_minutes_id=minutes)
    outcome = close(library, session, plain_printer, lib.act(library), [copy.id])
    assert isinstance(outcome, Closed)
    assert outcome.kept == ()
    assert [row.state for row in lib.rows(library, Hold)] == ["queued"]
