"""The van at the headless desk: routes, stops, visits, and the lists it takes along (004 الف-2)."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Annotated

from msgspec import Meta, Struct, field

from app.outcome import NotFound, Refused, Sought
from app.routes import queries, reads
from app.routes.changing import VisitChanged, cancel_visit, finish_visit, move_visit
from app.routes.reads import StopRow
from app.routes.service import (
    RouteForm,
    RouteStored,
    StopForm,
    add_route,
    add_stop,
    assign_stop,
    edit_route,
    edit_stop,
)
from db.act import Act
from db.reading import Reader
from reports.stop_list import packing_list, stop_list
from server.desk.answers import Facts, done, invalid, missing, not_found, refused, unreadable
from server.desk.files import written, wrong_suffix
from server.desk.keys import member_key
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Day, Line, Name, Path, day

LONGEST_SPAN = 366
AHEAD = 60
Days = Annotated[int, Meta(ge=0, le=366)]


class StopFields(Struct, forbid_unknown_fields=True, kw_only=True):
    """A stop described inside another request."""

    name: Name
    offset_days: Days = 0
    place: Line | None = None
    hours: Line | None = None


class RouteAdd(Request, kw_only=True):
    """A route with its stops."""

    name: Name
    first_visit: Day
    every_days: Annotated[int, Meta(ge=1, le=366)] = 14
    active: bool = True
    stops: Annotated[tuple[StopFields, ...], Meta(max_length=60)] = ()


class RouteEdit(Request, kw_only=True):
    """What changes of a route; what is left out stays."""

    route: uuid.UUID
    name: Name | None = None
    first_visit: Day | None = None
    every_days: Annotated[int, Meta(ge=1, le=366)] | None = None
    active: bool | None = None


class RouteShow(Request, kw_only=True):
    """One route, or all of them."""

    route: uuid.UUID | None = None


class StopAdd(Request, kw_only=True):
    """A stop at the end of a route."""

    route: uuid.UUID
    name: Name
    offset_days: Days = 0
    place: Line | None = None
    hours: Line | None = None


class StopEdit(Request, kw_only=True):
    """What changes of a stop; what is left out stays."""

    stop: uuid.UUID
    name: Name | None = None
    offset_days: Days | None = None
    place: Line | None = None
    hours: Line | None = None


class StopAssign(Request, kw_only=True):
    """At which stop a member is met; none: at the library."""

    member: str
    stop: uuid.UUID | None = None


class StopLoans(Request, kw_only=True):
    """The loan list of a stop for a visit (the next one, when no day is given); `pdf` writes it on paper."""

    stop: uuid.UUID
    day: Day | None = None
    pdf: Path | None = None


class RoutePack(Request, kw_only=True):
    """What the van takes along on a route on one day."""

    route: uuid.UUID
    day: Day
    pdf: Path | None = None


class VisitList(Request, kw_only=True):
    """The visits of a route or a stop (or of all) between two days."""

    route: uuid.UUID | None = None
    stop: uuid.UUID | None = None
    since: Day | None = field(default=None, name="from")
    until: Day | None = field(default=None, name="to")


class VisitChange(Request, kw_only=True):
    """A visit of one stop, or of every stop of a route that is visited that day."""

    day: Day
    stop: uuid.UUID | None = None
    route: uuid.UUID | None = None


class VisitMove(VisitChange, kw_only=True):
    """The same, with the day the van comes instead."""

    to: Day


def add(session: Session, request: RouteAdd) -> Facts:
    """Store a route."""
    stops = tuple(StopForm(stop.name, stop.offset_days, stop.place, stop.hours) for stop in request.stops)
    form = RouteForm(request.name, request.first_visit.value, request.every_days, request.active, stops)
    return _route_stored(add_route(session.library, form, session.act(request.key)), "added")


def edit(session: Session, request: RouteEdit) -> Facts:
    """Change a route."""
    with session.library.store.read() as reader:
        known = reads.route(reader, request.route)
    if known is None:
        return not_found(Sought.ROUTE)
    form = RouteForm(
        request.name if request.name is not None else known.name,
        day(request.first_visit) or known.first_visit,
        request.every_days or known.every_days,
        known.active if request.active is None else request.active,
    )
    return _route_stored(edit_route(session.library, request.route, form, session.act(request.key)), "changed")


def _route_stored(outcome: RouteStored | Refused | NotFound, word: str) -> Facts:
    match outcome:
        case RouteStored():
            return done(word, **_route(outcome.route), stops=[_stop(stop) for stop in outcome.stops])
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)


def show(session: Session, request: RouteShow) -> Facts:
    """A route with its stops and the next visit of each; without a route, all of them."""
    library, today = session.library, session.act().day
    with library.store.read() as reader:
        found = [row for row in reads.routes(reader) if request.route in (None, row.id)]
        if request.route is not None and not found:
            return not_found(Sought.ROUTE)
        told = []
        for row in found:
            stops = []
            for stop in reads.stops(reader, row.id):
                coming = reads.next_visit(reader, stop, library.calendar, today - dt.timedelta(days=1))
                stops.append({**_stop(stop), "next_visit": coming})
            told.append({**_route(row), "stops": stops})
    return done("found", routes=told)


def put_stop(session: Session, request: StopAdd) -> Facts:
    """Add a stop to a route."""
    form = StopForm(request.name, request.offset_days, request.place, request.hours)
    return _stop_stored(add_stop(session.library, request.route, form, session.act(request.key)), "added")


def change_stop(session: Session, request: StopEdit) -> Facts:
    """Change a stop."""
    with session.library.store.read() as reader:
        known = reads.stop(reader, request.stop)
    if known is None:
        return not_found(Sought.STOP)
    form = StopForm(
        known.name if request.name is None else request.name,
        known.offset_days if request.offset_days is None else request.offset_days,
        known.place if request.place is None else request.place,
        known.hours if request.hours is None else request.hours,
    )
    return _stop_stored(edit_stop(session.library, request.stop, form, session.act(request.key)), "changed")


def _stop_stored(outcome: StopRow | Refused | NotFound, word: str) -> Facts:
    match outcome:
        case StopRow():
            return done(word, **_stop(outcome))
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)


def assign(session: Session, request: StopAssign) -> Facts:
    """Say at which stop a member is met."""
    key = member_key(session, request.member)
    if key is None:
        return unreadable(Sought.MEMBER)
    outcome = assign_stop(session.library, key, request.stop, session.act(request.key))
    if isinstance(outcome, NotFound):
        return missing(outcome)
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done("changed" if outcome.changed else "already_done", member=outcome.member_id, stop=outcome.stop_id)


def loans(session: Session, request: StopLoans) -> Facts:
    """The loan list of a stop: its readers, what they have, what is brought to them."""
    wrong = wrong_suffix(request.pdf, ".pdf", "pdf")
    if wrong is not None:
        return wrong
    library, today = session.library, session.act().day
    with library.store.read() as reader:
        stop = reads.stop(reader, request.stop)
        if stop is None:
            return not_found(Sought.STOP)
        on = day(request.day) or reads.next_visit(reader, stop, library.calendar, today - dt.timedelta(days=1))
        sheet = queries.stop_sheet(reader, stop, on)
    paper = written(request.pdf, stop_list(library.branch, sheet, today)) if request.pdf else {}
    readers = [
        {
            "member": person.reader.id,
            "member_no": person.reader.member_no,
            "name": person.reader.name,
            "mobile": person.reader.mobile or person.reader.guardian_mobile,
            "loans": [_loan(loan, sheet.day or today) for loan in person.loans],
            "holds": [_hold(hold) for hold in person.holds],
        }
        for person in sheet.readers
    ]
    return done("found", **_stop(stop), day=sheet.day, readers=readers, **paper)


def pack(session: Session, request: RoutePack) -> Facts:
    """What the van takes along that day: the books kept for the readers of each stop it visits."""
    wrong = wrong_suffix(request.pdf, ".pdf", "pdf")
    if wrong is not None:
        return wrong
    library, on = session.library, request.day.value
    with library.store.read() as reader:
        if reads.route(reader, request.route) is None:
            return not_found(Sought.ROUTE)
        sheets = queries.sheets_of_day(library, reader, request.route, on)
    paper = written(request.pdf, packing_list(library.branch, sheets, on)) if request.pdf else {}
    stops = [
        {"stop": sheet.stop.id, "name": sheet.stop.name, "holds": [_hold(hold) for hold in sheet.to_bring]}
        for sheet in sheets
    ]
    return done("found", day=on, stops=stops, **paper)


def list_visits(session: Session, request: VisitList) -> Facts:
    """The visits between two days; sixty days from today when none are given."""
    library, today = session.library, session.act().day
    since = day(request.since) or today
    until = day(request.until) or since + dt.timedelta(days=AHEAD)
    if (until - since).days > LONGEST_SPAN:
        return invalid("بیش از یک سال را نمی‌توان یک‌جا خواند.", "روزهای کمتری بنویسید.", "to")
    with library.store.read() as reader:
        stops = [
            stop
            for stop in reads.all_stops(reader)
            if request.stop in (None, stop.id) and request.route in (None, stop.route_id)
        ]
        if not stops and (request.stop or request.route):
            return not_found(Sought.STOP if request.stop else Sought.ROUTE)
        found = queries.visits_of_stops(library, reader, stops, since, until)
    rows = [
        {
            "stop": line.stop.id,
            "name": line.stop.name,
            "route": line.stop.route_id,
            "day": line.visit.day,
            "planned": line.visit.planned,
            "cancelled": line.visit.cancelled,
            "done": line.visit.done,
        }
        for line in found
    ]
    return done("found", rows=rows)


def move(session: Session, request: VisitMove) -> Facts:
    """The van comes on another day."""
    to = request.to.value
    return _for_each(session, request, lambda stop, act: move_visit(session.library, stop, request.day.value, to, act))


def cancel(session: Session, request: VisitChange) -> Facts:
    """The van does not come."""
    return _for_each(session, request, lambda stop, act: cancel_visit(session.library, stop, request.day.value, act))


def finish(session: Session, request: VisitChange) -> Facts:
    """The van has been there."""
    return _for_each(session, request, lambda stop, act: finish_visit(session.library, stop, request.day.value, act))


def _for_each(
    session: Session,
    request: VisitChange,
    run: Callable[[uuid.UUID, Act], VisitChanged | Refused | NotFound],
) -> Facts:
    """One stop, or every stop of the route with a visit that day: each a transaction with a key of its own."""
    if (request.stop is None) == (request.route is None):
        return invalid("تنها یکی از «stop» و «route» باید نوشته باشد.", "یکی را بنویسید.", "stop")
    if request.stop is not None:
        return _visit_changed(run(request.stop, session.act(request.key)))
    library, on = session.library, request.day.value
    with library.store.read() as reader:
        stops = reads.stops(reader, request.route) if request.route else []
        visited = [
            stop.id
            for stop in stops
            if any(on in (line.visit.day, line.visit.planned) for line in _around(session, reader, stop, on))
        ]
    if not stops:
        return not_found(Sought.ROUTE)
    keys = [f"{request.key}#{place}" if request.key else None for place in range(len(visited))]
    lines = [_visit_changed(run(stop, session.act(key))) for stop, key in zip(visited, keys, strict=True)]
    outcomes = {line["outcome"] for line in lines}
    if not lines or outcomes == {"refused"}:
        return refused(()) | {"refusals": [why for line in lines for why in line["refusals"]], "lines": lines}
    return done("already_done" if outcomes == {"already_done"} else "changed", lines=lines)


def _around(session: Session, reader: Reader, stop: StopRow, on: dt.date) -> list[queries.StopVisit]:
    near = dt.timedelta(days=31)
    return queries.visits_of_stops(session.library, reader, [stop], on - near, on + near)


def _visit_changed(outcome: VisitChanged | Refused | NotFound) -> Facts:
    match outcome:
        case VisitChanged():
            return done(
                "changed" if outcome.changed else "already_done",
                stop=outcome.stop.id,
                day=outcome.day,
                planned=outcome.planned,
                next_visit=outcome.next_day,
                moved_loans=outcome.moved_loans,
            )
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)


def _route(row: reads.RouteRow) -> Facts:
    return {
        "route": row.id,
        "name": row.name,
        "first_visit": row.first_visit,
        "every_days": row.every_days,
        "active": row.active,
    }


def _stop(stop: StopRow) -> Facts:
    return {
        "stop": stop.id,
        "route": stop.route_id,
        "name": stop.name,
        "position": stop.position,
        "offset_days": stop.offset_days,
        "place": stop.place,
        "hours": stop.hours,
        "members": stop.members,
        "open_loans": stop.loans,
    }


def _loan(loan: queries.StopLoan, on: dt.date) -> Facts:
    return {
        "loan": loan.loan_id,
        "title": loan.title,
        "accession_no": loan.accession_no,
        "barcode": loan.barcode,
        "due": loan.due_on,
        "late": loan.due_on < on,
    }


def _hold(hold: queries.StopHold) -> Facts:
    return {
        "hold": hold.hold_id,
        "member": hold.member_id,
        "title": hold.title,
        "accession_no": hold.accession_no,
        "barcode": hold.barcode,
        "until": hold.shelf_until,
    }
