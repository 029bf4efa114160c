"""F12 or ?: all keys on one sheet."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from ui.keys import KeyHelp
from ui.overlay import Overlay
from ui.style import look
from ui.widgets.labels import Label
from ui.widgets.layouts import column, row
from ui.widgets.pills import KeyCap

Section = tuple[str, Sequence[KeyHelp]]


class KeyOverview(Overlay):
    """Made anew for each opening, since every page has its own keys."""

    def __init__(self, host: QWidget, sections: Sequence[Section]) -> None:
        columns = row(gap=40)
        for title, lines in sections:
            if lines:
                columns.addLayout(_section(title, lines))
        super().__init__(host, column(Label("کلیدها", "title"), columns, gap=14), 980)


def _section(title: str, lines: Sequence[KeyHelp]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(look().px(12))
    grid.setVerticalSpacing(look().px(8))
    grid.addWidget(Label(title, "muted"), 0, 0, 1, 2)
    for place, line in enumerate(lines, start=1):
        grid.addWidget(KeyCap(line.key), place, 0)
        grid.addWidget(Label(line.text), place, 1)
    grid.setRowStretch(len(lines) + 1, 1)
    grid.setColumnStretch(1, 1)
    return grid
