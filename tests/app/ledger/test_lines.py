"""Reading a ledger from its lines."""

import datetime as dt
import uuid
from typing import Any

import pytest

from app.ledger.lines import Ledger, Line
from db.codes import LedgerKind

DAY = dt.date(2026, 11, 21)
NOBODY = uuid.UUID(int=99)
FINE, PAYMENT, VOID, WAIVER, REFUND = (
    LedgerKind.FINE, LedgerKind.PAYMENT, LedgerKind.VOID, LedgerKind.WAIVER, LedgerKind.REFUND,
)  # fmt: skip


def uid(number: int) -> uuid.UUID:
    return uuid.UUID(int=number)


def line(number: int, kind: LedgerKind, amount: int, **more: Any) -> Line:
    """A line made in the second of its number."""
    given: dict[str, Any] = dict.fromkeys(
        ("loan_id", "method", "reference", "due_on", "opposes", "settles", "receipt_id", "amnesty_id",
         "cash_session_id", "reason", "approved_by")
    )  # fmt: skip
    at = dt.datetime(2026, 11, 21, 9, 0, number, tzinfo=dt.UTC)
    own: dict[str, Any] = {"id": uid(number), "member_id": NOBODY, "kind": kind, "amount": amount, "at": at, "day": DAY}
    return Line(**(own | given | {"staff_id": NOBODY} | more))


def void_of(number: int, other: Line) -> Line:
    return line(number, VOID, -other.amount, opposes=other.id)


def test_a_debt_is_what_is_left_after_its_credits() -> None:
    fine = line(1, FINE, 100)
    ledger = Ledger([line(3, WAIVER, -20, settles=fine.id), fine, line(2, PAYMENT, -30, settles=fine.id)])
    (debt,) = ledger.debts
    assert (debt.outstanding, debt.paid, debt.forgiven, ledger.balance) == (50, 30, 20, 50)


@pytest.mark.parametrize(("opposites", "counts"), [(0, True), (1, False), (2, True), (3, False)])
def test_a_line_counts_while_an_even_number_of_opposites_stands_on_it(opposites: int, counts: bool) -> None:
    lines = [line(1, FINE, 100)]
    for number in range(opposites):
        lines.append(void_of(number + 2, lines[-1]))
    ledger = Ledger(lines)
    assert ledger.counts(lines[0]) is counts
    assert ledger.last_of(lines[0]) is lines[-1]
    assert ledger.balance == (100 if counts else 0)


def test_what_was_paid_for_a_debt_taken_back_covers_the_oldest_of_the_others() -> None:
    gone, old, new = line(1, FINE, 100), line(2, FINE, 50), line(3, FINE, 80)
    ledger = Ledger([gone, old, new, line(4, PAYMENT, -100, settles=gone.id), void_of(5, gone)])
    assert ledger.held == 100
    assert [(debt.unsettled, debt.outstanding) for debt in ledger.debts] == [(50, 0), (80, 30)]
    assert (ledger.outstanding, ledger.balance, ledger.refundable) == (30, 30, 100)


def test_what_was_given_back_covers_nothing() -> None:
    gone = line(1, FINE, 100)
    ledger = Ledger([gone, line(2, PAYMENT, -100, settles=gone.id), void_of(3, gone), line(4, REFUND, 70)])
    assert (ledger.held, ledger.refundable, ledger.balance) == (30, 30, -30)


def test_a_credit_for_no_debt_is_given_back_only_beyond_the_debts() -> None:
    ledger = Ledger([line(1, FINE, 100), line(2, PAYMENT, -130)])
    assert (ledger.outstanding, ledger.refundable) == (0, 30)


def test_a_debt_settled_in_kind_after_a_payment_holds_what_was_paid() -> None:
    lost, other = line(1, LedgerKind.LOST_ITEM, 100), line(3, FINE, 10)
    kind = line(4, PAYMENT, -100, settles=lost.id)
    ledger = Ledger([lost, line(2, PAYMENT, -30, settles=lost.id), other, kind])
    assert (ledger.held, [debt.outstanding for debt in ledger.debts], ledger.refundable) == (30, [0, 0], 30)


@pytest.mark.parametrize(
    ("amount", "only", "shares"),
    [
        (0, (), []),
        (-5, (), []),
        (40, (), [(1, 40)]),
        (100, (), [(1, 100)]),
        (120, (), [(1, 100), (2, 20)]),
        (999, (), [(1, 100), (2, 50)]),
        (30, (2,), [(2, 30)]),
        (999, (2,), [(2, 50)]),
    ],
)
def test_an_amount_goes_to_the_oldest_debts_or_to_those_named(
    amount: int, only: tuple[int, ...], shares: list[tuple[int, int]]
) -> None:
    ledger = Ledger([line(2, FINE, 50), line(1, FINE, 100)])
    found = ledger.shares(amount, [uid(number) for number in only])
    assert [(share.debt.line.id.int, share.amount) for share in found] == shares


def test_a_loan_is_settled_when_none_of_its_lines_of_the_kind_is_open() -> None:
    lost = LedgerKind.LOST_ITEM
    loan, other = uid(7), uid(8)
    ledger = Ledger(
        [
            line(1, lost, 100, loan_id=loan),
            line(2, lost, 20, loan_id=loan),
            line(3, FINE, 5, loan_id=other),
            line(4, lost, 9, loan_id=other),
        ]
    )
    assert ledger.loans_settled_by(ledger.shares(100), lost) == ()
    assert ledger.loans_settled_by(ledger.shares(120), lost) == (loan,)
    assert set(ledger.loans_settled_by(ledger.shares(134), lost)) == {loan, other}
    assert ledger.loans_settled_by(ledger.shares(5, [uid(3)]), lost) == ()
