"""States of the calls page for the pictures."""

from collections.abc import Callable, Mapping
from time import sleep

from PySide6.QtWidgets import QApplication

from db.codes import CallResult
from ui.calls.page import CallsPage
from ui.session import Session
from ui.window import MainWindow

_PATIENCE, _STEP = 8.0, 0.01  # seconds


def _page(window: MainWindow) -> CallsPage:
    page = window.open_page("calls")
    if not isinstance(page, CallsPage):
        raise TypeError(page)
    return page


def _wait(until: Callable[[], bool]) -> None:
    for _ in range(round(_PATIENCE / _STEP)):
        QApplication.processEvents()
        if until():
            break
        sleep(_STEP)
    for _ in range(30):
        QApplication.processEvents()
        sleep(_STEP)


def late(_: Session, window: MainWindow) -> None:
    """Whom to call, the first chosen."""
    _page(window).calling.list.view.choose_place(0)


def called(_: Session, window: MainWindow) -> None:
    """Two calls were made; one reader is to be called another day."""
    page = _page(window)
    page.calling.list.view.choose_place(0)
    page.calling.record(CallResult.NO_ANSWER)
    page.calling.record(CallResult.PROMISED)
    page.calling.list.view.choose_place(page.calling.list.table.rowCount() - 1)


def says_returned(_: Session, window: MainWindow) -> None:
    """The reader says the book is back: a claim is offered."""
    page = _page(window)
    page.calling.list.view.choose_place(0)
    page.calling.record(CallResult.SAYS_RETURNED)


def reminders(_: Session, window: MainWindow) -> None:
    """What is to be sent."""
    page = _page(window)
    page.show_part(1)
    page.reminding.make()


def letters(session: Session, window: MainWindow) -> None:
    """The letters before they are printed."""
    reminders(session, window)
    page = _page(window)
    page.reminding.print_letters()
    _wait(lambda: page.preview.pictures.count() > 0)


def numbers(_: Session, window: MainWindow) -> None:
    """Contacts that must be asked for again."""
    page = _page(window)
    page.show_part(2)


SHOTS: Mapping[str, Callable[[Session, MainWindow], None]] = {
    "calls-late": late,
    "calls-called": called,
    "calls-returned": says_returned,
    "calls-reminders": reminders,
    "calls-letters": letters,
    "calls-numbers": numbers,
}
