"""The quarterly reports of the libraries of a scope laid together (002 م14-1 … م14-3): by library, by reason, by class;
and what was weeded, title by title, for the province's report to the head office (م7-22)."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields

import sqlalchemy as sa

from app.persian.jalali import Quarter
from app.review.standing import terms_of_offices
from app.statistics.classes import class_of
from app.statistics.figures import QuarterFigures, ReasonFigures, read_figures
from app.statistics.quarterly import StoredReport
from app.statistics.quarters import ReportDays, report_days
from db.codes import WeedingReason
from db.models.catalogue import Title
from db.models.collection import Minutes, MinutesRow, QuarterlyReport
from db.models.items import Item
from db.models.library import Branch
from db.reading import Reader

NO_CLASS = "-"


@dataclass(frozen=True, slots=True)
class BranchQuarter:
    """A library in a quarter. `report` is what it made and sent; without one `figures` are empty and `weeded` counts
    what its minutes tell, by reason."""

    branch_id: uuid.UUID
    library: str
    county: str
    report: StoredReport | None
    figures: QuarterFigures | None
    weeded: Mapping[WeedingReason, int]

    @property
    def sent(self) -> bool:
        """Whether the report was sent to the county (002 م14-1)."""
        return self.report is not None and self.report.sent_on is not None

    def of(self, reason: WeedingReason) -> ReasonFigures:
        """The figures of a reason: those of the report, else what the minutes tell."""
        if self.figures is not None:
            return self.figures.reasons.get(reason.value, ReasonFigures())
        return ReasonFigures(weeded=self.weeded.get(reason, 0))

    @property
    def total(self) -> ReasonFigures:
        """All reasons together."""
        return added([self.of(reason) for reason in WeedingReason])


@dataclass(frozen=True, slots=True)
class Overview:
    """A quarter in the libraries of a scope. `by_class` counts weeded copies: main class to reason to copies."""

    quarter: Quarter
    days: ReportDays
    branches: tuple[BranchQuarter, ...]
    by_class: Mapping[str, Mapping[WeedingReason, int]]

    def by_reason(self) -> Mapping[WeedingReason, ReasonFigures]:
        """The sum of all libraries, reason by reason."""
        return {reason: added([one.of(reason) for one in self.branches]) for reason in WeedingReason}

    def by_county(self) -> Mapping[str, ReasonFigures]:
        """The sum of each county."""
        counties: dict[str, list[ReasonFigures]] = {}
        for one in self.branches:
            counties.setdefault(one.county, []).append(one.total)
        return {county: added(figures) for county, figures in sorted(counties.items())}

    @property
    def missing(self) -> tuple[BranchQuarter, ...]:
        """Libraries whose report has not come."""
        return tuple(one for one in self.branches if not one.sent)


@dataclass(frozen=True, slots=True)
class WeededTitle:
    """A copy that was weeded, as the list for the head office names it (002 م7-22)."""

    library: str
    county: str
    reason: WeedingReason
    title: str
    main_creator: str | None
    year: int | None
    accession_no: int
    copy_no: int
    class_no: str | None
    executed_on: dt.date
    number: str


CLASS = sa.func.coalesce(Item.local_class, Title.dewey)
BRANCHES = sa.select(Branch.id, Branch.name, Branch.county).where(Branch.deleted_at.is_(None))
REPORTS = sa.select(
    QuarterlyReport.branch_id, *(getattr(QuarterlyReport, name) for name in StoredReport.__dataclass_fields__)
).where(QuarterlyReport.deleted_at.is_(None))
EXECUTED = (
    MinutesRow.deleted_at.is_(None), MinutesRow.executed_on.is_not(None), Minutes.deleted_at.is_(None),
)  # fmt: skip
WEEDED = (
    sa.select(MinutesRow.branch_id, Minutes.reason, CLASS, sa.func.count())
    .select_from(MinutesRow)
    .join(Minutes, Minutes.id == MinutesRow.minutes_id)
    .join(Item, Item.id == MinutesRow.item_id)
    .join(Title, Title.id == Item.title_id)
    .where(*EXECUTED)
    .group_by(MinutesRow.branch_id, Minutes.reason, CLASS)
)
WEEDED_TITLES = (
    sa.select(
        Branch.name, Branch.county, Minutes.reason, Title.title, Title.main_creator, Title.year, Item.accession_no,
        Item.copy_no, CLASS, MinutesRow.executed_on, Minutes.year, Minutes.number,
    )
    .select_from(MinutesRow)
    .join(Minutes, Minutes.id == MinutesRow.minutes_id)
    .join(Item, Item.id == MinutesRow.item_id)
    .join(Title, Title.id == Item.title_id)
    .join(Branch, Branch.id == MinutesRow.branch_id)
    .where(*EXECUTED)
    .order_by(Branch.county, Branch.name, Minutes.reason, Minutes.year, Minutes.number, MinutesRow.position)
)  # fmt: skip


def overview(reader: Reader, scope: Collection[uuid.UUID], quarter: Quarter) -> Overview:
    """A quarter in the libraries of a scope, those without a report too."""
    wanted = list(scope)
    reports = {
        branch: StoredReport(*columns)
        for branch, *columns in reader.connection.execute(
            REPORTS.where(
                QuarterlyReport.branch_id.in_(wanted), QuarterlyReport.year == quarter.year,
                QuarterlyReport.quarter == quarter.number,
            )
        )
    }  # fmt: skip
    weeded: dict[uuid.UUID, Counter[WeedingReason]] = {}
    by_class: dict[str, Counter[WeedingReason]] = {}
    query = WEEDED.where(MinutesRow.branch_id.in_(wanted), *_within(quarter))
    for branch, reason, written, copies in reader.connection.execute(query):
        main = class_of(written)
        weeded.setdefault(branch, Counter())[reason] += copies
        by_class.setdefault(NO_CLASS if main is None else str(main), Counter())[reason] += copies
    found = reader.connection.execute(BRANCHES.where(Branch.id.in_(wanted)).order_by(Branch.county, Branch.name))
    return Overview(
        quarter,
        report_days(quarter, terms_of_offices(reader, quarter.end)),
        tuple(_of_branch(*row, reports.get(row[0]), weeded.get(row[0], Counter())) for row in found),
        dict(sorted(by_class.items())),
    )


def weeded_titles(
    reader: Reader, scope: Collection[uuid.UUID], quarter: Quarter, reason: WeedingReason | None = None
) -> tuple[WeededTitle, ...]:
    """Every copy weeded in a quarter, by library and reason."""
    query = WEEDED_TITLES.where(MinutesRow.branch_id.in_(list(scope)), *_within(quarter))
    if reason is not None:
        query = query.where(Minutes.reason == reason)
    return tuple(
        WeededTitle(*[*columns, f"{year}/{number}"]) for *columns, year, number in reader.connection.execute(query)
    )


def added(figures: Sequence[ReasonFigures]) -> ReasonFigures:
    """The sum of several."""
    return ReasonFigures(**{one.name: sum(getattr(row, one.name) for row in figures) for one in fields(ReasonFigures)})


def _within(quarter: Quarter) -> tuple[sa.ColumnElement[bool], ...]:
    return MinutesRow.executed_on >= quarter.start, MinutesRow.executed_on <= quarter.end


def _of_branch(
    branch_id: uuid.UUID, library: str, county: str, report: StoredReport | None, weeded: Mapping[WeedingReason, int]
) -> BranchQuarter:
    figures = read_figures(report.figures) if report is not None and report.figures else None
    return BranchQuarter(branch_id, library, county, report, figures, weeded)
