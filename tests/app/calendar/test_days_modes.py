"""The five `days_mode`s as a table: desk-protocol, policy table, group loan; circulation-anchors 4 «Due day is closed»
(five modes in Koha, next open day by default) and 7 no. 7 (odd and even days, Thursday to 13); holidays of Nowruz.

Fridays are closed everywhere. Around Nowruz 1406: 28 Esfand, 6 and 13 Farvardin are Fridays; 29 Esfand, 1-4, 12 and 13
Farvardin are holidays; so 27 Esfand, 5, 7-11 and 14 Farvardin are open.
"""

import datetime as dt
import uuid

import pytest

from app.calendar.holidays import HolidayKind, load_holidays
from app.calendar.rules import Calendar, Weekday, due_date
from app.calendar.stored import HoursRow, calendar_of
from app.persian.jalali import parse, short_latin
from app.policy.choices import DaysMode
from app.policy.table import PolicyRow, PolicyTable
from db.codes import RuleStatus

FRIDAY, THURSDAY = Weekday.FRIDAY.number, Weekday.THURSDAY.number
NOWRUZ = Calendar(
    frozenset({FRIDAY}), {holiday.day: holiday.name for holiday in load_holidays() if holiday.kind is HolidayKind.SOLAR}
)
ODD = Calendar(frozenset({0, 2, 4, FRIDAY}))
EVEN = Calendar(frozenset({1, 3, 5, FRIDAY}))


def _week(thursday_until: dt.date | None = None) -> tuple[HoursRow, ...]:
    """Whole days to Wednesday, Thursday to one o'clock; from a day on no Thursday at all."""
    return tuple(
        HoursRow(uuid.uuid4(), 1, weekday, 450, 780 if weekday == THURSDAY else 1_050, None, until)
        for weekday in range(6)
        for until in (thursday_until if weekday == THURSDAY else None,)
    )


HALF_THURSDAY = calendar_of(_week(), ())
NO_THURSDAY_IN_AZAR = calendar_of(_week(parse("1405/08/30")), ())
FLOOD = Calendar(frozenset({FRIDAY}), emergency_days=frozenset({dt.date(2026, 12, 5), dt.date(2026, 12, 6)}))

IGNORE, PUSH, COUNT, SAME, BEFORE = DaysMode
assert (IGNORE, PUSH, COUNT, SAME, BEFORE) == (
    "ignore_calendar", "push_to_next_open", "count_open_days", "same_weekday", "previous_open",
)  # fmt: skip

