"""From a key to an answer: the question in the place of the card, its form, the use case."""

import uuid
from collections.abc import Sequence
from typing import assert_never

from PySide6.QtCore import QObject, Signal

from app.outcome import NotFound, Refused, Sought
from app.refusal import NO_ANSWER, Answer, Refusal, Weight
from app.wishes.answering import Replied, Reply, reply
from ui.binding.asking import Side
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.form_values import Values, text_of
from ui.widgets.panel import Reason
from ui.wishes import words
from ui.wishes.deeds import Deed, fields_of
from ui.wishes.rows import WishRow

YES, AGAIN = "ثبت پاسخ", "پاسخ عوض شود"
UNKNOWN_COPY = "این شماره شناخته نشد."


class Answers(QObject):
    """`done` carries what is said of an answer that was given."""

    done = Signal(object)

    def __init__(self, session: Session, side: Side) -> None:
        super().__init__(side)
        self._session, self._side = session, side
        self._names_book = False
        side.settled.connect(self._forget)

    def ask(self, deed: Deed, wish: WishRow, reasons: Sequence[Reason] = (), values: Values | None = None) -> None:
        """The question of an answer, again with what was filled in and why it was not taken."""
        told = tuple(reasons) or (Reason(words.book(wish.line.wish), deed.told),)
        fields = fields_of(deed, wish.held)
        tone = Tone.REFUSE if reasons else deed.tone
        self._side.ask(tone, deed.question, told, YES, lambda given: self._reply(deed, wish, given), fields)
        self._names_book = deed.names_book
        if values is not None and self._side.form is not None:
            self._side.form.set_values(values)

    def take(self, code: str) -> bool:
        """A scanned label, while a book is asked for: it names the book. Whether it was wanted."""
        form = self._side.form
        if not self._names_book or form is None:
            return False
        form.set_values({**form.values(), "copy": code})
        form.input("note").setFocus()
        self._session.sounds.play(Sound.CHECKED_IN)
        return True

    def _forget(self) -> None:
        self._names_book = False

    def _reply(self, deed: Deed, wish: WishRow, values: Values, answer: Answer = NO_ANSWER) -> None:
        title, copy = text_of(values, "title"), text_of(values, "copy")
        said = Reply(deed.state, text_of(values, "note") or "", uuid.UUID(title) if title else None, copy)
        outcome = reply(self._session.library, wish.line.id, said, self._session.act(), answer)
        match outcome:
            case Replied():
                self.done.emit(words.replied(outcome))
            case Refused():
                self._refuse(deed, wish, values, outcome.refusals)
            case NotFound():
                self.ask(deed, wish, values=values)
                if outcome.what is Sought.ITEM and self._side.form is not None:
                    self._side.form.show_mistake("copy", UNKNOWN_COPY)
                self._session.sounds.play(Sound.REFUSED)
            case _:
                assert_never(outcome)

    def _refuse(self, deed: Deed, wish: WishRow, values: Values, refusals: tuple[Refusal, ...]) -> None:
        """What only wants a yes may be confirmed; anything else is told above the form as it was filled in."""
        told = words.reasons(refusals)
        if all(refusal.weight is Weight.CONFIRM for refusal in refusals):
            answer = Answer(confirm=frozenset(refusal.code for refusal in refusals))
            self._side.ask(Tone.WARN, deed.question, told, AGAIN, lambda _: self._reply(deed, wish, values, answer))
            self._session.sounds.play(Sound.ATTENTION)
            return
        self.ask(deed, wish, told, values)
        self._session.sounds.play(Sound.REFUSED)
