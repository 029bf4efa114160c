"""The log of mends, the history of a copy and what binding cost, at the headless desk (002 م13-3, 13-9)."""

import datetime as dt
import uuid

from app.binding import history, reads
from app.binding.mending import Mended, MendWithdrawn, mend, withdraw_mend
from app.outcome import Sought
from app.persian.jalali import quarter
from db.codes import Condition
from server.desk.answers import Facts, done, not_found, unreadable
from server.desk.binding import OfCopy, not_done
from server.desk.keys import item_key
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Day, Rial, Text, day


class Period(Request, kw_only=True):
    """Days, both included; the season of today if left out."""

    since: Day | None = None
    until: Day | None = None


class MendingAdd(Request, kw_only=True):
    """A mend made in the library."""

    item: str
    work: Text
    cost: Rial | None = None
    condition: Condition | None = None


class MendingNamed(Request, kw_only=True):
    """A mend on the log."""

    mending: uuid.UUID


def costs(session: Session, request: Period) -> Facts:
    """What binding and mending cost in a period, rials."""
    since, until = _period(session, request)
    with session.library.store.read() as reader:
        spent = history.costs(reader, since, until)
    requests = [{"number": number, "cost": amount} for number, amount in spent.requests]
    return done("found", since=since, until=until, requests=requests, mends=spent.mends, total=spent.total)


def add_mend(session: Session, request: MendingAdd) -> Facts:
    """Write down a mend made here (002 م13-3)."""
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    act = session.act(request.key)
    outcome = mend(session.library, item, request.work, act, request.cost, request.condition)
    if not isinstance(outcome, Mended):
        return not_done(outcome)
    facts = {"mending": outcome.mending_id, "item": outcome.copy.id, "condition": outcome.condition}
    return done("already_done" if outcome.already else "added", barcode=outcome.copy.barcode, **facts)


def withdraw(session: Session, request: MendingNamed) -> Facts:
    """Take off the log what was written there by mistake."""
    outcome = withdraw_mend(session.library, request.mending, session.act(request.key))
    if not isinstance(outcome, MendWithdrawn):
        return not_done(outcome)
    return done("withdrawn", mending=outcome.mend.id, item=outcome.mend.item_id, work=outcome.mend.work)


def list_mends(session: Session, request: Period) -> Facts:
    """The log of mends of a period."""
    since, until = _period(session, request)
    with session.library.store.read() as reader:
        found = history.mends(reader, since, until)
    return done("found", since=since, until=until, rows=[_mend(line) for line in found])


def of_copy(session: Session, request: OfCopy) -> Facts:
    """Everything that was done to keep a copy whole."""
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    with session.library.store.read() as reader:
        copy = reads.find_copy(reader, item)
        found = history.history_of(reader, copy.id) if copy else None
    if copy is None or found is None:
        return not_found(Sought.ITEM)
    requests = [
        {
            "request": once.request.id,
            "number": once.request.written or None,
            "state": once.request.state,
            "dispatched_on": once.request.dispatched_on,
            "received_on": once.received_on,
            "outcome_of_copy": once.outcome,
            "stayed": once.stayed,
            "cost": once.cost,
        }
        for once in found.requests
    ]
    return done("found", item=copy.id, requests=requests, mends=[_mend(line) for line in found.mends])


def _period(session: Session, request: Period) -> tuple[dt.date, dt.date]:
    season = quarter(session.act().day)
    return day(request.since) or season.start, day(request.until) or season.end


def _mend(line: history.MendLine) -> Facts:
    return {
        "mending": line.id,
        "day": line.day,
        "item": line.item_id,
        "barcode": line.barcode,
        "title": line.title,
        "work": line.work,
        "cost": line.cost,
        "by": line.by,
    }
