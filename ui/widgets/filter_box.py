"""The small filter field above a list."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QSizePolicy, QWidget

from ui.style import look
from ui.widgets import paint
from ui.widgets.labels import IconLabel, mark
from ui.widgets.layouts import row


class FilterBox(QFrame):
    """A line with a funnel; `typed` carries what stands in it."""

    typed = Signal(str)

    def __init__(self, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAccessibleName(placeholder)
        self.edit.setAlignment(paint.START)
        self.edit.setMaxLength(100)
        self.edit.setClearButtonEnabled(False)
        self.edit.textChanged.connect(self.typed)
        self.edit.installEventFilter(self)
        self.setLayout(row(IconLabel("filter", size=16), self.edit, gap=6, margins=(10, 0, 10, 0)))
        self.setMinimumWidth(look().px(220))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            mark(self, active=event.type() == QEvent.Type.FocusIn)
        return super().eventFilter(watched, event)
