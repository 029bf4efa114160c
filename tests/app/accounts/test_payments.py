"""Taking money."""

from typing import Any

import pytest

from app.accounts.outcomes import AlreadyPaid, Paid
from app.accounts.payments import Payment, pay
from app.check import check_library
from app.library import Library
from app.outcome import NotFound, Sought
from db.codes import LedgerKind, LoanEnd, PaymentMethod
from db.models.circulation import LedgerLine, Loan, Receipt
from db.models.sync import JournalEntry
from tests.app.accounts.money import account, codes, owe, paid
from tests.library import ACopy, AMember, act, add_member, change, lend, put_policy, row, rows


def test_money_settles_the_oldest_debts_first_and_gives_a_receipt(library: Library, member: AMember) -> None:
    first, second = owe(library, member, 10_000), owe(library, member, 5_000, LedgerKind.CARD_FEE)
    outcome = paid(library, member, 12_000)
    assert (outcome.receipt, outcome.amount, outcome.balance) == (1, 12_000, 3_000)
    assert [(line.line_id, line.amount) for line in outcome.lines] == [(first, 10_000), (second, 2_000)]
    (receipt,) = rows(library, Receipt)
    assert (receipt.number, receipt.amount, receipt.method, receipt.member_id) == (
        1, 12_000, PaymentMethod.CASH, member.id,
    )  # fmt: skip
    lines = rows(library, LedgerLine, kind=LedgerKind.PAYMENT)
    assert {(line.settles, line.amount, line.receipt_id) for line in lines} == {
        (first, -10_000, receipt.id), (second, -2_000, receipt.id),
    }  # fmt: skip
    assert rows(library, JournalEntry)[-1].kind == "payment.taken"


def test_money_for_named_lines_leaves_the_older_ones_alone(library: Library, member: AMember) -> None:
    owe(library, member, 10_000)
    named = owe(library, member, 5_000)
    assert [line.line_id for line in paid(library, member, 5_000, lines=(named,)).lines] == [named]
    assert [debt.outstanding for debt in account(library, member).open_debts] == [10_000]


def test_a_debt_is_paid_in_parts(library: Library, member: AMember) -> None:
    owe(library, member, 10_000)
    paid(library, member, 4_000)
    paid(library, member, 1_000)
    assert account(library, member).outstanding == 5_000
    assert paid(library, member, 5_000).balance == 0


def test_receipts_count_without_a_gap_and_a_refused_payment_takes_no_number(library: Library, member: AMember) -> None:
    owe(library, member, 10_000)
    numbers = [paid(library, member, 1_000).receipt]
    assert codes(pay(library, Payment(member.card, 99_000), act(library))) == ["payment.above_debt"]
    numbers += [paid(library, member, 1_000).receipt for _ in range(2)]
    assert numbers == [1, 2, 3]
    assert check_library(library).broken == ()


@pytest.mark.parametrize("method", [PaymentMethod.WALLET, PaymentMethod.CARD_TERMINAL, PaymentMethod.GRANT])
def test_a_way_without_coins_is_kept_with_its_reference(
    library: Library, member: AMember, method: PaymentMethod
) -> None:
    """000 §3-1-2: fines are paid through the e-wallet; those of teachers may be taken from their grant."""
    owe(library, member, 10_000)
    paid(library, member, 10_000, method=method, reference=" ۱۲۳۴۵ ")
    (line,) = rows(library, LedgerLine, kind=LedgerKind.PAYMENT)
    assert (line.method, line.reference, line.cash_session_id) == (method, "۱۲۳۴۵", None)


def test_the_fine_of_a_teacher_is_taken_from_the_grant_where_the_policy_says_so(library: Library) -> None:
    """000 §3-1-2."""
    put_policy(library, {"loan_days": 14, "payment_methods": ["wallet"]},
               {"category": "free", "payment_methods": ["wallet", "grant"]})  # fmt: skip
    teacher, student = add_member(library, "free"), add_member(library)
    for reader in (teacher, student):
        owe(library, reader, 2_000)
    grant: dict[str, Any] = {"method": PaymentMethod.GRANT, "reference": "g-1"}
    assert paid(library, teacher, 2_000, **grant).balance == 0
    assert codes(pay(library, Payment(student.card, 2_000, **grant), act(library))) == ["payment.method"]


def test_the_same_reference_and_amount_again_is_the_same_payment(library: Library, member: AMember) -> None:
    """The answer was lost, the terminal has the money: nothing is paid twice."""
    owe(library, member, 10_000)
    once = paid(library, member, 4_000, method=PaymentMethod.CARD_TERMINAL, reference="771")
    again = pay(library, Payment(member.card, 4_000, PaymentMethod.CARD_TERMINAL, "771"), act(library))
    assert isinstance(again, AlreadyPaid)
    assert (again.receipt, again.balance) == (once.receipt, 6_000)
    assert len(rows(library, Receipt)) == 1
    other = pay(library, Payment(member.card, 2_000, PaymentMethod.CARD_TERMINAL, "772"), act(library))
    assert isinstance(other, Paid)


def test_money_beyond_the_debts_of_older_ledgers_is_held(library: Library, member: AMember) -> None:
    """A credit that names no debt covers the oldest, and what is left of them is all that can be paid."""
    owe(library, member, 10_000)
    with library.store.write() as tx:
        tx.insert(
            LedgerLine, member_id=member.id, kind=LedgerKind.PAYMENT, amount=-4_000, at=act(library).at,
            day=act(library).day, staff_id=act(library).staff_id,
        )  # fmt: skip
        tx.record("payment.taken", act(library))
    assert codes(pay(library, Payment(member.card, 6_001), act(library))) == ["payment.above_debt"]
    assert paid(library, member, 6_000).balance == 0
    assert account(library, member).open_debts == ()


def test_a_lost_copy_that_is_paid_for_is_off_the_card(library: Library, member: AMember, copy: ACopy) -> None:
    """000 §3-1-2: the reader pays for a lost copy that is not on the market."""
    loan = lend(library, member, copy).loan_id
    change(library, Loan, loan, lost_on=act(library).day)
    owe(library, member, 80_000, LedgerKind.LOST_ITEM, item=copy.barcode)
    owe(library, member, 5_000, LedgerKind.PROCESSING_FEE, item=copy.barcode)
    assert paid(library, member, 79_000).closed_loans == ()
    assert row(library, Loan, loan).ended_as is None
    assert paid(library, member, 1_000).closed_loans == (loan,)
    assert row(library, Loan, loan).ended_as is LoanEnd.PAID
    assert account(library, member).outstanding == 5_000


def test_nobody_has_this_card(library: Library) -> None:
    assert pay(library, Payment("M-9", 1), act(library)) == NotFound(Sought.MEMBER, "M-9")
