"""An office answers minutes at the centre (002 م7-5 … م7-9، م14-4). The rules are those of the desk
(`app.weeding.minutes`): this is another way for the same answer, which travels to the library as a signed file.

One transaction each. Drafts are the office's own and leave no entry in the journal; an answer does.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from app.centre import Centre
from app.directives.facts import RulingFacts as Sealed
from app.directives.issuing import issue
from app.labels import RULING_LEVEL
from app.library import BRANCH_FACTS, BranchFacts
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from app.review.answers import GivenAnswer, Said, answers_to, stored
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
from app.weeding.minutes.ruling_file import seal
from app.weeding.minutes.steps import LONGEST_NUMBER, Step, day_refusals
from app.weeding.minutes.workflow import answer_kind, transition
from db.act import Act
from db.codes import BranchKind, DirectiveKind, MinutesState, RulingLevel, Verdict
from db.journal import Intent
from db.models.centre import Review
from db.models.collection import Minutes
from db.reading import Reader
from db.types import new_id
from db.writing import Tx

RULED_AT_CENTRE = "minutes.ruled_at_centre"


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
class DraftSaved:
    """The answer so far is kept; nobody else sees it."""

    minutes_id: uuid.UUID
    copies: int


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer is on its way to the library. `becomes` is where the minutes stand now; `lent` are the accession
    numbers of copies that are to go and are with readers. `changed` False: this very answer was given before."""

    minutes_id: uuid.UUID
    number: str
    level: RulingLevel
    becomes: MinutesState
    approved: int
    redirected: int
    rejected: int
    to_correct: int
    lent: tuple[int, ...] = ()
    changed: bool = True


@dataclass(frozen=True, slots=True)
class _Case:
    """What an answer meets at the centre."""

    minutes: MinutesOnTheWay
    branch: BranchFacts
    newest: MinutesOnTheWay
    answers: Mapping[RulingLevel, GivenAnswer]
    before: Mapping[uuid.UUID, Mapping[RulingLevel, RulingFacts]]
    standing: Standing
    here: BranchReader


@dataclass(frozen=True, slots=True)
class _Judged:
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


def save_draft(
    centre: Centre, reviewer: ReviewerFacts, said: OfficeAnswer, act: Act
) -> DraftSaved | Refused | NotFound:
    """Keep what has been ticked so far."""
    with centre.write() as tx:
        case = _case(tx, reviewer, said.minutes_id, act)
        if case is None:
            return NotFound(Sought.MINUTES, str(said.minutes_id))
        if reviewer.level is None:
            return Refused((Refusal("role.not_allowed"),))
        refused = (*_revision_refusals(case, said), *_closed_refusals(case, reviewer.level))
        if refused:
            return Refused(refused)
        _write_review(tx, case, reviewer.level, said, reviewer, act)
        return DraftSaved(case.minutes.id, len(said.copies))


def answer_minutes(
    centre: Centre, reviewer: ReviewerFacts, said: OfficeAnswer, act: Act
) -> Answered | Refused | NotFound:
    """Give the answer of the reviewer's level, all of it or nothing: it is kept, and goes to the library signed with
    the key of the centre. The same answer again changes nothing; another one is refused."""
    with centre.write() as tx:
        case = _case(tx, reviewer, said.minutes_id, act)
        if case is None:
            return NotFound(Sought.MINUTES, str(said.minutes_id))
        if reviewer.level is None:
            return Refused((Refusal("role.not_allowed"),))
        judged = _judge(case, reviewer.level, reviewer.name, said, act)
        if isinstance(judged.again, Unchanged):
            return _answered(case, judged, changed=False)
        if judged.refusals:
            return Refused(judged.refusals)
        sealed = Sealed(_sealed(centre, case, judged))
        directive_id = issue(tx, centre, case.branch.id, DirectiveKind.RULING, sealed, reviewer.name)
        _write_review(tx, case, reviewer.level, _as_given(said, judged.asked), reviewer, act, directive_id)
        seen = {
            "library": case.branch.name, "number": case.minutes.number_text, "level": RULING_LEVEL[reviewer.level],
        }  # fmt: skip
        tx.record(RULED_AT_CENTRE, act, Intent(seen=seen))
        return _answered(case, judged)


def preview(reader: Reader, reviewer: ReviewerFacts, said: OfficeAnswer, act: Act) -> Preview | None:
    """What an answer would say of each copy, for the letter that goes with it, and what speaks against sending it.
    Nothing is kept."""
    case = _case(reader, reviewer, said.minutes_id, act)
    if case is None or reviewer.level is None:
        return None
    judged = _judge(case, reviewer.level, reviewer.name, said, act)
    rows = tuple((row, judged.asked.verdicts.get(row.item_id)) for row in judged.asked.rows)
    return Preview(case.minutes, case.branch, judged.rulings.letter, rows, judged.becomes, judged.refusals)


