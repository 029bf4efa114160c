"""Loans that are very long overdue age to lost in the night, once."""

import datetime as dt

import pytest

from app.check import check_library
from app.circulation.lost import ageing
from app.circulation.lost.ageing import REASON, age_long_overdue
from app.circulation.lost.claims import ClaimRequest, claim_returned
from app.circulation.lost.facts import Aged
from app.library import Library
from db.codes import ItemStatus
from db.models.items import ItemStatusChange
from db.models.sync import JournalEntry
from tests.app.circulation.lost.cases import FEE, PRICE, balance, policy, status
from tests.library import AMember, act, add_copy, add_member, lend, pass_days, put_policy, rows


def age(library: Library) -> Aged:
    return age_long_overdue(library, act(library), act(library).day)


def test_the_day_after_the_limit_it_is_lost(library: Library, member: AMember) -> None:
    policy(library, long_overdue_days=30, skip_closed=False)
    copy = add_copy(library, price=PRICE)
    lend(library, member, copy)
    pass_days(library, 14 + 30)
    assert age(library) == Aged()
    pass_days(library, 1)
    assert age(library) == Aged(1, PRICE + FEE)
    assert status(library, copy) is ItemStatus.LOST
    assert balance(library, member) == PRICE + FEE + 31 * 500
    (noted,) = rows(library, ItemStatusChange, item_id=copy.id)
    assert (noted.why, noted.remark) == ("long_overdue", REASON)
    assert check_library(library).broken == ()


def test_a_second_run_writes_nothing(library: Library, member: AMember) -> None:
    policy(library, long_overdue_days=30)
    lend(library, member, add_copy(library, price=PRICE))
    pass_days(library, 90)
    age(library)
    entries = len(rows(library, JournalEntry))
    assert age(library) == Aged()
    assert len(rows(library, JournalEntry)) == entries


def test_closed_days_do_not_count_where_lateness_leaves_them_out(library: Library, member: AMember) -> None:
    policy(library, long_overdue_days=30, skip_closed=True)
    lend(library, member, add_copy(library, price=PRICE))
    pass_days(library, 14 + 35)  # thirty open days
    assert age(library) == Aged()
    pass_days(library, 1)
    assert age(library).loans == 1


def test_each_reader_by_the_limit_of_their_category(library: Library) -> None:
    common = {"loan_days": 14, "overdues_block": "no", "skip_closed": False}
    put_policy(library, common, {"category": "child", "long_overdue_days": 30})
    child, grown = add_member(library, "child"), add_member(library)
    copies = [add_copy(library, price=PRICE) for _ in range(2)]
    lend(library, child, copies[0])
    lend(library, grown, copies[1])
    pass_days(library, 90)
    assert age(library).loans == 1
    assert [status(library, copy) for copy in copies] == [ItemStatus.LOST, ItemStatus.ON_LOAN]


def test_a_copy_without_a_price_is_named(library: Library, member: AMember) -> None:
    policy(library, long_overdue_days=30)
    copy = add_copy(library)
    lend(library, member, copy)
    pass_days(library, 90)
    assert age(library) == Aged(1, FEE, (copy.accession_no,))


def test_a_claimed_return_and_a_library_without_a_limit_are_left_alone(library: Library, member: AMember) -> None:
    policy(library)
    copy = add_copy(library, price=PRICE)
    lend(library, member, copy)
    pass_days(library, 90)
    assert age(library) == Aged()
    policy(library, long_overdue_days=30)
    claim_returned(library, ClaimRequest(copy.barcode), act(library))
    assert age(library) == Aged()


def test_a_doubtful_clock_ages_nobody(library: Library, member: AMember) -> None:
    policy(library, long_overdue_days=30)
    lend(library, member, add_copy(library, price=PRICE))
    pass_days(library, 90)
    doubtful = act(library, doubtful=True)
    assert age_long_overdue(library, doubtful, doubtful.day) == Aged()


def test_a_night_works_in_chunks_with_an_entry_each(
    library: Library, member: AMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy(library, long_overdue_days=30)
    for _ in range(5):
        lend(library, member, add_copy(library, price=PRICE))
    pass_days(library, 90)
    monkeypatch.setattr(ageing, "CHUNK", 2)
    assert age(library).loans == 5
    assert len(rows(library, JournalEntry, kind="loan.aged")) == 3


def test_the_day_is_the_one_that_was_missed(library: Library, member: AMember) -> None:
    policy(library, long_overdue_days=30, skip_closed=False)
    lend(library, member, add_copy(library, price=PRICE))
    pass_days(library, 90)
    early = act(library).day - dt.timedelta(days=50)
    assert age_long_overdue(library, act(library), early) == Aged()
