"""A catalogue page on a small library, and what a person does with it."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui.catalogue.page import CataloguePage
from ui.session import Session

CTRL = Qt.KeyboardModifier.ControlModifier
CTRL_SHIFT = CTRL | Qt.KeyboardModifier.ShiftModifier
HOSTILE = "<img src=x onerror=1>\u202eکتاب"


def shown(session: Session, qtbot: QtBot) -> CataloguePage:
    """The page in front, with the focus where the next scan goes."""
    page = CataloguePage(session)
    qtbot.addWidget(page)
    page.resize(1168, 735)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.on_shown()
    return page


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Strike a key where the focus is."""
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifier)


def write(text: str) -> None:
    """Type into the field that has the focus."""
    target = QApplication.focusWidget()
    assert isinstance(target, QLineEdit)
    target.insert(text)
    target.textEdited.emit(target.text())


def titles(page: CataloguePage) -> list[str]:
    """The hits, from the top."""
    return [row.title for row in page.search.hits.table.shown_rows()]


def chosen(page: CataloguePage) -> str:
    """The title whose record is shown, or nothing."""
    found = page.search.record.chosen()
    return found.row.title if found else ""


def said(page: CataloguePage) -> str:
    """The big line of the banner, while it is to be seen."""
    return page.banner.title() if page.banner.isVisible() else ""


def words(widget: QWidget) -> str:
    """Everything written on a part of the page."""
    return " ".join(label.text() for label in widget.findChildren(QLabel))
