"""Readers of other branches: registered in a moment, forgotten in time; and numbers that the centre gives."""

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.check import check_library
from app.library import Library
from app.members.form import MemberForm
from app.members.guests import GuestForm, GuestKnown, about_readers, add_guest, forget_guests
from app.members.numbering import number_provisional
from app.members.service import Edited, add_member, edit_member, form_of
from app.members.writing import Enrolled
from app.nightly.service import run_due_nights
from app.outcome import Refused
from app.policy.categories import VISITOR
from db.codes import LedgerKind, MemberState
from db.journal import DECODER
from db.models.centre import MemberNumbers
from db.models.circulation import LedgerLine, Loan, Notice
from db.models.members import Member, MemberCard, MemberContact
from db.models.sync import JournalEntry, Stream
from tests.app.directives.asking import pulled
from tests.library import AMember, act, add_copy, change, found, lend, pass_days, put_policy, row, rows, take_back
from tests.library import add_member as a_member

CARD, NAME = "TAF-0007", "ناشناس‌پور"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library
        assert check_library(library).broken == ()


def guest(library: Library, **fields: Any) -> AMember:
    known = {"card": CARD, "given_name": "سارا", "family_name": NAME} | fields
    outcome = add_guest(library, GuestForm(**known), act(library))
    assert isinstance(outcome, Enrolled), outcome
    return AMember(outcome.member_id, known["card"], outcome.member_no)


class TestRegistering:
    def test_a_card_and_a_name_are_enough_and_cost_nothing(self, library: Library) -> None:
        put_policy(library, {"loan_days": 14, "fee": 20_000, "months": 12})
        member = row(library, Member, guest(library).id)
        assert (member.category, member.state, member.expires_on) == (VISITOR, MemberState.ACTIVE, None)
        assert rows(library, LedgerLine) == []

    def test_the_same_card_again_is_the_same_visitor(self, library: Library) -> None:
        first = guest(library)
        again = add_guest(library, GuestForm(CARD, "سارا", NAME), act(library))
        assert again == GuestKnown(first.id, first.number)

    def test_a_card_of_a_member_of_ours_is_no_visitors(self, library: Library) -> None:
        member = a_member(library)
        for key in (member.card, member.number):
            outcome = add_guest(library, GuestForm(key, "سارا", NAME), act(library))
            assert isinstance(outcome, Refused)
            assert [refusal.code for refusal in outcome.refusals] == ["member.visitor_known"]

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"given_name": " "}, "field.required"),
            ({"card": "کارت"}, "field.invalid"),
            ({"national_id": "1234567890"}, "member.national_id"),
        ],
        ids=["no name", "no card can carry it", "no such national id"],
    )
    def test_what_cannot_be_written_down_is_said(self, library: Library, fields: dict[str, str], code: str) -> None:
        form = GuestForm(**({"card": CARD, "given_name": "سارا", "family_name": NAME} | fields))
        outcome = add_guest(library, form, act(library))
        assert isinstance(outcome, Refused)
        assert code in {refusal.code for refusal in outcome.refusals}

    def test_nobody_becomes_a_member_as_a_visitor_but_a_visitor_may_become_one(self, library: Library) -> None:
        form = MemberForm("سارا", NAME, VISITOR)
        assert isinstance(add_member(library, form, act(library)), Refused)
        visitor = guest(library)
        with library.store.read() as reader:
            stored = form_of(reader, visitor.id)
        assert stored is not None
        assert isinstance(edit_member(library, visitor.id, stored, act(library)), Edited)
        ordinary = MemberForm("سارا", NAME, "ordinary")
        assert isinstance(edit_member(library, visitor.id, ordinary, act(library)), Edited)
        assert isinstance(edit_member(library, visitor.id, form, act(library)), Refused)


