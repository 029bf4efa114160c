"""What the work bench tells of the drafts, of minutes on their way, and of the use of copies."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.circulation.checkin import CheckinRequest, check_in
from app.library import Library
from app.weeding.bench import (
    LOANS_SINCE,
    ProposedBy,
    Use,
    drafted,
    newest_minutes,
    proposed_by,
    recent_loans,
    use_of,
    use_on_minutes,
)
from app.weeding.facts import Proposal
from app.weeding.minutes.outcomes import Letter
from app.weeding.minutes.review import send, withdraw
from app.weeding.service import Finalised, Listed, finalise, propose, strike
from db.codes import Condition, MinutesState, WeedingReason
from tests import library as lib
from tests.app.weeding.printing import plain_printer

WORN = WeedingReason.WORN


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = lib.found(tmp_path)
    with made.store:
        yield made


def put(library: Library, copy: lib.ACopy, reason: WeedingReason = WORN) -> Listed:
    outcome = propose(library, copy.barcode, Proposal(reason), lib.act(library))
    assert isinstance(outcome, Listed), outcome
    return outcome


def freeze(library: Library, reason: WeedingReason = WORN) -> Finalised:
    outcome = finalise(library, reason, plain_printer, lib.act(library))
    assert isinstance(outcome, Finalised), outcome
    return outcome


def worn(library: Library, number: int) -> list[lib.ACopy]:
    return [lib.add_copy(library, condition=Condition.UNBINDABLE) for _ in range(number)]


def test_only_copies_that_stand_on_a_draft_are_counted(library: Library) -> None:
    first, second, third = worn(library, 3)
    put(library, first)
    freeze(library)
    put(library, second)
    put(library, third)
    strike(library, third.barcode, WORN, "به قفسه", lib.act(library))
    put(library, lib.add_pair(library), WeedingReason.CONTENT)
    with library.store.read() as reader:
        assert drafted(reader) == {WORN: 1, WeedingReason.CONTENT: 1}


def test_the_newest_minutes_of_a_reason_are_told_but_not_those_taken_back(library: Library) -> None:
    copies = worn(library, 3)
    put(library, copies[0])
    sent = freeze(library)
    send(library, sent.number, lib.act(library), Letter("12"))
    with library.store.read() as reader:
        assert newest_minutes(reader)[WORN].state is MinutesState.AT_COUNTY
    put(library, copies[1])
    later = freeze(library)
    with library.store.read() as reader:
        assert newest_minutes(reader)[WORN].number == later.number
    withdraw(library, later.number, "اشتباه", lib.act(library))
    with library.store.read() as reader:
        assert newest_minutes(reader)[WORN].number == sent.number
        assert set(newest_minutes(reader)) == {WORN}


def test_use_in_the_hall_counts_as_the_last_use_and_not_as_a_loan(library: Library) -> None:
    (copy,) = worn(library, 1)
    lib.past_loans(library, lib.add_member(library), copy, 3)
    check_in(library, CheckinRequest(copy.barcode), lib.act(library))  # a copy that was not lent: read in the hall
    listed = put(library, copy)
    expected = Use(copy.id, lib.TODAY, 3)
    with library.store.read() as reader:
        assert use_of(reader, copy.id, lib.TODAY) == expected
        assert use_on_minutes(reader, listed.minutes_id, lib.TODAY) == {copy.id: expected}
        assert recent_loans(reader, lib.TODAY) == {copy.id: 3}


def test_the_loans_of_all_copies_are_counted_from_an_index_alone(library: Library) -> None:
    """A million loans are not read for the bench (002 م5-4): that took ten seconds."""
    compiled = library.store.compiled(LOANS_SINCE.statement)
    values = [compiled.constants.get(parameter) for parameter in compiled.names]
    with library.store.read() as reader:
        plan = reader.driver.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", values).fetchall()
    assert [line[3] for line in plan if " loan " in line[3]] == [
        "SEARCH loan USING COVERING INDEX loan_of_item (item_id=?)"
    ]


def test_loans_before_the_five_years_do_not_count(library: Library) -> None:
    (copy,) = worn(library, 1)
    lib.past_loans(library, lib.add_member(library), copy, 2)
    later = lib.TODAY + dt.timedelta(days=6 * 366)
    with library.store.read() as reader:
        assert recent_loans(reader, later) == {}
        use = use_of(reader, copy.id, later)
    assert use is not None
    assert use.recent_loans == 0


def test_who_proposed_a_copy_and_when_is_known(library: Library) -> None:
    (copy,) = worn(library, 1)
    listed = put(library, copy)
    with library.store.read() as reader:
        by = proposed_by(reader, listed.row_id)
    assert by == ProposedBy("زهرا کریمی", lib.MORNING.astimezone(dt.UTC))
