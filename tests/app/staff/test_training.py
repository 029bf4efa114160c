"""Trainings of the people of a library as a record (002 م13-1)."""

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.check import check_library
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.staff.people import everybody
from app.staff.training import (
    LONGEST_REMARK,
    TrainingCorrected,
    TrainingFacts,
    TrainingForm,
    TrainingRecorded,
    TrainingWithdrawn,
    correct_training,
    record_training,
    trainings,
    withdraw_training,
)
from app.undo import Undone, undo_last
from db.codes import Role
from db.models.library import Staff, Training
from db.models.sync import JournalEntry
from db.types import new_id
from tests.library import TODAY, act, change, found, pass_days, rows

DAY = dt.timedelta(days=1)
BINDING = TrainingForm("صحافی پایه", TODAY - DAY, 16, "ادارهٔ کل استان")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def person(library: Library, name: str = "نرگس صفری") -> uuid.UUID:
    with library.store.write() as tx:
        made = tx.insert(Staff, name=name, role=Role.LIBRARIAN)
        tx.record("staff.added", act(library))
    return made


def recorded(library: Library, *people: uuid.UUID, form: TrainingForm = BINDING) -> TrainingRecorded:
    outcome = record_training(library, people, form, act(library))
    assert isinstance(outcome, TrainingRecorded), outcome
    return outcome


def read(library: Library, of: uuid.UUID | None = None) -> tuple[TrainingFacts, ...]:
    with library.store.read() as reader:
        return trainings(reader, of)


def kinds(library: Library) -> list[str]:
    return [entry.kind for entry in rows(library, JournalEntry)]


def codes(outcome: object) -> list[str]:
    assert isinstance(outcome, Refused), outcome
    return [refusal.code for refusal in outcome.refusals]


def test_all_who_were_taught_get_the_training_in_one_deed(library: Library) -> None:
    """002 م13-1: the province teaches binding to all librarians."""
    with library.store.read() as reader:
        (head,) = [one.id for one in everybody(reader)]
    narges = person(library)
    form = TrainingForm(" صحافی\u202e پایه ", TODAY - DAY, 16, " ادارهٔ کل استان ", " ")
    outcome = recorded(library, head, narges, head, form=form)
    assert len(outcome.training_ids) == 2
    assert kinds(library)[-1] == "training.recorded"
    told = {(one.name, one.subject, one.held_on, one.hours, one.organiser, one.remark) for one in read(library)}
    assert told == {
        (name, "صحافی پایه", TODAY - DAY, 16, "ادارهٔ کل استان", None) for name in ("زهرا کریمی", "نرگس صفری")
    }
    assert [one.staff_id for one in read(library, narges)] == [narges]
    assert not check_library(library).broken


def test_the_day_is_today_when_none_is_given_and_the_newest_stands_first(library: Library) -> None:
    narges = person(library)
    recorded(library, narges)
    pass_days(library, 1)
    recorded(library, narges, form=TrainingForm("ترمیم برگ"))
    assert [(one.subject, one.held_on) for one in read(library)] == [
        ("ترمیم برگ", TODAY + DAY), ("صحافی پایه", TODAY - DAY),
    ]  # fmt: skip


def test_what_stands_word_for_word_is_recorded_once(library: Library) -> None:
    narges, other = person(library), person(library, "رضا احمدی")
    first = recorded(library, narges)
    before = kinds(library)
    again = recorded(library, narges)
    assert (again.already, again.training_ids, kinds(library)) == (True, first.training_ids, before)
    both = recorded(library, narges, other)
    assert (both.already, both.training_ids[0], len(read(library))) == (False, first.training_ids[0], 2)
    recorded(library, narges, form=TrainingForm("صحافی پایه", TODAY))
    assert len(read(library, narges)) == 2


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (TrainingForm(" "), ["field.required"]),
        (TrainingForm("صحافی", TODAY + DAY), ["field.invalid"]),
        (TrainingForm("صحافی", hours=0), ["field.invalid"]),
        (TrainingForm("صحافی", hours=-3), ["field.invalid"]),
        (TrainingForm("صحافی", hours=1_001), ["field.invalid"]),
        (TrainingForm("", TODAY + DAY, 0), ["field.required", "field.invalid", "field.invalid"]),
    ],
)
def test_what_cannot_have_been_is_refused_when_recorded_and_when_corrected(
    library: Library, form: TrainingForm, expected: list[str]
) -> None:
    narges = person(library)
    assert codes(record_training(library, [narges], form, act(library))) == expected
    (training,) = recorded(library, narges).training_ids
    assert codes(correct_training(library, training, form, act(library))) == expected
    assert [one.subject for one in read(library)] == ["صحافی پایه"]


def test_who_does_not_work_here_and_who_may_not_are_refused(library: Library) -> None:
    gone, narges = person(library), person(library, "رضا احمدی")
    change(library, Staff, gone, active=False)
    for people in ([], [new_id()], [narges, gone]):
        assert codes(record_training(library, people, BINDING, act(library))) == ["staff.unknown"]
    assert codes(record_training(library, [narges], BINDING, act(library, Role.LIBRARIAN))) == ["role.not_allowed"]
    (training,) = recorded(library, narges).training_ids
    assert codes(correct_training(library, training, BINDING, act(library, Role.LIBRARIAN))) == ["role.not_allowed"]
    assert codes(withdraw_training(library, training, act(library, Role.LIBRARIAN))) == ["role.not_allowed"]


def test_a_training_is_corrected_and_its_day_stays_when_left_out(library: Library) -> None:
    narges = person(library)
    (training,) = recorded(library, narges).training_ids
    change(library, Staff, narges, active=False)  # what was written of somebody who left can still be put right
    form = TrainingForm("صحافی پیشرفته", remark="و" * 600)
    assert correct_training(library, training, form, act(library)) == TrainingCorrected(training)
    (one,) = read(library)
    assert (one.subject, one.held_on, one.hours, one.organiser) == ("صحافی پیشرفته", TODAY - DAY, None, None)
    assert len(one.remark or "") == LONGEST_REMARK
    before = kinds(library)
    correct_training(library, training, form, act(library))
    assert kinds(library) == before
    assert before[-1] == "training.corrected"


def test_a_training_is_withdrawn_once(library: Library) -> None:
    narges = person(library)
    (training,) = recorded(library, narges).training_ids
    outcome = withdraw_training(library, training, act(library))
    assert isinstance(outcome, TrainingWithdrawn)
    assert outcome.training.name == "نرگس صفری"
    assert (read(library), kinds(library)[-1]) == ((), "training.withdrawn")
    for again in (
        withdraw_training(library, training, act(library)),
        correct_training(library, training, BINDING, act(library)),
    ):
        assert again == NotFound(Sought.TRAINING, str(training))


def test_recording_and_correcting_are_taken_back(library: Library) -> None:
    narges = person(library)
    (training,) = recorded(library, narges).training_ids
    correct_training(library, training, TrainingForm("سخن دیگر"), act(library))
    assert isinstance(undo_last(library, act(library)), Undone)
    assert [one.subject for one in read(library)] == ["صحافی پایه"]
    recorded(library, narges, form=TrainingForm("ترمیم"))
    assert isinstance(undo_last(library, act(library)), Undone)
    assert len(rows(library, Training)) == 1
