"""What the work bench tells of the four groups: the minutes on their way, the copies on a draft with their use, and who
put them there."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.library import HERE
from app.persian import jalali
from app.weeding.minutes.tracking import TrackedMinutes, tracked
from app.weeding.queries import DRAFTED, STANDING_ROW
from db.codes import WeedingReason
from db.frozen import Frozen
from db.models.circulation import Loan
from db.models.collection import MinutesRow
from db.models.items import Item, LocalUse
from db.models.library import Staff
from db.reading import Reader

USE_YEARS = 5
"""The span over which the bench counts loans, as its column says."""


@dataclass(frozen=True, slots=True)
class Use:
    """How a copy is used: the newest of loan, use in the hall and registration, and the loans since a day."""

    item_id: uuid.UUID
    last_use: dt.date
    recent_loans: int


@dataclass(frozen=True, slots=True)
class ProposedBy:
    """Who put a copy on a draft, and when (002 م5-2)."""

    name: str
    at: dt.datetime


USED_IN_HALL = (
    sa.select(sa.func.max(LocalUse.day))
    .where(LocalUse.item_id == Item.id, LocalUse.deleted_at.is_(None))
    .scalar_subquery()
)
LENT_SINCE = (
    sa.select(sa.func.count())
    .select_from(Loan)
    .where(
        Loan.item_id == Item.id,
        Loan.out_on >= sa.bindparam("since", type_=sa.Date()),
        Loan.deleted_at.is_(None),
    )
    .scalar_subquery()
)


def _use(item_id: uuid.UUID, registered: dt.date, lent: dt.date | None, used: dt.date | None, recent_loans: int) -> Use:
    return Use(item_id, max(day for day in (registered, lent, used) if day is not None), recent_loans)


USE = sa.select(Item.id, Item.accession_date, Item.last_loan_on, USED_IN_HALL, LENT_SINCE)
USE_OF_COPY = Frozen(USE.where(Item.id == sa.bindparam("item")), _use)
USE_ON_MINUTES = Frozen(
    USE.join(MinutesRow, MinutesRow.item_id == Item.id).where(
        MinutesRow.branch_id == HERE, MinutesRow.minutes_id == sa.bindparam("minutes"), *STANDING_ROW
    ),
    _use,
)
# From the copies to their loans, so that the index of loans answers alone: reading a million of them takes ten seconds.
LOANS_SINCE = Frozen(
    sa.select(Item.id, LENT_SINCE).where(
        Item.branch_id == HERE,
        Item.last_loan_on >= sa.bindparam("since", type_=sa.Date()),
        Item.deleted_at.is_(None),
    ),
    lambda item_id, loans: (item_id, loans),
)
PROPOSED_BY = Frozen(
    sa.select(Staff.name, MinutesRow.proposed_at)
    .join(Staff, Staff.id == MinutesRow.author_id)
    .where(MinutesRow.id == sa.bindparam("row")),
    ProposedBy,
)


def drafted(reader: Reader) -> Mapping[WeedingReason, int]:
    """How many copies stand on each of the four drafts; a reason without any is left out."""
    return dict(reader.all(DRAFTED))


def newest_minutes(reader: Reader) -> Mapping[WeedingReason, TrackedMinutes]:
    """The newest minutes of each reason that have left the draft, on their way or at their end; not those the library
    took back."""
    newest: dict[WeedingReason, TrackedMinutes] = {}
    for minutes in tracked(reader):
        if not minutes.withdrawn:
            newest.setdefault(minutes.reason, minutes)
    return newest


def use_of(reader: Reader, item_id: uuid.UUID, today: dt.date) -> Use | None:
    """How a copy has been used; its loans of the last `USE_YEARS` Jalali years."""
    return reader.one(USE_OF_COPY, item=item_id, since=_since(today))


def use_on_minutes(reader: Reader, minutes_id: uuid.UUID, today: dt.date) -> Mapping[uuid.UUID, Use]:
    """The same for every copy that stands on minutes."""
    return {use.item_id: use for use in reader.all(USE_ON_MINUTES, minutes=minutes_id, since=_since(today))}


def recent_loans(reader: Reader, today: dt.date) -> Mapping[uuid.UUID, int]:
    """The loans of the last `USE_YEARS` Jalali years of every copy that was lent at all then."""
    return dict(reader.all(LOANS_SINCE, since=_since(today)))


def proposed_by(reader: Reader, row_id: uuid.UUID) -> ProposedBy | None:
    """Who put a copy on minutes; None when that person is not known here any more."""
    return reader.one(PROPOSED_BY, row=row_id)


def _since(today: dt.date) -> dt.date:
    return jalali.from_jalali(jalali.year(today) - USE_YEARS + 1, 1, 1)