class TestForgetting:
    def test_ninety_days_after_the_last_loan_nothing_tells_who_it_was(self, library: Library) -> None:
        visitor, copy = guest(library, mobile="09121111111", national_id="0012345679"), add_copy(library)
        loan = lend(library, visitor, copy)
        with library.store.write() as tx:
            tx.insert(Notice, member_id=visitor.id, loan_id=loan.loan_id, kind="overdue_1", channel="phone",
                      address="09121111111", body=f"{NAME} گرامی", state="sent", due_on=act(library).day,
                      once_key="x")  # fmt: skip
            tx.record("notice.made", act(library))
        pass_days(library, 5)
        take_back(library, copy)
        pass_days(library, 89)
        assert forget_guests(library, act(library), act(library).day) == 0
        pass_days(library, 1)
        assert forget_guests(library, act(library), act(library).day) == 1
        assert forget_guests(library, act(library), act(library).day) == 0
        gone = row(library, Member, visitor.id)
        assert gone.deleted_at is not None
        assert row(library, Loan, loan.loan_id).member_id == visitor.id
        assert not [place for place in places_of(library) if NAME in place or "9121111111" in place or CARD in place]

    def test_what_is_said_of_other_readers_stays(self, library: Library) -> None:
        guest(library)
        member = a_member(library, family_name="ماندگار")
        pass_days(library, 91)
        forget_guests(library, act(library), act(library).day)
        assert row(library, Member, member.id).family_name == "ماندگار"
        assert [place for place in places_of(library) if "ماندگار" in place]

    def test_an_entry_that_tells_of_others_too_waits_until_the_centre_has_it(self, library: Library) -> None:
        visitor, member = guest(library), a_member(library)
        with library.store.write() as tx:
            for reader_id in (visitor.id, member.id):
                tx.insert(MemberContact, member_id=reader_id, kind="phone", value="02188888888")
            mixed = tx.record("test.changed", act(library)).eid
        pass_days(library, 91)
        with library.store.write() as tx:  # nothing was sent yet, but up to the mixed entry it is known at the centre
            of_entry = sa.select(JournalEntry.chain).where(JournalEntry.eid == mixed).scalar_subquery()
            tx.connection.execute(sa.update(Stream).values(acked_seq=sent_until(library, mixed), acked_chain=of_entry))
        forget_guests(library, act(library), act(library).day)
        assert personal_of(library, mixed) is None

    def test_unsent_it_is_left_whole(self, library: Library) -> None:
        visitor, member = guest(library), a_member(library)
        with library.store.write() as tx:
            for reader_id in (visitor.id, member.id):
                tx.insert(MemberContact, member_id=reader_id, kind="phone", value="02188888888")
            mixed = tx.record("test.changed", act(library)).eid
        pass_days(library, 91)
        forget_guests(library, act(library), act(library).day)
        assert personal_of(library, mixed) is not None

    @pytest.mark.parametrize("held", ["loan", "debt"])
    def test_who_has_a_book_or_owes_is_not_forgotten(self, library: Library, held: str) -> None:
        visitor = guest(library)
        if held == "loan":
            lend(library, visitor, add_copy(library))
        else:
            with library.store.write() as tx:
                tx.insert(LedgerLine, member_id=visitor.id, kind=LedgerKind.FINE, amount=500, at=act(library).at,
                          day=act(library).day, staff_id=act(library).staff_id)  # fmt: skip
                tx.record("ledger.charged", act(library))
        pass_days(library, 400)
        assert forget_guests(library, act(library), act(library).day) == 0

    def test_the_policy_says_how_long(self, library: Library) -> None:
        put_policy(library, {"loan_days": 14, "visitor_data_days": 10})
        guest(library)
        pass_days(library, 10)
        assert forget_guests(library, act(library), act(library).day) == 1

    def test_a_night_does_it_and_members_stay_for_ever(self, library: Library) -> None:
        visitor, member = guest(library), a_member(library)
        pass_days(library, 91)
        run_due_nights(library, act(library))
        assert row(library, Member, visitor.id).deleted_at is not None
        assert row(library, Member, member.id).deleted_at is None

    def test_the_entry_names_what_the_centre_must_forget_too(self, library: Library) -> None:
        guest(library)
        (added,) = rows(library, JournalEntry, kind="visitor.added")
        pass_days(library, 91)
        forget_guests(library, act(library), act(library).day)
        (entry,) = rows(library, JournalEntry, kind="visitor.erased")
        named = {uuid.UUID(bytes=eid) for eid in DECODER.decode(entry.body)[9][3]["entries"]}
        assert added.eid in named

    def test_every_table_that_tells_of_readers_is_looked_through(self) -> None:
        known = {"member", "member_card", "member_contact", "notice", "call_attempt", "alert", "dispatch"}
        assert {model.__tablename__ for model in about_readers()} >= known
        assert about_readers()[-1] is Member


