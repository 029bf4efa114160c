"""The lists of the calls page: late readers, reminders on their way out, contacts to be asked for again."""

import datetime as dt

from app.labels import CONTACT_HEALTH, NOTICE_CHANNEL, NOTICE_KIND
from app.members.identity import show
from app.notices.batches import Message
from app.notices.calls import LateReader
from app.notices.contacts import DoubtfulContact
from app.notices.texts import sms_parts
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import NoticeChannel
from ui.calls.words import DOUBT, HEALTH_TONE, late_words
from ui.theme import Tone
from ui.widgets.labels import ltr
from ui.widgets.table import Column, RowTable

ROW_HEIGHT = 46
LONG_LATE = 30


def telephone(value: str | None) -> str:
    """A number as people read it, standing from left to right."""
    return ltr(show(value)) if value else ""


def due_words(one: LateReader, today: dt.date) -> str:
    """When to call: today, or the day agreed on."""
    if one.is_due(today):
        return "امروز"
    return jalali.day_month(one.next_on) if one.next_on else "امروز"


def late_table(today: dt.date) -> RowTable[LateReader]:
    """Readers with late books, in the order in which to call them."""
    return RowTable(
        (
            Column(
                "عضو",
                lambda one: one.name,
                sub=lambda one: "، ".join(book.title for book in one.books),
                stretch=1,
                strong=True,
                sort_key=lambda one: one.sort_key,
            ),
            Column(
                "دیرکرد",
                lambda one: late_words(one.late),
                width=112,
                tone=lambda one: Tone.REFUSE if one.late > LONG_LATE else None,
                sort_key=lambda one: one.late,
            ),
            Column("کتاب", lambda one: number(len(one.books)), width=56, number=True, spare=2),
            Column(
                "بدهی (ریال)",
                lambda one: number(one.debt) if one.debt else "",
                width=96,
                number=True,
                spare=1,
                sort_key=lambda one: one.debt,
            ),
            Column(
                "تماس",
                lambda one: due_words(one, today),
                width=96,
                pill=True,
                tone=lambda one: Tone.WARN if one.is_due(today) else Tone.NEUTRAL,
                sort_key=lambda one: one.next_on or dt.date.min,
            ),
        ),
        key=lambda one: one.member_id,
        faded=lambda one: not one.is_due(today),
        also=lambda one: one.member_no,
    )


def message_table() -> RowTable[Message]:
    """Reminders to be sent, a line for each reader and kind."""
    return RowTable(
        (
            Column(
                "عضو",
                lambda message: message.first.name,
                sub=lambda message: "، ".join(line.title for line in message.lines),
                stretch=1,
                strong=True,
            ),
            Column("یادآوری", lambda message: NOTICE_KIND[message.first.kind], width=150),
            Column(
                "راه",
                lambda message: NOTICE_CHANNEL[message.first.channel],
                width=104,
                pill=True,
                tone=lambda message: Tone.INFO if message.first.channel is NoticeChannel.SMS else Tone.NEUTRAL,
            ),
            Column("به", _address, width=140, spare=2),
            Column(
                "تاریخ",
                lambda message: jalali.day_month(message.day) if message.day else "",
                width=84,
                spare=1,
                sort_key=lambda message: message.day or dt.date.min,
            ),
            Column("بخش", lambda message: number(sms_parts(message.text)), width=64, number=True, spare=3),
        ),
        key=lambda message: message.ids,
        also=lambda message: message.text,
    )


def _address(message: Message) -> str:
    address = message.first.address
    if not address:
        return "تحویل در کتابخانه" if message.first.channel is NoticeChannel.PRINT else ""
    return telephone(address) if address.startswith("+") else address


def doubt_table() -> RowTable[DoubtfulContact]:
    """Contacts that must be put right."""
    return RowTable(
        (
            Column("عضو", lambda row: row.name, stretch=1, strong=True),
            Column("شماره عضویت", lambda row: to_persian(row.member_no), width=104, number=True, spare=2),
            Column("شماره", lambda row: telephone(row.value), width=150),
            Column(
                "ایراد",
                lambda row: f"میان {number(row.others + 1)} عضو مشترک" if row.others else DOUBT[row.doubt],
                width=170,
                pill=True,
                tone=lambda row: HEALTH_TONE[row.health] if row.value else Tone.WARN,
            ),
            Column("وضع", lambda row: CONTACT_HEALTH[row.health], width=96, spare=1),
        ),
        key=lambda row: (row.member_id, row.kind, row.value),
        also=lambda row: row.value or "",
    )
