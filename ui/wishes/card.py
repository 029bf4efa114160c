"""The wish that is chosen: who asked, what was answered, what the library holds, and the answers there are."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Signal

from app.persian import jalali
from app.persian.digits import to_persian
from reports.wish_list import NOBODY, state_words
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.facts import Fact, Facts
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column, row
from ui.widgets.pills import Pill
from ui.wishes.deeds import DEEDS
from ui.wishes.held import HeldList
from ui.wishes.rows import WishRow
from ui.wishes.words import state_tone

NOTHING = "درخواستی برگزیده نشده است. یکی را از فهرست برگزینید، یا درخواست تازه‌ای بنویسید."


class WishCard(Card):
    """`wanted` carries the answer (a `WishState`) that is to be given."""

    wanted = Signal(object)

    def __init__(self) -> None:
        self._nothing = Label(NOTHING, "muted", wrap=True)
        self._title, self._state = Label("", "heading", wrap=True), Pill()
        self.facts, self.held = Facts(), HeldList()
        self._held_head = Label("در فهرست کتابخانه", "muted")
        self.buttons = {state: Button(deed.label, deed.key, icon=deed.icon) for state, deed in DEEDS.items()}
        super().__init__(
            column(
                self._nothing, self._title, row(self._state, None), self.facts, 4, self._held_head, self.held, 8,
                Flow(*self.buttons.values()), None, gap=8,
            )
        )  # fmt: skip
        for state, button in self.buttons.items():
            button.clicked.connect(partial(self.wanted.emit, state))
        self.show_wish(None)

    def show_wish(self, wish: WishRow | None) -> None:
        """Show this wish, or that none is chosen."""
        for widget in (self._title, self._state, self.facts, self._held_head, self.held, *self.buttons.values()):
            widget.setVisible(wish is not None)
        self._nothing.setVisible(wish is None)
        if wish is None:
            return
        self._title.say(isolate(to_persian(wish.line.wish)))
        self._state.show_state(state_words(wish.line.state), state_tone(wish.line.state))
        self.facts.show_facts(tuple(_facts(wish)))
        self.held.show_titles(wish.held)


def _facts(wish: WishRow) -> Iterator[Fact]:
    line = wish.line
    yield "درخواست‌کننده", isolate(line.name) if line.name else NOBODY
    yield "شمارهٔ عضویت", to_persian(line.member_no or "")
    yield "تاریخ", jalali.day_month_year(line.asked_on)
    yield "پاسخ", isolate(to_persian(line.answer)) if line.answer else ""
