"""What the desk shows of the day: frozen rows."""

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from app.clock import midnight
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Loan
from db.models.items import Item
from db.models.members import Member
from db.reading import Reader


class Event(StrEnum):
    """What happened to a copy at the desk."""

    LENT = "lent"
    RETURNED = "returned"
    RENEWED = "renewed"
    USED = "used"


@dataclass(frozen=True, slots=True)
class DayEvent:
    """Something that happened at the desk today."""

    key: str
    event: Event
    at: dt.datetime
    title: str
    main_creator: str | None
    accession_no: int
    member: str | None
    due_on: dt.date | None


@dataclass(frozen=True, slots=True)
class DayCounts:
    """The day in numbers; `out` and `overdue` count all open loans."""

    lent: int
    returned: int
    out: int
    overdue: int


DAY: tuple[sa.BindParameter[dt.datetime], sa.BindParameter[dt.datetime]] = (sa.bindparam("start"), sa.bindparam("end"))
EVENT_COLUMNS = (
    Loan.id, Title.title, Title.main_creator, Item.accession_no, Member.given_name, Member.family_name, Loan.out_at,
    Loan.in_at, Loan.due_on,
)  # fmt: skip
OF_LOAN = (
    sa.select(*EVENT_COLUMNS)
    .join(Item, Item.id == Loan.item_id)
    .join(Title, Title.id == Item.title_id)
    .outerjoin(Member, Member.id == Loan.member_id)
    .where(Loan.deleted_at.is_(None))
)
LENT_TODAY = sa.and_(Loan.out_at >= DAY[0], Loan.out_at < DAY[1])
RETURNED_TODAY = sa.and_(Loan.in_at >= DAY[0], Loan.in_at < DAY[1])
TODAYS_LOANS = Frozen(OF_LOAN.where(LENT_TODAY), lambda *columns: _event(Event.LENT, *columns))
TODAYS_RETURNS = Frozen(OF_LOAN.where(RETURNED_TODAY), lambda *columns: _event(Event.RETURNED, *columns))
OPEN = (Loan.in_at.is_(None), Loan.presumed_in_at.is_(None), Loan.deleted_at.is_(None))
COUNTS = Frozen(
    sa.select(
        sa.select(sa.func.count()).select_from(Loan).where(LENT_TODAY, Loan.deleted_at.is_(None)).scalar_subquery(),
        sa.select(sa.func.count()).select_from(Loan).where(RETURNED_TODAY, Loan.deleted_at.is_(None)).scalar_subquery(),
        sa.select(sa.func.count()).select_from(Loan).where(*OPEN).scalar_subquery(),
        sa.select(sa.func.count())
        .select_from(Loan)
        .where(*OPEN, Loan.due_on < sa.bindparam("today", type_=sa.Date()))
        .scalar_subquery(),
    ),
    DayCounts,
)


def _event(  # noqa: PLR0913, PLR0917 - the columns of a row
    event: Event, loan_id: uuid.UUID, title: str, creator: str | None, accession_no: int, given: str | None,
    family: str | None, out_at: dt.datetime, in_at: dt.datetime | None, due_on: dt.date,
) -> DayEvent:  # fmt: skip
    member = f"{given} {family}" if family else None
    at = out_at if event is Event.LENT or in_at is None else in_at
    return DayEvent(f"{event}-{loan_id}", event, at, title, creator, accession_no, member, due_on)


def todays_events(reader: Reader, today: dt.date) -> list[DayEvent]:
    """Loans and returns of the day, the latest first."""
    start, end = midnight(today), midnight(today + dt.timedelta(days=1))
    events = reader.all(TODAYS_LOANS, start=start, end=end) + reader.all(TODAYS_RETURNS, start=start, end=end)
    return sorted(events, key=lambda event: event.at, reverse=True)


def day_counts(reader: Reader, today: dt.date) -> DayCounts:
    """The day in numbers."""
    start, end = midnight(today), midnight(today + dt.timedelta(days=1))
    counts = reader.one(COUNTS, start=start, end=end, today=today)
    return counts or DayCounts(0, 0, 0, 0)
