"""The shipped holidays: against the fixed days of the year and the dates announced for each year."""

import csv
import datetime as dt
import json
from collections import Counter
from pathlib import Path

import pytest

from app.calendar.holidays import HOLIDAYS, Holiday, HolidayKind, load_holidays, named_days
from app.persian.jalali import from_jalali, is_leap, short_latin, year
from db.trouble import Trouble

SHARED = Path(__file__).parents[4] / "shared" / "data"
ANNOUNCED = SHARED / "ir_official_holidays_1390_1420_timeir.json"
YEARS = range(1395, 1411)
FIXED = [(1, 1), (1, 2), (1, 3), (1, 4), (1, 12), (1, 13), (3, 14), (3, 15), (11, 22), (12, 29)]


@pytest.fixture(scope="module")
def holidays() -> tuple[Holiday, ...]:
    return load_holidays()


def test_the_solar_holidays_stand_on_their_days_every_year(holidays: tuple[Holiday, ...]) -> None:
    expected = [from_jalali(y, month, day) for y in YEARS for month, day in FIXED]
    expected += [from_jalali(y, 12, 30) for y in YEARS if is_leap(y)]
    assert [holiday.day for holiday in holidays if holiday.kind is HolidayKind.SOLAR] == sorted(expected)


def test_every_year_has_each_lunar_holiday_and_no_year_more_than_the_moon_allows(holidays: tuple[Holiday, ...]) -> None:
    counts = Counter((year(holiday.day), holiday.name) for holiday in holidays if holiday.kind is HolidayKind.LUNAR)
    names = {name for _, name in counts}
    assert len(names) == 17
    assert {counts[y, name] for y in YEARS for name in names} == {1, 2}
    assert sum(count == 2 for count in counts.values()) <= len(names)


@pytest.mark.skipif(not ANNOUNCED.exists(), reason="the announced holidays are not beside this checkout")
@pytest.mark.parametrize("jalali_year", YEARS)
def test_the_days_are_those_announced_and_of_1405_at_most_a_day_away(
    jalali_year: int, holidays: tuple[Holiday, ...]
) -> None:
    announced = Counter(
        from_jalali(*(int(part) for part in text.split("-")))
        for text, names in json.loads(ANNOUNCED.read_text(encoding="utf-8")).items()
        for _ in names
        if text.startswith(f"{jalali_year}-")
    )
    ours = Counter(holiday.day for holiday in holidays if year(holiday.day) == jalali_year)
    if jalali_year != 1405:
        assert ours == announced
        return
    # Announced a year ahead; the official calendar has nine of the lunar days a day earlier.
    pairs = zip(sorted(ours.elements()), sorted(announced.elements()), strict=True)
    earlier = [(theirs - day).days for day, theirs in pairs]
    assert (set(earlier), sum(earlier)) == ({0, 1}, 9)


def test_the_year_1405_is_the_official_calendar(holidays: tuple[Holiday, ...]) -> None:
    days = {1: (1, 2, 3, 4, 12, 13, 25), 3: (6, 14, 15), 4: (3, 4), 5: (13, 21, 22, 30), 6: (8,), 8: (22,)}
    days |= {10: (2, 16), 11: (4, 22), 12: (9, 19, 20, 29)}
    official = [from_jalali(1405, month, day) for month in days for day in days[month]]
    assert sorted({holiday.day for holiday in holidays if year(holiday.day) == 1405}) == official


def test_only_lunar_days_after_1405_are_uncertain(holidays: tuple[Holiday, ...]) -> None:
    uncertain = {holiday for holiday in holidays if not holiday.certain}
    assert uncertain == {h for h in holidays if h.kind is HolidayKind.LUNAR and year(h.day) > 1405}


def test_both_dates_of_a_line_are_the_same_day_and_the_lines_are_in_order() -> None:
    with HOLIDAYS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(short_latin(dt.date.fromisoformat(row["gregorian"])) == row["jalali"] for row in rows)
    assert [row["gregorian"] for row in rows] == sorted(row["gregorian"] for row in rows)
    assert len({(row["gregorian"], row["name"]) for row in rows}) == len(rows)


def test_the_names_are_written_with_the_letters_of_persian(holidays: tuple[Holiday, ...]) -> None:
    assert not set("يكىة0123456789") & set("".join(holiday.name for holiday in holidays))


def test_two_occasions_of_one_day_are_named_together(holidays: tuple[Holiday, ...]) -> None:
    days = named_days(holidays)
    assert days[from_jalali(1405, 1, 1)].text == "آغاز نوروز؛ عید فطر"
    assert days[from_jalali(1405, 11, 22)].text == "پیروزی انقلاب اسلامی"
    assert len(days) == len({holiday.day for holiday in holidays})


@pytest.mark.parametrize(
    "line",
    ["2026-13-01,x,نام,solar,true", "2026-12-01,x,نام,stellar,true", "2026-12-01,x,نام,solar,perhaps", "2026-12-01"],
)
def test_a_damaged_file_is_trouble(line: str, tmp_path: Path) -> None:
    path = tmp_path / "holidays.csv"
    path.write_text(f"gregorian,jalali,name,kind,certain\n{line}\n", encoding="utf-8")
    with pytest.raises(Trouble, match="P-1233"):
        load_holidays(path)


def test_a_missing_file_is_trouble(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="P-1233"):
        load_holidays(tmp_path / "nowhere.csv")
