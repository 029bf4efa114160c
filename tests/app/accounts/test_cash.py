"""The cash drawer."""

import pytest

from app.accounts.cash import close_cash, expected_in, open_cash, open_drawer
from app.accounts.charges import Refund, refund
from app.accounts.outcomes import CashClosed, CashOpened
from app.accounts.voiding import VoidRequest, void_line, void_receipt
from app.library import Library
from app.refusal import Answer
from db.codes import PaymentMethod, Role
from db.models.library import CashSession
from tests.app.accounts.money import codes, owe, paid
from tests.library import AMember, act, rows


def opened(library: Library, amount: int = 50_000, desk: int = 1) -> CashOpened:
    outcome = open_cash(library, amount, act(library, desk=desk))
    assert isinstance(outcome, CashOpened), outcome
    return outcome


def expected(library: Library, desk: int = 1) -> int:
    with library.store.read() as reader:
        drawer = open_drawer(reader, desk)
        assert drawer is not None
        return expected_in(reader, drawer)


def test_what_must_be_in_the_drawer_is_what_came_in_less_what_went_back(library: Library, member: AMember) -> None:
    opened(library)
    debt = owe(library, member, 30_000)
    paid(library, member, 10_000)
    paid(library, member, 5_000, method=PaymentMethod.CARD_TERMINAL, reference="1")  # not in the drawer
    assert expected(library) == 60_000
    paid(library, member, 2_000)
    void_receipt(library, 3, "اشتباه", act(library))
    assert expected(library) == 60_000
    void_line(library, VoidRequest(debt, "اشتباه", answer=Answer(confirm=frozenset({"ledger.settled"}))), act(library))
    refund(library, Refund(member.card, 15_000, "اشتباه بود"), act(library))
    assert expected(library) == 45_000


def test_a_drawer_that_agrees_is_closed_without_a_word(library: Library, member: AMember) -> None:
    session = opened(library)
    owe(library, member, 10_000)
    paid(library, member, 10_000)
    outcome = close_cash(library, 60_000, act(library))
    assert outcome == CashClosed(session.session_id, 1, 60_000, 60_000)
    (row,) = rows(library, CashSession)
    assert (row.expected_amount, row.counted_amount, row.remark, row.closed_by) == (
        60_000, 60_000, None, act(library).staff_id,
    )  # fmt: skip


@pytest.mark.parametrize(("counted", "difference"), [(49_000, -1_000), (51_000, 1_000), (0, -50_000)])
def test_a_difference_is_told_and_wants_a_word(library: Library, counted: int, difference: int) -> None:
    opened(library)
    assert codes(close_cash(library, counted, act(library))) == ["cash.remark_required"]
    outcome = close_cash(library, counted, act(library), "سکه نبود")
    assert isinstance(outcome, CashClosed)
    assert outcome.difference == difference


def test_one_drawer_is_open_at_a_desk_and_each_desk_has_its_own(library: Library, member: AMember) -> None:
    opened(library)
    assert codes(open_cash(library, 0, act(library))) == ["cash.open_already"]
    other = opened(library, desk=2)
    assert other.number == 2
    owe(library, member, 10_000)
    paid(library, member, 10_000)  # at desk 1
    assert (expected(library), expected(library, desk=2)) == (60_000, 50_000)
    assert isinstance(close_cash(library, 60_000, act(library)), CashClosed)
    assert opened(library).number == 3


def test_money_taken_while_no_drawer_is_open_goes_over_none(library: Library, member: AMember) -> None:
    owe(library, member, 10_000)
    paid(library, member, 10_000)
    opened(library)
    assert expected(library) == 50_000
    assert codes(close_cash(library, 1, act(library, desk=9))) == ["cash.not_open"]


def test_amounts_below_zero_and_people_who_may_not_are_refused(library: Library) -> None:
    assert codes(open_cash(library, -1, act(library))) == ["money.amount"]
    assert codes(open_cash(library, 0, act(library, Role.TRAINEE))) == ["role.not_allowed"]
    opened(library)
    assert codes(close_cash(library, -1, act(library), "؟")) == ["money.amount"]
    assert codes(close_cash(library, 50_000, act(library, Role.ASSISTANT))) == ["role.not_allowed"]
