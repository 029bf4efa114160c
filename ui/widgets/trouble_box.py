"""Trouble and program errors, told in three parts on a panel that lets the desk go on."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from app.messages import Message
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import IconLabel, Label, ltr
from ui.widgets.layouts import column, row


class TroubleBox(QWidget):
    """Shows the newest trouble; the same one twice is shown once. Closed by its button, never by Enter."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[str, ...] = ()
        self._what, self._rest = Label("", "strong", wrap=True), Label(wrap=True)
        self._code = Label("", "small")
        copy, close = Button("رونوشت", icon="copy"), Button("بستن", icon="x")
        words = column(self._what, self._rest, self._code, gap=2)
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

    def show_trouble(self, code: str, message: Message) -> None:
        """Show this trouble in place of the one before; `code` is what support asks for on the telephone."""
        self._lines = (code, message.what, message.lost, message.do)
        self._what.say(message.what)
        self._rest.say(f"{message.lost} {message.do}".strip())
        self._code.say(f"کد خطا: {ltr(code)}")
        self.setAccessibleName(message.what)
        self.show()

    def shown_code(self) -> str:
        """The code of the trouble on screen, or nothing."""
        return self._lines[0] if self._lines else ""

    def copy(self) -> None:
        """Put the whole message on the clipboard, for support."""
        QGuiApplication.clipboard().setText("\n".join(self._lines))

    def close_box(self) -> None:
        """The person has read it."""
        self._lines = ()
        self.hide()
        self.closed.emit()
