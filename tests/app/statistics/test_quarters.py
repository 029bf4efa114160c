"""When quarterly reports are owed (002 م14): the table of the guideline, over leap years and year ends."""

import datetime as dt

import pytest

from app.guideline.table import Terms
from app.persian import jalali
from app.statistics.quarters import quarter_before, quarter_of, report_days

# Quarter of a year; the branch's day, the county's day, the day of the answer (002 م14-1، م14-2، م14-3).
TABLE = (
    (1405, 1, "1405/04/01", "1405/04/15", "1405/05/01"),
    (1405, 2, "1405/07/01", "1405/07/15", "1405/08/01"),
    (1405, 3, "1405/10/01", "1405/10/15", "1405/11/01"),
    (1405, 4, "1406/01/01", "1406/01/15", "1406/02/01"),
    (1403, 4, "1404/01/01", "1404/01/15", "1404/02/01"),  # a leap year
)


@pytest.mark.parametrize(("year", "number", "branch", "county", "answer"), TABLE)
def test_a_report_has_three_days(year: int, number: int, branch: str, county: str, answer: str) -> None:
    days = report_days(quarter_of(year, number), Terms())
    told = (days.due_on, days.county_on, days.answer_on)
    assert tuple(map(jalali.short_latin, told)) == (branch, county, answer)


@pytest.mark.parametrize(
    ("today", "owed"),
    [("1405/04/01", (1405, 1)), ("1405/03/31", (1404, 4)), ("1405/08/30", (1405, 2)), ("1406/01/01", (1405, 4))],
)
def test_the_report_that_is_owed_is_on_the_last_quarter_that_passed(today: str, owed: tuple[int, int]) -> None:
    day = jalali.parse(today)
    assert day is not None
    quarter = quarter_before(day)
    assert (quarter.year, quarter.number) == owed
    assert report_days(quarter, Terms()).due_on <= day < report_days(quarter, Terms()).due_on + dt.timedelta(days=93)
