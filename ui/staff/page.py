"""The staff page: the people of the library, the form of one of them, what each role may do, who signs, and what they
were taught."""

import uuid
from typing import assert_never

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from app.actions import Action as Permission
from app.circulation.reads import BY_MEMBER_ID, find_member
from app.devices.scan import Scan, Unreadable
from app.labels import ROLE
from app.outcome import Refused
from app.refusal import Refusal
from app.staff.people import DESK_ROLES, StaffFacts, everybody
from app.staff.pins import forget_tries
from app.staff.service import StaffForm, StaffSaved, add_person, edit_person
from app.wording import way_out, why
from db.codes import Role
from ui.keys import KeyHelp
from ui.page import Action, Page
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.staff.offices import END as END_OFFICE
from ui.staff.offices import SAVE as SAVE_OFFICE
from ui.staff.offices import OfficesCard
from ui.staff.permissions import TURN, PermissionsCard
from ui.staff.rows import ROW_HEIGHT, staff_table
from ui.staff.trainings import NEW as NEW_TRAINING
from ui.staff.trainings import WITHDRAW as WITHDRAW_TRAINING
from ui.staff.trainings import TrainingsCard
from ui.style import look
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind, TextInput
from ui.widgets.form_values import text_of
from ui.widgets.front import Front
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList

SIGNATORIES, TRAININGS = 1, 2
MARGINS = (22, 18, 22, 18)
NEW, SAVE, UNBLOCK = "Ctrl+N", "Ctrl+S", "Ctrl+U"
_WIDTH, _NARROW = 500, 440  # beside the people; large writing needs the room for them
FIELD_OF = {
    "staff.name_taken": "name", "staff.card_taken": "card", "staff.pin_weak": "pin", "staff.member_unknown": "member",
}  # fmt: skip


def fields() -> tuple[Field, ...]:
    """What is written of a person."""
    return (
        Field("name", "نام و نام خانوادگی", required=True, longest=120),
        Field("role", "نقش", Kind.CHOICE, options=tuple((role.value, ROLE[role]) for role in DESK_ROLES)),
        Field("pin", "رمز تازه", Kind.LATIN, help="۴ تا ۱۲ رقم؛ خالی یعنی همان رمز پیشین.", longest=12),
        Field("card", "کارت کارمندی", Kind.LATIN, help="کارت را روی دستگاه بگذارید.", longest=64),
        Field("member", "شمارهٔ عضویت خودش", Kind.LATIN, help="تا کسی بدهی خود را نبخشد.", longest=64),
        Field("active", "اینجا کار می‌کند", Kind.TICK),
    )


