"""The report of the exchange in the county (002 م7-19): received, given to whom, left, sent on."""

from collections.abc import Iterator

from app.exchange.queries import ExchangeReport, Handover
from app.labels import BRANCH_KIND, WEEDING_REASON
from app.library import BranchFacts
from app.persian import jalali
from app.persian.digits import number, to_persian
from reports.exchange import COLUMNS as COPY_COLUMNS
from reports.exchange import HEADINGS, copy_cells
from reports.lists import list_xlsx
from reports.sheets import Column, Row, Sheet

TITLE = "گزارش مبادلهٔ کتاب در مرکز مبادلهٔ شهرستان"
COLUMNS = (
    Column("ردیف", 10, centred=True),
    Column("کتابخانهٔ گیرنده", 66),
    Column("نوع", 22, centred=True),
    Column("شمارهٔ مجوز", 24, centred=True),
    Column("صورتجلسه", 22, centred=True),
    Column("تاریخ", 24, centred=True),
    Column("نسخه", 14, centred=True),
)


def exchange_report_pdf(branch: BranchFacts, report: ExchangeReport) -> bytes:
    """The report on paper."""
    made = Sheet(TITLE, _subtitle(report), f"{branch.name} — {branch.county}")
    for line in summary(report):
        made.paragraph(line, 10.5)
    made.heading("تحویل به کتابخانه‌ها")
    if report.given:
        made.table(COLUMNS, [Row(cells) for cells in _given(report)])
    else:
        made.paragraph("نسخه‌ای در شهرستان تحویل نشد.")
    made.heading(f"بازمانده ({number(len(report.left))})")
    if report.left:
        made.table(COPY_COLUMNS, [Row(copy_cells(place, copy)) for place, copy in enumerate(report.left, 1)])
    else:
        made.paragraph("نسخه‌ای نماند.")
    return made.pdf()


def exchange_report_xlsx(report: ExchangeReport) -> bytes:
    """Every copy with what became of it."""
    became = {copy.item_id: _receiver(handover) for handover, copies in report.given for copy in copies}
    on = _sent_on(report) or "در مرکز مبادلهٔ شهرستان"
    rows = [(*copy_cells(place, copy), became.get(copy.item_id, on)) for place, copy in enumerate(report.received, 1)]
    return list_xlsx(f"{TITLE} — {_subtitle(report)}", (*HEADINGS, "سرانجام"), rows)


def summary(report: ExchangeReport) -> Iterator[str]:
    """The numbers in words."""
    yield f"{number(len(report.received))} نسخه دریافت شد"
    yield f"{number(len(report.received) - len(report.left))} نسخه به کتابخانه‌ها تحویل شد"
    yield f"{number(len(report.left))} نسخه ماند"
    if sent := _sent_on(report):
        yield sent


def _subtitle(report: ExchangeReport) -> str:
    packed = f"بسته‌بندی در {jalali.short(report.package.packed_on)}"
    announced = f" و اعلام در {jalali.short(report.offer.announced_on)}" if report.offer else ""
    return f"گروه «{WEEDING_REASON[report.package.reason]}» {packed}{announced}"


def _sent_on(report: ExchangeReport) -> str:
    sent = report.sent_on
    if sent is None or sent.handed_on is None:
        return ""
    letter = f" با نامهٔ {to_persian(sent.letter_no)}" if sent.letter_no else ""
    return f"ارسال به مرکز مبادلهٔ استان در {jalali.short(sent.handed_on)}{letter}"


def _receiver(handover: Handover) -> str:
    return handover.destination.name if handover.destination else ""


def _given(report: ExchangeReport) -> Iterator[tuple[str, ...]]:
    for place, (handover, copies) in enumerate(report.given, 1):
        package, library = handover.package, handover.destination
        yield (
            number(place, grouped=False),
            _receiver(handover),
            BRANCH_KIND[library.kind] if library else "",
            to_persian(library.licence_no or "") if library else "",
            to_persian(f"{package.year}/{package.number}"),
            jalali.short(package.handed_on) if package.handed_on else "",
            number(len(copies)),
        )
