"""What a question of the bench asks for in writing. Enter does nothing in it."""

import datetime as dt
from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from ui.widgets import paint
from ui.widgets.jalali_edit import JalaliDateEdit
from ui.widgets.labels import Label
from ui.widgets.layouts import column

LONGEST = 200


class Entry(QWidget):
    """A line to write in, inside a panel."""

    def __init__(self, label: str, text: str = "") -> None:
        super().__init__()
        self.edit = QLineEdit(text)
        self.edit.setMaxLength(LONGEST)
        self.edit.setAlignment(paint.START)
        self.edit.setAccessibleName(label)
        self.setLayout(column(Label(label, "muted"), self.edit, gap=4))
        self.setFocusProxy(self.edit)
        self.edit.selectAll()

    def text(self) -> str:
        """What is written."""
        return self.edit.text().strip()


class Dated(QWidget):
    """A line to write in and a day: why a copy is put off and until when, or number and date of a permit."""

    def __init__(self, label: str, day_label: str, today: Callable[[], dt.date]) -> None:
        super().__init__()
        self.words, self.date = Entry(label), JalaliDateEdit(today)
        self.date.edit.setAccessibleName(day_label)
        self.setLayout(column(self.words, column(Label(day_label, "muted"), self.date, gap=4), gap=10))
        self.setFocusProxy(self.words)

    def text(self) -> str:
        """What is written."""
        return self.words.text()

    def day(self) -> dt.date | None:
        """The day; None while it is empty or no day."""
        return self.date.day()
