"""The status line: devices, synchronisation, date and user, always in words beside the coloured dot."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from ui.style import look
from ui.theme import Tone
from ui.widgets import paint
from ui.widgets.labels import Label
from ui.widgets.layouts import row


class Dot(QWidget):
    """A dot in the colour of a tone."""

    def __init__(self, tone: Tone) -> None:
        super().__init__()
        self._tone = tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_tone(self, tone: Tone) -> None:
        """Change the colour."""
        self._tone = tone
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(8), look().px(8))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.box(painter, self.rect(), self.width() / 2, look().theme.hue(self._tone).dot)


class _State(QWidget):
    """One dot with its words."""

    def __init__(self) -> None:
        super().__init__()
        self._dot, self.words = Dot(Tone.NEUTRAL), Label()
        self.setLayout(row(self._dot, self.words, gap=7))

    def show_state(self, text: str, tone: Tone) -> None:
        self._dot.set_tone(tone)
        self.words.say(text)
        self.setVisible(bool(text))


class StatusLine(QFrame):
    """Texts come ready and in Persian; an empty text takes the entry away."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("statusLine")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._devices: dict[str, _State] = {}
        self._sync = _State()
        self._clock, self._user = Label(), Label()
        self._states = row(gap=22)
        self.setLayout(row(self._states, self._sync, None, self._clock, self._user, gap=22, margins=(16, 6, 16, 6)))
        self.set_sync("", Tone.NEUTRAL)

    def set_device(self, device: str, text: str, tone: Tone) -> None:
        """The state of a device, by its name: a lost one is a state here, not an error box."""
        if device not in self._devices:
            self._devices[device] = _State()
            self._states.addWidget(self._devices[device])
        self._devices[device].show_state(text, tone)

    def set_sync(self, text: str, tone: Tone) -> None:
        """How old the synchronisation is, and how much waits."""
        self._sync.show_state(text, tone)

    def set_clock(self, text: str) -> None:
        """Date and time («سه‌شنبه ۹ دی ۱۴۰۴ · ۱۰:۲۴»)."""
        self._clock.say(text)

    def set_user(self, text: str) -> None:
        """Who is signed in."""
        self._user.say(text)

    def device_text(self, device: str) -> str:
        """The words shown for a device."""
        return self._devices[device].words.text() if device in self._devices else ""
