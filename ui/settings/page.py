"""The settings page: how this desk looks and sounds, its scanner and its user, and how the library stands."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal, Slot

from app.devices.scan import Scan, Unreadable
from app.labels import ROLE
from app.persian.digits import number
from ui.keys import LOCK, SWITCH, KeyHelp
from ui.page import Action, Page
from ui.preferences import Preferences
from ui.session import Session
from ui.settings import guideline_card, signers_card
from ui.settings.about import AboutCard
from ui.settings.branch_card import EDIT, SAVE
from ui.settings.devices import TRY, ScannerCard
from ui.settings.health import CHECK, HealthCard
from ui.settings.library_card import LibraryCard
from ui.settings.lines import card, setting
from ui.settings.looks import LooksCard
from ui.widgets.buttons import Button
from ui.widgets.inputs import Choice
from ui.widgets.labels import Label, isolate, ltr
from ui.widgets.layouts import column, row

MARGINS = (22, 18, 22, 18)
IDLE = {0: "هرگز"} | {minutes: f"پس از {number(minutes)} دقیقه" for minutes in (3, 5, 10, 15, 30)}


class SettingsPage(Page):
    """`apply` wears and keeps changed preferences. `switch_wanted`: somebody else is to sign in."""

    switch_wanted = Signal()

    def __init__(self, session: Session, apply: Callable[[Preferences], None]) -> None:
        super().__init__()
        self._session, self._apply = session, apply
        self.looks = LooksCard(session.preferences, session.sounds)
        self.scanner = ScannerCard(session.preferences, session.jobs)
        self.person, self.switch = Label("", "strong"), Button("تعویض کاربر", SWITCH, icon="user")
        self.idle = Choice(tuple((str(minutes), words) for minutes, words in IDLE.items()))
        self.library = LibraryCard(session)
        self.health = HealthCard(session)
        self.about = AboutCard(session.folder)
        who = card(
            "کاربر میز",
            setting("اکنون", self.person, self.switch, help_text="نام او در دفتر رویدادها نوشته می‌شود."),
            setting("قفل خودکار", self.idle, help_text=f"کار نیمه‌تمام زیر قفل می‌ماند. قفل فوری: {ltr(LOCK)}"),
        )
        first = column(self.looks, who, self.scanner, None, gap=14)
        second = column(self.library, self.health, self.about, None, gap=14)
        whole = row(first, second, gap=14, margins=MARGINS)
        whole.setStretch(0, 1)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.looks.changed.connect(self._wanted)
        self.scanner.changed.connect(self._wanted)
        self.switch.clicked.connect(self.switch_wanted)
        self.idle.activated.connect(self._choose_idle)
        session.refresh.changed.connect(self._show_person)
        self.library.branch.saved.connect(self._library_changed)
        self.library.guideline.saved.connect(self._library_changed)

    def on_shown(self) -> None:
        self._show_person()
        self.scanner.list_ports()
        self.library.show_library(self._session.library)
        self.looks.scale.setFocus()

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """A scan on this page is a trial."""
        self.scanner.show_scan(scan)

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp(TRY, "آزمایش درگاه بارکدخوان"),
            KeyHelp(CHECK, "بررسی سلامت داده‌ها"),
            KeyHelp(EDIT, "ویرایش مشخصات کتابخانه"),
            KeyHelp(SAVE, "ثبت مشخصات کتابخانه"),
            KeyHelp(guideline_card.EDIT, "ویرایش ارقام دستورالعمل وجین"),
            KeyHelp(guideline_card.SAVE, "ثبت ارقام دستورالعمل وجین"),
            KeyHelp(signers_card.ADD, "افزودن کلید امضای یک اداره"),
            KeyHelp(signers_card.SAVE, "ثبت کلید امضا"),
            KeyHelp(signers_card.REMOVE, "برداشتن کلید برگزیده"),
            KeyHelp(signers_card.YES, "تأیید، در پاسخ پرسش"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("بررسی سلامت داده‌ها", self.health.start, CHECK),
            Action("آزمایش درگاه بارکدخوان", self.scanner.try_port, TRY),
            Action("متن مجوزها", self.about.toggle),
            Action("ویرایش مشخصات کتابخانه", self.library.branch.begin, EDIT),
            Action("ویرایش ارقام دستورالعمل وجین", self.library.guideline.begin, guideline_card.EDIT),
            Action("افزودن کلید امضای یک اداره", self.library.signers.begin, signers_card.ADD),
        )

    def on_escape(self) -> None:
        for form in (self.library.branch, self.library.guideline, self.library.signers):
            if form.is_open():
                form.end()

    @Slot()
    def _library_changed(self) -> None:
        self._session.refresh.tell("rules")

    @Slot(object)
    def _wanted(self, preferences: Preferences) -> None:
        self._apply(preferences)
        self.looks.show_preferences(preferences)
        self.scanner.show_preferences(preferences)

    @Slot()
    def _show_person(self) -> None:
        person = self._session.person
        self.person.say(f"{isolate(person.name)} — {ROLE[person.role]}")
        self.idle.choose(str(self._session.preferences.lock_minutes))

    @Slot()
    def _choose_idle(self) -> None:
        self._wanted(replace(self._session.preferences, lock_minutes=int(self.idle.code())))
