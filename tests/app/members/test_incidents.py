"""Breaches of rules (000 §3-1-3, §3-3-1): noted, referred with a frozen letter, closed."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.library import Library
from app.members.incidents import (
    IncidentAdded,
    IncidentChanged,
    IncidentForm,
    IncidentLetter,
    add_incident,
    close_incident,
    incident,
    incidents,
    refer_incident,
)
from app.outcome import NotFound, Refused
from app.staff.offices import OfficeForm, OfficeSet, Position, set_office
from db.codes import DocumentKind, IncidentState, Role
from db.models.collection import Document
from db.models.members import Incident
from db.types import new_id
from tests.library import TODAY, AMember, act, add_copy, add_member, found, pass_days, rows

ACCOUNT = "پایان‌نامه را از بخش بیرون برد."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def member(library: Library) -> AMember:
    return add_member(library)


def note(library: Library, member: AMember, role: Role = Role.HEAD, **fields: Any) -> object:
    form = IncidentForm(**({"member": member.card, "account": ACCOUNT} | fields))
    return add_incident(library, form, act(library, role))


def letter(told: IncidentLetter) -> bytes:
    return f"{told.letter_no} {told.incident.name} {told.incident.account} {told.signer}".encode()


def refer(library: Library, noted: object, letter_no: str = "۱۲۳/۴") -> object:
    assert isinstance(noted, IncidentAdded)
    return refer_incident(library, noted.incident_id, letter_no, letter, act(library))


def codes(outcome: object) -> list[str]:
    assert isinstance(outcome, Refused), outcome
    return [refusal.code for refusal in outcome.refusals]


def test_an_incident_goes_from_the_desk_to_the_committee(library: Library, member: AMember) -> None:
    copy = add_copy(library)
    noted = note(library, member, item=copy.barcode, happened_on=TODAY - dt.timedelta(days=2))
    referred = refer(library, noted)
    assert isinstance(referred, IncidentChanged)
    (row,) = rows(library, Incident)
    assert (row.state, row.letter_no, row.letter_on) == (IncidentState.REFERRED, "۱۲۳/۴", TODAY)
    (document,) = rows(library, Document, kind=DocumentKind.LETTER)
    assert document.content.decode() == f"۱۲۳/۴ مریم رضایی {ACCOUNT} "
    assert document.id == row.document_id
    closed = close_incident(library, row.id, act(library))
    assert isinstance(closed, IncidentChanged)
    assert rows(library, Incident)[0].state is IncidentState.CLOSED


def test_the_letter_is_signed_by_who_heads_the_branch_on_its_day(library: Library, member: AMember) -> None:
    """Not by who is registered as a head: an office has its days (000 §4-1)."""
    for name, since in (("پریسا نوری", dt.date(2020, 3, 20)), ("کامران دیبا", TODAY + dt.timedelta(days=1))):
        form = OfficeForm(Position.BRANCH_HEAD, name, since)
        assert isinstance(set_office(library, form, act(library)), OfficeSet)
    refer(library, note(library, member))
    pass_days(library, 1)
    refer(library, note(library, member), "۱۲۴/۴")
    signed = [document.content.decode().split(ACCOUNT)[1].strip() for document in rows(library, Document)]
    assert signed == ["پریسا نوری", "کامران دیبا"]


def test_the_list_of_a_member_tells_which_book(library: Library, member: AMember) -> None:
    note(library, member, item=str(add_copy(library).accession_no))
    note(library, add_member(library))
    with library.store.read() as reader:
        (own,) = incidents(reader, member.id)
        assert len(incidents(reader)) == 2
    assert (own.title, own.accession_no) == ("کتاب شمارهٔ 1", 1)


@pytest.mark.parametrize(
    ("source", "fields", "role", "code"),
    [
        ("what happened?", {"account": " "}, Role.HEAD, "field.required"),
        ("bad input: tomorrow", {"happened_on": TODAY + dt.timedelta(days=1)}, Role.HEAD, "field.invalid"),
        ("a role that may not", {}, Role.TRAINEE, "role.not_allowed"),
    ],
)
def test_what_is_refused(
    source: str, fields: dict[str, Any], role: Role, code: str, library: Library, member: AMember
) -> None:
    assert code in codes(note(library, member, role, **fields)), source
    assert rows(library, Incident) == []


def test_a_letter_needs_its_number(library: Library, member: AMember) -> None:
    assert codes(refer(library, note(library, member), " ")) == ["field.required"]
    assert rows(library, Document) == []


def test_a_letter_is_written_once(library: Library, member: AMember) -> None:
    noted = note(library, member)
    refer(library, noted)
    again = refer(library, noted)
    assert isinstance(again, IncidentChanged)
    assert again.already
    assert codes(refer(library, noted, "999")) == ["incident.not_open"]
    assert len(rows(library, Document)) == 1


def test_closing_twice_is_closing_once(library: Library, member: AMember) -> None:
    noted = note(library, member)
    assert isinstance(noted, IncidentAdded)
    close_incident(library, noted.incident_id, act(library))
    again = close_incident(library, noted.incident_id, act(library))
    assert isinstance(again, IncidentChanged)
    assert again.already
    assert codes(refer(library, noted)) == ["incident.not_open"]


def test_unknown_ones_are_told(library: Library, member: AMember) -> None:
    assert isinstance(note(library, member, item="RAF-99999"), NotFound)
    assert isinstance(note(library, AMember(member.id, "nobody", "")), NotFound)
    assert isinstance(close_incident(library, new_id(), act(library)), NotFound)
    assert isinstance(refer_incident(library, new_id(), "1", letter, act(library)), NotFound)
    with library.store.read() as reader:
        assert incident(reader, new_id()) is None
