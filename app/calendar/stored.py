"""The calendar as stored: opening hours give the weekly rhythm, single days differ from it."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import sqlalchemy as sa

from app.calendar.hours import Hours, Interval
from app.calendar.rules import Calendar, later, weekday_number
from db.codes import DayKind
from db.models.library import CalendarDay, OpeningHours
from db.models.sync import Site
from db.reading import Reader

WEEK = frozenset(range(7))
START = dt.date.min


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day that differs from the weekly rhythm, as stored. `of_centre`: the centre says so, and nobody here edits
    it."""

    id: uuid.UUID
    ver: int
    day: dt.date
    kind: DayKind
    name: str
    certain: bool
    of_centre: bool = False


@dataclass(frozen=True, slots=True)
class HoursRow:
    """An opening interval of a weekday, as stored; `until` is its last day."""

    id: uuid.UUID
    ver: int
    weekday: int
    opens: int
    closes: int
    since: dt.date | None
    until: dt.date | None

    def holds_on(self, day: dt.date) -> bool:
        """Whether it is in force on `day`, whatever weekday that is."""
        return (self.since or START) <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class DayFacts:
    """One day as a person sees it. `rows` are the exceptions that name it, the one that decides first; `hours` are
    those of the weekday, whether the library opens or not."""

    day: dt.date
    is_open: bool
    rows: tuple[DayRow, ...]
    hours: Hours


DAY_COLUMNS = (
    CalendarDay.id,
    CalendarDay.ver,
    CalendarDay.day,
    CalendarDay.kind,
    CalendarDay.name,
    CalendarDay.certain,
    CalendarDay.branch_id != sa.select(Site.branch_id).scalar_subquery(),
)
DECIDES = (DayKind.EMERGENCY, DayKind.OPENED, DayKind.CLOSED, DayKind.HOLIDAY)
"""Which exception of one day has the last word (`Calendar.is_open`)."""


def day_rows(
    reader: Reader, first: dt.date = dt.date.min, last: dt.date = dt.date.max, *kinds: DayKind
) -> tuple[DayRow, ...]:
    """The exceptions between two days, both included, in the order of days; of some kinds only, if any are named."""
    query = sa.select(*DAY_COLUMNS).where(
        CalendarDay.deleted_at.is_(None), CalendarDay.day >= first, CalendarDay.day <= last
    )
    if kinds:
        query = query.where(CalendarDay.kind.in_(kinds))
    found = (DayRow(*row) for row in reader.connection.execute(query))
    return tuple(sorted(found, key=lambda row: (row.day, DECIDES.index(row.kind), not row.of_centre)))


def own_days(rows: Iterable[DayRow]) -> tuple[DayRow, ...]:
    """Those that the library may change."""
    return tuple(row for row in rows if not row.of_centre)


def centre_days(rows: Iterable[DayRow], days: Collection[dt.date]) -> Mapping[dt.date, str]:
    """What the centre says of some days: their names."""
    return {row.day: row.name for row in rows if row.of_centre and row.day in days}


def hours_rows(reader: Reader) -> tuple[HoursRow, ...]:
    """All opening hours, past and future ones too."""
    columns = (
        OpeningHours.id, OpeningHours.ver, OpeningHours.weekday, OpeningHours.opens, OpeningHours.closes,
        OpeningHours.since, OpeningHours.until,
    )  # fmt: skip
    query = sa.select(*columns).where(OpeningHours.deleted_at.is_(None))
    found = (HoursRow(*row) for row in reader.connection.execute(query))
    return tuple(sorted(found, key=lambda row: (row.weekday, row.since or START, row.opens)))


def week_on(rows: Iterable[HoursRow], day: dt.date) -> Mapping[int, Hours]:
    """The hours of each weekday that hold on `day`; a closed weekday has none."""
    holding = [row for row in rows if row.holds_on(day)]
    return {
        weekday: tuple(sorted(Interval(row.opens, row.closes) for row in holding if row.weekday == weekday))
        for weekday in sorted(WEEK)
    }


def stored_calendar(reader: Reader) -> Calendar:
    """The calendar of this branch. A weekday without opening hours is closed."""
    return calendar_of(hours_rows(reader), day_rows(reader))


def calendar_of(hours: Sequence[HoursRow], days: Iterable[DayRow]) -> Calendar:
    """The calendar that these rows make. A day the centre calls open is no holiday, whatever the shipped file said; the
    weekly rhythm and the library's own closures stay."""
    changes = sorted({day for row in hours for day in _borders(row)})
    rhythm = [(day, _closed_on(hours, day)) for day in (START, *changes)]
    weeks = [week for before, week in pairwise(rhythm) if week[1] != before[1]]
    of_kind: dict[DayKind, dict[dt.date, str]] = {kind: {} for kind in DayKind}
    no_holiday = set()
    for row in days:
        if row.of_centre and row.kind is DayKind.OPENED:
            no_holiday.add(row.day)
        else:
            of_kind[row.kind].setdefault(row.day, row.name)
    for day in no_holiday:
        of_kind[DayKind.HOLIDAY].pop(day, None)
    return Calendar(
        weekly_closed=rhythm[0][1],
        closed_days=of_kind[DayKind.HOLIDAY] | of_kind[DayKind.CLOSED],
        opened_days=frozenset(of_kind[DayKind.OPENED]),
        emergency_days=frozenset(of_kind[DayKind.EMERGENCY]),
        weeks=tuple(weeks),
    )


def days_between(reader: Reader, first: dt.date, last: dt.date) -> tuple[DayFacts, ...]:
    """Every day from `first` to `last` with what is known of it."""
    hours, rows = hours_rows(reader), day_rows(reader, first, last)
    calendar = calendar_of(hours, rows)
    of_day: dict[dt.date, list[DayRow]] = {}
    for row in rows:
        of_day.setdefault(row.day, []).append(row)
    days = (later(first, number) for number in range((last - first).days + 1))
    return tuple(
        DayFacts(day, calendar.is_open(day), tuple(of_day.get(day, ())), week_on(hours, day)[weekday_number(day)])
        for day in days
    )


def _borders(row: HoursRow) -> list[dt.date]:
    """The days from which something else may hold."""
    return [day for day in (row.since, row.until and later(row.until, 1)) if day is not None]


def _closed_on(hours: Sequence[HoursRow], day: dt.date) -> frozenset[int]:
    return WEEK - {row.weekday for row in hours if row.holds_on(day)}
