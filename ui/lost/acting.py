"""From a key to a deed: the question beside the list, the form, the use case, and what is said of it."""

import datetime as dt
from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from app.circulation.lost.claims import ClaimClosing, ClaimEnd, ClaimRequest, claim_returned, close_claim
from app.circulation.lost.damage import DamageRequest, note_damage, note_repair
from app.circulation.lost.declaring import LostRequest, declare_lost
from app.circulation.lost.facts import (
    AlreadySo,
    Claimed,
    ClaimKept,
    Damaged,
    Declared,
    Found,
    LossRefused,
    Repaired,
    Replaced,
)
from app.circulation.lost.finding import find_again
from app.circulation.lost.queries import CaseKind
from app.circulation.lost.replacing import Replacement, ReplaceRequest, replace_in_kind
from app.outcome import NotFound
from app.refusal import Answer, Weight
from app.wording import way_out, why
from db.codes import Condition
from ui.lost import words
from ui.lost.deeds import CLAIM, DAMAGE, DEEDS, FIND, KEPT, LOSE, PAY, REPAIR, REPLACE, Deed
from ui.lost.subjects import Subject
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.form import Form
from ui.widgets.form_inputs import Value
from ui.widgets.labels import isolate
from ui.widgets.panel import Choice, Panel, Reason

YES_KEY = "Ctrl+Shift+Y"
_YES, _CLOSE = "yes", "close"
Outcome: TypeAlias = (
    "Declared | AlreadySo | Found | Replaced | Damaged | Repaired | Claimed | ClaimKept | LossRefused | NotFound"
)
Values: TypeAlias = "dict[str, Value]"


