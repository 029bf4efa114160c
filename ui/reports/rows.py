"""The lists of the reports page: quarters with where their report stands, main classes, copies that need something."""

import datetime as dt
from dataclasses import dataclass

from app.persian import jalali
from app.persian.digits import number
from app.persian.jalali import Quarter
from app.statistics.balance import ClassBalance, weaknesses
from app.statistics.classes import class_words
from app.statistics.collection import AilingCopy
from app.statistics.quarterly import StoredReport
from app.statistics.quarters import ReportDays
from reports.collection import WEAKNESS, ailing_cells, percent
from ui.theme import Tone
from ui.widgets.table import Column, RowTable


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """A quarter and its report; `running`: it has not passed yet; `owed`: something was done in it and its report has
    not been sent."""

    quarter: Quarter
    days: ReportDays
    report: StoredReport | None
    running: bool
    owed: bool

    @property
    def name(self) -> str:
        """«پاییز ۱۴۰۵»."""
        return f"{self.quarter.name} {number(self.quarter.year, grouped=False)}"

    @property
    def state(self) -> str:
        """Where the report stands, in a word or two."""
        if self.running:
            return "در جریان"
        if self.report is None or self.report.document_id is None:
            return "ساخته نشده" if self.owed else "کاری نبود"
        if self.report.answered_on:
            return "پاسخ رسیده"
        return "فرستاده شده" if self.report.sent_on else "آمادهٔ ارسال"

    def tone(self, today: dt.date) -> Tone:
        """Green once it is sent; red when it is late."""
        if self.report is not None and self.report.sent_on:
            return Tone.OK
        if not self.owed:
            return Tone.NEUTRAL
        return Tone.REFUSE if today > self.days.due_on else Tone.WARN


@dataclass(frozen=True, slots=True)
class AilingRow:
    """A copy under the heading of its list."""

    heading: str
    copy: AilingCopy


def quarter_table(today: dt.date) -> RowTable[QuarterRow]:
    """Quarters, the newest first."""
    return RowTable(
        (
            Column("فصل", lambda one: one.name, sub=_span, stretch=1, strong=True),
            Column("مهلت", lambda one: jalali.short(one.days.due_on), width=100, number=True),
            Column("وضع", lambda one: one.state, width=120, pill=True, tone=lambda one: one.tone(today)),
        ),
        key=lambda one: (one.quarter.year, one.quarter.number),
        faded=lambda one: one.running,
    )


def _span(one: QuarterRow) -> str:
    return f"{jalali.day_month(one.quarter.start)} تا {jalali.day_month(one.quarter.end)}"


def balance_table(this_year: int) -> RowTable[ClassBalance]:
    """Main classes by copies and loans, with what is weak about each."""
    return RowTable(
        (
            Column("رده", lambda row: class_words(row.main), stretch=2, strong=True, sort_key=_place),
            Column(
                "عنوان", lambda row: number(row.titles), width=80, number=True, spare=4, sort_key=lambda row: row.titles
            ),
            Column("نسخه", lambda row: number(row.copies), width=80, number=True, sort_key=lambda row: row.copies),
            Column("سهم", lambda row: percent(row.share), width=58, number=True, sort_key=lambda row: row.share),
            Column(
                "تازه", lambda row: number(row.added), width=70, number=True, spare=5, sort_key=lambda row: row.added
            ),
            Column("امانت", lambda row: number(row.loans), width=80, number=True, sort_key=lambda row: row.loans),
            Column(
                "سهم امانت",
                lambda row: percent(row.loan_share),
                width=84,
                number=True,
                spare=2,
                sort_key=lambda row: row.loan_share,
            ),
            Column(
                "میانهٔ سال نشر",
                lambda row: number(row.median_year, grouped=False) if row.median_year else "—",
                width=108,
                number=True,
                spare=9,
                sort_key=lambda row: row.median_year or 0,
            ),
            Column(
                "نکته",
                lambda row: "؛ ".join(WEAKNESS[code] for code in weaknesses(row, this_year)),
                stretch=3,
                tone=lambda _: Tone.WARN,
            ),
        ),
        key=lambda row: row.main,
    )


def _place(row: ClassBalance) -> int:
    return 10 if row.main is None else row.main


def ailing_table() -> RowTable[AilingRow]:
    """Copies to be bound, mended or replaced."""
    return RowTable(
        (
            Column(
                "عنوان",
                lambda row: row.copy.title,
                sub=lambda row: row.copy.main_creator or "",
                stretch=1,
                strong=True,
            ),
            Column(
                "شماره ثبت",
                lambda row: number(row.copy.accession_no, grouped=False),
                width=90,
                number=True,
                sort_key=lambda row: row.copy.accession_no,
            ),
            Column("رده", lambda row: ailing_cells(row.copy)[3], width=100, spare=2),
            Column("وضعیت", lambda row: ailing_cells(row.copy)[4], width=110, spare=1),
            Column("امانت ۱۲ ماه", lambda row: number(row.copy.loans), width=92, number=True,
                   sort_key=lambda row: row.copy.loans),
            Column("نسخهٔ دیگر", lambda row: number(row.copy.others), width=84, number=True, spare=3),
            Column("نیاز", lambda row: row.heading, width=190, pill=True, tone=lambda _: Tone.INFO),
        ),
        key=lambda row: row.copy.item_id,
    )  # fmt: skip
