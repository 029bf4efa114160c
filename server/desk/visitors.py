"""Visits to the halls at the headless desk (000 §3-3-1)."""

from msgspec import field

from app.outcome import NotFound, Refused, Sought
from app.visitors import VisitForm, count_visit, hall_visits
from server.desk.answers import Facts, done, missing, refused, unreadable
from server.desk.keys import member_key
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Day, Line, Number, Word, day


class VisitCount(Request, kw_only=True):
    """People came to a hall."""

    hall: Word
    count: Number = 1
    member: str | None = None
    letter_no: Word | None = None
    purpose: Line | None = None


class VisitCounts(Request, kw_only=True):
    """The visits to the halls between two days (today, when none is given)."""

    since: Day | None = field(default=None, name="from")
    until: Day | None = field(default=None, name="to")


def count(session: Session, request: VisitCount) -> Facts:
    """Note people who came to a hall."""
    key = member_key(session, request.member) if request.member else None
    if request.member and key is None:
        return unreadable(Sought.MEMBER)
    form = VisitForm(request.hall, request.count, key, request.letter_no, request.purpose)
    outcome = count_visit(session.library, form, session.act(request.key))
    if isinstance(outcome, NotFound):
        return missing(outcome)
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done("counted", visit=outcome.visit_id, hall=outcome.hall, today=outcome.today)


def counts(session: Session, request: VisitCounts) -> Facts:
    """How many people came to each hall."""
    today = session.act().day
    since = day(request.since) or today
    with session.library.store.read() as reader:
        found = hall_visits(reader, since, day(request.until) or max(since, today))
    rows = [
        {"hall": row.hall, "people": row.people, "noted": row.noted, "with_letter": row.with_letter} for row in found
    ]
    return done("found", rows=rows)
