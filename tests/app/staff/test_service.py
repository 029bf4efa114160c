"""Registering people, and what their roles may do."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.actions import DEFAULTS, Action
from app.library import Library
from app.outcome import Refused
from app.staff.people import DESK_ROLES, everybody
from app.staff.service import (
    PermissionSet,
    SignedIn,
    StaffForm,
    StaffSaved,
    add_person,
    edit_person,
    set_permission,
    set_pin,
    sign_in,
    sign_in_with_card,
)
from db.codes import Role
from db.journal import DECODER
from db.models.library import Staff
from db.models.sync import JournalEntry
from tests.library import act, add_member, found, row, rows

PIN = "2718"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def add(library: Library, name: str = "نرگس صفری", **fields: Any) -> uuid.UUID:
    saved = add_person(library, StaffForm(name, **fields), act(library))
    assert isinstance(saved, StaffSaved), saved
    return saved.person_id


def codes(outcome: object) -> list[str]:
    assert isinstance(outcome, Refused), outcome
    return [refusal.code for refusal in outcome.refusals]


def test_a_person_is_registered_and_the_pin_kept_as_argon2id_only(library: Library) -> None:
    person = row(library, Staff, add(library, " نرگس  صفری ", pin=PIN, card="۰۰۱۲", role=Role.TRAINEE))
    assert (person.name, person.role, person.card, person.active) == ("نرگس صفری", Role.TRAINEE, "0012", True)
    assert person.pin_hash.startswith("$argon2id$")
    assert PIN not in person.pin_hash
    assert [one.name for one in library.people()] == ["زهرا کریمی", "نرگس صفری"]


def test_no_trace_of_a_pin_is_in_what_the_journal_sends(library: Library) -> None:
    person = add(library, pin=PIN)
    set_pin(library, person, "9753", act(library))
    with library.store.read() as reader:
        bodies = [bytes(entry) for (entry,) in reader.run("SELECT body FROM journal").fetchall()]
    assert all(b"argon2" not in body for body in bodies)
    assert [DECODER.decode(body)[1] for body in bodies[-2:]] == ["staff.added", "staff.pin_changed"]
    assert rows(library, JournalEntry)[-1].staff_id == act(library).staff_id


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (StaffForm("  "), ["field.required"]),
        (StaffForm("نو", Role.PROVINCE_REVIEWER), ["field.invalid"]),
        (StaffForm("نو", pin="12"), ["staff.pin_weak"]),
        (StaffForm("نو", pin="1234"), ["staff.pin_weak"]),
        (StaffForm("زهرا کریمی"), ["staff.name_taken"]),
        (StaffForm("نو", card="S-1"), ["staff.card_taken"]),
        (StaffForm("نو", card="M-1"), ["staff.card_taken"]),
        (StaffForm("زهرا کریمی", Role.AUDITOR, card="M-1", pin="0000"),
         ["field.invalid", "staff.pin_weak", "staff.name_taken", "staff.card_taken"]),
    ],
)  # fmt: skip
def test_everything_wrong_with_a_person_is_told_at_once(library: Library, form: StaffForm, expected: list[str]) -> None:
    add(library, "دارندهٔ کارت", card="S-1")
    add_member(library, card="M-1")
    before = len(rows(library, JournalEntry))
    assert codes(add_person(library, form, act(library))) == expected
    assert len(rows(library, JournalEntry)) == before


@pytest.mark.parametrize("role", [role for role in DESK_ROLES if Action.MANAGE_STAFF not in DEFAULTS[role]])
def test_only_who_manages_the_staff_does(library: Library, role: Role) -> None:
    person = add(library)
    by = act(library, role)
    assert codes(add_person(library, StaffForm("دیگری"), by)) == ["role.not_allowed"]
    assert codes(edit_person(library, person, StaffForm("دیگری"), by)) == ["role.not_allowed"]
    assert codes(set_permission(library, Role.TRAINEE, Action.WAIVE, True, by)) == ["role.not_allowed"]
    assert codes(set_pin(library, person, PIN, by)) == ["role.not_allowed"]


def test_everybody_changes_the_own_pin(library: Library) -> None:
    own = act(library, Role.TRAINEE)
    assert isinstance(set_pin(library, library.person(None).id, PIN, own), StaffSaved)
    assert codes(set_pin(library, library.person(None).id, "11111", own)) == ["staff.pin_weak"]


def test_a_person_is_changed_and_let_go(library: Library) -> None:
    person = add(library, pin=PIN)
    edit_person(library, person, StaffForm("نرگس صفری‌پور", Role.ASSISTANT, active=False), act(library))
    changed = row(library, Staff, person)
    assert (changed.name, changed.role, changed.active) == ("نرگس صفری‌پور", Role.ASSISTANT, False)
    assert [one.name for one in library.people()] == ["زهرا کریمی"]
    assert codes(sign_in(library.store, act(library).stamp, person_id=person, pin=PIN)) == ["staff.unknown"]
    add(library, "نرگس صفری‌پور")  # the name is free again


def test_saving_a_person_unchanged_writes_nothing(library: Library) -> None:
    person = add(library)
    before = len(rows(library, JournalEntry))
    assert edit_person(library, person, StaffForm("نرگس صفری"), act(library)) == StaffSaved(person)
    assert len(rows(library, JournalEntry)) == before


def test_somebody_who_manages_the_staff_always_stays(library: Library) -> None:
    head = library.person(None)
    for form in (StaffForm(head.name, Role.LIBRARIAN), StaffForm(head.name, head.role, active=False)):
        assert codes(edit_person(library, head.id, form, act(library))) == ["staff.last_manager"]
    assert codes(set_permission(library, Role.HEAD, Action.MANAGE_STAFF, False, act(library))) == ["staff.last_manager"]
    add(library, role=Role.ADMINISTRATOR)
    assert isinstance(edit_person(library, head.id, StaffForm(head.name, Role.LIBRARIAN), act(library)), StaffSaved)


def test_a_permission_is_given_and_taken_and_holds_at_once(library: Library) -> None:
    assert not library.may(Role.TRAINEE, Action.WAIVE)
    given = set_permission(library, Role.TRAINEE, Action.WAIVE, True, act(library))
    assert given == PermissionSet(Role.TRAINEE, Action.WAIVE, True)
    assert library.may(Role.TRAINEE, Action.WAIVE)
    entries = len(rows(library, JournalEntry))
    set_permission(library, Role.TRAINEE, Action.WAIVE, True, act(library))
    assert len(rows(library, JournalEntry)) == entries
    set_permission(library, Role.TRAINEE, Action.WAIVE, False, act(library))
    assert not library.may(Role.TRAINEE, Action.WAIVE)


def test_the_desk_is_taken_over_by_pin_or_card(library: Library) -> None:
    person = add(library, pin=PIN, card="S-7")
    expected = SignedIn(person, "نرگس صفری", Role.LIBRARIAN)
    now = act(library).stamp
    assert sign_in(library.store, now, person_id=person, pin=PIN) == expected
    assert sign_in_with_card(library.store, "S-۷", now) == expected
    assert sign_in_with_card(library.store, "S-8", now) is None
    assert codes(sign_in(library.store, now, person_id=person, pin="0000")) == ["staff.pin_wrong"]
    assert codes(sign_in(library.store, now, person_id=uuid.uuid4(), pin=PIN)) == ["staff.unknown"]
    for _ in range(3):
        told = sign_in(library.store, now, person_id=person, pin="0000")
    assert codes(told) == ["staff.pin_blocked"]


def test_a_new_pin_ends_the_waiting(library: Library) -> None:
    person = add(library, pin=PIN)
    now = act(library).stamp
    for _ in range(4):
        sign_in(library.store, now, person_id=person, pin="0000")
    set_pin(library, person, "9753", act(library))
    assert isinstance(sign_in(library.store, now, person_id=person, pin="9753"), SignedIn)


def test_who_left_is_still_known(library: Library) -> None:
    person = add(library)
    edit_person(library, person, StaffForm("نرگس صفری", active=False), act(library))
    with library.store.read() as reader:
        assert [(one.name, one.active) for one in everybody(reader)] == [("زهرا کریمی", True), ("نرگس صفری", False)]
