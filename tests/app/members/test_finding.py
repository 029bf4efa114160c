"""What a member is found by when somebody types, whoever wrote the row last."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from app.circulation.reads import find_member
from app.library import Library
from app.members.cards import Binding, CardBound, bind_card, report_card_lost
from app.members.merging import Merged, merge_members
from app.members.numbering import number_provisional
from app.members.queries import find_members
from app.members.service import Edited, edit_member, form_of
from app.members.writing import PROVISIONAL
from app.notices.contacts import set_contact
from app.sync.derived import settle
from db.codes import ContactHealth, ContactKind
from db.models.base import Base
from db.models.centre import MemberNumbers
from db.models.members import Member
from tests.library import TODAY, AMember, act, add_member, change, found, row

LOST, RETIRED, ACTIVE, OTHER = "OLD-1", "OLD-2", "NEW-3", "GONE-4"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def member(library: Library) -> AMember:
    """A reader of three cards: the first was lost, the second was replaced, the third is in their hand."""
    member = add_member(library, card=LOST, mobile="09121112233", national_id="0499370899")
    report_card_lost(library, LOST, act(library))
    for card in (RETIRED, ACTIVE):
        assert isinstance(bind_card(library, Binding(member.number, card), act(library)), CardBound)
    return member


def edit(library: Library, member: AMember) -> None:
    with library.store.read() as reader:
        form = form_of(reader, member.id)
    assert form is not None
    assert isinstance(edit_member(library, member.id, replace(form, job="آموزگار"), act(library)), Edited)
    rename = replace(form, given_name="مریم‌السادات")
    assert isinstance(edit_member(library, member.id, rename, act(library)), Edited)


def merge(library: Library, member: AMember) -> None:
    add_member(library, card=OTHER)
    assert isinstance(merge_members(library, member.number, OTHER, act(library)), Merged)


def change_mobile(library: Library, member: AMember) -> None:
    number, good = "09351112233", ContactHealth.VERIFIED
    set_contact(library, member.number, ContactKind.MOBILE, number, good, act(library))
    assert row(library, Member, member.id).mobile == "+989351112233"


def get_a_number(library: Library, member: AMember) -> None:
    change(library, Member, member.id, member_no=f"{PROVISIONAL}000007")
    with library.store.write() as tx:
        tx.insert(MemberNumbers, first=1_000_401, last=1_000_600, issued_at=act(library).at)
        tx.record("test.block", act(library))
    assert number_provisional(library, act(library)) == 1
    assert row(library, Member, member.id).member_no == "1000401"


def bind(library: Library, member: AMember) -> None:
    assert isinstance(bind_card(library, Binding(member.number, "NEXT-5"), act(library)), CardBound)


WAYS: dict[str, Callable[[Library, AMember], None]] = {
    "edited": edit, "merged": merge, "another mobile number": change_mobile, "numbered": get_a_number,
    "another card": bind,
}  # fmt: skip


def found_with(library: Library, *keys: str) -> dict[str, list[uuid.UUID]]:
    with library.store.read() as reader:
        return {key: [one.id for one in find_members(reader, key, TODAY, 5)] for key in keys}


@dataclass(frozen=True)
class Came:
    """A row as if it had just been taken from a feed."""

    id: uuid.UUID
    values: Any
    model: type[Base] = Member

    def value(self, column: str, /) -> Any:
        return getattr(self.values, column)


def taken(library: Library, *members: uuid.UUID) -> None:
    came = [Came(member, row(library, Member, member)) for member in members]
    with library.store.write() as tx:
        settle(tx, came, library.store.dialect.name)


@pytest.mark.parametrize("way", WAYS)
def test_every_card_a_member_ever_had_finds_them(library: Library, member: AMember, way: str) -> None:
    WAYS[way](library, member)
    cards = (LOST, RETIRED, ACTIVE)
    assert found_with(library, *cards) == {key: [member.id] for key in cards}


@pytest.mark.parametrize("way", WAYS)
def test_a_row_of_the_feed_gets_the_same_key(library: Library, member: AMember, way: str) -> None:
    WAYS[way](library, member)
    written = row(library, Member, member.id).search_key
    change(library, Member, member.id, search_key="")
    taken(library, member.id)
    assert row(library, Member, member.id).search_key == written


def test_a_member_as_enrolled_has_the_key_of_the_feed(library: Library) -> None:
    member = add_member(library, card=ACTIVE, mobile="09121112233", national_id="0499370899")
    written = row(library, Member, member.id).search_key
    taken(library, member.id)
    assert row(library, Member, member.id).search_key == written


def test_the_number_of_a_merged_record_finds_the_one_that_stays_after_an_edit(
    library: Library, member: AMember
) -> None:
    """Also where that one was merged in its turn."""
    dropped = add_member(library, card=OTHER)
    merge_members(library, member.number, OTHER, act(library))
    last = add_member(library, card="LAST-6", given_name="مریم‌بانو")
    merge_members(library, last.number, member.number, act(library))
    edit(library, last)
    assert last.id in found_with(library, dropped.number)[dropped.number]
    assert found_with(library, OTHER, LOST) == {OTHER: [last.id], LOST: [last.id]}
    with library.store.read() as reader:
        assert {one.id for key in (dropped.number, OTHER) if (one := find_member(reader, key))} == {last.id}


def test_both_records_of_a_merge_have_the_key_of_the_feed(library: Library, member: AMember) -> None:
    dropped = add_member(library, card=OTHER)
    merge_members(library, member.number, OTHER, act(library))
    written = [row(library, Member, one.id).search_key for one in (member, dropped)]
    for one in (member, dropped):
        change(library, Member, one.id, search_key="")
    taken(library, dropped.id)  # the row says into whom it was merged
    assert [row(library, Member, one.id).search_key for one in (member, dropped)] == written
