"""The cards of one member beside the list: a new one is bound by touching it, a lost one blocked, a found one freed."""

import uuid
from dataclasses import dataclass
from typing import assert_never

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout

from app.labels import CARD_STATE
from app.members.cards import (
    AlreadySo,
    Binding,
    BindOutcome,
    Card,
    CardBound,
    CardFound,
    CardsLost,
    FoundOutcome,
    LostOutcome,
    bind_card,
    cards_of,
    find_again,
    report_card_lost,
)
from app.outcome import NotFound, Refused
from app.persian import jalali
from app.wording import way_out, why
from db.codes import CardState
from ui.keys import ESCAPE
from ui.session import Session
from ui.sounds import Sound
from ui.style import look
from ui.theme import Tone
from ui.widgets import cards
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, isolate, ltr
from ui.widgets.layouts import column, emptied, row
from ui.widgets.notice import Notice
from ui.widgets.row_view import RowView
from ui.widgets.table import Column, RowTable

WIDTH, ROW_HEIGHT = 330, 52
BIND, LOST, FOUND = "Ctrl+B", "Ctrl+Shift+M", "Ctrl+Shift+F"
TONES = {CardState.ACTIVE: Tone.OK, CardState.LOST: Tone.REFUSE, CardState.RETIRED: Tone.NEUTRAL}
PUT_IT = "کارت را روی دستگاه بگذارید"
WHAT_HAPPENS = "همان دم به این عضو داده می‌شود. کارت پیشین کنار می‌رود و باز هم عضو را نشان می‌دهد."


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says of it on the banner; `undo` what taking it back would do."""

    tone: Tone
    title: str
    detail: str = ""
    undo: str = ""


class CardsPanel(cards.Card):
    """Shows whom `show_member` names. `told` carries a `Told`; `put_away` is sent when the person goes back."""

    told = Signal(object)
    put_away = Signal()

    def __init__(self, session: Session) -> None:
        self._session = session
        self._member: uuid.UUID | None = None
        self._member_no = self._name = ""
        self._waits = False
        self._title, self._notice = Label("", "heading", wrap=True), QVBoxLayout()
        self.table: RowTable[Card] = RowTable(
            (
                Column("شماره", lambda card: ltr(card.number), sub=_since, stretch=1, strong=True),
                Column("وضعیت", lambda card: CARD_STATE[card.state], width=96, pill=True, tone=_tone),
            ),
            key=lambda card: card.id,
            faded=lambda card: card.state is CardState.RETIRED,
        )
        self.view = RowView(self.table, ROW_HEIGHT)
        self.view.set_empty("کارتی ندارد", "کارت تازه را روی دستگاه بگذارید.", "id")
        self.bind = Button("کارت تازه", BIND, "primary")
        self.lost = Button("گم شد", LOST, "danger")
        self.found = Button("پیدا شد", FOUND)
        self.back = Button("بازگشت", ESCAPE)
        whole = column(
            self._title,
            self._notice,
            self.view,
            row(self.lost, self.found, None),
            row(self.bind, None, self.back),
            gap=12,
        )
        whole.setStretch(2, 1)
        super().__init__(whole)
        self.setFixedWidth(look().px(WIDTH))
        self._connect()

    def member(self) -> uuid.UUID | None:
        """Whose cards are shown; nobody's while the panel is away."""
        return self._member

    def waits(self) -> bool:
        """Whether the next card touched is to become the member's."""
        return self._waits

    def show_member(self, member_id: uuid.UUID, member_no: str, name: str) -> None:
        """Show this member's cards and wait for a new one."""
        self._member, self._member_no, self._name = member_id, member_no, name
        self._title.say(f"کارت‌های {isolate(name)}")
        self.read_again()
        self.view.choose_place(0)
        self._wait()
        self.view.setFocus()

    def clear(self) -> None:
        """Nobody's cards; nothing is waited for."""
        self._member, self._waits = None, False
        self.table.set_rows(())

    def read_again(self) -> None:
        """Read the cards anew."""
        if self._member is None:
            return
        with self._session.library.store.read() as reader:
            self.table.set_rows(cards_of(reader, self._member))
        self._fit_buttons()

    def take(self, number: str) -> None:
        """A card was touched: it is the member's from now on, if nothing speaks against it."""
        binding = Binding(self._member_no, number)
        self._say(bind_card(self._session.library, binding, self._session.act()))

    @Slot()
    def _wait(self) -> None:
        self._waits = True
        self._put(Notice(PUT_IT, (WHAT_HAPPENS,), Tone.INFO))

    @Slot()
    def _report_lost(self) -> None:
        card = self._chosen()
        if card is not None:
            self._say(report_card_lost(self._session.library, card.number, self._session.act()))

    @Slot()
    def _find_again(self) -> None:
        card = self._chosen()
        if card is not None:
            self._say(find_again(self._session.library, card.number, self._session.act()))

    def _say(self, outcome: "BindOutcome | LostOutcome | FoundOutcome") -> None:
        told = self._words(outcome)
        self._session.sounds.play(Sound.REFUSED if told.tone is Tone.REFUSE else Sound.CHECKED_IN)
        if told.tone is not Tone.REFUSE:
            self._waits = False
            self._put(Notice(told.title, (told.detail,) if told.detail else (), told.tone))
            self._session.refresh.tell("members")
        self.read_again()
        self.told.emit(told)

    def _words(self, outcome: "BindOutcome | LostOutcome | FoundOutcome") -> Told:
        match outcome:
            case CardBound():
                old = f"کارت {'، '.join(map(ltr, outcome.retired))} کنار رفت." if outcome.retired else ""
                return Told(Tone.OK, f"کارت {ltr(outcome.number)} از آنِ {isolate(self._name)} شد", old, "پس گرفتن کارت")
            case CardsLost():
                detail = "با آن امانت داده نمی‌شود. عضو را با شمارهٔ عضویت یا کد ملی بیابید."
                return Told(Tone.WARN, f"کارت {_numbers(outcome.numbers)} بسته شد", detail, "باز کردن کارت")
            case CardFound():
                return Told(Tone.OK, f"کارت {ltr(outcome.number)} دوباره کار می‌کند", undo="بستن دوبارهٔ کارت")
            case AlreadySo():
                return Told(Tone.INFO, f"کارت {_numbers(outcome.numbers)} همین‌گونه بود؛ چیزی عوض نشد")
            case Refused(refusals):
                detail = " ".join(f"{why(refusal)} {way_out(refusal)}" for refusal in refusals)
                return Told(Tone.REFUSE, "کارت عوض نشد", detail)
            case NotFound():
                return Told(Tone.REFUSE, "این عضو دیگر در دفتر نیست")
            case _:
                assert_never(outcome)

    def _chosen(self) -> Card | None:
        chosen = self.view.chosen()
        return chosen[0] if chosen else None

    def _put(self, notice: Notice) -> None:
        emptied(self._notice)
        self._notice.addWidget(notice)

    @Slot()
    def _fit_buttons(self) -> None:
        card = self._chosen()
        self.lost.setEnabled(card is not None and card.state is not CardState.LOST)
        self.found.setEnabled(card is not None and card.state is CardState.LOST)

    def _connect(self) -> None:
        self.bind.clicked.connect(self._wait)
        self.lost.clicked.connect(self._report_lost)
        self.found.clicked.connect(self._find_again)
        self.back.clicked.connect(self.put_away)
        self.view.selectionModel().selectionChanged.connect(self._fit_buttons)
        self.table.modelReset.connect(self._fit_buttons)


def _since(card: Card) -> str:
    return f"از {jalali.day_month_year(card.since)}"


def _tone(card: Card) -> Tone:
    return TONES[card.state]


def _numbers(numbers: tuple[str, ...]) -> str:
    return "، ".join(ltr(number) for number in numbers)
