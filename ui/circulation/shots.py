"""States of the desk page for the pictures."""

from collections.abc import Callable, Mapping

from PySide6.QtTest import QTest

from app.demo.queries import card_with_loans, free_copies, late_card
from ui.circulation.desk import DeskPage
from ui.session import Session
from ui.typing import type_code
from ui.window import MainWindow


def _desk(window: MainWindow) -> DeskPage:
    page = window.open_page("desk")
    if not isinstance(page, DeskPage):
        raise TypeError(page)
    return page


def _scan(window: MainWindow, code: str) -> None:
    type_code(window.windowHandle(), code)
    QTest.qWait(60)


def _known(session: Session, loans: int) -> tuple[str, list[str]]:
    with session.library.store.read() as reader:
        card = card_with_loans(reader, loans, session.act().day)
        copies = free_copies(reader)
    if card is None:
        raise RuntimeError("nobody in the demo library has that many books")
    return card, copies


def ready(_: Session, window: MainWindow) -> None:
    """Nobody on screen."""
    _desk(window)


def lent(session: Session, window: MainWindow) -> None:
    """A book has just been lent."""
    _desk(window)
    card, copies = _known(session, 2)
    _scan(window, card)
    _scan(window, copies[0])


def returned(session: Session, window: MainWindow) -> None:
    """A book has just come back."""
    lent(session, window)
    window.escape()
    _scan(window, _known(session, 2)[1][0])


def refused(session: Session, window: MainWindow) -> None:
    """A loan beyond the limit, with scans waiting."""
    _desk(window)
    card, copies = _known(session, 3)
    _scan(window, card)
    for copy in copies[:3]:
        _scan(window, copy)
    for copy in copies[3:5]:
        _scan(window, copy)


def unknown(session: Session, window: MainWindow) -> None:
    """A code nobody knows."""
    _desk(window)
    _scan(window, _known(session, 1)[0])
    _scan(window, "RAF-999999")


def search(_: Session, window: MainWindow) -> None:
    """A title typed in the scan box."""
    page = _desk(window)
    page.box.edit.setText("شازده")
    page.box.typed.emit("شازده")


def late(session: Session, window: MainWindow) -> None:
    """A reader with late books and a debt."""
    page = _desk(window)
    with session.library.store.read() as reader:
        card = late_card(reader)
    page.select_member(card or "")


SHOTS: Mapping[str, Callable[[Session, MainWindow], None]] = {
    "desk-ready": ready,
    "desk-lent": lent,
    "desk-returned": returned,
    "desk-refused": refused,
    "desk-unknown": unknown,
    "desk-search": search,
    "desk-late": late,
}
