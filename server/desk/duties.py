"""The calendar of duties at the headless desk (002 م7, م13, م14)."""

import datetime as dt

from app.duties.queries import duties_on
from app.duties.rules import Duty
from app.duties.words import advice, deadline, title, when
from server.desk.answers import Facts, done
from server.desk.requests import Request
from server.desk.session import Session


def show(session: Session, _: Request) -> Facts:
    """Everything that is owed or waited for today, the most pressing first."""
    today = session.act().day
    with session.library.store.read() as reader:
        found = duties_on(session.library, reader, today)
    return done("found", day=today, rows=[_row(duty, today) for duty in found])


def _row(duty: Duty, today: dt.date) -> Facts:
    subject = duty.subject
    return {
        "kind": duty.kind,
        "weight": duty.weight.name.lower(),
        "due": duty.due_on,
        "days": (duty.due_on - today).days if duty.due_on else None,
        "since": duty.since,
        "page": duty.page,
        "article": duty.article,
        "reason": subject.reason,
        "year": subject.year,
        "number": subject.number,
        "count": subject.count,
        "name": subject.name,
        "title": title(duty),
        "when": when(duty, today),
        "deadline": deadline(duty),
        "advice": advice(duty),
    }
