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


class Putting(QWidget):
    """Why a copy is put off, and until when."""

    def __init__(self, label: str, until: dt.date, today: Callable[[], dt.date]) -> None:
        super().__init__()
        self.why, self.until = Entry(label), JalaliDateEdit(today)
        self.until.set_day(until)
        self.until.edit.setAccessibleName("تا چه روزی؟")
        self.setLayout(column(self.why, column(Label("تا چه روزی؟", "muted"), self.until, gap=4), gap=10))
        self.setFocusProxy(self.why)
