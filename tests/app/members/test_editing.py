"""Correcting a member, prolonging a membership, and what the policy asks of those who join."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.library import Library
from app.members.form import MemberForm
from app.members.queries import find_members
from app.members.service import (
    Edited,
    Prolonged,
    add_member,
    edit_member,
    form_of,
    missing_documents,
    renew_member,
)
from app.members.writing import Enrolled
from app.outcome import NotFound, Refused, Sought
from app.refusal import Answer
from db.codes import LedgerKind, MemberState, Role
from db.models.circulation import LedgerLine, Loan
from db.models.items import Item
from db.models.library import Branch
from db.models.members import Member, MemberContact
from db.models.sync import JournalEntry
from tests import library as lib
from tests.library import TODAY, AMember, act, add_copy, found, lend, pass_days, put_policy, row, rows, take_back


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def written(library: Library, member: AMember) -> MemberForm:
    with library.store.read() as reader:
        form = form_of(reader, member.id)
    assert form is not None
    return form


def edit(library: Library, member: AMember, **changes: Any) -> object:
    return edit_member(library, member.id, replace(written(library, member), **changes), act(library))


def codes(outcome: object) -> list[str]:
    assert isinstance(outcome, Refused), outcome
    return [refusal.code for refusal in outcome.refusals]


def fees(library: Library) -> dict[LedgerKind, int]:
    return {line.kind: line.amount for line in rows(library, LedgerLine)}


def test_what_is_written_of_a_member_can_be_read_back_as_the_form(library: Library) -> None:
    father = lib.add_member(library, given_name="حسن")
    form = MemberForm(
        given_name="مریم", family_name="رضایی", category="child", card="M-77", national_id="0499370899",
        birth_date=dt.date(2015, 5, 1), mobile="09121112233", father_name="حسن", guardian="حسن رضایی",
        guardian_mobile="09121112244", guarantor=father.card, guardian_member=father.number, age_group="ب",
        address="آبگرم، کوچهٔ دوم", phone="0281 222", email="m@example.org", education="دبستان", job="دانش‌آموز",
        interests=("نجوم",), note="عینکی", letter_no="12", scheme="غدیر", liaison="الف", documents=("عکس",),
        keep_history=True, address_unknown=True,
    )  # fmt: skip
    enrolled = add_member(library, form, act(library), free=True)
    assert isinstance(enrolled, Enrolled)
    with library.store.read() as reader:
        again = form_of(reader, enrolled.member_id)
    expected = replace(
        form, mobile="+989121112233", guardian_mobile="+989121112244", guarantor=father.number,
        member_no=enrolled.member_no, joined_on=TODAY, expires_on=again.expires_on if again else None,
    )  # fmt: skip
    assert again == expected


def test_an_edit_changes_what_it_says_and_nothing_else(library: Library) -> None:
    member = lib.add_member(library, mobile="09121112233", address="آبگرم")
    before = row(library, Member, member.id)
    assert edit(library, member, family_name="رضایی‌پور", address="کوچهٔ سوم") == Edited(member.id, MemberState.ACTIVE)
    after = row(library, Member, member.id)
    assert (after.family_name, after.mobile, after.member_no, after.joined_on, after.expires_on) == (
        "رضایی‌پور", "+989121112233", before.member_no, before.joined_on, before.expires_on,
    )  # fmt: skip
    assert [contact.value for contact in rows(library, MemberContact)] == ["کوچهٔ سوم"]
    assert rows(library, JournalEntry)[-1].kind == "member.changed"


def test_a_member_is_found_by_the_new_name_and_no_longer_by_the_old(library: Library) -> None:
    member = lib.add_member(library)
    edit(library, member, given_name="نگار", family_name="صفوی")
    with library.store.read() as reader:
        assert [one.id for one in find_members(reader, "صفوی نگار", TODAY, 5)] == [member.id]
        assert find_members(reader, "رضایی", TODAY, 5) == []
        assert [one.id for one in find_members(reader, member.card, TODAY, 5)] == [member.id]


def test_an_edit_that_says_nothing_new_writes_nothing(library: Library) -> None:
    member = lib.add_member(library, address="آبگرم", interests=("نجوم",))
    before = len(rows(library, JournalEntry))
    assert isinstance(edit(library, member), Edited)
    assert len(rows(library, JournalEntry)) == before


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"given_name": " "}, ["field.required"]),
        ({"category": "faculty"}, ["field.invalid"]),
        ({"birth_date": dt.date(2100, 1, 1)}, ["field.invalid"]),
        ({"national_id": "1234567890"}, ["member.national_id"]),
        ({"mobile": "12"}, ["member.mobile"]),
        ({"guarantor": "M-404"}, ["member.guarantor_unknown"]),
        ({"guarantor": "M-0001"}, ["member.own_guarantor"]),
        ({"national_id": "0499370899"}, ["member.duplicate"]),
        ({"family_name": "", "mobile": "12", "guarantor": "M-404"},
         ["field.required", "member.mobile", "member.guarantor_unknown"]),
    ],
)  # fmt: skip
def test_everything_wrong_is_told_and_nothing_changes(
    library: Library, changes: dict[str, Any], expected: list[str]
) -> None:
    member = lib.add_member(library, card="M-0001")
    lib.add_member(library, national_id="0499370899")
    before = row(library, Member, member.id)
    assert codes(edit(library, member, **changes)) == expected
    assert row(library, Member, member.id) == before


def test_the_number_of_the_library_itself_is_nobodys(library: Library) -> None:
    # 001 راهکار ه: the library's own number stood in the field of the mobile
    lib.change(library, Branch, library.branch.id, phone="0912 111 22 33")
    library.forget_rules()
    form = MemberForm("علی", "کریمی", "ordinary", mobile="09121112233", guardian_mobile="+989121112233")
    assert codes(add_member(library, form, act(library))) == ["contact.own_number", "contact.own_number"]
    answer = Answer(confirm=frozenset({"contact.own_number"}))
    assert isinstance(add_member(library, form, act(library), answer), Refused)


def test_who_was_ever_late_does_not_become_one_of_the_retired(library: Library) -> None:
    # 000 §3-1-1: retired faculty and staff only without overdue history
    put_policy(
        library, {"values": {"loan_days": 7}}, {"category": "child", "values": {"refuse_if_overdue_history": True}}
    )
    member, copy = lib.add_member(library), add_copy(library)
    assert isinstance(edit(library, member, category="child"), Edited)
    edit(library, member, category="ordinary")
    lend(library, member, copy)
    pass_days(library, 10)
    assert codes(edit(library, member, category="child")) == ["member.overdue_history"]
    assert isinstance(edit(library, member, note="دیر آورد"), Edited)


def test_a_doubtful_number_stands_when_confirmed(library: Library) -> None:
    member = lib.add_member(library)
    form = replace(written(library, member), mobile="12")
    answer = Answer(confirm=frozenset({"member.mobile"}))
    assert isinstance(edit_member(library, member.id, form, act(library), answer), Edited)


def test_a_trainee_edits_and_prolongs_nobody(library: Library) -> None:
    member = lib.add_member(library)
    by = act(library, Role.TRAINEE)
    assert codes(edit_member(library, member.id, written(library, member), by)) == ["role.not_allowed"]
    assert codes(renew_member(library, member.card, by)) == ["role.not_allowed"]


def test_a_membership_is_prolonged_from_its_end_and_the_fee_charged(library: Library) -> None:
    put_policy(library, {"values": {"loan_days": 14, "months": 12, "fee": 350_000, "card_fee": 5_000}})
    member = lib.add_member(library, expires_on=TODAY + dt.timedelta(days=10))
    outcome = renew_member(library, member.card, act(library))
    assert outcome == Prolonged(member.id, dt.date(2027, 12, 1), 350_000)
    assert fees(library) == {LedgerKind.MEMBERSHIP_FEE: 350_000}


def test_a_membership_that_is_over_is_prolonged_from_today(library: Library) -> None:
    put_policy(library, {"values": {"loan_days": 14, "months": 6}})
    member = lib.add_member(library, expires_on=TODAY + dt.timedelta(days=10))
    pass_days(library, 60)
    outcome = renew_member(library, member.card, act(library))
    assert outcome == Prolonged(member.id, dt.date(2027, 7, 21), 0)


def test_a_membership_is_prolonged_to_a_day_that_is_given_and_free_of_charge(library: Library) -> None:
    put_policy(library, {"values": {"loan_days": 14, "months": 12, "fee": 350_000}})
    member = lib.add_member(library)
    until = TODAY + dt.timedelta(days=30)
    assert renew_member(library, member.card, act(library), until=until, free=True) == Prolonged(member.id, until, 0)
    assert codes(renew_member(library, member.card, act(library), until=TODAY)) == ["field.invalid"]
    assert renew_member(library, "M-404", act(library)) == NotFound(Sought.MEMBER, "M-404")


def test_nothing_is_prolonged_while_nobody_knows_what_day_it_is(library: Library) -> None:
    member = lib.add_member(library)
    assert codes(renew_member(library, member.card, act(library, doubtful=True))) == ["clock.doubtful"]


def test_somebody_who_was_cleared_becomes_a_member_again(library: Library) -> None:
    member = lib.add_member(library)
    lib.change(library, Member, member.id, state=MemberState.CLEARED)
    renew_member(library, member.card, act(library))
    assert row(library, Member, member.id).state is MemberState.ACTIVE


def test_who_was_ever_late_is_not_prolonged_where_the_policy_asks_for_a_clean_history(library: Library) -> None:
    # 000 §3-1-1: retired faculty and staff, one year, only without overdue history
    put_policy(library, {"values": {"loan_days": 7, "months": 12, "refuse_if_overdue_history": True}})
    good, bad, late = (lib.add_member(library, card=f"M-{name}") for name in "123")
    for member in (good, bad, late):
        lend(library, member, add_copy(library, f"کتاب {member.card}"))
    copies = {loan.member_id: loan.item_id for loan in rows(library, Loan)}
    barcodes = {item.id: item for item in rows(library, Item)}
    for member, days in ((good, 2), (bad, 10)):
        pass_days(library, days)
        take_back(library, lib.ACopy(copies[member.id], *_copy(barcodes[copies[member.id]])))
    assert isinstance(renew_member(library, good.card, act(library)), Prolonged)
    assert codes(renew_member(library, bad.card, act(library))) == ["member.overdue_history"]
    assert codes(renew_member(library, late.card, act(library))) == ["member.overdue_history"]


def _copy(item: Any) -> tuple[Any, str, int]:
    return item.title_id, item.barcode, item.accession_no


def test_a_membership_that_needs_a_letter_waits_for_it(library: Library) -> None:
    # 000 §3-1-1-ج: a letter from the workplace
    put_policy(library, {"values": {"loan_days": 14, "letter": True}})
    waiting = add_member(library, MemberForm("علی", "کریمی", "ordinary", card="M-9"), act(library))
    assert isinstance(waiting, Enrolled)
    assert waiting.state is MemberState.PENDING
    member = AMember(waiting.member_id, "M-9", waiting.member_no)
    assert codes(renew_member(library, "M-9", act(library))) == ["member.pending"]
    assert edit(library, member, letter_no="۱۴۰۵/۱۲") == Edited(member.id, MemberState.ACTIVE)
    with_letter = MemberForm("علی", "صفوی", "ordinary", letter_no="۱۳")
    assert add_member(library, with_letter, act(library)).state is MemberState.ACTIVE  # type: ignore[union-attr]


def test_a_membership_that_needs_a_guarantor_is_not_made_without(library: Library) -> None:
    # 000 §3-1-1-ج: retired staff need a guarantor
    put_policy(library, {"values": {"loan_days": 14}}, {"category": "child", "values": {"guarantor": True}})
    father = lib.add_member(library)
    child = MemberForm("سارا", "رضایی", "child")
    assert codes(add_member(library, child, act(library))) == ["member.guarantor_required"]
    assert isinstance(add_member(library, replace(child, guarantor=father.card), act(library)), Enrolled)


def test_joining_costs_what_the_policy_says(library: Library) -> None:
    # 004 الف-1-4: one-year fee 350,000 rial
    put_policy(library, {"values": {"loan_days": 14, "fee": 350_000, "card_fee": 5_000}})
    add_member(library, MemberForm("علی", "کریمی", "ordinary", card="M-9"), act(library))
    assert fees(library) == {LedgerKind.MEMBERSHIP_FEE: 350_000, LedgerKind.CARD_FEE: 5_000}


def test_joining_without_a_card_or_free_of_charge_costs_less(library: Library) -> None:
    put_policy(library, {"values": {"loan_days": 14, "fee": 350_000, "card_fee": 5_000}})
    add_member(library, MemberForm("علی", "کریمی", "ordinary"), act(library))
    add_member(library, MemberForm("علی", "صفوی", "ordinary", card="M-9"), act(library), free=True)
    assert fees(library) == {LedgerKind.MEMBERSHIP_FEE: 350_000}


def test_the_papers_that_are_missing_are_named(library: Library) -> None:
    put_policy(library, {"values": {"loan_days": 14, "documents": ["عکس", "شناسنامه"]}})
    form = MemberForm("علی", "کریمی", "ordinary", documents=("عکس",))
    assert missing_documents(library, form) == ("شناسنامه",)
