"""The Jalali calendar at the edges: the store keeps Gregorian dates, people read and type Jalali ones.

The only importer of jdatetime, whose leap years equal the equinox table 1300-1500; those of Qt's Jalali calendar do not
(1436, 1469). Dates beyond Jalali years 1-9377 are shown as the first or last day of that range, so that a mistyped year
never stops a page.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import jdatetime

from app.persian.digits import to_persian, typed

MONTHS = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
WEEKDAYS = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")  # as date.weekday(): Monday is 0
SEASONS = ("بهار", "تابستان", "پاییز", "زمستان")

FIRST_GREGORIAN_YEAR = 1800
"""A typed year from here on is Gregorian, an earlier one Jalali."""

_EARLIEST = date(622, 3, 21)
_LATEST = date(9999, 3, 20)
_TYPED = re.compile(r"([0-9]{4})(?:([/.-])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{2})([0-9]{2}))")


@dataclass(frozen=True, slots=True)
class Quarter:
    """A season of a Jalali year: `number` 1 (بهار) to 4, `start` and `end` its first and last day."""

    year: int
    number: int
    name: str
    start: date
    end: date


@lru_cache(maxsize=8192)
def to_jalali(day: date) -> tuple[int, int, int]:
    """(year, month, day) of a Gregorian date."""
    shown = jdatetime.date.fromgregorian(date=min(max(day, _EARLIEST), _LATEST))
    return shown.year, shown.month, shown.day


def from_jalali(year: int, month: int, day: int) -> date:
    """The Gregorian date of a Jalali one known to exist, else ValueError. What people typed goes through `parse`."""
    gregorian = jdatetime.date(year, month, day).togregorian()
    return date(gregorian.year, gregorian.month, gregorian.day)


def is_leap(year: int) -> bool:
    """Whether Esfand of the Jalali year has 30 days."""
    return bool(jdatetime.date(year, 1, 1).isleap())


def month_length(year: int, month: int) -> int:
    """29, 30 or 31 days."""
    if month == 12:
        return 30 if is_leap(year) else 29
    return 31 if month <= 6 else 30


def year(day: date) -> int:
    """The Jalali year of a date."""
    return to_jalali(day)[0]


def month_name(month: int) -> str:
    """«فروردین» for 1 … «اسفند» for 12."""
    return MONTHS[month - 1]


def weekday_name(day: date) -> str:
    """«شنبه» … «جمعه»."""
    return WEEKDAYS[day.weekday()]


def quarter(day: date) -> Quarter:
    """The season a date falls in; reports are due by it (002 م14)."""
    jalali_year, month, _ = to_jalali(day)
    index = (month - 1) // 3
    last_month = 3 * index + 3
    start = from_jalali(jalali_year, last_month - 2, 1)
    length = sum(month_length(jalali_year, m) for m in range(last_month - 2, last_month + 1))
    return Quarter(jalali_year, index + 1, SEASONS[index], start, start + timedelta(days=length - 1))


def short_latin(day: date) -> str:
    """'1405/09/20'."""
    return "{:04}/{:02}/{:02}".format(*to_jalali(day))


def short(day: date) -> str:
    """«۱۴۰۵/۰۹/۲۰»."""
    return to_persian(short_latin(day))


def day_month(day: date) -> str:
    """«۲۹ دی»."""
    _, month, day_of_month = to_jalali(day)
    return f"{to_persian(str(day_of_month))} {month_name(month)}"


def day_month_year(day: date) -> str:
    """«۲۹ دی ۱۴۰۴»."""
    return f"{day_month(day)} {to_persian(str(year(day)))}"


def long(day: date) -> str:
    """«دوشنبه ۲۹ دی ۱۴۰۴»."""
    return f"{weekday_name(day)} {day_month_year(day)}"


def parse(text: str) -> date | None:
    """The date a person typed, or None if there is no such date.

    1405/3/11, 1405-03-11, 1405.3.11 and 14050311 are Jalali, 2026-12-11 is Gregorian, in digits of any of the three
    scripts. The year has four digits: «05/3/11» could be two different dates.
    """
    found = _TYPED.fullmatch(typed(text))
    if found is None:
        return None
    typed_year, _, *parts = found.groups()
    month, day = (int(part) for part in parts if part is not None)
    make = date if int(typed_year) >= FIRST_GREGORIAN_YEAR else from_jalali
    try:
        return make(int(typed_year), month, day)
    except ValueError:
        return None
