"""Trouble and program errors, told in three parts on a panel that lets the desk go on."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import IconLabel, Label, ltr
from ui.widgets.layouts import column, row


@dataclass(frozen=True, slots=True)
class TroubleText:
    """What happened, whether anything was lost, what to do now; and the code to tell support on the telephone."""

    code: str
    happened: str
    lost: str
    to_do: str


class TroubleBox(QWidget):
    """Shows the newest trouble; the same one twice is shown once. Closed by its button, never by Enter."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._text: TroubleText | None = None
        self._happened, self._rest = Label("", "strong", wrap=True), Label(wrap=True)
        self._code = Label("", "small")
        copy, close = Button("رونوشت", icon="copy"), Button("بستن", icon="x")
        words = column(self._happened, self._rest, self._code, gap=2)
        signs = column(IconLabel("alert-triangle", Tone.REFUSE, 26), None)
        ends = column(row(copy, close), None)
        beside = row(signs, words, ends, gap=14, margins=(16, 10, 16, 10))
        beside.setStretch(1, 1)
        frame = QFrame()
        frame.setObjectName("trouble")
        frame.setLayout(beside)
        self.setLayout(column(frame, margins=(22, 0, 22, 12)))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        copy.clicked.connect(self.copy)
        close.clicked.connect(self.close_box)
        self.hide()

    def show_trouble(self, text: TroubleText) -> None:
        """Show this trouble in place of the one before."""
        self._text = text
        self._happened.say(text.happened)
        self._rest.say(f"{text.lost} {text.to_do}".strip())
        self._code.say(f"کد خطا: {ltr(text.code)}")
        self.setAccessibleName(text.happened)
        self.show()

    def shown(self) -> TroubleText | None:
        """The trouble on screen."""
        return self._text

    def copy(self) -> None:
        """Put the whole message on the clipboard, for support."""
        if self._text is not None:
            parts = (self._text.code, self._text.happened, self._text.lost, self._text.to_do)
            QGuiApplication.clipboard().setText("\n".join(parts))

    def close_box(self) -> None:
        """The person has read it."""
        self._text = None
        self.hide()
        self.closed.emit()
