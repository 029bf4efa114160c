"""Conflicts that wait for a person, as a branch sees and decides them: both stories, the choices, and what follows
(sync-protocol 21). The branch does by its own use cases what a choice means here; the centre acts upon the decision."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.actions import Action
from app.conflicts.choices import Choice
from app.conflicts.deeds import Subject, close_claimed, close_newer, close_older, take_theirs
from app.conflicts.words import Option, Story, options_of, told
from app.labels import CASE_KIND
from app.library import HERE, Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from db.act import Act
from db.codes import CaseKind, CaseState
from db.frozen import Frozen
from db.models.centre import SyncCase
from db.reading import Reader
from db.types import Id

DECIDED = "case.decided"


@dataclass(frozen=True, slots=True)
class Case:
    """A case as a window shows it: `title` is the kind in words, `about` what it is about in one line."""

    id: uuid.UUID
    kind: CaseKind
    title: str
    about: str
    stories: tuple[Story, ...]
    options: tuple[Option, ...]
    state: CaseState
    opened_at: dt.datetime
    decision: Choice | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A case as stored."""

    id: uuid.UUID
    ver: int
    kind: CaseKind
    rows: list[str]
    stories: dict[str, Any]
    choices: list[str]
    state: CaseState
    opened_at: dt.datetime
    decision: str | None


@dataclass(frozen=True, slots=True)
class CaseDecided:
    """The decision stands; `already`: it had been taken before, and nothing was changed."""

    case: Case
    already: bool = False


DecideOutcome: TypeAlias = "CaseDecided | Refused | NotFound"
CASES = sa.select(
    SyncCase.id, SyncCase.ver, SyncCase.kind, SyncCase.rows, SyncCase.stories, SyncCase.choices, SyncCase.state,
    SyncCase.opened_at, SyncCase.decision,
).where(SyncCase.branch_id == HERE, SyncCase.deleted_at.is_(None))  # fmt: skip
OPEN = Frozen(CASES.where(SyncCase.state == CaseState.OPEN).order_by(SyncCase.opened_at, SyncCase.id), Stored)
EVERY = Frozen(CASES.order_by(SyncCase.opened_at.desc(), SyncCase.id), Stored)
ONE = Frozen(CASES.where(SyncCase.id == sa.bindparam("case", type_=Id())), Stored)

Deed = Callable[[Library, Subject, Act], tuple[Refusal, ...]]
DEEDS: Mapping[Choice, Deed] = MappingProxyType(
    {
        Choice.CLOSE_LOAN: close_claimed,
        Choice.CLOSE_OLDER: close_older,
        Choice.CLOSE_NEWER: close_newer,
        Choice.TAKE_THEIRS: take_theirs,
    }
)
"""What a choice does here; the others change nothing but the case. Each may be repeated: the second time it finds it
done."""
NEEDS: Mapping[CaseKind, Action] = MappingProxyType(
    {CaseKind.MEMBER_DIFFERS: Action.EDIT_MEMBER, CaseKind.TITLE_DIFFERS: Action.CATALOGUE}
)
"""Who may decide; cases of other kinds are for whoever may lift rules of lending."""


def open_cases(reader: Reader) -> list[Case]:
    """What waits for a person, the longest first."""
    return [_shown(reader, case) for case in reader.all(OPEN)]


def every_case(reader: Reader) -> list[Case]:
    """What waits and what was decided, the newest first."""
    return [_shown(reader, case) for case in reader.all(EVERY)]


def decide_case(
    library: Library, case_id: uuid.UUID, choice: str, act: Act, fields: Collection[str] = ()
) -> DecideOutcome:
    """Decide a case: first what the choice means here, then the decision itself, which goes to the centre. Killed
    between the two, the same request finishes it. `fields`: of the parts of the option these alone; none: all."""
    with library.store.read() as reader:
        case = reader.one(ONE, case=case_id)
        if case is None:
            return NotFound(Sought.CASE, str(case_id))
        if case.state is not CaseState.OPEN and case.decision == choice:
            return CaseDecided(_shown(reader, case), already=True)
    refused = (*library.forbids(act, NEEDS.get(case.kind, Action.OVERRIDE)), *_problems(case, choice, fields))
    if not refused and Choice(choice) in DEEDS:
        refused = DEEDS[Choice(choice)](library, Subject(case.rows, case.stories, fields), replace(act, key=None))
    if refused:
        return Refused(refused)
    with library.store.write() as tx:
        case = tx.one(ONE, case=case_id)
        if case is None or case.state is not CaseState.OPEN:
            return Refused((Refusal("case.over"),))
        tx.update(SyncCase, case, decision=choice, state=CaseState.DECIDED)
        tx.record(DECIDED, act)
        return CaseDecided(_shown(tx, replace(case, decision=choice, state=CaseState.DECIDED)))


def _problems(case: Stored, choice: str, fields: Collection[str]) -> Iterator[Refusal]:
    options = {option.choice.value: option for option in options_of(case.choices, case.stories)}
    if case.state is not CaseState.OPEN:
        yield Refusal("case.over")
    elif choice not in options:
        yield Refusal("case.choice", facts={"choice": choice[:32]})
    else:
        unknown = sorted({*fields} - {name for name, _ in options[choice].parts})
        yield from (Refusal("case.choice", facts={"choice": name[:32]}) for name in unknown)


def _shown(reader: Reader, case: Stored) -> Case:
    words = told(reader, case.kind, case.rows, case.stories) if case.stories else None
    return Case(
        id=case.id,
        kind=case.kind,
        title=CASE_KIND[case.kind],
        about=words.about if words else "",
        stories=words.stories if words else (),
        options=options_of(case.choices, case.stories),
        state=case.state,
        opened_at=case.opened_at,
        decision=Choice(case.decision) if case.decision in set(Choice) else None,
    )
