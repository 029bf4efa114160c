from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.ask_path import ask_where, ask_which

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    made = QWidget()
    qtbot.addWidget(made)
    return made


def answer(act: Callable[[QFileDialog], None]) -> None:
    """Do this with the dialog as soon as it is open."""

    def when_open() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QFileDialog) and dialog.isVisible():
            act(dialog)
        else:
            QTimer.singleShot(50, when_open)

    QTimer.singleShot(50, when_open)


def choose(path: Path) -> Callable[[QFileDialog], None]:
    def act(dialog: QFileDialog) -> None:
        name = dialog.findChild(QLineEdit)
        assert isinstance(name, QLineEdit)
        name.setText(str(path))
        dialog.accept()

    return act


def test_a_name_without_an_ending_gets_the_one_of_the_suggestion(parent: QWidget, tmp_path: Path) -> None:
    answer(choose(tmp_path / "اعضا"))
    assert ask_where(parent, "members.xlsx") == tmp_path / "اعضا.xlsx"


def test_a_name_with_its_ending_stays(parent: QWidget, tmp_path: Path) -> None:
    answer(choose(tmp_path / "list.XLSX"))
    assert ask_where(parent, "members.xlsx") == tmp_path / "list.XLSX"


def test_a_file_that_is_there_is_answered(parent: QWidget, tmp_path: Path) -> None:
    (tmp_path / "ketab.csv").write_text("عنوان", encoding="utf-8")
    answer(choose(tmp_path / "ketab.csv"))
    assert ask_which(parent, "CSV (*.csv)") == tmp_path / "ketab.csv"


def test_a_changed_mind_is_no_path(parent: QWidget) -> None:
    answer(lambda dialog: dialog.reject())
    assert ask_where(parent, "members.xlsx") is None
    answer(lambda dialog: dialog.reject())
    assert ask_which(parent, "CSV (*.csv)") is None
