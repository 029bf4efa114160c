"""The four groups as tiles, and the line under them: where the chosen minutes stand, and what can be done with it."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from app.persian.digits import number
from app.weeding.queries import Standing
from db.codes import WeedingReason
from ui.weeding.rows import GROUP_NAME
from ui.widgets.cards import StatTile
from ui.widgets.layouts import row
from ui.widgets.steps import Steps

REASONS = tuple(GROUP_NAME)


class Tiles(QWidget):
    """`chosen` carries the reason of the tile that was clicked or whose key was pressed."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._tiles = {
            reason: StatTile(name, clickable=True, key=f"Ctrl+{place}")
            for place, (reason, name) in enumerate(GROUP_NAME.items(), start=1)
        }
        self.setLayout(row(*self._tiles.values(), gap=12))
        for reason, tile in self._tiles.items():
            tile.clicked.connect(self._teller(reason))

    def show_standings(self, standings: Mapping[WeedingReason, Standing], year: int) -> None:
        """The numbers of the four minutes in a Jalali year."""
        for reason, standing in standings.items():
            told = f"{number(standing.finalised)} نهایی در {number(year, grouped=False)}" if standing.finalised else ""
            self._tiles[reason].show_number(f"{number(standing.copies)} نسخه", told)

    def choose(self, reason: WeedingReason) -> None:
        """Frame the tile of the reason that is worked on."""
        for other, tile in self._tiles.items():
            tile.set_chosen(other is reason)

    def _teller(self, reason: WeedingReason) -> Callable[[], None]:
        return lambda: self.chosen.emit(reason)


class StepLine(QWidget):
    """Steps and buttons side by side, or one under the other where the window is too narrow for both."""

    def __init__(self, steps: Steps, *buttons: QWidget) -> None:
        super().__init__()
        self._steps, self._buttons = steps, QWidget()
        self._buttons.setLayout(row(*buttons, gap=8))
        self._buttons.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._line = row(steps, self._buttons, gap=12)
        self.setLayout(self._line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self._steps.sizeHint().width() + self._buttons.sizeHint().width() + self._line.spacing()
        direction, align = QBoxLayout.Direction, Qt.AlignmentFlag
        fits = beside <= event.size().width()
        self._line.setDirection(direction.LeftToRight if fits else direction.TopToBottom)
        self._line.setAlignment(self._buttons, align.AlignTrailing if fits else align.AlignLeading)
