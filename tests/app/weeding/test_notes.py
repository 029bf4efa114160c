"""Decisions about candidates that are not put on minutes."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.library import Library
from app.outcome import NotFound, Refused
from app.weeding.candidates import candidate_counts, candidates
from app.weeding.facts import Proposal
from app.weeding.notes import CalledBack, Noted, call_back, decided, last_note, note_candidate
from app.weeding.service import Listed, propose
from db.codes import CandidateDecision, Condition, Role, WeedingReason
from db.models.collection import CandidateNote
from db.models.library import Staff
from db.models.sync import JournalEntry
from tests import library as lib

WORN, CONTENT = WeedingReason.WORN, WeedingReason.CONTENT
LATER, KEEP, TO_BINDING = CandidateDecision.LATER, CandidateDecision.KEEP, CandidateDecision.TO_BINDING


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = lib.found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def copy(library: Library) -> lib.ACopy:
    return lib.add_pair(library, condition=Condition.WORN)


def noted(
    library: Library,
    copy: lib.ACopy,
    decision: CandidateDecision,
    until: dt.date | None = None,
    remark: str = "خواننده دارد",
) -> Noted:
    outcome = note_candidate(library, copy.barcode, WORN, decision, lib.act(library), remark, until)
    assert isinstance(outcome, Noted), outcome
    return outcome


def shown(library: Library) -> list[CandidateDecision | None]:
    """The last decision about each worn candidate."""
    with library.store.read() as reader:
        return [one.decision for one in candidates(library, reader, WORN, library.clock.read().day)]


def test_a_decision_is_kept_with_who_made_it_when_and_why(library: Library, copy: lib.ACopy) -> None:
    """002 م5-2."""
    outcome = noted(library, copy, KEEP, remark="تنها کتاب محلی\u202e ")
    (row,) = lib.rows(library, CandidateNote)
    assert (row.id, row.item_id, row.reason, row.decision) == (outcome.note_id, copy.id, WORN, KEEP)
    assert (row.remark, row.until, row.at) == ("تنها کتاب محلی", None, lib.MORNING)
    assert row.author_id == lib.act(library).staff_id
    assert lib.rows(library, JournalEntry)[-1].kind == "candidate.noted"


def test_what_is_put_off_comes_up_again_on_its_day(library: Library, copy: lib.ACopy) -> None:
    noted(library, copy, LATER, until=lib.TODAY + dt.timedelta(days=10))
    assert shown(library) == []
    lib.pass_days(library, 9)
    assert shown(library) == []
    lib.pass_days(library, 1)
    assert shown(library) == [LATER]


@pytest.mark.parametrize(
    ("decision", "until"),
    [(LATER, dt.date(2027, 2, 19)), (TO_BINDING, dt.date(2026, 12, 21)), (KEEP, None)],
)
def test_without_a_day_the_guidelines_terms_hold(
    library: Library, copy: lib.ACopy, decision: CandidateDecision, until: dt.date | None
) -> None:
    """002 م7-3: a season, ۳۰ بهمن ۱۴۰۵; م13-7: a month, ۳۰ آذر; what stays stays for good."""
    assert noted(library, copy, decision).until == until


def test_the_newest_decision_counts(library: Library, copy: lib.ACopy) -> None:
    noted(library, copy, KEEP)
    lib.pass_days(library, 1)
    noted(library, copy, LATER, until=lib.TODAY + dt.timedelta(days=2))
    lib.pass_days(library, 1)
    assert shown(library) == [LATER]


def test_a_decision_is_about_one_reason(library: Library, copy: lib.ACopy) -> None:
    note_candidate(library, copy.barcode, CONTENT, KEEP, lib.act(library), "خواننده دارد")
    assert shown(library) == [None]
    with library.store.read() as reader:
        assert candidate_counts(library, reader, lib.TODAY)[WORN] == 1


def test_what_was_to_stay_may_be_proposed_after_all(library: Library, copy: lib.ACopy) -> None:
    noted(library, copy, KEEP)
    assert isinstance(propose(library, copy.barcode, Proposal(WORN), lib.act(library)), Listed)
    assert shown(library) == [KEEP]


@pytest.mark.parametrize("days", [0, -1])
def test_a_day_that_is_gone_is_refused(library: Library, copy: lib.ACopy, days: int) -> None:
    day = lib.TODAY + dt.timedelta(days=days)
    outcome = note_candidate(library, copy.barcode, WORN, LATER, lib.act(library), "خواننده دارد", day)
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["weeding.note_past"]
    assert lib.rows(library, CandidateNote) == []


@pytest.mark.parametrize("remark", [None, "", " \u200f "])
@pytest.mark.parametrize("decision", [KEEP, LATER])
def test_why_a_copy_is_kept_or_put_off_is_asked_for(
    library: Library, copy: lib.ACopy, decision: CandidateDecision, remark: str | None
) -> None:
    """002 م5-2: nobody's liking decides."""
    outcome = note_candidate(library, copy.barcode, WORN, decision, lib.act(library), remark)
    assert isinstance(outcome, Refused)
    assert [(refusal.code, refusal.rule) for refusal in outcome.refusals] == [("weeding.note_why", "5-2")]
    assert lib.rows(library, CandidateNote) == []


