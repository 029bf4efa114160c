"""What the people of a library were taught, above all binding (002 م13-1): a record, on which no rule stands."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.actions import Action
from app.form import invalid, required
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from app.staff.people import StaffFacts, everybody
from app.staff.service import StaffedLibrary
from db.act import Act
from db.frozen import Frozen
from db.models.library import Staff, Training
from db.reading import Reader
from db.types import Id

LONGEST_SUBJECT, LONGEST_ORGANISER, LONGEST_REMARK = 120, 120, 500
MOST_HOURS = 1_000


@dataclass(frozen=True, slots=True)
class TrainingForm:
    """What is written of a training. `held_on`: its last day, that of the act if left out; `organiser` who held it."""

    subject: str
    held_on: dt.date | None = None
    hours: int | None = None
    organiser: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class TrainingFacts:
    """A training of one person, `name`, as it is recorded."""

    id: uuid.UUID
    ver: int
    staff_id: uuid.UUID
    name: str
    subject: str
    held_on: dt.date
    hours: int | None
    organiser: str | None
    remark: str | None


@dataclass(frozen=True, slots=True)
class TrainingRecorded:
    """It stands beside each person. `already`: it stood beside all of them before, word for word."""

    training_ids: tuple[uuid.UUID, ...]
    already: bool = False


@dataclass(frozen=True, slots=True)
class TrainingCorrected:
    """It reads as written now."""

    training_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class TrainingWithdrawn:
    """It is taken off the record."""

    training: TrainingFacts


RECORDED = (
    sa.select(
        Training.id, Training.ver, Training.staff_id, Staff.name, Training.subject, Training.held_on, Training.hours,
        Training.organiser, Training.remark,
    )
    .join(Staff, Staff.id == Training.staff_id)
    .where(Training.deleted_at.is_(None))
)  # fmt: skip
NEWEST_FIRST = (Training.held_on.desc(), Training.id.desc())
ALL = Frozen(RECORDED.order_by(*NEWEST_FIRST), TrainingFacts)
OF_PERSON = Frozen(
    RECORDED.where(Training.staff_id == sa.bindparam("person", type_=Id())).order_by(*NEWEST_FIRST), TrainingFacts
)
BY_ID = Frozen(RECORDED.where(Training.id == sa.bindparam("training", type_=Id())), TrainingFacts)


def trainings(reader: Reader, person_id: uuid.UUID | None = None) -> tuple[TrainingFacts, ...]:
    """What everybody, or one person, was taught, the newest first."""
    return tuple(reader.all(ALL) if person_id is None else reader.all(OF_PERSON, person=person_id))


def record_training(
    library: StaffedLibrary, people: Sequence[uuid.UUID], form: TrainingForm, act: Act
) -> TrainingRecorded | Refused:
    """Write a training down for one person or for all who were there, in one deed. Who has it word for word keeps it
    once."""
    with library.store.write() as tx:
        written = _written(form, act)
        known = {one.id: one for one in everybody(tx) if one.active}
        problems = _problems(written, act)
        refused = (*library.forbids(act, Action.MANAGE_STAFF), *_against_people(people, known), *problems)
        if refused:
            return Refused(refused)
        standing = {one.staff_id: one.id for one in trainings(tx) if _says(one, written)}
        new = [person for person in dict.fromkeys(people) if person not in standing]
        for person in new:
            standing[person] = tx.insert(Training, staff_id=person, **_columns(written))
        if new:
            tx.record("training.recorded", act)
        return TrainingRecorded(tuple(standing[person] for person in dict.fromkeys(people)), already=not new)


def correct_training(
    library: StaffedLibrary, training_id: uuid.UUID, form: TrainingForm, act: Act
) -> TrainingCorrected | Refused | NotFound:
    """Write it otherwise; a day that is left out stays."""
    with library.store.write() as tx:
        training = tx.one(BY_ID, training=training_id)
        if training is None:
            return NotFound(Sought.TRAINING, str(training_id))
        written = _written(form, act, training.held_on)
        refused = (*library.forbids(act, Action.MANAGE_STAFF), *_problems(written, act))
        if refused:
            return Refused(refused)
        if not _says(training, written):
            tx.update(Training, training, **_columns(written))
            tx.record("training.corrected", act)
        return TrainingCorrected(training_id)


def withdraw_training(
    library: StaffedLibrary, training_id: uuid.UUID, act: Act
) -> TrainingWithdrawn | Refused | NotFound:
    """Take what was recorded by mistake off the record; the journal keeps that it stood there."""
    with library.store.write() as tx:
        training = tx.one(BY_ID, training=training_id)
        if training is None:
            return NotFound(Sought.TRAINING, str(training_id))
        forbidden = library.forbids(act, Action.MANAGE_STAFF)
        if forbidden:
            return Refused(forbidden)
        tx.remove(Training, training, act)
        tx.record("training.withdrawn", act)
        return TrainingWithdrawn(training)


def _written(form: TrainingForm, act: Act, held_on: dt.date | None = None) -> TrainingForm:
    return TrainingForm(
        clean(form.subject, LONGEST_SUBJECT),
        form.held_on or held_on or act.day,
        form.hours,
        clean(form.organiser or "", LONGEST_ORGANISER) or None,
        clean(form.remark or "", LONGEST_REMARK) or None,
    )


def _against_people(people: Sequence[uuid.UUID], known: dict[uuid.UUID, StaffFacts]) -> Iterator[Refusal]:
    if not people or any(person not in known for person in people):
        yield Refusal("staff.unknown")


def _problems(form: TrainingForm, act: Act) -> Iterator[Refusal]:
    yield from required(subject=form.subject)
    if form.held_on is not None and form.held_on > act.day:
        yield invalid("held_on", form.held_on)
    if form.hours is not None and not 0 < form.hours <= MOST_HOURS:
        yield invalid("training_hours", form.hours)


def _says(training: TrainingFacts, form: TrainingForm) -> bool:
    return all(getattr(training, name) == value for name, value in _columns(form).items())


def _columns(form: TrainingForm) -> dict[str, object]:
    return {
        "subject": form.subject,
        "held_on": form.held_on,
        "hours": form.hours,
        "organiser": form.organiser,
        "remark": form.remark,
    }
