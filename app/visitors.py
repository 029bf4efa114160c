"""Visits to the halls: people counted at the door, and those admitted by name or by a letter (000 §3-3-1)."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.actions import Action
from app.form import invalid, required
from app.library import Library
from app.members.writing import member_with
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from db.act import Act
from db.frozen import Frozen
from db.models.circulation import Visit
from db.reading import Reader

MOST_AT_ONCE = 1_000
LONGEST_HALL, LONGEST_TEXT = 60, 200


@dataclass(frozen=True, slots=True)
class VisitForm:
    """Who came where: a number of people, or one by name (`member`: card, number or national id) or by letter."""

    hall: str
    count: int = 1
    member: str | None = None
    letter_no: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class VisitCounted:
    """The visit is noted; `today` is how many people came to this hall today, with it."""

    visit_id: uuid.UUID
    hall: str
    today: int


@dataclass(frozen=True, slots=True)
class HallVisits:
    """How many people came to a hall, how many times they were noted, and how many of those with a letter."""

    hall: str
    people: int
    noted: int
    with_letter: int


COUNTS = Frozen(
    sa.select(
        Visit.hall, sa.func.sum(Visit.count), sa.func.count(),
        sa.func.sum(sa.case((Visit.letter_no.is_not(None), Visit.count), else_=0)),
    )
    .where(
        Visit.day >= sa.bindparam("since", type_=sa.Date()),
        Visit.day <= sa.bindparam("until", type_=sa.Date()),
        Visit.deleted_at.is_(None),
    )
    .group_by(Visit.hall)
    .order_by(Visit.hall),
    lambda hall, people, noted, letters: HallVisits(hall, int(people), int(noted), int(letters)),
)  # fmt: skip


def count_visit(library: Library, form: VisitForm, act: Act) -> VisitCounted | Refused | NotFound:
    """Note that people came. Somebody of another place comes with a letter (000 §3-3-1), whose number is kept."""
    hall = clean(form.hall, LONGEST_HALL)
    with library.store.write() as tx:
        member_id = member_with(tx, form.member) if form.member else None
        if form.member and member_id is None:
            return NotFound(Sought.MEMBER, form.member)
        most = 1 if form.member else MOST_AT_ONCE
        wrong = () if 1 <= form.count <= most else (invalid("count", form.count),)
        refused = (*library.forbids(act, Action.LEND), *required(hall=hall), *wrong)
        if refused:
            return Refused(refused)
        visit_id = tx.insert(
            Visit, day=act.day, at=act.at, hall=hall, count=form.count, member_id=member_id,
            letter_no=clean(form.letter_no, LONGEST_TEXT) or None if form.letter_no else None,
            purpose=clean(form.purpose, LONGEST_TEXT) or None if form.purpose else None,
        )  # fmt: skip
        tx.record("visit.counted", act)
        today = next(row.people for row in hall_visits(tx, act.day, act.day) if row.hall == hall)
        return VisitCounted(visit_id, hall, today)


def hall_visits(reader: Reader, since: dt.date, until: dt.date) -> list[HallVisits]:
    """The visits between two days, hall by hall."""
    return reader.all(COUNTS, since=since, until=until)
