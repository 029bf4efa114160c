"""The line above the bench: season, next deadline of the quarterly report, and the ways to the other parts."""

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from app.guideline.table import Terms
from app.persian import jalali
from app.persian.digits import number
from app.statistics.quarters import quarter_before, report_days
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.layouts import Flow, row


def report_due(today: dt.date, terms: Terms) -> dt.date:
    """The day on which the branch next owes a quarterly report (002 م14-1)."""
    owed = report_days(quarter_before(today), terms).due_on
    return owed if owed >= today else report_days(jalali.quarter(today), terms).due_on


def deadline_words(today: dt.date, terms: Terms) -> str:
    """«مهلت ارسال گزارش فصلی: ۱ دی (۳ روز دیگر)»."""
    due = report_due(today, terms)
    days = (due - today).days
    left = f"{number(days)} روز دیگر" if days > 1 else ("فردا" if days else "امروز")
    return f"مهلت ارسال گزارش فصلی: {jalali.day_month(due)} ({left})"


class Heading(QWidget):
    """Title and deadline, with buttons beside them, or under them where the window is too narrow."""

    def __init__(self, *buttons: Button) -> None:
        super().__init__()
        self._title, self._deadline = Label("", "title"), Label("", "muted")
        self._words, self._buttons = QWidget(), QWidget()
        words = row(self._title, self._deadline, gap=12)
        words.setStretch(1, 1)
        self._words.setLayout(words)
        self._needed = sum(button.sizeHint().width() for button in buttons) + 8 * len(buttons)
        self._buttons.setLayout(Flow(*buttons))
        self._line = row(self._words, self._buttons, gap=12)
        self._line.setStretch(0, 1)
        self.setLayout(self._line)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_day(self, today: dt.date, terms: Terms) -> None:
        """Name the season and the deadline as of today."""
        season = jalali.quarter(today)
        self._title.say(f"وجین {season.name} {number(season.year, grouped=False)}")
        self._deadline.say(deadline_words(today, terms))

    def words(self) -> str:
        """Season and deadline."""
        return f"{self._title.text()} {self._deadline.text()}"

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self._words.sizeHint().width() + self._needed + self._line.spacing()
        fits = beside <= event.size().width()
        direction = QBoxLayout.Direction
        self._line.setDirection(direction.LeftToRight if fits else direction.TopToBottom)
        self._line.setAlignment(self._buttons, Qt.AlignmentFlag(0))
