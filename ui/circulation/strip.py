"""Under the banner: what else is worth knowing about the last outcome, and what can be done about it with one key."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from ui.style import look
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import IconLabel, Label
from ui.widgets.layouts import Flow, column, emptied, row
from ui.widgets.notice import Notice


class Strip(QWidget):
    """Alerts in amber, messages quiet, then the buttons of what may come next. Gone with the next outcome."""

    def __init__(self) -> None:
        super().__init__()
        self._lines, self._steps = QVBoxLayout(), Flow()
        self._lines.setSpacing(look().px(6))
        self._buttons = QWidget()
        self._buttons.setLayout(self._steps)
        self.setLayout(column(self._lines, self._buttons, gap=8))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clear()

    def show_told(self, alerts: Sequence[str], messages: Sequence[str]) -> None:
        """Put up what there is to know; the buttons of before are gone."""
        self.clear()
        if alerts:
            self._lines.addWidget(Notice(alerts[0], alerts[1:], Tone.WARN))
        if messages:
            self._lines.addWidget(_quiet(" · ".join(messages)))
        self.setVisible(bool(alerts or messages))

    def offer(self, *buttons: Button) -> None:
        """Put up what may come next."""
        for button in buttons:
            self._steps.addWidget(button)
        self._buttons.show()
        self.show()

    def clear(self) -> None:
        """Nothing to add."""
        emptied(self._lines)
        emptied(self._steps)
        self._buttons.hide()
        self.hide()


def _quiet(text: str) -> QFrame:
    frame = QFrame()
    beside = row(IconLabel("info-circle", size=18), Label(text, "muted", wrap=True), gap=8, margins=(12, 0, 12, 0))
    beside.setStretch(1, 1)
    frame.setLayout(beside)
    return frame
