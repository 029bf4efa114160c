"""The states of the settings page, for pictures."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication

from app.check import Broken, Report
from app.devices.scan import Scan, Source
from app.devices.serial_reader import ReaderState
from ui.readers import CARD, CONTACTLESS, WORDS
from ui.session import Session
from ui.settings.page import SettingsPage
from ui.widgets.scroll import bring_into_sight
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


def _readers(session: Session, window: MainWindow) -> None:
    """A card reader beside the scanner, a contactless one that was unplugged, and a card just read."""
    page = _page(window)
    page.scanner.show_preferences(replace(session.preferences, card_port="COM5", card_pcsc=True))
    page.scanner.list_ports()
    for name, state in ((CARD, ReaderState.CONNECTED), (CONTACTLESS, ReaderState.LOST)):
        window.status.set_device(name, *WORDS[name][state])
    page.on_scan(Scan("0013161961", Source.CARD, "0A00C8D5E9FE"))
    QCoreApplication.processEvents()
    bring_into_sight(page.scanner)


SHOTS: Mapping[str, Shot] = MappingProxyType(
    {"settings": _plain, "settings-checked": _checked, "settings-broken": _broken, "settings-readers": _readers}
)
