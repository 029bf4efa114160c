"""How collected scans are spoken of: kinds of work, results of lines, the list of them."""

from collections.abc import Mapping
from types import MappingProxyType

from app.imports.lines import LineEnd, LineReport
from app.imports.scans import Mode
from app.persian.digits import number
from app.persian.text import clean
from ui.theme import Tone
from ui.widgets.labels import isolate
from ui.widgets.table import Column, RowTable

FILTER = "فایل اسکن (*.txt *.csv *.tsv *.dat *.log *.koc);;همهٔ فایل‌ها (*)"
KOC = "koc"
WORK = (
    (Mode.CHECKIN.value, "بازگشت"),
    (Mode.CHECKOUT.value, "امانت: کارت عضو، سپس کتاب‌هایش"),
    (Mode.USE.value, "استفاده در محل"),
    (KOC, "فایل برون‌خط کوها (KOC)"),
)
ENDS: Mapping[LineEnd, tuple[str, Tone]] = MappingProxyType(
    {
        LineEnd.DONE: ("انجام شد", Tone.OK),
        LineEnd.ALREADY: ("از پیش بود", Tone.NEUTRAL),
        LineEnd.REFUSED: ("رد شد", Tone.REFUSE),
        LineEnd.UNKNOWN: ("ناشناس", Tone.WARN),
        LineEnd.UNREADABLE: ("ناخوانا", Tone.WARN),
        LineEnd.READER: ("عضو", Tone.INFO),
    }
)
COUNTED = (LineEnd.DONE, LineEnd.ALREADY, LineEnd.REFUSED, LineEnd.UNKNOWN, LineEnd.UNREADABLE)


def report_table() -> RowTable[LineReport]:
    """Every line with its result, in the order of the file."""
    return RowTable(
        (
            Column(
                "سطر",
                lambda report: number(report.line),
                width=70,
                number=True,
                sort_key=lambda report: report.line,
            ),
            Column("آنچه نوشته بود", lambda report: isolate(clean(report.raw, 80)), width=180, spare=1),
            Column("نتیجه", lambda report: _sentences(report)[0], sub=lambda report: _sentences(report)[1], stretch=1),
            Column("وضعیت", lambda report: ENDS[report.result.end][0], width=110, pill=True, tone=_tone),
        ),
        key=lambda report: report.line,
    )


def _sentences(report: LineReport) -> tuple[str, str]:
    """What happened, and under it the way out and further reasons."""
    first, dot, rest = report.result.text.partition(". ")
    return first + dot.strip(), rest


def _tone(report: LineReport) -> Tone:
    return ENDS[report.result.end][1]
