"""The card of a request: where it stands, what can be done with it, and with what outcome the next scan receives."""

import datetime as dt
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from app.binding.queries import RequestLine
from app.labels import BINDING_OUTCOME
from app.persian import jalali
from app.persian.digits import number, parse_int, to_persian
from db.codes import BindingOutcome, BindingState
from ui.binding import words
from ui.theme import Tone
from ui.widgets import paint
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.facts import Facts
from ui.widgets.jalali_edit import JalaliDateEdit
from ui.widgets.labels import Label, isolate, ltr
from ui.widgets.layouts import Flow, column, row
from ui.widgets.pills import Pill

SEND, RECEIVE, CANCEL = "Ctrl+Enter", "Ctrl+R", "Ctrl+Delete"
OUTCOME_KEYS = {outcome: f"Alt+{place}" for place, outcome in enumerate(BindingOutcome, start=1)}


class RequestCard(QWidget):
    """`written` carries a number typed for receiving; the other signals say which button was pressed."""

    written = Signal(str)
    send_wanted = Signal()
    receive_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, today: Callable[[], dt.date]) -> None:
        super().__init__()
        self._outcome = BindingOutcome.BOUND
        self._name, self._state, self._facts = Label("", "heading", wrap=True), Pill(), Facts()
        self._send = Button("فرستاده شد", SEND, "primary", "truck-delivery")
        self._receive = Button("همهٔ بقیه بازگشت", RECEIVE, icon="check")
        self._cancel = Button("لغو", CANCEL, icon="x")
        self.outcomes = {outcome: Button(BINDING_OUTCOME[outcome], key) for outcome, key in OUTCOME_KEYS.items()}
        self.item, self._cost, self.came_on = QLineEdit(), QLineEdit(), JalaliDateEdit(today)
        self.came_on.edit.setAccessibleName("روز بازگشت؛ خالی یعنی امروز")
        for edit, told in ((self.item, "اسکن نسخه"), (self._cost, "هزینه (ریال)")):
            edit.setPlaceholderText(told)
            edit.setAccessibleName(told)
            edit.setMaxLength(64)
            edit.setAlignment(paint.START)
        self._lay_out()
        self._connect()
        self.choose(BindingOutcome.BOUND)

    def show_request(self, line: RequestLine | None, today: dt.date) -> None:
        """Show a request; nothing, where none is chosen."""
        state = line.request.state if line else None
        self._name.say(words.named(line.request) if line else "")
        self._state.show_state(*(words.term(line, today) if line else ("", Tone.NEUTRAL)))
        self._facts.show_facts(_facts(line) if line else ())
        requested, away = state is BindingState.REQUESTED, state is BindingState.DISPATCHED
        for widget, shown in (
            (self._send, requested), (self._cancel, requested), (self._coming, away), (self._receive, away),
        ):  # fmt: skip
            widget.setVisible(shown)

    def outcome(self) -> BindingOutcome:
        """What the next scan says of its copy."""
        return self._outcome

    def cost(self) -> int | None:
        """Rials for the copy that comes next."""
        return parse_int(self._cost.text())

    def day(self) -> dt.date | None:
        """The day on which the copies came back, where it was not today."""
        return self.came_on.day()

    def clear_cost(self) -> None:
        """The next copy has a cost of its own."""
        self._cost.clear()
        self.item.clear()

    @Slot(object)
    def choose(self, outcome: BindingOutcome) -> None:
        """Alt+1 … 5: what the next scans say."""
        self._outcome = outcome
        for other, button in self.outcomes.items():
            button.wear("primary" if other is outcome else "secondary")

    @Slot()
    def _written(self) -> None:
        if self.item.text().strip():
            self.written.emit(self.item.text().strip())

    def _lay_out(self) -> None:
        self._coming = QWidget()
        self._coming.setLayout(
            column(
                Label("نسخه‌ای که اسکن شود، با این نتیجه دریافت می‌شود:", "muted", wrap=True),
                Flow(*self.outcomes.values(), gap=6), row(self.item, self._cost, gap=6),
                row(Label("روز بازگشت", "muted"), self.came_on, gap=8), gap=8, margins=(0, 2, 0, 2),
            )
        )  # fmt: skip
        head = row(self._name, None, self._state)
        buttons = Flow(self._send, self._receive, self._cancel)
        self.setLayout(column(Card(column(head, self._facts, self._coming, buttons, None, gap=10)), gap=0))

    def _connect(self) -> None:
        for outcome, button in self.outcomes.items():
            button.clicked.connect(partial(self.choose, outcome))
        self._send.clicked.connect(self.send_wanted)
        self._receive.clicked.connect(self.receive_wanted)
        self._cancel.clicked.connect(self.cancel_wanted)
        self.item.returnPressed.connect(self._written)


def _facts(line: RequestLine) -> tuple[tuple[str, str], ...]:
    request = line.request

    def told(day: dt.date | None) -> str:
        return jalali.day_month_year(day) if day else ""

    promised = f"{number(request.promised_days)} روز" if request.promised_days else ""
    bindery = " · ".join(
        part for part in (isolate(request.outsourced_to) if request.outsourced_to else "", promised) if part
    )
    letter = " · ".join(part for part in (to_persian(request.letter_no or ""), told(request.letter_on)) if part)
    return (
        ("درخواست", told(request.requested_on)),
        ("مهلت صحافی", told(request.due_on)),
        ("نامهٔ شهرستان", isolate(letter) if letter else ""),
        ("ارسال", told(request.dispatched_on)),
        ("صحافی بیرونی" if request.outsourced_to else "وعدهٔ صحافی", bindery),
        ("بازگشت", told(request.received_on)),
        ("هزینه", f"{ltr(number(line.spent))} ریال" if line.spent else ""),
        ("توضیح", isolate(request.remark) if request.remark else ""),
    )
