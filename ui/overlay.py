"""Sheets that lie over the window for a moment: the command search and the key overview. Esc takes them away."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QLayout, QWidget

from ui.style import look
from ui.widgets.layouts import column, row, scaled


class Overlay(QWidget):
    """Covers `host` with a veil and shows a sheet on it; afterwards the focus goes back where it was."""

    def __init__(self, host: QWidget, body: QLayout, width: int) -> None:
        super().__init__(host)
        self._host = host
        self._before: QWidget | None = None
        self._sheet = QFrame()
        self._sheet.setObjectName("sheet")
        self._sheet.setMaximumWidth(look().px(width))
        body.setContentsMargins(*scaled(20, 18, 20, 18))
        self._sheet.setLayout(body)
        centred = row(None, self._sheet, None, gap=0)
        centred.setStretch(1, 100)
        self.setLayout(column(centred, None, margins=(24, 72, 24, 24)))
        host.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Come to the front."""
        self._before = QApplication.focusWidget()
        self.setGeometry(self._host.rect())
        self.raise_()
        self.show()
        self.setFocus()

    def dismiss(self) -> None:
        """Go away and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        if self._before is not None:
            self._before.setFocus()
        self._before = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._host.rect())
        return super().eventFilter(watched, event)

    def focusNextPrevChild(self, _next: bool) -> bool:
        # Tab stays on the sheet: what lies under the veil cannot be seen to have the focus.
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._sheet.geometry().contains(event.position().toPoint()):
            self.dismiss()

    def paintEvent(self, _event: QPaintEvent) -> None:
        veil = QColor(look().theme.nav)
        veil.setAlphaF(0.35)
        QPainter(self).fillRect(self.rect(), veil)
