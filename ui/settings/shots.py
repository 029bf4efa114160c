"""The states of the settings page, for pictures."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PySide6.QtCore import QCoreApplication

from app.check import Broken, Report
from app.devices.scan import Scan, Source
from app.devices.serial_reader import ReaderState
from app.weeding.minutes.ruling_file import trust_key
from db.codes import RulingLevel
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
    QCoreApplication.processEvents()  # facts that come with the page stand in their places at the next turn


def _checked(session: Session, window: MainWindow) -> None:
    page = _page(window)
    page.on_scan(Scan("RAF-000012", Source.KEYBOARD, ""))
    page.health.start()
    while session.jobs.open_jobs():
        QCoreApplication.processEvents()


def _broken(_: Session, window: MainWindow) -> None:
    found = (Broken("summaries", "accession 1207"), Broken("journal", "entry 4411 is missing"))
    _page(window).health.show_report(Report(("summaries", "journal"), found))


def _branch(_: Session, window: MainWindow) -> None:
    """The facts of the library are being changed."""
    page = _page(window)
    page.library.branch.begin()
    page.library.branch.form.input("space_shortage").set_value(True)


def _guideline(_: Session, window: MainWindow) -> None:
    """The figures of the weeding guideline are being changed, one of them wrongly."""
    page = _page(window)
    page.library.guideline.begin()
    page.library.guideline.form.input("copies_kept").set_value(1)
    page.library.guideline.save_form()
    QCoreApplication.processEvents()
    bring_into_sight(page.library.guideline)


def _figures(_: Session, window: MainWindow) -> None:
    """A version of the library's own holds."""
    page = _page(window)
    page.library.guideline.begin()
    page.library.guideline.form.input("idle_years").set_value(7)
    page.library.guideline.form.input("source").set_value("بخشنامهٔ ۱۴۰۵/۱۲۳ ادارهٔ کل")
    page.library.guideline.save_form()
    QCoreApplication.processEvents()
    bring_into_sight(page.library.guideline)


def _trusted(session: Session) -> None:
    for name, levels in (
        ("ادارهٔ کتابخانه‌های عمومی شهرستان آوج", {RulingLevel.COUNTY}),
        ("ادارهٔ کل کتابخانه‌های عمومی استان", {RulingLevel.PROVINCE, RulingLevel.HEAD_OFFICE}),
    ):
        key = Ed25519PrivateKey.from_private_bytes(name.encode()[:32]).public_key().public_bytes_raw().hex()
        trust_key(session.library, key, name, frozenset(levels), session.act())


def _signers(session: Session, window: MainWindow) -> None:
    """Whose signed answers are believed, and the question before one of them is not any more."""
    _trusted(session)
    page = _page(window)
    page.library.signers.ask()
    QCoreApplication.processEvents()
    bring_into_sight(page.library.signers.shown)


def _signer(session: Session, window: MainWindow) -> None:
    """A key that is none, and no level."""
    _trusted(session)
    page = _page(window)
    QCoreApplication.processEvents()
    card = page.library.signers
    card.begin()
    card.form.set_values({"name": "ادارهٔ آوج", "key": "12 34", "county": True})
    card.save_form()
    QCoreApplication.processEvents()
    bring_into_sight(card.changing)


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
    {
        "settings": _plain,
        "settings-checked": _checked,
        "settings-broken": _broken,
        "settings-readers": _readers,
        "settings-library": _branch,
        "settings-guideline": _guideline,
        "settings-figures": _figures,
        "settings-signers": _signers,
        "settings-signer": _signer,
    }
)
