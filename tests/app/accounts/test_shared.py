"""Two desks at one PostgreSQL: receipts count without a gap, each desk has its drawer, and every read works there."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.accounts.amnesty import AmnestyForm, campaign_with, declare_amnesty
from app.accounts.amnesty_report import amnesty_report
from app.accounts.cash import close_cash, open_cash
from app.accounts.day import day_report
from app.accounts.outcomes import AmnestyDeclared, CashClosed
from app.accounts.queries import account_with, receipt_view
from app.accounts.voiding import void_receipt
from app.accounts.waivers import Waiver, waive
from app.check import check_library
from app.ledger.amnesty import Scope
from app.library import Library
from db.codes import LedgerKind
from tests import shared
from tests.app.accounts.money import account, beside, colleague, owe, paid
from tests.library import act, add_copy, add_member, clock, lend, put_policy, take_back


@pytest.fixture
def desks() -> Iterator[tuple[Library, Library]]:
    with shared.desks() as (first, second):
        yield first, second


def test_money_at_two_desks_of_one_server(desks: tuple[Library, Library]) -> None:
    one, two = desks
    put_policy(one, {"loan_days": 1, "fine_per_day": 1_000})
    two.forget_rules()
    member, copy = add_member(one), add_copy(one)
    lend(one, member, copy)
    open_cash(one, 1_000, act(one))
    open_cash(two, 2_000, act(two, desk=2))
    owe(one, member, 600_000)
    assert [paid(one, member, 1_000).receipt, paid(two, member, 2_000).receipt] == [1, 2]
    void_receipt(two, 2, "اشتباه", act(two, desk=2))
    waive(two, Waiver(member.card, "نیازمند", second=beside(colleague(one))), act(two, desk=2))
    day = act(one).day
    form = AmnestyForm("طرح", day, day + timedelta(9), Scope(kinds=frozenset({LedgerKind.FINE, LedgerKind.CARD_FEE})))
    declared = declare_amnesty(one, form, act(one))
    assert isinstance(declared, AmnestyDeclared)
    for library in desks:
        clock(library).advance(days=3)
    assert take_back(two, copy).forgiven == 2_000
    closed = close_cash(one, 2_000, act(one))
    assert isinstance(closed, CashClosed)
    assert (closed.expected, closed.difference) == (2_000, 0)
    with two.store.read() as reader:
        campaign = campaign_with(reader, declared.campaign_id)
        assert campaign is not None
        assert amnesty_report(reader, campaign).rials == 2_000
        found, shown, receipt = day_report(reader, day), account_with(reader, member.id), receipt_view(reader, 2)
    assert (found.taken, [row.void for row in found.receipts]) == (1_000, [False, True])
    assert shown is not None
    assert receipt is not None
    assert receipt.void
    assert shown.outstanding == account(one, member).outstanding == 0
    assert check_library(two).broken == ()
