"""Beside the scans: how far each class has been read, and who reads where."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.persian.digits import number
from app.stocktake.tally import Progress, ScannerState
from ui.stocktake.bars import ClassBars
from ui.style import look
from ui.widgets.cards import Card
from ui.widgets.labels import Label, ltr
from ui.widgets.layouts import column, emptied
from ui.widgets.scroll import Scroll

_NARROWEST = 200


class ProgressSide(Card):
    """The bars of the classes, and below them the scanners with the copy each read last."""

    def __init__(self) -> None:
        self.bars = ClassBars()
        self._scanners = QVBoxLayout()
        inner = QWidget()
        heading = Label("بارکدخوان‌ها", "heading")
        parts = (Label("پیشرفت", "heading"), self.bars, 6, heading, self._scanners, None)
        inner.setLayout(column(*parts, gap=8, margins=(16, 14, 16, 14)))
        super().__init__(column(Scroll(inner)), padding=2)
        self.setMinimumWidth(look().px(_NARROWEST))

    def show_progress(self, progress: Progress, current: int) -> None:
        """How far it is; `current` is the scanner in the hand."""
        self.bars.show_progress(progress)
        emptied(self._scanners)
        known = progress.scanners
        if all(state.scanner != current for state in known):
            known = (*known, ScannerState(current))
        for state in known:
            self._scanners.addWidget(
                Label(_words(state, current), "strong" if state.scanner == current else "muted", wrap=True)
            )


def _words(state: ScannerState, current: int) -> str:
    mine = " (همین)" if state.scanner == current else ""
    if not state.scans:
        return f"بارکدخوان {number(state.scanner)}{mine}: هنوز چیزی نخوانده است"
    place = ltr(state.last_call_number) if state.last_call_number else (state.last_title or "")
    return f"بارکدخوان {number(state.scanner)}{mine}: {number(state.scans)} اسکن · آخرین: {place}"
