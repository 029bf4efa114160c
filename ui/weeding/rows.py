"""The rows of the weeding lists, formatted once, and the columns that show them."""

import datetime as dt
import uuid
from dataclasses import dataclass

from app.labels import CONDITION, MINUTES_STATE
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.weeding.explain import in_order
from app.weeding.queries import ArchivedMinutes
from app.weeding.reads import ListedCopy
from app.weeding.service import Listed, minutes_number
from db.codes import Condition, MinutesState, WeedingReason
from ui.circulation.rows import titled
from ui.theme import Tone
from ui.widgets.table import Column, RowTable

REASON_NAME = {
    WeedingReason.CONTENT: "محتوایی",
    WeedingReason.WORN: "فرسوده",
    WeedingReason.DUPLICATE: "تکراری",
    WeedingReason.NO_AUDIENCE: "بدون مخاطب",
}
"""What the four groups are called (002 م7-1), in the order of the forms."""

MINUTES_NAME = {
    reason: f"صورتجلسهٔ {number(place)} · {name}" for place, (reason, name) in enumerate(REASON_NAME.items(), start=1)
}

GROUP_NAME = {
    reason: f"{name} · صورتجلسهٔ {number(place)}" for place, (reason, name) in enumerate(REASON_NAME.items(), 1)
}
"""The same for headings, where what is cut off for want of room must not be the group."""

_CONDITION_TONE = {
    Condition.WORN: Tone.WARN,
    Condition.DAMAGED: Tone.WARN,
    Condition.UNBINDABLE: Tone.REFUSE,
}
_STATE_TONE = {
    MinutesState.FINALISED: Tone.INFO,
    MinutesState.CORRECTION: Tone.WARN,
    MinutesState.RULED: Tone.OK,
    MinutesState.CLOSED: Tone.OK,
}


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A copy on a draft as its row shows it."""

    row_id: uuid.UUID
    item_id: uuid.UUID
    barcode: str
    title: str
    creator: str
    accession_no: int
    year: int | None
    last_loan_on: dt.date | None
    loans: int
    article: str
    condition: Condition
    remark: str


def stored_line(row: ListedCopy) -> DraftLine:
    """A row of the draft as the store keeps it."""
    return DraftLine(
        row_id=row.id,
        item_id=row.item_id,
        barcode=row.barcode,
        title=titled(row.title, row.volume_no),
        creator=row.main_creator or "",
        accession_no=row.accession_no,
        year=row.year,
        last_loan_on=row.last_loan_on,
        loans=row.loan_count,
        article=row.article,
        condition=row.condition,
        remark=row.remark or "",
    )


def fresh_line(listed: Listed, remark: str) -> DraftLine:
    """The row of a copy put on the draft this moment, without asking the store again."""
    copy = listed.copy
    return DraftLine(
        row_id=listed.row_id,
        item_id=copy.id,
        barcode=copy.barcode,
        title=titled(copy.title, copy.volume_no),
        creator=copy.main_creator or "",
        accession_no=copy.accession_no,
        year=copy.year,
        last_loan_on=copy.last_loan_on,
        loans=copy.loan_count,
        article=listed.article,
        condition=copy.condition,
        remark=remark,
    )


def draft_table() -> RowTable[DraftLine]:
    """The copies on a draft, the newest on top."""
    return RowTable(
        (
            Column("عنوان", lambda line: line.title, sub=lambda line: line.creator, stretch=1, strong=True),
            Column(
                "شماره ثبت",
                lambda line: number(line.accession_no),
                width=88,
                number=True,
                sort_key=lambda line: line.accession_no,
            ),
            Column(
                "سال نشر",
                lambda line: number(line.year, grouped=False) if line.year else "—",
                width=76,
                spare=2,
                sort_key=lambda line: line.year or 0,
            ),
            Column(
                "آخرین امانت",
                lambda line: jalali.short(line.last_loan_on) if line.last_loan_on else "هرگز",
                width=102,
                spare=1,
                sort_key=lambda line: line.last_loan_on or dt.date.min,
            ),
            Column("امانت", lambda line: number(line.loans), width=66, spare=4, sort_key=lambda line: line.loans),
            Column("ماده", lambda line: in_order(to_persian(line.article)), width=74, spare=5),
            Column(
                "وضعیت ظاهری",
                lambda line: CONDITION[line.condition],
                width=134,
                pill=True,
                spare=3,
                tone=lambda line: _CONDITION_TONE.get(line.condition, Tone.NEUTRAL),
            ),
        ),
        key=lambda line: line.item_id,
        also=lambda line: f"{line.barcode} {line.remark}",
    )


def minutes_name(minutes: ArchivedMinutes) -> str:
    """«۱۴۰۵/۱۲»."""
    return to_persian(minutes_number(minutes.year, minutes.number))


def archive_table() -> RowTable[ArchivedMinutes]:
    """Finalised minutes, the newest first."""
    return RowTable(
        (
            Column(
                "شماره",
                minutes_name,
                width=110,
                strong=True,
                sort_key=lambda row: (row.year, row.number, row.revision),
            ),
            Column("گروه", lambda row: MINUTES_NAME[row.reason], stretch=1),
            Column(
                "تاریخ",
                lambda row: jalali.day_month_year(row.finalised_on),
                width=140,
                sort_key=lambda row: row.finalised_on,
            ),
            Column("شمار نسخه", lambda row: number(row.copies), width=100, spare=2, sort_key=lambda row: row.copies),
            Column("ویرایش", lambda row: number(row.revision), width=80, spare=3, sort_key=lambda row: row.revision),
            Column(
                "وضعیت",
                lambda row: MINUTES_STATE[row.state],
                width=170,
                pill=True,
                spare=1,
                tone=lambda row: _STATE_TONE.get(row.state, Tone.NEUTRAL),
            ),
        ),
        key=lambda row: row.id,
    )
