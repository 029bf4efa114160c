"""Libraries that the centre expects: each stands under a row that holds the place of the one the library will send.

A library gives itself its id when it is set up, so nobody at the centre can know it beforehand. The row that is
entered here has an id of the centre's making until the first computer of the library enrols; then it takes the id of
the library. Its version is 0, before any that a library writes: the first push takes its place (sync-protocol 2, a stub
row).
"""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from app.persian.text import clean
from app.sync.wire import Enrol
from db.changes import full_row, insert_statement
from db.codes import BranchKind
from db.models.centre import EnrolmentCode
from db.models.library import Branch
from db.models.schema import METADATA
from db.types import new_id
from db.writing import Tx

NOT_HEARD_YET = 0
"""The version of such a row."""
LONGEST = 120
BRANCH = METADATA.tables[Branch.__tablename__]
STANDING_IN = sa.select(BRANCH).where(BRANCH.c.ver == NOT_HEARD_YET)


@dataclass(frozen=True, slots=True)
class LibraryFacts:
    """What is known of a library that has told nothing itself yet."""

    name: str
    province: str
    county: str
    city: str
    kind: BranchKind = BranchKind.INSTITUTIONAL
    code: str | None = None


def expect(tx: Tx, facts: LibraryFacts) -> uuid.UUID:
    """Enter a library; returns the id it has meanwhile."""
    return _stand_in(tx, new_id(), asdict(facts))


def expected(tx: Tx, branch_id: uuid.UUID) -> Mapping[str, Any] | None:
    """The row of a library that is expected, kept from others to the end of the transaction; None where it is not, or
    no longer."""
    found = tx.connection.execute(STANDING_IN.where(BRANCH.c.id == branch_id).with_for_update()).mappings().first()
    return None if found is None else dict(found)


def arrive(tx: Tx, expected_id: uuid.UUID, branch_id: uuid.UUID) -> None:
    """The library that was expected under one id is here under its own; its other codes are for that one."""
    row = expected(tx, expected_id)
    if row is None or expected_id == branch_id:
        return
    forget(tx, expected_id)
    if not _is_known(tx, branch_id):
        _stand_in(tx, branch_id, {**row, "branch_id": branch_id})
    others = sa.update(EnrolmentCode).where(EnrolmentCode.branch_id == expected_id)
    tx.connection.execute(others.values(branch_id=branch_id))


def introduce(tx: Tx, asked: Enrol) -> None:
    """A library that nobody had entered stands under what it said of itself, as far as it said anything."""
    branch_id = uuid.UUID(bytes=asked.branch)
    name, province, county = (clean(text, LONGEST) for text in (asked.name, asked.province, asked.county))
    if name and province and county and not _is_known(tx, branch_id):
        _stand_in(tx, branch_id, asdict(LibraryFacts(name, province, county, county)))


def forget(tx: Tx, expected_id: uuid.UUID) -> None:
    """Take the row of a library that is expected away. It never travelled, so no tombstone is left."""
    tx.connection.execute(sa.delete(BRANCH).where(BRANCH.c.id == expected_id, BRANCH.c.ver == NOT_HEARD_YET))


def _stand_in(tx: Tx, branch_id: uuid.UUID, values: Mapping[str, Any]) -> uuid.UUID:
    row = full_row(Branch, branch_id, {**values, "id": branch_id, "ver": NOT_HEARD_YET})
    tx.execute(insert_statement(Branch), **row)
    return branch_id


def _is_known(tx: Tx, branch_id: uuid.UUID) -> bool:
    return tx.connection.execute(sa.select(BRANCH.c.id).where(BRANCH.c.id == branch_id)).first() is not None
