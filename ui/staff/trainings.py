"""What the people of the library were taught (002 م13-1): list and form."""

import datetime as dt
import uuid
from typing import assert_never

from PySide6.QtCore import Signal, Slot

from app.outcome import NotFound, Refused
from app.persian import jalali
from app.persian.digits import number
from app.refusal import Refusal
from app.staff.people import StaffFacts, everybody
from app.staff.training import (
    LONGEST_ORGANISER,
    LONGEST_REMARK,
    LONGEST_SUBJECT,
    TrainingCorrected,
    TrainingFacts,
    TrainingForm,
    TrainingRecorded,
    TrainingWithdrawn,
    correct_training,
    record_training,
    trainings,
    withdraw_training,
)
from app.wording import way_out, why
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.staff.permissions import TURN
from ui.staff.rows import ROW_HEIGHT, training_table
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import day_of, number_of, text_of
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column, row
from ui.widgets.row_list import RowList

SAVE, NEW, WITHDRAW = "Ctrl+Shift+S", "Ctrl+Shift+N", "Ctrl+Delete"
ALL = "everybody"
FIELDS = (
    Field("subject", "موضوع", required=True, longest=LONGEST_SUBJECT),
    Field("held_on", "تاریخ", Kind.DATE, help="خالی یعنی امروز."),
    Field("hours", "ساعت", Kind.NUMBER),
    Field("organiser", "برگزارکننده", longest=LONGEST_ORGANISER),
    Field("remark", "توضیح", longest=LONGEST_REMARK),
    Field(ALL, "همهٔ کارکنان بودند", Kind.TICK),
)
FIELD_OF = {"subject": "subject", "held_on": "held_on", "training_hours": "hours"}


