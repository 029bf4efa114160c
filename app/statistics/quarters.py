"""On which Jalali days quarterly reports are owed (002 م14-1، 14-2، 14-3). Pure."""

import datetime as dt
from dataclasses import dataclass

from app.guideline.table import Terms
from app.persian import jalali
from app.persian.jalali import Quarter


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


def report_days(quarter: Quarter, terms: Terms) -> ReportDays:
    """As the guideline has it: ۱ تیر، ۱۵ تیر، ۱ مرداد for بهار."""
    year, month, _ = jalali.to_jalali(quarter.end + dt.timedelta(days=1))
    return ReportDays(
        _day(year, month, terms.report_day),
        _day(year, month, terms.county_report_day),
        _day(year, month + 1, terms.report_answer_day),
    )


def _day(year: int, month: int, day: int) -> dt.date:
    return jalali.from_jalali(year, month, min(day, jalali.month_length(year, month)))
