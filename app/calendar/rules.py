"""Open and closed days, due dates and lateness. Pure: days go in, days come out.

Nothing here waits for an open day for ever. Where none comes within a year (`HORIZON`), the calendar says nothing and
dates are taken as if the library were open every day.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.persian import jalali
from app.policy.choices import DaysMode, HardMode, RenewFrom
from app.policy.table import Terms
from app.policy.values import HardDue

HORIZON = 366
"""Days to look for an open one."""


class Weekday(StrEnum):
    """The days of the Iranian week, named as in the set-up file."""

    SATURDAY = "saturday"
    SUNDAY = "sunday"
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"

    @property
    def number(self) -> int:
        """0 for Saturday to 6 for Friday, as in the store."""
        return list(Weekday).index(self)


def weekday_number(day: dt.date) -> int:
    """0 for Saturday to 6 for Friday."""
    return (day.weekday() + 2) % 7


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a library is closed.

    `weekly_closed`: numbers of weekdays; `weeks`: other weekdays closed from a day on, in the order of those days.
    `closed_days`: holidays and the branch's own closures with their names. `opened_days`: open in spite of them.
    `emergency_days`: closed in spite of everything, and never counted as late.
    """

    weekly_closed: frozenset[int] = frozenset()
    closed_days: Mapping[dt.date, str] = field(default_factory=dict)
    opened_days: frozenset[dt.date] = frozenset()
    emergency_days: frozenset[dt.date] = frozenset()
    weeks: tuple[tuple[dt.date, frozenset[int]], ...] = ()

    def is_open(self, day: dt.date) -> bool:
        """Whether the library opens that day."""
        if day in self.emergency_days:
            return False
        if day in self.opened_days:
            return True
        return weekday_number(day) not in self.closed_weekdays(day) and day not in self.closed_days

    def closed_weekdays(self, day: dt.date) -> frozenset[int]:
        """The weekdays closed in the week of hours that holds on `day`."""
        place = bisect_right(self.weeks, day, key=lambda week: week[0])
        return self.weeks[place - 1][1] if place else self.weekly_closed

    def first_open(self, day: dt.date) -> dt.date | None:
        """The first open day from `day` on; None if there is none within the horizon."""
        return self._nearest_open(day, 1)

    def next_open(self, day: dt.date) -> dt.date:
        """The first open day from `day` on, itself included; `day` if there is none within the horizon."""
        return self._nearest_open(day, 1) or day

    def previous_open(self, day: dt.date) -> dt.date:
        """The last open day up to `day`, itself included; `day` if there is none within the horizon."""
        return self._nearest_open(day, -1) or day

    def open_days_between(self, after: dt.date, until: dt.date) -> int:
        """The number of open days after `after` up to and with `until`; 0 if that is no later."""
        return sum(self.is_open(day) for day in _days(after, until))

    def add_open_days(self, start: dt.date, count: int) -> dt.date:
        """The `count`-th open day after `start`; `start` itself for 0.

        Where no open day comes within the horizon, `count` plain days after `start`.
        """
        day = start
        for _ in range(count):
            found = self._nearest_open(later(day, 1), 1)
            if found is None or found == day:
                return later(start, count)
            day = found
        return day

    def _nearest_open(self, day: dt.date, step: int) -> dt.date | None:
        days = (later(day, step * away) for away in range(HORIZON))
        return next((day for day in days if self.is_open(day)), None)


