"""The year of publication as printed, and in which calendar."""

import re
from dataclasses import dataclass

from app.catalogue.importing.record import Calendar
from app.persian.digits import typed

GREGORIAN_FROM = 1700
"""A printed year below is of a Persian or Arabic calendar, from here on Gregorian."""

_CENTURY_IN_BRACKETS = re.compile(r"\[(1[34])\](?=[0-9]{2}\b)")  # «[13]93»
_YEAR = re.compile(
    r"(?<![0-9])([0-9]{4})(?:(?=[0-9]{4}(?![0-9]))(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))?(?![0-9])"
)
_LUNAR_MARK = re.compile(r"[0-9]\s*\[?\s*(?:هـ|ه\.|ه\b|هج|ق\b|قمری|[Hh]\b|[Hh]ij|[Aa]\.?\s?[Hh]\b)")
_SOLAR_MARK = re.compile(r"ش\b|شمسی|خورشیدی|[Ss]h\b")

_IMPERIAL = range(2535, 2538)
_IMPERIAL_LEAD = 1180
"""Books of 1355 to 1357 carry the imperial year."""
_SOLAR_LAG = range(620, 624)
"""Gregorian minus Jalali year is 621 or 622, one more or less where the cataloguer was unsure."""
_LUNAR_LAG = range(574, 616)
"""Gregorian minus lunar year since the lunar year 200."""


@dataclass(frozen=True, slots=True)
class Year:
    """A year as printed; an imperial one as the Jalali year it was."""

    number: int
    calendar: Calendar


def year_of(text: str, gregorian: int | None = None) -> Year | None:
    """The first year in a statement such as «1393 [2014 or 2015]», «[13]93», «پاییز ۱۳۹۳» or «1398/05/12».

    `gregorian` is the same year in the Gregorian calendar where the record says it elsewhere; with a second year in the
    statement it tells lunar years from Jalali ones. None where no plausible year stands in the text.
    """
    plain = _CENTURY_IN_BRACKETS.sub(r"\1", typed(text))
    years = [int(found) for found in _YEAR.findall(plain)]
    if not years:
        return None
    companions = [year for year in (*years[1:], gregorian) if year is not None and year >= GREGORIAN_FROM]
    if years[0] in _IMPERIAL:
        return Year(years[0] - _IMPERIAL_LEAD, Calendar.JALALI)
    calendar = _calendar(years[0], companions, plain)
    return Year(years[0], calendar) if calendar else None


def _calendar(year: int, companions: list[int], text: str) -> Calendar | None:
    if GREGORIAN_FROM <= year <= 2100:
        return Calendar.GREGORIAN
    if not 600 <= year <= 1500:
        return None
    lags = [companion - year for companion in companions]
    if any(lag in _SOLAR_LAG for lag in lags):
        return Calendar.JALALI
    if any(lag in _LUNAR_LAG for lag in lags):
        return Calendar.LUNAR
    return Calendar.LUNAR if _LUNAR_MARK.search(text) and not _SOLAR_MARK.search(text) else Calendar.JALALI
