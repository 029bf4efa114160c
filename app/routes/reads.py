"""Routes, stops and the stored days of visits, as use cases and screens read them."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.calendar.rules import Calendar
from app.routes import visits
from app.routes.visits import Change, Rhythm, Visit
from db.frozen import Frozen
from db.models.circulation import Loan, Route, RouteVisit, Stop
from db.models.members import Member
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class RouteRow:
    """A van route."""

    id: uuid.UUID
    ver: int
    name: str
    first_visit: dt.date
    every_days: int
    active: bool


@dataclass(frozen=True, slots=True)
class StopRow:
    """A village on a route, with what of the route decides when the van comes. `members` are those who belong here."""

    id: uuid.UUID
    ver: int
    route_id: uuid.UUID
    route: str
    name: str
    position: int
    offset_days: int
    place: str | None
    hours: str | None
    first_visit: dt.date
    every_days: int
    active: bool
    members: int
    loans: int

    @property
    def rhythm(self) -> Rhythm:
        """When the van comes, as planned."""
        return Rhythm(self.first_visit, self.every_days, self.offset_days)


ROUTE_COLUMNS = (Route.id, Route.ver, Route.name, Route.first_visit, Route.every_days, Route.active)
LIVE_ROUTE = Route.deleted_at.is_(None)
ROUTES = Frozen(sa.select(*ROUTE_COLUMNS).where(LIVE_ROUTE).order_by(Route.active.desc(), Route.name), RouteRow)
ROUTE = Frozen(sa.select(*ROUTE_COLUMNS).where(Route.id == sa.bindparam("route"), LIVE_ROUTE), RouteRow)
OPEN_LOAN = (Loan.in_at.is_(None), Loan.presumed_in_at.is_(None), Loan.deleted_at.is_(None))
STOP_SELECT = (
    sa.select(
        Stop.id, Stop.ver, Stop.route_id, Route.name, Stop.name, Stop.position, Stop.offset_days, Stop.place,
        Stop.hours, Route.first_visit, Route.every_days, Route.active,
        sa.select(sa.func.count())
        .select_from(Member)
        .where(Member.stop_id == Stop.id, Member.deleted_at.is_(None))
        .scalar_subquery(),
        sa.select(sa.func.count()).select_from(Loan).where(Loan.stop_id == Stop.id, *OPEN_LOAN).scalar_subquery(),
    )
    .join(Route, Route.id == Stop.route_id)
    .where(Stop.deleted_at.is_(None), LIVE_ROUTE)
)  # fmt: skip
ALL_STOPS = Frozen(STOP_SELECT.order_by(Route.name, Stop.position), StopRow)
STOPS = Frozen(STOP_SELECT.where(Stop.route_id == sa.bindparam("route")).order_by(Stop.position), StopRow)
STOP = Frozen(STOP_SELECT.where(Stop.id == sa.bindparam("stop")), StopRow)
CHANGES = Frozen(
    sa.select(
        RouteVisit.id, RouteVisit.ver, RouteVisit.day, RouteVisit.instead_of, RouteVisit.cancelled, RouteVisit.done
    )
    .where(RouteVisit.stop_id == sa.bindparam("stop"), RouteVisit.deleted_at.is_(None))
    .order_by(RouteVisit.day),
    Change,
)


def routes(reader: Reader) -> list[RouteRow]:
    """Every route, those in use first."""
    return reader.all(ROUTES)


def route(reader: Reader, route_id: uuid.UUID) -> RouteRow | None:
    """One route."""
    return reader.one(ROUTE, route=route_id)


def all_stops(reader: Reader) -> list[StopRow]:
    """Every stop of every route."""
    return reader.all(ALL_STOPS)


def stops(reader: Reader, route_id: uuid.UUID) -> list[StopRow]:
    """The stops of a route in the order of the way."""
    return reader.all(STOPS, route=route_id)


def stop(reader: Reader, stop_id: uuid.UUID) -> StopRow | None:
    """One stop."""
    return reader.one(STOP, stop=stop_id)


def changes(reader: Reader, stop_id: uuid.UUID) -> list[Change]:
    """The stored visits of a stop."""
    return reader.all(CHANGES, stop=stop_id)


def visits_of(reader: Reader, at: StopRow, calendar: Calendar, since: dt.date, until: dt.date) -> list[Visit]:
    """The visits of a stop from `since` to `until`. Of a route out of use those that were done remain."""
    found = visits.visits(at.rhythm, changes(reader, at.id), calendar, since, until)
    return [visit for visit in found if at.active or visit.done]


def next_visit(reader: Reader, at: StopRow, calendar: Calendar, after: dt.date) -> dt.date | None:
    """The first day after `after` on which the van is at the stop."""
    if not at.active:
        return None
    return visits.next_visit(at.rhythm, changes(reader, at.id), calendar, after)


def due_at_stop(reader: Reader, at: StopRow, calendar: Calendar, lent_on: dt.date) -> dt.date | None:
    """The visit at which a book lent on `lent_on` is due."""
    if not at.active:
        return None
    return visits.due_at_visit(at.rhythm, changes(reader, at.id), calendar, lent_on)