class StaffPage(Page):
    """People at the right, the form of the chosen one under them; beside both the permissions of a role, the
    signatories and the committee, or the trainings."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._chosen: StaffFacts | None = None
        self.banner = Banner()
        self.banner.hide()
        self.people = RowList(staff_table(), title="کارکنان", noun="نفر", row_height=ROW_HEIGHT)
        self.people.filter.hide()
        self.form = Form(fields(), lambda: session.act().day)
        pin = self.form.input("pin")
        if isinstance(pin, TextInput):
            pin.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.new = Button("کارمند تازه", NEW, icon="user-plus")
        self.save = Button("ثبت", SAVE, "primary", "check")
        self.unblock = Button("گشودن رمز بسته", UNBLOCK, icon="lock-open")
        self.permissions, self.offices = PermissionsCard(session), OfficesCard(session)
        self.trainings = TrainingsCard(session)
        self._heading = Label("", "heading")
        self._lay_out()
        self._connect()

    def on_shown(self) -> None:
        self._read_again()
        self.permissions.show_role()
        self.offices.reload()
        self.trainings.reload()
        if self._chosen is None and self.people.table.total():
            self.people.view.choose_place(0)
        self.people.view.setFocus()

    def on_escape(self) -> None:
        self.banner.hide()
        self._show(self._chosen)
        self.people.view.setFocus()

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """A card on this page is the card of the person in the form."""
        if isinstance(scan, Unreadable):
            self._say(Tone.REFUSE, "کارت ناخوانا", "دوباره روی دستگاه بگذارید.", Sound.REFUSED)
        else:
            self.form.input("card").set_value(scan.text)
            self.form.show_mistake("card", "")
            self._session.sounds.play(Sound.CHECKED_IN)

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp(NEW, "کارمند تازه"),
            KeyHelp(SAVE, "ثبت فرم"),
            KeyHelp(UNBLOCK, "گشودن رمز بسته"),
            KeyHelp(TURN, "اختیارها، امضاکنندگان و کمیته، آموزش‌ها"),
            KeyHelp(SAVE_OFFICE, "ثبت امضاکننده، یا آموزش"),
            KeyHelp(END_OFFICE, "پایان سمت"),
            KeyHelp(NEW_TRAINING, "آموزش تازه"),
            KeyHelp(WITHDRAW_TRAINING, "برداشتن آموزشی که نادرست ثبت شد"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("کارمند تازه", self.new_person, NEW),
            Action("گشودن رمز بسته", self.let_try_again, UNBLOCK),
            Action("امضاکنندگان و کمیتهٔ وجین", lambda: self.turn_to(SIGNATORIES)),
            Action("آموزش کارکنان", lambda: self.turn_to(TRAININGS)),
        )

    @Slot()
    def new_person(self) -> None:
        """An empty form."""
        self.people.view.clearSelection()
        self._show(None)
        self.form.input("name").setFocus()

    @Slot()
    def save_person(self) -> None:
        """Keep what the form says, or show everything that speaks against it. Raises Trouble as the store does."""
        form = self._written() if self.form.check() else None
        if form is None:
            self._session.sounds.play(Sound.REFUSED)
            return
        library, act = self._session.library, self._session.act()
        chosen = self._chosen
        outcome = add_person(library, form, act) if chosen is None else edit_person(library, chosen.id, form, act)
        match outcome:
            case StaffSaved():
                self._say(Tone.OK, f"ثبت شد — {isolate(form.name)}", ROLE[form.role], Sound.CHECKED_IN)
                self._read_again(outcome.person_id)
            case Refused():
                self._refuse(outcome)
            case _:
                assert_never(outcome)

    @Slot()
    def let_try_again(self) -> None:
        """Whoever mistyped the PIN too often may try again at once."""
        forbidden = self._session.library.forbids(self._session.act(), Permission.MANAGE_STAFF)
        if forbidden:
            self._refuse(Refused(forbidden))
        elif self._chosen is not None:
            forget_tries(self._session.library.store, self._chosen.id)
            self._say(Tone.OK, f"رمز {isolate(self._chosen.name)} دوباره پذیرفته می‌شود", "", Sound.CHECKED_IN)

    @Slot()
    def turn_over(self) -> None:
        """Permissions, signatories and trainings take turns beside the people."""
        self.turn_to((self._beside.currentIndex() + 1) % self._beside.count())

    def turn_to(self, place: int) -> None:
        """Bring one of them to the front."""
        self._beside.setCurrentIndex(place)
        self._beside.invalidate()
        first = (self.permissions.role, self.offices.form.input("name"), self.trainings.form.input("subject"))
        first[place].setFocus()

    @Slot(object)
    def _tell(self, said: Said) -> None:
        self.banner.show_outcome(said.tone, said.title, *said.detail)
        self.banner.show()
        self._session.sounds.play(said.sound)

    def _written(self) -> StaffForm | None:
        values = self.form.values()
        member = self._member(text_of(values, "member"))
        if isinstance(member, Refusal):
            self._refuse(Refused((member,)))
            return None
        return StaffForm(
            name=text_of(values, "name") or "",
            role=Role(text_of(values, "role") or Role.LIBRARIAN),
            card=text_of(values, "card"),
            pin=text_of(values, "pin"),
            member_id=member,
            active=bool(values["active"]),
        )

    def _member(self, key: str | None) -> uuid.UUID | Refusal | None:
        if not key:
            return None
        with self._session.library.store.read() as reader:
            found = find_member(reader, key)
        return found.id if found else Refusal("staff.member_unknown", facts={"member": key})

    def _refuse(self, outcome: Refused) -> None:
        for refusal in outcome.refusals:
            if refusal.code in FIELD_OF:
                self.form.show_mistake(FIELD_OF[refusal.code], f"{why(refusal)} {way_out(refusal)}")
        first = outcome.refusals[0]
        self._say(Tone.REFUSE, why(first), way_out(first), Sound.REFUSED)

    def _read_again(self, choose: uuid.UUID | None = None) -> None:
        with self._session.library.store.read() as reader:
            people = everybody(reader)
        self.people.set_rows(sorted(people, key=lambda one: not one.active))
        wanted = choose or (self._chosen.id if self._chosen else None)
        if wanted is not None:
            self.people.view.choose(wanted)
            self._show(next((one for one in people if one.id == wanted), None))

    @Slot(object)
    def _show(self, person: StaffFacts | None) -> None:
        self._chosen = person
        self._heading.say(isolate(person.name) if person else "کارمند تازه")
        self.unblock.setEnabled(person is not None)
        self.trainings.show_person(person)
        self.form.set_values(
            {"role": Role.LIBRARIAN.value, "active": True}
            if person is None
            else {
                "name": person.name, "role": person.role.value, "card": person.card,
                "member": self._number_of(person.member_id), "active": person.active,
            }
        )  # fmt: skip

    def _number_of(self, member_id: uuid.UUID | None) -> str | None:
        if member_id is None:
            return None
        with self._session.library.store.read() as reader:
            member = reader.one(BY_MEMBER_ID, key=member_id)
        return member.member_no if member else None

    def _say(self, tone: Tone, title: str, detail: str, sound: Sound) -> None:
        self.banner.show_outcome(tone, title, *((detail,) if detail else ()))
        self.banner.show()
        self._session.sounds.play(sound)

    def _lay_out(self) -> None:
        head = row(self._heading, None, self.save, gap=8)
        self.people.add_tool(self.new)
        first = column(self.people, Card(column(head, self.form, row(None, self.unblock), gap=10)), gap=14)
        first.setStretch(0, 1)
        turning = QWidget()
        self._beside = Front(turning)
        self._beside.addWidget(self.permissions)
        self._beside.addWidget(self.offices)
        self._beside.addWidget(self.trainings)
        beside = row(first, turning, gap=14)
        beside.setStretch(0, 1)
        turning.setMinimumWidth(look().px(_NARROW))
        turning.setMaximumWidth(look().px(_WIDTH))
        whole = column(self.banner, beside, gap=14, margins=MARGINS)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.new.clicked.connect(self.new_person)
        self.save.clicked.connect(self.save_person)
        self.unblock.clicked.connect(self.let_try_again)
        self.people.view.current_row.connect(self._show)
        self.permissions.refused.connect(self._refuse)
        for card in (self.permissions, self.offices, self.trainings):
            card.turn.clicked.connect(self.turn_over)
        for told in (self.offices.said, self.trainings.said):
            told.connect(self._tell)
