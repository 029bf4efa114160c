"""One minutes before an office: every row with what speaks for and against it, what other levels said, and the answer
begun so far."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.library import BRANCH_FACTS, BranchFacts
from app.review.answers import GivenAnswer, Said, answers_to
from app.review.at_branch import BranchReader
from app.review.queue import heard_of
from app.review.standing import Standing, advanced, terms_of_offices
from app.review.use import Place, Use, use_of
from app.weeding.minutes.attaching import Attachment, attachments_of
from app.weeding.minutes.reads import (
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
from app.weeding.minutes.workflow import outcome_of
from db.codes import ItemStatus, MinutesState, RulingLevel, Verdict
from db.models.collection import Minutes
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class DossierRow:
    """A row with all that is weighed. `rulings` are those of every level, on their way to the library or there;
    `asked`: the level that looks is to rule on it; `said` what it has ticked so far."""

    row: RowOnTheWay
    use: Use
    rulings: Mapping[RulingLevel, RulingFacts]
    verdict: Verdict | None
    asked: bool
    said: Said

    @property
    def lent(self) -> bool:
        """The copy is with a reader: approved, it is set aside at its return (002 م7-4)."""
        return self.row.status is ItemStatus.ON_LOAN


@dataclass(frozen=True, slots=True)
class Dossier:
    """One edition of minutes. `told` is what the library said, `standing` counts the answers given here in; `newest`
    is False for an edition that another one took the place of; `mine` is the answer of the level that looks."""

    minutes: MinutesOnTheWay
    branch: BranchFacts
    standing: Standing
    newest: bool
    rows: tuple[DossierRow, ...]
    answers: Mapping[RulingLevel, GivenAnswer]
    mine: GivenAnswer | None
    steps: tuple[StepFacts, ...]
    revisions: tuple[MinutesOnTheWay, ...]
    attachments: tuple[Attachment, ...]
    heard_at: dt.datetime | None

    @property
    def standing_rows(self) -> tuple[DossierRow, ...]:
        """The rows that are not crossed out."""
        return tuple(one for one in self.rows if one.row.struck_at is None)

    def answerable(self, level: RulingLevel | None) -> bool:
        """Whether this level is to answer now."""
        return self.newest and level is not None and self.standing.level is level


OWNER = sa.select(Minutes.branch_id).where(Minutes.deleted_at.is_(None))


def branch_of(reader: Reader, minutes_id: uuid.UUID) -> uuid.UUID | None:
    """The library whose minutes these are; None where the reader sees no such minutes."""
    found: uuid.UUID | None = reader.connection.execute(OWNER.where(Minutes.id == minutes_id)).scalar()
    return found


def dossier(reader: Reader, minutes_id: uuid.UUID, level: RulingLevel | None, today: dt.date) -> Dossier | None:
    """One edition as an office of this level sees it; None where there is none, or only a draft of the library."""
    branch_id = branch_of(reader, minutes_id)
    if branch_id is None:
        return None
    here = BranchReader(reader, branch_id)
    minutes, branch = find_minutes(here, minutes_id), here.one(BRANCH_FACTS, branch=branch_id)
    if minutes is None or branch is None or minutes.state not in SEEN_BY_OFFICES:
        return None
    answers = answers_to(reader, [minutes_id]).get(minutes_id, {})
    rulings = rulings_with(rulings_on(here, minutes), answers)
    rows = every_row(here, minutes)
    use = use_of(reader, Place(branch_id, branch.province, branch.county), rows, today)
    revisions = tuple(revisions_of(here, minutes))
    terms = terms_of_offices(reader, today)
    return Dossier(
        minutes=minutes, branch=branch, newest=revisions[0].id == minutes.id,
        standing=advanced(Standing(minutes.state, minutes.answer_due_on), answers, branch.kind, terms),
        rows=tuple(_row(row, use[row.item_id], rulings.get(row.item_id, {}), level, answers) for row in rows),
        answers=answers, mine=answers.get(level) if level else None, steps=tuple(steps_of(here, minutes)),
        revisions=revisions, attachments=tuple(attachments_of(here, minutes)),
        heard_at=heard_of(reader, [branch_id]).get(branch_id),
    )  # fmt: skip


def _row(
    row: RowOnTheWay, use: Use, rulings: Mapping[RulingLevel, RulingFacts], level: RulingLevel | None,
    answers: Mapping[RulingLevel, GivenAnswer],
) -> DossierRow:  # fmt: skip
    others = {of: said for of, said in verdicts_of(rulings).items() if of is not level}
    asked = row.struck_at is None and outcome_of(others) is not Verdict.REJECT
    return DossierRow(row, use, rulings, outcome_of(verdicts_of(rulings)), asked, _said(row, rulings, level, answers))


def _said(
    row: RowOnTheWay, rulings: Mapping[RulingLevel, RulingFacts], level: RulingLevel | None,
    answers: Mapping[RulingLevel, GivenAnswer],
) -> Said:  # fmt: skip
    """What is ticked so far; else what the same level ruled before a correction, which still holds (002 م7-9)."""
    if level is None:
        return Said(None)
    mine = answers.get(level)
    if mine is not None and row.item_id in mine.copies:
        return mine.copies[row.item_id]
    before = rulings.get(level)
    if before is not None and before.verdict is not Verdict.CORRECT:
        return Said(before.verdict, before.remark or "")
    return Said(None)


def rulings_with(
    told: Mapping[uuid.UUID, Mapping[RulingLevel, RulingFacts]], answers: Mapping[RulingLevel, GivenAnswer]
) -> Mapping[uuid.UUID, Mapping[RulingLevel, RulingFacts]]:
    """What each level ruled on each copy: as the library has it, with the answers that are on their way to it."""
    together = {item: dict(levels) for item, levels in told.items()}
    for level, answer in answers.items():
        for item, ruling in answer.rulings().items() if answer.holds else ():
            together.setdefault(item, {})[level] = ruling
    return together


SEEN_BY_OFFICES = frozenset(MinutesState) - {MinutesState.DRAFT, MinutesState.FINALISED}
"""Minutes that the library has sent; before that they are its own affair (002 م7-3)."""