class TrainingsCard(Card):
    """The newest first. A training that is chosen is corrected, a new one is recorded for the person who is chosen
    among the people, or for all. `said` tells what became of a deed."""

    said = Signal(object)

    def __init__(self, session: Session) -> None:
        self._session = session
        self._person: StaffFacts | None = None
        self._chosen: TrainingFacts | None = None
        self.list = RowList(training_table(), tools=False, row_height=ROW_HEIGHT)
        self.list.set_empty(
            "هنوز آموزشی ثبت نشده است",
            "آموزش صحافی کتابداران (م ۱۳-۱) و آموزش‌های دیگر را اینجا بنویسید.",
            "needle-thread",
        )
        self.form = Form(FIELDS, self._today)
        self.save = Button("ثبت", SAVE, "primary", "check")
        self.new = Button("تازه", NEW, icon="plus")
        self.withdraw = Button("برداشتن", WITHDRAW, icon="x")
        self.turn = Button("اختیارها", TURN, icon="key")
        self._whose = Label("", "small", wrap=True)
        body = column(
            row(Label("آموزش‌ها", "heading"), None, self.save, gap=8),
            self.list, Flow(self.turn, self.new, self.withdraw), self._whose, self.form, gap=10,
        )  # fmt: skip
        body.setStretch(1, 1)
        super().__init__(body)
        self.save.clicked.connect(self.save_training)
        self.new.clicked.connect(self.begin)
        self.withdraw.clicked.connect(self.withdraw_chosen)
        self.list.view.current_row.connect(self._show)

    def reload(self) -> None:
        """Read every training anew."""
        with self._session.library.store.read() as reader:
            self.list.set_rows(trainings(reader))
        self._show(next(iter(self.list.view.chosen()), None))

    def show_person(self, person: StaffFacts | None) -> None:
        """Whose training is recorded next: the one chosen among the people. The one that lay open is put away."""
        another = person is not None and (self._person is None or person.id != self._person.id)
        self._person = person
        if another and self._chosen is not None:
            self.list.view.clearSelection()
            self._show(None)
        else:
            self._tell_whose()

    @Slot()
    def begin(self) -> None:
        """An empty form."""
        self.list.view.clearSelection()
        self._show(None)
        self.form.input("subject").setFocus()

    @Slot()
    def save_training(self) -> None:
        """Record the training written, or correct the one that is chosen."""
        if not self.form.check():
            self._session.sounds.play(Sound.REFUSED)
            return
        values, act = self.form.values(), self._session.act()
        form = TrainingForm(
            text_of(values, "subject") or "", day_of(values, "held_on"), number_of(values, "hours"),
            text_of(values, "organiser"), text_of(values, "remark"),
        )  # fmt: skip
        if self._chosen is not None:
            self._corrected(correct_training(self._session.library, self._chosen.id, form, act))
            return
        outcome = record_training(self._session.library, self._people(everyone=bool(values[ALL])), form, act)
        match outcome:
            case TrainingRecorded():
                self.reload()
                self.list.view.choose(outcome.training_ids[0])
                many = f"برای {number(len(outcome.training_ids))} نفر"
                title = "این آموزش ثبت بود" if outcome.already else f"ثبت شد — {isolate(form.subject)}"
                self._tell(Tone.INFO if outcome.already else Tone.OK, title, many)
            case Refused():
                self._refuse(outcome.refusals)
            case _:
                assert_never(outcome)

    @Slot()
    def withdraw_chosen(self) -> None:
        """Ctrl+Delete: what was recorded by mistake."""
        if self._chosen is None:
            return
        outcome = withdraw_training(self._session.library, self._chosen.id, self._session.act())
        self.list.view.clearSelection()
        self.reload()
        match outcome:
            case TrainingWithdrawn(training=one):
                self._tell(Tone.OK, f"برداشته شد — {isolate(one.subject)}", isolate(one.name))
            case Refused():
                self._refuse(outcome.refusals)
            case NotFound():
                pass
            case _:
                assert_never(outcome)

    def _corrected(self, outcome: TrainingCorrected | Refused | NotFound) -> None:
        match outcome:
            case TrainingCorrected():
                self.reload()
                self.list.view.choose(outcome.training_id)
                chosen = self._chosen
                self._tell(Tone.OK, "اصلاح شد", isolate(chosen.subject) if chosen else "")
            case Refused():
                self._refuse(outcome.refusals)
            case NotFound():
                self.begin()
                self.reload()
            case _:
                assert_never(outcome)

    def _people(self, *, everyone: bool) -> tuple[uuid.UUID, ...]:
        if not everyone:
            return (self._person.id,) if self._person else ()
        with self._session.library.store.read() as reader:
            return tuple(one.id for one in everybody(reader) if one.active)

    @Slot(object)
    def _show(self, training: TrainingFacts | None) -> None:
        self._chosen = training
        self.withdraw.setEnabled(training is not None)
        self.form.input(ALL).setEnabled(training is None)
        self.form.set_values(
            {}
            if training is None
            else {
                "subject": training.subject, "held_on": training.held_on, "hours": training.hours,
                "organiser": training.organiser, "remark": training.remark,
            }
        )  # fmt: skip
        self._tell_whose()

    def _tell_whose(self) -> None:
        if self._chosen is not None:
            one = self._chosen
            self._whose.say(f"اصلاح آموزش {isolate(one.name)} در {jalali.day_month_year(one.held_on)}:")
        elif self._person is not None:
            self._whose.say(f"آموزش تازهٔ {isolate(self._person.name)}:")
        else:
            self._whose.say("نخست کسی را از فهرست کارکنان برگزینید، یا «همهٔ کارکنان بودند» را.")

    def _today(self) -> dt.date:
        return self._session.act().day

    def _tell(self, tone: Tone, title: str, detail: str) -> None:
        self.said.emit(Said(tone, title, (detail,), Sound.CHECKED_IN))

    def _refuse(self, refusals: tuple[Refusal, ...]) -> None:
        for refusal in refusals:
            name = FIELD_OF.get(str(refusal.facts.get("field", "")))
            if name is not None:
                self.form.show_mistake(name, f"{why(refusal)} {way_out(refusal)}")
        self.said.emit(Said(Tone.REFUSE, why(refusals[0]), (way_out(refusals[0]),), Sound.REFUSED))
