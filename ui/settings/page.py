"""The settings page: how this desk looks and sounds, its scanner and its user, and how the library stands."""

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot

from app.devices.scan import Scan, Unreadable
from app.labels import ROLE
from app.library import Person
from ui.keys import KeyHelp
from ui.page import Action, Page
from ui.preferences import Preferences
from ui.session import Session
from ui.settings.about import AboutCard
from ui.settings.devices import TRY, ScannerCard
from ui.settings.health import CHECK, HealthCard
from ui.settings.library_card import LibraryCard
from ui.settings.lines import card, setting
from ui.settings.looks import LooksCard
from ui.widgets.inputs import Choice
from ui.widgets.labels import isolate
from ui.widgets.layouts import column, row

MARGINS = (22, 18, 22, 18)


class SettingsPage(Page):
    """`apply` wears and keeps changed preferences. `person_chosen` carries the `Person` who works at the desk now."""

    person_chosen = Signal(object)

    def __init__(self, session: Session, apply: Callable[[Preferences], None]) -> None:
        super().__init__()
        self._session, self._apply = session, apply
        self._people: tuple[Person, ...] = ()
        self.looks = LooksCard(session.preferences, session.sounds)
        self.scanner = ScannerCard(session.preferences, session.jobs)
        self.person = Choice()
        self.library = LibraryCard()
        self.health = HealthCard(session)
        self.about = AboutCard(session.folder)
        who = card("کاربر میز", setting("اکنون", self.person, help_text="نام او در دفتر رویدادها نوشته می‌شود."))
        first = column(self.looks, who, self.scanner, None, gap=14)
        second = column(self.library, self.health, self.about, None, gap=14)
        whole = row(first, second, gap=14, margins=MARGINS)
        whole.setStretch(0, 1)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.looks.changed.connect(self._wanted)
        self.scanner.changed.connect(self._wanted)
        self.person.activated.connect(self._choose_person)

    def on_shown(self) -> None:
        self._show_people()
        self.scanner.list_ports()
        self.library.show_library(self._session.library)
        self.looks.scale.setFocus()

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """A scan on this page is a trial."""
        self.scanner.show_scan(scan)

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (KeyHelp(TRY, "آزمایش درگاه بارکدخوان"), KeyHelp(CHECK, "بررسی سلامت داده‌ها"))

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("بررسی سلامت داده‌ها", self.health.start, CHECK),
            Action("آزمایش درگاه بارکدخوان", self.scanner.try_port, TRY),
            Action("متن مجوزها", self.about.toggle),
        )

    @Slot(object)
    def _wanted(self, preferences: Preferences) -> None:
        self._apply(preferences)
        self.looks.show_preferences(preferences)
        self.scanner.show_preferences(preferences)

    def _show_people(self) -> None:
        self._people = self._session.library.people()
        options = tuple((str(person.id), f"{isolate(person.name)} — {ROLE[person.role]}") for person in self._people)
        self.person.set_options(options)
        self.person.choose(str(self._session.person.id))

    @Slot()
    def _choose_person(self) -> None:
        chosen = next((person for person in self._people if str(person.id) == self.person.code()), None)
        if chosen is not None and chosen != self._session.person:
            self._session.person = chosen
            self.person_chosen.emit(chosen)
