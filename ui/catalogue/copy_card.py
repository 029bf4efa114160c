"""Entering a copy of a title into the accession register, on the page."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import assert_never

from PySide6.QtCore import Signal, Slot

from app.items.service import ItemAdded, add_item
from app.outcome import NotFound, Refused
from app.refusal import Refusal
from app.wording import way_out, why
from db.codes import Condition, Source
from ui.catalogue.fields import copy_fields, copy_form, field_of
from ui.keys import ESCAPE
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

SAVE, SAVE_AND_NEXT = "Ctrl+S", "Ctrl+Shift+S"
_BACK = "back"
DEFAULTS = {
    "section": "",
    "item_type": "",
    "source": Source.UNKNOWN.value,
    "condition": Condition.GOOD.value,
}
KEPT = ("section", "item_type", "source", "price", "donor", "condition", "accession_date")
"""What the next copy of the same parcel has in common with this one."""


class CopyFormCard(Card):
    """`saved` carries an `ItemAdded` and whether another copy of the same title follows."""

    saved = Signal(object, bool)
    put_away = Signal()

    def __init__(self, session: Session) -> None:
        self._session = session
        self._title_id: uuid.UUID | None = None
        self._title = Label("", "muted")
        self.form = Form(copy_fields(), self._today, columns=4)
        self.panel = Panel()
        self.save = Button("ثبت نسخه", SAVE, "primary", "check")
        self.next = Button("ثبت، و نسخهٔ بعدی", SAVE_AND_NEXT)
        self.back = Button("بازگشت", ESCAPE)
        words = row(Label("نسخهٔ تازه", "title"), self._title, None, gap=12)
        head = row(words, self.back, self.next, self.save)
        head.setStretch(0, 1)
        super().__init__(column(head, self.panel, self.form, None, gap=14), padding=18)
        self.save.clicked.connect(lambda: self._save(another=False))
        self.next.clicked.connect(lambda: self._save(another=True))
        self.back.clicked.connect(self.put_away)
        self.panel.chosen.connect(self.close_question)

    def begin(self, title_id: uuid.UUID, title: str) -> None:
        """The form comes to the front for a title; what was written for another title is gone."""
        if title_id != self._title_id:
            self._title_id = title_id
            self.form.set_values(DEFAULTS)
            self.close_question()
        self._title.say(f"برای «{isolate(title)}»")
        self.form.input("barcode").setFocus()

    def take_scan(self, code: str) -> None:
        """A label was scanned while the form is open: it is the new copy's."""
        self.form.input("barcode").set_value(code)
        self.form.show_mistake("barcode", "")
        self._session.sounds.play(Sound.CHECKED_IN)

    def is_asking(self) -> bool:
        """Whether a refusal stands on the panel."""
        return self.panel.is_open()

    @Slot()
    def close_question(self) -> None:
        """The refusal has been read."""
        self.panel.close_question()

    def _save(self, *, another: bool) -> None:
        if self._title_id is None or not self.form.check():
            self._session.sounds.play(Sound.REFUSED)
            return
        values = self.form.values()
        outcome = add_item(self._session.library, self._title_id, copy_form(values), self._session.act())
        match outcome:
            case ItemAdded():
                kept = {name: values[name] for name in KEPT} if another else {}
                self.form.set_values({**DEFAULTS, **kept})
                self._title_id = self._title_id if another else None
                self.saved.emit(outcome, another)
            case Refused():
                self._refused(outcome.refusals)
            case NotFound():
                gone = Reason("این عنوان دیگر در فهرست نیست.", way_out="بازگردید و دوباره جستجو کنید.")
                self._tell(gone)
            case _:
                assert_never(outcome)

    def _refused(self, refusals: Sequence[Refusal]) -> None:
        others = []
        for refusal in refusals:
            name = field_of(refusal)
            if name in self.form.values():
                self.form.show_mistake(name, f"{why(refusal)} {way_out(refusal)}")
                self.form.input(name).setFocus()
            else:
                others.append(Reason(why(refusal), way_out=way_out(refusal)))
        if others:
            self._tell(*others)
        else:
            self._session.sounds.play(Sound.REFUSED)

    def _tell(self, *reasons: Reason) -> None:
        self.panel.ask(Tone.REFUSE, "نسخه ثبت نشد", reasons, (Choice(_BACK, "باشد", ESCAPE),))
        bring_into_sight(self.panel)
        self._session.sounds.play(Sound.REFUSED)

    def _today(self) -> date:
        return self._session.act().day
