"""Who signs the official forms and who sits on the weeding committee: list and form (000 §4-1)."""

from typing import assert_never

from PySide6.QtCore import Signal, Slot

from app.labels import OFFICE
from app.outcome import NotFound, Refused
from app.persian import jalali
from app.refusal import Refusal
from app.staff.offices import (
    OfficeEnded,
    OfficeFacts,
    OfficeForm,
    OfficeSet,
    Position,
    Seat,
    end_office,
    offices,
    set_office,
)
from app.wording import way_out, why
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.staff.permissions import TURN
from ui.staff.rows import ROW_HEIGHT, office_table
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import day_of, text_of
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList

SAVE, END = "Ctrl+Shift+S", "Ctrl+Shift+E"
OTHER = "other"
GOES_ON = "برگه‌های چاپ‌شده نام پیشین را نگه می‌دارند."
FIELD_OF = {"office_name": "name", "position": "other", "until": "until"}


def fields() -> tuple[Field, ...]:
    """What is written of an office."""
    known = tuple((code.value, OFFICE[code]) for code in (*Position, *Seat))
    return (
        Field("position", "سمت", Kind.CHOICE, options=(*known, (OTHER, "سمت دیگری در کمیتهٔ وجین")), wide=True),
        Field("name", "نام و نام خانوادگی", required=True, longest=120),
        Field("other", "نام سمت دیگر", longest=60),
        Field("since", "از (خالی: امروز)", Kind.DATE),
        Field("until", "تا (خالی: ادامه دارد)", Kind.DATE),
    )


class OfficesCard(Card):
    """Signatories first, then the committee; those of now before those of former days. `said` tells what became of a
    deed."""

    said = Signal(object)

    def __init__(self, session: Session) -> None:
        self._session = session
        self.list = RowList(office_table(lambda: session.act().day), tools=False, row_height=ROW_HEIGHT)
        self.list.set_empty("هنوز کسی ثبت نشده است", "نام امضاکنندگان زیر فرم‌های وجین و صحافی چاپ می‌شود.", "id-badge-2")
        self.form = Form(fields(), lambda: session.act().day)
        self.save = Button("ثبت", SAVE, "primary", "check")
        self.turn = Button("آموزش‌ها", TURN, icon="book-2")
        self.end = Button("پایان سمت", END, icon="logout")
        self.vacant = Label("", "small", wrap=True)
        how = Label(
            "با ثبت نفر تازه، سمت نفر پیشین یک روز پیش از آن پایان می‌یابد؛ پایان سمت بی‌تاریخ، امروز است.",
            "small",
            wrap=True,
        )
        body = column(
            row(Label("امضاکنندگان و کمیتهٔ وجین", "heading"), None, self.save, gap=8),
            self.list, self.vacant, row(self.turn, None, self.end), how, self.form, gap=10,
        )  # fmt: skip
        body.setStretch(1, 1)
        super().__init__(body)
        self.save.clicked.connect(self.save_office)
        self.end.clicked.connect(self.end_chosen)
        self.list.view.current_row.connect(self._show)

    def reload(self) -> None:
        """Read everybody anew."""
        today = self._session.act().day
        with self._session.library.store.read() as reader:
            found = offices(reader)
        self.list.set_rows(sorted(found, key=lambda one: (not one.holds_on(today), one.committee)))
        self.end.setEnabled(bool(found))
        held = {one.position for one in found if not one.committee and one.holds_on(today)}
        vacant = [OFFICE[position] for position in Position if position not in held]
        self.vacant.say(f"امروز کسی در این سمت‌ها نیست و نامشان خالی چاپ می‌شود: {'، '.join(vacant)}" if vacant else "")
        self.vacant.setVisible(bool(vacant))

    @Slot()
    def save_office(self) -> None:
        """Put the person written into the office."""
        if not self.form.check():
            self._session.sounds.play(Sound.REFUSED)
            return
        form = self._written()
        outcome = set_office(self._session.library, form, self._session.act())
        match outcome:
            case OfficeSet():
                self.reload()
                self.list.view.choose(outcome.office_id)
                before = f"{isolate(outcome.ended)} تا روز پیش از آن بود. " if outcome.ended else ""
                self._tell(f"{OFFICE.get(form.position, form.position)}: {isolate(form.name)}", before + GOES_ON)
            case Refused():
                self._refuse(outcome.refusals)
            case _:
                assert_never(outcome)

    @Slot()
    def end_chosen(self) -> None:
        """The chosen office ends on the day that is written, today where none is."""
        chosen = self.list.view.chosen()
        if not chosen:
            self._refuse((Refusal("field.required", facts={"field": "position"}),))
            return
        last = self.form.input("until")
        if last.mistake():  # a day that is none is not today
            self.form.show_mistake("until", last.mistake())
            self._session.sounds.play(Sound.REFUSED)
            return
        act = self._session.act()
        until = day_of(self.form.values(), "until") or act.day
        outcome = end_office(self._session.library, chosen[0].id, until, act)
        match outcome:
            case OfficeEnded():
                self.reload()
                self._tell(f"پایان سمت — {isolate(chosen[0].name)}", f"تا {jalali.day_month_year(outcome.until)}")
            case Refused():
                self._refuse(outcome.refusals)
            case NotFound():
                self.reload()
            case _:
                assert_never(outcome)

    def _written(self) -> OfficeForm:
        values = self.form.values()
        code = text_of(values, "position") or Position.BRANCH_HEAD
        position = (text_of(values, "other") or "") if code == OTHER else code
        return OfficeForm(
            position, text_of(values, "name") or "", day_of(values, "since"), day_of(values, "until"),
            committee=code not in tuple(Position),
        )  # fmt: skip

    @Slot(object)
    def _show(self, office: OfficeFacts) -> None:
        """The form of the chosen one, ready for who comes next."""
        known = office.position in OFFICE
        self.form.set_values(
            {"position": office.position if known else OTHER, "other": "" if known else office.position}
        )

    def _tell(self, title: str, detail: str) -> None:
        self._session.refresh.tell("weeding")
        self.said.emit(Said(Tone.OK, title, (detail,), Sound.CHECKED_IN))

    def _refuse(self, refusals: tuple[Refusal, ...]) -> None:
        for refusal in refusals:
            name = str(refusal.facts.get("field", ""))
            if name in FIELD_OF:
                self.form.show_mistake(FIELD_OF[name], f"{why(refusal)} {way_out(refusal)}")
        self.said.emit(Said(Tone.REFUSE, why(refusals[0]), (way_out(refusals[0]),), Sound.REFUSED))
