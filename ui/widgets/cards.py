"""Cards: the one frame of the window, and the tile with a big number."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QLayout, QSizePolicy

from ui.theme import Tone
from ui.widgets.buttons import listen
from ui.widgets.labels import Label, ltr, mark
from ui.widgets.layouts import column, row, scaled
from ui.widgets.runs import Part, RunLabel

_NUMBER_PT = 16


class Card(QFrame):
    """White paper with a hairline and round corners; `quiet` is tinted and has no line."""

    def __init__(self, layout: QLayout | None = None, *, padding: int = 16, quiet: bool = False) -> None:
        super().__init__()
        mark(self, quiet=quiet)
        if layout is not None:
            layout.setContentsMargins(*scaled(padding, padding, padding, padding))
            self.setLayout(layout)


class StatTile(QFrame):
    """A label, a big number and a few words about it. A clickable tile chooses what the page shows, with a key too."""

    clicked = Signal()

    def __init__(
        self, label: str, number: str = "", words: str = "", *, clickable: bool = False, key: str = ""
    ) -> None:
        super().__init__()
        self._clickable = clickable
        self._label, self._line = Label(label, "muted"), RunLabel()
        first = row(self._label)
        first.setStretch(0, 1)
        if key:
            first.addWidget(Label(ltr(key), "small"))
            listen(self, key, self.clicked.emit)
        self.setLayout(column(first, row(self._line), gap=2, margins=(16, 10, 16, 10)))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        mark(self, clickable=clickable, chosen=False)
        if clickable:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_number(number, words)

    def show_number(self, number: str, words: str = "", tone: Tone | None = None) -> None:
        """Change the number (ready Persian text), the words after it and the tone of the number."""
        big = Part(number, strong=True, tone=tone, points=_NUMBER_PT)
        self._line.say(big, Part(f" {words}" if words else "", role="muted"))
        self.setAccessibleName(f"{self._label.text()}: {number} {words}".strip())

    def set_chosen(self, chosen: bool) -> None:
        """Frame the tile as the one whose content is shown."""
        mark(self, chosen=chosen)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._clickable and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._clickable and event.key() == Qt.Key.Key_Space:
            self.clicked.emit()
            return
        super().keyPressEvent(event)
