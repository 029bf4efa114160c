"""What the deeds of senior cataloguers have in common: who may, over which libraries, and what is written of it."""

import uuid
from collections.abc import Collection, Iterator

import sqlalchemy as sa

from app.outcome import Refused
from app.refusal import Refusal
from app.union.reading import ids_leading_to, titles_leading_to
from db.act import Act
from db.codes import Role
from db.frozen import Frozen
from db.models.centre import Reviewer
from db.reading import Reader

SENIOR = frozenset({Role.SENIOR_CATALOGUER})
"""The cataloguer of the province works on records of all its libraries (003 م2)."""
MERGED, SPLIT, CORRECTED, UNDONE = "union.merged", "union.split", "union.corrected", "union.undone"
DEEDS = (MERGED, SPLIT, CORRECTED)
THE_CENTRE = "مرکز"
NAME: Frozen[str] = Frozen(sa.select(Reviewer.name).where(Reviewer.id == sa.bindparam("person")), str)
Branches = Collection[uuid.UUID] | None
"""The libraries a person works for; None is the whole country."""


def forbidden(act: Act) -> Iterator[Refusal]:
    """What speaks against somebody who is no senior cataloguer."""
    if act.role not in SENIOR:
        yield Refusal("role.not_allowed", "003 م2")


def reason_missing(reason: str) -> Iterator[Refusal]:
    """Whoever puts records together or apart says why."""
    if not reason.strip():
        yield Refusal("reason.required")


def out_of_scope(reader: Reader, record_id: uuid.UUID, scope: Branches) -> Iterator[Refusal]:
    """A record is the business of whoever works for a library that holds it."""
    if scope is None:
        return
    holders = set(titles_leading_to(reader, ids_leading_to(reader, record_id)).values())
    if holders.isdisjoint(scope):
        yield Refusal("union.not_in_scope", "003 م2")


def who(reader: Reader, act: Act) -> str:
    """The name of the person who acts, as it stands beside a redirect."""
    return reader.one(NAME, person=act.staff_id) or THE_CENTRE


def refused(refusals: Iterator[Refusal] | Collection[Refusal]) -> Refused | None:
    """All of them at once; None when nothing speaks against it."""
    found = tuple(refusals)
    return Refused(found) if found else None
