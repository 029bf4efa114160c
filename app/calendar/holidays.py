"""The official holidays of Iran, as shipped in `resources/calendar/holidays.csv`."""

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from db.trouble import Trouble

HOLIDAYS = Path(__file__).resolve().parents[2] / "resources" / "calendar" / "holidays.csv"


class HolidayKind(StrEnum):
    """Which calendar fixes the day."""

    SOLAR = "solar"
    LUNAR = "lunar"


@dataclass(frozen=True, slots=True)
class Holiday:
    """One occasion; two may fall on one day. Not `certain`: a lunar day computed ahead, which may move by a day."""

    day: dt.date
    name: str
    kind: HolidayKind
    certain: bool


def load_holidays(path: Path = HOLIDAYS) -> tuple[Holiday, ...]:
    """The holidays of a file, in its order. Raises Trouble P-1233 if it cannot be read or is damaged."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return tuple(_holiday(row) for row in csv.DictReader(file, strict=True))
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise Trouble("P-1233", path=path, reason=str(error)) from error


@dataclass(frozen=True, slots=True)
class HolidayName:
    """The occasions of one day in one line, and whether the day is certain."""

    text: str
    certain: bool


def named_days(holidays: Iterable[Holiday]) -> Mapping[dt.date, HolidayName]:
    """Each holiday with the names of its occasions, in the order of days."""
    days: dict[dt.date, HolidayName] = {}
    for holiday in holidays:
        before = days.get(holiday.day)
        text = holiday.name if before is None else both_names(before.text, holiday.name)
        days[holiday.day] = HolidayName(text, holiday.certain and (before is None or before.certain))
    return dict(sorted(days.items()))


def both_names(first: str, second: str) -> str:
    """Two occasions of one day."""
    return f"{first}؛ {second}"


_YES_OR_NO: Mapping[str, bool] = MappingProxyType({"true": True, "false": False})


def _holiday(row: Mapping[str, str]) -> Holiday:
    return Holiday(
        day=dt.date.fromisoformat(row["gregorian"]),
        name=row["name"],
        kind=HolidayKind(row["kind"]),
        certain=_YES_OR_NO[row["certain"]],
    )
