"""Writing down what a reader asks for at the desk."""

from PySide6.QtCore import Signal, Slot

from app.catalogue.isbn import valid_isbn13
from app.circulation.reads import find_member
from app.outcome import NotFound, Refused
from app.persian.digits import to_persian
from app.refusal import NO_ANSWER, Answer
from app.wishes.asking import Wished, ask
from app.wishes.facts import WishForm
from app.wishes.reads import held_titles
from app.wishes.rules import wish_words
from ui.keys import ESCAPE
from ui.session import Session
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import number_of, text_of
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column
from ui.wishes.held import HeldList

SAVE = "Ctrl+S"
WRONG_ISBN = "این شابک درست نیست."
NO_MEMBER = "این کارت شناخته نشد."
ANYBODY = "کارت را اسکن کنید؛ خالی: بی‌نام"
FIELDS = (
    Field("title", "عنوان", required=True, wide=True, longest=300),
    Field("creator", "پدیدآور", wide=True),
    Field("publisher", "ناشر", longest=120),
    Field("year", "سال نشر", Kind.NUMBER),
    Field("isbn", "شابک", Kind.LATIN, longest=40, validator=lambda text: "" if valid_isbn13(text) else WRONG_ISBN),
    Field("card", "عضو", Kind.LATIN, longest=64),
    Field("note", "توضیح", wide=True),
)


class NewWish(Card):
    """`saved` carries the outcome, `refused` the reasons against it, `closed` that nothing is to be written."""

    saved = Signal(object)
    refused = Signal(object)
    closed = Signal()

    def __init__(self, session: Session) -> None:
        self._session = session
        self.form = Form(FIELDS, lambda: session.act().day, columns=2)
        self.who, self.held = Label(ANYBODY, "small", wrap=True), HeldList()
        save, back = Button("ثبت درخواست", SAVE, "primary", "check"), Button("بازگشت", ESCAPE)
        super().__init__(
            column(Label("درخواست تازه", "heading"), self.form, self.who, self.held, 4, Flow(save, back), None, gap=8)
        )
        save.clicked.connect(self.save)
        back.clicked.connect(self.closed)
        for name in ("title", "creator", "isbn"):
            self.form.input(name).left.connect(self._show_held)
        self.form.input("card").left.connect(self._show_member)

    def begin(self) -> None:
        """Empty."""
        self.form.set_values({})
        self._show_member()
        self._show_held()
        self.form.input("title").setFocus()

    def take(self, *, card: str = "", isbn: str = "") -> None:
        """A scanned card or ISBN goes to its field; what was written stays."""
        written = {name: value for name, value in (("card", card), ("isbn", isbn)) if value}
        self.form.set_values({**self.form.values(), **written})
        self._show_member()
        self._show_held()
        self.form.input("title").setFocus()

    def is_written(self) -> bool:
        """Whether anything stands in the form."""
        return any(self.form.values().values())

    @Slot()
    def save(self) -> None:
        """Ctrl+S: write the wish down."""
        if self.form.check():
            self.submit(NO_ANSWER)

    def submit(self, answer: Answer) -> None:
        """Write it down, with what has been confirmed."""
        card = text_of(self.form.values(), "card")
        outcome = ask(self._session.library, self._wish(), self._session.act(), card, answer)
        match outcome:
            case Wished():
                self.form.set_values({})
                self.saved.emit(outcome)
            case Refused():
                self.refused.emit(outcome.refusals)
            case NotFound():
                self.form.show_mistake("card", NO_MEMBER)
                self.form.input("card").setFocus()

    def _wish(self) -> WishForm:
        values = self.form.values()
        return WishForm(
            text_of(values, "title") or "",
            text_of(values, "creator"),
            text_of(values, "publisher"),
            number_of(values, "year"),
            text_of(values, "isbn"),
            text_of(values, "note"),
        )

    @Slot()
    def _show_held(self) -> None:
        """What the library has of it, as soon as it is named."""
        library, words = self._session.library, wish_words(self._wish())
        with library.store.read() as reader:
            found = held_titles(reader, words, library.store.dialect.name) if words else ()
        self.held.show_titles(found, nothing="")

    @Slot()
    def _show_member(self) -> None:
        card = text_of(self.form.values(), "card")
        with self._session.library.store.read() as reader:
            member = find_member(reader, card) if card else None
        known = f"{isolate(member.name)} · عضو {to_persian(member.member_no)}" if member else ""
        self.who.say(known or (NO_MEMBER if card else ANYBODY))
