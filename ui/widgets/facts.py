"""Label and value, one under the other: what stands on a card."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.style import look
from ui.widgets.labels import Label
from ui.widgets.layouts import emptied

Fact = tuple[str, str]


class Facts(QWidget):
    """Facts without a value are left out, so that an empty record is short and not full of dashes."""

    def __init__(self) -> None:
        super().__init__()
        self._facts: tuple[Fact, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(look().px(12))
        self._grid.setVerticalSpacing(look().px(4))
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these in place of the ones before. Values are ready Persian text and are never interpreted."""
        self._facts = tuple((name, value) for name, value in facts if value)
        emptied(self._grid)
        top = Qt.AlignmentFlag.AlignTop
        for place, (name, value) in enumerate(self._facts):
            self._grid.addWidget(Label(name, "muted"), place, 0, top)
            self._grid.addWidget(Label(value, wrap=True), place, 1)

    def facts(self) -> tuple[Fact, ...]:
        """What is shown, in order."""
        return self._facts
