"""Two records of one person become one, and nothing is lost."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.check import check_library
from app.circulation.reads import find_member
from app.ledger.reads import balance_of, ledger_of
from app.ledger.writing import charge
from app.library import Library
from app.members import merging
from app.members.merging import Merged, merge_members
from app.outcome import NotFound, Refused, Sought
from db.codes import CardState, HoldState, LedgerKind, MemberState, RestrictionKind, Role
from db.models.circulation import Hold, Loan
from db.models.members import Member, MemberCard, Restriction
from tests import library as lib
from tests.library import AMember, act, add_copy, add_member, found, lend, past_loans, place_hold, row, rows


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def keep(library: Library) -> AMember:
    return add_member(library, card="M-1", mobile="09121112233")


@pytest.fixture
def drop(library: Library) -> AMember:
    return add_member(library, card="M-2", national_id="0499370899", father_name="حسن", interests=("نجوم",))


def merge(library: Library, **fields: Any) -> Merged:
    outcome = merge_members(library, "M-1", "M-2", act(library, **fields))
    assert isinstance(outcome, Merged), outcome
    return outcome


def owe(library: Library, member: AMember, amount: int) -> None:
    with library.store.write() as tx:
        charge(tx, act(library), member.id, LedgerKind.DAMAGE, amount)
        tx.record("test.charged", act(library))


def test_loans_holds_and_bans_go_over(library: Library, keep: AMember, drop: AMember) -> None:
    past, lent, wanted = add_copy(library), add_copy(library), add_copy(library)
    past_loans(library, drop, past, 3)
    lend(library, drop, lent)
    place_hold(library, drop, wanted)
    with library.store.write() as tx:
        tx.insert(
            Restriction, member_id=drop.id, kind=RestrictionKind.MANUAL, until=None, reason="بی‌نظمی",
            author_id=act(library).staff_id, laid_at=act(library).at,
        )  # fmt: skip
        tx.record("test.banned", act(library))
    assert merge(library).loans == 4
    assert {loan.member_id for loan in rows(library, Loan)} == {keep.id}
    assert [hold.member_id for hold in rows(library, Hold)] == [keep.id]
    assert [ban.member_id for ban in rows(library, Restriction)] == [keep.id]
    assert check_library(library).broken == ()


def test_years_of_loans_go_over_in_portions(
    library: Library, keep: AMember, drop: AMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "AT_A_TIME", 7)
    past_loans(library, drop, add_copy(library), 20)
    assert merge(library).loans == 20
    assert {loan.member_id for loan in rows(library, Loan)} == {keep.id}


def test_what_is_missing_in_the_one_is_taken_from_the_other(library: Library, keep: AMember, drop: AMember) -> None:
    merge(library)
    kept, dropped = row(library, Member, keep.id), row(library, Member, drop.id)
    assert (kept.national_id, kept.mobile, kept.father_name, kept.interests) == (
        "0499370899", "+989121112233", "حسن", ["نجوم"],
    )  # fmt: skip
    assert (dropped.state, dropped.merged_into, dropped.national_id) == (MemberState.MERGED, keep.id, None)


def test_the_longer_membership_and_the_earlier_beginning_hold(library: Library, keep: AMember, drop: AMember) -> None:
    lib.change(library, Member, drop.id, expires_on=dt.date(2030, 1, 1), joined_on=dt.date(2020, 1, 1))
    merge(library)
    kept = row(library, Member, keep.id)
    assert (kept.expires_on, kept.joined_on) == (dt.date(2030, 1, 1), dt.date(2020, 1, 1))


def test_the_old_card_number_and_national_id_find_the_one_that_stays(
    library: Library, keep: AMember, drop: AMember
) -> None:
    merge(library)
    with library.store.read() as reader:
        found_by = {key: find_member(reader, key) for key in ("M-1", "M-2", "0499370899", drop.number)}
    assert {key: member.id for key, member in found_by.items() if member} == dict.fromkeys(found_by, keep.id)
    assert {card.number: card.state for card in rows(library, MemberCard)} == {
        "M-1": CardState.ACTIVE, "M-2": CardState.RETIRED,
    }  # fmt: skip


def test_the_number_of_a_record_merged_twice_finds_the_last_one(library: Library, keep: AMember, drop: AMember) -> None:
    merge(library)
    last = add_member(library, card="M-3")
    assert isinstance(merge_members(library, "M-3", "M-1", act(library)), Merged)
    with library.store.read() as reader:
        found_by = {key: find_member(reader, key) for key in (drop.number, keep.number, "M-1", "M-2")}
    assert {key: member.id for key, member in found_by.items() if member} == dict.fromkeys(found_by, last.id)


@pytest.mark.parametrize(("owed", "owing"), [(5_000, 0), (5_000, 2_000), (0, 7_000), (0, 0)])
def test_a_debt_goes_over_and_can_be_paid(
    library: Library, keep: AMember, drop: AMember, owed: int, owing: int
) -> None:
    for member, amount in ((drop, owed), (keep, owing)):
        if amount:
            owe(library, member, amount)
    assert merge(library).debt == owed
    with library.store.read() as reader:
        assert balance_of(reader, drop.id) == 0
        assert balance_of(reader, keep.id) == owed + owing
        assert ledger_of(reader, keep.id).outstanding == owed + owing
        assert ledger_of(reader, drop.id).outstanding == 0
    assert check_library(library).broken == ()


def test_money_held_for_the_reader_goes_over(library: Library, keep: AMember, drop: AMember) -> None:
    with library.store.write() as tx:
        charge(tx, act(library), drop.id, LedgerKind.PAYMENT, -3_000)
        tx.record("test.paid", act(library))
    assert merge(library).debt == -3_000
    with library.store.read() as reader:
        assert (balance_of(reader, drop.id), balance_of(reader, keep.id)) == (0, -3_000)
        assert ledger_of(reader, keep.id).held == 3_000


def test_two_holds_on_one_title_become_one(library: Library, keep: AMember, drop: AMember) -> None:
    copy = add_copy(library)
    place_hold(library, keep, copy, 1)
    place_hold(library, drop, copy, 2)
    merge(library)
    assert sorted((hold.priority, hold.state) for hold in rows(library, Hold)) == [
        (1, HoldState.QUEUED), (2, HoldState.CANCELLED),
    ]  # fmt: skip


def test_who_is_not_there_or_the_same_or_merged_already_is_not_merged(
    library: Library, keep: AMember, drop: AMember
) -> None:
    def codes(one: str, other: str, role: Role = Role.HEAD) -> list[str]:
        outcome = merge_members(library, one, other, act(library, role))
        assert isinstance(outcome, Refused)
        return [refusal.code for refusal in outcome.refusals]

    assert merge_members(library, "M-1", "M-404", act(library)) == NotFound(Sought.MEMBER, "M-404")
    assert codes("M-1", keep.number) == ["member.same"]
    assert codes("M-1", "M-2", Role.ASSISTANT) == ["role.not_allowed"]
    merge(library)
    assert codes("M-1", "M-2") == ["member.same"]


def test_a_lost_book_is_settled_first(library: Library, keep: AMember, drop: AMember) -> None:
    copy = add_copy(library)
    loan = lend(library, drop, copy)
    lib.change(library, Loan, loan.loan_id, lost_on=act(library).day)
    outcome = merge_members(library, "M-1", "M-2", act(library))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["member.lost_loan"]
