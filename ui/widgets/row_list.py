"""A list on a card: heading, count, filter, copy and export above; rows below."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from app.persian.digits import number
from ui.widgets.buttons import IconButton
from ui.widgets.filter_box import FilterBox
from ui.widgets.labels import Label
from ui.widgets.layouts import column, row
from ui.widgets.row_view import ROW_HEIGHT, RowView
from ui.widgets.table import RowTable


class RowList(QFrame):
    """The list every page uses. `export_wanted` asks the page to write the rows shown to a file.

    `noun` is what is counted («نسخه»). Without `tools` only the rows are shown, as on the desk. `row_height` is for
    long lists of one line a row.
    """

    export_wanted = Signal()

    def __init__(
        self,
        table: RowTable[Any],
        *,
        title: str = "",
        noun: str = "",
        tools: bool = True,
        row_height: int = ROW_HEIGHT,
    ) -> None:
        super().__init__()
        self.table, self._noun = table, noun
        self.view = RowView(table, row_height)
        self.filter = FilterBox("صافی فهرست…")
        self._title, self._count = Label(title, "heading"), Label("", "muted")
        self._copy = IconButton("copy", "رونوشت در حافظه (Ctrl+C)")
        self._export = IconButton("file-spreadsheet", "خروجی اکسل")
        self._tools = QWidget()
        self._line = row(self._title, self._count, None, self.filter, self._copy, self._export, margins=(10, 8, 14, 8))
        self._tools.setLayout(self._line)
        if not tools:  # shown before it has a parent, it would flash up as a window of its own and take the focus
            self._tools.hide()
        self._title.setHidden(not title)
        self.view.header().crowns_card = not tools
        self.setLayout(column(self._tools, self.view, gap=0, margins=(1, 1, 1, 8)))
        self._connect()

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Replace the rows; the selection stays on the same row if it is still there."""
        self.table.set_rows(rows)

    def set_empty(self, title: str, how: str = "", icon: str = "") -> None:
        """What the list says while it is empty."""
        self.view.set_empty(title, how, icon)

    def set_title(self, title: str) -> None:
        """Change the heading."""
        self._title.say(title)
        self._title.setVisible(bool(title))

    def add_tool(self, tool: QWidget) -> None:
        """Put a button of the page above the rows, before those that every list has."""
        self._line.insertWidget(self._line.indexOf(self.filter), tool)

    def sheet(self) -> tuple[tuple[str, ...], ...]:
        """Headings and the rows shown, as texts, for an export."""
        places = range(self.table.rowCount())
        return (self.table.headings(), *(self.table.texts(place) for place in places))

    def _connect(self) -> None:
        self.filter.typed.connect(self.table.set_filter)
        self._copy.clicked.connect(self.view.copy)
        self._export.clicked.connect(self.export_wanted)
        for change in (self.table.modelReset, self.table.rowsInserted, self.table.rowsRemoved):
            change.connect(self._count_rows)
        self._count_rows()

    def _count_rows(self) -> None:
        shown, total = self.table.rowCount(), self.table.total()
        counted = f"{number(shown)} از {number(total)}" if shown != total else number(total)
        self._count.say(f"{counted} {self._noun}".strip())
