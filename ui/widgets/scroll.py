"""A part of a page that scrolls by itself, by wheel and by the arrow keys."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Scroll(QScrollArea):
    """Shows `widget` in its full height; the width follows the page. Tab comes here, the arrow keys scroll."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.setWidget(widget)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

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
