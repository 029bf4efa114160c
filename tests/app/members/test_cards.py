from collections.abc import Iterator
from pathlib import Path

import pytest

from app.check import check_library
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.outcomes import CheckedOut, CheckoutRefused
from app.circulation.reads import find_member
from app.library import Library
from app.members.cards import (
    AlreadySo,
    Binding,
    CardBound,
    CardFound,
    CardsLost,
    bind_card,
    cards_of,
    find_again,
    report_card_lost,
)
from app.members.queries import find_members
from app.outcome import NotFound, Refused
from app.undo import Undone, undo_last
from db.codes import CardState, MemberState, Role
from db.models.members import Member
from tests import library as lib
from tests.library import AMember

ACTIVE, LOST, RETIRED = CardState.ACTIVE, CardState.LOST, CardState.RETIRED
TAG = "0013161961"


def states(library: Library, member: AMember) -> dict[str, CardState]:
    with library.store.read() as reader:
        return {card.number: card.state for card in cards_of(reader, member.id)}


def bind(library: Library, member: AMember, number: str, *, keep: bool = False) -> object:
    return bind_card(library, Binding(member.number, number, keep), lib.act(library))


def codes(outcome: object) -> set[str]:
    assert isinstance(outcome, Refused), outcome
    return {refusal.code for refusal in outcome.refusals}


def lends(library: Library, key: str) -> set[str]:
    """What speaks against a loan under this key; nothing when it is made."""
    outcome = check_out(library, CheckoutRequest(key, lib.add_copy(library).barcode), lib.act(library))
    assert isinstance(outcome, CheckedOut | CheckoutRefused), outcome
    return {refusal.code for refusal in outcome.refusals} if isinstance(outcome, CheckoutRefused) else set()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = lib.found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def member(library: Library) -> AMember:
    return lib.add_member(library, card="M-1")


def test_a_touched_card_takes_the_place_of_the_old_one_which_still_finds_its_member(
    library: Library, member: AMember
) -> None:
    outcome = bind(library, member, TAG)
    assert isinstance(outcome, CardBound)
    assert (outcome.number, outcome.retired, outcome.holder.name) == (TAG, ("M-1",), "مریم رضایی")
    assert states(library, member) == {TAG: ACTIVE, "M-1": RETIRED}
    assert lends(library, TAG) == set()
    with library.store.read() as reader:
        found = [find_member(reader, key) for key in (TAG, "M-1")]
        assert [facts and facts.id for facts in found] == [member.id, member.id]
        assert [row.id for row in find_members(reader, TAG, lib.TODAY)] == [member.id]
        assert [row.id for row in find_members(reader, "M-1", lib.TODAY)] == [member.id]
    assert check_library(library).broken == ()


def test_persian_digits_are_the_same_card(library: Library, member: AMember) -> None:
    bind(library, member, "۰۰۱۳۱۶۱۹۶۱")
    assert states(library, member)[TAG] is ACTIVE
    assert isinstance(bind(library, member, TAG), AlreadySo)


def test_the_same_card_again_changes_nothing(library: Library, member: AMember) -> None:
    outcome = bind(library, member, "M-1")
    assert isinstance(outcome, AlreadySo)
    assert states(library, member) == {"M-1": ACTIVE}


def test_a_second_card_may_be_kept_beside_the_first(library: Library, member: AMember) -> None:
    bind(library, member, TAG, keep=True)
    assert states(library, member) == {TAG: ACTIVE, "M-1": ACTIVE}
    bind(library, member, TAG)
    assert states(library, member) == {TAG: ACTIVE, "M-1": RETIRED}


@pytest.mark.parametrize("lost_first", [True, False])
def test_an_old_card_of_the_members_own_comes_back_into_use(
    library: Library, member: AMember, lost_first: bool
) -> None:
    if lost_first:
        report_card_lost(library, "M-1", lib.act(library))
    bind(library, member, TAG)
    bind(library, member, "M-1")
    assert states(library, member) == {TAG: RETIRED, "M-1": ACTIVE}


def test_what_is_somebody_elses_is_refused(library: Library, member: AMember) -> None:
    other = lib.add_member(library, card=TAG, national_id="0012345679")
    for number in (TAG, other.number, "0012345679"):
        assert codes(bind(library, member, number)) == {"member.card_taken"}
    assert states(library, member) == {"M-1": ACTIVE}


def test_a_lost_card_of_somebody_else_is_still_theirs(library: Library, member: AMember) -> None:
    lib.add_member(library, card=TAG)
    report_card_lost(library, TAG, lib.act(library))
    assert codes(bind(library, member, TAG)) == {"member.card_taken"}


def test_the_label_of_a_book_scanned_by_mistake_becomes_no_card(library: Library, member: AMember) -> None:
    copy = lib.add_copy(library)
    assert codes(bind(library, member, copy.barcode)) == {"member.card_is_barcode"}


