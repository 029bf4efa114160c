"""What hands do at the window: keys, scans, arrows, Esc, and writing into fields."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.app import DeskApp
from ui.typing import type_code
from ui.widgets.form import Form
from ui.widgets.form_inputs import Value
from ui.widgets.row_list import RowList

PAGES = {"desk": "F1", "members": "F2", "holds": "F4", "money": "F9", "lost": "Ctrl+F8", "calendar": "Ctrl+F4"}
MOST_TIMES = 9
"""Esc closes one thing at a time, but there are never so many."""


class Hands:
    """Two hands and a scanner at one window."""

    def __init__(self, app: DeskApp) -> None:
        self._window = app.window

    def page(self, name: str) -> Any:
        """The page in front, brought there by its key."""
        if self._window.current_key() != name:
            self.press(PAGES[name])
        assert self._window.current_key() == name
        return self._window.current_page()

    def press(self, keys: str) -> None:
        """A key with what is held down, wherever the focus is."""
        QTest.keySequence(QApplication.focusWidget() or self._window, QKeySequence(keys))
        QApplication.processEvents()

    def scan(self, code: str) -> None:
        """The keys of a scanner at the keyboard plug."""
        type_code(self._window.windowHandle(), code)
        QApplication.processEvents()

    def escape(self, is_open: Callable[[], bool]) -> None:
        """Esc, until nothing is open any more."""
        for _ in range(MOST_TIMES):
            if not is_open():
                return
            self.press("Esc")
        raise AssertionError("Esc does not close it")

    def walk_to(self, shown: RowList, is_it: Callable[[Any], bool]) -> bool:
        """Choose a row with the arrow keys; False where there is none."""
        rows = shown.table.shown_rows()
        for key in (*("Up" for _ in rows), *("Down" for _ in rows)):
            if any(map(is_it, shown.view.chosen())):
                return True
            self.press(key)
        return any(map(is_it, shown.view.chosen()))

    def free_desk(self) -> Any:
        """The desk page with nobody on it."""
        desk = self.page("desk")
        self.escape(lambda: desk.is_asking() or desk.member_key() or desk.at_desk.is_batch)
        return desk


def fill(form: Form, **values: Value) -> None:
    """Write into fields."""
    for name, value in values.items():
        form.input(name).set_value(value)


def said(**values: Value) -> Mapping[str, Any]:
    """What is written; the rest stays as the page proposes it."""
    return {name: value for name, value in values.items() if value not in (None, "")}
