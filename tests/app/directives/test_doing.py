"""Directives: each done once by the use cases of the house and under its rules, answered once, in the order of
issue."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from app.check import check_library
from app.directives import doing
from app.directives.facts import (
    FACTS,
    AskFacts,
    CancelFacts,
    ClaimFacts,
    ClosedFacts,
    Contact,
    ContactFacts,
    InterestsFacts,
    PlaceFacts,
    RenewFacts,
    RulingFacts,
    WishFacts,
)
from app.library import Library
from app.weeding.minutes.outcomes import CopyRuling, Rulings
from app.weeding.minutes.ruling_file import seal
from db.codes import ContactKind, DirectiveKind, HoldState, ItemStatus, LoanEnd, MinutesState, ReturnSeenState
from db.models.catalogue import PurchaseRequest
from db.models.centre import DirectiveAnswer, ReturnSeen
from db.models.circulation import Hold, Loan
from db.models.collection import Minutes, RulingRow
from db.models.items import Item
from db.models.members import Member, MemberContact
from db.models.sync import JournalEntry
from db.trouble import Trouble
from tests.app.directives.asking import KEY, STRANGER, directive, done, enrol, one_done
from tests.app.weeding.minutes.on_the_way import APPROVE, COUNTY, PROVINCE, REJECT, letter, sent
from tests.library import (
    ACopy,
    act,
    add_copy,
    add_member,
    change,
    found,
    lend,
    pass_days,
    put_policy,
    row,
    rows,
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        enrol(library)
        yield library
        assert check_library(library).broken == ()


def claim(library: Library, copy: ACopy, **facts: Any) -> ClaimFacts:
    known: dict[str, Any] = {"seen": uuid.uuid4(), "at": act(library).at, "day": act(library).day, "branch": "تفرش"}
    return ClaimFacts(item=copy.id, **(known | facts))


def sealed(library: Library, key: Any = KEY, **values: Any) -> RulingFacts:
    known: dict[str, Any] = {"number": "1405/1", "level": COUNTY, "letter": letter(library), "default": APPROVE,
                             "revision": 1}  # fmt: skip
    return RulingFacts(seal(library.branch.id, Rulings(**(known | values)), key).decode())


class TestEveryKind:
    def test_every_kind_has_its_facts_and_is_done_by_somebody(self) -> None:
        assert set(doing.DOERS) == set(FACTS) == set(DirectiveKind)

    def test_a_reader_renews(self, library: Library) -> None:
        loan = lend(library, member := add_member(library), add_copy(library))
        pass_days(library, 3)
        assert one_done(library, DirectiveKind.RENEW, RenewFacts(member.id, loan.loan_id)).done
        renewed = row(library, Loan, loan.loan_id)
        assert (renewed.renewals, renewed.unseen_renewals) == (1, 1)

    def test_what_the_rules_say_against_it_is_answered_with_code_and_words(self, library: Library) -> None:
        put_policy(library, {"loan_days": 14, "max_renewals": 0})
        loan = lend(library, member := add_member(library), add_copy(library))
        pass_days(library, 3)
        told = one_done(library, DirectiveKind.RENEW, RenewFacts(member.id, loan.loan_id))
        assert told.codes == ("renewal.too_many",)
        assert told.words is not None
        assert "تمدید" in told.words

    def test_a_loan_of_somebody_else_is_not_renewed(self, library: Library) -> None:
        loan = lend(library, add_member(library), add_copy(library))
        told = one_done(library, DirectiveKind.RENEW, RenewFacts(add_member(library).id, loan.loan_id))
        assert told.codes == ("directive.loan_over",)

    def test_a_reader_waits_and_waits_no_longer(self, library: Library) -> None:
        copy, member = add_copy(library), add_member(library)
        lend(library, add_member(library), copy)
        assert one_done(library, DirectiveKind.PLACE_HOLD, PlaceFacts(member.id, copy.title_id)).done
        (hold,) = rows(library, Hold)
        assert (hold.member_id, hold.state) == (member.id, HoldState.QUEUED)
        other = one_done(library, DirectiveKind.CANCEL_HOLD, CancelFacts(add_member(library).id, hold.id))
        assert other.codes == ("directive.not_theirs",)
        assert one_done(library, DirectiveKind.CANCEL_HOLD, CancelFacts(member.id, hold.id)).done
        assert row(library, Hold, hold.id).state is HoldState.CANCELLED

    def test_interests_take_the_place_of_what_was_written(self, library: Library) -> None:
        member = add_member(library, interests=("شعر",))
        assert one_done(library, DirectiveKind.INTERESTS, InterestsFacts(member.id, ("تاریخ", " تاریخ ", ""))).done
        assert row(library, Member, member.id).interests == ["تاریخ"]

    def test_a_wish_to_buy_is_kept(self, library: Library) -> None:
        member = add_member(library)
        assert one_done(library, DirectiveKind.PURCHASE_WISH, WishFacts(member.id, "کلیدر")).done
        (wish,) = rows(library, PurchaseRequest)
        assert (wish.member_id, wish.wish, wish.state) == (member.id, "کلیدر", "asked")
        assert one_done(library, DirectiveKind.PURCHASE_WISH, WishFacts(member.id, " ")).codes == ("field.required",)

    def test_contacts_of_another_branch_are_added_and_nothing_is_taken_away(self, library: Library) -> None:
        member = add_member(library, mobile="09121111111", email="a@b.ir")
        contacts = (Contact("09122222222"), Contact("+989121111111"), Contact("a@b.ir", ContactKind.EMAIL))
        assert one_done(library, DirectiveKind.MEMBER_CONTACT, ContactFacts(member.id, contacts, "تفرش")).done
        assert {contact.value for contact in rows(library, MemberContact)} == {"a@b.ir", "+989122222222"}
        assert row(library, Member, member.id).mobile == "+989121111111"

    def test_an_unknown_package_is_answered(self, library: Library) -> None:
        told = one_done(library, DirectiveKind.EXCHANGE_REQUEST, AskFacts(uuid.uuid4(), uuid.uuid4()))
        assert told.codes == ("directive.no_package",)

    def test_a_kind_of_a_newer_centre_is_refused_with_the_version(self, library: Library) -> None:
        told = one_done(library, "fly_to_the_moon", {"when": "now"})
        assert told.codes == ("directive.unknown",)
        assert "نسخهٔ برنامه" in (told.words or "")

    def test_facts_that_are_not_those_of_the_kind_are_refused(self, library: Library) -> None:
        assert one_done(library, DirectiveKind.RENEW, {"member": "کسی"}).codes == ("directive.unreadable",)


class TestClaims:
    def test_the_loan_ends_with_the_day_of_the_other_branch(self, library: Library) -> None:
        copy, member = add_copy(library), add_member(library)
        loan = lend(library, member, copy)
        facts = claim(library, copy, loan=loan.loan_id, ver=1, at=act(library).at + dt.timedelta(days=2),
                      day=act(library).day + dt.timedelta(days=2))  # fmt: skip
        pass_days(library, 40)
        assert one_done(library, DirectiveKind.CLAIM_RETURN, facts).done
        closed = row(library, Loan, loan.loan_id)
        assert (closed.effective_in_on, closed.ended_as) == (facts.day, LoanEnd.RETURNED)
        assert row(library, Item, copy.id).status is ItemStatus.IN_TRANSIT

    def test_a_loan_that_changed_since_is_left_to_a_person(self, library: Library) -> None:
        copy = add_copy(library)
        loan = lend(library, add_member(library), copy)
        facts = claim(library, copy, loan=loan.loan_id, ver=1)
        change(library, Loan, loan.loan_id, renewals=1)
        assert one_done(library, DirectiveKind.CLAIM_RETURN, facts).codes == ("claim.loan_changed",)
        assert row(library, Loan, loan.loan_id).in_at is None

    def test_a_younger_loan_is_not_the_one_that_came_back(self, library: Library) -> None:
        copy = add_copy(library)
        facts = claim(library, copy)
        pass_days(library, 1)
        loan = lend(library, add_member(library), copy)
        assert one_done(library, DirectiveKind.CLAIM_RETURN, facts).done
        assert row(library, Loan, loan.loan_id).in_at is None

    def test_a_loan_the_centre_had_not_heard_of_is_ended_too(self, library: Library) -> None:
        copy = add_copy(library)
        loan = lend(library, add_member(library), copy)
        pass_days(library, 1)
        assert one_done(library, DirectiveKind.CLAIM_RETURN, claim(library, copy)).done
        assert row(library, Loan, loan.loan_id).in_at is not None

    def test_the_branch_that_saw_it_learns_of_the_end(self, library: Library) -> None:
        with library.store.write() as tx:
            seen = tx.insert(ReturnSeen, barcode="X-1", at=act(library).at, day=act(library).day, state="here")
            tx.record("return.seen", act(library))
        assert one_done(library, DirectiveKind.RETURN_CLOSED, ClosedFacts(seen)).done
        assert row(library, ReturnSeen, seen).state is ReturnSeenState.CLOSED


class TestRulings:
    def test_the_centres_key_answers_for_every_level(self, library: Library) -> None:
        sent(library)
        assert one_done(library, DirectiveKind.RULING, sealed(library)).done
        assert one_done(library, DirectiveKind.RULING, sealed(library, level=PROVINCE)).done
        (minutes,) = rows(library, Minutes)
        assert minutes.state is MinutesState.RULED
        assert {ruling.from_paper for ruling in rows(library, RulingRow)} == {False}

    def test_a_ruling_that_arrives_after_a_loan_needs_no_step_and_says_which_copies_wait(
        self, library: Library
    ) -> None:
        first, *_ = sent(library)
        change(library, Item, first.id, on_minutes_id=None)
        loan = lend(library, add_member(library), first)
        (minutes,) = rows(library, Minutes)
        change(library, Item, first.id, on_minutes_id=minutes.id)
        told = one_done(library, DirectiveKind.RULING, sealed(library))
        assert told.done
        assert "کنار گذاشته می‌شود" in (told.words or "")
        assert row(library, Loan, loan.loan_id).in_at is None

    @pytest.mark.parametrize(
        "by_stranger", [True, False], ids=["signed by a stranger", "of minutes that are not there"]
    )
    def test_what_cannot_be_taken_leaves_the_minutes_as_they_are(self, library: Library, by_stranger: bool) -> None:
        sent(library)
        before = rows(library, Minutes)
        facts = sealed(library, STRANGER) if by_stranger else sealed(library, number="1405/7")
        told = one_done(library, DirectiveKind.RULING, facts)
        assert told.codes == (("P-2303",) if by_stranger else ("directive.no_minutes",))
        assert rows(library, Minutes) == before

    def test_a_second_other_answer_is_refused_and_the_first_stands(self, library: Library) -> None:
        sent(library)
        assert one_done(library, DirectiveKind.RULING, sealed(library)).done
        assert one_done(library, DirectiveKind.RULING, sealed(library, default=REJECT)).codes == ("ruling.twice",)
        assert {ruling.verdict for ruling in rows(library, RulingRow)} == {APPROVE}

    def test_they_are_done_in_the_order_of_issue(self, library: Library) -> None:
        _, second, _ = sent(library)
        copies = (CopyRuling(second.barcode, REJECT, "بماند"),)
        directive(library, DirectiveKind.RULING, sealed(library, copies=copies))
        directive(library, DirectiveKind.RULING, sealed(library, level=PROVINCE))
        assert [told.done for told in done(library)] == [True, True]


Prepared = tuple[DirectiveKind, msgspec.Struct, Callable[[], int]]


def deeds(library: Library) -> list[Prepared]:
    """A directive of each kind that leaves rows, with how many of them there are."""
    copy, lent, member = add_copy(library), add_copy(library), add_member(library)
    loan = lend(library, member, lent)
    claimed = add_copy(library)
    claimed_loan = lend(library, add_member(library), claimed)
    lend(library, add_member(library), copy)
    pass_days(library, 2)
    sent(library)

    def count(model: Any, **where: Any) -> Callable[[], int]:
        return lambda: len(rows(library, model, **where))

    return [
        (DirectiveKind.RENEW, RenewFacts(member.id, loan.loan_id), count(Loan, id=loan.loan_id, renewals=1)),
        (DirectiveKind.PLACE_HOLD, PlaceFacts(member.id, copy.title_id), count(Hold)),
        (DirectiveKind.PURCHASE_WISH, WishFacts(member.id, "کلیدر"), count(PurchaseRequest)),
        (DirectiveKind.MEMBER_CONTACT, ContactFacts(member.id, (Contact("09122222222"),), "-"), count(MemberContact)),
        (DirectiveKind.CLAIM_RETURN, claim(library, claimed, loan=claimed_loan.loan_id, ver=1),
         count(Loan, id=claimed_loan.loan_id, ended_as=LoanEnd.RETURNED)),
        (DirectiveKind.RULING, sealed(library), count(RulingRow, verdict=APPROVE, level=COUNTY)),
    ]  # fmt: skip


class _Killed(BaseException):
    pass


def test_killed_between_deed_and_answer_each_is_done_once_and_answered_once(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = deeds(library)
    for kind, facts, _ in prepared:
        directive(library, kind, facts)
    answer = doing._answer

    def killed(*_: Any) -> None:
        raise _Killed

    for place, (kind, _, count) in enumerate(prepared):
        monkeypatch.setattr(doing, "_answer", killed)
        with pytest.raises(_Killed):
            done(library)
        assert len(rows(library, DirectiveAnswer)) == place, kind
        once = count()
        assert once >= 1
        with pytest.raises(_Killed):
            done(library)
        assert count() == once, kind
        answered = 0

        def only_one(*args: Any) -> Any:
            nonlocal answered
            answered += 1
            if answered > 1:
                raise _Killed
            return answer(*args)

        monkeypatch.setattr(doing, "_answer", only_one)
        if place < len(prepared) - 1:
            with pytest.raises(_Killed):
                done(library)
        else:
            done(library)
        assert count() == once, kind
    assert all(given.done for given in rows(library, DirectiveAnswer))
    assert len(rows(library, DirectiveAnswer)) == len(prepared)
    entries = len(rows(library, JournalEntry))
    assert done(library) == ()
    assert len(rows(library, JournalEntry)) == entries


def test_a_ruling_that_was_done_before_still_says_which_copies_wait(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *_ = sent(library)
    change(library, Item, first.id, on_minutes_id=None)
    lend(library, add_member(library), first)
    directive(library, DirectiveKind.RULING, sealed(library))
    with monkeypatch.context() as patched:
        patched.setattr(doing, "_answer", lambda *_: (_ for _ in ()).throw(_Killed()))
        with pytest.raises(_Killed):
            done(library)
    (told,) = done(library)
    assert told.done
    assert "کنار گذاشته می‌شود" in (told.words or "")


def test_a_disk_that_is_full_answers_nothing_and_the_rest_is_done_later(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = add_member(library)
    directive(library, DirectiveKind.PURCHASE_WISH, WishFacts(member.id, "کلیدر"))

    def full(*_: Any) -> None:
        raise Trouble("P-1101")

    with monkeypatch.context() as patched:
        patched.setattr(doing, "DOERS", {DirectiveKind.PURCHASE_WISH: doing.Doer(full)})  # type: ignore[arg-type]
        with pytest.raises(Trouble):
            done(library)
    assert rows(library, DirectiveAnswer) == []
    assert [told.done for told in done(library)] == [True]


def test_what_is_done_bears_the_desk_of_the_house(library: Library) -> None:
    one_done(library, DirectiveKind.PURCHASE_WISH, WishFacts(add_member(library).id, "کلیدر"))
    with library.store.read() as reader:
        query = sa.select(JournalEntry.desk).where(JournalEntry.kind.in_(("purchase.wished", "directive.answered")))
        assert set(reader.connection.execute(query).scalars()) == {0}
