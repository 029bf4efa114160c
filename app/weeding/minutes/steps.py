"""One step of minutes inside somebody's transaction: what speaks against it, and the row that tells it."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.library import Library
from app.persian.text import clean
from app.refusal import Refusal
from app.weeding.minutes.outcomes import LONGEST_REMARK, NO_LETTER, Letter, Stepped, Unchanged
from app.weeding.minutes.reads import MinutesOnTheWay, steps_of
from app.weeding.minutes.workflow import Transition, days_of, transition
from db.act import Act
from db.codes import MinutesState, MinutesStepKind, RulingLevel
from db.models.collection import Minutes, MinutesStep
from db.reading import Reader
from db.writing import Tx

LONGEST_NUMBER, LONGEST_NAME = 60, 120


@dataclass(frozen=True, slots=True)
class Step:
    """A step that somebody wants to take."""

    kind: MinutesStepKind
    level: RulingLevel | None = None
    letter: Letter = NO_LETTER
    remark: str = ""

    @property
    def own_letter(self) -> bool:
        """Whether the letter is the library's own, so that the step counts from its day, not from that of its
        registration."""
        return self.kind in (MinutesStepKind.SEND, MinutesStepKind.REISSUE)

    def day(self, act: Act) -> dt.date:
        """The day the step was taken, from which the term of the next one runs."""
        return self.letter.day if self.own_letter and self.letter.day is not None else act.day


def step_refusals(library: Library, minutes: MinutesOnTheWay, step: Step, act: Act) -> Iterator[Refusal]:
    """Everything that speaks against a step: who, where the minutes stand, the letter's day, and a clock that cannot
    be believed, since days on official papers are not repaired."""
    way = transition(minutes.state, step.kind, step.level)
    if isinstance(way, Refusal):
        yield way
    else:
        yield from library.forbids(act, way.action)
    yield from day_refusals(minutes, step, act)


def day_refusals(minutes: MinutesOnTheWay, step: Step, act: Act) -> Iterator[Refusal]:
    """What speaks against the days of a step, wherever it is taken."""
    if act.stamp.doubtful:
        yield Refusal("clock.doubtful", facts={"today": act.day})
    since = minutes.finalised_on if step.own_letter else minutes.sent_on or minutes.finalised_on
    day = step.letter.day
    if day is not None and (day > act.day or (since is not None and day < since)):
        yield Refusal("minutes.letter_day", facts={"day": day, "since": since})


def taken_before(reader: Reader, minutes: MinutesOnTheWay, step: Step) -> Unchanged | None:
    """The very step, with the same letter, if it was the last one these minutes took. Letters that left them where
    they stood are passed over, but for a letter like them."""
    steps = [one for one in steps_of(reader, minutes) if one.kind is step.kind or one.was is not one.became]
    last = steps[-1] if steps else None
    if last is None or last.minutes_id != minutes.id or last.became is not minutes.state:
        return None
    letter = (_text(step.letter.number, LONGEST_NUMBER), step.letter.day)
    if (last.kind, last.level) != (step.kind, step.level) or letter != (last.letter_no, last.letter_on):
        return None
    return Unchanged(minutes.id, minutes.number_text, minutes.revision, minutes.state)


def due_day(library: Library, way: Transition, day: dt.date) -> dt.date | None:
    """The last day for the next step."""
    days = days_of(way, library.guideline.terms)
    return None if days is None else day + dt.timedelta(days)


def take_step(library: Library, tx: Tx, minutes: MinutesOnTheWay, step: Step, act: Act, **columns: Any) -> Stepped:
    """Let minutes go one step on; `columns` are other values of theirs that change with it."""
    way = allowed(minutes.state, step)
    due_on = due_day(library, way, step.day(act))
    tx.update(Minutes, minutes, state=way.becomes, answer_due_on=due_on, **columns)
    return note_step(tx, minutes, minutes.id, step, act, became=way.becomes, due_on=due_on)


def allowed(state: MinutesState, step: Step) -> Transition:
    """The line of the table for a step that was found allowed before."""
    way = transition(state, step.kind, step.level)
    if isinstance(way, Refusal):
        raise RuntimeError("a step was taken that the table does not know")
    return way


def note_step(
    tx: Tx, was: MinutesOnTheWay, minutes_id: uuid.UUID, step: Step, act: Act, *, became: MinutesState,
    due_on: dt.date | None,
) -> Stepped:  # fmt: skip
    """The row that tells a step; `minutes_id` is the revision that came of it."""
    letter = step.letter
    tx.insert(
        MinutesStep, minutes_id=minutes_id, kind=step.kind, level=step.level, was=was.state, became=became,
        day=step.day(act), due_on=due_on, letter_no=_text(letter.number, LONGEST_NUMBER), letter_on=letter.day,
        remark=_text(step.remark, LONGEST_REMARK), by=_text(letter.by, LONGEST_NAME), staff_id=act.staff_id, at=act.at,
    )  # fmt: skip
    revision = was.revision + (minutes_id != was.id)
    return Stepped(minutes_id, was.number_text, revision, was.state, became, due_on)


def _text(text: str, longest: int) -> str | None:
    return clean(text, longest) or None
