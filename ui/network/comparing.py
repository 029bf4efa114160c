"""A record of the union beside the book in hand: creators, title and publisher are ticked one by one before a copy is
added under it (003 م5-2 تبصره ۱)."""

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from app.labels import RECORD_FIELD
from app.union.record import UnionRecord
from app.union.rules import TICKS, Aspect
from ui.network import words
from ui.style import look
from ui.widgets.buttons import Button, listen
from ui.widgets.cards import Card
from ui.widgets.empty import EmptyPage
from ui.widgets.facts import Facts
from ui.widgets.inputs import Tick
from ui.widgets.labels import Label, isolate, ltr
from ui.widgets.layouts import Flow, column, row
from ui.widgets.scroll import Scroll, bring_into_sight

TAKE, TICK_KEYS = "Ctrl+Enter", ("Alt+1", "Alt+2", "Alt+3")
WIDTH, TICK_WIDTH = 430, 112
_ASK = "کتاب را در دست بگیرید و هر سه را با آن بسنجید:"


class _Sign(QFrame):
    """One of the three: a tick, what the record says, and the key."""

    changed = Signal()

    def __init__(self, aspect: Aspect, key: str) -> None:
        super().__init__()
        self.setObjectName("reason")
        self.tick, self._said = Tick(RECORD_FIELD[aspect]), Label("", wrap=True)
        self.tick.setFixedWidth(look().px(TICK_WIDTH))
        said = column(None, self._said, None, gap=0)
        line = row(self.tick, said, Label(ltr(key), "small"), gap=8, margins=(12, 4, 12, 4))
        line.setStretch(1, 1)
        self.setLayout(line)
        listen(self, key, self._strike)
        self.tick.toggled.connect(lambda _: self.changed.emit())

    @Slot()
    def _strike(self) -> None:
        bring_into_sight(self)
        self.tick.toggle()

    def show_said(self, said: str) -> None:
        """Another record: nothing was compared yet."""
        self.tick.setChecked(False)
        self.tick.setAccessibleDescription(said)
        self._said.say(said or "رکورد چیزی نمی‌گوید")


class ComparingCard(Card):
    """Shows one record, or says that none is chosen. `wanted`: the person says that it is the book in hand."""

    wanted = Signal()

    def __init__(self) -> None:
        self._record: UnionRecord | None = None
        self._title = Label("", "heading", wrap=True)
        self.signs = {aspect: _Sign(aspect, key) for aspect, key in zip(TICKS, TICK_KEYS, strict=True)}
        self.facts = Facts()
        self.take = Button("همین کتاب است: ثبت نسخه", TAKE, "primary", "book-2")
        self._nothing = EmptyPage("book-2", "رکوردی برگزیده نشده است", "با پیکان پایین در یافته‌ها بروید.")
        inside = QWidget()
        inside.setLayout(column(*self.signs.values(), self.facts, None, gap=8))
        self._scroll = Scroll(inside)
        self._scroll.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)  # not the page scrolls
        body = column(self._title, Label(_ASK, "muted", wrap=True), self._scroll, Flow(self.take), gap=10)
        body.setStretch(2, 1)
        self._something = QWidget()
        self._something.setLayout(body)
        super().__init__(column(self._nothing, self._something, gap=0))
        self.setFixedWidth(look().px(WIDTH))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for sign in self.signs.values():
            sign.changed.connect(self._show_take)
        self.take.clicked.connect(self.wanted)
        self.show_record(None, 0)

    def record(self) -> UnionRecord | None:
        """What the card shows."""
        return self._record

    def ticks(self) -> Collection[Aspect]:
        """What was compared with the book."""
        return tuple(aspect for aspect, sign in self.signs.items() if sign.tick.isChecked())

    def show_record(self, record: UnionRecord | None, copies: int) -> None:
        """Show another record with no tick; the same one keeps its ticks. `copies` of it stand here."""
        if record is not None and (self._record is None or record.id != self._record.id):
            said = {
                Aspect.CREATORS: words.names_of(record),
                Aspect.TITLE: isolate(words.whole_title(record)),
                Aspect.PUBLISHER: words.edition_words(record),
            }
            for aspect, sign in self.signs.items():
                sign.show_said(said[aspect])
            self._scroll.to_top()
        self._record = record
        self._nothing.setVisible(record is None)
        self._something.setVisible(record is not None)
        if record is not None:
            self._title.say(isolate(record.title))
            self.facts.show_facts(words.facts_of(record, copies))
            self.setAccessibleName(words.whole_title(record))
        self._show_take()

    @Slot()
    def _show_take(self) -> None:
        self.take.setEnabled(self._record is not None and len(self.ticks()) == len(TICKS))
