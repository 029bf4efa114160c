"""The binder list (فهرست زونکن): what lies in the binder of minutes, by date, with letters and receipts (002 م7-13،
م7-15). On paper to lie on top of it, and in Excel."""

import datetime as dt
from collections.abc import Sequence

from app.labels import HANDOVER, MINUTES_STATE, RULING_LEVEL, WEEDING_REASON
from app.library import BranchFacts
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.weeding.minutes.archive import Filed, FiledLetter
from app.weeding.minutes.deliveries import Delivery
from app.weeding.minutes.workflow import step_done
from db.codes import MinutesState
from reports.lists import list_xlsx
from reports.sheets import Column, Row, Sheet

TITLE = "فهرست زونکن صورتجلسه‌های وجین"
WITHDRAWN = "پس گرفته‌شده"
_COLUMNS = (
    Column("ردیف", 8, centred=True),
    Column("شماره", 14, centred=True),
    Column("تاریخ", 17, centred=True),
    Column("گروه", 21),
    Column("ویراست", 11, centred=True),
    Column("نسخه", 10, centred=True),
    Column("نامه‌ها", 50),
    Column("پیوست‌ها", 32),
    Column("وضعیت", 19),
)
_SUM = 24.0  # points of the line under the list


def binder_pdf(branch: BranchFacts, filed: Sequence[Filed], since: dt.date, until: dt.date) -> bytes:
    """The list on A4. Equal facts make equal bytes."""
    sheet = Sheet(TITLE, _period(since, until), branch.name)
    sheet.paragraph(f"استان {branch.province} · شهرستان {branch.county} · {branch.city}")
    if not filed:
        sheet.paragraph("در این دوره صورتجلسه‌ای نهایی نشده است.")
        return sheet.pdf()
    sheet.table(_COLUMNS, [Row(cells) for cells in _cells(filed)], closing=_SUM)
    copies = sum(one.copies for one in filed)
    sheet.paragraph(f"جمع: {number(len(filed))} صورتجلسه، {number(copies)} نسخه.")
    return sheet.pdf()


def binder_xlsx(filed: Sequence[Filed], since: dt.date, until: dt.date) -> bytes:
    """The same as an Excel file."""
    headings = tuple(column.heading for column in _COLUMNS)
    return list_xlsx(f"{TITLE} · {_period(since, until)}", headings, _cells(filed))


def _period(since: dt.date, until: dt.date) -> str:
    return f"از {jalali.short(since)} تا {jalali.short(until)}"


def _cells(filed: Sequence[Filed]) -> list[tuple[str, ...]]:
    return [
        (
            number(place),
            to_persian(one.number),
            jalali.short(one.finalised_on),
            WEEDING_REASON[one.reason],
            number(one.revision),
            number(one.copies),
            "؛ ".join(map(_letter, one.letters)),
            "؛ ".join((*(attachment.file_name for attachment in one.attachments), *map(_delivery, one.deliveries))),
            # The newest edition is superseded only where there will be no other.
            WITHDRAWN if one.state is MinutesState.SUPERSEDED else MINUTES_STATE[one.state],
        )
        for place, one in enumerate(filed, 1)
    ]


def _delivery(delivery: Delivery) -> str:
    """«تحویل به کتابخانه ۱۴۰۵/۳ (۱۴۰۵/۰۹/۰۲، رسید ۱۲)»."""
    receipt = (f"رسید {to_persian(delivery.receipt_no)}",) if delivery.receipt_no else ()
    told = "، ".join((jalali.short(delivery.day), *receipt))
    return " ".join(part for part in (HANDOVER[delivery.kind], to_persian(delivery.number_text), f"({told})") if part)


def _letter(letter: FiledLetter) -> str:
    """«ادارهٔ شهرستان ۴۵/۲ (۱۴۰۵/۰۸/۲۵)»."""
    whose = RULING_LEVEL[letter.level] if letter.level else step_done(letter.kind, letter.became)
    return " ".join(part for part in (whose, to_persian(letter.number or ""), f"({jalali.short(letter.day)})") if part)
