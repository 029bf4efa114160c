"""The call list of late books, and the contacts that must be asked for again (001 یافته‌ها الف: wrong numbers)."""

import datetime as dt

import pytest

from app.circulation import reads
from app.library import Library
from app.members.queries import find_members
from app.notices.calls import (
    CALL_AGAIN,
    CallNote,
    CallRecorded,
    LateReader,
    call_list,
    calls_of,
    next_call,
    record_call,
)
from app.notices.contacts import A_FAMILY, ContactSet, Doubt, Whose, contacts_of, contacts_to_check, set_contact
from app.outcome import NotFound, Refused
from app.undo import Undone, undo_last
from db.codes import CallResult, ContactHealth, ContactKind, LedgerKind, Role
from db.models.circulation import CallAttempt, LedgerLine, Loan
from db.models.library import Branch
from db.models.members import Member, MemberContact
from tests import library as lib
from tests.library import TODAY, AMember, act

MOBILE, GUARDIAN, GUARANTOR = "+989123456789", "+989351112233", "+989121112222"
RESULT = CallResult


def after(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def late_loan(library: Library, member: AMember | None = None) -> AMember:
    borrower = member or lib.add_member(library)
    lib.lend(library, borrower, lib.add_copy(library))
    return borrower


def listed(library: Library) -> list[LateReader]:
    with library.store.read() as reader:
        return call_list(library, reader, library.clock.read().day)


def noted(library: Library, member: AMember, result: CallResult, **fields: object) -> CallRecorded:
    outcome = record_call(library, CallNote(member.card, result, **fields), act(library))  # type: ignore[arg-type]
    assert isinstance(outcome, CallRecorded), outcome
    return outcome


def test_the_list_groups_late_books_by_reader_with_debt_and_telephones(library: Library) -> None:
    guarantor = lib.add_member(library, given_name="رضا", family_name="ضامنی", mobile="09121112222")
    member = lib.add_member(
        library, "child", mobile="09123456789", guardian="علی زند", guardian_mobile="09351112233",
        guarantor=guarantor.card,
    )  # fmt: skip
    late_loan(library, member)
    late_loan(library, member)
    with library.store.write() as tx:
        tx.insert(
            LedgerLine, member_id=member.id, kind=LedgerKind.FINE, amount=12_000, at=act(library).at, day=TODAY,
            staff_id=act(library).staff_id,
        )  # fmt: skip
        tx.record("fine.charged", act(library))
    lib.pass_days(library, 20)
    (one,) = listed(library)
    assert (len(one.books), one.debt, one.late) == (
        2,
        12_000,
        5,
    )  # the twentieth day is a Friday
    assert [(contact.value, contact.whose, contact.name) for contact in one.telephones] == [
        (MOBILE, Whose.OWN, ""), (GUARDIAN, Whose.GUARDIAN, "علی زند"), (GUARANTOR, Whose.GUARANTOR, "رضا ضامنی"),
    ]  # fmt: skip


def test_a_book_due_today_is_on_no_list(library: Library) -> None:
    late_loan(library)
    lib.pass_days(library, 14)
    assert listed(library) == []


def test_closed_days_make_nobody_late(library: Library) -> None:
    lent = lib.lend(library, lib.add_member(library), lib.add_copy(library))
    lib.change(library, Loan, lent.loan_id, due_on=after(19))  # a Thursday
    lib.pass_days(library, 20)
    assert listed(library) == []


def test_who_is_to_be_called_today_comes_first_and_the_latest_of_them(library: Library) -> None:
    early = late_loan(library)
    lib.pass_days(library, 2)
    later, promised = late_loan(library), late_loan(library)
    lib.pass_days(library, 20)
    noted(library, promised, RESULT.PROMISED)
    assert [one.member_id for one in listed(library)] == [early.id, later.id, promised.id]


@pytest.mark.parametrize(
    ("result", "days"),
    [
        (RESULT.NO_ANSWER, 1),
        (RESULT.MESSAGE_LEFT, 2),
        (RESULT.PROMISED, 3),
        (RESULT.WRONG_NUMBER, 0),
        (RESULT.SAYS_RETURNED, 1),
        pytest.param(RESULT.SAYS_LOST, 8, id="seven open days: a Friday between"),
    ],
)
def test_each_result_says_when_to_call_again(library: Library, result: CallResult, days: int) -> None:
    assert set(CALL_AGAIN) == set(CallResult)
    assert next_call(library, result, TODAY) == after(days)


def test_nobody_is_called_again_on_a_closed_day(library: Library) -> None:
    thursday = after(5)
    assert next_call(library, RESULT.NO_ANSWER, thursday) == after(7)


@pytest.mark.parametrize("result", [RESULT.SAYS_RETURNED, RESULT.SAYS_LOST, RESULT.PROMISED, RESULT.WRONG_NUMBER])
def test_a_loan_is_never_ended_by_a_call(library: Library, result: CallResult) -> None:
    """Only the book, seen at the desk, ends a loan (circulation note §7-10)."""
    member = late_loan(library)
    lib.pass_days(library, 20)
    (before,) = lib.rows(library, Loan)
    outcome = noted(library, member, result, number=MOBILE)
    assert lib.rows(library, Loan) == [before]
    assert outcome.loans == (before.id,)
    assert len(listed(library)) == 1


def test_a_wrong_number_is_marked_and_not_offered_first_again(library: Library) -> None:
    member = lib.add_member(library, mobile="09123456789", guardian_mobile="09351112233")
    late_loan(library, member)
    lib.pass_days(library, 20)
    assert noted(library, member, RESULT.WRONG_NUMBER, number="۰۹۱۲ ۳۴۵ ۶۷۸۹").marked_bad
    (one,) = listed(library)
    assert [(contact.value, contact.health) for contact in one.telephones] == [
        (GUARDIAN, ContactHealth.UNKNOWN),
        (MOBILE, ContactHealth.BAD),
    ]
    assert not noted(library, member, RESULT.WRONG_NUMBER, number=MOBILE).marked_bad


def test_a_wrong_number_must_be_named(library: Library) -> None:
    outcome = record_call(library, CallNote(late_loan(library).card, RESULT.WRONG_NUMBER), act(library))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["call.number_needed"]


@pytest.mark.parametrize("days", [-1, 400])
def test_the_next_call_is_not_yesterday_and_not_in_years(library: Library, days: int) -> None:
    note = CallNote(late_loan(library).card, RESULT.PROMISED, next_on=after(days))
    assert isinstance(record_call(library, note, act(library)), Refused)
    assert lib.rows(library, CallAttempt) == []


def test_calls_are_kept_with_person_number_and_note(library: Library) -> None:
    member = lib.add_member(library, mobile="09123456789")
    noted(library, member, RESULT.PROMISED, next_on=after(4), note="شنبه می‌آورد")
    with library.store.read() as reader:
        (call,) = calls_of(reader, member.id)
    assert (call.number, call.next_on, call.note, call.staff) == (MOBILE, after(4), "شنبه می‌آورد", "زهرا کریمی")


def test_a_call_is_taken_back_with_its_mark(library: Library) -> None:
    member = lib.add_member(library, mobile="09123456789")
    noted(library, member, RESULT.WRONG_NUMBER, number=MOBILE)
    assert isinstance(undo_last(library, act(library)), Undone)
    assert (lib.rows(library, CallAttempt), lib.rows(library, MemberContact)) == ([], [])


def test_a_reader_without_late_books_is_on_no_list(library: Library) -> None:
    member = late_loan(library)
    with library.store.read() as reader:
        assert call_list(library, reader, TODAY) == []
    assert isinstance(record_call(library, CallNote("M-9999", RESULT.PROMISED), act(library)), NotFound)
    assert isinstance(record_call(library, CallNote(member.card, RESULT.PROMISED), act(library, Role.TRAINEE)), Refused)


def with_phone(library: Library, phone: str) -> None:
    lib.change(library, Branch, library.branch.id, phone=phone)
    library.forget_rules()


@pytest.mark.parametrize(
    ("mobile", "doubt"),
    [
        pytest.param("09123456789", None, id="a sound mobile number"),
        pytest.param("123", Doubt.NOT_A_TELEPHONE, id="001: «نوشته شده به عنوان موبایل اشتباه است»"),
        pytest.param("08634567890", Doubt.LANDLINE, id="001: «شماره منزل عضو»"),
        pytest.param("09121112222", Doubt.OWN_NUMBER, id="001: «شماره کتابخانه»"),
        pytest.param(None, Doubt.MISSING, id="nothing to call"),
    ],
)
def test_numbers_that_must_be_asked_for_again_are_listed(
    library: Library, mobile: str | None, doubt: Doubt | None
) -> None:
    with_phone(library, "09121112222")
    member = lib.add_member(library)
    lib.change(library, Member, member.id, mobile=mobile and (f"+98{mobile[1:]}" if len(mobile) == 11 else mobile))
    with library.store.read() as reader:
        found = contacts_to_check(library, reader)
    assert [row.doubt for row in found] == ([doubt] if doubt else [])


def test_a_number_that_more_than_a_family_shares_is_listed(library: Library) -> None:
    for _ in range(A_FAMILY):
        lib.add_member(library, mobile="09123456789")
    with library.store.read() as reader:
        assert contacts_to_check(library, reader) == []
    lib.add_member(library, mobile="09123456789")
    with library.store.read() as reader:
        found = contacts_to_check(library, reader)
    assert {(row.doubt, row.others) for row in found} == {(Doubt.SHARED, A_FAMILY)}


@pytest.mark.parametrize("health", [ContactHealth.BAD, ContactHealth.DOUBTFUL])
def test_a_contact_that_failed_is_listed_until_it_is_put_right(library: Library, health: ContactHealth) -> None:
    member = lib.add_member(library, mobile="09123456789")
    set_contact(library, member.card, ContactKind.MOBILE, "09123456789", health, act(library))
    with library.store.read() as reader:
        assert [row.doubt for row in contacts_to_check(library, reader)] == [Doubt(health.value)]
    done = set_contact(library, member.card, ContactKind.MOBILE, "09351112233", ContactHealth.VERIFIED, act(library))
    assert isinstance(done, ContactSet)
    with library.store.read() as reader:
        again = contacts_to_check(library, reader)
        assert reads.find_member(reader, member.card) is not None
    assert [row.value for row in again] == ["+989123456789"]
    assert lib.row(library, Member, member.id).mobile == GUARDIAN


def test_the_librarys_own_number_is_nobodys_mobile(library: Library) -> None:
    with_phone(library, "09121112222")
    outcome = set_contact(
        library, lib.add_member(library).card, ContactKind.MOBILE, "۰۹۱۲۱۱۱۲۲۲۲", ContactHealth.VERIFIED, act(library)
    )
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["contact.own_number"]


def test_a_landline_is_no_mobile_and_is_kept_as_what_it_is(library: Library) -> None:
    member = lib.add_member(library)
    refused = set_contact(library, member.card, ContactKind.MOBILE, "08634567890", ContactHealth.VERIFIED, act(library))
    assert isinstance(refused, Refused)
    kept = set_contact(library, member.card, ContactKind.PHONE, "08634567890", ContactHealth.VERIFIED, act(library))
    assert isinstance(kept, ContactSet)
    with library.store.read() as reader:
        assert [(one.kind, one.value) for one in contacts_of(reader, member.id)] == [
            (ContactKind.PHONE, "+988634567890")
        ]


def test_a_member_is_found_by_the_new_number(library: Library) -> None:
    member = lib.add_member(library, mobile="09123456789")
    set_contact(library, member.card, ContactKind.MOBILE, "09351112233", ContactHealth.VERIFIED, act(library))
    with library.store.read() as reader:
        assert [row.id for row in find_members(reader, "09351112233", TODAY)] == [member.id]
        assert [row.id for row in find_members(reader, member.card, TODAY)] == [member.id]
        assert find_members(reader, "09123456789", TODAY) == []


def test_a_call_is_taken_to_have_gone_to_a_number_that_is_not_known_to_be_wrong(library: Library) -> None:
    member = lib.add_member(library, mobile="09123456789", guardian_mobile="09351112233")
    noted(library, member, RESULT.WRONG_NUMBER, number=MOBILE)
    noted(library, member, RESULT.NO_ANSWER)
    assert [call.number for call in lib.rows(library, CallAttempt, result=RESULT.NO_ANSWER)] == [GUARDIAN]
