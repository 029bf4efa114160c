import pytest

from app.catalogue.importing.record import Calendar
from app.catalogue.importing.years import year_of


@pytest.mark.parametrize(
    ("text", "number", "calendar"),
    [
        ("1383", 1383, Calendar.JALALI),
        ("۱۳۹۸", 1398, Calendar.JALALI),
        ("٢٠١٤.", 2014, Calendar.GREGORIAN),
        ("1393 [2014 or 2015].", 1393, Calendar.JALALI),
        ("[13]93 [2014 or 2015]", 1393, Calendar.JALALI),
        ("پاییز ۱۳۹۳", 1393, Calendar.JALALI),
        ("1398/05/12", 1398, Calendar.JALALI),
        ("13950512", 1395, Calendar.JALALI),
        ("c1997", 1997, Calendar.GREGORIAN),
        ("1325 [1907 or 1908]", 1325, Calendar.LUNAR),
        ("1319 هـ. = 1901 م.", 1319, Calendar.LUNAR),
        ("۱۳۲۵ ق.", 1325, Calendar.LUNAR),
        ("1325 ه.ش", 1325, Calendar.JALALI),
        ("1290 A.H.", 1290, Calendar.LUNAR),
        ("چاپخانه 1350", 1350, Calendar.JALALI),
        ("2536", 1356, Calendar.JALALI),
    ],
)
def test_a_year_is_read_with_its_calendar(text: str, number: int, calendar: Calendar) -> None:
    found = year_of(text)
    assert found is not None
    assert (found.number, found.calendar) == (number, calendar)


@pytest.mark.parametrize(
    "text", ["", "نامشخص", "[19--?]", "[198-?]", "18681868", "13951399", "9789644170119", "1", "3000"]
)
def test_what_is_no_year_gives_none(text: str) -> None:
    assert year_of(text) is None


def test_the_gregorian_year_of_the_record_tells_lunar_from_jalali() -> None:
    jalali, lunar = year_of("1360", gregorian=1981), year_of("1360", gregorian=1941)
    assert jalali is not None
    assert jalali.calendar is Calendar.JALALI
    assert lunar is not None
    assert lunar.calendar is Calendar.LUNAR
