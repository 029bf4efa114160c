"""What a find gives back, in every state of the debt, proven against the sum of the ledger.

Each row: what had become of the price (90,000), what the reader owed or was owed before the find, and after it. The fee
for preparing a copy (10,000) goes the way of the price; the fine for lateness (2,500, five days) always stays.
"""

from dataclasses import dataclass

import pytest

from app.check import check_library
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.lost.facts import Found, Replaced
from app.circulation.lost.finding import find_again
from app.circulation.lost.replacing import ReplaceRequest, replace_in_kind
from app.circulation.outcomes import CheckedIn, LocalUse
from app.library import Library
from app.refusal import Answer
from db.codes import ItemStatus, LedgerKind, LoanEnd
from tests.app.circulation.lost.cases import (
    FEE,
    PRICE,
    balance,
    credit,
    lose,
    policy,
    refundable,
    status,
    the_loan,
)
from tests.library import ACopy, AMember, act, add_copy, add_member, lend, pass_days

FINE = 5 * 500
PAID, WAIVED = LedgerKind.PAYMENT, LedgerKind.WAIVER
OF_PRICE, OF_FEE = LedgerKind.LOST_ITEM, LedgerKind.PROCESSING_FEE


@dataclass(frozen=True)
class Row:
    """A row of the matrix: credits before the find, whether the policy refunds, the balance after, what is credit."""

    source: str
    credits: tuple[tuple[LedgerKind, int, LedgerKind], ...]
    after: int
    credit: int
    cancelled: int
    refunds: bool = True
    ends_as: LoanEnd = LoanEnd.RETURNED


KOHA, POLICY, ONCE = "n §4 found after lost: credit line", "p refund_when_found", "n 3.5 Koha bug 22877"
MATRIX = [
    Row(f"{KOHA}: unpaid lines are voided", (), FINE, 0, PRICE + FEE),
    Row(f"{KOHA}: part paid", ((PAID, 30_000, OF_PRICE),), FINE - 30_000, 30_000, 60_000 + FEE),
    Row(f"{KOHA}: paid", ((PAID, PRICE, OF_PRICE),), FINE - PRICE, PRICE, FEE, ends_as=LoanEnd.PAID),
    Row(
        f"{KOHA}: price and fee paid",
        ((PAID, PRICE, OF_PRICE), (PAID, FEE, OF_FEE)),
        FINE - PRICE - FEE,
        PRICE + FEE,
        0,
        ends_as=LoanEnd.PAID,
    ),
    Row("waived is not money", ((WAIVED, PRICE, OF_PRICE),), FINE, 0, FEE, ends_as=LoanEnd.PAID),
    Row("half waived, unpaid", ((WAIVED, 40_000, OF_PRICE),), FINE, 0, 50_000 + FEE),
    Row(
        "half waived, half paid",
        ((WAIVED, 40_000, OF_PRICE), (PAID, 50_000, OF_PRICE)),
        FINE - 50_000,
        50_000,
        FEE,
        ends_as=LoanEnd.PAID,
    ),
    Row("fee waived", ((WAIVED, FEE, OF_FEE),), FINE, 0, PRICE),
    Row("fee paid only", ((PAID, FEE, OF_FEE),), FINE - FEE, FEE, PRICE),
    Row(f"{POLICY}=no: unpaid stays owed", (), PRICE + FEE + FINE, 0, 0, refunds=False),
    Row(f"{POLICY}=no: part paid", ((PAID, 30_000, OF_PRICE),), 60_000 + FEE + FINE, 0, 0, refunds=False),
    Row(f"{POLICY}=no: paid", ((PAID, PRICE, OF_PRICE),), FEE + FINE, 0, 0, refunds=False, ends_as=LoanEnd.PAID),
    Row(f"{ONCE}: the fine was paid", ((PAID, FINE, LedgerKind.FINE),), 0, 0, PRICE + FEE),
]


@pytest.fixture
def lost(library: Library) -> tuple[AMember, ACopy]:
    """A copy whose reader lost it five days after it was due."""
    member, copy = add_member(library), add_copy(library, price=PRICE)
    return member, copy


def arrange(library: Library, lost: tuple[AMember, ACopy], row: Row) -> tuple[AMember, ACopy]:
    member, copy = lost
    policy(library, refund_when_found=row.refunds)
    lend(library, member, copy)
    pass_days(library, 20)  # five open days late
    assert lose(library, copy).fine == FINE
    for kind, amount, of in row.credits:
        credit(library, member, kind, amount, of)
    pass_days(library, 30)
    return member, copy


def proven(library: Library, member: AMember, copy: ACopy, row: Row) -> None:
    assert balance(library, member) == row.after
    assert status(library, copy) is ItemStatus.AVAILABLE
    assert the_loan(library, copy).ended_as is row.ends_as
    assert check_library(library).broken == ()


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.source)
def test_a_find_on_the_shelf_gives_back(library: Library, lost: tuple[AMember, ACopy], row: Row) -> None:
    member, copy = arrange(library, lost, row)
    found = find_again(library, copy.barcode, act(library))
    assert isinstance(found, Found), found
    assert (found.refund.cancelled, found.refund.credit) == (row.cancelled, row.credit)
    proven(library, member, copy, row)


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.source)
def test_a_find_at_the_return_desk_gives_back_the_same(library: Library, lost: tuple[AMember, ACopy], row: Row) -> None:
    member, copy = arrange(library, lost, row)
    back = check_in(library, CheckinRequest(copy.barcode), act(library))
    assert isinstance(back, CheckedIn | LocalUse), back
    proven(library, member, copy, row)


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.source)
def test_a_second_find_gives_nothing(library: Library, lost: tuple[AMember, ACopy], row: Row) -> None:
    member, copy = arrange(library, lost, row)
    for _ in range(2):
        find_again(library, copy.barcode, act(library))
    proven(library, member, copy, row)


def test_what_was_paid_can_be_paid_out(library: Library, lost: tuple[AMember, ACopy]) -> None:
    paid = next(row for row in MATRIX if row.credit == PRICE)
    member, copy = arrange(library, lost, paid)
    credit(library, member, PAID, FINE, LedgerKind.FINE)
    find_again(library, copy.barcode, act(library))
    assert (balance(library, member), refundable(library, member)) == (-PRICE, PRICE)


def test_after_settling_in_kind_nothing_is_refunded(library: Library, lost: tuple[AMember, ACopy]) -> None:
    member, copy = arrange(library, lost, MATRIX[0])
    assert isinstance(replace_in_kind(library, ReplaceRequest(copy.barcode), act(library)), Replaced)
    before = balance(library, member)
    assert before == FEE + FINE
    answer = Answer(confirm=frozenset({"item.was_replaced"}))
    assert isinstance(find_again(library, copy.barcode, act(library), answer), Found)
    assert balance(library, member) == before
    assert status(library, copy) is ItemStatus.AVAILABLE
    assert the_loan(library, copy).ended_as is LoanEnd.REPLACED
    assert check_library(library).broken == ()


def test_the_fine_runs_to_the_loss_and_not_to_the_find(library: Library, lost: tuple[AMember, ACopy]) -> None:
    member, copy = arrange(library, lost, MATRIX[0])
    found = find_again(library, copy.barcode, act(library))
    assert isinstance(found, Found)
    assert (found.days_late, found.fine) == (5, FINE)
    assert balance(library, member) == FINE
