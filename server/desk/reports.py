"""Quarterly reports and the two reports of the collection at the headless desk."""

import datetime as dt
from pathlib import Path as FilePath
from typing import Annotated

from msgspec import Meta

from app.duties.queries import owed_reports
from app.outcome import Refused
from app.papers import document
from app.persian.jalali import Quarter
from app.statistics.balance import ClassBalance
from app.statistics.collection import AilingCopy, collection_balance, collection_health
from app.statistics.quarterly import (
    Letter,
    StoredReport,
    make_report,
    preview_report,
    record_answer,
    report_figures,
    send_report,
    stored_reports,
)
from app.statistics.quarters import quarter_before, quarter_of, report_days
from db.files import safe_write
from reports.collection import balance_pdf, balance_xlsx, health_parts, health_pdf, health_xlsx
from reports.quarterly import print_report
from server.desk.accounts import wrong_suffix
from server.desk.answers import Facts, done, refused
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Day, Line, Path, Text, day

Year = Annotated[int, Meta(ge=1300, le=1499)]
QuarterNo = Annotated[int, Meta(ge=1, le=4)]


class QuarterNamed(Request, kw_only=True):
    """A Jalali year and quarter 1 (بهار) to 4; the last one that has passed if none is named."""

    year: Year | None = None
    quarter: QuarterNo | None = None


class ReportQuarter(QuarterNamed, kw_only=True):
    """The figures of a quarter; `make` freezes the report, else the files show a draft."""

    make: bool = False
    pdf: Path | None = None
    xlsx: Path | None = None


class ReportSend(QuarterNamed, kw_only=True):
    """The letter that took the report to the county."""

    letter_no: Line
    letter_on: Day | None = None


class ReportAnswer(QuarterNamed, kw_only=True):
    """What the province answered."""

    answer: Text
    on: Day | None = None


class ReportFiles(Request, kw_only=True):
    """A report of the collection as it is today, with its files if paths are named."""

    pdf: Path | None = None
    xlsx: Path | None = None


def quarter(session: Session, request: ReportQuarter) -> Facts:
    """Count a quarter, or freeze its report."""
    if wrong := _wrong_files(request.pdf, request.xlsx):
        return wrong
    act, named = session.act(request.key), _quarter(session, request)
    if request.make:
        made = make_report(session.library, named.year, named.number, print_report, act)
        if isinstance(made, Refused):
            return refused(made.refusals)
        _write_frozen(session, made.report, request)
        return done("made", **_report(made.report), pages=made.pages, sha256=made.sha256)
    with session.library.store.read() as reader:
        figures = report_figures(reader, named)
    if request.pdf or request.xlsx:
        printed = preview_report(session.library, named, print_report, act)
        _write(((request.pdf, printed.pdf), (request.xlsx, printed.xlsx)))
    return done("found", year=named.year, quarter=named.number, due=_due(session, named), figures=figures.plain())


def send(session: Session, request: ReportSend) -> Facts:
    """Note the letter."""
    act, named = session.act(request.key), _quarter(session, request)
    letter = Letter(request.letter_no, day(request.letter_on) or act.day)
    outcome = send_report(session.library, named.year, named.number, letter, act)
    return refused(outcome.refusals) if isinstance(outcome, Refused) else done("sent", **_report(outcome))


def answer(session: Session, request: ReportAnswer) -> Facts:
    """Note the answer."""
    act, named = session.act(request.key), _quarter(session, request)
    on = day(request.on) or act.day
    outcome = record_answer(session.library, named.year, named.number, request.answer, on, act)
    return refused(outcome.refusals) if isinstance(outcome, Refused) else done("answered", **_report(outcome))