def _judge(case: _Case, level: RulingLevel, by: str, said: OfficeAnswer, act: Act) -> _Judged:
    rulings = _rulings(case, said, level, by, act)
    asked = _with_reason(asked_of(case.here, case.minutes, rulings, case.before), said)
    head_office_too = case.branch.kind is BranchKind.PROVINCIAL_CENTRAL
    kind = answer_kind(level, asked.said, head_office_too=head_office_too)
    way = transition(case.standing.state, kind, level)
    again = ruled_before(case.minutes, rulings, asked, case.before)
    older = _revision_refusals(case, said)
    if older or isinstance(again, tuple):
        return _Judged(rulings, asked, case.standing.state, older or (again if isinstance(again, tuple) else ()))
    step = Step(kind, level, rulings.letter, rulings.remark)
    refused = (
        *((way,) if isinstance(way, Refusal) else ()),
        *day_refusals(case.minutes, step, act),
        *unfit(case.minutes, rulings, asked, kind),
    )
    becomes = case.standing.state if isinstance(way, Refusal) else way.becomes
    return _Judged(rulings, asked, becomes, refused, again)


def _case(reader: Reader, reviewer: ReviewerFacts, minutes_id: uuid.UUID, act: Act) -> _Case | None:
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
    return _Case(
        minutes, branch, revisions_of(here, minutes)[0], answers, rulings_with(rulings_on(here, minutes), answers),
        advanced(Standing(minutes.state, minutes.answer_due_on), answers, branch.kind, terms), here,
    )  # fmt: skip


def _rulings(case: _Case, said: OfficeAnswer, level: RulingLevel, by: str, act: Act) -> Rulings:
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


def _revision_refusals(case: _Case, said: OfficeAnswer) -> tuple[Refusal, ...]:
    if said.revision == case.newest.revision:
        return ()
    return (Refusal("ruling.older_revision", "7-9", limit=case.newest.revision, have=said.revision),)


def _closed_refusals(case: _Case, level: RulingLevel) -> tuple[Refusal, ...]:
    """Minutes that do not wait for this level: no draft is kept of an answer that nobody asks for."""
    if case.standing.level is level:
        return ()
    way = transition(case.standing.state, answer_kind(level, frozenset(), head_office_too=False), level)
    return (way,) if isinstance(way, Refusal) else (Refusal("role.not_allowed"),)


def _sealed(centre: Centre, case: _Case, judged: _Judged) -> str:
    """The signed file: a verdict for each copy by name, so that it says the same whatever the library does since."""
    asked = judged.asked
    copies = tuple(asked.verdicts[row.item_id] for row in asked.rows if row.item_id in asked.verdicts)
    whole = replace(judged.rulings, default=None, copies=copies)
    return seal(case.branch.id, whole, centre.keys.signing).decode()


def _as_given(said: OfficeAnswer, asked: Asked) -> OfficeAnswer:
    copies = {item: Said(ruling.verdict, ruling.remark) for item, ruling in asked.verdicts.items()}
    return replace(said, copies=copies)


def _write_review(
    tx: Tx, case: _Case, level: RulingLevel, said: OfficeAnswer, reviewer: ReviewerFacts, act: Act,
    directive_id: uuid.UUID | None = None,
) -> None:  # fmt: skip
    values: dict[str, Any] = {
        "revision": said.revision,
        "verdicts": stored(said.default, said.default_remark, said.copies),
        "remark": clean(said.remark, LONGEST_REMARK) or None,
        "letter_no": clean(said.letter_no, LONGEST_NUMBER) or None,
        "letter_on": said.letter_on or (act.day if directive_id else None),
        "reviewer_id": reviewer.id,
        "saved_at": act.at,
        "sent_at": act.at if directive_id else None,
        "directive_id": directive_id,
    }
    known = case.answers.get(level)
    if known is None:
        given = {"id": new_id(), "branch_id": case.branch.id, "minutes_id": case.minutes.id, "level": level} | values
        tx.connection.execute(sa.insert(Review).values(given))
    else:
        tx.connection.execute(sa.update(Review).where(Review.id == known.id).values(values))


def _answered(case: _Case, judged: _Judged, *, changed: bool = True) -> Answered:
    counted = Counter(ruling.verdict for ruling in judged.asked.verdicts.values())
    return Answered(
        case.minutes.id, case.minutes.number_text, judged.rulings.level, judged.becomes,
        approved=counted[Verdict.APPROVE], redirected=counted[Verdict.REDIRECT], rejected=counted[Verdict.REJECT],
        to_correct=counted[Verdict.CORRECT], lent=judged.asked.lent, changed=changed,
    )  # fmt: skip
