"""The slip a reader takes home, shown in place of the lists until it is printed, put away, or the next code comes."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.notices.slips import due_lines, slip_reader
from app.persian.digits import number
from reports.slips import ROLLS, due_slip
from ui.circulation.at_desk import ReaderAtDesk
from ui.circulation.desk_keys import NARROW_ROLL, WIDE_ROLL
from ui.paper.paper import Paper
from ui.paper.preview import PaperPreview
from ui.preferences import write_preferences
from ui.session import Session
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, row


class SlipView(QWidget):
    """`closed`: the person is done with it. The width of the roll is a preference of this desk."""

    closed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._reader: ReaderAtDesk | None = None
        self.preview = PaperPreview(session.jobs)
        self.rolls = {
            width: Button(f"نوار {number(width)} میلی‌متر", key)
            for width, key in zip(ROLLS, (NARROW_ROLL, WIDE_ROLL), strict=True)
        }
        whole = column(row(Label("کاغذ برگه", "muted"), *self.rolls.values(), None), self.preview, gap=10)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.preview.closed.connect(self.closed)
        for width, button in self.rolls.items():
            button.clicked.connect(self._chooser(width))

    def show_slip(self, reader: ReaderAtDesk) -> None:
        """What this reader has and until when, as it would be printed."""
        self._reader = reader
        width, today = self._session.preferences.slip_width, self._session.act().day
        width = width if width in ROLLS else ROLLS[-1]
        with self._session.library.store.read() as view:
            who, lines = slip_reader(view, reader.id), due_lines(view, reader.id)
        if who is None:
            return
        for other, button in self.rolls.items():
            button.wear("primary" if other == width else "secondary")
        pdf = due_slip(self._session.library.branch, who, lines, today, width)
        facts = (isolate(reader.name), f"{number(len(lines))} کتاب", f"نوار {number(width)} میلی‌متری")
        self.preview.show_paper(Paper("برگهٔ امانت", pdf, f"slip-{reader.key}.pdf", facts=facts, frozen=False))

    def on_escape(self) -> None:
        """Close what stands open in it, then itself."""
        self.preview.on_escape()

    def use_roll(self, width: int) -> None:
        """Print on this roll from now on."""
        self._session.preferences = replace(self._session.preferences, slip_width=width)
        write_preferences(self._session.folder, self._session.preferences)
        if self._reader is not None:
            self.show_slip(self._reader)

    def _chooser(self, width: int) -> Callable[[], None]:
        return lambda: self.use_roll(width)
