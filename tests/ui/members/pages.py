"""The members page as its tests use it: shown, driven by keys, read by its words."""

import uuid
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from db.models.members import Member
from tests import library as lib
from ui.members.page import MembersPage
from ui.session import Session
from ui.widgets.pills import Pill

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier


def shown(session: Session, qtbot: QtBot) -> MembersPage:
    """The page in a window of the smallest size."""
    page = MembersPage(session)
    qtbot.addWidget(page)
    page.resize(1168, 735)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.on_shown()
    return page


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    """A key, wherever the focus is."""
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifier)


def words(part: QWidget) -> str:
    """Every word of a part that is in sight."""
    QApplication.processEvents()  # what was just put there is shown with the next turn
    labels: list[QLabel | Pill] = [*part.findChildren(QLabel), *part.findChildren(Pill)]
    return " ".join(label.text() for label in labels if label.isVisible())


def answer(page: MembersPage, **values: Any) -> None:
    """Fill the fields of the question that stands, and say yes."""
    form = page.asking.form
    assert form is not None
    for name, value in values.items():
        form.input(name).set_value(value)
    press(Qt.Key.Key_Return, CTRL)


def told(page: MembersPage) -> str:
    """The banner: what happened, and its details."""
    return page.banner.accessibleName() if page.banner.isVisible() else ""


def stored(session: Session, member: uuid.UUID) -> Any:
    """A member as stored."""
    return lib.row(session.library, Member, member)
