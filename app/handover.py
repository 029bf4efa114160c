"""What is open in a library of one person, for whoever opens it next (circulation note §7-22): one page."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.calendar.rules import later
from app.duties.queries import duties_on
from app.duties.rules import Duty, DutyKind, DutyWeight
from app.library import Library
from app.notices.calls import LateReader, call_list
from app.routes.parcels import Parcel, open_parcels
from app.routes.queries import StopVisit, coming_visits
from db.codes import HoldState, MinutesState, WeedingReason
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Hold
from db.models.collection import Minutes
from db.models.members import Member
from db.reading import Reader

LONG_LATE = 30
OF_MINUTES = frozenset(
    {
        DutyKind.COUNTY_ANSWER, DutyKind.PROVINCE_ANSWER, DutyKind.HEAD_OFFICE_ANSWER, DutyKind.CORRECTION,
        DutyKind.SEND_MINUTES,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HoldToTell:
    """A book on the hold shelf whose reader is to be told."""

    name: str
    mobile: str | None
    title: str
    shelf_until: dt.date | None


@dataclass(frozen=True, slots=True)
class MinutesOut:
    """Minutes that wait for an answer."""

    reason: WeedingReason
    year: int | None
    number: int | None
    state: MinutesState
    answer_due_on: dt.date | None


@dataclass(frozen=True, slots=True)
class OpenNow:
    """Everything on the page.

    `late`: readers more than thirty days late; `visits`: of the next open day; `duties`: what the calendar of duties
    presses for, but for the minutes, which have a part of their own.
    """

    holds: tuple[HoldToTell, ...]
    late: tuple[LateReader, ...]
    minutes: tuple[MinutesOut, ...]
    visits: tuple[StopVisit, ...]
    parcels: tuple[Parcel, ...]
    next_open: dt.date
    duties: tuple[Duty, ...] = ()


HOLDS = Frozen(
    sa.select(Member.given_name + " " + Member.family_name, Member.mobile, Title.title, Hold.shelf_until)
    .join(Member, Member.id == Hold.member_id)
    .join(Title, Title.id == Hold.title_id)
    .where(Hold.state == HoldState.WAITING, Hold.deleted_at.is_(None))
    .order_by(Hold.shelf_until, Member.sort_key),
    HoldToTell,
)
MINUTES = Frozen(
    sa.select(Minutes.reason, Minutes.year, Minutes.number, Minutes.state, Minutes.answer_due_on)
    .where(
        Minutes.state != MinutesState.DRAFT,
        Minutes.state != MinutesState.RULED,
        Minutes.state != MinutesState.CLOSED,
        Minutes.state != MinutesState.SUPERSEDED,
        Minutes.deleted_at.is_(None),
    )
    .order_by(Minutes.finalised_on),
    MinutesOut,
)


def handover(library: Library, reader: Reader, today: dt.date) -> OpenNow:
    """What is open this evening."""
    next_open = library.calendar.next_open(later(today, 1))
    return OpenNow(
        holds=tuple(reader.all(HOLDS)),
        late=tuple(one for one in call_list(library, reader, today) if one.late > LONG_LATE),
        minutes=tuple(reader.all(MINUTES)),
        visits=tuple(line for line in coming_visits(library, reader, next_open, next_open) if not line.visit.cancelled),
        parcels=tuple(open_parcels(reader)),
        next_open=next_open,
        duties=tuple(
            duty
            for duty in duties_on(library, reader, today)
            if duty.weight is not DutyWeight.INFO and duty.kind not in OF_MINUTES
        ),
    )
