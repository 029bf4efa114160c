"""Whether the subjects of the collection are in proportion (002 م1): its main classes by copies and by loans. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median_low

from app.statistics.classes import MAIN_CLASSES

GREGORIAN = 621
FIRST_GREGORIAN = 1600
WANTED, UNWANTED = 1.5, 0.5
"""A class whose share of the loans is so many times its share of the copies is asked for more, or less, than it has."""
OLD_YEARS = 20
FEW_COPIES = 20


@dataclass(frozen=True, slots=True)
class ClassCount:
    """What was counted for one class number and one year of publication."""

    main: int | None
    year: int | None
    titles: int
    copies: int
    added: int
    loans: int


@dataclass(frozen=True, slots=True)
class ClassBalance:
    """One main class: `added` copies and `loans` are those of the last twelve months, shares are of the whole (0 to 1),
    `median_year` the Jalali year of publication that half of the copies are younger than."""

    main: int | None
    titles: int
    copies: int
    added: int
    loans: int
    share: float
    loan_share: float
    median_year: int | None

    @property
    def demand(self) -> float | None:
        """Share of the loans by share of the copies; None where there are no copies."""
        return self.loan_share / self.share if self.share else None


def balance(counts: Iterable[ClassCount]) -> tuple[ClassBalance, ...]:
    """Every main class, the empty ones too, and what has no class last."""
    by_class: dict[int | None, list[ClassCount]] = {main: [] for main in MAIN_CLASSES}
    for count in counts:
        by_class[count.main].append(count)
    copies = sum(count.copies for rows in by_class.values() for count in rows)
    loans = sum(count.loans for rows in by_class.values() for count in rows)
    return tuple(_class_balance(main, rows, copies, loans) for main, rows in by_class.items())


def _class_balance(main: int | None, rows: list[ClassCount], all_copies: int, all_loans: int) -> ClassBalance:
    copies, loans = sum(row.copies for row in rows), sum(row.loans for row in rows)
    years = [jalali_year(row.year) for row in rows if row.year for _ in range(row.copies)]
    return ClassBalance(
        main=main,
        titles=sum(row.titles for row in rows),
        copies=copies,
        added=sum(row.added for row in rows),
        loans=loans,
        share=copies / all_copies if all_copies else 0.0,
        loan_share=loans / all_loans if all_loans else 0.0,
        median_year=median_low(years) if years else None,
    )


def jalali_year(printed: int) -> int:
    """A year of publication in the Jalali calendar; foreign books print the Gregorian one."""
    return printed - GREGORIAN if printed >= FIRST_GREGORIAN else printed


def weaknesses(row: ClassBalance, this_year: int) -> tuple[str, ...]:
    """What is weak about a main class (002 م3): codes whose words stand with the report."""
    if row.main is None:
        return ("unclassed",) if row.copies else ()
    found = []
    if row.copies < FEW_COPIES:
        found.append("few")
    if row.demand is not None and row.demand >= WANTED:
        found.append("wanted")
    if row.demand is not None and row.demand <= UNWANTED and row.copies >= FEW_COPIES:
        found.append("unwanted")
    if row.median_year is not None and this_year - row.median_year > OLD_YEARS:
        found.append("old")
    return tuple(found)
