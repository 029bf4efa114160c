"""Registering members, against a real store."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.library import Library
from app.members.form import MemberForm
from app.members.queries import find_members
from app.members.service import add_member, default_expiry
from app.members.writing import Enrolled
from app.outcome import Refused
from app.refusal import NO_ANSWER, Answer, Weight
from app.undo import undo_last
from db.codes import CardState, Role
from db.models.members import Member, MemberCard, MemberContact
from db.models.sync import JournalEntry
from tests.library import TODAY, act, found, put_policy, row, rows
from tests.library import add_member as enrolled

SOUND_ID, MOBILE = "0499370899", "09123456789"
HOSTILE = [
    '<img src="file:///etc/passwd">',
    "=1+1",
    "+cmd|' /C calc'!A0",
    "مریم\u202eدزد",
    "\ud800الف",
    "ب\x00ج",
    "رضا'; DROP TABLE member; --",
]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def form(**fields: Any) -> MemberForm:
    return MemberForm(**({"given_name": "مریم", "family_name": "رضایی", "category": "ordinary"} | fields))


def added(library: Library, answer: Answer = NO_ANSWER, **fields: Any) -> Enrolled:
    outcome = add_member(library, form(**fields), act(library), answer)
    assert isinstance(outcome, Enrolled), outcome
    return outcome


def refused(library: Library, answer: Answer = NO_ANSWER, role: Role = Role.HEAD, **fields: Any) -> list[str]:
    outcome = add_member(library, form(**fields), act(library, role), answer)
    assert isinstance(outcome, Refused), outcome
    return [f"{found.code} {found.facts.get('field', '')}".strip() for found in outcome.refusals]


def test_a_member_is_kept_as_written_with_card_number_and_expiry(library: Library) -> None:
    outcome = added(
        library, card=" ۱۰۰۱ ", national_id="٠٤٩٩٣٧٠٨٩٩", mobile="۰۹۱۲ ۳۴۵ ۶۷۸۹", birth_date=dt.date(2010, 5, 1),
        address="خیابان  امام", interests=("تاریخ", "شعر"), father_name="علی", note="—",
    )  # fmt: skip
    member = row(library, Member, outcome.member_id)
    assert (member.given_name, member.family_name, member.father_name) == ("مریم", "رضایی", "علی")
    assert (member.national_id, member.mobile, member.member_no) == (SOUND_ID, "+989123456789", "000001")
    assert (member.joined_on, member.expires_on) == (TODAY, dt.date(2027, 11, 21))  # ۳۰ آبان ۱۴۰۶
    assert member.interests == ["تاریخ", "شعر"]
    (card,) = rows(library, MemberCard)
    assert (card.number, card.state, card.since) == ("1001", CardState.ACTIVE, TODAY)
    (contact,) = rows(library, MemberContact)
    assert contact.value == "خیابان امام"
    assert rows(library, JournalEntry)[-1].kind == "member.added"


def test_member_numbers_rise_and_pass_over_those_given_by_hand(library: Library) -> None:
    assert added(library).member_no == "000001"
    assert added(library, member_no="۰۰۰۰۰۲").member_no == "000002"
    assert added(library).member_no == "000003"


def test_a_number_is_not_given_again_after_an_undo(library: Library) -> None:
    added(library)
    undo_last(library, act(library))
    assert added(library).member_no == "000002"


def test_everything_wrong_with_a_form_is_told_at_once(library: Library) -> None:
    assert refused(
        library, given_name=" \u200c", family_name="", category="king", national_id="123", mobile="12",
        guardian_mobile="021", birth_date=TODAY + dt.timedelta(1), joined_on=TODAY + dt.timedelta(2),
        expires_on=TODAY - dt.timedelta(1), guarantor="M-99",
    ) == [
        "field.required given_name", "field.required family_name", "field.invalid category", "member.national_id",
        "member.mobile mobile", "member.mobile guardian_mobile", "field.invalid birth_date", "field.invalid joined",
        "field.invalid expires", "member.guarantor_unknown",
    ]  # fmt: skip
    assert rows(library, Member) == []


@pytest.mark.parametrize(
    ("birth_date", "sound"),
    [
        (dt.date(1899, 12, 31), False),
        (dt.date(1900, 1, 1), True),
        (TODAY, True),
        (TODAY + dt.timedelta(1), False),
    ],
)
def test_nobody_is_born_before_1900_or_tomorrow(library: Library, birth_date: dt.date, sound: bool) -> None:
    outcome = add_member(library, form(birth_date=birth_date), act(library))
    assert isinstance(outcome, Enrolled) is sound


def test_the_number_of_a_foreigner_is_kept_after_a_yes(library: Library) -> None:
    answer = Answer(confirm=frozenset({"member.national_id", "member.mobile"}))
    outcome = add_member(library, form(national_id="AF-12", mobile="+93 70"), act(library))
    assert isinstance(outcome, Refused)
    assert {refusal.weight for refusal in outcome.refusals} == {Weight.CONFIRM}
    member = row(library, Member, added(library, answer, national_id="AF-12", mobile="+93 70").member_id)
    assert (member.national_id, member.mobile) == ("AF-12", "+93 70")


def test_card_number_and_national_id_are_nobody_elses(library: Library) -> None:
    added(library, card="C-1", member_no="77", national_id=SOUND_ID)
    assert refused(library, card=" C-۱ ", member_no="۷۷", national_id="۰۴۹۹۳۷۰۸۹۹") == [
        "member.card_taken",
        "member.number_taken",
        "member.duplicate",
    ]


def test_a_blank_card_is_no_card(library: Library) -> None:
    for _ in range(2):
        added(library, card="  ", member_no=" ")
    assert rows(library, MemberCard) == []


def test_a_guarantor_is_a_member_found_by_card_or_number(library: Library) -> None:
    guarantor = enrolled(library, card="C-1")
    for key in ("C-1", "C-۱", guarantor.number):
        assert row(library, Member, added(library, guarantor=key).member_id).guarantor_id == guarantor.id


def test_a_membership_ends_as_the_policy_says(library: Library) -> None:
    assert default_expiry(library, "ordinary", dt.date(2026, 3, 21)) == dt.date(2027, 3, 21)
    assert row(library, Member, added(library, joined_on=dt.date(2026, 1, 20)).member_id).expires_on == dt.date(
        2027, 1, 20
    )
    put_policy(library, {"loan_days": 14})
    assert row(library, Member, added(library).member_id).expires_on is None
    wanted = TODAY + dt.timedelta(5)
    assert row(library, Member, added(library, expires_on=wanted).member_id).expires_on == wanted


def test_categories_are_those_of_the_profile(library: Library, tmp_path: Path) -> None:
    assert refused(library, category="faculty") == ["field.invalid category"]
    university = found(tmp_path / "other", "university")
    with university.store:
        assert isinstance(add_member(university, form(category="faculty"), act(university)), Enrolled)


def test_somebody_who_does_not_register_members_is_refused_with_all_the_rest(library: Library) -> None:
    assert refused(library, role=Role.CATALOGUER, family_name="") == ["role.not_allowed", "field.required family_name"]
    assert isinstance(add_member(library, form(), act(library, Role.ASSISTANT)), Enrolled)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_a_name(library: Library, name: str) -> None:
    outcome = added(library, given_name=name, family_name=name, card=name, address=name, note=name, age_group=name)
    member = row(library, Member, outcome.member_id)
    kept = name.replace("\u202e", "").replace("\ud800", "").replace("\x00", "")
    assert (member.given_name, member.family_name) == (kept, kept)
    with library.store.read() as reader:
        assert [found.id for found in find_members(reader, kept, TODAY)] == [outcome.member_id]


def test_an_endless_name_is_cut_and_harms_nobody(library: Library) -> None:
    outcome = added(library, given_name="م" * 200_000, family_name="ر\u0651" * 100_000, card="9" * 200_000)
    member = row(library, Member, outcome.member_id)
    assert (len(member.given_name), len(member.family_name)) == (120, 120)
    assert len(rows(library, MemberCard)[0].number) == 64
