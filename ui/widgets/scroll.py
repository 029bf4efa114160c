"""A part of a page that scrolls by itself, by wheel and by the arrow keys."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from ui.style import look


class Scroll(QScrollArea):
    """Shows `widget` in its full height where there is room; the width follows the page. Tab comes here, the arrow keys
    scroll.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._inner = widget
        self.setWidget(widget)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        inner, width = self._inner, self.viewport().width()
        tall = inner.heightForWidth(width) if inner.hasHeightForWidth() else inner.sizeHint().height()
        return QSize(super().sizeHint().width(), tall)

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(60), look().px(60))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()  # other lines, another height

    def to_top(self) -> None:
        """Show the beginning again."""
        self.verticalScrollBar().setValue(0)


def bring_into_sight(widget: QWidget) -> None:
    """Scroll the page so that this part of it is seen; nothing where nothing scrolls."""
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    if parent is not None:
        parent.ensureWidgetVisible(widget)
