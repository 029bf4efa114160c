"""Signing in without a word from the centre: 180 days, a warning from day 90, doubtful time locks nobody out
(sync-protocol 17, decision h)."""

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.library import Library
from app.outcome import Refused
from app.staff.contact import LogInTerm, log_in_term
from app.staff.service import SignedIn, StaffForm, StaffSaved, add_person, sign_in, sign_in_with_card
from db.models.sync import Peer, Site
from tests.library import act, clock, found, pass_days

PIN = "2718"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def person(library: Library) -> uuid.UUID:
    """Somebody with a PIN and a card."""
    saved = add_person(library, StaffForm("نرگس صفری", pin=PIN, card="S-7"), act(library))
    assert isinstance(saved, StaffSaved)
    return saved.person_id


def enrol(library: Library) -> None:
    with library.store.write() as tx:
        tx.connection.execute(
            sa.insert(Peer).values(url="https://c", public_key=b"k" * 32, enrolled_at=library.clock.read().at)
        )


def term(library: Library, *, doubtful: bool = False) -> LogInTerm | None:
    stamp = act(library, doubtful=doubtful).stamp
    with library.store.read() as reader:
        return log_in_term(reader, stamp, library.offline_days, library.offline_warn_days)


def by_pin(library: Library, person: uuid.UUID, *, doubtful: bool = False) -> SignedIn | Refused:
    stamp = act(library, doubtful=doubtful).stamp
    return sign_in(library.store, stamp, person_id=person, pin=PIN, offline_days=library.offline_days)


def test_a_library_that_never_enrolled_has_no_term(library: Library, person: uuid.UUID) -> None:
    pass_days(library, 4000)
    assert term(library) is None
    assert isinstance(by_pin(library, person), SignedIn)


@pytest.mark.parametrize(
    ("days", "left", "warn"), [(0, 180, False), (89, 91, False), (90, 90, True), (180, 0, True), (181, -1, True)]
)
def test_the_term_of_the_policy_counts_from_the_last_contact(
    library: Library, days: int, left: int, warn: bool
) -> None:
    enrol(library)
    pass_days(library, days)
    assert term(library) == LogInTerm(left, warn)


def test_after_its_last_day_nobody_signs_in_by_pin_or_card(library: Library, person: uuid.UUID) -> None:
    enrol(library)
    pass_days(library, 180)
    assert isinstance(by_pin(library, person), SignedIn)
    clock(library).advance(days=1)
    refused = by_pin(library, person)
    assert isinstance(refused, Refused)
    assert [(one.code, one.limit) for one in refused.refusals] == [("staff.offline_too_long", 180)]
    card = sign_in_with_card(library.store, "S-7", act(library).stamp, offline_days=library.offline_days)
    assert isinstance(card, Refused)


def test_a_word_from_the_centre_begins_it_anew(library: Library, person: uuid.UUID) -> None:
    enrol(library)
    pass_days(library, 200)
    with library.store.write() as tx:
        tx.connection.execute(sa.update(Site).values(last_contact_at=library.clock.read().at - dt.timedelta(days=3)))
    assert term(library) == LogInTerm(177, warn=False)
    assert isinstance(by_pin(library, person), SignedIn)


def test_doubtful_time_locks_nobody_out(library: Library, person: uuid.UUID) -> None:
    enrol(library)
    pass_days(library, 9000)
    assert term(library, doubtful=True) is None
    assert isinstance(by_pin(library, person, doubtful=True), SignedIn)


def test_a_clock_set_back_gives_no_more_days_than_there_are(library: Library) -> None:
    enrol(library)
    clock(library).advance(days=-30)
    assert term(library) == LogInTerm(180, warn=False)
