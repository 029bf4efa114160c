"""Ctrl+K: type a few letters of a page or an action, Enter goes there."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.overlay import Overlay
from ui.page import Action
from ui.style import look
from ui.widgets import paint
from ui.widgets.arrows import Arrows
from ui.widgets.labels import Label, ltr
from ui.widgets.layouts import column
from ui.widgets.row_view import RowView
from ui.widgets.table import Align, Column, RowTable

_ROW = 42
_COLUMNS: tuple[Column[Action], ...] = (
    Column("فرمان", text=lambda action: action.title, stretch=1),
    Column("کلید", text=lambda action: ltr(action.key) if action.key else "", width=110, align=Align.END),
)


class CommandSearch(Overlay):
    """Filters the names of pages and actions in any spelling; nothing is done before Enter or a double click."""

    def __init__(self, host: QWidget) -> None:
        table: RowTable[Action] = RowTable(_COLUMNS)
        edit, view = QLineEdit(), RowView(table, row_height=_ROW)
        how = Label(f"پیکان‌ها برای رفتن، {ltr('Enter')} برای اجرا، {ltr('Esc')} برای بستن", "small")
        super().__init__(host, column(edit, view, how, gap=10), 560)
        self._table, self.edit, self._view = table, edit, view
        self.edit.setPlaceholderText("نام صفحه یا فرمان…")
        self.edit.setAlignment(paint.START)
        self.edit.setAccessibleName("جستجوی فرمان")
        self._view.header().hide()
        self._view.setFixedHeight(look().px(_ROW * 8))
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.set_empty("فرمانی نیست")
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(self._narrow)
        self.edit.returnPressed.connect(self._run_chosen)
        self._view.row_opened.connect(self._run)
        Arrows(self.edit, self._view)

    def offer(self, actions: Sequence[Action]) -> None:
        """Open with these actions."""
        self._table.set_rows(actions)
        self.edit.clear()
        self._view.choose_place(0)
        self.open()

    def offered(self) -> tuple[Action, ...]:
        """What the filter leaves."""
        return self._table.shown_rows()

    def _narrow(self, text: str) -> None:
        self._table.set_filter(text)
        self._view.choose_place(0)

    def _run_chosen(self) -> None:
        for action in self._view.chosen()[:1]:
            self._run(action)

    def _run(self, action: Action) -> None:
        self.dismiss()
        action.run()
