"""Putting another version of the guideline in force: other figures, criteria or hints than those the program ships."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias

from app.actions import Action
from app.guideline.document import PARTS, Problem, problems, read_document, write_rules
from app.guideline.stored import FIRST_OF_CENTRE, insert_guideline
from app.guideline.table import Guideline
from app.outcome import Refused
from app.refusal import Refusal
from db.act import Act
from db.codes import RuleStatus
from db.store import Store
from db.writing import Tx


class GuidedLibrary(Protocol):
    """What of an open library another guideline touches. `app.library.Library` is one; it stands above."""

    @property
    def store(self) -> Store:
        """Where versions are kept."""
        ...

    @property
    def guideline(self) -> Guideline:
        """The version in force."""
        ...

    def forbids(self, act: Act, action: Action) -> tuple[Refusal, ...]:
        """The refusal of somebody who may not."""
        ...

    def rules_changed(self, tx: Tx) -> None:
        """Let every desk read its rules again."""
        ...

    def forget_rules(self) -> None:
        """Read the rules again at the next use."""
        ...


@dataclass(frozen=True, slots=True)
class GuidelineSet:
    """Stored as this version; `effective_from` may lie ahead."""

    version: int
    effective_from: dt.date


@dataclass(frozen=True, slots=True)
class GuidelineUnchanged:
    """This is the very version in force; no new one was made."""

    version: int


@dataclass(frozen=True, slots=True)
class GuidelineFaulty:
    """It may not be stored; everything wrong with it."""

    problems: tuple[Problem, ...]


GuidelineOutcome: TypeAlias = GuidelineSet | GuidelineUnchanged | GuidelineFaulty | Refused


def set_guideline(library: GuidedLibrary, document: Mapping[str, Any], act: Act) -> GuidelineOutcome:
    """Store a document (as resources/guideline/weeding.toml, its head beside its parts) as the next version.

    Only for who may change the rules. What is left out stays as it is now, each figure for itself; criteria, exemptions
    and hints as wholes. Without a status it is in force, without a date from today; a date gone by means today.
    """
    current = library.guideline
    forbidden = library.forbids(act, Action.CHANGE_POLICY)
    if current.version >= FIRST_OF_CENTRE:
        forbidden = (*forbidden, Refusal("centre.owns_guideline"))
    if forbidden:
        return Refused(forbidden)
    whole = completed(document, current, act.day)
    found = problems(whole)
    if found:
        return GuidelineFaulty(found)
    wanted = read_document(whole)
    wanted = replace(wanted, effective_from=max(wanted.effective_from, act.day))
    same = replace(wanted, version=current.version, effective_from=current.effective_from, status=current.status)
    if wanted.status is RuleStatus.IN_FORCE and wanted.effective_from == act.day and same == current:
        return GuidelineUnchanged(current.version)
    with library.store.write() as tx:
        version = insert_guideline(tx, wanted, act)
        library.rules_changed(tx)
        tx.record("guideline.set", act)
    library.forget_rules()
    return GuidelineSet(version, wanted.effective_from)


def completed(document: Mapping[str, Any], current: Guideline, today: dt.date) -> dict[str, Any]:
    """A whole document: what is left out stays as it is now."""
    rules = write_rules(current)
    head = {
        "title": current.title, "source": current.source, "status": RuleStatus.IN_FORCE.value, "effective_from": today,
    }  # fmt: skip
    given = {name: value for name, value in document.items() if value is not None}
    for part in PARTS:
        if isinstance(given.get(part), Mapping) and isinstance(rules[part], dict):
            given[part] = rules[part] | dict(given[part])
    return {**head, **rules, **given, "version": current.version}
