"""Bans laid and lifted by hand: who may, why, until when."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.outcomes import CheckedOut, CheckoutRefused
from app.library import Library
from app.members.restrictions import BanForm, Banned, Lifted, bans_in_force, restrict, unrestrict
from app.outcome import NotFound, Refused
from db.codes import RestrictionKind, Role
from db.models.members import Restriction
from db.models.sync import JournalEntry
from tests.library import TODAY, AMember, act, add_copy, add_member, found, pass_days, rows

UNTIL = TODAY + dt.timedelta(days=10)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def member(library: Library) -> AMember:
    return add_member(library)


def ban(library: Library, member: AMember, role: Role = Role.HEAD, **fields: Any) -> object:
    form = BanForm(**({"member": member.card, "reason": "بی‌نظمی در تالار"} | fields))
    return restrict(library, form, act(library, role))


def codes(outcome: object) -> list[str]:
    assert isinstance(outcome, Refused), outcome
    return [refusal.code for refusal in outcome.refusals]


def test_a_barred_member_borrows_nothing_until_the_ban_is_lifted(library: Library, member: AMember) -> None:
    copy = add_copy(library)
    assert isinstance(ban(library, member, until=UNTIL), Banned)
    assert isinstance(check_out(library, CheckoutRequest(member.card, copy.barcode), act(library)), CheckoutRefused)
    lifted = unrestrict(library, member.card, "پوزش خواست", act(library))
    assert isinstance(lifted, Lifted)
    assert len(lifted.restrictions) == 1
    assert isinstance(check_out(library, CheckoutRequest(member.card, copy.barcode), act(library)), CheckedOut)


def test_a_ban_ends_with_its_day_and_stays_on_record(library: Library, member: AMember) -> None:
    ban(library, member, until=UNTIL)
    pass_days(library, 11)
    with library.store.read() as reader:
        assert bans_in_force(reader, act(library).day, member.id) == []
    assert len(rows(library, Restriction)) == 1


@pytest.mark.parametrize(
    ("source", "fields", "role", "code"),
    [
        ("desk-protocol: reason", {"reason": " "}, Role.HEAD, "field.required"),
        ("bad input: a day gone by", {"until": TODAY - dt.timedelta(days=1)}, Role.HEAD, "field.invalid"),
        ("lateness lays its own", {"kind": RestrictionKind.OVERDUE}, Role.HEAD, "field.invalid"),
        ("000 §3-1-3", {"kind": RestrictionKind.DISCIPLINARY}, Role.LIBRARIAN, "restriction.head_only"),
        ("issue 17: a role that may not", {}, Role.TRAINEE, "role.not_allowed"),
        ("issue 17: a role that may not", {}, Role.ASSISTANT, "role.not_allowed"),
    ],
)
def test_what_is_refused(
    source: str, fields: dict[str, Any], role: Role, code: str, library: Library, member: AMember
) -> None:
    assert code in codes(ban(library, member, role, **fields)), source
    assert rows(library, Restriction) == []


def test_only_the_head_lifts_what_the_committee_laid(library: Library, member: AMember) -> None:
    assert isinstance(ban(library, member, kind=RestrictionKind.DISCIPLINARY), Banned)
    refused = unrestrict(library, member.card, "خواهش کرد", act(library, Role.LIBRARIAN))
    assert codes(refused) == ["restriction.head_only"]
    assert isinstance(unrestrict(library, member.card, "رأی کمیته", act(library)), Lifted)


def test_lifting_wants_a_reason_and_remembers_who(library: Library, member: AMember) -> None:
    ban(library, member)
    assert codes(unrestrict(library, member.card, "", act(library))) == ["field.required"]
    unrestrict(library, member.card, "پوزش", act(library))
    (row,) = rows(library, Restriction)
    assert (row.lifted_at, row.lifted_by) == (act(library).at, act(library).staff_id)


def test_one_ban_of_several_is_lifted_by_its_id(library: Library, member: AMember) -> None:
    first = ban(library, member)
    ban(library, member, reason="دیگر")
    assert isinstance(first, Banned)
    unrestrict(library, member.id, "اشتباه بود", act(library), restriction=first.restriction_id)
    with library.store.read() as reader:
        (left,) = bans_in_force(reader, TODAY)
    assert (left.reason, left.author) == ("دیگر", "زهرا کریمی")


def test_the_same_ban_twice_is_one_and_lifting_nothing_writes_nothing(library: Library, member: AMember) -> None:
    ban(library, member)
    again = ban(library, member)
    assert isinstance(again, Banned)
    assert again.already
    unrestrict(library, member.card, "پوزش", act(library))
    entries = len(rows(library, JournalEntry))
    assert unrestrict(library, member.card, "پوزش", act(library)) == Lifted(member.id, ())
    assert len(rows(library, JournalEntry)) == entries


def test_an_unknown_member_is_told(library: Library) -> None:
    assert isinstance(restrict(library, BanForm("nobody", "x"), act(library)), NotFound)
    assert isinstance(unrestrict(library, "nobody", "x", act(library)), NotFound)
