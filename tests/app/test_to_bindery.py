"""From the weeding bench to the bindery: all of it, or nothing."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import app.to_bindery
from app.binding import rules
from app.binding.service import add_to_request
from app.check import check_library
from app.library import Library
from app.outcome import NotFound, Refused
from app.refusal import NO_ANSWER, Answer
from app.to_bindery import SentToBindery, send_to_bindery
from app.undo import Undone, undo_last
from app.weeding import reads
from app.weeding.candidates import candidates
from app.weeding.facts import Proposal
from app.weeding.notes import CalledBack, call_back, decided
from app.weeding.service import Finalised, Listed, finalise, propose
from db.codes import BindingState, CandidateDecision, Condition, HoldState, Role, WeedingReason
from db.models.collection import BindingRequest, BindingRow, CandidateNote, Minutes, MinutesRow
from db.models.items import Item
from db.models.sync import JournalEntry
from db.trouble import StaleRowError
from tests.app.weeding.printing import PowerCutError, plain_printer
from tests.library import (
    ACopy,
    act,
    add_copy,
    add_member,
    add_pair,
    found,
    lend,
    pass_days,
    place_hold,
    reopened,
    row,
    rows,
)
from tests.shared import desk, shared_url

WORN, CONTENT = WeedingReason.WORN, WeedingReason.CONTENT
TOUCHED = (Item, Minutes, MinutesRow, BindingRequest, BindingRow, CandidateNote)
SURE = Answer(confirm=frozenset({"binding.given_up"}))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def copy(library: Library) -> ACopy:
    """A worn copy that is not the only one of its printing."""
    return add_pair(library, condition=Condition.WORN)


@pytest.fixture
def listed(library: Library, copy: ACopy) -> ACopy:
    """The same on the draft minutes of the worn."""
    assert isinstance(propose(library, copy.barcode, Proposal(WORN), act(library)), Listed)
    return copy


def as_it_is(library: Library) -> list[Any]:
    """Everything that the way to the bindery touches, and how long the journal is."""
    return [*(rows(library, model) for model in TOUCHED), len(rows(library, JournalEntry))]


def sent(library: Library, copy: ACopy, answer: Answer = NO_ANSWER, reason: WeedingReason = WORN) -> SentToBindery:
    outcome = send_to_bindery(library, copy.barcode, reason, act(library), answer)
    assert isinstance(outcome, SentToBindery), outcome
    return outcome


def refused(library: Library, copy: ACopy, reason: WeedingReason = WORN, role: Role = Role.HEAD) -> list[str]:
    """The codes, once it is sure that nothing at all was changed."""
    before = as_it_is(library)
    outcome = send_to_bindery(library, copy.barcode, reason, act(library, role))
    assert isinstance(outcome, Refused), outcome
    assert as_it_is(library) == before
    return [refusal.code for refusal in outcome.refusals]


def worklist(library: Library) -> list[str]:
    with library.store.read() as reader:
        return [one.barcode for one in candidates(library, reader, WORN, act(library).day)]


def test_a_candidate_goes_on_the_request_and_is_none_for_the_month_of_the_bindery(
    library: Library, copy: ACopy
) -> None:
    """002 م13-6، م13-7."""
    assert worklist(library) == [copy.barcode]
    before = len(rows(library, JournalEntry))
    outcome = sent(library, copy)
    (request,) = rows(library, BindingRequest)
    (on,) = rows(library, BindingRow)
    (note,) = rows(library, CandidateNote)
    assert (request.state, on.request_id, on.item_id) == (BindingState.DRAFT, request.id, copy.id)
    assert (note.decision, note.until) == (CandidateDecision.TO_BINDING, outcome.until)
    assert (outcome.request_id, outcome.struck, outcome.on_request) == (request.id, False, False)
    assert [entry.kind for entry in rows(library, JournalEntry)[before:]] == ["candidate.to_bindery"]
    assert worklist(library) == []
    pass_days(library, (outcome.until - act(library).day).days)
    assert worklist(library) == [copy.barcode]


def test_from_the_list_it_is_struck_in_the_same_entry(library: Library, listed: ACopy) -> None:
    before = len(rows(library, JournalEntry))
    assert sent(library, listed).struck
    (line,) = rows(library, MinutesRow)
    assert (line.struck_why, row(library, Item, listed.id).on_minutes_id) == ("به صحافی", None)
    assert len(rows(library, BindingRow)) == 1
    assert len(rows(library, JournalEntry)) == before + 1
    assert check_library(library).broken == ()


def test_one_undo_takes_all_of_it_back(library: Library, listed: ACopy) -> None:
    minutes = row(library, Item, listed.id).on_minutes_id
    sent(library, listed)
    outcome = undo_last(library, act(library))
    assert isinstance(outcome, Undone)
    assert outcome.kind == "candidate.to_bindery"
    (line,) = rows(library, MinutesRow)
    assert (line.struck_at, row(library, Item, listed.id).on_minutes_id) == (None, minutes)
    assert rows(library, BindingRow) == rows(library, BindingRequest) == rows(library, CandidateNote) == []


def test_a_full_request_leaves_the_copy_on_its_list(
    library: Library, listed: ACopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_ROWS", 1)
    add_to_request(library, add_copy(library).barcode, act(library))
    assert refused(library, listed) == ["binding.full"]


def test_a_copy_kept_for_a_reader_stays_on_its_list(library: Library, listed: ACopy) -> None:
    place_hold(library, add_member(library), listed, state=HoldState.WAITING, item_id=listed.id)
    assert refused(library, listed) == ["binding.kept_for_reader"]


def test_a_lent_copy_is_not_sent(library: Library, copy: ACopy) -> None:
    lend(library, add_member(library), copy)
    assert refused(library, copy) == ["binding.on_loan"]


def test_what_was_given_up_is_asked_about_before_it_leaves_its_list(library: Library) -> None:
    copy = add_copy(library, condition=Condition.UNBINDABLE)
    assert isinstance(propose(library, copy.barcode, Proposal(WORN), act(library)), Listed)
    assert refused(library, copy) == ["binding.given_up"]
    assert sent(library, copy, SURE).struck


def test_what_stands_on_other_minutes_stays_there(library: Library, listed: ACopy) -> None:
    """002 م7-4: on the draft of another reason, and on minutes that have their number."""
    assert refused(library, listed, CONTENT) == ["binding.on_minutes"]
    assert isinstance(finalise(library, WORN, plain_printer, act(library)), Finalised)
    assert refused(library, listed) == ["binding.on_minutes"]


def test_who_may_not_weed_sends_nothing(library: Library, listed: ACopy) -> None:
    assert refused(library, listed, role=Role.AUDITOR) == ["role.not_allowed"]


def test_the_second_time_nothing_happens(library: Library, listed: ACopy) -> None:
    first = sent(library, listed)
    before = as_it_is(library)
    again = sent(library, listed)
    assert (again.already, again.request_id, again.until) == (True, first.request_id, first.until)
    assert as_it_is(library) == before


def test_on_the_request_already_it_only_leaves_its_list(library: Library, copy: ACopy) -> None:
    add_to_request(library, copy.barcode, act(library))
    assert isinstance(propose(library, copy.barcode, Proposal(CONTENT), act(library)), Listed)
    outcome = sent(library, copy, reason=CONTENT)
    assert (outcome.struck, outcome.on_request, outcome.already) == (True, True, False)
    assert len(rows(library, BindingRow)) == 1


def test_a_label_that_no_copy_bears(library: Library) -> None:
    assert isinstance(send_to_bindery(library, "RAF-999", WORN, act(library)), NotFound)


def test_a_power_cut_between_the_lists_leaves_the_copy_on_the_first(
    library: Library, listed: ACopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise PowerCutError

    before = as_it_is(library)
    monkeypatch.setattr(app.to_bindery, "put_on", dies)
    with pytest.raises(PowerCutError):
        sent(library, listed)
    assert as_it_is(library) == before


def test_another_desk_that_was_faster_stops_all_of_it(
    library: Library, listed: ACopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    find, before = reads.find_copy, as_it_is(library)

    def late(reader: Any, key: str) -> Any:
        copy = find(reader, key)
        return copy and replace(copy, ver=copy.ver - 1)

    monkeypatch.setattr(reads, "find_copy", late)
    with pytest.raises(StaleRowError):
        sent(library, listed)
    assert as_it_is(library) == before


def test_two_desks_at_one_server_send_a_copy_once_and_call_it_back() -> None:
    with shared_url() as url, desk(url) as one, desk(url) as two:
        copy = add_pair(one, condition=Condition.WORN)
        assert isinstance(propose(one, copy.barcode, Proposal(WORN), act(one)), Listed)
        assert sent(one, copy).struck
        assert sent(two, copy).already
        assert len(rows(two, BindingRow)) == 1
        with two.store.read() as reader:
            assert [told.barcode for told in decided(reader, WORN, act(two).day)] == [copy.barcode]
        assert call_back(two, copy.barcode, WORN, act(two)) == CalledBack(copy.id, WORN, CandidateDecision.TO_BINDING)
        with one.store.read() as reader:
            assert decided(reader, WORN, act(one).day) == []
        assert check_library(two).broken == ()


KILLED = """
import os, signal, sys
from pathlib import Path
import app.to_bindery as way
from app.clock import SystemClock
from app.library import Library
from db.codes import WeedingReason
from db.opening import open_library

library = Library(open_library(Path(sys.argv[1]), None), SystemClock())
way.put_on = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
way.send_to_bindery(library, sys.argv[2], WeedingReason.WORN, library.act(library.people()[0]))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="signals of Linux")
def test_a_killed_program_has_done_none_of_it(tmp_path: Path) -> None:
    library = found(tmp_path)
    with library.store:
        copy = add_pair(library, condition=Condition.WORN)
        assert isinstance(propose(library, copy.barcode, Proposal(WORN), act(library)), Listed)
        before = as_it_is(library)
    folder = tmp_path / "library"
    run = subprocess.run([sys.executable, "-c", KILLED, str(folder), copy.barcode], check=False)
    assert run.returncode == -signal.SIGKILL
    again = reopened(folder)
    with again.store:
        assert as_it_is(again) == before
        assert sent(again, copy).struck
