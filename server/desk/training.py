"""What the people of the library were taught, at the headless desk (002 م13-1)."""

import uuid
from typing import Annotated

from msgspec import Meta

from app.outcome import NotFound, Refused
from app.persian.text import clean
from app.staff.people import everybody
from app.staff.training import (
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
from server.desk.answers import Facts, done, missing, refused
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Day, Line, Name, Number, day

NOBODY = uuid.UUID(int=0)


class TrainingWritten(Request, kw_only=True):
    """What is written of a training; `held_on` is today if left out."""

    subject: Name
    held_on: Day | None = None
    hours: Number | None = None
    organiser: Name | None = None
    remark: Line | None = None

    def form(self) -> TrainingForm:
        """As the use cases take it."""
        return TrainingForm(self.subject, day(self.held_on), self.hours, self.organiser, self.remark)


class TrainingRecord(TrainingWritten, kw_only=True):
    """Record a training of the people named, or of everybody who works here."""

    names: Annotated[tuple[Name, ...], Meta(max_length=100)] = ()
    everybody: bool = False


class TrainingCorrect(TrainingWritten, kw_only=True):
    """Write a training otherwise. A day that is left out stays; whatever else is left out is taken away."""

    training: uuid.UUID


class TrainingNamed(Request, kw_only=True):
    """A training that was recorded."""

    training: uuid.UUID


class TrainingList(Request, kw_only=True):
    """The trainings of one person, or of all."""

    name: Name | None = None


def record(session: Session, request: TrainingRecord) -> Facts:
    """Record a training."""
    people = _people(session, request)
    outcome = record_training(session.library, people, request.form(), session.act(request.key))
    match outcome:
        case TrainingRecorded(training_ids=made, already=already):
            return done("already_done" if already else "recorded", trainings=list(made))
        case Refused():
            return refused(outcome.refusals)


def correct(session: Session, request: TrainingCorrect) -> Facts:
    """Write it otherwise."""
    outcome = correct_training(session.library, request.training, request.form(), session.act(request.key))
    match outcome:
        case TrainingCorrected():
            return done("corrected", training=outcome.training_id)
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)


def withdraw(session: Session, request: TrainingNamed) -> Facts:
    """Take it off the record."""
    outcome = withdraw_training(session.library, request.training, session.act(request.key))
    match outcome:
        case TrainingWithdrawn():
            return done("withdrawn", **_row(outcome.training))
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)


def show_all(session: Session, request: TrainingList) -> Facts:
    """What is recorded, the newest first."""
    wanted = None if request.name is None else clean(request.name, 120)
    with session.library.store.read() as reader:
        rows = [_row(one) for one in trainings(reader) if wanted in (None, one.name)]
    return done("found", rows=rows)


def _people(session: Session, request: TrainingRecord) -> list[uuid.UUID]:
    """Those named, or all who work here; a name that nobody bears stands for nobody, and is refused."""
    with session.library.store.read() as reader:
        here = {one.name: one.id for one in everybody(reader) if one.active}
    if request.everybody:
        return list(here.values())
    return [here.get(clean(name, 120), NOBODY) for name in request.names]


def _row(one: TrainingFacts) -> Facts:
    return {
        "training": one.id,
        "staff": one.staff_id,
        "name": one.name,
        "subject": one.subject,
        "held_on": one.held_on,
        "hours": one.hours,
        "organiser": one.organiser,
        "remark": one.remark,
    }
