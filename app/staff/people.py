"""Who works here, as screens and checks read it."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.persian.digits import typed
from db.codes import Role
from db.frozen import Frozen
from db.models.library import Staff
from db.models.members import MemberCard
from db.models.sync import Site
from db.reading import Reader

# A desk has these; the others work at the centre.
DESK_ROLES = (
    Role.HEAD, Role.LIBRARIAN, Role.ASSISTANT, Role.TRAINEE, Role.VAN_DRIVER, Role.CATALOGUER, Role.ADMINISTRATOR,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """Somebody who works here, or did. `member_id` is the same person as a reader."""

    id: uuid.UUID
    ver: int
    name: str
    role: Role
    pin_hash: str | None
    card: str | None
    active: bool
    member_id: uuid.UUID | None


COLUMNS = (
    Staff.id, Staff.ver, Staff.name, Staff.role, Staff.pin_hash, Staff.card, Staff.active, Staff.member_id,
)  # fmt: skip
EVERYBODY = Frozen(sa.select(*COLUMNS).where(Staff.deleted_at.is_(None)).order_by(Staff.id), StaffFacts)
BY_ID = Frozen(sa.select(*COLUMNS).where(Staff.id == sa.bindparam("person"), Staff.deleted_at.is_(None)), StaffFacts)
BY_CARD = Frozen(
    sa.select(*COLUMNS).where(Staff.card == sa.bindparam("card"), Staff.active, Staff.deleted_at.is_(None)), StaffFacts
)
MEMBER_WITH_CARD = Frozen(
    sa.select(MemberCard.member_id).where(
        MemberCard.branch_id == sa.select(Site.branch_id).scalar_subquery(),
        MemberCard.number == sa.bindparam("card"),
        MemberCard.deleted_at.is_(None),
    ),
    lambda member_id: member_id,
)


def everybody(reader: Reader) -> list[StaffFacts]:
    """All people of the library, those who left included, in order of registration."""
    return reader.all(EVERYBODY)


def person_with_card(reader: Reader, card: str) -> StaffFacts | None:
    """Whose staff card it is."""
    return reader.one(BY_CARD, card=typed(card))
