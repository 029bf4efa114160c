"""Where finalised minutes stand, for the people who follow them: terms, verdicts, steps, and the refused titles."""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.weeding.minutes.attaching import Attachment, attachments_of
from app.weeding.minutes.deliveries import Delivery, deliveries_of
from app.weeding.minutes.reads import (
    EVERY_REVISION,
    OURS,
    MinutesOnTheWay,
    RowOnTheWay,
    RulingFacts,
    StepFacts,
    every_row,
    find_minutes,
    revisions_of,
    rulings_on,
    steps_of,
    verdicts_of,
)
from app.weeding.minutes.workflow import TRANSITIONS, outcome_of
from db.codes import MinutesState, MinutesStepKind, RulingLevel, Verdict, WeedingReason
from db.frozen import Frozen
from db.models.collection import Minutes, MinutesRow, RulingRow
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class Count:
    """Rows of minutes that stand, that are crossed out, and of those that stand how many are weeded."""

    standing: int = 0
    struck: int = 0
    executed: int = 0


@dataclass(frozen=True, slots=True)
class TrackedMinutes:
    """The newest revision of minutes. `sent_on` is the day of the letter that carried it, of closed minutes that of the
    final list; `due_on` the last day for the next step; `withdrawn`: taken back by the library; `refused` counts the
    copies that a level refused, `waiting` approved ones of closed minutes that are away."""

    id: uuid.UUID
    reason: WeedingReason
    state: MinutesState
    number: str
    revision: int
    finalised_on: dt.date | None
    sent_on: dt.date | None
    due_on: dt.date | None
    letter_no: str | None
    letter_on: dt.date | None
    asked_by: RulingLevel | None
    copies: int
    struck: int
    refused: int
    waiting: int
    document_id: uuid.UUID | None
    sheet_id: uuid.UUID | None

    @property
    def withdrawn(self) -> bool:
        """The newest revision is superseded only when there will be no other."""
        return self.state is MinutesState.SUPERSEDED

    @property
    def list_unsent(self) -> bool:
        """Closed with copies on it, and the final list has not gone to the county office yet (002 م7-12)."""
        return self.state is MinutesState.CLOSED and self.copies > 0 and self.sent_on is None

    def days_left(self, today: dt.date) -> int | None:
        """Days until the term ends, below zero when it has passed; None where none runs."""
        return None if self.due_on is None else (self.due_on - today).days

    @property
    def next_steps(self) -> tuple[tuple[MinutesStepKind, RulingLevel | None], ...]:
        """The steps that the table allows from here; a final list that went is not asked for again."""
        if self.state is MinutesState.CLOSED and not self.list_unsent:
            return ()
        return tuple(
            (kind, level)
            for state, kind, level in TRANSITIONS
            if state is self.state and (kind is not MinutesStepKind.REISSUE or level is self.asked_by)
        )


