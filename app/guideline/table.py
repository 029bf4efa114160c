"""The weeding and binding guideline as data: figures the rules ask for, with version, source and status. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.labels import RULE_STATUS
from app.persian import jalali
from app.persian.digits import number
from db.codes import Material, RuleStatus, WeedingReason

FIRST_GREGORIAN_YEAR = 1700
"""Years are Jalali or Gregorian, as they are printed."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """`idle_years` without use make a copy one without audience (002 م4-1-د); the first `copies_kept` copies of a title
    are never surplus (م4-1 تبصره); `loans_per_copy` loans within `demand_years` justify a further copy (م5-4)."""

    idle_years: int = 5
    copies_kept: int = 2
    loans_per_copy: int = 6
    demand_years: int = 2

    def copies_needed(self, loans: int) -> int:
        """How many copies of a title so many loans within `demand_years` ask for: one for each `loans_per_copy` begun,
        and never fewer than are kept anyway."""
        return max(self.copies_kept, -(-loans // self.loans_per_copy))


@dataclass(frozen=True, slots=True)
class Terms:
    """How long everybody has: days, or Jalali months where the name says so (002 م7, م13).

    Reports on a season are owed on these days of months (م14): the library's and the county's of the month after it,
    the answer's of the month after that; a day that a month has not is its last. A new library enters
    `volumes_a_month` for each of its librarians (003 م3-7).
    """

    county_days: int = 7
    correction_days: int = 7
    province_days: int = 10
    season_months: int = 3
    exchange_months: int = 6
    binding_months: int = 1
    binding_status_days: int = 14
    binding_every_months: int = 6
    new_library_months: int = 3
    report_day: int = 1
    county_report_day: int = 15
    report_answer_day: int = 1
    volumes_a_month: int = 750


# The criteria of article 4, each for the minutes of one reason (002 م4-1، م4-2، م7-2).
CRITERION_REASONS: Mapping[str, WeedingReason] = {
    "4-1-الف": WeedingReason.CONTENT,
    "4-2-ج": WeedingReason.CONTENT,
    "4-2-د": WeedingReason.CONTENT,
    "4-2-ه": WeedingReason.CONTENT,
    "4-2-ز": WeedingReason.CONTENT,
    "4-1-ج": WeedingReason.WORN,
    "4-2-الف": WeedingReason.WORN,
    "4-2-ب": WeedingReason.WORN,
    "4-1-ب": WeedingReason.DUPLICATE,
    "4-2-ح": WeedingReason.DUPLICATE,
    "4-1-د": WeedingReason.NO_AUDIENCE,
    "4-2-و": WeedingReason.NO_AUDIENCE,
}


class Ageing(StrEnum):
    """How works of a class grow old (002 م6-1): fast, slowly, by their use alone, or not at all."""

    FAST = "fast"
    LONG = "long"
    USE = "use"
    KEEP = "keep"


class ExemptionKind(StrEnum):
    """The two kinds of exemption (002 م5-1), and the one that a permit lifts (م4-2 تبصره)."""

    NEVER = "never"
    ONLY_WORN = "only_worn"
    PERMIT = "permit"


@dataclass(frozen=True, slots=True)
class Criterion:
    """Why a copy may be proposed: `article` («4-2-ج») of the minutes of one reason."""

    article: str
    reason: WeedingReason
    wording: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """What stays in the library (codes of materials and marks, and «only_copy»), by which article, and whether it goes
    at all."""

    article: str
    kind: ExemptionKind
    what: tuple[str, ...]
    wording: str


@dataclass(frozen=True, slots=True)
class Hint:
    """One sentence of article 6 with the works it speaks of.

    `classes` are the beginnings of Dewey numbers («61» is 610 to 619), `without` those among them that it does not
    mean; `materials` narrows it to forms and readers. Empty `classes` mean every class. `years`: from which age on a
    work that ages fast is a candidate; the guideline leaves that to the library.
    """

    article: str
    wording: str
    classes: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    materials: frozenset[Material] = frozenset()
    ageing: Ageing | None = None
    years: int | None = None

    def speaks_of(self, class_no: str | None, material: Material) -> bool:
        """Whether a work of this class and form is meant."""
        if self.materials and material not in self.materials:
            return False
        number = class_no or ""
        return (not self.classes or number.startswith(self.classes)) and not number.startswith(self.without)

    def makes_old(self, year: int | None, today: dt.date) -> bool:
        """Whether a work of that year, as printed, is past the years in which its kind grows old. None is too old for
        a sentence that names no years."""
        if year is None or self.years is None:
            return False
        this_year = today.year if year >= FIRST_GREGORIAN_YEAR else jalali.year(today)
        return this_year - year >= self.years


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
    criteria: tuple[Criterion, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    hints: tuple[Hint, ...] = ()

    @property
    def words(self) -> str:
        """«دستورالعمل وجین، ویراست ۱ (پیش‌نویس)», as papers and reports print it."""
        return f"دستورالعمل وجین، ویراست {number(self.version, grouped=False)} ({RULE_STATUS[self.status]})"

    @property
    def left_out(self) -> frozenset[str]:
        """The articles of criteria that this version does without; none where it names no criteria at all."""
        kept = {criterion.article for criterion in self.criteria}
        return frozenset(CRITERION_REASONS) - kept if kept else frozenset()
