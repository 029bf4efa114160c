import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.persian import jalali

fixed = settings(derandomize=True, database=None, deadline=None)
table: dict[str, Any] = json.loads(Path(__file__).with_name("jalali_leap_1300_1500.json").read_text(encoding="utf-8"))
nowruz = {int(year): date.fromisoformat(day) for year, day in table["nowruz"].items()}

DEY_29 = date(2026, 1, 19)


def test_the_leap_years_of_two_centuries_are_those_of_the_equinox() -> None:
    assert [year for year in range(1300, 1501) if jalali.is_leap(year)] == table["leap"]


@pytest.mark.parametrize("year", [1436, 1469])
def test_the_years_that_qt_gets_wrong_are_leap(year: int) -> None:
    assert jalali.is_leap(year)
    assert not jalali.is_leap(year + 1)


def test_every_nowruz_is_that_of_the_equinox() -> None:
    assert {year: jalali.from_jalali(year, 1, 1) for year in nowruz} == nowruz
    assert all(jalali.to_jalali(day) == (year, 1, 1) for year, day in nowruz.items())


def test_the_day_before_nowruz_is_the_last_of_esfand() -> None:
    for year, next_year in pairwise(sorted(nowruz)):
        eve = nowruz[next_year] - timedelta(days=1)
        assert jalali.to_jalali(eve) == (year, 12, jalali.month_length(year, 12))


@fixed
@given(st.dates(date(1800, 1, 1), date(2120, 12, 31)))
def test_every_day_comes_back_as_itself(day: date) -> None:
    assert jalali.from_jalali(*jalali.to_jalali(day)) == day
    for typed in (
        jalali.short(day),
        jalali.short_latin(day),
        day.isoformat(),
        jalali.short_latin(day).replace("/", ""),
    ):
        assert jalali.parse(typed) == day


def test_how_a_date_is_shown() -> None:
    assert jalali.short(date(2026, 12, 11)) == "۱۴۰۵/۰۹/۲۰"
    assert jalali.short_latin(date(2026, 12, 11)) == "1405/09/20"
    assert jalali.long(DEY_29) == "دوشنبه ۲۹ دی ۱۴۰۴"
    assert jalali.day_month(DEY_29) == "۲۹ دی"
    assert jalali.day_month_year(DEY_29) == "۲۹ دی ۱۴۰۴"
    assert jalali.year(DEY_29) == 1404
    assert jalali.month_name(12) == "اسفند"


def test_a_week_runs_from_saturday_to_friday() -> None:
    week = [jalali.weekday_name(date(2026, 1, 17) + timedelta(days=n)) for n in range(7)]
    assert week == ["شنبه", "یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه"]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1405/3/11", date(2026, 6, 1)),
        ("۱۴۰۵/۰۳/۱۱", date(2026, 6, 1)),
        ("١٤٠٥/٠٣/١١", date(2026, 6, 1)),
        ("1405-03-11", date(2026, 6, 1)),
        ("1405.3.11", date(2026, 6, 1)),
        ("14050311", date(2026, 6, 1)),
        (" \u200e۱۴۰۵/۳/۱۱\u200f ", date(2026, 6, 1)),
        ("2026-12-11", date(2026, 12, 11)),
        ("2026/12/11", date(2026, 12, 11)),
        ("20261211", date(2026, 12, 11)),
        ("1403/12/30", date(2025, 3, 20)),
    ],
)
def test_a_date_is_read_as_people_type_it(typed: str, day: date) -> None:
    assert jalali.parse(typed) == day


@pytest.mark.parametrize(
    "typed",
    [
        "1404/12/30",
        "1404/07/31",
        "1404/13/1",
        "1404/0/1",
        "1404/1/0",
        "0000/01/01",
        "05/3/11",
        "1405/3",
        "1405/3-11",
        "140531",
        "2026-02-30",
        "فردا",
        "",
        "1405/3/11 12:00",
        "9" * 100_000,
    ],
)
def test_a_date_that_does_not_exist_is_none(typed: str) -> None:
    assert jalali.parse(typed) is None


@fixed
@given(st.text("۰۱۲0123456789/-. ", max_size=12) | st.text())
def test_any_text_is_read_or_refused_without_an_error(text: str) -> None:
    day = jalali.parse(text)
    assert day is None or jalali.short(day)


def test_a_date_beyond_the_calendar_is_shown_as_its_edge() -> None:
    assert jalali.to_jalali(date.min) == (1, 1, 1)
    assert jalali.short_latin(date.max) == "9377/12/30"


@pytest.mark.parametrize(
    ("day", "name", "start", "end"),
    [
        (date(2026, 3, 21), "بهار", "1405/01/01", "1405/03/31"),
        (date(2026, 9, 22), "تابستان", "1405/04/01", "1405/06/31"),
        (date(2026, 12, 11), "پاییز", "1405/07/01", "1405/09/30"),
        (date(2025, 3, 20), "زمستان", "1403/10/01", "1403/12/30"),
        (DEY_29, "زمستان", "1404/10/01", "1404/12/29"),
    ],
)
def test_a_quarter_is_a_season(day: date, name: str, start: str, end: str) -> None:
    season = jalali.quarter(day)
    assert (season.name, jalali.short_latin(season.start), jalali.short_latin(season.end)) == (name, start, end)
    assert season.year == jalali.year(day)


def test_the_quarters_of_a_year_leave_no_day_out() -> None:
    day, numbers = jalali.from_jalali(1405, 1, 1), []
    for _ in range(4):
        season = jalali.quarter(day)
        assert season.start == day
        numbers.append(season.number)
        day = season.end + timedelta(days=1)
    assert numbers == [1, 2, 3, 4]
    assert day == jalali.from_jalali(1406, 1, 1)


def test_a_month_beyond_the_year_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="month"):
        jalali.from_jalali(1404, 13, 1)
