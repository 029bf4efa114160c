"""What stands in the fields of a request: dates of both calendars, bounded texts and numbers."""

import datetime as dt
from typing import Annotated, Any

from msgspec import Meta

from app.clock import TEHRAN
from app.persian import jalali
from app.persian.digits import typed

NOT_A_DAY = "day"
NOT_A_MOMENT = "moment"
YEARS = range(1900, 2201)

Text = Annotated[str, Meta(max_length=2_000)]
Line = Annotated[str, Meta(max_length=300)]
Name = Annotated[str, Meta(max_length=120)]
Word = Annotated[str, Meta(max_length=64)]
Path = Annotated[str, Meta(min_length=1, max_length=1_000)]
Rial = Annotated[int, Meta(ge=0, le=10**12)]
Number = Annotated[int, Meta(ge=1, le=10**12)]
Codes = Annotated[tuple[Word, ...], Meta(max_length=40)]
Scans = Annotated[tuple[str, ...], Meta(min_length=1, max_length=500)]
RequestKey = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"\A[ -~]+\Z")]
RequestId = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)] | Annotated[str, Meta(max_length=200)] | None


class Day:
    """A date, written 2026-12-11 or 1405/09/20 in digits of any of the three scripts."""

    __slots__ = ("value",)

    def __init__(self, text: object) -> None:
        found = jalali.parse(text) if isinstance(text, str) else None
        if found is None:
            raise ValueError(NOT_A_DAY)
        self.value = found


class Moment:
    """A date with or without a time of day: «1405/09/20 10:30», «2026-12-11T10:30:00+03:30». Without a zone: Tehran."""

    __slots__ = ("value",)

    def __init__(self, text: object) -> None:
        if not isinstance(text, str):
            raise ValueError(NOT_A_MOMENT)
        date, _, time = typed(text).replace("T", " ").partition(" ")
        day = jalali.parse(date)
        if day is None or day.year not in YEARS:
            raise ValueError(NOT_A_MOMENT)
        clock = _time(time.strip())
        self.value = dt.datetime.combine(day, clock, clock.tzinfo or TEHRAN)


def _time(text: str) -> dt.time:
    if not text:
        return dt.time()
    try:
        return dt.time.fromisoformat(text)
    except ValueError as error:
        raise ValueError(NOT_A_MOMENT) from error


def read_value(kind: type[Any], plain: object) -> object:
    """Make a `Day` or `Moment` of a decoded JSON value: the decoder's hook. Raises ValueError."""
    if kind in (Day, Moment):
        return kind(plain)
    raise ValueError(kind.__name__)


def day(field: Day | None) -> dt.date | None:
    """The date in a field that may be left out."""
    return None if field is None else field.value
