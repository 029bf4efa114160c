"""The clean-up list of contacts (001: wrong numbers): ask at the next visit, write what is right."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from app.notices.contacts import ContactSet, DoubtfulContact, contacts_to_check, set_contact
from app.outcome import NotFound
from app.persian.digits import to_persian
from db.codes import ContactHealth, ContactKind
from ui.calls import words
from ui.calls.rows import ROW_HEIGHT, doubt_table, telephone
from ui.circulation.words import Said
from ui.session import Session
from ui.sounds import Sound
from ui.style import look
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column, row
from ui.widgets.row_list import RowList

STORE, RIGHT, WRONG = "Ctrl+S", "Ctrl+Enter", "Ctrl+Delete"
WIDTH = 360


class Cleaning(QWidget):
    """`said` goes to the banner, `counted` how many contacts are doubtful."""

    said = Signal(object)
    counted = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.list = RowList(doubt_table(), noun="شماره", row_height=ROW_HEIGHT)
        self.list.set_empty(
            "همهٔ شماره‌ها درست به نظر می‌رسند", "شمارهٔ نادرست، تکراری یا خالی اینجا می‌آید.", "circle-check"
        )
        self._name, self._about = Label("", "heading", wrap=True), Label("", "muted", wrap=True)
        self._number = Label("", "number")
        self.new = QLineEdit()
        self.new.setPlaceholderText("۰۹۱۲ ۳۴۵ ۶۷۸۹")
        self.new.setAccessibleName("شمارهٔ تازه")
        self.new.setMaxLength(24)
        self._store = Button("ثبت شمارهٔ تازه", STORE, "primary", "check")
        self._right = Button("همین درست است", RIGHT)
        self._wrong = Button("نادرست است", WRONG, icon="x")
        body = column(
            self._name, self._about, self._number, Flow(self._right, self._wrong), 8,
            Label("شمارهٔ تازه را بپرسید و بنویسید", "muted"), self.new, row(self._store, None), None, gap=8,
        )  # fmt: skip
        side = Card(body)
        side.setFixedWidth(look().px(WIDTH))
        work = row(self.list, side, gap=14)
        work.setStretch(0, 1)
        self.setLayout(work)
        self.setFocusProxy(self.list.view)
        self.list.view.current_row.connect(self._show)
        self._store.clicked.connect(self.store_new)
        self._right.clicked.connect(lambda: self._mark(ContactHealth.VERIFIED))
        self._wrong.clicked.connect(lambda: self._mark(ContactHealth.BAD))

    def on_escape(self) -> bool:
        """Nothing lies open here."""
        return False

    def reload(self) -> None:
        """Read the list anew."""
        library = self._session.library
        with library.store.read() as reader:
            found = contacts_to_check(library, reader)
        self.list.set_rows(found)
        self.counted.emit(len(found))
        if not self.list.view.chosen():
            self.list.view.choose_place(0)
        chosen = self.list.view.chosen()
        for button in (self._store, self._right, self._wrong, self.new):
            button.setEnabled(bool(chosen))
        if not chosen:
            for label in (self._name, self._about, self._number):
                label.say("")

    @Slot()
    def store_new(self) -> None:
        """Ctrl+S: the number the reader has told."""
        for row_ in self.list.view.chosen()[:1]:
            self._set(row_, self.new.text(), ContactHealth.VERIFIED, ContactKind.MOBILE)

    def _mark(self, health: ContactHealth) -> None:
        for row_ in self.list.view.chosen()[:1]:
            if row_.value:
                self._set(row_, row_.value, health, row_.kind)

    def _set(self, contact: DoubtfulContact, value: str, health: ContactHealth, kind: ContactKind) -> None:
        outcome = set_contact(self._session.library, contact.member_no, kind, value, health, self._session.act())
        if isinstance(outcome, ContactSet):
            self.new.clear()
            title = f"ثبت شد — {isolate(contact.name)}"
            self.said.emit(Said(Tone.OK, title, (telephone(outcome.value),), Sound.CHECKED_IN, "برداشتن این ثبت"))
            self._session.refresh.tell("members")
        elif not isinstance(outcome, NotFound):
            self.said.emit(words.refused(outcome.refusals, "شماره ثبت نشد"))
            return
        self.reload()

    @Slot(object)
    def _show(self, contact: DoubtfulContact) -> None:
        self._name.say(isolate(contact.name))
        self._about.say(f"عضو {to_persian(contact.member_no)} · {words.DOUBT[contact.doubt]}")
        self._number.say(telephone(contact.value) or "—")
        self.new.clear()
