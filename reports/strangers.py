"""Copies of other libraries that go home, library by library, and our own copies that stand elsewhere: on paper and in
Excel (sync-protocol 11)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from app.circulation.elsewhere import Sighting
from app.conflicts.away import AwayCopy
from app.exchange.rules import LibraryFacts, library_named
from app.labels import AWAY_WHY, ITEM_STATUS
from app.library import BranchFacts
from app.persian import jalali
from app.persian.collation import sort_key
from app.persian.digits import number
from app.persian.text import compact
from db.codes import ReturnSeenState
from reports.lists import list_xlsx
from reports.sheets import Column, Row, Sheet
from reports.stop_list import titled

HOME_TITLE: Final = "فرستادن به کتابخانهٔ خودشان"
AWAY_TITLE: Final = "کتاب‌های ما نزد کتابخانه‌های دیگر"
UNNAMED: Final = "کتابخانه نامعلوم: مهر کتاب را بخوانید"
NO_ADDRESS: Final = "نشانی این کتابخانه در فهرست کتابخانه‌ها نیست."
HOME_COLUMNS = (
    Column("برچسب", 36, centred=True),
    Column("اینجا از", 30, centred=True),
    Column("امانت آنجا", 36, centred=True),
    Column("یادداشت", 62),
    Column("در بسته", 16, centred=True),
)
HOME_HEADINGS: Final = ("کتابخانه", "نشانی", "برچسب", "اینجا از", "امانت آنجا", "فرستاده شد", "یادداشت")
AWAY_COLUMNS = (
    Column("کتاب", 60),
    Column("شماره ثبت", 18, centred=True),
    Column("برچسب", 28, centred=True),
    Column("کتابخانه", 42),
    Column("از", 24, centred=True),
    Column("چرا", 36),
)


def home_pdf(branch: BranchFacts, rows: Sequence[Sighting], known: Sequence[LibraryFacts], today: dt.date) -> bytes:
    """What to pack: a table for each library under its name and address, so that a slip goes into each parcel; the
    last column is ticked by hand."""
    made = Sheet(HOME_TITLE, f"{jalali.long(today)} · {number(len(rows))} کتاب", branch.name)
    if not rows:
        made.paragraph("کتابی از کتابخانه‌های دیگر اینجا نیست.")
    for name, copies in by_library(rows):
        made.heading(f"{name or UNNAMED} — {number(len(copies))} کتاب")
        if name:
            made.paragraph(address_of(known, name) or NO_ADDRESS)
        cells = [(row.barcode, jalali.short(row.day), loan_words(row), row.remark or "") for row in copies]
        made.table(HOME_COLUMNS, [Row((*line, "")) for line in cells])
    return made.pdf()


def home_xlsx(rows: Sequence[Sighting], known: Sequence[LibraryFacts], today: dt.date) -> bytes:
    """The same as an Excel file, one line a copy; copies that went home have their day."""
    cells = [
        (
            row.library or "", address_of(known, row.library), row.barcode, jalali.short(row.day),
            loan_words(row), jalali.short(row.sent_home_on) if row.sent_home_on else "", row.remark or "",
        )
        for _, copies in by_library(rows)
        for row in copies
    ]  # fmt: skip
    return list_xlsx(f"{HOME_TITLE} — {jalali.short(today)}", HOME_HEADINGS, cells)


def by_library(rows: Sequence[Sighting]) -> Iterator[tuple[str, list[Sighting]]]:
    """The copies of each library by its name, those of which nobody read the stamp last."""
    groups: dict[str, list[Sighting]] = {}
    for row in rows:
        groups.setdefault(compact(row.library or ""), []).append(row)
    for key in sorted(groups, key=lambda key: (not key, sort_key(groups[key][0].library or ""))):
        yield groups[key][0].library or "", groups[key]


def loan_words(row: Sighting) -> str:
    """Whether the library that lent the copy has closed its loan."""
    return "بسته شد" if row.state is ReturnSeenState.CLOSED else "هنوز باز است"


def address_of(known: Sequence[LibraryFacts], name: str | None) -> str:
    """Where a library is: county, province, and the address that the list of libraries has; "" where it has none."""
    home = library_named(known, name)
    return "" if home is None else "، ".join(filter(None, (home.province, home.county, home.address)))


def away_pdf(branch: BranchFacts, rows: Sequence[AwayCopy], today: dt.date) -> bytes:
    """Our copies elsewhere, to ask after them."""
    made = Sheet(AWAY_TITLE, f"{jalali.long(today)} · {number(len(rows))} کتاب", branch.name)
    if rows:
        made.table(AWAY_COLUMNS, [Row(_away_cells(row)) for row in rows])
    else:
        made.paragraph("هیچ کتابی از ما نزد کتابخانه‌های دیگر نیست.")
    return made.pdf()


def away_xlsx(rows: Sequence[AwayCopy], today: dt.date) -> bytes:
    """The same as an Excel file, with what our own register says of each copy."""
    headings = (*(column.heading for column in AWAY_COLUMNS), "وضعیت در دفتر ما")
    cells = [(*_away_cells(row), ITEM_STATUS[row.status]) for row in rows]
    return list_xlsx(f"{AWAY_TITLE} — {jalali.short(today)}", headings, cells)


def _away_cells(row: AwayCopy) -> tuple[str, ...]:
    since = jalali.short(row.since) if row.since else ""
    accession = number(row.accession_no, grouped=False)
    return titled(row.title, row.volume_no), accession, row.barcode, row.library or "", since, AWAY_WHY[row.why]
