"""The states of the settings page, for pictures."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication

from app.check import Broken, Report
from app.devices.scan import Scan, Source
from ui.session import Session
from ui.settings.page import SettingsPage
from ui.window import MainWindow

Shot = Callable[[Session, MainWindow], None]


def _page(window: MainWindow) -> SettingsPage:
    page = window.open_page("settings")
    if not isinstance(page, SettingsPage):
        raise TypeError("the window has another page under «settings»")
    return page


def _plain(_: Session, window: MainWindow) -> None:
    _page(window)


def _checked(session: Session, window: MainWindow) -> None:
    page = _page(window)
    page.on_scan(Scan("RAF-000012", Source.KEYBOARD, ""))
    page.health.start()
    while session.jobs.open_jobs():
        QCoreApplication.processEvents()


def _broken(_: Session, window: MainWindow) -> None:
    found = (Broken("summaries", "accession 1207"), Broken("journal", "entry 4411 is missing"))
    _page(window).health.show_report(Report(("summaries", "journal"), found))


SHOTS: Mapping[str, Shot] = MappingProxyType(
    {"settings": _plain, "settings-checked": _checked, "settings-broken": _broken}
)
