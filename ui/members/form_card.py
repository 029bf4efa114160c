"""Registering a member on the page: the form, what is wrong with it under its fields, and one question above it."""

from collections.abc import Sequence
from typing import assert_never

from PySide6.QtCore import Signal, Slot

from app.members.service import add_member
from app.members.writing import Enrolled
from app.outcome import Refused
from app.refusal import NO_ANSWER, Answer, Refusal, Weight
from app.wording import way_out, why
from ui.keys import ESCAPE
from ui.members.fields import SOFT, field_of, member_fields, member_form
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.form import Form
from ui.widgets.labels import Label
from ui.widgets.layouts import column, row
from ui.widgets.panel import Choice, Panel, Reason
from ui.widgets.scroll import bring_into_sight

SAVE = "Ctrl+S"
SAVE_ANYWAY = "Ctrl+Shift+S"
_ANYWAY, _BACK = "anyway", "back"


class MemberFormCard(Card):
    """`saved` carries the `Enrolled` and the name. What is written stays when the form is put away without saving."""

    saved = Signal(object, str)
    put_away = Signal()

    def __init__(self, session: Session) -> None:
        self._session = session
        self._doubts: frozenset[str] = frozenset()
        self.form = Form(member_fields(session.library.categories), lambda: session.act().day, columns=4)
        self.panel = Panel()
        self.save = Button("ثبت عضو", SAVE, "primary", "check")
        self.back = Button("بازگشت به فهرست", ESCAPE)
        self.empty = Button("پاک کردن فرم", kind="quiet", icon="trash")
        words = row(Label("عضو تازه", "title"), Label("خانه‌های ستاره‌دار را پر کنید.", "muted"), gap=12)
        head = row(words, None, self.empty, self.back, self.save)
        super().__init__(column(head, self.panel, self.form, None, gap=14), padding=18)
        self.save.clicked.connect(self.save_member)
        self.back.clicked.connect(self.put_away)
        self.empty.clicked.connect(self.clear)
        self.panel.chosen.connect(self._answered)

    def begin(self) -> None:
        """The form comes to the front; what was written in it before is still there."""
        self.form.input("given_name").setFocus()

    def clear(self) -> None:
        """Empty every field."""
        self.close_question()
        self.form.set_values({"category": next(iter(self._session.library.categories), None)})
        self.begin()

    def take_card(self, code: str) -> None:
        """A card was scanned while the form is open: it is the new member's."""
        self.form.input("card").set_value(code)
        self.form.show_mistake("card", "")
        self._session.sounds.play(Sound.CHECKED_IN)

    def is_asking(self) -> bool:
        """Whether a question is open."""
        return self.panel.is_open()

    def close_question(self) -> None:
        """Back to the fields."""
        self._doubts = frozenset()
        self.panel.close_question()

    @Slot()
    def save_member(self) -> None:
        """Register the member, or show everything that speaks against it. Raises Trouble as the store does."""
        self._try(NO_ANSWER)

    def _try(self, answer: Answer) -> None:
        self.form.check()
        if set(self.form.mistakes()) - SOFT:
            self._session.sounds.play(Sound.REFUSED)
            return
        form = member_form(self.form.values())
        outcome = add_member(self._session.library, form, self._session.act(), answer)
        match outcome:
            case Enrolled():
                self.clear()
                self.saved.emit(outcome, f"{form.given_name} {form.family_name}")
            case Refused():
                self._refused(outcome.refusals)
            case _:
                assert_never(outcome)

    def _refused(self, refusals: Sequence[Refusal]) -> None:
        said = self.form.mistakes()  # the field's own words are the more exact ones
        for refusal in refusals:
            if (name := field_of(refusal)) and name not in said:
                self.form.show_mistake(name, f"{why(refusal)} {way_out(refusal)}")
        asking = all(refusal.weight is Weight.CONFIRM for refusal in refusals)
        self._doubts = frozenset(refusal.code for refusal in refusals) if asking else frozenset()
        if asking:
            self._ask(refusals)
        elif other := [refusal for refusal in refusals if not field_of(refusal)]:
            self.panel.ask(Tone.REFUSE, "عضو ثبت نشد", _reasons(other), (Choice(_BACK, "باشد", ESCAPE),))
            bring_into_sight(self.panel)
        else:
            self.panel.close_question()
        self._session.sounds.play(Sound.ATTENTION if asking else Sound.REFUSED)

    def _ask(self, refusals: Sequence[Refusal]) -> None:
        choices = (
            Choice(_ANYWAY, "درست است، ثبت شود", SAVE_ANYWAY, "primary"),
            Choice(_BACK, "اصلاح می‌کنم", ESCAPE),
        )
        self.panel.ask(Tone.WARN, "با همین شماره‌ها ثبت شود؟", _reasons(refusals), choices)
        bring_into_sight(self.panel)

    def _answered(self, code: str) -> None:
        doubts = self._doubts
        self.close_question()
        if code == _ANYWAY:
            self._try(Answer(confirm=doubts))
        else:
            self._to_first_mistake()

    def _to_first_mistake(self) -> None:
        for name in self.form.mistakes():
            self.form.input(name).setFocus()
            return


def _reasons(refusals: Sequence[Refusal]) -> tuple[Reason, ...]:
    return tuple(Reason(why(refusal), way_out=way_out(refusal)) for refusal in refusals)