@dataclass(frozen=True, slots=True)
class DetailRow:
    """A row with what each level ruled on its copy; `verdict` is what holds so far."""

    row: RowOnTheWay
    rulings: Mapping[RulingLevel, RulingFacts]
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Revision:
    """An edition of minutes with its frozen files."""

    id: uuid.UUID
    revision: int
    state: MinutesState
    finalised_on: dt.date | None
    document_id: uuid.UUID | None
    sheet_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class MinutesDetail:
    """One revision of minutes with everything that belongs to it."""

    minutes: TrackedMinutes
    rows: tuple[DetailRow, ...]
    steps: tuple[StepFacts, ...]
    revisions: tuple[Revision, ...]
    attachments: tuple[Attachment, ...]
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A copy that a level did not let go (002 م7-10): its row, and who refused it with which letter and remark."""

    row: RowOnTheWay
    ruling: RulingFacts


def _rows_that(*are: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((sa.and_(*are), 1), else_=0))


ROW_COUNTS = Frozen(
    sa.select(
        MinutesRow.minutes_id,
        _rows_that(MinutesRow.struck_at.is_(None)),
        _rows_that(MinutesRow.struck_at.is_not(None)),
        _rows_that(MinutesRow.struck_at.is_(None), MinutesRow.executed_on.is_not(None)),
    )
    .where(MinutesRow.deleted_at.is_(None))
    .group_by(MinutesRow.minutes_id),
    lambda minutes, *counts: (minutes, Count(*map(int, counts))),
)
VERDICTS = Frozen(
    sa.select(Minutes.year, Minutes.number, MinutesRow.item_id, RulingRow.level, RulingRow.verdict)
    .select_from(RulingRow)
    .join(Minutes, Minutes.id == RulingRow.minutes_id)
    .join(MinutesRow, MinutesRow.id == RulingRow.minutes_row_id)
    .where(*OURS, RulingRow.deleted_at.is_(None))
    .order_by(RulingRow.minutes_revision, RulingRow.id),
    lambda year, number, item, level, verdict: ((year, number), item, RulingLevel(level), Verdict(verdict)),
)


def tracked(reader: Reader) -> tuple[TrackedMinutes, ...]:
    """The newest revision of every finalised minutes, the newest number first."""
    newest: dict[tuple[int, int], MinutesOnTheWay] = {}
    for minutes in reader.all(EVERY_REVISION):
        newest.setdefault((minutes.year, minutes.number), minutes)
    counts = dict(reader.all(ROW_COUNTS))
    refused = _refused(reader)
    return tuple(_tracked(one, counts.get(one.id, Count()), refused.get(number, 0)) for number, one in newest.items())


def _refused(reader: Reader) -> Mapping[tuple[int, int], int]:
    """How many copies a level refused, by the number of the minutes; the last ruling of each level counts."""
    said: defaultdict[tuple[tuple[int, int], uuid.UUID], dict[RulingLevel, Verdict]] = defaultdict(dict)
    for number, item, level, verdict in reader.all(VERDICTS):
        said[number, item][level] = verdict
    return Counter(number for (number, _), verdicts in said.items() if outcome_of(verdicts) is Verdict.REJECT)


def minutes_detail(reader: Reader, minutes_id: uuid.UUID) -> MinutesDetail | None:
    """One revision with its rows, the verdicts of each level, the steps and papers of all revisions; None for a
    draft."""
    minutes = find_minutes(reader, minutes_id)
    if minutes is None:
        return None
    rows = detail_rows(reader, minutes)
    standing = [one.row for one in rows if one.row.struck_at is None]
    executed = sum(row.executed_on is not None for row in standing)
    count = Count(len(standing), len(rows) - len(standing), executed)
    return MinutesDetail(
        _tracked(minutes, count, sum(one.verdict is Verdict.REJECT for one in rows)),
        rows,
        tuple(steps_of(reader, minutes)),
        tuple(
            Revision(one.id, one.revision, one.state, one.finalised_on, one.document_id, one.sheet_id)
            for one in revisions_of(reader, minutes)
        ),
        tuple(attachments_of(reader, minutes)),
        deliveries_of(reader, minutes),
    )


def detail_rows(reader: Reader, minutes: MinutesOnTheWay) -> tuple[DetailRow, ...]:
    """The rows of a revision with what was ruled on their copies."""
    rulings = rulings_on(reader, minutes)
    return tuple(
        DetailRow(row, rulings.get(row.item_id, {}), outcome_of(verdicts_of(rulings.get(row.item_id, {}))))
        for row in every_row(reader, minutes)
    )


def refused_rows(reader: Reader, minutes_id: uuid.UUID) -> tuple[RefusedRow, ...]:
    """The copies whose weeding county, province or head office refused (002 م7-10)."""
    minutes = find_minutes(reader, minutes_id)
    rows = detail_rows(reader, minutes) if minutes else ()
    return tuple(RefusedRow(one.row, _refusing(one.rulings)) for one in rows if one.verdict is Verdict.REJECT)


def _refusing(rulings: Mapping[RulingLevel, RulingFacts]) -> RulingFacts:
    return next(ruling for ruling in rulings.values() if ruling.verdict is Verdict.REJECT)


def _tracked(minutes: MinutesOnTheWay, count: Count, refused: int) -> TrackedMinutes:
    closed = minutes.state is MinutesState.CLOSED
    # Rows taken off the draft before the first paper are no rows of the paper.
    struck = count.struck if minutes.revision > 1 else 0
    return TrackedMinutes(
        id=minutes.id, reason=minutes.reason, state=minutes.state, number=minutes.number_text,
        revision=minutes.revision, finalised_on=minutes.finalised_on, sent_on=minutes.sent_on,
        due_on=minutes.answer_due_on, letter_no=minutes.letter_no, letter_on=minutes.letter_on,
        asked_by=minutes.asked_by, copies=count.standing, struck=struck, refused=refused,
        waiting=count.standing - count.executed if closed else 0, document_id=minutes.document_id,
        sheet_id=minutes.sheet_id,
    )  # fmt: skip