def list_reports(session: Session, _: Request) -> Facts:
    """Every report, the quarter that has passed last, and those that are to be reported on: something was done in them
    and nothing was sent (002 م14-1)."""
    today = session.act().day
    owed = quarter_before(today)
    with session.library.store.read() as reader:
        rows = [_report(report) for report in stored_reports(reader)]
        needed = sorted(owed_reports(session.library, reader, today))
    named = {"year": owed.year, "quarter": owed.number, "due": _due(session, owed)}
    return done("found", owed=named, needed=[{"year": year, "quarter": season} for year, season in needed], rows=rows)


def balance(session: Session, request: ReportFiles) -> Facts:
    """Main classes by copies and loans."""
    if wrong := _wrong_files(request.pdf, request.xlsx):
        return wrong
    today = session.act().day
    with session.library.store.read() as reader:
        rows = collection_balance(reader, today)
    branch = session.library.branch
    if request.pdf:
        safe_write(FilePath(request.pdf), balance_pdf(branch, rows, today))
    if request.xlsx:
        safe_write(FilePath(request.xlsx), balance_xlsx(branch, rows, today))
    return done("found", rows=[_balance(row) for row in rows])


def health(session: Session, request: ReportFiles) -> Facts:
    """What is to be bound, mended and bought anew, and the weak classes."""
    if wrong := _wrong_files(request.pdf, request.xlsx):
        return wrong
    with session.library.store.read() as reader:
        found = collection_health(reader, session.act().day)
    branch = session.library.branch
    if request.pdf:
        safe_write(FilePath(request.pdf), health_pdf(branch, found))
    if request.xlsx:
        safe_write(FilePath(request.xlsx), health_xlsx(branch, found))
    bind, mend, replace = ([_copy(copy) for copy in copies] for _, copies in health_parts(found))
    weak = [_balance(row) | {"weak": list(codes)} for row, codes in found.weak]
    return done("found", bind=bind, mend=mend, replace=replace, weak=weak)


def _due(session: Session, of: Quarter) -> dt.date:
    return report_days(of, session.library.guideline.terms).due_on


def _quarter(session: Session, request: QuarterNamed) -> Quarter:
    owed = quarter_before(session.act().day)
    return quarter_of(request.year or owed.year, request.quarter or owed.number)


def _wrong_files(pdf: str | None, xlsx: str | None) -> Facts | None:
    named = [(path, suffix) for path, suffix in ((pdf, "pdf"), (xlsx, "xlsx")) if path]
    return next((wrong for path, suffix in named if (wrong := wrong_suffix(path, suffix))), None)


def _write_frozen(session: Session, report: StoredReport, request: ReportQuarter) -> None:
    with session.library.store.read() as reader:
        stored = [document(reader, one) if one else None for one in (report.document_id, report.sheet_id)]
    paths = (request.pdf, request.xlsx)
    _write(tuple((path, kept.content) for path, kept in zip(paths, stored, strict=True) if kept))


def _write(files: tuple[tuple[str | None, bytes], ...]) -> None:
    for path, content in files:
        if path:
            safe_write(FilePath(path), content)


def _report(report: StoredReport) -> Facts:
    return {
        "year": report.year,
        "quarter": report.quarter,
        "due": report.due_on,
        "sent_on": report.sent_on,
        "letter_no": report.letter_no,
        "answer_due": report.answer_due_on,
        "answered_on": report.answered_on,
        "answer": report.answer,
        "figures": report.figures,
    }


def _balance(row: ClassBalance) -> Facts:
    return {
        "class": None if row.main is None else row.main * 100,
        "titles": row.titles,
        "copies": row.copies,
        "share": round(row.share, 4),
        "added": row.added,
        "loans": row.loans,
        "loan_share": round(row.loan_share, 4),
        "median_year": row.median_year,
    }


def _copy(copy: AilingCopy) -> Facts:
    return {
        "item": copy.item_id,
        "accession_no": copy.accession_no,
        "title": copy.title,
        "condition": copy.condition.value,
        "status": copy.status.value,
        "loans": copy.loans,
        "others": copy.others,
    }
