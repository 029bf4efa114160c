"""Two reports of the collection: balance of subjects (002 م1) and health (002 م3), on paper and in Excel."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from app.catalogue.call_number import display
from app.labels import CONDITION, ITEM_STATUS
from app.library import BranchFacts
from app.persian import jalali
from app.persian.digits import number
from app.statistics.balance import ClassBalance
from app.statistics.classes import GONE, class_words
from app.statistics.collection import AilingCopy, Health
from reports.lists import list_xlsx
from reports.sheets import Column, Row, Sheet

BALANCE = (
    Column("رده", 42),
    Column("عنوان", 18, centred=True),
    Column("نسخه", 18, centred=True),
    Column("سهم از مجموعه", 24, centred=True),
    Column("تازه (۱۲ ماه)", 22, centred=True),
    Column("امانت (۱۲ ماه)", 24, centred=True),
    Column("سهم از امانت", 22, centred=True),
    Column("میانهٔ سال نشر", 24, centred=True),
)
AILING = (
    Column("عنوان", 62),
    Column("پدیدآور", 40),
    Column("شماره ثبت", 20, centred=True),
    Column("رده", 26, centred=True),
    Column("وضعیت", 26, centred=True),
    Column("امانت ۱۲ ماه", 20, centred=True),
    Column("نسخهٔ دیگر", 18, centred=True),
)
WEAKNESS: Mapping[str, str] = MappingProxyType(
    {
        "few": "کم‌شمار",
        "wanted": "خواهان بیش از سهم",
        "unwanted": "کم‌خواهان",
        "old": "بیشتر قدیمی",
        "unclassed": "رده ندارند",
    }
)
WEAK = (Column("رده", 46), Column("نسخه", 20, centred=True), Column("نقطهٔ ضعف", 110))
MOST_LISTED = 400
"""Rows of one list on paper; the Excel file has them all."""


def balance_pdf(branch: BranchFacts, rows: Sequence[ClassBalance], today: date) -> bytes:
    """The table of the main classes."""
    sheet = Sheet("گزارش تناسب موضوعی مجموعه", jalali.long(today), branch.name)
    sheet.table(BALANCE, [Row(cells) for cells in balance_cells(rows)])
    return sheet.pdf()


def balance_xlsx(branch: BranchFacts, rows: Sequence[ClassBalance], today: date) -> bytes:
    """The same as an Excel list."""
    title = f"تناسب موضوعی مجموعه — {branch.name} — {jalali.short(today)}"
    return list_xlsx(title, [column.heading for column in BALANCE], balance_cells(rows))


def balance_cells(rows: Sequence[ClassBalance]) -> list[tuple[str, ...]]:
    """What the table shows, as the screen does too."""
    return [
        (
            class_words(row.main),
            number(row.titles),
            number(row.copies),
            percent(row.share),
            number(row.added),
            number(row.loans),
            percent(row.loan_share),
            number(row.median_year, grouped=False) if row.median_year else "—",
        )
        for row in rows
    ]


def percent(share: float) -> str:
    """«۱۲٪»."""
    return f"{number(round(share * 100))}٪"


def health_parts(health: Health) -> tuple[tuple[str, Sequence[AilingCopy]], ...]:
    """The three lists of the report with their headings."""
    return (
        ("برای صحافی", health.to_bind),
        ("برای ترمیم", health.to_mend),
        ("برای جایگزینی با نسخهٔ نو", health.to_replace),
    )


def health_pdf(branch: BranchFacts, health: Health) -> bytes:
    """What the collection needs; long lists are cut and say so."""
    sheet = Sheet("گزارش سلامت مجموعه", jalali.long(health.day), branch.name)
    sheet.heading("نقاط ضعف مجموعه")
    if health.weak:
        sheet.table(WEAK, [Row(cells) for cells in weak_cells(health)])
    else:
        sheet.paragraph("رده‌ای ضعیف‌تر از دیگر رده‌ها نیست.")
    for heading, copies in health_parts(health):
        sheet.heading(f"{heading} ({number(len(copies))} نسخه)")
        if copies:
            sheet.table(AILING, [Row(ailing_cells(copy)) for copy in copies[:MOST_LISTED]])
        else:
            sheet.paragraph("نسخه‌ای در این فهرست نیست.")
        if len(copies) > MOST_LISTED:
            sheet.paragraph(f"{number(len(copies) - MOST_LISTED)} نسخهٔ دیگر در فایل اکسل آمده است.")
    return sheet.pdf()


def health_xlsx(branch: BranchFacts, health: Health) -> bytes:
    """Every copy of the three lists, and the weak classes."""
    headings = ("بخش", *(column.heading for column in AILING))
    rows: list[tuple[str, ...]] = [
        ("نقطهٔ ضعف", words, why, "", "", "", copies, "") for words, copies, why in weak_cells(health)
    ]
    for heading, copies in health_parts(health):
        rows += [(heading, *ailing_cells(copy)) for copy in copies]
    return list_xlsx(f"سلامت مجموعه — {branch.name} — {jalali.short(health.day)}", headings, rows)


def weak_cells(health: Health) -> list[tuple[str, ...]]:
    """Class, copies, and what is weak about it."""
    return [
        (class_words(row.main), number(row.copies), "؛ ".join(WEAKNESS[code] for code in codes))
        for row, codes in health.weak
    ]


def ailing_cells(copy: AilingCopy) -> tuple[str, ...]:
    """A copy of the health report."""
    state = ITEM_STATUS[copy.status] if copy.status in GONE else CONDITION[copy.condition]
    return (
        copy.title,
        copy.main_creator or "",
        number(copy.accession_no, grouped=False),
        display(copy.class_no, "") if copy.class_no else "",
        state,
        number(copy.loans),
        number(copy.others),
    )


def all_ailing(health: Health) -> Iterator[tuple[str, AilingCopy]]:
    """Every copy with the heading of its list, for the screen."""
    for heading, copies in health_parts(health):
        yield from ((heading, copy) for copy in copies)
