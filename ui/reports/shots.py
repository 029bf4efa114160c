"""States of the reports page for the pictures."""

from collections.abc import Callable, Mapping

from ui.reports.page import ReportsPage
from ui.session import Session
from ui.shooting import wait_until
from ui.window import MainWindow

UNSENT = 2
"""A season of the demo library whose report was never made."""


def _page(window: MainWindow) -> ReportsPage:
    page = window.open_page("reports")
    if not isinstance(page, ReportsPage):
        raise TypeError(page)
    return page


def quarters(_: Session, window: MainWindow) -> None:
    """The report that is owed is chosen."""
    _page(window).quarters.list.view.choose_place(1)


def made(_: Session, window: MainWindow) -> None:
    """The report has just been made; its paper lies in front."""
    page = _page(window)
    page.quarters.list.view.choose_place(UNSENT)
    page.quarters.make()
    wait_until(lambda: page.preview.pictures.count() > 0)


def to_send(_: Session, window: MainWindow) -> None:
    """Made, and waiting for its letter."""
    page = _page(window)
    page.quarters.list.view.choose_place(UNSENT)
    page.quarters.make()
    wait_until(lambda: page.preview.pictures.count() > 0)
    page.on_escape()


def to_answer(session: Session, window: MainWindow) -> None:
    """Sent, and waiting for the answer of the province."""
    to_send(session, window)
    page = _page(window)
    page.quarters.letter.set_values({"number": "۱۲/۱۰۲", "on": session.act().day})
    page.quarters.send()
    page.quarters.answer.set_values({"text": "بررسی شد."})


def too_early(session: Session, window: MainWindow) -> None:
    """A running quarter cannot be frozen."""
    page = _page(window)
    page.quarters.list.view.choose_place(0)
    page.quarters.make()
    wait_until(lambda: not session.jobs.open_jobs())


def balance(session: Session, window: MainWindow) -> None:
    """Main classes."""
    _page(window).show_part(1)
    wait_until(lambda: not session.jobs.open_jobs())


def health(session: Session, window: MainWindow) -> None:
    """What the collection needs."""
    _page(window).show_part(2)
    wait_until(lambda: not session.jobs.open_jobs())


SHOTS: Mapping[str, Callable[[Session, MainWindow], None]] = {
    "reports-quarters": quarters,
    "reports-made": made,
    "reports-to-send": to_send,
    "reports-to-answer": to_answer,
    "reports-too-early": too_early,
    "reports-balance": balance,
    "reports-health": health,
}
