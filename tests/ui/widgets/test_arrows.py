"""The arrows beside a box somebody writes in."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.widgets.test_row_view import LOANS, Loan, shown
from ui.widgets.arrows import Arrows
from ui.widgets.row_view import RowView

KEY = Qt.Key


def box(qtbot: QtBot, view: RowView) -> QLineEdit:
    made = QLineEdit()
    qtbot.addWidget(made)
    Arrows(made, view)
    made.show()
    return made


@pytest.mark.parametrize(
    ("keys", "row"),
    [
        ([KEY.Key_Down], LOANS[0]),
        ([KEY.Key_Up], LOANS[0]),
        ([KEY.Key_Down, KEY.Key_Down], LOANS[1]),
        ([KEY.Key_Down, KEY.Key_PageDown], LOANS[2]),
        ([KEY.Key_Down, KEY.Key_PageDown, KEY.Key_Up], LOANS[1]),
    ],
)
def test_the_arrows_move_among_the_rows_from_the_first_on(qtbot: QtBot, keys: list[Qt.Key], row: Loan) -> None:
    view = shown(qtbot)
    edit = box(qtbot, view)
    for key in keys:
        QTest.keyClick(edit, key)
    assert view.chosen() == (row,)


def test_everything_else_is_written_into_the_box(qtbot: QtBot) -> None:
    view = shown(qtbot)
    edit = box(qtbot, view)
    QTest.keyClicks(edit, "ab")
    QTest.keyClick(edit, KEY.Key_Left)
    QTest.keyClicks(edit, "c")
    assert edit.text() == "acb"
    assert view.chosen() == ()
