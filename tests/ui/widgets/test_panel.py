import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.layouts import column
from ui.widgets.panel import Choice, Panel, Reason
from ui.widgets.search_box import SearchBox

REASONS = (
    Reason("۴ کتاب در امانت دارد.", "سقف ۴ کتاب", "یک کتاب را برگردانید."),
    Reason("۲۴٬۰۰۰ ریال بدهی دارد.", way_out="بدهی را دریافت کنید."),
)
CHOICES = (Choice("override", "با اجازه", "Ctrl+Shift+A", "danger"), Choice("close", "باشد", "Esc"))


class Desk(QWidget):
    """A box and a panel, as on the desk."""

    def __init__(self) -> None:
        super().__init__()
        self.box, self.panel = SearchBox("اسکن کنید"), Panel()
        self.setLayout(column(self.box, self.panel))
        self.chosen: list[str] = []
        self.panel.chosen.connect(self.chosen.append)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    made = Desk()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.box.setFocus()
    qtbot.waitUntil(made.isActiveWindow)
    made.panel.ask(Tone.REFUSE, "امانت داده نمی‌شود", REASONS, CHOICES)
    return made


def button(desk: Desk, text: str) -> Button:
    return next(found for found in desk.panel.findChildren(Button) if found.text() == text)


def test_all_reasons_stand_there_at_once(desk: Desk) -> None:
    words = " ".join(label.text() for label in desk.panel.findChildren(QLabel))

    for text in ("۴ کتاب در امانت دارد.", "سقف ۴ کتاب", "یک کتاب را برگردانید.", "۲۴٬۰۰۰ ریال بدهی دارد."):
        assert text in words


def test_the_box_keeps_the_focus_when_a_question_opens(desk: Desk) -> None:
    assert desk.box.edit.hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_never_confirms_not_even_on_a_button_with_the_focus(desk: Desk, key: Qt.Key) -> None:
    QTest.keyClick(desk.box.edit, key)
    confirming = button(desk, "با اجازه")
    confirming.setFocus()
    pressed = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(confirming, pressed)

    assert desk.chosen == []
    assert desk.panel.is_open()
    assert pressed.isAccepted()  # it ends here and does not reach something else that confirms


def test_the_key_on_the_button_confirms(desk: Desk) -> None:
    QTest.keyClick(desk.box.edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)

    assert desk.chosen == ["override"]


def test_a_click_confirms(desk: Desk) -> None:
    QTest.mouseClick(button(desk, "باشد"), Qt.MouseButton.LeftButton)

    assert desk.chosen == ["close"]


def test_the_keys_of_an_answered_question_are_dead(desk: Desk) -> None:
    desk.panel.close_question()
    QTest.keyClick(desk.box.edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert desk.chosen == []
    assert not desk.panel.is_open()
    desk.panel.ask(Tone.WARN, "پرسشی دیگر", (), (Choice("yes", "بله", "Ctrl+Shift+A"),))
    QTest.keyClick(desk.box.edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert desk.chosen == ["yes"]


def test_scans_that_wait_are_counted_aloud(desk: Desk) -> None:
    desk.panel.set_waiting(2)
    assert desk.panel._waiting.text() == "۲ اسکن در نوبت است"
    assert desk.panel._waiting.isVisible()
    desk.panel.set_waiting(0)
    assert not desk.panel._waiting.isVisible()
