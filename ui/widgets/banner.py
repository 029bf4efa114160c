"""The outcome banner: in one line what happened, to whom, until when; and the way back."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy

from ui.keys import UNDO
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import IconLabel, Label, mark
from ui.widgets.layouts import column, row
from ui.widgets.runs import Part, RunLabel

SIGNS: Mapping[Tone, str] = MappingProxyType(
    {
        Tone.OK: "check",
        Tone.WARN: "alert-triangle",
        Tone.REFUSE: "ban",
        Tone.INFO: "info-circle",
        Tone.NEUTRAL: "info-circle",
    }
)


class Banner(QFrame):
    """Shows the outcome of the last action. The undo button shows its key; the window listens to it."""

    undo_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._sign = IconLabel(size=28)
        self._title, self._detail = Label("", "banner"), RunLabel()
        self._undo = Button("واگرد", UNDO)
        words = column(self._title, self._detail, gap=0)
        beside = row(self._sign, words, self._undo, gap=14, margins=(16, 9, 16, 9))
        beside.setStretch(1, 1)
        self.setLayout(beside)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._undo.clicked.connect(self.undo_wanted)
        self.show_outcome(Tone.NEUTRAL, "")

    def show_outcome(self, tone: Tone, title: str, *detail: Part | str, undo: str = "") -> None:
        """Say what happened. `undo` is what taking it back would do («پس گرفتن امانت سووشون»); empty: no way back."""
        mark(self, tone=tone.value)
        parts = [Part(part, role="muted") if isinstance(part, str) else part for part in detail]
        self._sign.show_icon(SIGNS[tone], tone)
        self._title.say(title)
        self._detail.say(*parts)
        self._detail.setVisible(bool(parts))
        self._undo.setVisible(bool(undo))
        self._undo.set_words("واگرد", undo)
        self.setAccessibleName(f"{title} {self._detail.text()}".strip())

    def clear(self) -> None:
        """Nothing has happened yet, or it belongs to somebody else now."""
        self.show_outcome(Tone.NEUTRAL, "")

    def title(self) -> str:
        """The big line."""
        return self._title.text()

    def offers_undo(self) -> bool:
        """Whether the undo button is there."""
        return not self._undo.isHidden()
