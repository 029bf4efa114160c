"""What the window shows of certificates: frozen rows."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.library import HERE
from db.frozen import Frozen
from db.models.circulation import Clearance
from db.models.members import Member
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate in a list; `name` and `member_no` are empty once the reader's data are gone."""

    id: uuid.UUID
    number: int
    code: str
    day: dt.date
    reason: str | None
    document_id: uuid.UUID | None
    revoked_on: dt.date | None
    name: str
    member_no: str


def _row(*columns: Any) -> CertificateRow:
    *of_certificate, given, family, member_no = columns
    known = (*of_certificate, f"{given or ''} {family or ''}".strip(), member_no or "")
    return CertificateRow(*known)


SHOWN = 200
LATEST = Frozen(
    sa.select(
        Clearance.id, Clearance.number, Clearance.code, Clearance.day, Clearance.reason, Clearance.document_id,
        Clearance.revoked_on, Member.given_name, Member.family_name, Member.member_no,
    )
    .outerjoin(Member, Member.id == Clearance.member_id)
    .where(Clearance.branch_id == HERE, Clearance.deleted_at.is_(None))
    .order_by(Clearance.number.desc())
    .limit(SHOWN),
    _row,
)  # fmt: skip


def latest_certificates(reader: Reader) -> list[CertificateRow]:
    """The latest certificates of this branch, the newest first."""
    return reader.all(LATEST)
