"""A chart on a card, with a button that saves it as a picture."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy

from ui.style import look
from ui.widgets.buttons import IconButton
from ui.widgets.cards import Card
from ui.widgets.chart import Bar, BarChart
from ui.widgets.labels import Label
from ui.widgets.layouts import column, row

_UPRIGHT, _LYING = 120, 240


class ChartCard(Card):
    """`save_wanted`: the chart is to be kept as a PNG file."""

    save_wanted = Signal()

    def __init__(self, title: str, *, lying: bool = False) -> None:
        self.chart = BarChart(lying=lying)
        self.chart.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.chart.setMinimumHeight(look().px(_LYING if lying else _UPRIGHT))
        save = IconButton("photo", f"ذخیرهٔ نمودار «{title}» با قالب PNG")
        body = column(row(Label(title, "heading"), None, save), self.chart, gap=6)
        body.setStretch(1, 1)
        super().__init__(body, padding=14)
        save.clicked.connect(self.save_wanted)

    def show_bars(self, bars: Sequence[Bar], caption: str) -> None:
        """Show these bars."""
        self.chart.show_bars(bars, caption)
