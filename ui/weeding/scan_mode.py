"""What a scan does on the bench, told on one button whose key changes it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.widgets.buttons import Button
from ui.widgets.labels import hint

MODE = "Ctrl+M"
ADDS, SHOWS = "اسکن = افزودن به فهرست", "اسکن = نمایش"


class ScanMode(Button):
    """`changed` tells whether scans only show their copy."""

    changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(ADDS, MODE, "primary", parent=parent)
        self.shows_only = False
        hint(self, SHOWS)
        self.clicked.connect(self.toggle)

    def toggle(self) -> None:
        """Scans show their copy from now on, or put it on the list again."""
        self.shows_only = not self.shows_only
        self.set_words(SHOWS if self.shows_only else ADDS, ADDS if self.shows_only else SHOWS)
        self.wear("secondary" if self.shows_only else "primary")
        self.changed.emit(self.shows_only)
