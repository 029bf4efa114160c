"""States of the reports page for the pictures."""

from collections.abc import Callable, Mapping

from ui.reports.page import ReportsPage
from ui.session import Session
from ui.shooting import wait_until
from ui.window import MainWindow


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
    page.quarters.list.view.choose_place(1)
    page.quarters.make()
    wait_until(lambda: page.preview.pictures.count() > 0)


def to_send(_: Session, window: MainWindow) -> None:
    """Made, and waiting for its letter."""
    page = _page(window)
    page.quarters.list.view.choose_place(1)
    page.quarters.make()
    page.show_part(0)


def too_early(_: Session, window: MainWindow) -> None:
    """A running quarter cannot be frozen."""
    page = _page(window)
    page.quarters.list.view.choose_place(0)
    page.quarters.make()


def balance(_: Session, window: MainWindow) -> None:
    """Main classes."""
    _page(window).show_part(1)


def health(_: Session, window: MainWindow) -> None:
    """What the collection needs."""
    _page(window).show_part(2)


SHOTS: Mapping[str, Callable[[Session, MainWindow], None]] = {
    "reports-quarters": quarters,
    "reports-made": made,
    "reports-to-send": to_send,
    "reports-too-early": too_early,
    "reports-balance": balance,
    "reports-health": health,
}