TABLE = [
    # Due on 29 Esfand, a Saturday and a holiday
    (NOWRUZ, "1405/12/22", 7, IGNORE, "1405/12/29"),
    (NOWRUZ, "1405/12/22", 7, PUSH, "1406/01/05"),
    (NOWRUZ, "1405/12/22", 7, COUNT, "1406/01/07"),
    (NOWRUZ, "1405/12/22", 7, SAME, "1406/01/07"),
    (NOWRUZ, "1405/12/22", 7, BEFORE, "1405/12/27"),
    # Due on 2 Farvardin, in the midst of the four days
    (NOWRUZ, "1405/12/24", 7, IGNORE, "1406/01/02"),
    (NOWRUZ, "1405/12/24", 7, PUSH, "1406/01/05"),
    (NOWRUZ, "1405/12/24", 7, COUNT, "1406/01/09"),
    (NOWRUZ, "1405/12/24", 7, SAME, "1406/01/09"),
    (NOWRUZ, "1405/12/24", 7, BEFORE, "1405/12/27"),
    # Due on 7 Farvardin, open: only counting makes a difference
    (NOWRUZ, "1405/12/22", 14, IGNORE, "1406/01/07"),
    (NOWRUZ, "1405/12/22", 14, PUSH, "1406/01/07"),
    (NOWRUZ, "1405/12/22", 14, COUNT, "1406/01/16"),
    (NOWRUZ, "1405/12/22", 14, SAME, "1406/01/07"),
    (NOWRUZ, "1405/12/22", 14, BEFORE, "1406/01/07"),
    # Due on 12 Farvardin, a Thursday; the day after is a Friday and سیزده‌بدر
    (NOWRUZ, "1405/12/27", 14, IGNORE, "1406/01/12"),
    (NOWRUZ, "1405/12/27", 14, PUSH, "1406/01/14"),
    (NOWRUZ, "1405/12/27", 14, COUNT, "1406/01/22"),
    (NOWRUZ, "1405/12/27", 14, SAME, "1406/01/19"),
    (NOWRUZ, "1405/12/27", 14, BEFORE, "1406/01/11"),
    # Due on 13 Farvardin; eight days are no whole week, so the weekday is not kept
    (NOWRUZ, "1406/01/05", 8, IGNORE, "1406/01/13"),
    (NOWRUZ, "1406/01/05", 8, PUSH, "1406/01/14"),
    (NOWRUZ, "1406/01/05", 8, COUNT, "1406/01/16"),
    (NOWRUZ, "1406/01/05", 8, SAME, "1406/01/14"),
    (NOWRUZ, "1406/01/05", 8, BEFORE, "1406/01/11"),
    # A branch of odd days (Sunday, Tuesday, Thursday): due on a Wednesday
    (ODD, "1405/09/01", 10, IGNORE, "1405/09/11"),
    (ODD, "1405/09/01", 10, PUSH, "1405/09/12"),
    (ODD, "1405/09/01", 10, COUNT, "1405/09/24"),
    (ODD, "1405/09/01", 10, SAME, "1405/09/12"),
    (ODD, "1405/09/01", 10, BEFORE, "1405/09/10"),
    # A branch of even days (Saturday, Monday, Wednesday): due on a Thursday
    (EVEN, "1405/08/30", 5, IGNORE, "1405/09/05"),
    (EVEN, "1405/08/30", 5, PUSH, "1405/09/07"),
    (EVEN, "1405/08/30", 5, COUNT, "1405/09/11"),
    (EVEN, "1405/08/30", 5, SAME, "1405/09/07"),
    (EVEN, "1405/08/30", 5, BEFORE, "1405/09/04"),
    (EVEN, "1405/09/01", 7, SAME, "1405/09/09"),  # lent on a Sunday that was opened: no Sunday ever opens again
    # Thursday to one o'clock is a day like others
    *((HALF_THURSDAY, "1405/08/30", 5, mode, "1405/09/05") for mode in (IGNORE, PUSH, COUNT, SAME, BEFORE)),
    # … until it is given up from 1 Azar on
    (NO_THURSDAY_IN_AZAR, "1405/08/30", 5, IGNORE, "1405/09/05"),
    (NO_THURSDAY_IN_AZAR, "1405/08/30", 5, PUSH, "1405/09/07"),
    (NO_THURSDAY_IN_AZAR, "1405/08/30", 5, COUNT, "1405/09/07"),
    (NO_THURSDAY_IN_AZAR, "1405/08/30", 5, SAME, "1405/09/07"),
    (NO_THURSDAY_IN_AZAR, "1405/08/30", 5, BEFORE, "1405/09/04"),
    # Two emergency days, 14 and 15 Azar, a Saturday and a Sunday
    (FLOOD, "1405/08/30", 14, IGNORE, "1405/09/14"),
    (FLOOD, "1405/08/30", 14, PUSH, "1405/09/16"),
    (FLOOD, "1405/08/30", 14, COUNT, "1405/09/18"),
    (FLOOD, "1405/08/30", 14, SAME, "1405/09/21"),
    (FLOOD, "1405/08/30", 14, BEFORE, "1405/09/12"),
]


@pytest.mark.parametrize(("calendar", "start", "days", "mode", "expected"), TABLE)
def test_each_mode_has_its_own_due_day(
    calendar: Calendar, start: str, days: int, mode: DaysMode, expected: str
) -> None:
    row = PolicyRow("*", "*", "*", {"loan_days": days, "days_mode": mode})
    terms = PolicyTable(1, "", RuleStatus.IN_FORCE, None, (row,)).resolve("a", "b", "c")
    lent_on = parse(start)
    assert lent_on is not None
    due = due_date(lent_on, terms, calendar)
    assert due is not None
    assert short_latin(due) == expected
