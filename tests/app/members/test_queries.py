"""Finding and showing members."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.library import Library
from app.members.queries import (
    find_members,
    list_members,
    member_row,
    open_loans,
    restrictions,
    waiting_holds,
)
from db.codes import CardState, HoldState
from db.models.circulation import Loan
from db.models.members import Member, MemberCard
from tests.library import (
    TODAY,
    act,
    add_copy,
    add_member,
    change,
    found,
    lend,
    pass_days,
    place_hold,
    put_policy,
    rows,
    take_back,
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The same three members for all tests that only read."""
    library = found(tmp_path_factory.mktemp("readers"))
    with library.store:
        add_member(
            library, given_name="علیرضا", family_name="موسوی نژاد", card="کاف-1001", national_id="0499370899",
            mobile="09123456789",
        )  # fmt: skip
        add_member(library, given_name="محمد علی", family_name="کریمی", card="3003")
        add_member(library, given_name="سارا", family_name="احمدی", card="2002")
        yield library


def names(library: Library, query: str, limit: int = 20) -> list[str]:
    with library.store.read() as reader:
        return [member.name for member in find_members(reader, query, TODAY, limit)]


@pytest.mark.parametrize(
    "query",
    [
        "علیرضا",
        "علی رضا",
        "علی‌رضا",
        "عليرضا",
        "موسوی",
        "موسوي",
        "موسوی‌نژاد",
        "موسوی نژاد",
        "نژاد علی",
        "علیرضا موسوی",
        "موسو",
        "كاف ۱۰۰۱",
        "۱۰۰۱",
        "1001",
        "١٠٠١",
        "0499370899",
        "۰۴۹۹۳۷",
        "09123456789",
        "۰۹۱۲۳۴۵",
        "0912 345 6789",
        "+989123456789",
        "  علیرضا  ",
        "عَلیرضا",
    ],
)
def test_a_member_is_found_by_any_spelling(readers: Library, query: str) -> None:
    assert names(readers, query) == ["موسوی نژاد، علیرضا"]


@pytest.mark.parametrize("query", ["محمد علی", "محمدعلی", "محمد‌علی", "محمد"])
def test_a_name_in_two_words_is_found_as_one(readers: Library, query: str) -> None:
    assert names(readers, query) == ["کریمی، محمد علی"]


@pytest.mark.parametrize("query", ["", "   ", "\u200c", "!!", "زهرا", "%", "_", "*", "علیرضا زهرا", "\x00"])
def test_what_matches_nobody_finds_nobody(readers: Library, query: str) -> None:
    assert names(readers, query) == []


def test_found_members_are_filed_in_persian_order_and_no_more_than_asked(library: Library) -> None:
    for family in ("گلی", "آرش", "پاک", "کمال", "احمدی"):
        add_member(library, given_name="رضا", family_name=family)
    assert names(library, "رضا") == ["آرش، رضا", "احمدی، رضا", "پاک، رضا", "کمال، رضا", "گلی، رضا"]
    assert names(library, "رضا", limit=2) == ["آرش، رضا", "احمدی، رضا"]
    with library.store.read() as reader:
        assert [member.family_name for member in list_members(reader, TODAY)] == ["آرش", "احمدی", "پاک", "کمال", "گلی"]


def test_a_row_counts_loans_lateness_and_debt(library: Library) -> None:
    put_policy(library, {"loan_days": 14, "fine_per_day": 1_000, "overdues_block": "no"})
    member = add_member(library, card="C-1", mobile="09123456789")
    first, second = add_copy(library), add_copy(library)
    for copy in (first, second):
        lend(library, member, copy)
    pass_days(library, 15)
    take_back(library, first)
    third = add_copy(library)
    lend(library, member, third)
    with library.store.read() as reader:
        told = member_row(reader, member.id, TODAY + dt.timedelta(15))
    assert told is not None
    assert (told.card, told.mobile, told.open_loans, told.overdue, told.debt) == ("C-1", "+989123456789", 2, 1, 1_000)


def test_the_card_shown_is_the_one_in_use(library: Library) -> None:
    member = add_member(library, card="C-1")
    (card,) = rows(library, MemberCard)
    change(library, MemberCard, card.id, state=CardState.LOST)
    with library.store.read() as reader:
        told = member_row(reader, member.id, TODAY)
    assert told is not None
    assert told.card is None


def test_a_removed_member_is_shown_nowhere(library: Library) -> None:
    member = add_member(library)
    change(library, Member, member.id, deleted_at=act(library).at)
    with library.store.read() as reader:
        assert member_row(reader, member.id, TODAY) is None
        assert list_members(reader, TODAY) == []
    assert names(library, "مریم") == []


def test_the_loans_of_a_member_come_latest_first(library: Library) -> None:
    member = add_member(library)
    first, second = add_copy(library, "بوستان", volume_no="۲"), add_copy(library, "گلستان")
    lend(library, member, first)
    pass_days(library, 1)
    lend(library, member, second)
    lend(library, add_member(library), add_copy(library))
    with library.store.read() as reader:
        told = open_loans(reader, member.id)
    assert [(loan.title, loan.volume_no, loan.barcode) for loan in told] == [
        ("گلستان", None, second.barcode),
        ("بوستان", "2", first.barcode),
    ]
    take_back(library, first)
    with library.store.read() as reader:
        assert [loan.title for loan in open_loans(reader, member.id)] == ["گلستان"]
    assert len(rows(library, Loan)) == 3


def test_what_waits_on_the_hold_shelf_is_told_with_its_deadline(library: Library) -> None:
    member, copy = add_member(library), add_copy(library, "بوستان")
    until = TODAY + dt.timedelta(3)
    place_hold(library, member, copy, state=HoldState.WAITING, item_id=copy.id, shelf_until=until)
    place_hold(library, member, add_copy(library))
    with library.store.read() as reader:
        assert [(hold.title, hold.shelf_until) for hold in waiting_holds(reader, member.id)] == [("بوستان", until)]


def test_bans_are_told_until_their_last_day(library: Library) -> None:
    put_policy(library, {"loan_days": 14, "ban_days_per_late_day": 1})
    member, copy = add_member(library), add_copy(library)
    lend(library, member, copy)
    pass_days(library, 15)
    until = take_back(library, copy).restricted_until
    assert until is not None
    with library.store.read() as reader:
        assert restrictions(reader, member.id, until) == [("دیرکرد ۱ روزه", until)]
        assert restrictions(reader, member.id, until + dt.timedelta(1)) == []
