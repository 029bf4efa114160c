"""The one box of the desk: it takes scans, names, titles and numbers, and always has the focus."""

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QSizePolicy, QWidget

from app.persian.digits import number
from ui.style import look
from ui.theme import Tone
from ui.widgets import paint
from ui.widgets.labels import mark
from ui.widgets.layouts import row, scaled
from ui.widgets.pills import Pill

LONGEST = 200
# The width of each bar, and of the gap after it.
_BARS = ((3, 3), (1, 2), (5, 3), (2, 2), (1, 3), (4, 2), (1, 2), (3, 2), (5, 0))


class _Edit(QLineEdit):
    """A line that leaves undo and the question mark to the window while nothing is written in it."""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._leaves(event):
            event.ignore()
            return False
        return super().event(event)

    def _leaves(self, event: QKeyEvent) -> bool:
        return not self.text() and (event.matches(QKeySequence.StandardKey.Undo) or event.text() in ("?", "؟"))


class _Bars(QWidget):
    """A few bars of a barcode: here one scans."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(look().px(sum(wide + gap for wide, gap in _BARS)), look().px(24))

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn, painter, left = look(), QPainter(self), 0
        for wide, gap in _BARS:
            bar = QRect(worn.px(left), 0, worn.px(wide), self.height())
            painter.fillRect(bar, QColor(worn.theme.ink))
            left += wide + gap


class SearchBox(QFrame):
    """`submitted` carries what was typed or scanned and ended with Enter (the box is empty again then), `typed` every
    change. Buttons and pills go to its end with `add_end`.
    """

    submitted = Signal(str)
    typed = Signal(str)

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self.edit = _Edit()
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAccessibleName(placeholder)
        self.edit.setAlignment(paint.START)
        self.edit.setMaxLength(LONGEST)
        self._badge, self._waiting = Pill(), Pill()
        self._badge.hide()
        self._waiting.hide()
        self._row = row(_Bars(), self.edit, self._waiting, self._badge, gap=12)
        self._row.setContentsMargins(*scaled(16, 9, 16, 9))
        self._row.setStretch(1, 1)
        self.setLayout(self._row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.edit)
        self.edit.installEventFilter(self)
        self.edit.textEdited.connect(self.typed)
        self.edit.returnPressed.connect(self._submit)

    def show_badge(self, text: str, tone: Tone = Tone.INFO) -> None:
        """Say whom the next scan concerns («امانت به: مریم احمدی»)."""
        self._badge.show_state(text, tone)

    def set_waiting(self, scans: int) -> None:
        """How many scans wait for an answer to an open question."""
        self._waiting.show_state(f"{number(scans)} اسکن در نوبت" if scans else "", Tone.WARN)

    def add_end(self, widget: QWidget) -> None:
        """Put a button at the end of the box."""
        self._row.addWidget(widget)

    def clear(self) -> None:
        """Empty the box."""
        self.edit.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            mark(self, active=event.type() == QEvent.Type.FocusIn)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)

    def _submit(self) -> None:
        text = self.edit.text().strip()
        self.edit.clear()
        if text:
            self.submitted.emit(text)
