"""Registering and correcting a member: the form, what is wrong with it under its fields, one question above it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from PySide6.QtCore import Signal, Slot

from app.members.form import MemberForm
from app.members.service import Edited, add_member, edit_member
from app.members.writing import Enrolled
from app.outcome import NotFound, Refused
from app.refusal import NO_ANSWER, Answer, Refusal, Weight
from app.wording import way_out, why
from ui.keys import ESCAPE
from ui.members.fields import SOFT, field_of, form_values, member_fields, member_form
from ui.members.joining import Joining
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.form import Form
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, row
from ui.widgets.panel import Choice, Panel, Reason
from ui.widgets.scroll import bring_into_sight

SAVE = "Ctrl+S"
SAVE_ANYWAY = "Ctrl+Shift+S"
_ANYWAY, _BACK = "anyway", "back"


class MemberFormCard(Card):
    """`saved` carries the `Enrolled` or `Edited` and the name. What is written of somebody new stays when the form is
    put away without saving; what was changed of a member does not."""

    saved = Signal(object, str)
    put_away = Signal()

    def __init__(self, session: Session) -> None:
        self._session = session
        self._doubts: frozenset[str] = frozenset()
        self._edited: tuple[uuid.UUID, MemberForm] | None = None
        categories, memberships = session.library.categories, session.library.memberships
        self._forms = {
            new: Form(member_fields(memberships if new else categories, new=new), self._today, columns=4)
            for new in (True, False)
        }
        self._joinings = {new: Joining(session.library) for new in (True, False)}
        self.panel = Panel()
        self._title = Label("", "title")
        self.save = Button("ثبت عضو", SAVE, "primary", "check")
        self.back = Button("بازگشت به فهرست", ESCAPE)
        self.empty = Button("پاک کردن فرم", kind="quiet", icon="trash")
        self._hint = Label("خانه‌های ستاره‌دار را پر کنید.", "muted")
        words = row(self._title, self._hint, gap=12)
        head = row(words, None, self.empty, self.back, self.save)
        super().__init__(
            column(head, self.panel, *self._forms.values(), *self._joinings.values(), None, gap=14), padding=18
        )
        self.save.clicked.connect(self.save_member)
        self.back.clicked.connect(self.put_away)
        self.empty.clicked.connect(self.clear)
        self.panel.chosen.connect(self._answered)
        for form in self._forms.values():
            form.changed.connect(self._follow)
        for joining in self._joinings.values():
            joining.begin()
        self._show_which()

    @property
    def form(self) -> Form:
        """The fields in front: those of somebody new, or of the member being edited."""
        return self._forms[self._edited is None]

    @property
    def joining(self) -> Joining:
        """Papers, letter and fee under the fields in front."""
        return self._joinings[self._edited is None]

    def is_editing(self) -> bool:
        """Whether a member is being edited."""
        return self._edited is not None

    def begin(self) -> None:
        """The form comes to the front; what was written in it before is still there."""
        self._show_which()
        self.form.input("given_name").setFocus()

    def begin_new(self) -> None:
        """The form for somebody new, with whatever was left in it."""
        self._edited = None
        self.begin()

    def edit(self, member_id: uuid.UUID, form: MemberForm) -> None:
        """The form of a member, filled with what is written of them."""
        self.close_question()
        self._edited = (member_id, form)
        self._forms[False].set_values(form_values(form))
        self.joining.begin()
        self._follow()
        self.joining.set_documents(form.documents)
        self.begin()

    @Slot()
    def clear(self) -> None:
        """Empty every field; of a member being edited, back to what is written."""
        self.close_question()
        if self._edited is not None:
            self.edit(*self._edited)
            return
        self.form.set_values({"category": next(iter(self._session.library.categories), None)})
        self.joining.begin()
        self._follow()
        self.begin()

    def take_card(self, code: str) -> None:
        """A card was scanned while the form is open: it is the new member's. Of a member who is edited it names the
        guarantor or guardian, where such a field has the focus; their own cards are bound beside the list."""
        name = "card" if self._edited is None else self._vouching()
        if not name:
            self._session.sounds.play(Sound.REFUSED)
            return
        self.form.input(name).set_value(code)
        self.form.show_mistake(name, "")
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
        """Store what is written, or show everything that speaks against it. Raises Trouble as the store does."""
        self._try(NO_ANSWER)

    def _today(self) -> dt.date:
        return self._session.act().day

    def _vouching(self) -> str:
        fields = ("guarantor", "guardian_member")
        return next((name for name in fields if self.form.input(name).framed.hasFocus()), "")

    def _show_which(self) -> None:
        new = self._edited is None
        for kind in (True, False):
            self._forms[kind].setVisible(kind is new)
            self._joinings[kind].setVisible(kind is new)
        if self._edited is not None:
            form_of_member = self._edited[1]
            name = isolate(f"{form_of_member.given_name} {form_of_member.family_name}")
            self._title.say(f"ویرایش {name}")
        else:
            self._title.say("عضو تازه")
        self.save.set_words("ثبت عضو" if new else "ثبت تغییرها")
        self.empty.set_words("پاک کردن فرم" if new else "از نو")
        self._hint.setVisible(new)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        """Papers, letter and fee are those of the category in the form."""
        values = self.form.values()
        category = str(values.get("category") or "")
        if category:
            self.joining.show_category(category, new=self._edited is None, has_letter=bool(values.get("letter_no")))

    def _try(self, answer: Answer) -> None:
        self.form.check()
        if set(self.form.mistakes()) - SOFT:
            self._session.sounds.play(Sound.REFUSED)
            return
        form = member_form(self.form.values(), self.joining.documents())
        outcome = self._store(form, answer)
        match outcome:
            case Enrolled() | Edited():
                if self._edited is None:
                    self.clear()
                self._edited = None
                self.close_question()
                self.saved.emit(outcome, f"{form.given_name} {form.family_name}")
            case Refused():
                self._refused(outcome.refusals)
            case NotFound():
                self.panel.ask(Tone.REFUSE, "این عضو دیگر در دفتر نیست", (), (Choice(_BACK, "باشد", ESCAPE),))
            case _:
                assert_never(outcome)

    def _store(self, form: MemberForm, answer: Answer) -> "Enrolled | Edited | Refused | NotFound":
        library, act = self._session.library, self._session.act()
        if self._edited is None:
            return add_member(library, form, act, answer, free=self.joining.is_free())
        member_id, before = self._edited
        written = replace(form, scheme=before.scheme, member_no=None, card=None)
        return edit_member(library, member_id, written, act, answer)

    def _refused(self, refusals: Sequence[Refusal]) -> None:
        said = self.form.mistakes()  # the field's own words are the more exact ones
        for refusal in refusals:
            if (name := self._place(refusal)) and name not in said:
                self.form.show_mistake(name, f"{why(refusal)} {way_out(refusal)}")
        asking = all(refusal.weight is Weight.CONFIRM for refusal in refusals)
        self._doubts = frozenset(refusal.code for refusal in refusals) if asking else frozenset()
        if asking:
            self._ask(refusals)
        elif other := [refusal for refusal in refusals if not self._place(refusal)]:
            self.panel.ask(Tone.REFUSE, "ثبت نشد", _reasons(other), (Choice(_BACK, "باشد", ESCAPE),))
            bring_into_sight(self.panel)
        else:
            self.panel.close_question()
        self._session.sounds.play(Sound.ATTENTION if asking else Sound.REFUSED)

    def _place(self, refusal: Refusal) -> str:
        """The field that a refusal belongs to, if it is on the form."""
        name, values = field_of(refusal), self.form.values()
        if name == "guarantor" and refusal.facts.get("guarantor") not in (None, values.get("guarantor")):
            name = "guardian_member"
        return name if name in values else ""

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
