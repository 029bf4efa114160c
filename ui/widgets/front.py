"""Several parts in one place, one of them in front."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedLayout


class Front(QStackedLayout):
    """Asks only the part in front how much room it needs; the others would make it scroll."""

    def minimumSize(self) -> QSize:
        shown = self.currentWidget()
        return shown.minimumSizeHint() if shown is not None else super().minimumSize()

    def heightForWidth(self, width: int) -> int:
        shown = self.currentWidget()
        return shown.heightForWidth(width) if shown is not None else -1
