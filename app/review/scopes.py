"""Who works at the centre, and which libraries they see: those of their county, of their province, or of the whole
country."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.library import HERE
from app.persian.text import clean, compact
from db.codes import Role, RulingLevel
from db.frozen import Frozen
from db.models.centre import Reviewer
from db.models.library import Branch
from db.reading import Reader

LONGEST_PLACE = 60


@dataclass(frozen=True, slots=True)
class ReviewerFacts:
    """Somebody who signs in at the centre. `province` and `county` are empty where the scope is wider; `guarded` tells
    that a second factor has been set up."""

    id: uuid.UUID
    user_name: str
    name: str
    role: Role
    level: RulingLevel | None
    province: str | None
    county: str | None
    must_change: bool
    guarded: bool
    active: bool
    made_at: dt.datetime

    @property
    def national(self) -> bool:
        """Whether the whole country is in scope."""
        return self.province is None


REVIEWER = (
    Reviewer.id, Reviewer.user_name, Reviewer.name, Reviewer.role, Reviewer.level, Reviewer.province, Reviewer.county,
    Reviewer.must_change, Reviewer.totp.is_not(None), Reviewer.active, Reviewer.made_at,
)  # fmt: skip
PLACES = Frozen(
    sa.select(Branch.province, Branch.county)
    .where(Branch.branch_id != HERE, Branch.deleted_at.is_(None))
    .distinct()
    .order_by(Branch.province, Branch.county),
    lambda province, county: (province, county),
)


def places(reader: Reader) -> list[tuple[str, str]]:
    """Every (province, county) that has a library, as the libraries write them."""
    return reader.all(PLACES)


def as_known(reader: Reader, province: str, county: str) -> tuple[str, str]:
    """A province and a county in the spelling of the libraries there; clean, as they were written, where none is."""
    province, county = clean(province, LONGEST_PLACE), clean(county, LONGEST_PLACE)
    known = places(reader)
    province = next((one for one, _ in known if compact(one) == compact(province)), province)
    county = next((two for one, two in known if one == province and compact(two) == compact(county)), county)
    return province, county


def branches_in_scope(reader: Reader, reviewer: ReviewerFacts) -> tuple[uuid.UUID, ...]:
    """The ids of the libraries this person may see, the centre's own row not among them.

    Places are compared without regard to spelling: «خراسان رضوي» of one library is «خراسان رضوی» of the other.
    """
    chosen = sa.select(Branch.branch_id).where(Branch.branch_id != HERE, Branch.deleted_at.is_(None))
    if not reviewer.national:
        seen = [place for place in places(reader) if _covers(reviewer, *place)]
        chosen = chosen.where(sa.tuple_(Branch.province, Branch.county).in_(seen))
    return tuple(reader.connection.execute(chosen.order_by(Branch.branch_id)).scalars())


def covers(reviewer: ReviewerFacts, province: str | None, county: str | None) -> bool:
    """Whether a scope lies wholly within that of `reviewer`."""
    if reviewer.national:
        return True
    return province is not None and _covers(reviewer, province, county or "")


def _covers(reviewer: ReviewerFacts, province: str, county: str) -> bool:
    if compact(reviewer.province or "") != compact(province):
        return False
    return reviewer.county is None or compact(reviewer.county) == compact(county)
