"""What a person sees on the weeding page, and does there."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from db.codes import Condition
from tests import library as lib
from tests.ui.sessions import scan
from ui.session import Session
from ui.weeding.page import WeedingPage
from ui.weeding.rows import Stand

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def worn_copies(session: Session, number: int) -> list[lib.ACopy]:
    """The only copies of their titles, which go because nobody can bind them any more (002 م5-1-ج)."""
    return [
        lib.add_copy(session.library, f"کتاب قدیمی {place}", condition=Condition.UNBINDABLE)
        for place in range(1, number + 1)
    ]


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key, wherever the focus is."""
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifiers)


def on_worn(page: WeedingPage) -> None:
    """Ctrl+2: the minutes of worn copies."""
    press(Qt.Key.Key_2, CONTROL)
    assert page.drafts.listing.reason == "worn"


def scan_all(page: WeedingPage, copies: list[lib.ACopy]) -> None:
    for copy in copies:
        scan(page, copy.barcode)


def titles(page: WeedingPage) -> list[str]:
    """The titles on the list."""
    table = page.drafts.list.table
    return [line.title for line in table.shown_rows() if line.stand is Stand.LISTED]


def proposed(page: WeedingPage, qtbot: QtBot) -> list[str]:
    """The titles proposed, once the candidates have been found."""
    qtbot.waitUntil(lambda: not page.drafts.proposals.is_reading())
    return [line.title for line in page.drafts.list.table.shown_rows() if line.stand is Stand.PROPOSED]


def said(page: WeedingPage) -> str:
    return page.drafts.banner.title()


def words(widget: QWidget) -> str:
    """Everything that can be read on a widget."""
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def freeze(page: WeedingPage, qtbot: QtBot) -> None:
    """Ctrl+P, and yes."""
    press(Qt.Key.Key_P, CONTROL)
    with qtbot.waitSignal(page.drafts.finishing.ended):
        press(Qt.Key.Key_Return, CONTROL)


def settle(page: WeedingPage, qtbot: QtBot) -> None:
    """Until the paper in front has its first page on the screen."""
    preview = page.preview
    qtbot.waitUntil(lambda: preview.pictures.count() > 0)
    qtbot.waitUntil(lambda: bool(QApplication.processEvents() or preview.pictures._made))


def show_details(page: WeedingPage, qtbot: QtBot) -> str:
    """What the card says once it has followed the selection."""
    qtbot.waitUntil(lambda: not page.drafts._details_timer.isActive())
    QApplication.processEvents()
    return words(page.drafts.details)
