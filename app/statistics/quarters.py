"""On which Jalali days quarterly reports are owed (002 م14-1، 14-2، 14-3). Pure."""

import datetime as dt
from dataclasses import dataclass

from app.persian import jalali
from app.persian.jalali import Quarter

COUNTY_DAY = 15


@dataclass(frozen=True, slots=True)
class ReportDays:
    """The days that belong to the report on one quarter: the branch owes it on `due_on`, the county on `county_on`, the
    province answers by `answer_on`."""

    due_on: dt.date
    county_on: dt.date
    answer_on: dt.date


def quarter_of(year: int, number: int) -> Quarter:
    """The quarter 1 (بهار) to 4 of a Jalali year."""
    return jalali.quarter(jalali.from_jalali(year, 3 * number - 2, 1))


def quarter_before(day: dt.date) -> Quarter:
    """The last quarter that has wholly passed: the one a report is owed on."""
    return jalali.quarter(jalali.quarter(day).start - dt.timedelta(days=1))


def report_days(quarter: Quarter) -> ReportDays:
    """First, fifteenth, and first of the next month, after the quarter's end: ۱ تیر، ۱۵ تیر، ۱ مرداد for بهار."""
    due_on = quarter.end + dt.timedelta(days=1)
    year, month, _ = jalali.to_jalali(due_on)
    return ReportDays(due_on, jalali.from_jalali(year, month, COUNTY_DAY), jalali.from_jalali(year, month + 1, 1))
