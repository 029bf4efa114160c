"""What to fetch for holds, in the order of the shelf, and what stands on the hold shelf: on paper and in Excel."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from app.circulation.holds.queries import HoldRow, PullRow, ReshelveRow, ShelfRow
from app.labels import NOTICE_STATE
from app.library import BranchFacts
from app.members.identity import show
from app.persian import jalali
from app.persian.digits import number
from reports.lists import list_xlsx
from reports.sheets import Column, Row, Sheet
from reports.stop_list import titled

PULL_TITLE: Final = "برداشتن از قفسه"
SHELF_TITLE: Final = "قفسهٔ رزرو"
PULL_COLUMNS = (
    Column("رده", 38, centred=True),
    Column("کتاب", 58),
    Column("شماره ثبت", 18, centred=True),
    Column("برای", 36),
    Column("در صف", 12, centred=True),
    Column("برداشته شد", 18, centred=True),
)
SHELF_COLUMNS = (
    Column("مهلت", 30, centred=True),
    Column("عضو", 36),
    Column("تلفن", 26, centred=True),
    Column("کتاب", 56),
    Column("شماره ثبت", 18, centred=True),
    Column("خبر", 22, centred=True),
)
BACK_COLUMNS = (Column("رده", 30, centred=True), Column("کتاب", 70), Column("شماره ثبت", 20, centred=True))
NOT_TOLD = "خبر داده نشده"


def pull_pdf(branch: BranchFacts, rows: Sequence[PullRow], today: dt.date) -> bytes:
    """The list to walk along the shelves with; the last column is ticked by hand."""
    made = Sheet(PULL_TITLE, f"{jalali.long(today)} · {number(len(rows))} کتاب", branch.name)
    if rows:
        made.table(PULL_COLUMNS, [Row((*pull_cells(row), "")) for row in rows])
    else:
        made.paragraph("کتابی برای برداشتن نیست.")
    return made.pdf()


def pull_xlsx(rows: Sequence[PullRow], today: dt.date) -> bytes:
    """The same as an Excel file."""
    headings = [column.heading for column in PULL_COLUMNS[:-1]]
    return list_xlsx(f"{PULL_TITLE} — {jalali.short(today)}", headings, [pull_cells(row) for row in rows])


def shelf_pdf(branch: BranchFacts, rows: Sequence[ShelfRow], back: Sequence[ReshelveRow], today: dt.date) -> bytes:
    """What stands on the hold shelf, the earliest deadline first and late ones bold, and what has to leave it."""
    made = Sheet(SHELF_TITLE, f"{jalali.long(today)} · {number(len(rows))} کتاب", branch.name)
    if rows:
        made.table(SHELF_COLUMNS, [Row(shelf_cells(row), bold=row.over) for row in rows])
    else:
        made.paragraph("قفسهٔ رزرو خالی است.")
    if back:
        made.heading("به جای خود برگردد")
        made.table(BACK_COLUMNS, [Row(_back_cells(row)) for row in back])
    return made.pdf()


def shelf_xlsx(rows: Sequence[ShelfRow], today: dt.date) -> bytes:
    """The same as an Excel file."""
    headings = [column.heading for column in SHELF_COLUMNS]
    return list_xlsx(f"{SHELF_TITLE} — {jalali.short(today)}", headings, [shelf_cells(row) for row in rows])


def pull_cells(row: PullRow) -> tuple[str, ...]:
    """Call number, book, accession number, reader, how many wait."""
    item = row.item
    return (
        item.call_number or "",
        titled(item.title, item.volume_no),
        number(item.accession_no, grouped=False),
        row.hold.member,
        number(row.waiting),
    )


def shelf_cells(row: ShelfRow) -> tuple[str, ...]:
    """Deadline, reader, telephone, book, accession number, whether the reader was told."""
    hold = row.hold
    return (
        jalali.short(hold.shelf_until) if hold.shelf_until else "",
        hold.member,
        show(hold.mobile) if hold.mobile else "",
        titled(hold.title, hold.volume_no),
        _accession(hold),
        NOTICE_STATE[hold.notice] if hold.notice else NOT_TOLD,
    )


def _back_cells(row: ReshelveRow) -> tuple[str, ...]:
    item = row.item
    return item.call_number or "", titled(item.title, item.volume_no), number(item.accession_no, grouped=False)


def _accession(hold: HoldRow) -> str:
    return "" if hold.accession_no is None else number(hold.accession_no, grouped=False)
