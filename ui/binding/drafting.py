"""The draft of a binding request: copies come on it by scan, get their words, and go off it."""

from typing import assert_never

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from app.binding import queries
from app.binding.facts import RowFacts
from app.binding.service import (
    LONGEST_WORK,
    AddedToRequest,
    Struck,
    add_to_request,
    strike_from_request,
)
from app.outcome import NotFound, Refused
from app.persian.digits import number
from app.refusal import NO_ANSWER, Answer, Weight
from ui.binding import words
from ui.binding.asking import Side
from ui.binding.freezing import Freezing
from ui.binding.rows import draft_table
from ui.binding.waiting import TITLE, WaitingList
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets import paint
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.labels import Label
from ui.widgets.layouts import Flow, column, row
from ui.widgets.pills import Pill
from ui.widgets.row_list import RowList

FREEZE, SAVE, STRIKE, PREVIEW, WAITING = "Ctrl+Enter", "Ctrl+S", "Ctrl+Delete", "Ctrl+P", "Ctrl+G"


class DraftPart(QWidget):
    """`printed` carries a paper, `counted` how many copies are listed, `frozen` a request that has got its number;
    `exported` carries a file."""

    said = Signal(object)
    printed = Signal(object)
    counted = Signal(int)
    frozen = Signal()
    exported = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.list = RowList(draft_table(), tools=False)
        self.list.set_empty(
            "درخواست صحافی تازه‌ای در دست نیست",
            "برچسب نسخه‌ای را که صحافی می‌خواهد اسکن کنید؛ نخستین نسخه درخواست را باز می‌کند (م ۱۳-۶).",
            "needle-thread",
        )
        self.item, self.work = QLineEdit(), QLineEdit()
        for edit, told, longest in (
            (self.item, "بارکد یا شمارهٔ ثبت نسخه", 64),
            (self.work, "مانند: عطف جدا شده، جلد نو", LONGEST_WORK),
        ):
            edit.setPlaceholderText(told)
            edit.setAccessibleName(told)
            edit.setMaxLength(longest)
            edit.setAlignment(paint.START)
        self._name, self._about, self._clock = Label("", "heading", wrap=True), Label("", "muted", wrap=True), Pill()
        self._freeze = Button("شماره بده", FREEZE, "primary", "check")
        self._preview = Button("پیش‌نمایش", PREVIEW, icon="eye")
        self._save = Button("ثبت کار", SAVE, icon="pencil")
        self._strike = Button("برداشتن از درخواست", STRIKE, icon="x")
        self.waiting = WaitingList(session)
        self._turn = Button(TITLE, WAITING, icon="list-check")
        self._lay_out()
        self._connect()

    def reload(self) -> None:
        """Read the draft anew."""
        today = self._session.act().day
        with self._session.library.store.read() as reader:
            _, rows = queries.draft(reader)
            clock = queries.binding_clock(reader, today, self._session.library.guideline.terms)
        self.list.set_rows(rows)
        self.waiting.reload()
        self.counted.emit(len(rows))
        told, tone = words.season(clock)
        self._clock.show_state(told, tone)
        self._clock.setVisible(bool(told))
        for button in (self._freeze, self._preview):
            button.setEnabled(bool(rows) and not self.freezing.is_busy())
        if rows and not self.list.view.chosen():
            self.list.view.choose_place(len(rows) - 1)
        self._show(self.chosen())

    def chosen(self) -> RowFacts | None:
        """The copy that is chosen."""
        return next(iter(self.list.view.chosen()), None)

    def on_escape(self) -> bool:
        """Leave the question unanswered."""
        if self.side.is_asking():
            self.side.withdraw()
            return True
        return False

    def take(self, code: str, answer: Answer = NO_ANSWER) -> None:
        """A scanned label: its copy comes on the draft. A question that stood is left, since the list changes."""
        self.on_escape()
        outcome = add_to_request(self._session.library, code, self._session.act(), answer=answer)
        match outcome:
            case AddedToRequest(copy=copy):
                title = "در همین درخواست است" if outcome.already else "به درخواست افزوده شد"
                tone = Tone.INFO if outcome.already else Tone.OK
                undo = "" if outcome.already else "برداشتن از درخواست"
                about = (f"ردیف {number(outcome.position)}", *_awaited(outcome.awaited))
                self.said.emit(Said(tone, f"{title} — {words.copy_of(copy)}", about, Sound.CHECKED_IN, undo))
                self.waiting.drop(copy.id)
                self._changed()
                self.list.view.choose(copy.id)
            case Refused():
                self._refuse(code, outcome, answer)
            case NotFound():
                self.said.emit(words.unknown(code))
            case _:
                assert_never(outcome)
        self.item.clear()

    def _refuse(self, code: str, outcome: Refused, answer: Answer) -> None:
        asked = frozenset(refusal.code for refusal in outcome.refusals)
        if any(refusal.weight is not Weight.CONFIRM for refusal in outcome.refusals) or asked <= answer.confirm:
            self.said.emit(words.refused(outcome.refusals, "به درخواست افزوده نشد"))
            return
        self._session.sounds.play(Sound.ATTENTION)
        self.side.ask(
            Tone.WARN, "این نسخه به صحافی برود؟", words.reasons(outcome.refusals), "برود",
            lambda _: self.take(code, Answer(confirm=asked)),
        )  # fmt: skip

    @Slot()
    def save_work(self) -> None:
        """Ctrl+S: what is to be done with the chosen copy."""
        chosen = self.chosen()
        if chosen is not None:
            outcome = add_to_request(self._session.library, chosen.barcode, self._session.act(), self.work.text())
            if isinstance(outcome, Refused):
                self.said.emit(words.refused(outcome.refusals, "ثبت نشد"))
            else:
                self.said.emit(Said(Tone.OK, f"کار ثبت شد — {words.copy_of(chosen)}", (), Sound.CHECKED_IN))
            self._changed()

    @Slot()
    def strike(self) -> None:
        """Ctrl+Delete: the chosen copy stays on its shelf."""
        chosen = self.chosen()
        if chosen is None:
            return
        outcome = strike_from_request(self._session.library, chosen.barcode, self._session.act())
        if isinstance(outcome, Struck):
            self.said.emit(Said(Tone.OK, f"از درخواست برداشته شد — {words.copy_of(chosen)}", (), Sound.CHECKED_IN))
        elif isinstance(outcome, Refused):
            self.said.emit(words.refused(outcome.refusals, "برداشته نشد"))
        self._changed()

    def _changed(self) -> None:
        self._session.refresh.tell("binding", "items")
        self.reload()

    @Slot(object)
    def _show(self, chosen: RowFacts | None) -> None:
        self._name.say(words.copy_of(chosen) if chosen else "نسخه‌ای برگزیده نیست")
        self._about.say(f"شماره ثبت {number(chosen.accession_no)}" if chosen else "برچسب نسخه را اسکن کنید.")
        self.work.setText((chosen.work or "") if chosen else "")
        for widget in (self.work, self._save, self._strike):
            widget.setEnabled(chosen is not None)

    def _lay_out(self) -> None:
        card = Card(
            column(
                Label("افزودن نسخه", "muted"), self.item, 6, self._name, self._about, 2,
                Label("کاری که باید بشود", "muted"), self.work, Flow(self._save, self._strike), None, gap=8,
            )
        )  # fmt: skip
        self.side = Side(self._session, card)
        self.freezing = Freezing(self._session, self.side, self)
        head = Flow(self._freeze, self._preview, self._turn, self._clock)
        lists = column(head, self.list, self.waiting, gap=10)
        lists.setStretch(1, 1)
        lists.setStretch(2, 1)
        whole = row(lists, self.side, gap=14)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.item)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _connect(self) -> None:
        self._freeze.clicked.connect(lambda: self.freezing.ask(self.list.table.total()))
        self._preview.clicked.connect(lambda: self.freezing.preview(self.list.table.total()))
        for signal, told in (
            (self.freezing.said, self.said), (self.freezing.printed, self.printed), (self.freezing.frozen, self.frozen),
        ):  # fmt: skip
            signal.connect(told)
        self.freezing.ended.connect(self.reload)
        self._turn.clicked.connect(self.waiting.turn)
        self.waiting.wanted.connect(self.take)
        self.waiting.exported.connect(self.exported)
        self.side.settled.connect(self.setFocus)
        self._save.clicked.connect(self.save_work)
        self._strike.clicked.connect(self.strike)
        self.item.returnPressed.connect(self._written)
        self.list.view.current_row.connect(self._show)

    @Slot()
    def _written(self) -> None:
        if self.item.text().strip():
            self.take(self.item.text().strip())


def _awaited(readers: int) -> tuple[str, ...]:
    return (f"{number(readers)} نفر در صف این عنوان‌اند.",) if readers else ()
