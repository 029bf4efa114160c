"""The states of the page of collected scans, for pictures."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication

from app.devices.scan import Scan, Source
from app.imports.scans import Mode
from ui.scans.page import ScansPage
from ui.session import Session
from ui.window import MainWindow

Shot = Callable[[Session, MainWindow], None]


def _page(window: MainWindow) -> ScansPage:
    page = window.open_page("scans")
    if not isinstance(page, ScansPage):
        raise TypeError("the window has another page under «scans»")
    return page


def _empty(_: Session, window: MainWindow) -> None:
    _page(window)


def _done(session: Session, window: MainWindow) -> None:
    """Loans to one reader, with a copy nobody knows in between, then uses in the hall."""
    page = _page(window)
    page.work.choose(Mode.CHECKOUT)
    for code in ("M-000115", "RAF-000040", "RAF-000041", "RAF-999999", "RAF-000042", "M-000118", "RAF-000043"):
        page.on_scan(Scan(code, Source.SERIAL, code))
    page.start.click()
    while session.jobs.open_jobs():
        QCoreApplication.processEvents()


SHOTS: Mapping[str, Shot] = MappingProxyType({"scans": _empty, "scans-done": _done})
