"""The report on a list that was cleared: every line with its result, as an Excel file and on paper."""

import datetime as dt
from collections.abc import Iterator, Mapping

from app.clearance.facts import BatchLine, BatchReport, BatchResult
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.wording import why
from reports.letter_page import LetterPage
from reports.lists import list_xlsx

TITLE = "گزارش تسویه‌حساب گروهی"
HEADINGS = ("ردیف", "در فایل", "نام", "شمارهٔ عضویت", "نتیجه", "شمارهٔ برگه", "دلیل")
RESULT: Mapping[BatchResult, str] = {
    BatchResult.CLEARED: "تسویه شد",
    BatchResult.ALREADY: "پیش‌تر تسویه شده بود",
    BatchResult.MAY_BE: "آمادهٔ تسویه",
    BatchResult.REFUSED: "تسویه نشد",
    BatchResult.UNKNOWN: "عضو شناخته نشد",
    BatchResult.REPEATED: "تکراری در فهرست",
}


def batch_xlsx(report: BatchReport) -> bytes:
    """The report as an Excel file."""
    return list_xlsx(TITLE, HEADINGS, [_row(line) for line in report.lines])


def batch_pdf(report: BatchReport, library: str, city: str, day: dt.date) -> bytes:
    """The report on paper: the numbers, then every line."""
    page = LetterPage(TITLE)
    page.new_page()
    page.heading(library, city, (f"تاریخ: {jalali.short(day)}",))
    page.title(TITLE)
    page.paragraph(" · ".join(_counts(report)))
    rows = [(number(line.line), *_row(line)[1:]) for line in report.lines]
    page.table(HEADINGS, (1.1, 2.3, 3.2, 2.1, 3.0, 1.6, 4.7), rows)
    return page.paper.pdf()


def _counts(report: BatchReport) -> Iterator[str]:
    yield f"{number(len(report.lines))} سطر"
    for result, count in report.counts.items():
        if count:
            yield f"{RESULT[result]}: {number(count)}"


def _row(line: BatchLine) -> tuple[str, ...]:
    member, certificate = line.member, line.certificate
    return (
        number(line.line),
        to_persian(line.text),
        member.name if member else "",
        to_persian(member.member_no) if member else "",
        RESULT[line.result],
        number(certificate.number, grouped=False) if certificate else "",
        " ".join(why(refusal) for refusal in line.refusals),
    )
