"""A member who was cleared joins again: the certificate is revoked, and says so when it is verified here."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from db.frozen import Frozen
from db.models.circulation import Clearance
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class InForce:
    """A certificate that has not been revoked."""

    id: uuid.UUID
    ver: int
    revoked_on: dt.date | None


IN_FORCE = Frozen(
    sa.select(Clearance.id, Clearance.ver, Clearance.revoked_on).where(
        Clearance.member_id == sa.bindparam("member"), Clearance.revoked_on.is_(None), Clearance.deleted_at.is_(None)
    ),
    InForce,
)


def revoke_clearances(tx: Tx, member_id: uuid.UUID, day: dt.date) -> tuple[uuid.UUID, ...]:
    """Revoke every certificate of a member inside somebody's transaction (a renewal of the membership)."""
    found = tx.all(IN_FORCE, member=member_id)
    for certificate in found:
        tx.update(Clearance, certificate, revoked_on=day)
    return tuple(certificate.id for certificate in found)
