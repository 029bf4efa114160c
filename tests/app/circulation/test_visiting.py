"""Lending to readers of several branches (sync-protocol 11, decision d): the quota without news, then the limit over
all branches; and copies at the wrong place."""

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.check import check_library
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.elsewhere import Sighted, SightingForm, foreign_copies, see_return, send_home
from app.circulation.outcomes import CheckedOut, CheckoutRefused
from app.library import Library
from app.outcome import NotFound, Refused
from app.refusal import Answer
from db.codes import Channel, ReturnSeenState, Role
from db.models.centre import MemberStanding
from db.models.sync import Site
from tests.app.directives.asking import pulled
from tests.app.members.test_guests import guest
from tests.library import AMember, act, add_copy, add_member, found, lend, put_policy


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        put_policy(library, {"loan_days": 14, "max_loans_all_types": 3})
        yield library
        assert check_library(library).broken == ()


def told(library: Library, member: AMember, elsewhere: int, **fields: object) -> None:
    """What the centre says of a reader, just now."""
    known = {"home": False, "open_elsewhere": elsewhere, "as_of": act(library).at} | fields
    pulled(library, MemberStanding, member_id=member.id, **known)


def heard(library: Library, ago: dt.timedelta) -> None:
    with library.store.write() as tx:
        tx.connection.execute(sa.update(Site).values(last_contact_at=act(library).at - ago))


def refusals(library: Library, member: AMember, channel: Channel = Channel.DESK, role: Role = Role.HEAD) -> list[str]:
    outcome = check_out(library, CheckoutRequest(member.card, add_copy(library).barcode, channel), act(library, role))
    if isinstance(outcome, CheckedOut):
        return []
    assert isinstance(outcome, CheckoutRefused)
    return [refusal.code for refusal in outcome.refusals]


class TestTheQuota:
    def test_a_visitor_of_whom_nothing_is_known_gets_one_book(self, library: Library) -> None:
        visitor = guest(library)
        assert refusals(library, visitor) == []
        assert refusals(library, visitor) == ["limit.visitor"]
        assert refusals(library, visitor, Channel.ONSITE) == []

    def test_the_policy_says_how_many(self, library: Library) -> None:
        put_policy(library, {"loan_days": 14, "visitor_offline_loans": 2})
        visitor = guest(library)
        assert [refusals(library, visitor) for _ in range(3)] == [[], [], ["limit.visitor"]]

    def test_what_the_centre_told_long_ago_is_not_believed(self, library: Library) -> None:
        visitor = guest(library)
        told(library, visitor, 0, as_of=act(library).at - dt.timedelta(hours=1))
        lend(library, visitor, add_copy(library))
        assert refusals(library, visitor) == ["limit.visitor"]
        heard(library, dt.timedelta(minutes=29))
        assert refusals(library, visitor) == []

    def test_a_member_of_ours_needs_no_news(self, library: Library) -> None:
        member = add_member(library)
        assert [refusals(library, member) for _ in range(3)] == [[], [], []]

    def test_a_librarian_may_lift_it_with_a_reason(self, library: Library) -> None:
        visitor, copy = guest(library), add_copy(library)
        lend(library, visitor, add_copy(library))
        answer = Answer(frozenset({"limit.visitor"}), "آشناست")
        request = CheckoutRequest(visitor.card, copy.barcode, answer=answer)
        assert isinstance(check_out(library, request, act(library, Role.LIBRARIAN)), CheckedOut)


class TestOverAllBranches:
    @pytest.mark.parametrize("home", [True, False], ids=["at home", "visiting"])
    def test_books_of_other_branches_count_against_the_limit(self, library: Library, home: bool) -> None:
        member = add_member(library) if home else guest(library)
        told(library, member, 2, home=home)
        assert refusals(library, member) == []
        assert refusals(library, member) == ["limit.elsewhere"]

    def test_the_refusal_says_how_many_where_and_by_which_row(self, library: Library) -> None:
        member = add_member(library)
        told(library, member, 3, home=True)
        outcome = check_out(library, CheckoutRequest(member.card, add_copy(library).barcode), act(library))
        assert isinstance(outcome, CheckoutRefused)
        (refusal,) = outcome.refusals
        assert (refusal.limit, refusal.have, refusal.facts["elsewhere"], refusal.rule) == (3, 3, 3, "*/*")

    def test_at_home_the_last_news_count_however_old(self, library: Library) -> None:
        member = add_member(library)
        told(library, member, 3, home=True, as_of=act(library).at - dt.timedelta(days=30))
        assert refusals(library, member) == ["limit.elsewhere"]

    def test_a_ban_of_another_branch_is_told_of_a_visitor(self, library: Library) -> None:
        visitor = guest(library)
        told(library, visitor, 0, banned_elsewhere=True)
        assert refusals(library, visitor) == ["member.banned_elsewhere"]

    def test_only_what_the_limit_here_does_not_say_already(self, library: Library) -> None:
        member = add_member(library)
        for _ in range(3):
            lend(library, member, add_copy(library))
        told(library, member, 1, home=True)
        assert refusals(library, member) == ["limit.total"]


class TestCopiesOfOthers:
    def seen(self, library: Library, barcode: str = "TAF-55", of: str | None = None) -> Sighted:
        outcome = see_return(library, SightingForm(barcode, of), act(library))
        assert isinstance(outcome, Sighted), outcome
        return outcome

    def test_a_copy_is_noted_once_until_it_went_home(self, library: Library) -> None:
        first = self.seen(library)
        assert self.seen(library, "TAF-۵۵") == Sighted(first.sighting, already=True)
        with library.store.read() as reader:
            assert foreign_copies(reader) == [first.sighting]
        sent = send_home(library, "TAF-55", act(library))
        assert isinstance(sent, Sighted)
        assert (sent.sighting.state, sent.sighting.sent_home_on) == (ReturnSeenState.SENT, act(library).day)
        assert not self.seen(library).already

    def test_the_name_of_the_library_may_be_added_later(self, library: Library) -> None:
        first = self.seen(library)
        again = self.seen(library, of="تفرش")
        assert (again.already, again.sighting.id, again.sighting.library) == (False, first.sighting.id, "تفرش")

    def test_our_own_copy_and_a_card_are_no_copies_of_others(self, library: Library) -> None:
        for barcode, code in (
            (add_copy(library).barcode, "return.our_copy"),
            (add_member(library).card, "return.card"),
        ):
            outcome = see_return(library, SightingForm(barcode), act(library))
            assert isinstance(outcome, Refused)
            assert [refusal.code for refusal in outcome.refusals] == [code]

    def test_what_was_never_seen_is_not_sent(self, library: Library) -> None:
        assert isinstance(send_home(library, "TAF-1", act(library)), NotFound)
        assert isinstance(send_home(library, uuid.uuid4(), act(library)), NotFound)
