"""A refusal: a value with a code, the rule and the numbers behind it. All reasons reach the librarian at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Weight(StrEnum):
    """How much stands behind a refusal."""

    BLOCK = "block"
    CONFIRM = "confirm"


class NoteWeight(StrEnum):
    """How a note is shown that refuses nothing: as a warning that stays, or in passing."""

    ALERT = "alert"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why something was not done.

    `rule` names the policy row or article, `limit` and `have` the numbers, `facts` whatever else the wording needs.
    `overridable` is true when the person at this desk may lift it with a reason; nobody may where it is `final`.
    """

    code: str
    rule: str | None = None
    limit: int | None = None
    have: int | None = None
    weight: Weight = Weight.BLOCK
    overridable: bool = False
    facts: Mapping[str, object] = field(default_factory=dict)
    final: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about what was done. It refuses nothing; its words stand beside those of refusals."""

    code: str
    weight: NoteWeight = NoteWeight.MESSAGE
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person at the desk has said to earlier questions: codes overridden with a reason, codes confirmed.

    `remember`: the same shall hold for the rest of this reader's visit.
    """

    override: frozenset[str] = frozenset()
    reason: str = ""
    confirm: frozenset[str] = frozenset()
    remember: bool = False


NO_ANSWER = Answer()


def still_refused(refusals: Collection[Refusal], answer: Answer) -> tuple[Refusal, ...]:
    """The refusals that the answer does not lift, with what is wrong with the answer itself."""
    lifted = {refusal.code for refusal in refusals if _lifts(refusal, answer)}
    remaining = [refusal for refusal in refusals if refusal.code not in lifted]
    overridden = {refusal.code for refusal in refusals if refusal.code in answer.override}
    if overridden and not answer.reason.strip():
        return (*refusals, Refusal("reason.required"))
    forbidden = overridden - lifted
    if forbidden:
        remaining.append(Refusal("role.not_allowed", facts={"codes": sorted(forbidden)}))
    return tuple(remaining)


def _lifts(refusal: Refusal, answer: Answer) -> bool:
    if refusal.weight is Weight.CONFIRM and refusal.code in answer.confirm:
        return True
    return refusal.overridable and refusal.code in answer.override


def for_role(refusals: Collection[Refusal], may_override: Collection[str]) -> tuple[Refusal, ...]:
    """Mark which refusals the person at the desk may lift."""
    return tuple(
        replace(refusal, overridable=refusal.code in may_override and not refusal.final) for refusal in refusals
    )