def test_what_goes_to_the_bindery_says_so_itself(library: Library, copy: lib.ACopy) -> None:
    assert isinstance(note_candidate(library, copy.barcode, WORN, TO_BINDING, lib.act(library)), Noted)


def test_the_last_decision_is_told_with_who_made_it_and_why(library: Library, copy: lib.ACopy) -> None:
    with library.store.read() as reader:
        assert last_note(reader, copy.id, WORN) is None
    noted(library, copy, KEEP)
    lib.pass_days(library, 1)
    until = lib.TODAY + dt.timedelta(days=9)
    noted(library, copy, LATER, until, "پس از امتحانات")
    with library.store.read() as reader:
        told = last_note(reader, copy.id, WORN)
        assert last_note(reader, copy.id, CONTENT) is None
    assert told is not None
    assert (told.decision, told.remark, told.until) == (LATER, "پس از امتحانات", until)
    assert told.name == lib.rows(library, Staff)[0].name


@pytest.mark.parametrize("role", [Role.ASSISTANT, Role.AUDITOR])
def test_who_does_not_weed_decides_nothing(library: Library, copy: lib.ACopy, role: Role) -> None:
    outcome = note_candidate(library, copy.barcode, WORN, KEEP, lib.act(library, role), "خواننده دارد")
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["role.not_allowed"]


def test_a_label_that_no_copy_bears(library: Library) -> None:
    assert isinstance(note_candidate(library, "RAF-999", WORN, KEEP, lib.act(library)), NotFound)


# What is put off, and bringing it back


def hidden(library: Library, reason: WeedingReason = WORN) -> list[tuple[str, CandidateDecision, str | None]]:
    with library.store.read() as reader:
        return [(one.barcode, one.decision, one.remark) for one in decided(reader, reason, lib.act(library).day)]


def test_what_is_put_off_or_kept_is_listed_with_why_until_when_and_by_whom(library: Library, copy: lib.ACopy) -> None:
    """002 م5-2."""
    outcome = noted(library, copy, LATER, remark="پس از امتحانات")
    other = lib.add_pair(library, condition=Condition.WORN)
    noted(library, other, KEEP)
    assert hidden(library) == [(other.barcode, KEEP, "خواننده دارد"), (copy.barcode, LATER, "پس از امتحانات")]
    assert hidden(library, CONTENT) == []
    with library.store.read() as reader:
        one = decided(reader, WORN, lib.act(library).day)[-1]
    (who,) = [person for person in lib.rows(library, Staff) if person.id == lib.act(library).staff_id]
    assert (one.until, one.at, one.name, one.item_id) == (outcome.until, lib.MORNING, who.name, copy.id)


def test_only_the_newest_decision_counts_and_only_up_to_its_day(library: Library, copy: lib.ACopy) -> None:
    noted(library, copy, KEEP)
    noted(library, copy, LATER, until=lib.TODAY + dt.timedelta(days=2))
    assert [decision for _, decision, _ in hidden(library)] == [LATER]
    lib.pass_days(library, 2)
    assert hidden(library) == []
    assert shown(library) == [LATER]


def test_a_copy_that_stands_on_minutes_after_all_is_not_put_off(library: Library, copy: lib.ACopy) -> None:
    noted(library, copy, KEEP)
    assert isinstance(propose(library, copy.barcode, Proposal(WORN), lib.act(library)), Listed)
    assert hidden(library) == []


def test_what_is_called_back_comes_up_again_and_still_tells_what_was_decided(library: Library, copy: lib.ACopy) -> None:
    noted(library, copy, KEEP)
    assert shown(library) == []
    assert call_back(library, copy.barcode, WORN, lib.act(library)) == CalledBack(copy.id, WORN, KEEP)
    assert hidden(library) == []
    assert shown(library) == [KEEP]
    with library.store.read() as reader:
        before = last_note(reader, copy.id, WORN)
    assert before is not None
    assert (before.decision, before.remark, before.until) == (KEEP, "خواننده دارد", lib.TODAY)
    assert lib.rows(library, JournalEntry)[-1].kind == "candidate.called_back"


def test_calling_back_what_nothing_keeps_away_changes_nothing(library: Library, copy: lib.ACopy) -> None:
    noted(library, copy, KEEP)
    entries = len(lib.rows(library, JournalEntry))
    outcome = call_back(library, copy.barcode, CONTENT, lib.act(library))
    assert isinstance(outcome, CalledBack)
    assert outcome.already
    assert len(lib.rows(library, JournalEntry)) == entries
    assert isinstance(call_back(library, "RAF-999", WORN, lib.act(library)), NotFound)


def test_who_does_not_weed_calls_nothing_back(library: Library, copy: lib.ACopy) -> None:
    noted(library, copy, KEEP)
    outcome = call_back(library, copy.barcode, WORN, lib.act(library, Role.AUDITOR))
    assert isinstance(outcome, Refused)
    assert shown(library) == []
