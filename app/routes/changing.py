"""A visit is put off, cancelled, or done; books that were to be brought to it are due when the van really comes."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TypeAlias

import sqlalchemy as sa

from app.actions import Action
from app.calendar.rules import later
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from app.routes import reads
from app.routes.reads import StopRow
from app.routes.visits import Change, Visit
from db.act import Act
from db.frozen import Frozen
from db.models.circulation import Loan, RouteVisit
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class VisitChanged:
    """A visit as it stands now. `next_day` is when the van comes in its place (None: not in sight), `moved_loans` how
    many due dates went along. `changed` False: it stood so before."""

    stop: StopRow
    planned: dt.date
    day: dt.date
    next_day: dt.date | None
    moved_loans: int
    changed: bool


@dataclass(frozen=True, slots=True)
class _DueLoan:
    id: uuid.UUID
    ver: int
    due_on: dt.date


DUE_HERE = Frozen(
    sa.select(Loan.id, Loan.ver, Loan.due_on).where(
        Loan.stop_id == sa.bindparam("stop"),
        Loan.due_on >= sa.bindparam("since", type_=sa.Date()),
        Loan.due_on <= sa.bindparam("until", type_=sa.Date()),
        *reads.OPEN_LOAN,
    ),
    _DueLoan,
)
Outcome: TypeAlias = "VisitChanged | Refused | NotFound"


def move_visit(library: Library, stop_id: uuid.UUID, day: dt.date, to: dt.date, act: Act) -> Outcome:
    """The van comes on `to` instead of `day` (the day it was to come, or that of the rhythm)."""
    with library.store.write() as tx:
        stop = reads.stop(tx, stop_id)
        if stop is None:
            return NotFound(Sought.STOP, str(stop_id))
        visit = _visit_on(library, tx, stop, day)
        refused = (*library.forbids(act, Action.TRAVEL), *_move_refusals(library, visit, day, to, act))
        if refused or visit is None:
            return Refused(refused)
        if visit.day == to and not visit.cancelled:
            return VisitChanged(stop, visit.planned, to, to, 0, changed=False)
        _store(tx, stop, visit.planned, day=to, cancelled=False, done=False)
        moved = _move_loans(tx, stop, visit, to)
        tx.record("visit.moved", act)
        return VisitChanged(stop, visit.planned, to, to, moved, changed=True)


def cancel_visit(library: Library, stop_id: uuid.UUID, day: dt.date, act: Act) -> Outcome:
    """The van does not come that day; books due then are due at the visit after it."""
    with library.store.write() as tx:
        stop = reads.stop(tx, stop_id)
        if stop is None:
            return NotFound(Sought.STOP, str(stop_id))
        visit = _visit_on(library, tx, stop, day)
        refused = (*library.forbids(act, Action.TRAVEL), *_done_or_unknown(visit, day))
        if refused or visit is None:
            return Refused(refused)
        following = reads.next_visit(tx, stop, library.calendar, visit.day)
        if visit.cancelled:
            return VisitChanged(stop, visit.planned, visit.day, following, 0, changed=False)
        _store(tx, stop, visit.planned, day=visit.day, cancelled=True, done=False)
        moved = _move_loans(tx, stop, visit, following) if following is not None else 0
        tx.record("visit.cancelled", act)
        return VisitChanged(stop, visit.planned, visit.day, following, moved, changed=True)


def finish_visit(library: Library, stop_id: uuid.UUID, day: dt.date, act: Act) -> Outcome:
    """The van has been there. A visit ahead of its day cannot have been made."""
    with library.store.write() as tx:
        stop = reads.stop(tx, stop_id)
        if stop is None:
            return NotFound(Sought.STOP, str(stop_id))
        visit = _visit_on(library, tx, stop, day)
        refused = (*library.forbids(act, Action.TRAVEL), *_finish_refusals(visit, day, act))
        if refused or visit is None:
            return Refused(refused)
        following = reads.next_visit(tx, stop, library.calendar, visit.day)
        if visit.done:
            return VisitChanged(stop, visit.planned, visit.day, following, 0, changed=False)
        _store(tx, stop, visit.planned, day=visit.day, cancelled=False, done=True)
        tx.record("visit.done", act)
        return VisitChanged(stop, visit.planned, visit.day, following, 0, changed=True)


def _visit_on(library: Library, tx: Tx, stop: StopRow, day: dt.date) -> Visit | None:
    """The visit that is made on this day, else the one the rhythm has planned for it."""
    around = dt.timedelta(days=max(stop.every_days, 31))
    near = reads.visits_of(tx, stop, library.calendar, day - around, day + around)
    on_day = [visit for visit in near if visit.day == day]
    return next(iter(on_day), next((visit for visit in near if visit.planned == day), None))


def _move_refusals(library: Library, visit: Visit | None, day: dt.date, to: dt.date, act: Act) -> tuple[Refusal, ...]:
    found = list(_done_or_unknown(visit, day))
    if to < act.day:
        found.append(Refusal("visit.past", facts={"day": to}))
    if not library.calendar.is_open(to):
        found.append(Refusal("visit.closed_day", facts={"day": to}))
    return tuple(found)


def _done_or_unknown(visit: Visit | None, day: dt.date) -> tuple[Refusal, ...]:
    if visit is None:
        return (Refusal("visit.unknown", facts={"day": day}),)
    return (Refusal("visit.done", facts={"day": visit.day}),) if visit.done else ()


def _finish_refusals(visit: Visit | None, day: dt.date, act: Act) -> tuple[Refusal, ...]:
    if visit is None:
        return (Refusal("visit.unknown", facts={"day": day}),)
    if visit.day > act.day:
        return (Refusal("visit.ahead", facts={"day": visit.day}),)
    return (Refusal("visit.cancelled", facts={"day": visit.day}),) if visit.cancelled else ()


def _store(tx: Tx, stop: StopRow, planned: dt.date, *, day: dt.date, cancelled: bool, done: bool) -> None:
    told = {"day": day, "instead_of": planned if day != planned else None, "cancelled": cancelled, "done": done}
    known: Change | None = next((row for row in reads.changes(tx, stop.id) if row.planned == planned), None)
    if known is None:
        tx.insert(RouteVisit, stop_id=stop.id, **told)
    else:
        tx.update(RouteVisit, known, **told)


def _move_loans(tx: Tx, stop: StopRow, visit: Visit, to: dt.date) -> int:
    """Books due at the visit are due on `to`. Never earlier: a promise to a reader is not shortened, so that nobody is
    late because the van came sooner. A second run finds nothing to move."""
    since, until = min(visit.planned, visit.day), min(max(visit.planned, visit.day), later(to, -1))
    found = tx.all(DUE_HERE, stop=stop.id, since=since, until=until) if since <= until else []
    for loan in found:
        tx.update(Loan, loan, due_on=to)
    return len(found)
