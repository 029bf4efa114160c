"""What is written into a question of the desk: a reason, a day, a note, the parts that are missing, a new book."""

import datetime as dt
from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from app.circulation.facts import ItemFacts
from app.labels import ITEM_STATUS, MATERIAL
from app.persian.digits import number
from app.persian.text import clean
from db.codes import AlertMoment, AlertWeight, ItemStatus
from ui.circulation.desk_keys import REMEMBER
from ui.circulation.rows import titled
from ui.session import Session
from ui.style import look
from ui.theme import Tone
from ui.widgets import paint
from ui.widgets.buttons import listen
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind
from ui.widgets.inputs import Tick
from ui.widgets.jalali_edit import WRONG_DATE, JalaliDateEdit
from ui.widgets.labels import Label, ltr, mark
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList
from ui.widgets.table import Column, RowTable

LONGEST_REASON = 300
NO_REASON = "دلیل را بنویسید، یا یکی از دلیل‌های آماده را با کلید آن برگزینید."


def remember_tick() -> Tick:
    """«برای بقیهٔ این مراجعه», with its key."""
    tick = Tick(f"برای بقیهٔ این مراجعه هم همین ({ltr(REMEMBER)})")
    listen(tick, REMEMBER, tick.toggle)
    return tick


class ReasonEntry(QWidget):
    """A reason in one's own words, and whether it holds for the rest of the visit. Enter does nothing."""

    def __init__(self, tick: Tick | None) -> None:
        super().__init__()
        self.edit, self.tick = QLineEdit(), tick
        self.edit.setMaxLength(LONGEST_REASON)
        self.edit.setAlignment(paint.START)
        self.edit.setPlaceholderText("یا به زبان خودتان بنویسید…")
        self.edit.setAccessibleName("دلیل")
        self._wrong = Label("", "error")
        self._wrong.hide()
        ticked = (row(tick, None),) if tick is not None else ()
        self.setLayout(column(self.edit, self._wrong, *ticked, gap=6))

    def reason(self) -> str:
        """What is written; nothing written is marked as a mistake."""
        text = clean(self.edit.text(), LONGEST_REASON)
        mark(self.edit, wrong=not text)
        self._wrong.say("" if text else NO_REASON)
        self._wrong.setVisible(not text)
        return text

    def remembers(self) -> bool:
        """Whether the same shall hold for the rest of this visit."""
        return self.tick is not None and self.tick.isChecked()


class DayEntry(QWidget):
    """A day within bounds, and why another one is not taken."""

    def __init__(self, session: Session, first: dt.date | None, last: dt.date | None, mistake: str) -> None:
        super().__init__()
        self.edit = JalaliDateEdit(lambda: session.act().day)
        self._first, self._last, self._mistake = first, last, mistake
        self._wrong = Label("", "error")
        self._wrong.hide()
        self.edit.setFixedWidth(look().px(240))
        self.setLayout(column(row(self.edit, None), self._wrong, gap=4))

    def day(self) -> dt.date | None:
        """The day written, if it is one that can be."""
        day = self.edit.day()
        fits = day is not None and (self._first or day) <= day <= (self._last or day)
        self._wrong.say("" if fits else self._mistake if day is not None else WRONG_DATE)
        self._wrong.setVisible(not fits)
        mark(self.edit.edit, wrong=not fits)
        return day if fits else None


FAST_FIELDS = (
    Field("title", "عنوان", required=True, wide=True, longest=500),
    Field("creator", "پدیدآور"),
    Field("item_type", "نوع", Kind.CHOICE, options=tuple((code.value, words) for code, words in MATERIAL.items())),
)
MOMENTS = (
    (AlertMoment.ALWAYS.value, "همیشه"),
    (AlertMoment.CHECKOUT.value, "هنگام امانت"),
    (AlertMoment.CHECKIN.value, "هنگام بازگشت"),
)
WEIGHTS = (
    (AlertWeight.MESSAGE.value, "فقط گفته شود"),
    (AlertWeight.CONFIRM.value, "پیش از امانت تأیید شود"),
)


def note_fields(on: Sequence[tuple[str, str]]) -> tuple[Field, ...]:
    """A note on the reader, or on the chosen book."""
    return (
        Field("text", "یادداشت", required=True, wide=True, longest=300),
        Field("on", "روی", Kind.CHOICE, options=tuple(on)),
        Field("moment", "چه وقت", Kind.CHOICE, options=MOMENTS),
        Field("weight", "چگونه", Kind.CHOICE, options=WEIGHTS),
        Field("until", "تا چه روزی", Kind.DATE, help="خالی: همیشه"),
    )


def part_fields(parts: Sequence[str]) -> tuple[Field, ...]:
    """One tick for each part of the copy, another part, and what it costs."""
    ticks = tuple(Field(f"part{place}", f"{part} نیست", Kind.TICK) for place, part in enumerate(parts))
    return (
        *ticks,
        Field("other", "چیز دیگری که نیست", longest=100),
        Field("damage", "خسارت (ریال)", Kind.MONEY, help="خالی: چیزی گرفته نمی‌شود"),
    )


def parts_of(item: ItemFacts) -> tuple[str, ...]:
    """The parts a copy is described with («لوح فشرده، دفترچه»)."""
    text = (item.parts or "").replace("،", "\n").replace("؛", "\n").replace("+", "\n")
    return tuple(part for line in text.splitlines() if (part := clean(line, 100)))


def copies_list(copies: Sequence[ItemFacts]) -> RowList:
    """The copies that answer to one ISBN, each with the key that chooses it."""
    keys = {copy.id: place for place, copy in enumerate(copies, 1)}
    table: RowTable[ItemFacts] = RowTable(
        (
            Column("کلید", lambda copy: ltr(f"Ctrl+{keys[copy.id]}"), width=76, sort_key=lambda copy: keys[copy.id]),
            Column(
                "شماره ثبت",
                lambda copy: number(copy.accession_no),
                width=96,
                number=True,
                sort_key=lambda copy: copy.accession_no,
            ),
            Column(
                "نسخه",
                lambda copy: titled(copy.title, copy.volume_no),
                sub=lambda copy: copy.barcode,
                stretch=1,
                strong=True,
            ),
            Column(
                "وضعیت", lambda copy: ITEM_STATUS[copy.status], width=130, pill=True,
                tone=lambda copy: Tone.OK if copy.status is ItemStatus.AVAILABLE else Tone.NEUTRAL,
            ),
        ),
        key=lambda copy: copy.id,
    )  # fmt: skip
    made = RowList(table, tools=False)
    made.set_rows(copies)
    made.setFixedHeight(look().px(min(len(copies), 4) * 58 + 52))
    return made
