"""Copies lost by their readers, copies missing from the shelf, and the way back by Ctrl+Z."""

from app.check import check_library
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.lateness import accrue_fines
from app.circulation.lost.declaring import LostRequest, declare_lost
from app.circulation.lost.facts import AlreadySo, Declared, LossRefused
from app.circulation.lost.settling import close_paid
from app.library import Library
from app.outcome import NotFound, Refused
from app.undo import Undone, undo_last
from db.codes import HoldState, ItemStatus, LedgerKind, LoanEnd, Role
from db.models.circulation import Hold, LedgerLine, Loan
from db.models.items import Item, ItemStatusChange
from tests.app.circulation.lost.cases import (
    FEE,
    PRICE,
    balance,
    credit,
    debts,
    lose,
    policy,
    status,
    the_loan,
)
from tests.library import TODAY, ACopy, AMember, act, add_copy, lend, pass_days, place_hold, put_policy, row, rows


def test_the_price_and_the_fee_are_charged_and_the_loan_stays_open(library: Library, member: AMember) -> None:
    policy(library)
    copy = add_copy(library, price=PRICE)
    lend(library, member, copy)
    declared = lose(library, copy)
    assert (declared.charged, declared.fee, declared.fine) == (PRICE, FEE, 0)
    assert balance(library, member) == PRICE + FEE
    loan = the_loan(library, copy)
    assert (loan.lost_on, loan.in_at, loan.ended_as) == (TODAY, None, None)
    assert status(library, copy) is ItemStatus.LOST
    assert check_library(library).broken == ()


def test_the_fine_is_settled_to_the_day_of_the_loss_and_grows_no_more(library: Library, member: AMember) -> None:
    policy(library)
    copy = add_copy(library, price=PRICE)
    lend(library, member, copy)
    pass_days(library, 20)
    accrue_fines(library, act(library))
    assert lose(library, copy).fine == 2_500
    pass_days(library, 60)
    accrue_fines(library, act(library))
    assert balance(library, member) == PRICE + FEE + 2_500


def test_a_copy_without_a_price_is_asked_about(library: Library, member: AMember, copy: ACopy) -> None:
    policy(library)
    lend(library, member, copy)
    outcome = declare_lost(library, LostRequest(copy.barcode), act(library))
    assert isinstance(outcome, LossRefused)
    assert [refusal.code for refusal in outcome.refusals] == ["price.unknown"]
    assert status(library, copy) is ItemStatus.ON_LOAN
    assert lose(library, copy, charge=70_000).charged == 70_000
    assert balance(library, member) == 70_000 + FEE


def test_the_default_price_stands_in(library: Library, member: AMember, copy: ACopy) -> None:
    policy(library, default_price=55_000)
    lend(library, member, copy)
    assert lose(library, copy).charged == 55_000


def test_a_loss_that_costs_nothing_ends_the_loan(library: Library, member: AMember, copy: ACopy) -> None:
    policy(library)
    lend(library, member, copy)
    lose(library, copy, charge=0)
    assert rows(library, LedgerLine) == []
    assert the_loan(library, copy).ended_as is LoanEnd.PAID
    assert status(library, copy) is ItemStatus.LOST
    assert check_library(library).broken == ()


def test_a_library_that_takes_no_money_waits_for_the_book(library: Library, member: AMember, copy: ACopy) -> None:
    policy(library, charge_replacement=False, processing_fee=0)
    lend(library, member, copy)
    lose(library, copy)
    assert balance(library, member) == 0
    assert the_loan(library, copy).in_at is None


def test_a_copy_nobody_has_is_missing(library: Library, copy: ACopy) -> None:
    declared = lose(library, copy)
    assert declared.loan is None
    assert status(library, copy) is ItemStatus.MISSING
    (change,) = rows(library, ItemStatusChange, item_id=copy.id)
    assert (change.was, change.became, change.why) == (ItemStatus.AVAILABLE, ItemStatus.MISSING, "missing")


def test_a_missing_copy_leaves_the_hold_shelf_and_its_reader_waits_on(
    library: Library, member: AMember, copy: ACopy
) -> None:
    hold = place_hold(
        library, member, copy, state=HoldState.WAITING, item_id=copy.id, shelf_since=TODAY, shelf_until=TODAY
    )
    lose(library, copy)
    after = row(library, Hold, hold)
    assert (after.state, after.item_id, after.shelf_until) == (HoldState.QUEUED, None, None)


