"""A centre and what branches told it: rows put there as a push would leave them, each with its place in a feed."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.centre import Centre
from app.clock import SettableClock
from app.conflicts.projecting import project
from db.act import Act
from db.codes import BranchKind, CaseKind, CaseState, Channel, DirectiveKind, Material, Role
from db.models.base import Base
from db.models.catalogue import Title
from db.models.centre import Directive, DirectiveAnswer, MemberStanding, ReturnSeen, SyncCase
from db.models.circulation import Loan
from db.models.items import Item
from db.models.library import Branch, Policy, PolicyRow
from db.models.members import Member, MemberCard
from db.models.schema import METADATA
from db.types import new_id
from tests.centres import fresh_centre, reopened
from tests.library import MORNING, TODAY
from tests.postgres import cluster, copy_of

READY = "network_for_tests"
LIBRARIES = ARAK, TAFRESH, SAVEH = "اراک", "تفرش", "ساوه"


@dataclass
class Network:
    """A centre with its clock, and branches by name."""

    centre: Centre
    branches: dict[str, uuid.UUID] = field(default_factory=dict)

    def act(self) -> Act:
        return Act(None, Role.ADMINISTRATOR, 0, self.centre.clock.read())

    def put(self, model: type[Base], branch: str, **values: Any) -> uuid.UUID:
        """A row of a branch arrives."""
        with self.centre.write() as tx:
            row = tx.insert(model, branch_id=self.branches[branch], **values)
            tx.record("test.changed", self.act())
        return row

    def change(self, model: type[Base], row_id: uuid.UUID, **values: Any) -> None:
        """A row of a branch arrives in a newer version."""
        row = self.row(model, row_id)
        with self.centre.write() as tx:
            tx.update(model, row, **values)
            tx.record("test.changed", self.act())

    def row(self, model: type[Base], row_id: uuid.UUID) -> Any:
        table = METADATA.tables[model.__tablename__]
        with self.centre.store.read() as reader:
            return reader.connection.execute(sa.select(table).where(table.c.id == row_id)).one()

    def rows(self, model: type[Base], branch: str | None = None, **where: Any) -> list[Any]:
        """Live rows, of one branch if it is named; «مرکز» is the centre."""
        table = METADATA.tables[model.__tablename__]
        query = sa.select(table).where(table.c.deleted_at.is_(None)).order_by(table.c.id)
        if branch is not None:
            owner = self.centre.id if branch == "مرکز" else self.branches[branch]
            query = query.where(table.c.branch_id == owner)
        for name, value in where.items():
            query = query.where(table.c[name] == value)
        with self.centre.store.read() as reader:
            return list(reader.connection.execute(query))

    def branch(self, name: str, **fields: Any) -> uuid.UUID:
        """A library that has told who it is and by which rules it lends."""
        branch_id = self.branches[name] = new_id()
        self.put(
            Branch, name, id=branch_id, name=name, province="مرکزی", county="اراک", city="اراک",
            kind=BranchKind.INSTITUTIONAL, **fields,
        )  # fmt: skip
        policy = self.put(
            Policy,
            name,
            version=1,
            title="قواعد",
            profile="public",
            status="in_force",
            effective_from=TODAY,
            source="-",
        )
        self.put(PolicyRow, name, policy_id=policy, position=1, parameters={"loan_days": 14, "max_loans_all_types": 3},
                 name="همه", source="-", article="-")  # fmt: skip
        return branch_id

    def member(self, branch: str, card: str, category: str = "ordinary", **fields: Any) -> uuid.UUID:
        """A reader as a branch has them."""
        known = {"given_name": "مریم", "family_name": "رضایی", "member_no": f"{card}-n", "joined_on": TODAY,
                 "sort_key": "", "search_key": "", "category": category}  # fmt: skip
        member = self.put(Member, branch, **(known | fields))
        self.put(MemberCard, branch, member_id=member, number=card, since=TODAY)
        return member

    def change_name(self, member: uuid.UUID) -> None:
        """Something of a reader that decides nothing comes in anew."""
        self.change(Member, member, job="معلم")

    def copy(self, branch: str, barcode: str) -> uuid.UUID:
        """A copy of a branch."""
        title = self.put(Title, branch, title="بوستان", material=Material.BOOK, status="none", **DERIVED)
        number = len(self.rows(Item)) + 1
        return self.put(Item, branch, title_id=title, accession_no=number, accession_date=TODAY, barcode=barcode,
                        item_type="book", copy_no=1, source="unknown", status="on_loan", shelf_key="")  # fmt: skip

    def loan(self, branch: str, member: uuid.UUID, copy: uuid.UUID | None = None, **fields: Any) -> uuid.UUID:
        """An open loan."""
        item = copy or self.copy(branch, f"B-{new_id()}")
        known = {"out_at": MORNING, "out_on": TODAY, "due_on": TODAY + dt.timedelta(14),
                 "first_due_on": TODAY + dt.timedelta(14), "channel": Channel.DESK, "policy_version": 1,
                 "policy_row": "*/*", "item_type": "book"}  # fmt: skip
        return self.put(Loan, branch, item_id=item, member_id=member, **(known | fields))

    def seen(self, branch: str, barcode: str, **fields: Any) -> uuid.UUID:
        """A branch saw a copy of another one."""
        known = {"at": MORNING + dt.timedelta(hours=1), "day": TODAY, "state": "here"}
        return self.put(ReturnSeen, branch, barcode=barcode, **(known | fields))

    def answer(self, directive: Any, *, done: bool = True, codes: tuple[str, ...] = (), words: str = "") -> None:
        """The branch did a directive, or refused it."""
        branch = next(name for name, known in self.branches.items() if known == directive.branch_id)
        self.put(DirectiveAnswer, branch, directive_id=directive.id, done=done, codes=list(codes), words=words,
                 at=MORNING)  # fmt: skip

    def project(self) -> int:
        """Look across the branches once, and prove that looking twice finds nothing more."""
        changed = project(self.centre)
        assert project(self.centre) == 0
        return changed

    def standing(self, member: uuid.UUID) -> Any:
        found = self.rows(MemberStanding, member_id=member)
        assert len(found) <= 1
        return found[0] if found else None

    def cases(self, branch: str, kind: CaseKind, state: CaseState = CaseState.OPEN) -> list[Any]:
        return self.rows(SyncCase, branch, kind=kind, state=state)

    def asked(self, branch: str, kind: DirectiveKind) -> list[Any]:
        return self.rows(Directive, branch, kind=kind)


DERIVED = {"sort_key": "", "match_key": "", "work_key": ""}


@cache
def _origin() -> tuple[str, dict[str, uuid.UUID]]:
    """Made once a run: the name of a database, and its libraries."""
    with fresh_centre() as centre:
        centre.clock = SettableClock(MORNING)
        made = Network(centre)
        for name in LIBRARIES:
            made.branch(name)
        centre.store.close()
        source = sa.make_url(centre.store.name).database
        cluster().running.make_database(READY, copy_of(str(source)))
    return READY, made.branches


@contextmanager
def network() -> Iterator[Network]:
    """A centre that knows three libraries."""
    database, branches = _origin()
    with cluster().database(copy_of(database)) as url:
        centre = reopened(url, MORNING)
        with centre.store:
            yield Network(centre, dict(branches))
