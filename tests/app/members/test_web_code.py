"""The code of a reader's pages (000 §3-1-2): given once, kept as a hash, ended by the next one."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.actions import DEFAULTS, Action
from app.check import check_library
from app.library import Library
from app.members import web_code
from app.members.cards import Binding, bind_card, report_card_lost
from app.members.web_code import CodeGiven, CodeOutcome, give_web_code, hash_code, new_code, plain_code
from app.outcome import NotFound, Refused
from app.readers.entering import code_matches
from db.codes import MemberState, Role
from db.models.centre import MemberLogin
from db.models.members import Member
from db.models.sync import JournalEntry
from tests import library as lib
from tests.app.directives.asking import enrol
from tests.app.members.test_guests import guest
from tests.library import AMember, rows


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = lib.found(tmp_path)
    with library.store:
        enrol_with_date(library)
        yield library


@pytest.fixture
def member(library: Library) -> AMember:
    return lib.add_member(library, card="M-7")


def enrol_with_date(library: Library) -> None:
    enrol(library)
    with library.store.write() as tx:
        tx.connection.execute(sa.text("UPDATE peer SET enrolled_at = '2026-11-01 08:00:00.000000'"))


def give(library: Library, key: str, role: Role = Role.HEAD) -> CodeOutcome:
    return give_web_code(library, key, lib.act(library, role))


def given(library: Library, key: str) -> CodeGiven:
    outcome = give(library, key)
    assert isinstance(outcome, CodeGiven), outcome
    return outcome


def codes(outcome: CodeOutcome) -> list[str]:
    assert isinstance(outcome, Refused), outcome
    return [refusal.code for refusal in outcome.refusals]


def logins(library: Library) -> list[MemberLogin]:
    return [row for row in rows(library, MemberLogin) if row.deleted_at is None]


def test_a_code_is_told_with_address_card_and_last_day(library: Library, member: AMember) -> None:
    told = given(library, member.card)
    assert (told.number, told.address, told.until) == ("M-7", "https://centre/my", lib.TODAY + dt.timedelta(days=30))
    assert len(plain_code(told.code)) == 10
    (row,) = logins(library)
    assert (row.member_id, row.issued_on) == (member.id, lib.TODAY)
    assert row.code_hash.startswith("$argon2id$")
    assert code_matches(row.code_hash, told.code)
    assert check_library(library).broken == ()


def test_the_code_stands_nowhere_in_the_library(library: Library, member: AMember) -> None:
    told = given(library, member.card)
    for row in (*rows(library, JournalEntry), *rows(library, MemberLogin)):
        blobs = (value for value in tuple(row) if isinstance(value, bytes))
        kept = b"".join((repr(tuple(row)).encode(), *blobs))
        assert told.code.encode() not in kept
        assert plain_code(told.code).encode() not in kept


def test_a_new_code_ends_the_old_one(library: Library, member: AMember) -> None:
    old, new = given(library, member.card), given(library, member.number)
    (row,) = logins(library)
    assert not code_matches(row.code_hash, old.code)
    assert code_matches(row.code_hash, new.code)


def test_the_number_on_the_slip_is_the_card_in_the_hand(library: Library, member: AMember) -> None:
    bind_card(library, Binding(member.number, "0013161961", keep=True), lib.act(library))
    assert given(library, "M-7").number == "M-7"
    assert given(library, member.number).number == "0013161961"
    report_card_lost(library, member.number, lib.act(library))
    assert given(library, member.number).number == member.number


def test_a_visitor_gets_their_code_at_home(library: Library) -> None:
    assert codes(give(library, guest(library).card)) == ["web_code.visitor"]


def test_without_a_centre_there_are_no_pages(tmp_path: Path) -> None:
    with (library := lib.found(tmp_path / "alone")).store:
        member = lib.add_member(library)
        assert codes(give(library, member.card)) == ["web_code.no_centre"]


@pytest.mark.parametrize("state", [MemberState.PENDING, MemberState.CLEARED])
def test_only_who_is_a_member_gets_one(library: Library, member: AMember, state: MemberState) -> None:
    lib.change(library, Member, member.id, state=state)
    assert codes(give(library, member.card)) == ["web_code.not_active"]
    assert logins(library) == []


def test_nobody_has_the_number(library: Library) -> None:
    assert isinstance(give(library, "M-99"), NotFound)


@pytest.mark.parametrize("role", list(Role))
def test_who_registers_members_gives_codes(library: Library, member: AMember, role: Role) -> None:
    outcome = give(library, member.card, role)
    if Action.REGISTER_MEMBER in DEFAULTS[role]:
        assert isinstance(outcome, CodeGiven)
    else:
        assert isinstance(outcome, Refused)
        assert logins(library) == []


@pytest.mark.parametrize(
    "typed", ["48213-90657", "۴۸۲۱۳-۹۰۶۵۷", " 4 8 2 1 3 9 0 6 5 7", "٤٨٢١٣٩٠٦٥٧", "48213\u200c90657"]
)
def test_a_code_is_known_however_it_is_typed(typed: str) -> None:
    assert code_matches(hash_code("48213-90657"), typed)


@pytest.mark.parametrize("typed", ["", "48213", "48213-90658", "482139065700", "x" * 5_000])
def test_what_is_not_the_code_is_not_taken(typed: str) -> None:
    assert not code_matches(hash_code("48213-90657"), typed)
    assert not code_matches(None, typed)


def test_codes_are_all_different() -> None:
    assert len({new_code() for _ in range(500)}) == 500


def test_it_is_kept_as_passwords_at_the_centre_are() -> None:
    from app.review.passwords import HASHER

    ours = web_code.HASHER
    assert (ours.time_cost, ours.memory_cost, ours.parallelism) == (
        HASHER.time_cost, HASHER.memory_cost, HASHER.parallelism,
    )  # fmt: skip