def test_the_same_request_again_changes_nothing(library: Library, member: AMember) -> None:
    policy(library)
    copy, other = add_copy(library, price=PRICE), add_copy(library)
    lend(library, member, copy)
    for one in (copy, other):
        lose(library, one)
        again = declare_lost(library, LostRequest(one.barcode, 1), act(library))
        assert isinstance(again, AlreadySo)
    assert balance(library, member) == PRICE + FEE


def test_a_trainee_may_not(library: Library, copy: ACopy) -> None:
    outcome = declare_lost(library, LostRequest(copy.barcode), act(library, Role.TRAINEE))
    assert isinstance(outcome, LossRefused)
    assert [refusal.code for refusal in outcome.refusals] == ["role.not_allowed"]


def test_an_unknown_code_is_told(library: Library) -> None:
    assert isinstance(declare_lost(library, LostRequest("RAF-999999"), act(library)), NotFound)


def test_nothing_is_fined_while_the_clock_is_doubtful(library: Library, member: AMember) -> None:
    policy(library)
    copy = add_copy(library, price=PRICE)
    lend(library, member, copy)
    pass_days(library, 30)
    outcome = declare_lost(library, LostRequest(copy.barcode), act(library, doubtful=True))
    assert isinstance(outcome, Declared)
    assert (outcome.fine, outcome.charged) == (0, PRICE)


# Paid


def test_the_last_rial_closes_the_loan_and_the_copy_stays_lost(library: Library, member: AMember) -> None:
    policy(library)
    copy = add_copy(library, price=PRICE)
    lend(library, member, copy)
    lose(library, copy)
    credit(library, member, LedgerKind.PAYMENT, PRICE - 1)
    assert the_loan(library, copy).in_at is None
    credit(library, member, LedgerKind.PAYMENT, 1)
    loan = the_loan(library, copy)
    assert (loan.ended_as, loan.effective_in_on) == (LoanEnd.PAID, TODAY)
    assert status(library, copy) is ItemStatus.LOST
    assert balance(library, member) == FEE
    assert check_library(library).broken == ()


def test_a_loan_that_was_not_lost_is_not_closed_by_money(library: Library, member: AMember, copy: ACopy) -> None:
    loan_id = lend(library, member, copy).loan_id
    with library.store.write() as tx:
        assert close_paid(library, tx, (loan_id,), act(library)) == ()
    assert the_loan(library, copy).in_at is None


# Undone


def test_ctrl_z_restores_loan_copy_and_debt_as_they_were(library: Library, member: AMember) -> None:
    policy(library)
    copy = add_copy(library, price=PRICE)
    lend(library, member, copy)
    pass_days(library, 20)
    before = (balance(library, member), status(library, copy), the_loan(library, copy).lost_on)
    lose(library, copy)
    assert isinstance(undo_last(library, act(library)), Undone)
    assert (balance(library, member), status(library, copy), the_loan(library, copy).lost_on) == before
    assert debts(library, member, LedgerKind.LOST_ITEM) == []
    assert rows(library, ItemStatusChange, item_id=copy.id) == []
    assert isinstance(check_in(library, CheckinRequest(copy.barcode), act(library)), object)
    assert check_library(library).broken == ()


def test_ctrl_z_does_not_undo_a_loss_that_was_paid_since(library: Library, member: AMember) -> None:
    policy(library)
    copy = add_copy(library, price=PRICE)
    lend(library, member, copy)
    lose(library, copy)
    with library.store.write() as tx:
        loan = tx.connection.execute(Loan.__table__.select().where(Loan.item_id == copy.id)).one()
        tx.insert(
            LedgerLine, member_id=member.id, loan_id=loan.id, kind=LedgerKind.PAYMENT, amount=-1_000,
            at=act(library).at, day=TODAY, staff_id=act(library).staff_id, method="cash",
            settles=debts(library, member, LedgerKind.LOST_ITEM)[0].line.id,
        )  # fmt: skip
        tx.record("payment.taken", act(library, desk=2))
    outcome = undo_last(library, act(library))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["undo.changed_since"]


def test_without_any_policy_of_losses_the_price_alone_is_charged(library: Library, member: AMember) -> None:
    put_policy(library, {"loan_days": 14})
    copy = add_copy(library, price=PRICE)
    lend(library, member, copy)
    lose(library, copy)
    assert balance(library, member) == PRICE
    assert row(library, Item, copy.id).price == PRICE
