"""The lists of the catalogue page: hits of a search, and the copies of a title."""

import datetime as dt

from app.catalogue.queries import TitleRow
from app.items.queries import CopyLine
from app.labels import ITEM_STATUS
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import WEEDED, ItemStatus
from ui.catalogue.words import class_words, isbn_words, year_words
from ui.theme import Tone
from ui.widgets.labels import isolate, ltr
from ui.widgets.table import Column, RowTable

COPY_HEIGHT = 48
_BAD = frozenset({ItemStatus.MISSING, ItemStatus.LOST, ItemStatus.UNKNOWN})


def copies_words(title: TitleRow) -> str:
    """«۲ از ۳ موجود»."""
    if not title.copies:
        return "بی‌نسخه"
    if title.available == title.copies:
        return f"{number(title.copies)} موجود"
    return f"{number(title.available)} از {number(title.copies)} موجود"


def copies_tone(title: TitleRow) -> Tone:
    """Green where a copy stands on the shelf, amber where all are out."""
    if title.available:
        return Tone.OK
    return Tone.WARN if title.copies else Tone.NEUTRAL


def whole_title(title: TitleRow) -> str:
    """Title and subtitle."""
    return f"{title.title}: {title.subtitle}" if title.subtitle else title.title


def title_table() -> RowTable[TitleRow]:
    """What a search has found."""
    return RowTable(
        (
            Column("عنوان", whole_title, sub=lambda title: title.main_creator or "", stretch=1, strong=True),
            Column("ناشر", lambda title: title.publisher or "", width=110, spare=4),
            Column("سال", lambda title: year_words(title.year), width=62, number=True, spare=1),
            Column("رده", lambda title: class_words(title.dewey, title.author_mark), width=180, spare=2),
            Column("شابک", lambda title: isbn_words(title.isbn), width=154, spare=5),
            Column(
                "نسخه‌ها",
                copies_words,
                width=118,
                pill=True,
                tone=copies_tone,
                sort_key=lambda title: (title.available, title.copies),
            ),
        ),
        key=lambda title: title.id,
    )


def status_words(copy: CopyLine) -> str:
    """«موجود», and for a lent copy until when."""
    if copy.due_on is not None:
        return f"امانت تا {jalali.day_month(copy.due_on)}"
    return ITEM_STATUS[copy.status]


def status_tone(status: ItemStatus) -> Tone:
    """Green on the shelf, amber with a reader, red where nobody knows."""
    if status is ItemStatus.AVAILABLE:
        return Tone.OK
    if status is ItemStatus.ON_LOAN:
        return Tone.WARN
    return Tone.REFUSE if status in _BAD else Tone.NEUTRAL


def copy_table() -> RowTable[CopyLine]:
    """The copies of a title."""
    return RowTable(
        (
            Column(
                "شماره ثبت",
                lambda copy: number(copy.accession_no),
                width=84,
                number=True,
                strong=True,
                sort_key=lambda copy: copy.accession_no,
            ),
            Column("بارکد", lambda copy: ltr(copy.barcode), width=108, spare=2),
            Column("شماره راهنما", _call_number, width=150, stretch=1),
            Column("وضعیت", status_words, width=136, pill=True, tone=lambda copy: status_tone(copy.status)),
            Column(
                "آخرین امانت",
                lambda copy: jalali.short(copy.last_loan_on) if copy.last_loan_on else "—",
                width=104,
                number=True,
                spare=1,
                sort_key=lambda copy: copy.last_loan_on or dt.date.min,
            ),
            Column(
                "بارها",
                lambda copy: number(copy.loan_count),
                width=58,
                number=True,
                spare=3,
                sort_key=lambda copy: copy.loan_count,
            ),
        ),
        key=lambda copy: copy.id,
        faded=lambda copy: copy.status in WEEDED,
    )


def _call_number(copy: CopyLine) -> str:
    volume = f"ج.{to_persian(copy.volume_no)}" if copy.volume_no else ""
    shown = copy.call_number or ""
    parts = (shown, volume if volume not in shown else "", f"ن.{number(copy.copy_no)}" if copy.copy_no > 1 else "")
    return " ".join(isolate(part) for part in parts if part)
