"""The progress of long work: what, how far, how long, and the way to stop it. The desk goes on meanwhile."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QSizePolicy

from app.persian.digits import number, percent
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.layouts import column, row

_STEPS = 1000


class ProgressCard(QFrame):
    """`cancel_wanted` asks for a stop; the card says so until the work has really ended."""

    cancel_wanted = Signal()

    def __init__(self, what: str = "") -> None:
        super().__init__()
        self._what, self._far = Label(what, "strong"), Label("", "muted")
        self._time = Label("", "small")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._cancel = Button("توقف", kind="secondary", icon="player-stop")
        first = row(self._what, self._far, gap=12)
        first.setStretch(0, 1)
        words = column(first, self._bar, self._time, gap=6)
        beside = row(words, self._cancel, gap=16, margins=(16, 12, 16, 12))
        beside.setStretch(0, 1)
        self.setLayout(beside)
        self.setObjectName("progress")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._cancel.clicked.connect(self._stop)

    def begin(self, what: str) -> None:
        """New work has begun."""
        self._what.say(what)
        self._cancel.setEnabled(True)
        self._cancel.show()
        self._cancel.set_words("توقف")
        self.show_progress(0, 0, 0)

    def forbid_stop(self) -> None:
        """The work has come to where it is done as a whole or not at all."""
        self._cancel.hide()

    def show_progress(self, done: int, total: int, seconds: float, note: str = "") -> None:
        """`done` of `total` units after `seconds`; a `total` of 0 means nobody knows how much there is."""
        self._bar.setRange(0, _STEPS if total else 0)
        self._bar.setValue(min(_STEPS, _STEPS * done // total) if total else 0)
        self._far.say(f"{number(done)} از {number(total)} · {percent(done, total)}" if total else "")
        self._time.say(" · ".join(part for part in (note, *_times(done, total, seconds)) if part))
        self.setAccessibleName(f"{self._what.text()} {self._far.text()}")

    def _stop(self) -> None:
        self._cancel.setEnabled(False)
        self._cancel.set_words("در حال توقف…")
        self.cancel_wanted.emit()


def _times(done: int, total: int, seconds: float) -> tuple[str, str]:
    passed = f"{_span(seconds)} گذشته" if seconds >= 1 else ""
    if not (done and total and seconds >= 2):
        return passed, ""
    return passed, f"حدود {_span(seconds * (total - done) / done)} مانده"


def _span(seconds: float) -> str:
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{number(whole)} ثانیه"
    if whole < 3600:
        return f"{number(round(whole / 60))} دقیقه"
    return f"{number(round(whole / 3600))} ساعت"
