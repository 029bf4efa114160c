"""The expert's result on a quarterly report, given at the centre (002 م14-3): the library writes it with its report."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.centre import Centre
from app.directives.facts import ReportFacts
from app.directives.issuing import issue
from app.library import BRANCH_FACTS, BranchFacts
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from app.review.at_branch import BranchReader
from app.review.scopes import ReviewerFacts, branches_in_scope
from app.statistics.quarterly import LONGEST, StoredReport, answer_refusals, report_of
from db.act import Act
from db.codes import DirectiveKind, RulingLevel
from db.journal import Intent
from db.models.centre import Directive, DirectiveAnswer
from db.models.collection import QuarterlyReport
from db.reading import Reader

ANSWERED_AT_CENTRE = "report.answered_at_centre"


@dataclass(frozen=True, slots=True)
class OneReport:
    """The report of a library on a quarter."""

    branch: BranchFacts
    report: StoredReport


@dataclass(frozen=True, slots=True)
class ResultSent:
    """The result is on its way to the library."""

    library: str


@dataclass(frozen=True, slots=True)
class ResultOnTheWay:
    """A result that the library has not written down; `refused` are its words when it could not."""

    answer: str
    by: str
    refused: str


def one_report(reader: Reader, report_id: uuid.UUID) -> OneReport | None:
    """A report that the reader may see."""
    query = sa.select(QuarterlyReport.branch_id, QuarterlyReport.year, QuarterlyReport.quarter).where(
        QuarterlyReport.id == report_id, QuarterlyReport.deleted_at.is_(None)
    )
    row = reader.connection.execute(query).one_or_none()
    if row is None:
        return None
    here = BranchReader(reader, row.branch_id)
    report, branch = report_of(here, row.year, row.quarter), here.one(BRANCH_FACTS, branch=row.branch_id)
    return None if report is None or branch is None else OneReport(branch, report)


def answer_report(
    centre: Centre, reviewer: ReviewerFacts, report_id: uuid.UUID, answer: str, act: Act
) -> ResultSent | Refused | NotFound:
    """Tell a library what the expert found in its report. Only the province's expert does (002 م14-3)."""
    with centre.write() as tx:
        found = one_report(tx, report_id)
        if found is None or found.branch.id not in branches_in_scope(tx, reviewer):
            return NotFound(Sought.LIBRARY, str(report_id))
        not_theirs = () if reviewer.level is RulingLevel.PROVINCE else (Refusal("role.not_allowed"),)
        refused = (*not_theirs, *answer_refusals(found.report, answer, act.day, act))
        if refused:
            return Refused(refused)
        facts = ReportFacts(found.report.year, found.report.quarter, clean(answer, LONGEST), act.day)
        issue(tx, centre, found.branch.id, DirectiveKind.REPORT_ANSWER, facts, reviewer.name)
        number = f"{found.report.year}/{found.report.quarter}"
        tx.record(ANSWERED_AT_CENTRE, act, Intent(seen={"library": found.branch.name, "number": number}))
        return ResultSent(found.branch.name)


def result_on_the_way(reader: Reader, found: OneReport) -> ResultOnTheWay | None:
    """The newest result sent from here that the library has not written down. `reader` is the centre's own: offices may
    not read what directives say."""
    query = (
        sa.select(Directive.facts, Directive.issued_by, DirectiveAnswer.done, DirectiveAnswer.words)
        .outerjoin(
            DirectiveAnswer,
            sa.and_(DirectiveAnswer.directive_id == Directive.id, DirectiveAnswer.deleted_at.is_(None)),
        )
        .where(
            Directive.branch_id == found.branch.id, Directive.kind == DirectiveKind.REPORT_ANSWER,
            Directive.deleted_at.is_(None),
        )
        .order_by(Directive.issued_at.desc(), Directive.id.desc())
    )  # fmt: skip
    for facts, by, done, words in reader.connection.execute(query):
        if (facts["year"], facts["quarter"]) == (found.report.year, found.report.quarter):
            return None if done else ResultOnTheWay(facts["answer"], by, (words or "") if done is False else "")
    return None