class Acting(QObject):
    """`said` carries what happened, `done` comes after a deed that changed rows, `settled` when no question stands,
    `money_wanted` the number of the member whose account is to be opened."""

    said = Signal(object)
    done = Signal()
    settled = Signal()
    money_wanted = Signal(str)

    def __init__(self, session: Session, panel: Panel, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._panel = session, panel
        self._deed: Deed | None = None
        self._subject: Subject | None = None
        self._confirmed: frozenset[str] = frozenset()
        self.form: Form | None = None
        panel.chosen.connect(self._chosen)

    def is_asking(self) -> bool:
        """Whether a question stands."""
        return self._panel.is_open()

    def ask(self, name: str, subject: Subject) -> None:
        """The question of a deed; money is taken on its own page."""
        deed = DEEDS[name]
        if not deed.fits(subject):
            return
        if name == PAY:
            self.money_wanted.emit(subject.member_no or "")
            return
        self._deed, self._subject, self._confirmed = deed, subject, frozenset()
        self.form = Form(deed.fields, lambda: self._session.act().day) if deed.fields else None
        told = Reason(f"«{isolate(subject.title)}»", self._whose(subject), deed.told)
        self._panel.ask(deed.tone, deed.question, (told,), self._choices(deed), extra=self.form)
        if self.form is not None:
            self.form.input(deed.fields[0].name).setFocus()

    def withdraw(self) -> None:
        """The question is left unanswered."""
        self._deed, self._subject, self.form = None, None, None
        self._panel.close_question()
        self.settled.emit()

    @Slot(str)
    def _chosen(self, choice: str) -> None:
        deed, subject = self._deed, self._subject
        if choice != _YES or deed is None or subject is None:
            self.withdraw()
        elif self.form is None or self.form.check():
            values = self.form.values() if self.form else {}
            self._settle(deed, subject, values, self._do(deed.name, subject, values))

    def _settle(self, deed: Deed, subject: Subject, values: Values, outcome: Outcome) -> None:
        if isinstance(outcome, LossRefused):
            self._refuse(deed, subject, values, outcome)
            return
        self.withdraw()
        if isinstance(outcome, NotFound):
            detail = (f"{isolate(outcome.key)} · برچسب را دوباره بخوانید.",)
            self.said.emit(Said(Tone.REFUSE, "این شماره شناخته نشد", detail, Sound.REFUSED))
            return
        self.said.emit(words.told(outcome))
        self._session.refresh.tell("loans", "items", "members", "money")
        self.done.emit()

    def _refuse(self, deed: Deed, subject: Subject, values: Values, outcome: LossRefused) -> None:
        """Tell every reason; what only wants a yes may be confirmed with the form as it was filled in."""
        asked = all(refusal.weight is Weight.CONFIRM for refusal in outcome.refusals)
        self._confirmed = frozenset(refusal.code for refusal in outcome.refusals) if asked else frozenset()
        self.form = Form(deed.fields, lambda: self._session.act().day) if deed.fields else None
        if self.form is not None:
            self.form.set_values(values)
        self._deed, self._subject = deed, subject
        reasons = tuple(Reason(why(refusal), way_out=way_out(refusal)) for refusal in outcome.refusals)
        tone = Tone.WARN if asked else Tone.REFUSE
        title = deed.question if asked else f"«{isolate(subject.title)}» ثبت نشد"
        repeat = self._choices(deed) if asked or deed.fields else self._choices(deed)[-1:]
        self._panel.ask(tone, title, reasons, repeat, extra=self.form)
        self._session.sounds.play(Sound.ATTENTION if asked else Sound.REFUSED)

    def _choices(self, deed: Deed) -> tuple[Choice, ...]:
        return (Choice(_YES, deed.yes, YES_KEY, "primary"), Choice(_CLOSE, "انصراف", "Esc"))

    def _whose(self, subject: Subject) -> str:
        return f"{isolate(subject.member_name)}" if subject.member_name else "نزد کسی نیست"

    def _do(self, name: str, subject: Subject, values: Values) -> Outcome:
        doers: dict[str, Callable[[Subject, Values], Outcome]] = {
            LOSE: self._lose,
            FIND: self._find,
            REPLACE: self._replace,
            DAMAGE: self._damage,
            REPAIR: self._repair,
            CLAIM: self._claim,
            KEPT: self._kept,
        }
        return doers[name](subject, values)

    def _lose(self, subject: Subject, values: Values) -> Outcome:
        charge, reason, act = _money(values, "charge"), _text(values, "reason"), self._session.act()
        if subject.kind is CaseKind.CLAIMED:
            return close_claim(self._session.library, ClaimClosing(subject.barcode, ClaimEnd.LOST, charge, reason), act)
        return declare_lost(self._session.library, LostRequest(subject.barcode, charge, reason), act)

    def _find(self, subject: Subject, _: Values) -> Outcome:
        act = self._session.act()
        if subject.kind is CaseKind.CLAIMED:
            return close_claim(self._session.library, ClaimClosing(subject.barcode, ClaimEnd.FOUND), act)
        return find_again(self._session.library, subject.barcode, act, Answer(confirm=self._confirmed))

    def _replace(self, subject: Subject, values: Values) -> Outcome:
        brought = Replacement(
            _text(values, "barcode") or None, _money(values, "price"), _text(values, "existing") or None
        )
        request = ReplaceRequest(subject.barcode, brought, Answer(confirm=self._confirmed))
        return replace_in_kind(self._session.library, request, self._session.act())

    def _damage(self, subject: Subject, values: Values) -> Outcome:
        request = DamageRequest(
            subject.barcode,
            _text(values, "note"),
            _money(values, "charge"),
            Condition(_text(values, "condition") or Condition.DAMAGED),
            bool(values.get("incident")),
        )
        return note_damage(self._session.library, request, self._session.act())

    def _repair(self, subject: Subject, _: Values) -> Outcome:
        return note_repair(self._session.library, subject.barcode, self._session.act())

    def _claim(self, subject: Subject, values: Values) -> Outcome:
        on = values.get("on")
        request = ClaimRequest(subject.barcode, on=on if isinstance(on, dt.date) else None)
        return claim_returned(self._session.library, request, self._session.act())

    def _kept(self, subject: Subject, _: Values) -> Outcome:
        closing = ClaimClosing(subject.barcode, ClaimEnd.KEPT)
        return close_claim(self._session.library, closing, self._session.act())


def _text(values: Values, name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _money(values: Values, name: str) -> int | None:
    value = values.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
