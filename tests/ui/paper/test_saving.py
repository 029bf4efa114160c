from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ui.paper.saving import SavePanel, free_name
from ui.widgets.buttons import Button

CONTENT = b"%PDF-1.4 minutes"
BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class Asked:
    """Answers where to save, and notes what was suggested."""

    def __init__(self, *answers: Path | None) -> None:
        self.answers = list(answers)
        self.suggested: list[str] = []

    def __call__(self, _parent: QWidget, name: str) -> Path | None:
        self.suggested.append(name)
        return self.answers.pop(0)


@pytest.fixture
def panel(dressed: QApplication, qtbot: QtBot) -> SavePanel:
    made = SavePanel()
    qtbot.addWidget(made)
    return made


def bring_up(panel: SavePanel, qtbot: QtBot) -> None:
    """Keys are only listened to in the window in front."""
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)


def test_a_file_is_written_whole_where_the_person_says(panel: SavePanel, tmp_path: Path, qtbot: QtBot) -> None:
    panel.ask_where = asked = Asked(tmp_path / "a.pdf")
    with qtbot.waitSignal(panel.saved) as saved:
        panel.save(panel, "weeding_worn-1405-1.pdf", CONTENT)
    assert asked.suggested == ["weeding_worn-1405-1.pdf"]
    assert (tmp_path / "a.pdf").read_bytes() == CONTENT
    assert saved.args == [str(tmp_path / "a.pdf")]
    assert not panel.is_open()


def test_somebody_who_changes_their_mind_writes_nothing(panel: SavePanel, tmp_path: Path) -> None:
    panel.ask_where = Asked(None)
    panel.save(panel, "a.pdf", CONTENT)
    assert list(tmp_path.iterdir()) == []
    assert not panel.is_open()


def taken(tmp_path: Path) -> Path:
    """A place where no file can be written: a folder of that name, as a file open elsewhere is on Windows."""
    place = tmp_path / "a.pdf"
    (place / "inside").mkdir(parents=True)
    return place


def test_a_place_that_is_taken_is_told_and_another_name_offered(panel: SavePanel, tmp_path: Path, qtbot: QtBot) -> None:
    panel.ask_where = Asked(taken(tmp_path))
    bring_up(panel, qtbot)
    panel.save(panel, "a.pdf", CONTENT)
    assert panel.is_open()
    words = " ".join(label.text() for label in panel.findChildren(QLabel))
    assert "نوشته نشد" in words
    assert "فایل پیشین دست‌نخورده مانده است" in words
    offered = [button.text() for button in panel.findChildren(Button)]
    assert offered == ["ذخیره با نام «\u2068a (2).pdf\u2069»", "جای دیگر…", "باشد"]
    QTest.keyClick(panel, Qt.Key.Key_Return)
    assert panel.is_open()
    with qtbot.waitSignal(panel.saved):
        QTest.keyClick(panel, Qt.Key.Key_Y, BOTH)
    assert (tmp_path / "a (2).pdf").read_bytes() == CONTENT
    assert not panel.is_open()


def test_another_place_may_be_named(panel: SavePanel, tmp_path: Path, qtbot: QtBot) -> None:
    panel.ask_where = asked = Asked(taken(tmp_path), tmp_path / "b.pdf")
    bring_up(panel, qtbot)
    panel.save(panel, "a.pdf", CONTENT)
    with qtbot.waitSignal(panel.saved):
        QTest.keyClick(panel, Qt.Key.Key_S, BOTH)
    assert asked.suggested == ["a.pdf", "a.pdf"]
    assert (tmp_path / "b.pdf").read_bytes() == CONTENT


def test_a_folder_that_is_gone_is_told(panel: SavePanel, tmp_path: Path) -> None:
    panel.ask_where = Asked(tmp_path / "gone" / "a.pdf")
    panel.save(panel, "a.pdf", CONTENT)
    assert panel.is_open()


def test_the_name_offered_is_free(tmp_path: Path) -> None:
    for name in ("a.pdf", "a (2).pdf", "a (3).pdf"):
        (tmp_path / name).touch()
    assert free_name(tmp_path / "a.pdf").name == "a (4).pdf"
