"""The quarterly report of the branch: made and frozen, sent by letter, answered (002 م14)."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import sqlalchemy as sa

from app.actions import Action
from app.library import HERE, BranchFacts, Library
from app.outcome import Refused
from app.papers import Filing, Printed, freeze
from app.persian.jalali import Quarter
from app.persian.text import clean
from app.refusal import Refusal
from app.staff.offices import Position, committee_on, officers_on
from app.statistics.counting import quarter_figures
from app.statistics.figures import QuarterFigures, read_figures
from app.statistics.quarters import quarter_of, report_days
from db.act import Act
from db.codes import DocumentKind
from db.frozen import Frozen
from db.models.collection import QuarterlyReport
from db.reading import Reader
from db.types import new_id

LONGEST = 2_000
YEARS = range(1300, 1500)


@dataclass(frozen=True, slots=True)
class ReportPaper:
    """What the report prints: `guideline` names its version and status, `head` who signs, `committee` who sits on the
    weeding committee by seat (000 §4-1); both as they were in office on the day it was made."""

    branch: BranchFacts
    quarter: Quarter
    day: dt.date
    figures: QuarterFigures
    guideline: str
    head: str
    draft: bool
    committee: Mapping[str, str] = field(default_factory=dict)


class ReportPrinter(Protocol):
    """Sets the report on paper; the same facts give the same bytes."""

    def __call__(self, paper: ReportPaper, /) -> Printed:
        """The files for these facts."""
        ...


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report as it stands: made, sent, answered, or none of it."""

    id: uuid.UUID
    ver: int
    year: int
    quarter: int
    due_on: dt.date
    made_at: dt.datetime | None
    sent_on: dt.date | None
    letter_no: str | None
    letter_on: dt.date | None
    answer_due_on: dt.date | None
    answered_on: dt.date | None
    answer: str | None
    figures: dict[str, Any] | None
    document_id: uuid.UUID | None
    sheet_id: uuid.UUID | None


COLUMNS = tuple(getattr(QuarterlyReport, name) for name in StoredReport.__dataclass_fields__)
LIVE = sa.select(*COLUMNS).where(QuarterlyReport.branch_id == HERE, QuarterlyReport.deleted_at.is_(None))
OF_QUARTER = Frozen(
    LIVE.where(QuarterlyReport.year == sa.bindparam("year"), QuarterlyReport.quarter == sa.bindparam("quarter")),
    StoredReport,
)
REPORTS = Frozen(LIVE.order_by(QuarterlyReport.year.desc(), QuarterlyReport.quarter.desc()), StoredReport)


@dataclass(frozen=True, slots=True)
class Made:
    """The report is frozen with its figures; it may be made anew until it is sent."""

    report: StoredReport
    pages: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Letter:
    """An official letter: number and date."""

    number: str
    on: dt.date


def stored_reports(reader: Reader) -> list[StoredReport]:
    """Every report, the newest first."""
    return reader.all(REPORTS)


def report_of(reader: Reader, year: int, quarter: int) -> StoredReport | None:
    """The report on a quarter, if it was made."""
    return reader.one(OF_QUARTER, year=year, quarter=quarter)


def report_figures(reader: Reader, quarter: Quarter) -> QuarterFigures:
    """The figures of a quarter: those that were frozen with its report, else counted now."""
    stored = report_of(reader, quarter.year, quarter.number)
    return read_figures(stored.figures) if stored and stored.figures else quarter_figures(reader, quarter)


def preview_report(library: Library, quarter: Quarter, printer: ReportPrinter, act: Act) -> Printed:
    """The report as it would be now, marked as a draft. Nothing is kept."""
    with library.store.read() as reader:
        paper = _paper(library, reader, quarter, act, draft=True)
    return printer(paper)


