"""«I returned it»: the claim stops the fine, the search ends it."""

import datetime as dt
from typing import Any

import pytest

from app.check import check_library
from app.circulation.lateness import accrue_fines
from app.circulation.lost.claims import ClaimClosing, ClaimEnd, ClaimRequest, claim_returned, close_claim
from app.circulation.lost.facts import AlreadySo, Claimed, ClaimKept, Declared, Found, LossRefused
from app.circulation.lost.queries import CaseKind, loss_cases
from app.library import Library
from app.outcome import NotFound
from app.undo import Undone, undo_last
from db.codes import ItemStatus, LoanEnd
from tests.app.circulation.lost.cases import FEE, PRICE, balance, lose, policy, status, the_loan
from tests.library import TODAY, ACopy, AMember, act, add_copy, add_member, lend, pass_days, take_back


@pytest.fixture
def late(library: Library, member: AMember) -> ACopy:
    """A copy five open days late."""
    policy(library)
    copy = add_copy(library, price=PRICE)
    lend(library, member, copy)
    pass_days(library, 20)
    return copy


def claim(library: Library, copy: ACopy, **fields: Any) -> object:
    return claim_returned(library, ClaimRequest(copy.barcode, **fields), act(library))


def close(library: Library, copy: ACopy, end: ClaimEnd, **fields: Any) -> object:
    return close_claim(library, ClaimClosing(copy.barcode, end, **fields), act(library))


def codes(outcome: object) -> list[str]:
    assert isinstance(outcome, LossRefused), outcome
    return [refusal.code for refusal in outcome.refusals]


def test_nothing_becomes_late_after_the_claimed_day(library: Library, member: AMember, late: ACopy) -> None:
    claimed = claim(library, late)
    assert isinstance(claimed, Claimed)
    assert claimed.claims == 1
    pass_days(library, 40)
    accrue_fines(library, act(library))
    assert balance(library, member) == 2_500
    assert take_back(library, late).fine == 2_500
    assert check_library(library).broken == ()


def test_the_claimed_day_may_be_earlier(library: Library, member: AMember, late: ACopy) -> None:
    accrue_fines(library, act(library))
    assert isinstance(claim(library, late, on=TODAY + dt.timedelta(days=14)), Claimed)
    outcome = close(library, late, ClaimEnd.FOUND)
    assert isinstance(outcome, Found)
    assert (outcome.days_late, balance(library, member)) == (0, 0)
    assert the_loan(library, late).effective_in_on == TODAY + dt.timedelta(days=14)


@pytest.mark.parametrize("on", [TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=21)])
def test_the_day_lies_within_the_loan(on: dt.date, library: Library, late: ACopy) -> None:
    assert codes(claim(library, late, on=on)) == ["field.invalid"]


def test_found_closes_the_loan_as_a_return(library: Library, late: ACopy) -> None:
    claim(library, late)
    assert isinstance(close(library, late, ClaimEnd.FOUND), Found)
    assert the_loan(library, late).ended_as is LoanEnd.RETURNED
    assert status(library, late) is ItemStatus.AVAILABLE


def test_lost_charges_the_reader(library: Library, member: AMember, late: ACopy) -> None:
    claim(library, late)
    pass_days(library, 10)
    assert isinstance(close(library, late, ClaimEnd.LOST), Declared)
    assert balance(library, member) == PRICE + FEE + 2_500
    assert status(library, late) is ItemStatus.LOST


def test_kept_lets_the_fine_run_from_the_due_day(library: Library, member: AMember, late: ACopy) -> None:
    claim(library, late)
    pass_days(library, 7)
    assert isinstance(close(library, late, ClaimEnd.KEPT), ClaimKept)
    assert the_loan(library, late).claimed_returned_on is None
    assert take_back(library, late).fine == 5_500  # eleven open days
    assert balance(library, member) == 5_500


def test_lost_without_a_price_asks(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    claim(library, copy)
    assert codes(close(library, copy, ClaimEnd.LOST)) == ["price.unknown"]
    assert isinstance(close(library, copy, ClaimEnd.LOST, charge=20_000), Declared)


def test_no_claim_nothing_to_close(library: Library, late: ACopy) -> None:
    assert codes(close(library, late, ClaimEnd.FOUND)) == ["claim.none"]


def test_a_claim_on_what_is_not_in_hand(library: Library, member: AMember, late: ACopy) -> None:
    other = add_member(library)
    assert codes(claim(library, late, member=other.card)) == ["item.not_on_loan"]
    assert isinstance(claim(library, late, member=member.card), Claimed)
    assert codes(claim(library, add_copy(library))) == ["item.not_on_loan"]
    assert isinstance(claim(library, late, member="nobody"), NotFound)


def test_a_claim_twice_is_one(library: Library, late: ACopy) -> None:
    claim(library, late)
    assert isinstance(claim(library, late), AlreadySo)


def test_a_lost_copy_is_not_claimed(library: Library, late: ACopy) -> None:
    lose(library, late)
    assert codes(claim(library, late)) == ["item.lost_already"]


def test_ctrl_z_takes_the_claim_back(library: Library, late: ACopy) -> None:
    claim(library, late)
    assert isinstance(undo_last(library, act(library)), Undone)
    assert the_loan(library, late).claimed_returned_on is None


def test_the_list_says_how_often_a_reader_has_claimed(library: Library, member: AMember, late: ACopy) -> None:
    other = add_copy(library, price=PRICE)
    lend(library, member, other)
    claim(library, late)
    claim(library, other)
    with library.store.read() as reader:
        cases = loss_cases(reader, act(library).day, CaseKind.CLAIMED)
    assert [(case.claims, case.member_no) for case in cases] == [(2, member.number)] * 2
