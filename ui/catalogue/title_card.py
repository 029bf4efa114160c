"""Cataloguing a title on the page: fields, creators, the suggested author mark, and the questions before saving."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from PySide6.QtCore import Signal, Slot

from app.catalogue.author_mark import AuthorMarks
from app.catalogue.call_number import normalise_class
from app.catalogue.form import TitleForm, main_creator
from app.catalogue.isbn import valid_isbn13
from app.catalogue.service import TitleAdded, add_title, find_twin
from app.items.queries import marks_on_shelf
from app.outcome import Refused
from app.persian.digits import to_persian
from app.refusal import Refusal
from app.wording import way_out, why
from db.codes import CataloguingStatus, Material
from ui.catalogue.creator_rows import CreatorRows
from ui.catalogue.fields import HEAD_FIELDS, SOFT, WRONG_ISBN, field_of, title_fields, title_form
from ui.keys import ESCAPE
from ui.resources import resource
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

SAVE, SAVE_ANYWAY, USE_TWIN = "Ctrl+S", "Ctrl+Shift+S", "Ctrl+Shift+N"
_ANYWAY, _TWIN, _BACK = "anyway", "twin", "back"
DEFAULTS = {
    "material": Material.BOOK.value,
    "status": CataloguingStatus.CIP.value,
    "language": "fa",
    "age_group": "",
}


class TitleFormCard(Card):
    """`saved` carries a `TitleAdded` and the title; `twin_chosen` the id of the record that describes the same book."""

    saved = Signal(object, str)
    twin_chosen = Signal(object)
    put_away = Signal()

    def __init__(self, session: Session) -> None:
        self._session = session
        self._marks: AuthorMarks | None = None
        self._sought_marks = False
        self._suggested = ""
        self._agreed: frozenset[str] = frozenset()
        self._asked = ""
        self._twin: object = None
        self.head = Form(HEAD_FIELDS, self._today)
        self.creators = CreatorRows()
        self.rest = Form(title_fields(), self._today, columns=4)
        self.panel = Panel()
        self.save, self.back = Button("ثبت عنوان", SAVE, "primary", "check"), Button("بازگشت", ESCAPE)
        self.empty = Button("پاک کردن فرم", kind="quiet", icon="trash")
        words = row(Label("عنوان تازه", "title"), Label("تنها عنوان لازم است؛ باقی کمک می‌کند.", "muted"), gap=12)
        head = row(words, None, self.empty, self.back, self.save)
        super().__init__(column(head, self.panel, self.head, self.creators, self.rest, None, gap=12), padding=18)
        self._connect()
        self.clear()

    def begin(self) -> None:
        """The form comes to the front. Raises Trouble P-2110 once if the table of author marks is damaged."""
        self.head.input("title").setFocus()
        if not self._sought_marks:
            self._sought_marks = True
            self._marks = AuthorMarks.load(resource("cataloguing", "author_marks.csv"))

    def clear(self) -> None:
        """Empty every field."""
        self.close_question()
        self._suggested = ""
        self.head.set_values({})
        self.creators.set_creators(())
        self.rest.set_values(DEFAULTS)
        self.head.input("title").setFocus()

    def take_scan(self, code: str) -> bool:
        """A book was scanned while the form is open: its ISBN is wanted. False if the code is no ISBN."""
        if valid_isbn13(code) is None:
            return False
        self.rest.input("isbn").set_value(code)
        self.rest.show_mistake("isbn", "")
        return True

    def is_asking(self) -> bool:
        """Whether a question is open."""
        return self.panel.is_open()

    def close_question(self) -> None:
        """Back to the fields; what was agreed to counts no more."""
        self._agreed = frozenset()
        self.panel.close_question()

    def form(self) -> TitleForm:
        """The record as it is written now."""
        return title_form(self.head.values(), self.creators.creators(), self.rest.values())

    @Slot()
    def save_title(self) -> None:
        """Store the record, or ask, or show what is wrong. Raises Trouble as the store does."""
        head_right = self.head.check()
        self.rest.check()
        if not head_right or set(self.rest.mistakes()) - SOFT:
            self._session.sounds.play(Sound.REFUSED)
            return
        form = self.form()
        if not (self._asks_about_isbn(form) or self._asks_about_twin(form)):
            self._store(form)

    def _asks_about_isbn(self, form: TitleForm) -> bool:
        if form.isbn or not form.isbn_raw or "isbn" in self._agreed:
            return False
        reason = Reason(f"«{isolate(form.isbn_raw)}»: {WRONG_ISBN}", way_out="اگر روی کتاب هم همین است، ثبت کنید.")
        self._ask("isbn", "شابک با همین رقم‌ها نوشته شود؟", reason)
        return True

    def _asks_about_twin(self, form: TitleForm) -> bool:
        if "twin" in self._agreed:
            return False
        with self._session.library.store.read() as reader:
            self._twin = find_twin(reader, form)
        if self._twin is None:
            return False
        reason = Reason(
            "عنوان، پدیدآور، ناشر و سال همان است.",
            "۰۰۳ م ۵-۲ تبصرهٔ ۱",
            "اگر همان کتاب است، نسخهٔ تازه‌ای به آن بیفزایید.",
        )
        twin = Choice(_TWIN, "نسخهٔ تازه برای همان عنوان", USE_TWIN, "primary")
        self._ask("twin", f"«{isolate(form.title)}» پیش‌تر فهرست شده است", reason, twin)
        return True

    def _ask(self, about: str, title: str, reason: Reason, *before: Choice) -> None:
        self._asked = about
        anyway = Choice(_ANYWAY, "جداگانه ثبت شود" if before else "بله، ثبت شود", SAVE_ANYWAY)
        self.panel.ask(Tone.WARN, title, (reason,), (*before, anyway, Choice(_BACK, "اصلاح می‌کنم", ESCAPE)))
        bring_into_sight(self.panel)
        self._session.sounds.play(Sound.ATTENTION)

    @Slot(str)
    def _answered(self, code: str) -> None:
        agreed = self._agreed | {self._asked}
        self.panel.close_question()
        if code == _ANYWAY:
            self._agreed = agreed
            self.save_title()
        elif code == _TWIN:
            self.clear()
            self.twin_chosen.emit(self._twin)
        else:
            self.close_question()

    def _store(self, form: TitleForm) -> None:
        outcome = add_title(self._session.library, form, self._session.act())
        match outcome:
            case TitleAdded():
                self.clear()
                self.saved.emit(outcome, form.title)
            case Refused():
                self._refused(outcome.refusals)
            case _:
                assert_never(outcome)

    def _refused(self, refusals: Sequence[Refusal]) -> None:
        self._agreed = frozenset()
        for refusal in refusals:
            form = self.head if field_of(refusal) in self.head.values() else self.rest
            if field_of(refusal) in form.values():
                form.show_mistake(field_of(refusal), f"{why(refusal)} {way_out(refusal)}")
        reasons = tuple(Reason(why(refusal), way_out=way_out(refusal)) for refusal in refusals)
        self.panel.ask(Tone.REFUSE, "عنوان ثبت نشد", reasons, (Choice(_BACK, "باشد", ESCAPE),))
        bring_into_sight(self.panel)
        self._session.sounds.play(Sound.REFUSED)

    @Slot()
    def _suggest_mark(self) -> None:
        """Keep the suggestion in step with name, title and class, until the cataloguer writes a mark of their own."""
        mark = self.rest.input("author_mark")
        if self._marks is None or mark.text() not in ("", self._suggested):
            return
        suggested = self._mark_for(self._marks, self.form())
        if suggested != self._suggested:
            self._suggested = suggested
            mark.set_value(suggested)

    def _mark_for(self, marks: AuthorMarks, form: TitleForm) -> str:
        if not (form.title and form.dewey):
            return ""
        with self._session.library.store.read() as reader:
            taken = marks_on_shelf(reader, normalise_class(form.dewey), form.material, form.age_group)
        return to_persian(marks.extend(main_creator(form) or "", form.title, taken) or "")

    def _today(self) -> date:
        return self._session.act().day

    def _connect(self) -> None:
        self.save.clicked.connect(self.save_title)
        self.back.clicked.connect(self.put_away)
        self.empty.clicked.connect(self.clear)
        self.panel.chosen.connect(self._answered)
        for name in ("dewey", "material", "age_group"):
            self.rest.input(name).changed.connect(self._suggest_mark)
        self.head.changed.connect(self._suggest_mark)
        self.creators.changed.connect(self._suggest_mark)
