"""The ways to reach a member, and what is known of each: asked for at a visit, called in vain (001 یافته‌ها الف)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from PySide6.QtCore import Slot

from app.labels import CONTACT_HEALTH, CONTACT_KIND
from app.members.identity import to_e164
from app.notices.contacts import TELEPHONES, Contact, ContactSet, Whose, contacts_of, set_contact
from app.outcome import Refused
from db.codes import ContactHealth
from ui.members.questions import contact_question
from ui.members.rows import telephone
from ui.members.side import CONTACTS, Side
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import isolate, ltr
from ui.widgets.row_view import RowView
from ui.widgets.table import Column, RowTable

RIGHT, DOUBTFUL, WRONG = "Ctrl+1", "Ctrl+2", "Ctrl+3"
ROW_HEIGHT = 56
TONES: Mapping[ContactHealth, Tone] = MappingProxyType(
    {
        ContactHealth.UNKNOWN: Tone.NEUTRAL,
        ContactHealth.VERIFIED: Tone.OK,
        ContactHealth.DOUBTFUL: Tone.WARN,
        ContactHealth.BAD: Tone.REFUSE,
    }
)
WHOSE: Mapping[Whose, str] = MappingProxyType({Whose.GUARDIAN: "سرپرست", Whose.GUARANTOR: "ضامن"})


class ContactsSide(Side):
    """Every contact with its health; three keys say what was found out, one writes a new number."""

    def __init__(self, session: Session) -> None:
        self.table: RowTable[Contact] = RowTable(
            (
                Column("شماره یا نشانی", _value, sub=_kind, stretch=1, strong=True),
                Column(
                    "", lambda row: CONTACT_HEALTH[row.health], width=96, pill=True, tone=lambda row: TONES[row.health]
                ),
            ),
            key=lambda row: (row.kind, row.value),
        )
        self.view = RowView(self.table, ROW_HEIGHT)
        self.view.set_empty("راه تماسی ثبت نشده است", "شماره را بپرسید و بنویسید.", "info-circle")
        self.right, self.doubtful = Button("درست است", RIGHT, icon="check"), Button("مشکوک است", DOUBTFUL)
        self.wrong, self.add = (
            Button("نادرست است", WRONG, icon="x"),
            Button("راه تماس تازه", CONTACTS, "primary", "plus"),
        )
        super().__init__(session, "راه‌های تماس", (self.view,), (self.add, self.right, self.doubtful, self.wrong))
        self._body.setStretch(2, 1)
        self.add.clicked.connect(self._ask)
        for button, health in (
            (self.right, ContactHealth.VERIFIED),
            (self.doubtful, ContactHealth.DOUBTFUL),
            (self.wrong, ContactHealth.BAD),
        ):
            button.clicked.connect(self._marking(health))

    def read_again(self) -> None:
        if self._chosen is None:
            return
        with self._session.library.store.read() as reader:
            self.table.set_rows(contacts_of(reader, self._chosen.card.member.id))
        for button in (self.right, self.doubtful, self.wrong):
            button.setEnabled(self.table.rowCount() > 0)
        if not self.view.chosen():
            self.view.choose_place(0)
        self.view.setFocus()

    def _marking(self, health: ContactHealth) -> Callable[[], None]:
        return lambda: self._mark(health)

    def _mark(self, health: ContactHealth) -> None:
        if self._chosen is None:
            return
        for contact in self.view.chosen()[:1]:
            member_no = self._chosen.card.member.member_no
            outcome = set_contact(
                self._session.library, member_no, contact.kind, contact.value, health, self._session.act()
            )
            if isinstance(outcome, Refused):
                self.refuse("عوض نشد", outcome.refusals)
            elif isinstance(outcome, ContactSet):
                title = f"{_value(contact)} — {CONTACT_HEALTH[health]}"
                self.said.emit(Said(Tone.OK, title, (), Sound.CHECKED_IN, "بازگرداندن" if outcome.changed else ""))
                self.changed.emit()

    @Slot()
    def _ask(self) -> None:
        if self._chosen is not None:
            self.asked.emit(contact_question(self._session, self._chosen))


def _value(contact: Contact) -> str:
    if contact.kind in TELEPHONES:
        return telephone(to_e164(contact.value) or contact.value)
    return ltr(contact.value) if contact.value.isascii() else isolate(contact.value)


def _kind(contact: Contact) -> str:
    whose = f"{WHOSE[contact.whose]} {isolate(contact.name)}" if contact.whose in WHOSE else ""
    return " · ".join(part for part in (CONTACT_KIND[contact.kind], whose) if part)
