"""Who works at the desk: changing places, and the lock that keeps the half-done screen under it."""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.labels import ROLE
from app.library import Person
from app.outcome import Refused
from app.refusal import Refusal
from app.staff.contact import TOO_LONG
from app.staff.service import SignedIn, sign_in, sign_in_with_card
from app.wording import way_out, why
from db.trouble import Trouble
from ui.errors import told
from ui.keys import ESCAPE
from ui.overlay import Overlay
from ui.session import Session
from ui.sounds import Sound
from ui.style import look
from ui.widgets import paint
from ui.widgets.ask_path import AskWhich, ask_which
from ui.widgets.buttons import Button
from ui.widgets.inputs import Choice
from ui.widgets.labels import Label, isolate, ltr, mark
from ui.widgets.layouts import column, row

ENTER, BRING = "Ctrl+Enter", "Ctrl+O"
PACKAGES = "بستهٔ همگام‌سازی (*.psu *.psr)"
_UNKNOWN = Refusal("staff.unknown")


class SignInSheet(Overlay):
    """`signed_in` carries the `Person` who works here from now on. While the desk is locked nothing shows through, and
    only a PIN or a staff card takes the sheet away. Where nobody may sign in because the centre has not been heard of,
    its package can be brought in here."""

    signed_in = Signal(object)

    def __init__(self, host: QWidget, session: Session) -> None:
        self.people, self.pin = Choice(), QLineEdit()
        self.enter = Button("آغاز کار", ENTER, "primary", "check")
        self.bring = Button("آوردن بستهٔ مرکز…", BRING, icon="download")
        self.ask_which: AskWhich = ask_which
        self._title, self._said = Label("", "title"), Label("", "error", wrap=True)
        how = Label(
            f"نام خود را برگزینید، رمز را بنویسید و {ltr('Enter')} بزنید؛ یا کارت خود را روی دستگاه بگذارید.",
            "muted",
            wrap=True,
        )
        self._back = Label(f"{ltr(ESCAPE)} بازگشت به کار", "small")
        fields = column(Label("نام", "muted"), self.people, Label("رمز", "muted"), self.pin, gap=6)
        body = column(
            self._title, how, fields, self._said, row(self._back, None, self.bring, self.enter, gap=10), gap=14
        )
        super().__init__(host, body, 460)
        self._session = session
        self._people: Sequence[Person] = ()
        self._locked = False
        self._said.hide()
        self.bring.hide()
        self.people.setAccessibleName("نام")
        self.pin.setAccessibleName("رمز")
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(40)
        self.pin.setAlignment(paint.START)
        self.setFocusProxy(self.pin)
        self.pin.returnPressed.connect(self.take_pin)
        self.enter.clicked.connect(self.take_pin)
        self.bring.clicked.connect(self.bring_package)
        self.people.activated.connect(self._other_person)

    @property
    def is_locked(self) -> bool:
        """Whether the desk lies under lock."""
        return self._locked

    def switch(self) -> None:
        """Ask who works here now; Esc goes back."""
        self._begin("چه کسی پشت میز است؟", locked=False)

    def lock(self) -> None:
        """Cover the desk until somebody signs in. What stands on it stays as it is."""
        self._begin("میز قفل است", locked=True)

    def take_card(self, code: str) -> bool:
        """A card was scanned; whether it is somebody's who works here."""
        library = self._session.library
        outcome = sign_in_with_card(library.store, code, library.clock.read(), offline_days=library.offline_days)
        if outcome is None:
            if self._locked:
                self._refuse(_UNKNOWN)
            return False
        if isinstance(outcome, Refused):
            self._refuse(outcome.refusals[0])
        else:
            self._welcome(outcome)
        return True

    @Slot()
    def take_pin(self) -> None:
        """Try the PIN for the person chosen. Raises Trouble as the store does."""
        person = next((one for one in self._people if str(one.id) == self.people.code()), None)
        if person is None:
            self._refuse(_UNKNOWN)
            return
        library = self._session.library
        outcome = sign_in(
            library.store,
            library.clock.read(),
            person_id=person.id,
            pin=self.pin.text(),
            offline_days=library.offline_days,
        )
        if isinstance(outcome, Refused):
            self._refuse(outcome.refusals[0])
        else:
            self._welcome(outcome)

    @Slot()
    def bring_package(self) -> None:
        """Take in a package of the centre: its word lets people sign in again."""
        path = self.ask_which(self, PACKAGES)
        if path is not None:
            self._take_in(path)

    def dismiss(self) -> None:
        if not self._locked:
            super().dismiss()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._locked:
            super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._locked:
            QPainter(self).fillRect(self.rect(), QColor(look().theme.nav))
        else:
            super().paintEvent(event)

    def _take_in(self, path: Path) -> None:
        library = self._session.library

        def work(_: object) -> Any:
            # What synchronisation needs is loaded here, not by the start.
            return importlib.import_module("ui.sync.rounds").take_file(library, path)

        job = self._session.jobs.start("آوردن بسته", work)
        job.finished.connect(self._brought)
        job.failed.connect(self._not_brought)

    @Slot(object)
    def _brought(self, _: object) -> None:
        self.bring.hide()
        self._say("بستهٔ مرکز آورده شد. رمز را دوباره بنویسید.")
        self.pin.setFocus()

    @Slot(object)
    def _not_brought(self, error: BaseException) -> None:
        if not isinstance(error, Trouble):
            raise error
        _, message = told(error)
        self._say(f"{message.what} {message.lost} {message.do}")

    def _begin(self, title: str, *, locked: bool) -> None:
        self._locked = locked or self._locked
        self._people = self._session.library.people()
        self.people.set_options(tuple((str(one.id), f"{isolate(one.name)} — {ROLE[one.role]}") for one in self._people))
        self.people.choose(str(self._session.person.id))
        self._title.say(title if not self._locked else "میز قفل است")
        self._back.setVisible(not self._locked)
        self._say("")
        self.pin.clear()
        self.open()

    def _welcome(self, found: SignedIn) -> None:
        self._locked = False
        self.pin.clear()
        self.dismiss()
        self.signed_in.emit(Person(found.person_id, found.name, found.role))

    def _refuse(self, refusal: Refusal) -> None:
        self.pin.clear()
        self.pin.setFocus()
        self._say(f"{why(refusal)} {way_out(refusal)}")
        self.bring.setVisible(refusal.code == TOO_LONG)
        self._session.sounds.play(Sound.REFUSED)

    def _say(self, text: str) -> None:
        self._said.say(text)
        self._said.setVisible(bool(text))
        mark(self.pin, wrong=bool(text))

    @Slot()
    def _other_person(self) -> None:
        self._say("")
        self.pin.clear()
        self.pin.setFocus()
