"""States of the calls page for the pictures."""

from collections.abc import Callable, Mapping

from db.codes import CallResult
from ui.calls.page import CallsPage
from ui.session import Session
from ui.shooting import wait_until
from ui.window import MainWindow


def _page(window: MainWindow) -> CallsPage:
    page = window.open_page("calls")
    if not isinstance(page, CallsPage):
        raise TypeError(page)
    return page


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
    wait_until(lambda: page.preview.pictures.count() > 0)


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
