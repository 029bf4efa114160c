"""«امروز چه روزی است؟»: asked once when the computer's date cannot be believed. Loans go on meanwhile (reliability
2.7)."""

import datetime as dt

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.clock import Clock, SystemClock, day_of
from app.persian import jalali
from ui.theme import Tone
from ui.widgets.layouts import column
from ui.widgets.panel import Choice, Panel, Reason


class ClockQuestion(QWidget):
    """Shows itself while the clock is doubtful; `answered` comes when a person has said what day it is."""

    answered = Signal()

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._panel = Panel()
        self._panel.chosen.connect(self._confirm)
        self.setLayout(column(self._panel))
        self.hide()

    def ask_if_doubtful(self) -> bool:
        """Open the question if it has to be asked; whether it stands open."""
        stamp = self._clock.read()
        if not stamp.doubtful or not isinstance(self._clock, SystemClock) or self._clock.last_known is None:
            self.hide()
            return False
        if not self._panel.is_open():
            self._open(stamp.day, day_of(self._clock.last_known))
        self.show()
        return True

    def _open(self, computer: dt.date, last: dt.date) -> None:
        what = f"تاریخ رایانه {jalali.long(computer)} است؛ آخرین کار این کتابخانه {jalali.long(last)} ثبت شده است."
        lost = "امانت و بازگشت ثبت می‌شود و چیزی از دست نمی‌رود؛ تا پاسخ شما جریمه‌ای حساب نمی‌شود."
        following = last + dt.timedelta(days=1)
        self._panel.ask(
            Tone.WARN,
            "امروز چه روزی است؟",
            (Reason(what, lost, "روز درست را برگزینید و ساعت رایانه را هم درست کنید."),),
            (
                Choice(following.isoformat(), jalali.long(following), "Ctrl+Shift+1", "primary"),
                Choice(last.isoformat(), jalali.long(last), "Ctrl+Shift+2"),
                Choice(
                    computer.isoformat(), f"تاریخ رایانه درست است: {jalali.day_month_year(computer)}", "Ctrl+Shift+3"
                ),
            ),
        )

    def _confirm(self, day: str) -> None:
        if isinstance(self._clock, SystemClock):
            self._clock.confirm(dt.date.fromisoformat(day))
        self._panel.close_question()
        self.hide()
        self.answered.emit()
