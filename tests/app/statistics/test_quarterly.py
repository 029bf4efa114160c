"""The quarterly report: frozen whole, sent once, answered (002 م14)."""

import datetime as dt

import pytest

from app.library import Library
from app.outcome import Refused
from app.papers import Printed, document
from app.statistics.quarterly import (
    Letter,
    Made,
    ReportPaper,
    StoredReport,
    make_report,
    preview_report,
    record_answer,
    report_of,
    send_report,
    stored_reports,
)
from app.statistics.quarters import quarter_of
from db.codes import Role
from tests.app.weeding.printing import PowerCutError
from tests.library import TODAY, act, pass_days

SUMMER = (1405, 2)


def plain_printer(paper: ReportPaper) -> Printed:
    text = f"{paper.quarter.name} {paper.day} {paper.draft} {paper.guideline} {paper.head}".encode()
    return Printed(b"%PDF " + text, b"PK " + text, 1)


def codes(outcome: object) -> list[str]:
    assert isinstance(outcome, Refused)
    return [refusal.code for refusal in outcome.refusals]


def made(library: Library) -> Made:
    outcome = make_report(library, *SUMMER, plain_printer, act(library))
    assert isinstance(outcome, Made)
    return outcome


def test_a_report_is_frozen_with_its_files(library: Library) -> None:
    report = made(library).report
    assert (report.year, report.quarter, report.due_on) == (1405, 2, dt.date(2026, 9, 23))
    with library.store.read() as reader:
        pdf, sheet = (document(reader, one) for one in (report.document_id, report.sheet_id) if one)
    assert pdf is not None
    assert sheet is not None
    assert "تابستان" in pdf.content.decode()
    assert "ویراست ۱ (پیش‌نویس)" in pdf.content.decode()
    assert (pdf.number, sheet.file_name) == ("1405/2", "quarter-1405-2.xlsx")


def test_until_it_is_sent_it_may_be_made_anew(library: Library) -> None:
    first = made(library).report
    pass_days(library, 1)
    second = made(library).report
    assert (first.id, first.document_id) == (second.id, first.document_id)
    assert first.document_id != second.document_id
    with library.store.read() as reader:
        assert len(stored_reports(reader)) == 1
        assert document(reader, first.document_id) is not None  # type: ignore[arg-type]


def test_sending_and_answering_have_their_order(library: Library) -> None:
    letter = Letter("۱۲/۳۴۵", TODAY)
    assert codes(send_report(library, *SUMMER, letter, act(library))) == ["report.not_made"]
    made(library)
    assert codes(record_answer(library, *SUMMER, "خوب", TODAY, act(library))) == ["report.not_sent"]
    ahead = Letter("۱", TODAY + dt.timedelta(days=1))
    assert codes(send_report(library, *SUMMER, ahead, act(library))) == ["letter.in_future"]
    assert codes(send_report(library, *SUMMER, Letter(" ", TODAY), act(library))) == ["letter.no_number"]
    sent = send_report(library, *SUMMER, letter, act(library))
    assert isinstance(sent, StoredReport)
    assert (sent.sent_on, sent.letter_no, sent.answer_due_on) == (TODAY, "۱۲/۳۴۵", dt.date(2026, 10, 23))
    assert codes(send_report(library, *SUMMER, letter, act(library))) == ["report.sent_already"]
    assert codes(make_report(library, *SUMMER, plain_printer, act(library))) == ["report.sent_already"]
    early = TODAY - dt.timedelta(days=1)
    assert codes(record_answer(library, *SUMMER, "خوب", early, act(library))) == ["letter.in_future"]
    assert codes(record_answer(library, *SUMMER, " ", TODAY, act(library))) == ["reason.required"]
    answered = record_answer(library, *SUMMER, "بررسی شد", TODAY, act(library))
    assert isinstance(answered, StoredReport)
    assert (answered.answered_on, answered.answer) == (TODAY, "بررسی شد")


@pytest.mark.parametrize(
    ("year", "number", "code"),
    [(1405, 3, "report.too_early"), (1405, 5, "report.no_quarter"), (9999, 1, "report.no_quarter")],
)
def test_a_quarter_must_have_passed(library: Library, year: int, number: int, code: str) -> None:
    assert codes(make_report(library, year, number, plain_printer, act(library))) == [code]


def test_a_trainee_and_a_doubtful_clock_make_none(library: Library) -> None:
    assert codes(make_report(library, *SUMMER, plain_printer, act(library, Role.TRAINEE))) == ["role.not_allowed"]
    assert codes(make_report(library, *SUMMER, plain_printer, act(library, doubtful=True))) == ["clock.doubtful"]


def test_a_power_cut_leaves_no_report(library: Library) -> None:
    def dying(_: ReportPaper) -> Printed:
        raise PowerCutError

    with pytest.raises(PowerCutError):
        make_report(library, *SUMMER, dying, act(library))
    with library.store.read() as reader:
        assert report_of(reader, *SUMMER) is None


def test_a_preview_says_that_it_is_one(library: Library) -> None:
    printed = preview_report(library, quarter_of(1405, 3), plain_printer, act(library))
    assert b"True" in printed.pdf
    with library.store.read() as reader:
        assert stored_reports(reader) == []
