from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.pixels import places_of
from ui.theme import LIGHT
from ui.widgets.search_box import LONGEST, SearchBox


def shown(qtbot: QtBot) -> SearchBox:
    box = SearchBox("اسکن کنید")
    qtbot.addWidget(box)
    box.resize(500, 60)
    box.show()
    box.activateWindow()
    qtbot.waitUntil(box.isActiveWindow)
    return box


def test_enter_hands_the_text_over_once_and_empties_the_box(qtbot: QtBot) -> None:
    box = shown(qtbot)
    sent: list[str] = []
    box.submitted.connect(sent.append)
    QTest.keyClicks(box.edit, " RAF-001 ")
    QTest.keyClick(box.edit, Qt.Key.Key_Return)
    QTest.keyClick(box.edit, Qt.Key.Key_Return)

    assert sent == ["RAF-001"]
    assert box.edit.text() == ""


def test_typing_is_told_letter_by_letter(qtbot: QtBot) -> None:
    box = shown(qtbot)
    seen: list[str] = []
    box.typed.connect(seen.append)
    QTest.keyClicks(box.edit, "ab")

    assert seen == ["a", "ab"]


def test_the_frame_shows_where_the_next_scan_goes(qtbot: QtBot) -> None:
    box = shown(qtbot)
    box.edit.clearFocus()
    assert places_of(box, LIGHT.primary) == []
    box.setFocus()
    assert places_of(box, LIGHT.primary)


def test_a_flood_of_letters_is_cut(qtbot: QtBot) -> None:
    box = shown(qtbot)
    box.edit.setText("x" * 10000)

    assert len(box.edit.text()) == LONGEST


def test_badge_and_waiting_scans_come_and_go(qtbot: QtBot) -> None:
    box = shown(qtbot)
    box.show_badge("امانت به: مریم احمدی")
    box.set_waiting(3)
    assert box._badge.isVisible()
    assert box._waiting.text() == "۳ اسکن در نوبت"
    box.show_badge("")
    box.set_waiting(0)
    assert not box._badge.isVisible()
    assert not box._waiting.isVisible()
