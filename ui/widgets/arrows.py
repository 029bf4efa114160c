"""The arrows move among the rows of a list while somebody writes in a box."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui.widgets.row_view import RowView

MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class Arrows(QObject):
    """Lives as long as the box; where no row is chosen yet, the first one is."""

    def __init__(self, edit: QWidget, view: RowView) -> None:
        super().__init__(edit)
        self._view = view
        edit.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.key() not in MOVES:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyPress:
            if self._view.chosen():
                QApplication.sendEvent(self._view, event)
            else:
                self._view.choose_place(0)
        return True