def make_report(library: Library, year: int, number: int, printer: ReportPrinter, act: Act) -> Made | Refused:
    """Count a quarter that has passed and freeze the report with its files, whole or not at all.

    Until it is sent it may be made anew; what was frozen before stays in the archive.
    """
    with library.store.write() as tx:
        refused = (*library.forbids(act, Action.REPORT), *_doubt(act), *_not_over(year, number, act))
        before = report_of(tx, year, number) if not refused else None
        if before is not None and before.sent_on is not None:
            refused = (*refused, Refusal("report.sent_already", "14-1"))
        if refused:
            return Refused(refused)
        quarter = quarter_of(year, number)
        paper = _paper(library, tx, quarter, act)
        printed = printer(paper)
        report_id = before.id if before else new_id()
        name = f"quarter-{quarter.year}-{quarter.number}"
        filing = Filing(DocumentKind.REPORT, f"{year}/{number}", name, "quarterly_report", report_id)
        files = freeze(tx, filing, printed, act.at)
        made = {"made_at": act.at, "figures": paper.figures.plain(), "document_id": files.pdf, "sheet_id": files.xlsx}
        if before is None:
            due_on = report_days(quarter, library.guideline.terms).due_on
            tx.insert(QuarterlyReport, id=report_id, year=year, quarter=number, due_on=due_on, **made)
        else:
            tx.update(QuarterlyReport, before, **made)
        tx.record("report.made", act)
        stored = report_of(tx, year, number)
        if stored is None:
            raise RuntimeError("a report that was just written is gone")
        return Made(stored, printed.pages, printed.sha256)


def _doubt(act: Act) -> tuple[Refusal, ...]:
    return (Refusal("clock.doubtful", facts={"today": act.day}),) if act.stamp.doubtful else ()


def _not_over(year: int, number: int, act: Act) -> tuple[Refusal, ...]:
    if year not in YEARS or number not in range(1, 5):
        return (Refusal("report.no_quarter", "14-1"),)
    quarter = quarter_of(year, number)
    over = quarter.end < act.day
    return () if over else (Refusal("report.too_early", "14-1", facts={"day": quarter.end}),)


def send_report(library: Library, year: int, number: int, letter: Letter, act: Act) -> StoredReport | Refused:
    """The report went to the head of the county by letter; the province answers by the first of the month after next
    (002 م14-3)."""
    with library.store.write() as tx:
        stored = report_of(tx, year, number)
        refused = (*library.forbids(act, Action.REPORT), *_doubt(act), *_may_send(stored, letter, act))
        if refused or stored is None:
            return Refused(refused)
        answer_due = report_days(quarter_of(year, number), library.guideline.terms).answer_on
        letter_no = clean(letter.number, 60) or None
        tx.update(
            QuarterlyReport, stored, sent_on=act.day, letter_no=letter_no, letter_on=letter.on, answer_due_on=answer_due
        )
        tx.record("report.sent", act)
        return report_of(tx, year, number) or stored


def _may_send(stored: StoredReport | None, letter: Letter, act: Act) -> tuple[Refusal, ...]:
    if stored is None or stored.document_id is None:
        return (Refusal("report.not_made", "14-1"),)
    if stored.sent_on is not None:
        return (Refusal("report.sent_already", "14-1"),)
    if not clean(letter.number, 60):
        return (Refusal("letter.no_number", "14-1"),)
    ended = quarter_of(stored.year, stored.quarter).end
    in_time = ended < letter.on <= act.day
    return () if in_time else (Refusal("letter.in_future", facts={"day": letter.on}),)


def record_answer(
    library: Library, year: int, number: int, answer: str, answered_on: dt.date, act: Act
) -> StoredReport | Refused:
    """What the province's expert found (002 م14-3)."""
    with library.store.write() as tx:
        stored = report_of(tx, year, number)
        refused = (
            *library.forbids(act, Action.REPORT), *_doubt(act), *answer_refusals(stored, answer, answered_on, act),
        )  # fmt: skip
        if refused or stored is None:
            return Refused(refused)
        tx.update(QuarterlyReport, stored, answered_on=answered_on, answer=clean(answer, LONGEST))
        tx.record("report.answered", act)
        return report_of(tx, year, number) or stored


def answer_refusals(stored: StoredReport | None, answer: str, answered_on: dt.date, act: Act) -> tuple[Refusal, ...]:
    """What speaks against the answer of the expert itself, whoever writes it down and wherever."""
    if stored is None or stored.sent_on is None:
        return (Refusal("report.not_sent", "14-3"),)
    if not clean(answer, LONGEST):
        return (Refusal("reason.required"),)
    early, late = answered_on < stored.sent_on, answered_on > act.day
    return (Refusal("letter.in_future", facts={"day": answered_on}),) if early or late else ()


def _paper(library: Library, reader: Reader, quarter: Quarter, act: Act, *, draft: bool = False) -> ReportPaper:
    return ReportPaper(
        branch=library.branch,
        quarter=quarter,
        day=act.day,
        figures=quarter_figures(reader, quarter),
        guideline=library.guideline.words,
        head=officers_on(reader, act.day).get(Position.BRANCH_HEAD, ""),
        draft=draft,
        committee=committee_on(reader, act.day),
    )
