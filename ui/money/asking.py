"""Questions about money: fields in the panel beside the work, what is wrong under its field, a second person where one
is needed. Enter never answers; scans that come meanwhile choose the next member only after the question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.refusal import Refusal, Weight
from app.staff.people import everybody
from app.wording import way_out, why
from ui.circulation.words import Said
from ui.keys import ESCAPE
from ui.money import words
from ui.session import Session
from ui.sounds import Sound
from ui.style import look
from ui.theme import Tone
from ui.widgets.buttons import Kind as ButtonKind
from ui.widgets.buttons import listen
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind, TextInput, Value
from ui.widgets.form_values import Values
from ui.widgets.layouts import column
from ui.widgets.panel import Choice, Panel, Reason

YES_KEY = "Ctrl+Enter"
PIN = "second_pin"
WIDTH = 360
_YES, _SURE, _BACK = "yes", "sure", "back"
Confirmed: TypeAlias = frozenset[str]
Answered: TypeAlias = "Said | tuple[Refusal, ...]"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: fields with what stands in them at first, and what is done with the answer.

    `quick`: keys that fill a field (key, field, value). `run` answers with what to say, or with what speaks against it.
    """

    title: str
    yes: str
    fields: tuple[Field, ...]
    run: Callable[[Values, Confirmed], Answered]
    values: Mapping[str, Value] = field(default_factory=dict)
    quick: tuple[tuple[str, str, Value], ...] = ()
    note: str = ""
    kind: ButtonKind = "primary"
    columns: int = 1


class Asking(QObject):
    """One question at a time on a panel. `said` tells the outcome, `done` that rows have changed, `ended` that the
    question is gone, whatever became of it."""

    said = Signal(object)
    done = Signal()
    ended = Signal()

    def __init__(self, session: Session, panel: Panel, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._panel = session, panel
        self._question: Question | None = None
        self._doubts: Confirmed = frozenset()
        self.form: Form | None = None
        panel.chosen.connect(self._chosen)

    def is_open(self) -> bool:
        """Whether a question stands."""
        return self._question is not None

    def ask(self, question: Question) -> None:
        """Put a question; one that stood is withdrawn."""
        self._question, self._doubts = question, frozenset()
        self._show(question.values)

    def withdraw(self) -> None:
        """Leave the question unanswered."""
        self._question, self.form = None, None
        self._panel.close_question()
        self.ended.emit()

    def _show(self, values: Values, reasons: Sequence[Reason] = (), sure: bool = False) -> None:
        question = self._question
        if question is None:
            return
        form = self.form = self._form(question, values)
        yes = Choice(_SURE, "درست است، انجام شود", YES_KEY, "danger") if sure else None
        self._panel.ask(
            Tone.WARN if sure else Tone.INFO,
            question.title,
            reasons,
            (yes or Choice(_YES, question.yes, YES_KEY, question.kind), Choice(_BACK, "انصراف", ESCAPE)),
            question.note,
            form,
        )
        first = next(iter(question.fields), None)
        if first is not None:
            form.input(first.name).setFocus()

    def _form(self, question: Question, values: Values) -> Form:
        form = Form(question.fields, lambda: self._session.act().day, columns=question.columns)
        form.set_values(values)
        _hide_pin(form, question)
        for key, name, value in question.quick:
            listen(form, key, _filler(form, name, value))
        return form

    def _chosen(self, code: str) -> None:
        if self._question is None or self.form is None:
            return
        if code == _BACK:
            self.withdraw()
        elif self.form.check():
            self._try(self.form.values(), self._doubts if code == _SURE else frozenset())
        else:
            self._session.sounds.play(Sound.REFUSED)

    def _try(self, values: Values, confirmed: Confirmed) -> None:
        question = self._question
        if question is None:
            return
        outcome = question.run(values, confirmed)
        if isinstance(outcome, Said):
            self._question, self.form = None, None
            self._panel.close_question()
            self.said.emit(outcome)
            self.done.emit()
            self.ended.emit()
        else:
            self._refused(question, values, outcome)

    def _refused(self, question: Question, values: Values, refusals: Sequence[Refusal]) -> None:
        codes = {refusal.code for refusal in refusals}
        names = {one.name for one in question.fields}
        if "waiver.second_needed" in codes and "second" not in names:
            self._question = question = replace(question, fields=(*question.fields, *self._second()))
            names |= {"second", PIN}
        sure = all(refusal.weight is Weight.CONFIRM for refusal in refusals)
        self._doubts = frozenset(codes) if sure else frozenset()
        placed = {words.FIELD_OF[refusal.code]: refusal for refusal in refusals if _placed(refusal, names)}
        others = [refusal for refusal in refusals if not _placed(refusal, names)]
        self._show(values, words.reasons(others, self._session.library.categories), sure)
        for name, refusal in placed.items():
            if self.form is not None:
                self.form.show_mistake(name, f"{why(refusal)} {way_out(refusal)}")
                self.form.input(name).setFocus()
        self._session.sounds.play(Sound.ATTENTION if sure else Sound.REFUSED)

    def _second(self) -> tuple[Field, ...]:
        """The fields of a second person: everybody but the one at the desk."""
        with self._session.library.store.read() as reader:
            people = [one for one in everybody(reader) if one.active and one.id != self._session.person.id]
        options = (("", "—"), *((person.id.hex, person.name) for person in people))
        return (
            Field("second", "نفر دوم", Kind.CHOICE, options=options),
            Field(PIN, "رمز نفر دوم", Kind.LATIN, longest=40),
        )


def _hide_pin(form: Form, question: Question) -> None:
    if any(one.name == PIN for one in question.fields):
        pin = form.input(PIN)
        if isinstance(pin, TextInput):
            pin.edit.setEchoMode(QLineEdit.EchoMode.Password)


def _placed(refusal: Refusal, names: set[str]) -> bool:
    return words.FIELD_OF.get(refusal.code) in names


def _filler(form: Form, name: str, value: Value) -> Callable[[], None]:
    def fill() -> None:
        form.input(name).set_value(value)

    return fill


class Beside(QWidget):
    """The column beside a list: a question while one stands, else the card. There is no room for both."""

    def __init__(self, panel: Panel, card: QWidget) -> None:
        super().__init__()
        self._panel, self._card = panel, card
        whole = column(panel, card, gap=0)
        whole.setStretch(1, 1)
        whole.addStretch(0)
        self.setLayout(whole)
        self.setFixedWidth(look().px(WIDTH))
        panel.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._card.setVisible(not self._panel.is_open())
        return super().eventFilter(watched, event)
