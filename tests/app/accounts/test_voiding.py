"""Taking back lines and receipts, and giving money back."""

import uuid

from app.accounts.cash import close_cash, open_cash
from app.accounts.charges import Refund, refund
from app.accounts.outcomes import LineVoided, ReceiptVoided, Refunded
from app.accounts.voiding import VoidRequest, void_line, void_receipt
from app.accounts.waivers import Waiver, waive
from app.check import check_library
from app.library import Library
from app.outcome import NotFound
from app.refusal import Answer
from db.codes import LedgerKind, Role
from db.models.circulation import LedgerLine, Loan, Receipt
from tests.app.accounts.money import account, beside, codes, colleague, owe, paid
from tests.library import ACopy, AMember, act, change, lend, pass_days, rows

SURE = Answer(confirm=frozenset({"ledger.settled"}))


def voided(library: Library, line: uuid.UUID, answer: Answer = SURE) -> LineVoided:
    outcome = void_line(library, VoidRequest(line, "اشتباه", answer=answer), act(library))
    assert isinstance(outcome, LineVoided), outcome
    return outcome


def given_back(library: Library, member: AMember, amount: int) -> Refunded:
    outcome = refund(library, Refund(member.card, amount, "اشتباه بود"), act(library))
    assert isinstance(outcome, Refunded), outcome
    return outcome


def test_a_debt_is_taken_back_by_its_opposite_and_stays_in_the_ledger(library: Library, member: AMember) -> None:
    debt = owe(library, member, 10_000)
    outcome = voided(library, debt)
    assert (outcome.amount, outcome.balance, outcome.held) == (10_000, 0, 0)
    first, second = account(library, member).lines
    assert (first.id, first.amount) == (debt, 10_000)
    assert (second.kind, second.amount, second.opposes, second.reason) == (LedgerKind.VOID, -10_000, debt, "اشتباه")


def test_what_was_paid_for_a_debt_taken_back_is_asked_about_and_then_held(library: Library, member: AMember) -> None:
    debt = owe(library, member, 10_000)
    paid(library, member, 4_000)
    bare = VoidRequest(debt, "اشتباه")
    assert codes(void_line(library, bare, act(library))) == ["ledger.settled"]
    assert voided(library, debt).held == 4_000
    assert (account(library, member).refundable, account(library, member).balance) == (4_000, -4_000)


def test_what_was_waived_of_a_debt_taken_back_does_not_become_money(library: Library, member: AMember) -> None:
    debt = owe(library, member, 10_000)
    waive(library, Waiver(member.card, "نیازمند", 7_000), act(library))
    voided(library, debt)
    assert (account(library, member).balance, account(library, member).refundable) == (0, 0)


def test_a_waiver_is_taken_back_and_the_debt_is_open_again(library: Library, member: AMember) -> None:
    owe(library, member, 10_000)
    waive(library, Waiver(member.card, "نیازمند"), act(library))
    (line,) = rows(library, LedgerLine, kind=LedgerKind.WAIVER)
    assert account(library, member).balance == 0
    voided(library, line.id)
    assert account(library, member).outstanding == 10_000


def test_a_line_is_taken_back_once_and_payments_by_their_receipt(library: Library, member: AMember) -> None:
    debt = owe(library, member, 10_000)
    paid(library, member, 1_000)
    (payment,) = rows(library, LedgerLine, kind=LedgerKind.PAYMENT)
    voided(library, debt)
    (void,) = rows(library, LedgerLine, kind=LedgerKind.VOID)
    for line, code in ((debt, "voided_already"), (payment.id, "by_receipt"), (void.id, "not_voidable")):
        assert codes(void_line(library, VoidRequest(line, "اشتباه"), act(library))) == [f"ledger.{code}"]
    assert isinstance(void_line(library, VoidRequest(uuid.uuid4(), "اشتباه"), act(library)), NotFound)


def test_a_debt_is_not_lowered_by_the_way_of_a_void(library: Library, member: AMember) -> None:
    """What a waiver needs, a void needs too: nobody the own debt, above an amount nobody alone."""
    large = owe(library, member, 500_001)
    assert codes(void_line(library, VoidRequest(large, "اشتباه"), act(library))) == ["waiver.second_needed"]
    reader = colleague(library, member_id=member.id)
    small = owe(library, member, 10)
    assert codes(void_line(library, VoidRequest(small, "اشتباه"), library.act(reader))) == ["waiver.own"]
    second = beside(colleague(library, name="سارا رضوانی"))
    assert isinstance(void_line(library, VoidRequest(large, "اشتباه", second), act(library)), LineVoided)
    assert codes(void_line(library, VoidRequest(small, " "), act(library, Role.TRAINEE))) == [
        "role.not_allowed", "reason.required",
    ]  # fmt: skip


