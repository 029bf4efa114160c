"""Amnesty campaigns."""

import datetime as dt
from typing import Any

import pytest

from app.accounts.amnesty import AmnestyForm, all_campaigns, campaign_with, declare_amnesty, end_amnesty, forgive_open
from app.accounts.amnesty_report import amnesty_report
from app.accounts.outcomes import AmnestyDeclared, AmnestyEnded
from app.check import check_library
from app.ledger.amnesty import Scope
from app.library import Library
from app.nightly.service import NightsRun, run_due_nights
from app.outcome import NotFound
from app.undo import Undone, undo_last
from db.codes import LedgerKind, Role
from db.models.circulation import Amnesty, LedgerLine
from tests.app.accounts.money import account, codes, owe, paid
from tests.library import TODAY, ACopy, AMember, act, add_copy, add_member, lend, pass_days, put_policy, rows, take_back

FINE = {"loan_days": 14, "fine_per_day": 1_000}


def days(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


def declared(library: Library, since: int = 0, until: int = 30, **scope: Any) -> AmnestyDeclared:
    form = AmnestyForm("هفتهٔ کتاب", days(since), days(until), Scope(**scope))
    outcome = declare_amnesty(library, form, act(library))
    assert isinstance(outcome, AmnestyDeclared), outcome
    return outcome


def test_a_book_brought_back_within_the_dates_costs_nothing(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, FINE)
    campaign = declared(library, 0, 20)
    lend(library, member, copy)
    pass_days(library, 16)
    back = take_back(library, copy)
    assert (back.fine, back.forgiven) == (2_000, 2_000)
    assert account(library, member).balance == 0
    (line,) = rows(library, LedgerLine, kind=LedgerKind.AMNESTY)
    (fine,) = rows(library, LedgerLine, kind=LedgerKind.FINE)
    assert (line.amount, line.settles, line.amnesty_id) == (-2_000, fine.id, campaign.campaign_id)


@pytest.mark.parametrize(("returned", "forgiven"), [(15, 0), (16, 2_000), (18, 4_000), (20, 0)])
def test_only_within_the_dates(library: Library, member: AMember, copy: ACopy, returned: int, forgiven: int) -> None:
    put_policy(library, FINE)
    lend(library, member, copy)
    declared(library, 16, 18)
    pass_days(library, returned)
    assert take_back(library, copy).forgiven == forgiven


def test_the_day_of_a_return_dated_back_decides(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, FINE)
    lend(library, member, copy)
    declared(library, 15, 16)
    pass_days(library, 22)
    assert take_back(library, copy, in_on=days(16)).forgiven == 2_000


@pytest.mark.parametrize(
    ("scope", "forgiven"),
    [
        ({}, 4_000),
        ({"percent": 50}, 2_000),
        ({"percent": 33}, 1_320),
        ({"max_amount": 1_500}, 1_500),
        ({"percent": 50, "max_amount": 9_000}, 2_000),
        ({"categories": frozenset({"child"})}, 0),
        ({"categories": frozenset({"child", "ordinary"})}, 4_000),
        ({"kinds": frozenset({LedgerKind.DAMAGE})}, 0),
    ],
)
def test_the_scope_decides_what_is_forgiven(
    library: Library, member: AMember, copy: ACopy, scope: dict[str, Any], forgiven: int
) -> None:
    put_policy(library, FINE)
    declared(library, **scope)
    lend(library, member, copy)
    pass_days(library, 18)
    assert take_back(library, copy).forgiven == forgiven
    assert account(library, member).outstanding == 4_000 - forgiven


def test_debts_of_books_that_are_back_are_forgiven_when_the_scope_says_so(library: Library, member: AMember) -> None:
    put_policy(library, FINE)
    back, out = add_copy(library), add_copy(library)
    lend(library, member, back)
    lend(library, member, out)
    pass_days(library, 16)
    take_back(library, back)
    outcome = declared(library, 16, 30, only_returned=False, percent=50)
    assert outcome.forgiven == 1_000
    assert account(library, member).outstanding == 1_000
    assert forgive_open(library, act(library)) == 0  # once, not half of what is left each night
    pass_days(library, 1)
    assert take_back(library, out).forgiven == 1_500


def test_a_campaign_that_begins_later_forgives_in_the_night_of_its_first_day(library: Library, member: AMember) -> None:
    owe(library, member, 5_000)
    assert declared(library, 2, 9, only_returned=False, kinds=frozenset({LedgerKind.DAMAGE})).forgiven == 0
    assert forgive_open(library, act(library)) == 0
    pass_days(library, 2)
    assert forgive_open(library, act(library, doubtful=True)) == 0
    assert forgive_open(library, act(library)) == 5_000
    assert account(library, member).balance == 0


def test_what_was_paid_is_not_forgiven(library: Library, member: AMember) -> None:
    owe(library, member, 5_000)
    paid(library, member, 4_000)
    assert declared(library, only_returned=False, kinds=frozenset({LedgerKind.DAMAGE})).forgiven == 1_000


def test_undoing_a_return_takes_the_forgiveness_back_too(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, FINE)
    declared(library)
    lend(library, member, copy)
    pass_days(library, 16)
    take_back(library, copy)
    assert isinstance(undo_last(library, act(library)), Undone)
    assert (account(library, member).balance, account(library, member).debts) == (0, ())
    assert take_back(library, copy).forgiven == 2_000
    assert check_library(library).broken == ()


def test_no_two_campaigns_have_a_debt_in_common(library: Library) -> None:
    declared(library, 0, 10, categories=frozenset({"child"}))
    again = AmnestyForm("دوباره", days(10), days(20), Scope(categories=frozenset({"child", "free"})))
    assert codes(declare_amnesty(library, again, act(library))) == ["amnesty.overlap"]
    for scope in (Scope(), Scope(kinds=frozenset({LedgerKind.FINE, LedgerKind.DAMAGE}))):
        assert codes(declare_amnesty(library, AmnestyForm("همه", days(3), days(4), scope), act(library))) == [
            "amnesty.overlap"
        ]
    declared(library, 11, 20, categories=frozenset({"child"}))
    declared(library, 0, 10, categories=frozenset({"free"}))
    declared(library, 0, 10, kinds=frozenset({LedgerKind.DAMAGE}))
    assert len(rows(library, Amnesty)) == 4


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (AmnestyForm(" ", days(0), days(1)), "field.required"),
        (AmnestyForm("طرح", days(2), days(1)), "amnesty.dates"),
        (AmnestyForm("طرح", days(-9), days(-1)), "amnesty.dates"),
        (AmnestyForm("طرح", days(0), days(367)), "amnesty.dates"),
        (AmnestyForm("طرح", days(0), days(1), Scope(percent=0)), "amnesty.percent"),
        (AmnestyForm("طرح", days(0), days(1), Scope(percent=101)), "amnesty.percent"),
        (AmnestyForm("طرح", days(0), days(1), Scope(max_amount=0)), "money.amount"),
        (AmnestyForm("طرح", days(0), days(1), Scope(kinds=frozenset())), "amnesty.scope"),
        (AmnestyForm("طرح", days(0), days(1), Scope(kinds=frozenset({LedgerKind.PAYMENT}))), "amnesty.scope"),
        (AmnestyForm("طرح", days(0), days(1), Scope(categories=frozenset({"aliens"}))), "amnesty.scope"),
    ],
)
def test_a_campaign_that_makes_no_sense_is_refused(library: Library, form: AmnestyForm, code: str) -> None:
    assert codes(declare_amnesty(library, form, act(library))) == [code]
    assert rows(library, Amnesty) == []


