"""The panel for questions and refusals. It stands beside the work; scans go on and wait in line.

Never a dialog, never Enter: every code a scanner reads ends in Enter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from app.persian.digits import number
from ui.theme import Tone
from ui.widgets.banner import SIGNS
from ui.widgets.buttons import Button, Kind
from ui.widgets.labels import IconLabel, Label, mark
from ui.widgets.layouts import Flow, column, row
from ui.widgets.pills import Pill


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not: what stands in the way (with its number), the rule that says so, and the way out."""

    text: str
    rule: str = ""
    way_out: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of the panel: `code` goes to the page, `key` is shown and listened to."""

    code: str
    text: str
    key: str = ""
    kind: Kind = "secondary"


class Panel(QFrame):
    """All reasons at once, and the choices with their keys. `chosen` carries the code of the choice."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("پرسش")
        self._body: QWidget | None = None
        self._waiting = Pill("", Tone.WARN)
        self._column = column(margins=(16, 14, 16, 14))
        self.setLayout(self._column)
        self.hide()

    def ask(
        self,
        tone: Tone,
        title: str,
        reasons: Sequence[Reason],
        choices: Sequence[Choice],
        note: str = "",
        extra: QWidget | None = None,
    ) -> None:
        """Open with a new question; what stood here before is gone. `extra` is an input above the choices."""
        self._take_down()
        mark(self, tone=tone.value)
        self._waiting = Pill("", Tone.WARN)
        self._waiting.hide()
        heading = row(IconLabel(SIGNS[tone], tone, 24), Label(title, "heading", wrap=True), gap=10)
        heading.setStretch(1, 1)
        body = column(heading, *(_reason(reason, tone) for reason in reasons), gap=12)
        if note:
            body.addWidget(Label(note, "muted", wrap=True))
        if extra is not None:
            body.addWidget(extra)
        body.addWidget(self._waiting)
        body.addLayout(Flow(*(self._button(choice) for choice in choices)))
        self._put_up(body)
        self.show()

    def set_waiting(self, scans: int) -> None:
        """How many scans wait for the answer; they are shown, not lost. Nothing happens while no question stands."""
        if self._body is None:
            return
        self._waiting.show_state(f"{number(scans)} اسکن در نوبت است" if scans else "", Tone.WARN)

    def close_question(self) -> None:
        """The question is answered or withdrawn."""
        self._take_down()
        self.hide()

    def is_open(self) -> bool:
        """Whether a question stands."""
        return self._body is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Not even a focused child may pass Enter on to something that confirms.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)

    def _button(self, choice: Choice) -> Button:
        button = Button(choice.text, choice.key, choice.kind)
        button.clicked.connect(lambda: self.chosen.emit(choice.code))
        return button

    def _put_up(self, body: QLayout) -> None:
        self._body = QWidget()
        self._body.setLayout(body)
        self._column.addWidget(self._body)

    def _take_down(self) -> None:
        if self._body is None:
            return
        self._body.hide()  # at once, so that the keys of the old buttons are dead before the next key
        self._body.deleteLater()
        self._body = None


def _reason(reason: Reason, tone: Tone) -> QFrame:
    box = QFrame()
    box.setObjectName("reason")
    lines = column(Label(reason.text, "strong", wrap=True), gap=2, margins=(12, 8, 12, 8))
    if reason.rule:
        lines.addWidget(Label(reason.rule, "small", wrap=True))
    if reason.way_out:
        beside = row(IconLabel("arrow-left", tone, 16), Label(reason.way_out, wrap=True), gap=6)
        beside.setStretch(1, 1)
        lines.addLayout(beside)
    box.setLayout(lines)
    return box