def later(day: dt.date, days: int) -> dt.date:
    """`days` after `day` (before, if negative), kept within what a date can hold."""
    ordinal = day.toordinal() + days
    return dt.date.fromordinal(min(max(ordinal, dt.date.min.toordinal()), dt.date.max.toordinal()))


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of the Jalali month `months` later, or the last of a shorter one: 31 Shahrivar + 1 is 30 Mehr."""
    year, month, day_of_month = jalali.to_jalali(day)
    years, month_index = divmod(month - 1 + months, 12)
    year, month = year + years, month_index + 1
    return jalali.from_jalali(year, month, min(day_of_month, jalali.month_length(year, month)))


def due_date(
    start: dt.date, terms: Terms, calendar: Calendar, *, days: int | None = None, expires_on: dt.date | None = None
) -> dt.date | None:
    """The day a loan begun on `start` is due; None if the terms give no loan period, or a fixed one that is over.

    `days` stands in for the loan period (renewal, many holds). `expires_on` is the end of the membership; it and a hard
    due date bind after the calendar has had its say. The day is never before `start`, and open unless the terms ignore
    the calendar, name the very day (`exact`) or the library never opens.
    """
    mode = DaysMode(terms.choice("days_mode"))
    count = _days_of(terms) if days is None else days
    plain = _end_of_period(start, terms) if count is None else _counted(start, count, mode, calendar)
    if plain is None:
        return None
    weekly = count is not None and count > 0 and count % 7 == 0
    due = _moved(start, plain, mode, calendar, weekly)
    due = _bound_by_hard_due(start, due, terms, calendar)
    if expires_on is None or not terms.flag("cap_at_membership_expiry"):
        return due
    return _not_after(start, due, expires_on, mode, calendar)


def renewed_due_date(
    today: dt.date, due_on: dt.date, terms: Terms, calendar: Calendar, *, expires_on: dt.date | None = None
) -> dt.date | None:
    """The due date after a renewal made `today`, never earlier than the old one; None as in `due_date`.

    Equal to the old one means that nothing is gained (`renewal.not_extended`).
    """
    start = due_on if terms.choice("renew_from") == RenewFrom.DUE else today
    renewed = due_date(start, terms, calendar, days=terms.limit("renewal_days"), expires_on=expires_on)
    return None if renewed is None else max(renewed, due_on)


def days_late(due: dt.date, returned: dt.date, calendar: Calendar, skip_closed: bool) -> int:
    """Whole days after the due day, up to the day of return; a loan due that day is not late.

    Emergency closures never count, other closed days do not with `skip_closed`.
    """
    days = _days(due, returned)
    if skip_closed:
        return sum(calendar.is_open(day) for day in days)
    return sum(day not in calendar.emergency_days for day in days)


def _days(after: dt.date, until: dt.date) -> Iterator[dt.date]:
    return map(dt.date.fromordinal, range(after.toordinal() + 1, until.toordinal() + 1))


def _days_of(terms: Terms) -> int | None:
    if terms.loan_period == "loan_weeks":
        return 7 * terms.number("loan_weeks")
    return terms.limit("loan_days")


def _end_of_period(start: dt.date, terms: Terms) -> dt.date | None:
    if terms.loan_period == "loan_months":
        return add_months(start, terms.number("loan_months"))
    fixed = terms.day("fixed_due")
    return fixed if fixed is not None and fixed >= start else None


def _counted(start: dt.date, count: int, mode: DaysMode, calendar: Calendar) -> dt.date:
    return calendar.add_open_days(start, count) if mode is DaysMode.COUNT_OPEN_DAYS else later(start, count)


def _moved(start: dt.date, due: dt.date, mode: DaysMode, calendar: Calendar, weekly: bool) -> dt.date:
    """`due`, or the open day that the mode puts in its place."""
    if mode is DaysMode.IGNORE_CALENDAR or calendar.is_open(due):
        return due
    if mode is DaysMode.PREVIOUS_OPEN:
        before = calendar.previous_open(due)
        return before if start < before < due else calendar.next_open(due)
    if mode is DaysMode.SAME_WEEKDAY and weekly:
        weeks = (later(due, 7 * week) for week in range(1, HORIZON // 7 + 1))
        return next((day for day in weeks if calendar.is_open(day)), calendar.next_open(due))
    return calendar.next_open(due)


def _bound_by_hard_due(start: dt.date, due: dt.date, terms: Terms, calendar: Calendar) -> dt.date:
    """A hard due date holds for loans begun in its term and not after it; of several the earliest."""
    hard = next((hard for hard in terms.hard_dues() if _holds(hard, start)), None)
    if hard is None:
        return due
    how = hard.mode or HardMode(terms.choice("hard_mode"))
    mode = DaysMode(terms.choice("days_mode"))
    if how is HardMode.EXACT:
        return hard.due
    if how is HardMode.BEFORE:
        return _not_after(start, due, hard.due, mode, calendar)
    return max(due, hard.due if mode is DaysMode.IGNORE_CALENDAR else calendar.next_open(hard.due))


def _holds(hard: HardDue, start: dt.date) -> bool:
    in_term = (hard.starts is None or hard.starts <= start) and (hard.ends is None or start <= hard.ends)
    return in_term and start <= hard.due


def _not_after(start: dt.date, due: dt.date, last: dt.date, mode: DaysMode, calendar: Calendar) -> dt.date:
    """`due`, but not after `last`, which on a closed day means the open day before it. A past `last` binds nothing."""
    if due <= last or last < start:
        return due
    before = last if mode is DaysMode.IGNORE_CALENDAR else calendar.previous_open(last)
    return max(before, start)
