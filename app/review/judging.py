"""An answer to minutes as it would be given (002 م7-5 … م7-9، م14-4): what each copy gets, where it leaves the minutes,
and what speaks against it. The rules are those of the desk (`app.weeding.minutes`). Nothing is written here."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from app.library import BRANCH_FACTS, BranchFacts
from app.persian.text import clean
from app.refusal import Refusal
from app.review.answers import GivenAnswer, Said, answers_to
from app.review.at_branch import BranchReader
from app.review.dossier import branch_of, rulings_with
from app.review.scopes import ReviewerFacts, branches_in_scope
from app.review.standing import Standing, advanced, terms_of_offices
from app.weeding.minutes.outcomes import LONGEST_REMARK, CopyRuling, Letter, Rulings, Unchanged
from app.weeding.minutes.reads import (
    MinutesOnTheWay,
    RowOnTheWay,
    RulingFacts,
    every_row,
    find_minutes,
    revisions_of,
    rulings_on,
    standing_rows,
)
from app.weeding.minutes.ruling import Asked, asked_of, ruled_before, unfit
from app.weeding.minutes.steps import LONGEST_NUMBER, Step, day_refusals
from app.weeding.minutes.workflow import answer_kind, transition
from db.act import Act
from db.codes import BranchKind, MinutesState, RulingLevel, Verdict
from db.models.collection import Minutes
from db.reading import Reader
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class OfficeAnswer:
    """What an office says to one edition: a verdict on the copies named (by id), `default` with one reason on all
    others it is asked about; the letter that goes with it, of today where no day is given."""

    minutes_id: uuid.UUID
    revision: int
    default: Verdict | None = None
    default_remark: str = ""
    copies: Mapping[uuid.UUID, Said] = field(default_factory=dict)
    remark: str = ""
    letter_no: str = ""
    letter_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What an answer meets at the centre."""

    minutes: MinutesOnTheWay
    branch: BranchFacts
    newest: MinutesOnTheWay
    answers: Mapping[RulingLevel, GivenAnswer]
    before: Mapping[uuid.UUID, Mapping[RulingLevel, RulingFacts]]
    standing: Standing
    here: BranchReader


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer as it would be given: where it leaves the minutes, what speaks against it, or that it was given."""

    rulings: Rulings
    asked: Asked
    becomes: MinutesState
    refusals: tuple[Refusal, ...]
    again: Unchanged | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """An answer before it is sent: every copy that is asked about with its verdict, if it has one."""

    minutes: MinutesOnTheWay
    branch: BranchFacts
    letter: Letter
    rows: tuple[tuple[RowOnTheWay, CopyRuling | None], ...]
    becomes: MinutesState
    refusals: tuple[Refusal, ...]

    def with_verdict(self, verdict: Verdict) -> tuple[tuple[RowOnTheWay, CopyRuling], ...]:
        """The copies with this verdict."""
        return tuple((row, said) for row, said in self.rows if said is not None and said.verdict is verdict)


def preview(reader: Reader, reviewer: ReviewerFacts, said: OfficeAnswer, act: Act) -> Preview | None:
    """What an answer would say of each copy, for the letter that goes with it, and what speaks against sending it.
    Nothing is kept."""
    case = case_of(reader, reviewer, said.minutes_id, act)
    if case is None or reviewer.level is None:
        return None
    judged = judge(case, reviewer.level, reviewer.name, said, act)
    rows = tuple((row, judged.asked.verdicts.get(row.item_id)) for row in judged.asked.rows)
    return Preview(case.minutes, case.branch, judged.rulings.letter, rows, judged.becomes, judged.refusals)


def judge(case: Case, level: RulingLevel, by: str, said: OfficeAnswer, act: Act) -> Judged:
    """An answer of a level, given by this person: nothing of it is kept."""
    rulings = _rulings(case, said, level, by, act)
    asked = _with_reason(asked_of(case.here, case.minutes, rulings, case.before), said)
    head_office_too = case.branch.kind is BranchKind.PROVINCIAL_CENTRAL
    kind = answer_kind(level, asked.said, head_office_too=head_office_too)
    way = transition(case.standing.state, kind, level)
    again = ruled_before(case.minutes, rulings, asked, case.before)
    older = revision_refusals(case, said)
    if older or isinstance(again, tuple):
        return Judged(rulings, asked, case.standing.state, older or (again if isinstance(again, tuple) else ()))
    step = Step(kind, level, rulings.letter, rulings.remark)
    refused = (
        *((way,) if isinstance(way, Refusal) else ()),
        *day_refusals(case.minutes, step, act),
        *unfit(case.minutes, rulings, asked, kind),
    )
    becomes = case.standing.state if isinstance(way, Refusal) else way.becomes
    return Judged(rulings, asked, becomes, refused, again)


def case_of(reader: Reader, reviewer: ReviewerFacts, minutes_id: uuid.UUID, act: Act) -> Case | None:
    """What an answer to these minutes meets; None where a reviewer sees no such minutes. Held against others
    who answer, where the reader is a transaction that writes."""
    branch_id = branch_of(reader, minutes_id)
    if branch_id is None or branch_id not in branches_in_scope(reader, reviewer):
        return None
    if isinstance(reader, Tx):  # two people of one office answer one after the other
        reader.connection.execute(sa.select(Minutes.id).where(Minutes.id == minutes_id).with_for_update())
    here = BranchReader(reader, branch_id)
    minutes, branch = find_minutes(here, minutes_id), here.one(BRANCH_FACTS, branch=branch_id)
    if minutes is None or branch is None:
        return None
    answers = answers_to(reader, [minutes_id]).get(minutes_id, {})
    terms = terms_of_offices(reader, act.day)
    return Case(
        minutes, branch, revisions_of(here, minutes)[0], answers, rulings_with(rulings_on(here, minutes), answers),
        advanced(Standing(minutes.state, minutes.answer_due_on), answers, branch.kind, terms), here,
    )  # fmt: skip


def _rulings(case: Case, said: OfficeAnswer, level: RulingLevel, by: str, act: Act) -> Rulings:
    barcodes = {row.item_id: row.barcode for row in standing_rows(every_row(case.here, case.minutes))}
    copies = tuple(
        CopyRuling(barcodes.get(item, str(item)), one.verdict, clean(one.remark, LONGEST_REMARK))
        for item, one in said.copies.items()
        if one.verdict is not None
    )
    letter = Letter(clean(said.letter_no, LONGEST_NUMBER), said.letter_on or act.day, by)
    remark = said.remark or (said.default_remark if said.default is Verdict.CORRECT else "")
    return Rulings(
        case.minutes.number_text, level, letter, said.default, copies, said.revision, clean(remark, LONGEST_REMARK)
    )


def _with_reason(asked: Asked, said: OfficeAnswer) -> Asked:
    """The one reason of a verdict on all the rest stands with each of them."""
    why = clean(said.default_remark, LONGEST_REMARK)
    if said.default is None or not why:
        return asked
    reasoned = {
        item: ruling
        if item in said.copies or ruling.remark or ruling.verdict is not said.default
        else replace(ruling, remark=why)
        for item, ruling in asked.verdicts.items()
    }
    return replace(asked, verdicts=reasoned)


def revision_refusals(case: Case, said: OfficeAnswer) -> tuple[Refusal, ...]:
    """An answer to an edition that another one took the place of (002 م7-9)."""
    if said.revision == case.newest.revision:
        return ()
    return (Refusal("ruling.older_revision", "7-9", limit=case.newest.revision, have=said.revision),)
