"""The composition of the window: store, clock, devices and pages are put together here and nowhere else."""

import importlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from app.clock import TEHRAN
from app.devices.scan import Scan, Unreadable
from app.devices.wedge import Prefix
from app.labels import ROLE
from app.library import Library, Person
from app.persian import jalali
from app.persian.digits import to_persian
from app.staff.people import everybody
from app.sync.branch.witness import keep_high_water
from ui.circulation.desk import DeskPage
from ui.errors import install_excepthook
from ui.garbage import Collector
from ui.jobs import Jobs
from ui.keys import LOCK, SWITCH
from ui.nights import NightWatch
from ui.page import Action, Group, Page, PageSpec
from ui.preferences import Preferences, read_preferences, write_preferences
from ui.readers import Readers
from ui.scanner import Scanner
from ui.session import Refresh, Session
from ui.sounds import Sounds
from ui.staff.idle import IdleWatch
from ui.staff.sign_in import SignInSheet
from ui.status import StatusLine
from ui.style import apply_theme
from ui.sync.status import status_line
from ui.sync.watch import SyncWatch
from ui.theme import DARK, LIGHT, Tone
from ui.upkeep import Upkeep
from ui.window import MainWindow

if TYPE_CHECKING:
    from app.duties.rules import Duty

TICK_MS = 10_000
REST_MS = 1_500


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
        self._garbage = Collector(self)
        self.scanner = Scanner(qt, Prefix(preferences.scanner_prefix))
        self.readers = Readers(self.scanner, self._show_reader)
        self._nights = NightWatch(self.session, self)
        self.sync = SyncWatch(self.session, self)
        self.sync.changed.connect(self._show_sync)
        self._idle = IdleWatch(self)
        self._idle.idle.connect(self.lock)
        self.window = self._make_window()
        self.sign_in = self._make_sheet()
        install_excepthook(log, self.window.show_error)
        self.scanner.scanned.connect(self._scanned)
        self.session.refresh.changed.connect(self._changed)
        self._apply_devices(preferences)
        self._clock, self._rest = QTimer(self), QTimer(self)
        self._clock.timeout.connect(self._tick)
        self._upkeep = Upkeep(library, self)
        self._rest.timeout.connect(self._upkeep.look)
        self._clock.start(TICK_MS)
        self._rest.start(REST_MS)
        self._idle.set_minutes(preferences.lock_minutes)

    def show(self) -> None:
        """Open the window on the desk page."""
        self.window.open_page("desk")
        self._tick()
        self.window.show()
        self._idle.watch(self.window.windowHandle())

    @Slot()
    def lock(self) -> None:
        """Cover the desk, if somebody could not simply go on: where nobody has a PIN or card a lock locks nothing."""
        with self.session.library.store.read() as reader:
            guarded = any(one.active and (one.pin_hash or one.card) for one in everybody(reader))
        if guarded and not self.sign_in.is_locked:
            self.window.set_locked(True)
            self.sign_in.lock()

    @Slot()
    def switch(self) -> None:
        """Somebody else sits down at the desk."""
        if not self.sign_in.is_locked:
            self.sign_in.switch()

    @Slot(object)
    def _signed_in(self, person: Person) -> None:
        self.session.person = person
        self.window.set_locked(False)
        self._idle.touch()
        self._tick()
        self.session.refresh.tell("staff")

    def close(self) -> None:
        """Stop devices and jobs and let go of the library."""
        self._clock.stop()
        self._rest.stop()
        self._idle.set_minutes(0)
        self.scanner.close()
        self.sync.close()
        self._upkeep.close()
        self.session.jobs.close()
        self.session.sounds.close()
        self.window.close()
        self.window.deleteLater()
        keep_high_water(self.session.library)
        self.session.library.store.close()
        self._garbage.stop()

    def apply(self, preferences: Preferences) -> None:
        """Wear and keep changed preferences. Another scale needs pages made anew, so the window is rebuilt."""
        rebuilt = preferences.scale != self.session.preferences.scale
        self._idle.set_minutes(preferences.lock_minutes)
        self.session.preferences = preferences
        write_preferences(self.session.folder, preferences)
        apply_theme(self._qt, DARK if preferences.dark else LIGHT, preferences.scale)
        self._apply_devices(preferences)
        if rebuilt:
            QTimer.singleShot(0, self._rebuild)

    def _rebuild(self) -> None:
        old, page = self.window, self.window.current_key()
        self.window = self._make_window()
        self.sign_in = self._make_sheet()
        self.window.setGeometry(old.geometry())
        self.window.open_page(page)
        self.readers.show_states()
        self._tick()
        self.window.show()
        self._idle.watch(self.window.windowHandle())
        old.close()
        old.deleteLater()

    def _make_window(self) -> MainWindow:
        everywhere = (Action("تعویض کاربر", self.switch, SWITCH), Action("قفل کردن میز", self.lock, LOCK))
        window = MainWindow(self._pages(), StatusLine(), self._library_words(), everywhere)
        window.opened.connect(self._opened)
        return window

    def _library_words(self) -> str:
        branch = self.session.library.branch
        return f"{branch.name} — {branch.city}"

    def _make_sheet(self) -> SignInSheet:
        sheet = SignInSheet(self.window.centre, self.session)
        sheet.signed_in.connect(self._signed_in)
        return sheet

    def _pages(self) -> tuple[PageSpec, ...]:
        session = self.session
        return (
            PageSpec("home", "امروز", "home", "Ctrl+F1", Group.DESK, self._home),
            PageSpec("desk", "میز امانت", "arrows-exchange", "F1", Group.DESK, self._desk),
            PageSpec("members", "اعضا", "users", "F2", Group.DESK, self._members),
            PageSpec("catalogue", "فهرست و جستجو", "books", "F3", Group.DESK, lambda: _page("catalogue")(session)),
            PageSpec("holds", "رزرو", "bookmark", "F4", Group.DESK, lambda: _page("holds")(session)),
            PageSpec("money", "حساب‌ها", "cash", "F9", Group.DESK, lambda: _page("money")(session)),
            PageSpec("scans", "اسکن گروهی", "barcode", "", Group.COLLECTION, lambda: _page("scans")(session)),
            PageSpec("calls", "پیگیری دیرکرد", "clock", "Ctrl+F2", Group.DESK, lambda: _page("calls")(session)),
            PageSpec("routes", "سیار و پست", "truck-delivery", "Ctrl+F3", Group.DESK, lambda: _page("routes")(session)),
            PageSpec("lost", "مفقودی", "help-circle", "Ctrl+F8", Group.DESK, self._lost),
            PageSpec(
                "clearance", "تسویه‌حساب", "list-check", "Ctrl+F7", Group.DESK, lambda: _page("clearance")(session)
            ),
            PageSpec(
                "stocktake", "رف‌خوانی", "checkup-list", "F5", Group.COLLECTION, lambda: _page("stocktake")(session)
            ),
            PageSpec("weeding", "وجین", "recycle", "F6", Group.COLLECTION, lambda: _page("weeding")(session)),
            PageSpec("binding", "صحافی", "needle-thread", "F7", Group.COLLECTION, lambda: _page("binding")(session)),
            PageSpec("reports", "گزارش‌ها", "chart-bar", "F8", Group.COLLECTION, lambda: _page("reports")(session)),
            PageSpec("exchange", "مبادله", "package", "Ctrl+F9", Group.COLLECTION, lambda: _page("exchange")(session)),
            PageSpec("wishes", "درخواست خرید", "book-2", "F11", Group.COLLECTION, lambda: _page("wishes")(session)),
            PageSpec(
                "network",
                "کتابخانه‌های دیگر",
                "building",
                "",
                Group.COLLECTION,
                lambda: _page("network")(session),
            ),
            PageSpec("sync", "همگام‌سازی", "refresh", "Ctrl+F11", Group.LAST, lambda: _page("sync")(session, self.sync)),
            PageSpec("staff", "کارکنان", "user-cog", "Ctrl+F6", Group.LAST, lambda: _page("staff")(session)),
            PageSpec("calendar", "تقویم کاری", "calendar", "Ctrl+F4", Group.LAST, lambda: _page("calendar")(session)),
            PageSpec("policies", "قواعد امانت", "scale", "Ctrl+F5", Group.LAST, lambda: _page("policies")(session)),
            PageSpec("settings", "تنظیمات", "settings", "", Group.LAST, self._settings),
        )

    def _home(self) -> Any:
        page = _page("home")(self.session)
        page.duty_wanted.connect(self._to_duty)
        return page

    def _desk(self) -> DeskPage:
        page = DeskPage(self.session)
        page.money_wanted.connect(self._to_account)
        page.hold_wanted.connect(self._to_holds)
        return page

    def _members(self) -> Any:
        page = _page("members")(self.session)
        page.desk_wanted.connect(self._to_desk)
        return page

    def _lost(self) -> Any:
        page = _page("lost")(self.session)
        page.money_wanted.connect(self._to_account)
        return page

    def _settings(self) -> Any:
        page = _page("settings")(self.session, self.apply)
        page.switch_wanted.connect(self.switch)
        return page

    @Slot(object)
    def _to_duty(self, duty: "Duty") -> None:
        """Where a duty of the home page is done: its page, the part of it, and the paper or season it is about."""
        from ui.home.ways import way_of  # knows the pages, which are loaded when they are opened

        page, way, subject = self.window.open_page(duty.page), way_of(duty), duty.subject
        if not isinstance(page, Page):
            return
        for action in page.commands():
            if way and action.key == way:
                action.run()
                break
        if subject.year and subject.number:
            page.show_subject(subject.year, subject.number)

    @Slot(str)
    def _to_desk(self, card: str) -> None:
        page = self.window.open_page("desk")
        if isinstance(page, DeskPage):
            page.select_member(card)

    @Slot(str)
    def _to_account(self, member_no: str) -> None:
        page: Any = self.window.open_page("money")
        page.select_member(member_no)

    @Slot(str, str)
    def _to_holds(self, member: str, copy: str) -> None:
        """A new hold, begun for the reader and the title that are on the desk."""
        page: Any = self.window.open_page("holds")
        page.new_hold()
        for code in filter(None, (member, copy)):
            page.placing.take(code)

    @Slot(str, str)
    def _opened(self, before: str, now: str) -> None:
        """From the desk to the accounts: the reader on screen is the one whose account is wanted (F9)."""
        desk, money = self.window.page("desk"), self.window.page("money")
        if (before, now) != ("desk", "money") or not isinstance(desk, DeskPage) or not desk.member_key():
            return
        asked: Any = money
        if not asked.account.asking.is_open():
            asked.select_member(desk.member_key())

    @Slot(object)
    def _scanned(self, scan: Scan | Unreadable) -> None:
        self._idle.touch()
        if self._is_for_sign_in(scan):
            return
        page = self.window.current_page()
        if isinstance(page, Page):
            page.on_scan(scan)

    def _is_for_sign_in(self, scan: Scan | Unreadable) -> bool:
        """A staff card changes places wherever it is shown, except on the page where such cards are given out. While
        the desk is locked no other code is heard."""
        if self.sign_in.is_locked:
            if isinstance(scan, Scan):
                self.sign_in.take_card(scan.text)
            return True
        return isinstance(scan, Scan) and self.window.current_key() != "staff" and self.sign_in.take_card(scan.text)

    @Slot(frozenset)
    def _changed(self, names: frozenset[str]) -> None:
        if "rules" in names:
            self.window.navigation.set_library(self._library_words())

    def _show_reader(self, name: str, words: str, tone: Tone) -> None:
        self.window.status.set_device(name, words, tone)

    def _apply_devices(self, preferences: Preferences) -> None:
        self.session.sounds.muted = not preferences.sounds
        self.readers.apply(preferences)

    @Slot()
    def _tick(self) -> None:
        stamp = self.session.library.clock.read()
        time = to_persian(stamp.at.astimezone(TEHRAN).strftime("%H:%M"))
        doubt = " (تاریخ رایانه؟)" if stamp.doubtful else ""
        self.window.status.set_clock(f"{jalali.long(stamp.day)} · {time}{doubt}")
        person = self.session.person
        self.window.status.set_user(f"کاربر: {person.name} ({ROLE[person.role]})")
        self._show_sync()
        self._nights.look()
        self.sync.look()

    @Slot()
    def _show_sync(self) -> None:
        now = self.session.library.clock.read().at
        self.window.status.set_sync(*status_line(self.sync.state(), now, busy=self.sync.busy))


