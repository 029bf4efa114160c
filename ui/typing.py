"""Strikes keys as a scanner at the keyboard plug would: for the tour, the pictures and the tests."""

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QWindow

from app.devices.keymap import MAIN_BLOCK
from ui.scanner import SCAN_CODE_OFFSET

ENTER = 28
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


def type_code(window: QWindow, code: str) -> None:
    """The keys of a code and the closing Enter, without a pause between them."""
    type_keys(window, code)
    press_enter(window)


def type_keys(window: QWindow, code: str) -> None:
    """The keys of a code."""
    codes = {character: number for number, character in MAIN_BLOCK.items()}
    for character in code:
        modifiers = SHIFT if character.isupper() else NONE
        _strike(window, ord(character.upper()), character, codes[character.lower()], modifiers)


def press_enter(window: QWindow) -> None:
    """The Enter that ends a code."""
    _strike(window, Qt.Key.Key_Return, "\r", ENTER, NONE)


def _strike(window: QWindow, key: int, text: str, scan_code: int, modifiers: Qt.KeyboardModifier) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, modifiers, scan_code + SCAN_CODE_OFFSET, 0, 0, text)
        QCoreApplication.sendEvent(window, event)
