"""An open library: its store, its clock, and the rules it works by. Handed to use cases and pages; there is no global
one."""

import datetime as dt
import uuid
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import sqlalchemy as sa

from app.actions import Action, overrides_of
from app.calendar.rules import Calendar
from app.calendar.stored import stored_calendar
from app.clock import Clock
from app.guideline.stored import guideline_in_force
from app.guideline.table import Guideline
from app.policy.categories import ALL_CATEGORIES, BY_PROFILE, VISITOR, VISITOR_AS, VISITOR_WORDS
from app.policy.stored import FIRST_OF_CENTRE, IN_FORCE, policy_in_force, policy_of_version, version_in_force
from app.policy.table import ANY, PolicyTable, Terms
from app.refusal import Refusal
from app.settings import Setting
from app.staff.stored import allowed_actions
from db.act import Act
from db.codes import BranchKind, Role
from db.frozen import Frozen
from db.journal import DECODER
from db.models.library import Branch, Counter, Staff
from db.models.sync import JournalEntry, Site, Stream
from db.reading import Reader
from db.store import Store
from db.trouble import Trouble
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class BranchFacts:
    """The library as forms and rules see it."""

    id: uuid.UUID
    ver: int
    name: str
    province: str
    county: str
    city: str
    grade: str | None
    kind: BranchKind
    space_shortage: bool
    barcode_prefix: str
    phone: str | None = None
    address: str | None = None
    code: str | None = None
    licence_no: str | None = None
    founded_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here."""

    id: uuid.UUID
    name: str
    role: Role


HERE = sa.select(Site.branch_id).scalar_subquery()
"""The branch of this database, as statements name it. The unique indexes begin with it: a look-up by barcode, card or
number that leaves it out reads the whole table."""

BRANCH_FACTS = Frozen(
    sa.select(
    Branch.id, Branch.ver, Branch.name, Branch.province, Branch.county, Branch.city, Branch.grade, Branch.kind,
        Branch.space_shortage, Branch.barcode_prefix, Branch.phone, Branch.address,
        Branch.code, Branch.licence_no, Branch.founded_on,
    ).where(Branch.id == sa.bindparam("branch")),
    BranchFacts,
)  # fmt: skip


STAMPS = Frozen(
    sa.select(JournalEntry.at_ms, JournalEntry.body)
    .where(
        JournalEntry.device_id == sa.bindparam("device"),
        JournalEntry.epoch == sa.bindparam("epoch"),
        JournalEntry.seq <= sa.bindparam("until", type_=sa.BigInteger()),
    )
    .order_by(JournalEntry.seq.desc())
    .limit(100),
    lambda at_ms, body: (at_ms, DECODER.decode(body)),
)
EPOCHS: Frozen[int] = Frozen(
    sa.select(Stream.epoch)
    .where(Stream.device_id == sa.bindparam("device"))
    .order_by(Stream.closed_at.is_not(None), Stream.opened_at.desc()),
    int,
)
RULES = "rules"
"""Counts the changes of calendar, permissions, guideline and the library itself, so that every desk of a shared
database learns of them."""
PASSED_OVER: Setting[dict[str, list[list[int]]]] = Setting("numbers_passed_over", {}, scope="sync")
"""Numbers by series, from … to, that a copy of this database gave which is lost: they may stay missing here."""
CHANGES_OF_RULES = sa.select(Counter.value).where(Counter.branch_id == HERE, Counter.name == RULES).scalar_subquery()
RULES_IN_FORCE = Frozen(
    cast("sa.Select[Any]", IN_FORCE.statement).add_columns(CHANGES_OF_RULES),
    lambda _, version, changes: (int(version), int(changes or 0)),
)
SEQ, CLOCK, DOUBTFUL = 0, 5, 4  # places in an entry and in its clock reading


def last_known(store: Store) -> dt.datetime | None:
    """The moment of the newest action whose time was believed: where `SystemClock` starts from."""
    if store.identity is None:
        return None
    device = store.identity.device_id
    with store.read() as reader:
        known = (_last_known_of(reader, device, epoch) for epoch in reader.all(EPOCHS, device=device))
        return next((moment for moment in known if moment is not None), None)


def _last_known_of(reader: Reader, device: uuid.UUID, epoch: int) -> dt.datetime | None:
    until = 2**62
    while True:
        stamps = reader.all(STAMPS, device=device, epoch=epoch, until=until)
        for at_ms, entry in stamps:
            if not entry[CLOCK][DOUBTFUL]:
                return dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC)
            until = entry[SEQ] - 1
        if not stamps:
            return None


class Library:
    """A store with its clock and rule tables. The tables are read once and again after `forget_rules`."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self._seen: tuple[int, int] | None = None
        self._versions: dict[int, PolicyTable | None] = {}

    @cached_property
    def branch(self) -> BranchFacts:
        """The branch this database belongs to."""
        with self.store.read() as reader:
            facts = reader.one(BRANCH_FACTS, branch=self.store.branch_id)
        if facts is None:
            raise RuntimeError("the store knows its branch but holds no row of it")
        return facts

    @cached_property
    def policy(self) -> PolicyTable:
        """The policy in force today."""
        with self.store.read() as reader:
            return policy_in_force(reader, self.clock.read().day)

    @property
    def guideline(self) -> Guideline:
        """The weeding and binding guideline in force today; read again when another day has come."""
        today = self.clock.read().day
        known = self.__dict__.get("_guideline")
        if known is None or known[0] != today:
            with self.store.read() as reader:
                known = self.__dict__["_guideline"] = (today, guideline_in_force(reader, today))
        return cast("Guideline", known[1])

    @cached_property
    def calendar(self) -> Calendar:
        """Weekly closed days and exceptions."""
        with self.store.read() as reader:
            return stored_calendar(reader)

    @cached_property
    def _allowed(self) -> dict[Role, frozenset[Action]]:
        with self.store.read() as reader:
            return allowed_actions(reader)

    def forget_rules(self) -> None:
        """Read branch, policy, guideline, calendar and permissions again at the next use."""
        for name in ("branch", "policy", "_guideline", "calendar", "_allowed"):
            self.__dict__.pop(name, None)

    def rules_changed(self, tx: Tx) -> None:
        """Let every desk read its rules again: to be said by whoever changes the calendar or the permissions."""
        tx.next_number(RULES)

    def keep_fresh(self, reader: Reader, day: dt.date) -> None:
        """Forget the rules when they are not those that were seen last: a new policy or calendar came, at this desk or
        another, or the day of one has come at midnight. One statement."""
        in_force = reader.one(RULES_IN_FORCE, day=day) or (version_in_force(reader, day), 0)
        if in_force != self._seen:
            self._seen = in_force
            self.forget_rules()

    def with_calendar(self, calendar: Calendar) -> "Library":
        """The same library as it is under another calendar, which need not be stored yet."""
        other = copy(self)
        other.__dict__["calendar"] = calendar
        return other

    def terms(self, category: str, item_type: str) -> Terms:
        """What holds here for a member of this category and a copy of this type."""
        return self._terms(self.policy, category, item_type)

    def terms_then(self, version: int, category: str, item_type: str) -> Terms:
        """What a loan made under this version costs when it is late. Rules of the centre are not retroactive: they come
        in late, and the loan is judged by those the library had (sync-protocol 11)."""
        if version == self.policy.version or self.policy.version < FIRST_OF_CENTRE:
            return self.terms(category, item_type)
        return self._terms(self._version(version) or self.policy, category, item_type)

    def _terms(self, policy: PolicyTable, category: str, item_type: str) -> Terms:
        if category == VISITOR and not policy.speaks_of(VISITOR):
            category = VISITOR_AS.get(policy.profile, ANY)
        return policy.resolve(self.branch.name, category, item_type)

    def _version(self, version: int) -> PolicyTable | None:
        """A version that was in force before; versions never change."""
        if version not in self._versions:
            with self.store.read() as reader:
                self._versions[version] = policy_of_version(reader, version)
        return self._versions[version]

    @property
    def offline_days(self) -> int | None:
        """For how many days without a word from the centre people may sign in."""
        return self.terms(ANY, ANY).limit("staff_offline_days")

    @property
    def offline_warn_days(self) -> int | None:
        """After how many days without a word from the centre that is to be said."""
        return self.terms(ANY, ANY).limit("staff_offline_warn_days")

    @property
    def categories(self) -> Mapping[str, str]:
        """The member categories of this library: code and Persian words."""
        known = BY_PROFILE.get(self.policy.profile, ALL_CATEGORIES)
        return {**known, VISITOR: VISITOR_WORDS, **self.policy.categories}

    @property
    def memberships(self) -> Mapping[str, str]:
        """The categories of which somebody can become a member here: all but that of visitors."""
        return {code: words for code, words in self.categories.items() if code != VISITOR}

    def may(self, role: Role, action: Action) -> bool:
        """Whether a role may do something here."""
        return action in self._allowed[role]

    def forbids(self, act: Act, action: Action) -> tuple[Refusal, ...]:
        """The refusal of somebody who may not do something here; empty when they may."""
        return () if self.may(act.role, action) else (Refusal("role.not_allowed"),)

    def overrides(self, role: Role) -> frozenset[str]:
        """The refusal codes a role may lift here."""
        return overrides_of(role, self._allowed[role])

    def people(self) -> tuple[Person, ...]:
        """The staff, head first, in order of registration."""
        query = (
            sa.select(Staff.id, Staff.name, Staff.role)
            .where(Staff.active, Staff.deleted_at.is_(None))
            .order_by(Staff.id)
        )
        with self.store.read() as reader:
            found = tuple(Person(*row) for row in reader.connection.execute(query))
        return tuple(sorted(found, key=lambda person: person.role is not Role.HEAD))

    def person(self, name: str | None) -> Person:
        """The staff member called `name`, or the first head. Raises Trouble P-1601 when there is none."""
        for person in self.people():
            if name is None or person.name == name:
                return person
        raise Trouble("P-1601", name=name)

    def act(self, person: Person, desk: int = 1, key: str | None = None) -> Act:
        """An act of this person now, under the rules of now: at a shared database another desk may change them."""
        stamp = self.clock.read()
        if not self.store.is_file:
            with self.store.read() as reader:
                self.keep_fresh(reader, stamp.day)
        return Act(person.id, person.role, desk, stamp, key)