def places_of(library: Library) -> list[str]:
    """Everything that stands in rows and journal, as text."""
    found_there = []
    for model in (Member, MemberCard, MemberContact, Notice, JournalEntry):
        with library.store.read() as reader:
            for stored in reader.connection.execute(sa.select(model.__table__)):
                found_there += [
                    value.decode("utf-8", "ignore") if isinstance(value, bytes) else str(value) for value in stored
                ]
    return found_there


def personal_of(library: Library, eid: uuid.UUID) -> bytes | None:
    with library.store.read() as reader:
        query = sa.select(JournalEntry.personal).where(JournalEntry.eid == eid)
        return reader.connection.execute(query).scalar_one()


def sent_until(library: Library, eid: uuid.UUID) -> sa.ScalarSelect[int]:
    return sa.select(JournalEntry.seq).where(JournalEntry.eid == eid).scalar_subquery()


class TestNumbers:
    def block(self, library: Library, first: int, last: int) -> None:
        pulled(library, MemberNumbers, first=first, last=last, issued_at=act(library).at)

    def test_without_a_block_the_library_counts_by_itself(self, library: Library) -> None:
        assert a_member(library).number == "000001"

    def test_numbers_come_from_the_block_then_are_provisional(self, library: Library) -> None:
        self.block(library, 1_000_001, 1_000_002)
        numbers = [a_member(library).number for _ in range(3)]
        assert numbers[:2] == ["1000001", "1000002"]
        assert numbers[2].startswith("م-")

    def test_the_next_block_puts_numbers_in_the_place_of_provisional_ones(self, library: Library) -> None:
        self.block(library, 1_000_001, 1_000_001)
        members = [a_member(library) for _ in range(3)]
        assert number_provisional(library, act(library)) == 0
        self.block(library, 1_000_401, 1_000_600)
        assert number_provisional(library, act(library)) == 2
        assert [row(library, Member, member.id).member_no for member in members] == ["1000001", "1000401", "1000402"]
        assert number_provisional(library, act(library)) == 0

    def test_a_number_given_by_hand_is_passed_over(self, library: Library) -> None:
        self.block(library, 1_000_001, 1_000_200)
        member = a_member(library)
        change(library, Member, member.id, member_no="1000057")
        assert a_member(library).number == "1000058"


def test_days_are_those_of_the_return_not_of_the_registration(library: Library) -> None:
    visitor, copy = guest(library), add_copy(library)
    lend(library, visitor, copy)
    pass_days(library, 200)
    take_back(library, copy)
    with library.store.write() as tx:  # what it cost is paid
        balance = sum(line.amount for line in rows(library, LedgerLine))
        if balance:
            tx.insert(LedgerLine, member_id=visitor.id, kind=LedgerKind.WAIVER, amount=-balance, at=act(library).at,
                      day=act(library).day, staff_id=act(library).staff_id)  # fmt: skip
            tx.record("ledger.waived", act(library))
    assert forget_guests(library, act(library), act(library).day) == 0
    assert forget_guests(library, act(library), act(library).day + dt.timedelta(days=90)) == 1
