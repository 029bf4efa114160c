"""What the home page says: the greeting, the hours of the day, the captions of the charts."""

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.calendar.hours import Hours, clock_text
from app.calendar.rules import weekday_number
from app.calendar.stored import hours_rows, week_on
from app.clock import TEHRAN
from app.duties.rules import Duty, DutyWeight
from app.duties.today import ClassLoans, MonthCount
from app.library import Library
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.statistics.classes import class_words
from db.reading import Reader
from ui.theme import Tone
from ui.widgets.chart import Bar

NOON, EVENING = 12, 17
TONES: Mapping[DutyWeight, Tone] = MappingProxyType(
    {DutyWeight.LATE: Tone.REFUSE, DutyWeight.SOON: Tone.WARN, DutyWeight.INFO: Tone.NEUTRAL}
)
SHORT_MONTHS = ("فرو", "ارد", "خرد", "تیر", "مرد", "شهر", "مهر", "آبا", "آذر", "دی", "بهم", "اسف")
"""The months as they are cut short under a narrow bar."""


def greeting(at: dt.datetime) -> str:
    """By the hour in Tehran."""
    hour = at.astimezone(TEHRAN).hour
    return "صبح بخیر" if hour < NOON else "روز بخیر" if hour < EVENING else "عصر بخیر"


def opening_words(library: Library, reader: Reader, today: dt.date) -> tuple[str, Tone]:
    """«باز است: ۸ تا ۲۰», or why the library is closed."""
    calendar = library.calendar
    if not calendar.is_open(today):
        name = calendar.closed_days.get(today, "")
        return (f"امروز تعطیل است — {name}" if name else "امروز تعطیل است", Tone.WARN)
    hours = week_on(hours_rows(reader), today).get(weekday_number(today), ())
    return f"ساعت کار: {_hours(hours)}" if hours else "امروز باز است", Tone.OK


def pressing_words(duties: Sequence[Duty]) -> tuple[str, Tone]:
    """«۲ کار دیرشده», «۳ کار پیش رو», or nothing."""
    late = sum(duty.weight is DutyWeight.LATE for duty in duties)
    soon = sum(duty.weight is DutyWeight.SOON for duty in duties)
    if late:
        return f"{number(late)} کار دیرشده", Tone.REFUSE
    return (f"{number(soon)} کار پیش رو", Tone.WARN) if soon else ("", Tone.NEUTRAL)


def month_bars(months: Sequence[MonthCount]) -> tuple[tuple[Bar, ...], str]:
    """The bars of the months and what is said under them."""
    bars = tuple(Bar(SHORT_MONTHS[month.month - 1], month.loans) for month in months)
    first, last = (f"{jalali.month_name(one.month)} {to_persian(str(one.year))}" for one in (months[0], months[-1]))
    return bars, f"امانت هر ماه، {first} تا {last}"


def class_bars(classes: Sequence[ClassLoans], today: dt.date) -> tuple[tuple[Bar, ...], str]:
    """The bars of the main classes and what is said under them."""
    bars = tuple(Bar(class_words(one.main), one.loans) for one in classes)
    return bars, f"امانت از آغاز {to_persian(str(jalali.year(today)))} به تفکیک رده"


def _hours(hours: Hours) -> str:
    return " و ".join(f"{_time(one.opens)} تا {_time(one.closes)}" for one in hours)


def _time(minutes: int) -> str:
    return number(minutes // 60) if minutes % 60 == 0 else to_persian(clock_text(minutes))
