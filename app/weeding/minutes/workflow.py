"""The way of weeding minutes as a table: which step leads from which state to which, who may take it, how many days it
opens, and the article that says so (002 م7). Pure; the desk, the sync and the centre read the same lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from app.actions import Action
from app.guideline.table import Terms
from app.labels import MINUTES_NEXT, MINUTES_STATE, MINUTES_STEP, MINUTES_STEP_INTO, MINUTES_STEP_NAME
from app.refusal import Refusal
from db.codes import MinutesState, MinutesStepKind, RulingLevel, Verdict

Way: TypeAlias = tuple[MinutesState, MinutesStepKind, RulingLevel | None]


@dataclass(frozen=True, slots=True)
class Transition:
    """What a step makes of minutes, what its taker must be allowed to do, the field of `Terms` that says how many days
    the next one has (None: no term runs), and the article."""

    becomes: MinutesState
    action: Action
    days_of_term: str | None
    article: str


S, K = MinutesState, MinutesStepKind
COUNTY, PROVINCE, HEAD_OFFICE = RulingLevel.COUNTY, RulingLevel.PROVINCE, RulingLevel.HEAD_OFFICE
FINALISE, ANSWER = Action.FINALISE_MINUTES, Action.ENTER_RULING

# A passed term approves nothing by itself: only a ruling does (002 م7-4).
TRANSITIONS: Mapping[Way, Transition] = MappingProxyType(
    {
        (S.DRAFT, K.FINALISE, None): Transition(S.FINALISED, FINALISE, None, "7-2"),
        (S.FINALISED, K.SEND, None): Transition(S.AT_COUNTY, FINALISE, "county_days", "7-3"),
        (S.AT_COUNTY, K.FORWARD, COUNTY): Transition(S.AT_PROVINCE, ANSWER, "province_days", "7-5"),
        # The county refuses every copy: nothing is left to ask the province. After a ruling the final list has the week
        # of م7-9.
        (S.AT_COUNTY, K.RULE, COUNTY): Transition(S.RULED, ANSWER, "correction_days", "7-7"),
        (S.AT_COUNTY, K.ASK_CORRECTION, COUNTY): Transition(S.CORRECTION, ANSWER, "correction_days", "7-5"),
        (S.AT_PROVINCE, K.RULE, PROVINCE): Transition(S.RULED, ANSWER, "correction_days", "7-6"),
        (S.AT_PROVINCE, K.ASK_CORRECTION, PROVINCE): Transition(S.CORRECTION, ANSWER, "correction_days", "7-8"),
        # A provincial central library weeds with the approval of the head office only.
        (S.AT_PROVINCE, K.FORWARD, PROVINCE): Transition(S.AT_HEAD_OFFICE, ANSWER, None, "14-4"),
        (S.AT_HEAD_OFFICE, K.RULE, HEAD_OFFICE): Transition(S.RULED, ANSWER, "correction_days", "14-4"),
        (S.CORRECTION, K.REISSUE, COUNTY): Transition(S.AT_COUNTY, FINALISE, "county_days", "7-9"),
        (S.CORRECTION, K.REISSUE, PROVINCE): Transition(S.AT_PROVINCE, FINALISE, "province_days", "7-9"),
        (S.RULED, K.CLOSE, None): Transition(S.CLOSED, FINALISE, None, "7-12"),
        # The final list goes to the county office by letter; nothing else changes any more.
        (S.CLOSED, K.SEND, None): Transition(S.CLOSED, FINALISE, None, "7-12"),
        # The library takes its proposal back while nobody has ruled; the copies go back to the shelf.
        (S.FINALISED, K.WITHDRAW, None): Transition(S.SUPERSEDED, FINALISE, None, "7-3"),
        (S.AT_COUNTY, K.WITHDRAW, None): Transition(S.SUPERSEDED, FINALISE, None, "7-3"),
        (S.CORRECTION, K.WITHDRAW, None): Transition(S.SUPERSEDED, FINALISE, None, "7-9"),
    }
)


def transition(state: MinutesState, kind: MinutesStepKind, level: RulingLevel | None) -> Transition | Refusal:
    """What this step makes of minutes in this state, or why it is not taken: where they stand and what comes next."""
    found = TRANSITIONS.get((state, kind, level))
    if found is not None:
        return found
    facts = {"state": MINUTES_STATE[state], "step": MINUTES_STEP_NAME[kind], "next": MINUTES_NEXT[state]}
    return Refusal("minutes.step_not_allowed", ARTICLE_OF[kind], facts=facts)


ARTICLE_OF: Mapping[MinutesStepKind, str] = MappingProxyType(
    {
        K.FINALISE: "7-2",
        K.SEND: "7-3",
        K.ASK_CORRECTION: "7-5",
        K.REISSUE: "7-9",
        K.FORWARD: "7-5",
        K.RULE: "7-6",
        K.CLOSE: "7-12",
        K.WITHDRAW: "7-3",
    }
)


def step_done(kind: MinutesStepKind, became: MinutesState) -> str:
    """What was done, in words: «فرستاده شد», and of closed minutes «فهرست نهایی فرستاده شد»."""
    return MINUTES_STEP_INTO.get((kind, became), MINUTES_STEP[kind])


def days_of(step: Transition, terms: Terms) -> int | None:
    """How many days the next one has from the day of this step; None where no term runs."""
    return None if step.days_of_term is None else int(getattr(terms, step.days_of_term))


def answer_kind(level: RulingLevel, verdicts: frozenset[Verdict], *, head_office_too: bool) -> MinutesStepKind:
    """What an answer with these verdicts is: a request for correction, handing on to the next level, or the ruling.

    `head_office_too`: of a provincial central library, whose province does not have the last word (002 م14-4).
    """
    if Verdict.CORRECT in verdicts:
        return K.ASK_CORRECTION
    approved = bool(verdicts & {Verdict.APPROVE, Verdict.REDIRECT})
    hands_on = level is COUNTY or (level is PROVINCE and head_office_too)
    return K.FORWARD if approved and hands_on else K.RULE


def outcome_of(verdicts: Mapping[RulingLevel, Verdict]) -> Verdict | None:
    """What the levels say of one copy together, as far as they have ruled: refused by one is refused (002 م7-11), and
    found usable by one goes to the exchange centre (م10-3). None while nobody has ruled or a correction is asked."""
    said = set(verdicts.values())
    for verdict in (Verdict.REJECT, Verdict.CORRECT, Verdict.REDIRECT, Verdict.APPROVE):
        if verdict in said:
            return None if verdict is Verdict.CORRECT else verdict
    return None
