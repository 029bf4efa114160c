"""The composition of the window: store, clock, devices and pages are put together here and nowhere else."""

import importlib
import logging
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from app.clock import TEHRAN
from app.devices.scan import Scan, Unreadable
from app.devices.serial_reader import ReaderState
from app.devices.wedge import Prefix
from app.labels import ROLE
from app.library import Library, Person
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.sync.queries import waiting_entries
from ui.circulation.desk import DeskPage
from ui.errors import install_excepthook
from ui.jobs import Jobs
from ui.page import Group, Page, PageSpec
from ui.preferences import Preferences, read_preferences, write_preferences
from ui.scanner import Scanner
from ui.session import Refresh, Session
from ui.sounds import Sounds
from ui.status import StatusLine
from ui.style import apply_theme
from ui.theme import DARK, LIGHT, Tone
from ui.window import MainWindow

TICK_MS = 10_000
REST_MS = 1_500
SCANNER = "scanner"
SCANNER_WORDS = {
    ReaderState.CONNECTED: ("اسکنر متصل", Tone.OK),
    ReaderState.LOST: ("اسکنر قطع است؛ صفحه‌کلید کار می‌کند", Tone.WARN),
    ReaderState.CLOSED: ("اسکنر صفحه‌کلیدی آماده", Tone.OK),
}


class DeskApp(QObject):
    """One running window over one open library. Close it with `close`."""

    def __init__(self, qt: QApplication, library: Library, person: Person, folder: Path, log: logging.Logger) -> None:
        super().__init__()
        self._qt = qt
        preferences = read_preferences(folder)
        apply_theme(qt, DARK if preferences.dark else LIGHT, preferences.scale)
        self.session = Session(
            library=library,
            person=person,
            folder=folder,
            jobs=Jobs(),
            sounds=Sounds(self),
            refresh=Refresh(),
            preferences=preferences,
        )
        self._port = ""
        self.scanner = Scanner(qt, Prefix(preferences.scanner_prefix))
        self.window = self._make_window()
        install_excepthook(log, self.window.show_error)
        self.scanner.scanned.connect(self._scanned)
        self.scanner.state_changed.connect(self._scanner_state)
        self.session.refresh.changed.connect(self._changed)
        self._apply_devices(preferences)
        self._clock, self._rest = QTimer(self), QTimer(self)
        self._clock.timeout.connect(self._tick)
        self._rest.timeout.connect(library.store.rest)
        self._clock.start(TICK_MS)
        self._rest.start(REST_MS)

    def show(self) -> None:
        """Open the window on the desk page."""
        self.window.open_page("desk")
        self._tick()
        self.window.show()

    def close(self) -> None:
        """Stop devices and jobs and let go of the library."""
        self._clock.stop()
        self._rest.stop()
        self.scanner.close()
        self.session.jobs.close()
        self.session.sounds.close()
        self.window.close()
        self.window.deleteLater()
        self.session.library.store.close()

    def apply(self, preferences: Preferences) -> None:
        """Wear and keep changed preferences. Another scale needs pages made anew, so the window is rebuilt."""
        rebuilt = preferences.scale != self.session.preferences.scale
        self.session.preferences = preferences
        write_preferences(self.session.folder, preferences)
        apply_theme(self._qt, DARK if preferences.dark else LIGHT, preferences.scale)
        self._apply_devices(preferences)
        if rebuilt:
            QTimer.singleShot(0, self._rebuild)

    def _rebuild(self) -> None:
        old, page = self.window, self.window.current_key()
        self.window = self._make_window()
        self.window.setGeometry(old.geometry())
        self.window.open_page(page)
        self._tick()
        self.window.show()
        old.close()
        old.deleteLater()

    def _make_window(self) -> MainWindow:
        branch = self.session.library.branch
        return MainWindow(self._pages(), StatusLine(), f"{branch.name} — {branch.city}")

    def _pages(self) -> tuple[PageSpec, ...]:
        session = self.session
        return (
            PageSpec("desk", "میز امانت", "arrows-exchange", "F1", Group.DESK, lambda: DeskPage(session)),
            PageSpec("members", "اعضا", "users", "F2", Group.DESK, self._members),
            PageSpec("catalogue", "فهرست و جستجو", "books", "F3", Group.DESK, lambda: _page("catalogue")(session)),
            PageSpec("weeding", "وجین", "recycle", "F6", Group.COLLECTION, lambda: _page("weeding")(session)),
            PageSpec("settings", "تنظیمات", "settings", "", Group.LAST, self._settings),
        )

    def _members(self) -> Any:
        page = _page("members")(self.session)
        page.desk_wanted.connect(self._to_desk)
        return page

    def _settings(self) -> Any:
        page = _page("settings")(self.session, self.apply)
        page.person_chosen.connect(self._tick)
        return page

    @Slot(str)
    def _to_desk(self, card: str) -> None:
        page = self.window.open_page("desk")
        if isinstance(page, DeskPage):
            page.select_member(card)

    @Slot(object)
    def _scanned(self, scan: Scan | Unreadable) -> None:
        page = self.window.current_page()
        if isinstance(page, Page):
            page.on_scan(scan)

    @Slot(frozenset)
    def _changed(self, _: frozenset[str]) -> None:
        self._show_waiting()

    @Slot(str, str)
    def _scanner_state(self, port: str, state: str) -> None:
        words, tone = SCANNER_WORDS[ReaderState(state)]
        self.window.status.set_device(SCANNER, f"{words} ({port})" if state == ReaderState.CONNECTED else words, tone)

    def _apply_devices(self, preferences: Preferences) -> None:
        self.session.sounds.muted = not preferences.sounds
        self.scanner.use_prefix(Prefix(preferences.scanner_prefix))
        if self._port and self._port != preferences.scanner_port:
            self.scanner.close_port(self._port)
        if not preferences.scanner_port:
            self.window.status.set_device(SCANNER, *SCANNER_WORDS[ReaderState.CLOSED])
        elif self._port != preferences.scanner_port:
            self.scanner.open_port(preferences.scanner_port)
        self._port = preferences.scanner_port

    @Slot()
    def _tick(self) -> None:
        stamp = self.session.library.clock.read()
        time = to_persian(stamp.at.astimezone(TEHRAN).strftime("%H:%M"))
        doubt = " (تاریخ رایانه؟)" if stamp.doubtful else ""
        self.window.status.set_clock(f"{jalali.long(stamp.day)} · {time}{doubt}")
        person = self.session.person
        self.window.status.set_user(f"کاربر: {person.name} ({ROLE[person.role]})")
        self._show_waiting()

    def _show_waiting(self) -> None:
        with self.session.library.store.read() as reader:
            waiting = waiting_entries(reader)
        if waiting.last_contact_at is None:
            self.window.status.set_sync(f"همه چیز روی همین رایانه — {number(waiting.entries)} رویداد", Tone.NEUTRAL)
        else:
            self.window.status.set_sync(f"آفلاین — {number(waiting.entries)} رویداد در صف", Tone.WARN)


# Pages beside the desk are loaded when they are first shown: the start pays only for what is in front (performance,
# P6).
PAGES = {
    "members": ("ui.members.page", "MembersPage"),
    "catalogue": ("ui.catalogue.page", "CataloguePage"),
    "weeding": ("ui.weeding.page", "WeedingPage"),
    "settings": ("ui.settings.page", "SettingsPage"),
}


def _page(key: str) -> Any:
    module, name = PAGES[key]
    return getattr(importlib.import_module(module), name)
