"""The calendar as stored: opening hours give the weekly rhythm, single days differ from it."""

import sqlalchemy as sa

from app.calendar.rules import Calendar
from db.codes import DayKind
from db.models.library import CalendarDay, OpeningHours
from db.reading import Reader

WEEK = frozenset(range(7))


def stored_calendar(reader: Reader) -> Calendar:
    """The calendar of this branch. A weekday without opening hours is closed."""
    open_weekdays = set(
        reader.connection.execute(sa.select(OpeningHours.weekday).where(OpeningHours.deleted_at.is_(None))).scalars()
    )
    query = sa.select(CalendarDay.day, CalendarDay.kind, CalendarDay.name).where(CalendarDay.deleted_at.is_(None))
    days = reader.connection.execute(query).all()
    return Calendar(
        weekly_closed=frozenset(WEEK - open_weekdays),
        closed_days={day: name for day, kind, name in days if kind in (DayKind.HOLIDAY, DayKind.CLOSED)},
        opened_days=frozenset(day for day, kind, _ in days if kind is DayKind.OPENED),
        emergency_days=frozenset(day for day, kind, _ in days if kind is DayKind.EMERGENCY),
    )
