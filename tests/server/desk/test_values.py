import datetime as dt

import pytest

from app.clock import TEHRAN
from server.desk.values import Day, Moment

DAY = dt.date(2026, 12, 11)


@pytest.mark.parametrize("text", ["2026-12-11", "1405/09/20", "۱۴۰۵/۰۹/۲۰", "1405-9-20", "١٤٠٥/٠٩/٢٠", " 1405/09/20 "])
def test_a_date_is_read_in_both_calendars_and_three_scripts(text: str) -> None:
    assert Day(text).value == DAY


@pytest.mark.parametrize(
    "text", ["", "1405/13/01", "2026-02-30", "فردا", "05/9/20", "2026-12-11T10:00", 14050920, None]
)
def test_what_is_no_date_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="day"):
        Day(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-11", dt.datetime(2026, 12, 11, tzinfo=TEHRAN)),
        ("1405/09/20 10:30", dt.datetime(2026, 12, 11, 10, 30, tzinfo=TEHRAN)),
        ("۱۴۰۵/۰۹/۲۰ ۱۰:۳۰", dt.datetime(2026, 12, 11, 10, 30, tzinfo=TEHRAN)),
        ("2026-12-11T10:30:15", dt.datetime(2026, 12, 11, 10, 30, 15, tzinfo=TEHRAN)),
        ("2026-12-11T07:00:00Z", dt.datetime(2026, 12, 11, 7, tzinfo=dt.UTC)),
        ("2026-12-11T10:30:00+03:30", dt.datetime(2026, 12, 11, 7, tzinfo=dt.UTC)),
    ],
)
def test_a_moment_without_a_zone_is_tehran_time(text: str, moment: dt.datetime) -> None:
    assert Moment(text).value == moment


@pytest.mark.parametrize("text", ["", "1405/09/20 25:00", "0622-03-21", "9999-01-01", "1405/09/20 ده", 5, None])
def test_what_is_no_moment_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="moment"):
        Moment(text)
