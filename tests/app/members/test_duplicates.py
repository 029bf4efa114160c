"""Records of one person written twice are found, told why, and what each would bring along."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.ledger.writing import charge
from app.library import Library
from app.members.duplicates import Belongings, Likeness, Pair, belongings_of, duplicate_members
from app.members.form import MemberForm
from app.members.merging import Merged, merge_members
from app.members.service import add_member as enrol
from app.members.writing import Enrolled
from app.refusal import Answer
from db.codes import LedgerKind
from tests.library import act, add_copy, add_member, found, lend, past_loans, place_hold
from tests.shared import desks

BORN = dt.date(2001, 4, 9)


@pytest.fixture(params=["file", "server"])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Library]:
    """The same on SQLite and on PostgreSQL."""
    if request.param == "file":
        library = found(tmp_path)
        with library.store:
            yield library
        return
    with desks(1) as (library,):
        yield library


def pairs(library: Library) -> list[Pair]:
    with library.store.read() as reader:
        return duplicate_members(reader)


def told(library: Library) -> list[tuple[str, str, tuple[Likeness, ...]]]:
    return [(pair.first.member_no, pair.second.member_no, pair.likeness) for pair in pairs(library)]


def doubtful(library: Library, national_id: str) -> str:
    """Somebody with a number that breaks the rule of the check digit, as people from other countries have."""
    form = MemberForm("گل", national_id[-3:], "ordinary", national_id=national_id)
    outcome = enrol(library, form, act(library), Answer(confirm=frozenset({"member.national_id"})), free=True)
    assert isinstance(outcome, Enrolled)
    return outcome.member_no


def test_the_same_name_and_day_of_birth_is_one_person_in_whatever_letters(library: Library) -> None:
    """001 یافته‌ها الف: one reader, written with Arabic and with Persian letters."""
    one = add_member(library, given_name="علی رضا", family_name="کریمی", birth_date=BORN)
    two = add_member(library, given_name="عليرضا", family_name="كريمى", birth_date=BORN)
    add_member(library, given_name="علیرضا", family_name="کریمی", birth_date=BORN + dt.timedelta(1))
    add_member(library, given_name="علیرضا", family_name="کریمی")
    assert told(library) == [(one.number, two.number, (Likeness.NAME_AND_BIRTH,))]


def test_a_mobile_written_in_two_ways_is_the_same_number(library: Library) -> None:
    one = add_member(library, mobile="0912 111 2233")
    two = add_member(library, given_name="زهرا", mobile="+989121112233")
    assert told(library) == [(one.number, two.number, (Likeness.MOBILE,))]


def test_a_national_id_in_other_digits_is_the_same(library: Library) -> None:
    one, two = doubtful(library, "0012345678"), doubtful(library, "۰۰۱۲۳۴۵۶۷۸")
    assert told(library) == [(one, two, (Likeness.NATIONAL_ID,))]


def test_the_surest_come_first_and_one_pair_tells_all_that_is_alike(library: Library) -> None:
    mobile = "09121112233"
    one = add_member(library, family_name="الف", birth_date=BORN, mobile=mobile)
    two = add_member(library, family_name="ب", mobile=mobile)
    three = add_member(library, family_name="الف", birth_date=BORN, mobile=mobile)
    assert told(library) == [
        (one.number, three.number, (Likeness.NAME_AND_BIRTH, Likeness.MOBILE)),
        (one.number, two.number, (Likeness.MOBILE,)),
    ]


def test_merged_records_are_told_no_more(library: Library) -> None:
    one, two = (add_member(library, mobile="09121112233") for _ in range(2))
    assert isinstance(merge_members(library, one.number, two.number, act(library)), Merged)
    assert told(library) == []


def test_nobody_is_alike_for_what_is_not_written(library: Library) -> None:
    add_member(library, given_name="زهرا")
    add_member(library, given_name="زهرا")
    assert told(library) == []


def test_what_a_record_would_bring_along_is_counted(library: Library) -> None:
    member, other = add_member(library), add_member(library)
    lend(library, member, add_copy(library))
    past_loans(library, member, add_copy(library), 2)
    place_hold(library, member, add_copy(library))
    with library.store.write() as tx:
        charge(tx, act(library), member.id, LedgerKind.DAMAGE, 5_000)
        tx.record("test.charged", act(library))
    with library.store.read() as reader:
        assert belongings_of(reader, member.id) == Belongings(1, 2, 1, 0, 5_000)
        assert belongings_of(reader, other.id) == Belongings(0, 0, 0, 0, 0)