# Pages beside the desk are loaded when they are first shown: the start pays only for what is in front (performance,
# P6).
PAGES = {
    "home": ("ui.home.page", "HomePage"),
    "members": ("ui.members.page", "MembersPage"),
    "catalogue": ("ui.catalogue.page", "CataloguePage"),
    "holds": ("ui.holds.page", "HoldsPage"),
    "calls": ("ui.calls.page", "CallsPage"),
    "routes": ("ui.routes.page", "RoutesPage"),
    "lost": ("ui.lost.page", "LostPage"),
    "clearance": ("ui.clearance.page", "ClearancePage"),
    "money": ("ui.money.page", "MoneyPage"),
    "weeding": ("ui.weeding.page", "WeedingPage"),
    "binding": ("ui.binding.page", "BindingPage"),
    "exchange": ("ui.exchange.page", "ExchangePage"),
    "wishes": ("ui.wishes.page", "WishesPage"),
    "network": ("ui.network.page", "NetworkPage"),
    "stocktake": ("ui.stocktake.page", "StocktakePage"),
    "scans": ("ui.scans.page", "ScansPage"),
    "reports": ("ui.reports.page", "ReportsPage"),
    "staff": ("ui.staff.page", "StaffPage"),
    "calendar": ("ui.timetable.page", "TimetablePage"),
    "policies": ("ui.policies.page", "PoliciesPage"),
    "sync": ("ui.sync.page", "SyncPage"),
    "settings": ("ui.settings.page", "SettingsPage"),
}


def _page(key: str) -> Any:
    module, name = PAGES[key]
    return getattr(importlib.import_module(module), name)
