"""Routes, their stops, and which reader belongs to which stop."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.actions import Action
from app.circulation.reads import find_member
from app.form import invalid, required
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from app.routes import reads
from app.routes.reads import RouteRow, StopRow
from db.act import Act
from db.frozen import Frozen
from db.models.circulation import Route, Stop
from db.models.members import Member
from db.writing import Tx

LONGEST_RHYTHM = 366
MOST_DAYS_UNDER_WAY = 60
LONGEST_NAME, LONGEST_TEXT = 120, 200


@dataclass(frozen=True, slots=True)
class StopForm:
    """A village on the way: `offset_days` after the first stop, where the van stands, and when («۱۰ تا ۱۲»)."""

    name: str
    offset_days: int = 0
    place: str | None = None
    hours: str | None = None


@dataclass(frozen=True, slots=True)
class RouteForm:
    """A route: the van is at the first stop on `first_visit` and again every `every_days` days."""

    name: str
    first_visit: dt.date
    every_days: int = 14
    active: bool = True
    stops: tuple[StopForm, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class RouteStored:
    """A route as it now stands, with its stops in order."""

    route: RouteRow
    stops: tuple[StopRow, ...]


@dataclass(frozen=True, slots=True)
class StopAssigned:
    """The reader now belongs to the stop, or to none. `changed` False: it was so before."""

    member_id: uuid.UUID
    stop_id: uuid.UUID | None
    changed: bool


@dataclass(frozen=True, slots=True)
class _Homed:
    id: uuid.UUID
    ver: int
    stop_id: uuid.UUID | None


HOMED = Frozen(sa.select(Member.id, Member.ver, Member.stop_id).where(Member.id == sa.bindparam("member")), _Homed)


def add_route(library: Library, form: RouteForm, act: Act) -> RouteStored | Refused:
    """Store a route with its stops, or say everything that is wrong with it."""
    problems = (*_route_problems(form), *(fault for stop in form.stops for fault in _stop_problems(stop)))
    refused = (*library.forbids(act, Action.MANAGE_ROUTES), *problems)
    if refused:
        return Refused(refused)
    with library.store.write() as tx:
        route_id = tx.insert(
            Route, name=clean(form.name, LONGEST_NAME), first_visit=form.first_visit, every_days=form.every_days,
            active=form.active,
        )  # fmt: skip
        for position, stop in enumerate(form.stops, 1):
            _insert_stop(tx, route_id, position, stop)
        tx.record("route.added", act)
        return _stored(tx, route_id)


def edit_route(library: Library, route_id: uuid.UUID, form: RouteForm, act: Act) -> RouteStored | Refused | NotFound:
    """Change name, rhythm or use of a route; its stops are changed one by one.

    Loans keep the due date they were given: a promise is not changed by a new rhythm, only by a visit that falls out.
    """
    with library.store.write() as tx:
        route = reads.route(tx, route_id)
        if route is None:
            return NotFound(Sought.ROUTE, str(route_id))
        refused = (*library.forbids(act, Action.MANAGE_ROUTES), *_route_problems(form))
        if refused:
            return Refused(refused)
        told = {
            "name": clean(form.name, LONGEST_NAME),
            "first_visit": form.first_visit,
            "every_days": form.every_days,
            "active": form.active,
        }
        if any(getattr(route, name) != value for name, value in told.items()):
            tx.update(Route, route, **told)
            tx.record("route.changed", act)
        return _stored(tx, route_id)


def add_stop(library: Library, route_id: uuid.UUID, form: StopForm, act: Act) -> StopRow | Refused | NotFound:
    """Put a village at the end of a route."""
    with library.store.write() as tx:
        route = reads.route(tx, route_id)
        if route is None:
            return NotFound(Sought.ROUTE, str(route_id))
        refused = (*library.forbids(act, Action.MANAGE_ROUTES), *_stop_problems(form))
        if refused:
            return Refused(refused)
        position = max((stop.position for stop in reads.stops(tx, route_id)), default=0) + 1
        stop_id = _insert_stop(tx, route_id, position, form)
        tx.record("stop.added", act)
        return _stop(tx, stop_id)


def edit_stop(library: Library, stop_id: uuid.UUID, form: StopForm, act: Act) -> StopRow | Refused | NotFound:
    """Change what is known of a stop."""
    with library.store.write() as tx:
        stop = reads.stop(tx, stop_id)
        if stop is None:
            return NotFound(Sought.STOP, str(stop_id))
        refused = (*library.forbids(act, Action.MANAGE_ROUTES), *_stop_problems(form))
        if refused:
            return Refused(refused)
        told = _stop_values(form)
        if any(getattr(stop, name) != value for name, value in told.items()):
            tx.update(Stop, stop, **told)
            tx.record("stop.changed", act)
        return _stop(tx, stop_id)


def assign_stop(
    library: Library, member_key: str, stop_id: uuid.UUID | None, act: Act
) -> StopAssigned | Refused | NotFound:
    """Say at which stop a reader is met; None: at the library."""
    with library.store.write() as tx:
        member = find_member(tx, member_key)
        homed = tx.one(HOMED, member=member.id) if member else None
        if member is None or homed is None:
            return NotFound(Sought.MEMBER, member_key)
        if stop_id is not None and reads.stop(tx, stop_id) is None:
            return NotFound(Sought.STOP, str(stop_id))
        refused = library.forbids(act, Action.EDIT_MEMBER) if not library.may(act.role, Action.TRAVEL) else ()
        if refused:
            return Refused(refused)
        if homed.stop_id == stop_id:
            return StopAssigned(member.id, stop_id, changed=False)
        tx.update(Member, homed, stop_id=stop_id)
        tx.record("member.stop_set", act)
        return StopAssigned(member.id, stop_id, changed=True)


def _route_problems(form: RouteForm) -> Iterator[Refusal]:
    yield from required(name=clean(form.name))
    if not 1 <= form.every_days <= LONGEST_RHYTHM:
        yield invalid("every_days", form.every_days)


def _stop_problems(form: StopForm) -> Iterator[Refusal]:
    yield from required(name=clean(form.name))
    if not 0 <= form.offset_days <= MOST_DAYS_UNDER_WAY:
        yield invalid("offset_days", form.offset_days)


def _stop_values(form: StopForm) -> dict[str, str | int | None]:
    return {
        "name": clean(form.name, LONGEST_NAME),
        "offset_days": form.offset_days,
        "place": clean(form.place, LONGEST_TEXT) or None if form.place else None,
        "hours": clean(form.hours, LONGEST_TEXT) or None if form.hours else None,
    }


def _insert_stop(tx: Tx, route_id: uuid.UUID, position: int, form: StopForm) -> uuid.UUID:
    return tx.insert(Stop, route_id=route_id, position=position, **_stop_values(form))


def _stored(tx: Tx, route_id: uuid.UUID) -> RouteStored:
    route = reads.route(tx, route_id)
    if route is None:
        raise RuntimeError("a route vanished inside its own transaction")
    return RouteStored(route, tuple(reads.stops(tx, route_id)))


def _stop(tx: Tx, stop_id: uuid.UUID) -> StopRow:
    stop = reads.stop(tx, stop_id)
    if stop is None:
        raise RuntimeError("a stop vanished inside its own transaction")
    return stop
