"""Putting a new version of the rules in force."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from app.actions import Action
from app.outcome import Refused
from app.policy.categories import ALL_CATEGORIES
from app.policy.document import read_document
from app.policy.problems import Problem, problems
from app.policy.stored import insert_policy
from app.policy.table import PolicyTable
from app.refusal import Refusal
from db.act import Act
from db.store import Store


class RuledLibrary(Protocol):
    """What of an open library a new policy touches. `app.library.Library` is one; it stands above the policies."""

    @property
    def store(self) -> Store:
        """Where versions are kept."""
        ...

    @property
    def policy(self) -> PolicyTable:
        """The version in force."""
        ...

    @property
    def categories(self) -> Mapping[str, str]:
        """The member categories of the library."""
        ...

    def forbids(self, act: Act, action: Action) -> tuple[Refusal, ...]:
        """The refusal of somebody who may not."""
        ...

    def forget_rules(self) -> None:
        """Read the rules again at the next use."""
        ...


@dataclass(frozen=True, slots=True)
class PolicySet:
    """The table is stored as this version; `effective_from` may lie ahead."""

    version: int
    effective_from: dt.date


@dataclass(frozen=True, slots=True)
class PolicyUnchanged:
    """These are the very rules in force; no new version was made."""

    version: int


@dataclass(frozen=True, slots=True)
class PolicyFaulty:
    """The table may not be put in force; everything wrong with it."""

    problems: tuple[Problem, ...]


PolicyOutcome: TypeAlias = "PolicySet | PolicyUnchanged | PolicyFaulty | Refused"


def set_policy(library: RuledLibrary, document: Mapping[str, object], act: Act) -> PolicyOutcome:
    """Store a whole table (as in `app.policy.document`) as the next version. Only for who may change the rules.

    Title, profile and categories left out stay as they are. Loans made before keep the version they were made under. A
    date gone by means today: a rule never holds for days on which the desk worked by another.
    """
    forbidden = library.forbids(act, Action.CHANGE_POLICY)
    if forbidden:
        return Refused(forbidden)
    table = read_document(document)
    if isinstance(table, tuple):
        return PolicyFaulty(table)
    table = _completed(table, library.policy, act.day)
    found = problems(table, {*ALL_CATEGORIES, *library.categories})
    if found:
        return PolicyFaulty(found)
    if table == replace(library.policy, version=table.version, effective_from=act.day):
        return PolicyUnchanged(library.policy.version)
    with library.store.write() as tx:
        version = insert_policy(tx, table, act.day)
        tx.record("policy.set", act)
    library.forget_rules()
    return PolicySet(version, table.effective_from or act.day)


def _completed(table: PolicyTable, current: PolicyTable, today: dt.date) -> PolicyTable:
    return replace(
        table,
        title=table.title or current.title,
        profile=table.profile or current.profile,
        source=table.source or current.source,
        categories=table.categories or current.categories,
        effective_from=max(table.effective_from or today, today),
    )
