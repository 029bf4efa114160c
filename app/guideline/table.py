"""The weeding and binding guideline as data: figures the rules ask for, with version, source and status. Pure."""

import datetime as dt
from dataclasses import dataclass, field

from db.codes import RuleStatus


@dataclass(frozen=True, slots=True)
class Thresholds:
    """`idle_years` without use make a copy one without audience (002 م4-1-د); the first `copies_kept` copies of a title
    are never surplus (م4-1 تبصره); `loans_per_copy` loans within `demand_years` justify a further copy (م5-4)."""

    idle_years: int = 5
    copies_kept: int = 2
    loans_per_copy: int = 6
    demand_years: int = 2


@dataclass(frozen=True, slots=True)
class Terms:
    """How long everybody has: days, or Jalali months where the name says so (002 م7, م13)."""

    county_days: int = 7
    correction_days: int = 7
    province_days: int = 10
    season_months: int = 3
    exchange_months: int = 6
    binding_months: int = 1
    binding_status_days: int = 14
    binding_every_months: int = 6
    new_library_months: int = 3


@dataclass(frozen=True, slots=True)
class Guideline:
    """One version of the guideline. `effective_from` is the day from which it holds."""

    version: int
    title: str
    source: str
    status: RuleStatus
    effective_from: dt.date
    thresholds: Thresholds = field(default_factory=Thresholds)
    terms: Terms = field(default_factory=Terms)