# Receipts


def test_a_receipt_of_today_is_taken_back_and_keeps_its_number(library: Library, member: AMember) -> None:
    owe(library, member, 10_000)
    owe(library, member, 5_000)
    receipt = paid(library, member, 12_000)
    outcome = void_receipt(library, receipt.receipt, "مبلغ اشتباه بود", act(library))
    assert outcome == ReceiptVoided(1, 12_000, 15_000)
    assert account(library, member).outstanding == 15_000
    assert codes(void_receipt(library, 1, "دوباره", act(library))) == ["receipt.voided_already"]
    assert paid(library, member, 15_000).receipt == 2
    assert check_library(library).broken == ()


def test_a_receipt_of_yesterday_stays(library: Library, member: AMember) -> None:
    owe(library, member, 10_000)
    paid(library, member, 10_000)
    pass_days(library, 1)
    assert codes(void_receipt(library, 1, "اشتباه", act(library))) == ["receipt.not_today"]


def test_after_the_drawer_was_counted_its_receipts_stay(library: Library, member: AMember) -> None:
    owe(library, member, 10_000)
    open_cash(library, 0, act(library))
    paid(library, member, 10_000)
    close_cash(library, 10_000, act(library))
    assert codes(void_receipt(library, 1, "اشتباه", act(library))) == ["cash.closed"]


def test_a_payment_whose_money_went_back_stays(library: Library, member: AMember) -> None:
    debt = owe(library, member, 10_000)
    paid(library, member, 10_000)
    voided(library, debt)
    given_back(library, member, 10_000)
    assert codes(void_receipt(library, 1, "اشتباه", act(library))) == ["receipt.used"]
    assert isinstance(void_receipt(library, 2, "نگرفت", act(library)), ReceiptVoided)
    assert account(library, member).refundable == 10_000
    assert isinstance(void_receipt(library, 1, "اشتباه", act(library)), ReceiptVoided)
    assert account(library, member).balance == 0


def test_a_payment_that_ended_a_loan_stays(library: Library, member: AMember, copy: ACopy) -> None:
    loan = lend(library, member, copy).loan_id
    change(library, Loan, loan, lost_on=act(library).day)
    owe(library, member, 80_000, LedgerKind.LOST_ITEM, item=copy.barcode)
    paid(library, member, 80_000)
    assert codes(void_receipt(library, 1, "اشتباه", act(library))) == ["receipt.closed_loan"]


def test_there_is_no_such_receipt(library: Library) -> None:
    assert isinstance(void_receipt(library, 7, "اشتباه", act(library)), NotFound)


# Giving back


def test_money_goes_back_with_a_receipt_below_zero(library: Library, member: AMember) -> None:
    debt = owe(library, member, 10_000)
    paid(library, member, 10_000)
    voided(library, debt)
    outcome = given_back(library, member, 6_000)
    assert (outcome.receipt, outcome.amount, outcome.balance) == (2, 6_000, -4_000)
    assert [receipt.amount for receipt in sorted(rows(library, Receipt), key=lambda one: one.number)] == [
        10_000,
        -6_000,
    ]
    assert codes(refund(library, Refund(member.card, 4_001, "بس"), act(library))) == ["refund.above_credit"]
    assert given_back(library, member, 4_000).balance == 0


def test_what_was_paid_for_a_mistake_goes_back_though_something_else_is_owed(library: Library, member: AMember) -> None:
    mistake = owe(library, member, 10_000)
    paid(library, member, 10_000)
    owe(library, member, 3_000)
    voided(library, mistake)
    assert account(library, member).outstanding == 0
    assert given_back(library, member, 10_000).balance == 3_000
    assert account(library, member).outstanding == 3_000


def test_nothing_goes_back_that_was_paid_for_a_debt_that_stands(library: Library, member: AMember) -> None:
    owe(library, member, 10_000)
    paid(library, member, 10_000)
    assert codes(refund(library, Refund(member.card, 1, "پس بده"), act(library))) == ["refund.above_credit"]