def test_who_may_not_declare_may_not_end(library: Library) -> None:
    form = AmnestyForm("طرح", days(0), days(1))
    assert codes(declare_amnesty(library, form, act(library, Role.LIBRARIAN))) == ["role.not_allowed"]
    campaign = declared(library).campaign_id
    assert codes(end_amnesty(library, campaign, act(library, Role.LIBRARIAN))) == ["role.not_allowed"]


def test_a_campaign_that_is_ended_holds_no_longer(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, FINE)
    campaign = declared(library).campaign_id
    lend(library, member, copy)
    pass_days(library, 16)
    assert end_amnesty(library, campaign, act(library)) == AmnestyEnded(campaign, days(15))
    assert end_amnesty(library, campaign, act(library)) == AmnestyEnded(campaign, days(15))
    assert take_back(library, copy).forgiven == 0
    assert isinstance(end_amnesty(library, act(library).staff_id, act(library)), NotFound)  # type: ignore[arg-type]


def test_the_report_tells_what_came_back_and_what_was_forgiven(library: Library) -> None:
    put_policy(library, FINE)
    readers = [add_member(library) for _ in range(3)]
    copies = [add_copy(library) for _ in range(4)]
    for place, copy in enumerate(copies):
        lend(library, readers[place % 3], copy)
    owe(library, readers[2], 700)
    campaign = declared(library, 15, 30, only_returned=False, kinds=frozenset({LedgerKind.FINE, LedgerKind.DAMAGE}))
    pass_days(library, 15)
    assert forgive_open(library, act(library)) == 700
    for copy in copies[:2]:
        take_back(library, copy)
    pass_days(library, 2)
    take_back(library, copies[3])
    with library.store.read() as reader:
        found = campaign_with(reader, campaign.campaign_id)
        assert found is not None
        report = amnesty_report(reader, found)
        assert all_campaigns(reader) == [found]
    assert [(day.day, day.books, day.loans, day.members, day.rials) for day in report.days] == [
        (days(15), 2, 2, 2, 2_000), (days(17), 1, 1, 1, 3_000),
    ]  # fmt: skip
    assert (report.loans, report.members, report.rials, report.elsewhere) == (3, 3, 5_700, 700)
    assert report.books[0].title.startswith("کتاب شمارهٔ")


def test_the_nightly_work_forgives_what_begins_that_day(library: Library, member: AMember) -> None:
    owe(library, member, 5_000)
    run_due_nights(library, act(library))
    declared(library, 1, 9, only_returned=False, kinds=frozenset({LedgerKind.DAMAGE}))
    pass_days(library, 2)
    outcome = run_due_nights(library, act(library))
    assert isinstance(outcome, NightsRun)
    assert [night.done.get("forgiven") for night in outcome.nights] == [None, 5_000]
    assert account(library, member).balance == 0