@pytest.mark.parametrize("number", ["", " ", "\u202e12", "a\x00b", "<b>", "9" * 65, "کارت"])
def test_what_no_card_carries_is_refused(library: Library, member: AMember, number: str) -> None:
    assert codes(bind(library, member, number)) == {"field.invalid"}


@pytest.mark.parametrize("state", [MemberState.CLEARED, MemberState.MERGED])
def test_somebody_who_is_no_member_any_more_gets_no_card(library: Library, member: AMember, state: MemberState) -> None:
    lib.change(library, Member, member.id, state=state)
    assert codes(bind(library, member, TAG)) == {"member.cleared"}


def test_nobody_is_found(library: Library) -> None:
    act = lib.act(library)
    assert isinstance(bind_card(library, Binding("M-9", TAG), act), NotFound)
    assert isinstance(report_card_lost(library, "M-9", act), NotFound)
    assert isinstance(find_again(library, "M-9", act), NotFound)


def test_a_lost_card_is_blocked_at_once_and_still_finds_its_member(library: Library, member: AMember) -> None:
    outcome = report_card_lost(library, "M-1", lib.act(library))
    assert isinstance(outcome, CardsLost)
    assert outcome.numbers == ("M-1",)
    assert lends(library, "M-1") == {"member.card_lost"}
    with library.store.read() as reader:
        found = find_member(reader, "M-1")
    assert found is not None
    assert found.id == member.id


def test_without_the_card_the_member_is_lent_to_by_number_and_by_national_id(library: Library) -> None:
    member = lib.add_member(library, card="M-1", national_id="0012345679")
    report_card_lost(library, member.number, lib.act(library))
    assert states(library, member) == {"M-1": LOST}
    assert lends(library, member.number) == set()
    assert lends(library, "0012345679") == set()


def test_by_its_member_every_active_card_is_blocked_and_a_retired_one_left(library: Library, member: AMember) -> None:
    bind(library, member, "M-2")
    bind(library, member, "M-3", keep=True)
    outcome = report_card_lost(library, member.number, lib.act(library))
    assert isinstance(outcome, CardsLost)
    assert states(library, member) == {"M-1": RETIRED, "M-2": LOST, "M-3": LOST}


def test_an_old_card_can_be_lost_by_its_number(library: Library, member: AMember) -> None:
    bind(library, member, TAG)
    assert isinstance(report_card_lost(library, "M-1", lib.act(library)), CardsLost)
    assert states(library, member) == {TAG: ACTIVE, "M-1": LOST}


def test_a_loss_told_twice_changes_nothing(library: Library, member: AMember) -> None:
    for key in ("M-1", "M-1", member.number):
        outcome = report_card_lost(library, key, lib.act(library))
    assert isinstance(outcome, AlreadySo)
    assert outcome.numbers == ("M-1",)


def test_without_a_card_there_is_none_to_lose(library: Library) -> None:
    member = lib.add_member(library, card=None)
    assert codes(report_card_lost(library, member.number, lib.act(library))) == {"member.no_card"}


def test_a_card_found_again_lends_again(library: Library, member: AMember) -> None:
    report_card_lost(library, "M-1", lib.act(library))
    assert isinstance(find_again(library, "M-1", lib.act(library)), CardFound)
    assert lends(library, "M-1") == set()
    assert isinstance(find_again(library, "M-1", lib.act(library)), AlreadySo)


def test_whoever_may_not_is_refused(library: Library, member: AMember) -> None:
    auditor = lib.act(library, Role.AUDITOR)
    assert codes(bind_card(library, Binding("M-1", TAG), auditor)) == {"role.not_allowed"}
    assert codes(report_card_lost(library, "M-1", auditor)) == {"role.not_allowed"}
    assert codes(find_again(library, "M-1", auditor)) == {"role.not_allowed"}
    assert states(library, member) == {"M-1": ACTIVE}


def test_each_is_taken_back_by_undo(library: Library, member: AMember) -> None:
    before = lib.row(library, Member, member.id).search_key
    bind(library, member, TAG)
    assert isinstance(undo_last(library, lib.act(library)), Undone)
    assert states(library, member) == {"M-1": ACTIVE}
    assert lib.row(library, Member, member.id).search_key == before
    report_card_lost(library, "M-1", lib.act(library))
    assert isinstance(undo_last(library, lib.act(library)), Undone)
    assert states(library, member) == {"M-1": ACTIVE}
    report_card_lost(library, "M-1", lib.act(library))
    find_again(library, "M-1", lib.act(library))
    assert isinstance(undo_last(library, lib.act(library)), Undone)
    assert states(library, member) == {"M-1": LOST}
