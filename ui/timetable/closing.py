"""Closing and opening days: a small form beside the month; an emergency is shown first."""

import datetime as dt
from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.calendar.rules import later
from app.closures.outcomes import DaysChanged
from ui.theme import Tone
from ui.timetable import words
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import day_of, text_of
from ui.widgets.labels import Label
from ui.widgets.layouts import column, row
from ui.widgets.panel import Choice, Panel, Reason

SAVE, DO_IT = "Ctrl+S", "Ctrl+Enter"
LONGEST = 366
YES, NO = "yes", "no"
BACKWARDS = "پایان پیش از آغاز است."
TOO_LONG = "بازه دست‌بالا یک سال است."


class Task(StrEnum):
    """What the form is open for."""

    CLOSE = "close"
    OPEN = "open"
    EMERGENCY = "emergency"


TITLES = {
    Task.CLOSE: "تعطیل کردن روز",
    Task.OPEN: "باز کردن روز",
    Task.EMERGENCY: "تعطیلی اضطراری",
}
HINTS = {
    Task.CLOSE: "تاریخ بازگشت امانت‌های کنونی جابه‌جا نمی‌شود؛ برای جابه‌جایی، تعطیلی اضطراری بزنید.",
    Task.OPEN: "تعطیلی خود کتابخانه برداشته می‌شود؛ روز تعطیل هفته یا تعطیل رسمی، همین یک بار باز می‌شود.",
    Task.EMERGENCY: "سیل، برف، بخشنامه: هر چه در این روزها سررسید دارد جابه‌جا و جریمهٔ آن روزها باطل می‌شود.",
}


def _fields() -> tuple[Field, ...]:
    return (
        Field("first", "از روز", Kind.DATE, required=True),
        Field("last", "تا روز", Kind.DATE, help="خالی یعنی همان یک روز."),
        Field("name", "نام", longest=120, wide=True, help="همان که عضو می‌بیند: «تعمیر سقف»، «سیل»."),
    )


class ClosingCard(Card):
    """`wanted` carries task, days and name when the form is sent; `confirmed` days and name once the preview of an
    emergency was answered with its key. `left`: the form was given up."""

    wanted = Signal(object, object, str)
    confirmed = Signal(object, str)
    left = Signal()

    def __init__(self, today: Callable[[], dt.date]) -> None:
        self.form = Form(_fields(), today)
        self.title, self.hint = Label("", "heading"), Label("", "muted", wrap=True)
        self.send = Button("ثبت", SAVE, "primary", "check")
        self.leave = Button("انصراف", "Esc")
        self.panel = Panel()
        self._form_part = QWidget()
        self._form_part.setLayout(column(self.title, self.hint, self.form, row(self.send, self.leave, None), gap=10))
        super().__init__(column(self._form_part, self.panel, gap=10))
        self._task = Task.CLOSE
        self._asked: tuple[tuple[dt.date, ...], str] = ((), "")
        self.send.clicked.connect(self._send)
        self.leave.clicked.connect(self.left)
        self.panel.chosen.connect(self._answered)
        self.hide()

    def begin(self, task: Task, day: dt.date) -> None:
        """Open for a task, on a day."""
        self._task = task
        self.panel.close_question()
        self._form_part.show()
        self.title.say(TITLES[task])
        self.hint.say(HINTS[task])
        self.send.set_words("پیش‌نمایش" if task is Task.EMERGENCY else "ثبت")
        self.form.set_values({"first": day})
        self.show()
        self.form.input("name").setFocus()

    def show_preview(self, outcome: DaysChanged, name: str) -> None:
        """What an emergency closure of these days would do, and the key that does it."""
        days = (*outcome.days, *outcome.already)
        lines = words.moved_lines(outcome.moved) or ("هیچ تاریخ بازگشت، مهلت رزرو یا جریمه‌ای در این روزها نیست",)
        self._asked = (tuple(sorted(days)), name)
        self._form_part.hide()
        self.panel.ask(
            Tone.WARN,
            f"تعطیلی اضطراری {words.quoted(name)}: {words.days_words(self._asked[0])}",
            tuple(Reason(f"{line}.") for line in lines),
            (Choice(YES, "تعطیل و جابه‌جا شود", DO_IT, "danger"), Choice(NO, "انصراف", "Esc")),
            note="هنوز چیزی تغییر نکرده است. اصل تاریخ‌ها نگه داشته می‌شود و با برگرداندن تعطیلی برمی‌گردد.",
        )

    def show_refusal(self, reasons: tuple[Reason, ...]) -> None:
        """Why it was not done; the form stays as it is."""
        self.panel.ask(Tone.REFUSE, "ثبت نشد", reasons, (Choice(NO, "بستن", "Esc"),))

    def on_escape(self) -> bool:
        """Close what is open in front; False when nothing was."""
        if self.isHidden():
            return False
        if self.panel.is_open() and not self._form_part.isHidden():
            self.panel.close_question()
            return True
        self.left.emit()
        return True

    def finish(self) -> None:
        """It is done, or given up."""
        self.panel.close_question()
        self.hide()

    @Slot()
    def _send(self) -> None:
        if not self.form.check():
            return
        values = self.form.values()
        first, last = day_of(values, "first"), day_of(values, "last")
        if first is None:
            return
        last = last or first
        length = (last - first).days
        if not 0 <= length < LONGEST:
            self.form.show_mistake("last", BACKWARDS if length < 0 else TOO_LONG)
            return
        days = tuple(later(first, place) for place in range(length + 1))
        self.wanted.emit(self._task, days, text_of(values, "name") or "")

    @Slot(str)
    def _answered(self, code: str) -> None:
        previewing = self._form_part.isHidden()
        if code == YES:
            self.confirmed.emit(*self._asked)
        elif previewing:
            self.left.emit()
        else:
            self.panel.close_question()
