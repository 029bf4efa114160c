"""One question at a time on the panel beside the work. What a button does is said with the question."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from ui.circulation.words import CLOSE
from ui.theme import Tone
from ui.widgets.panel import Choice, Panel, Reason

CLOSING = Choice(CLOSE, "باشد", "Esc")
GIVING_UP = Choice(CLOSE, "انصراف", "Esc")


@dataclass(frozen=True, slots=True)
class Question:
    """`run` gets the code of the choice and tells whether that answered it: with False the question stays, with its
    mistakes marked. `extra` stands above the choices; `focus` is what one writes into at once."""

    tone: Tone
    title: str
    reasons: tuple[Reason, ...]
    choices: tuple[Choice, ...]
    run: Callable[[str], bool]
    note: str = ""
    extra: QWidget | None = None
    focus: QWidget | None = None


class Asking(QObject):
    """`closed`: no question stands any more, whatever became of it; the scans that waited may go on."""

    closed = Signal()

    def __init__(self, panel: Panel, parent: QObject) -> None:
        super().__init__(parent)
        self._panel = panel
        self._question: Question | None = None
        panel.chosen.connect(self.answer)

    def is_open(self) -> bool:
        """Whether a question stands."""
        return self._question is not None

    def ask(self, question: Question) -> None:
        """Put a question; what stood here before is withdrawn."""
        self._question = question
        self._panel.ask(
            question.tone, question.title, question.reasons, question.choices, question.note, question.extra
        )
        if question.focus is not None:
            question.focus.setFocus()

    def tell(self, tone: Tone, title: str, reasons: tuple[Reason, ...]) -> None:
        """Reasons to be read and put away."""
        self.ask(Question(tone, title, reasons, (CLOSING,), lambda _: True))

    @Slot()
    def close(self) -> None:
        """The question is answered or withdrawn."""
        if self._question is None:
            return
        self._question = None
        self._panel.close_question()
        self.closed.emit()

    @Slot(str)
    def answer(self, code: str) -> None:
        """A choice was made, by its key or otherwise. What follows from it may be the next question."""
        asked = self._question
        if asked is not None and (code == CLOSE or asked.run(code)) and self._question is asked:
            self.close()
