"""Putting a new version of the rules in force."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from app.actions import Action
from app.outcome import Refused
from app.policy.categories import ALL_CATEGORIES
from app.policy.document import read_document, write_document
from app.policy.problems import Problem, problems
from app.policy.stored import FIRST_OF_CENTRE, insert_policy, policy_of_version, versions
from app.policy.table import PolicyTable
from app.refusal import Refusal
from db.act import Act
from db.codes import RuleStatus
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
    """These are the very rules in force, or those stored last; no new version was made."""

    version: int


@dataclass(frozen=True, slots=True)
class PolicyFaulty:
    """The table may not be put in force; everything wrong with it."""

    problems: tuple[Problem, ...]


PolicyOutcome: TypeAlias = PolicySet | PolicyUnchanged | PolicyFaulty | Refused


def set_policy(library: RuledLibrary, document: Mapping[str, object], act: Act) -> PolicyOutcome:
    """Store a whole table (as in `app.policy.document`) as the next version. Only for who may change the rules.

    Title, profile and categories left out stay as they are. Loans made before keep the version they were made under. A
    date gone by means today: a rule never holds for days on which the desk worked by another.
    """
    forbidden = (*library.forbids(act, Action.CHANGE_POLICY), *_centre_refusals(library.policy))
    if forbidden:
        return Refused(forbidden)
    table = read_document(document)
    if isinstance(table, tuple):
        return PolicyFaulty(table)
    table = _completed(table, library.policy, act.day)
    found = checked(library, table)
    if found:
        return PolicyFaulty(found)
    same = _stored_before(library, table, act.day)
    if same is not None:
        return PolicyUnchanged(same)
    with library.store.write() as tx:
        version = insert_policy(tx, table, act.day)
        tx.record("policy.set", act)
    library.forget_rules()
    return PolicySet(version, table.effective_from or act.day)


def go_back(
    library: RuledLibrary, version: int, act: Act, effective_from: dt.date | None = None
) -> PolicyOutcome | None:
    """Put the rows of an older version in force again, as a new version: what decided meanwhile stays on record. None
    when no such version is stored."""
    with library.store.read() as reader:
        table = policy_of_version(reader, version)
    if table is None:
        return None
    document = write_document(replace(table, status=RuleStatus.IN_FORCE, effective_from=effective_from))
    return set_policy(library, document, act)


def checked(library: RuledLibrary, table: PolicyTable) -> tuple[Problem, ...]:
    """Everything wrong with a table that is to hold in this library; empty if it may be stored."""
    return problems(table, {*ALL_CATEGORIES, *library.categories})


def _centre_refusals(current: PolicyTable) -> Iterator[Refusal]:
    """While rules of the centre hold, a version of the library's own would decide nothing."""
    if current.version >= FIRST_OF_CENTRE:
        yield Refusal("centre.owns_policy")


def _stored_before(library: RuledLibrary, table: PolicyTable, today: dt.date) -> int | None:
    """The version that says just this: the one in force, or the newest, which may wait for its day or be a draft."""
    current = library.policy
    if table == replace(current, version=table.version, effective_from=today):
        return current.version
    with library.store.read() as reader:
        own = next(version.version for version in versions(reader) if not version.of_centre)
        newest = policy_of_version(reader, own)
    same = newest is not None and table == replace(newest, version=table.version)
    return newest.version if newest is not None and same else None


def _completed(table: PolicyTable, current: PolicyTable, today: dt.date) -> PolicyTable:
    return replace(
        table,
        title=table.title or current.title,
        profile=table.profile or current.profile,
        source=table.source or current.source,
        categories=table.categories or current.categories,
        effective_from=max(table.effective_from or today, today),
    )
