"""An office answers minutes at the centre (002 م7-5 … م7-9، م14-4). The rules are those of the desk
(`app.weeding.minutes`): this is another way for the same answer, which travels to the library as a signed file.

One transaction each. Drafts are the office's own and leave no entry in the journal; an answer does.
"""

import uuid
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from app.centre import Centre
from app.directives.facts import RulingFacts as Sealed
from app.directives.issuing import issue
from app.labels import RULING_LEVEL
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from app.review.answers import Said, stored
from app.review.judging import Case, Judged, OfficeAnswer, case_of, judge, revision_refusals
from app.review.scopes import ReviewerFacts
from app.weeding.minutes.outcomes import LONGEST_REMARK, Unchanged
from app.weeding.minutes.ruling import Asked
from app.weeding.minutes.ruling_file import seal
from app.weeding.minutes.steps import LONGEST_NUMBER
from app.weeding.minutes.workflow import answer_kind, transition
from db.act import Act
from db.codes import DirectiveKind, MinutesState, RulingLevel, Verdict
from db.journal import Intent
from db.models.centre import Review
from db.types import new_id
from db.writing import Tx

RULED_AT_CENTRE = "minutes.ruled_at_centre"


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


def save_draft(
    centre: Centre, reviewer: ReviewerFacts, said: OfficeAnswer, act: Act
) -> DraftSaved | Refused | NotFound:
    """Keep what has been ticked so far."""
    with centre.write() as tx:
        case = case_of(tx, reviewer, said.minutes_id, act)
        if case is None:
            return NotFound(Sought.MINUTES, str(said.minutes_id))
        if reviewer.level is None:
            return Refused((Refusal("role.not_allowed"),))
        refused = (*revision_refusals(case, said), *_closed_refusals(case, reviewer.level))
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
        case = case_of(tx, reviewer, said.minutes_id, act)
        if case is None:
            return NotFound(Sought.MINUTES, str(said.minutes_id))
        if reviewer.level is None:
            return Refused((Refusal("role.not_allowed"),))
        judged = judge(case, reviewer.level, reviewer.name, said, act)
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


def _closed_refusals(case: Case, level: RulingLevel) -> tuple[Refusal, ...]:
    """Minutes that do not wait for this level: no draft is kept of an answer that nobody asks for."""
    if case.standing.level is level:
        return ()
    way = transition(case.standing.state, answer_kind(level, frozenset(), head_office_too=False), level)
    return (way,) if isinstance(way, Refusal) else (Refusal("role.not_allowed"),)


def _sealed(centre: Centre, case: Case, judged: Judged) -> str:
    """The signed file: a verdict for each copy by name, so that it says the same whatever the library does since."""
    asked = judged.asked
    copies = tuple(asked.verdicts[row.item_id] for row in asked.rows if row.item_id in asked.verdicts)
    whole = replace(judged.rulings, default=None, copies=copies)
    return seal(case.branch.id, whole, centre.keys.signing).decode()


def _as_given(said: OfficeAnswer, asked: Asked) -> OfficeAnswer:
    copies = {item: Said(ruling.verdict, ruling.remark) for item, ruling in asked.verdicts.items()}
    return replace(said, copies=copies)


def _write_review(
    tx: Tx, case: Case, level: RulingLevel, said: OfficeAnswer, reviewer: ReviewerFacts, act: Act,
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


def _answered(case: Case, judged: Judged, *, changed: bool = True) -> Answered:
    counted = Counter(ruling.verdict for ruling in judged.asked.verdicts.values())
    return Answered(
        case.minutes.id, case.minutes.number_text, judged.rulings.level, judged.becomes,
        approved=counted[Verdict.APPROVE], redirected=counted[Verdict.REDIRECT], rejected=counted[Verdict.REJECT],
        to_correct=counted[Verdict.CORRECT], lent=judged.asked.lent, changed=changed,
    )  # fmt: skip
