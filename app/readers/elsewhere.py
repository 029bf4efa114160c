"""What a reader has at other libraries, and when the own library was last heard of.

The centre tells a library numbers only (`MemberStanding`); the reader themself is shown their own loans where another
library lends to them as a visitor. Where they are a member of a second library in their own right, its desk speaks for
it: here the number alone is told, and its pages are opened with its own code.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.centre import Centre
from app.policy.categories import VISITOR
from app.readers.own import OwnLoan, own_loans
from db.codes import MemberState
from db.frozen import Frozen
from db.isolation import DbRole, Scope
from db.models.centre import MemberMatch, MemberStanding
from db.models.library import Branch
from db.models.members import Member
from db.models.sync import Device
from db.types import Id


@dataclass(frozen=True, slots=True)
class Visiting:
    """The row under which another library lends to the reader as a visitor."""

    member_id: uuid.UUID
    branch_id: uuid.UUID
    library: str


@dataclass(frozen=True, slots=True)
class LoansThere:
    """What the reader has from another library."""

    visiting: Visiting
    loans: tuple[OwnLoan, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Loans at other libraries; `unnamed` more are known to be there and are not shown here."""

    libraries: tuple[LoansThere, ...] = ()
    unnamed: int = 0


PERSON = sa.select(MemberMatch.person_id).where(MemberMatch.member_id == sa.bindparam("member", type_=Id()))
VISITS = Frozen(
    sa.select(Member.id, Member.branch_id, Branch.name)
    .join(MemberMatch, MemberMatch.member_id == Member.id)
    .join(Branch, Branch.id == Member.branch_id)
    .where(
        MemberMatch.person_id.in_(PERSON),
        Member.id != sa.bindparam("member", type_=Id()),
        Member.category == VISITOR,
        Member.deleted_at.is_(None),
        Member.state != MemberState.MERGED,
    )
    .order_by(Branch.name, Member.id),
    Visiting,
)
TOLD = Frozen(
    sa.select(MemberStanding.open_elsewhere).where(
        MemberStanding.member_id == sa.bindparam("member", type_=Id()), MemberStanding.deleted_at.is_(None)
    ),
    int,
)
HEARD = Frozen(
    sa.select(sa.func.max(Device.seen_at)).where(Device.branch_id == sa.bindparam("branch", type_=Id())),
    lambda at: (at,),
)


def visits(centre: Centre, member_id: uuid.UUID) -> Sequence[Visiting]:
    """Where the reader is a visitor. Matches are the centre's own knowledge: no library and no reader reads them."""
    with centre.store.read() as reader:
        return reader.all(VISITS, member=member_id)


def loans_elsewhere(centre: Centre, member_id: uuid.UUID, branch_id: uuid.UUID) -> Elsewhere:
    """What the reader has in hand at other libraries, each read as the reader over that one library."""
    found = []
    for visiting in visits(centre, member_id):
        with centre.store.read(Scope(DbRole.MEMBER, (visiting.branch_id,))) as reader:
            loans = tuple(own_loans(reader, visiting.member_id))
        if loans:
            found.append(LoansThere(visiting, loans))
    with centre.store.read(Scope(DbRole.MEMBER, (branch_id,))) as reader:
        told = reader.one(TOLD, member=member_id) or 0
    return Elsewhere(tuple(found), max(told - sum(len(there.loans) for there in found), 0))


def last_heard(centre: Centre, branch_id: uuid.UUID) -> dt.datetime | None:
    """When the library last synchronised; None where it never did."""
    with centre.store.read(Scope(DbRole.REVIEW, (branch_id,))) as reader:
        found = reader.one(HEARD, branch=branch_id)
    return None if found is None else found[0]
