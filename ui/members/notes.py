"""The notes on a member: each comes up at its own moment and is acknowledged by its own rule."""

from PySide6.QtCore import Slot

from app.circulation.alerts import AlertRemoved, AlertRow, alerts_on, remove_alert
from app.labels import ALERT_MOMENT, ALERT_WEIGHT
from app.outcome import Refused
from app.persian import jalali
from db.codes import AlertWeight
from ui.members.questions import note_question
from ui.members.side import NOTES, Side
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, isolate
from ui.widgets.row_view import RowView
from ui.widgets.table import Column, RowTable

REMOVE = "Ctrl+Delete"
ROW_HEIGHT = 62
TONES = {AlertWeight.MESSAGE: Tone.INFO, AlertWeight.CONFIRM: Tone.WARN}
SHORT = {AlertWeight.MESSAGE: "نمایش", AlertWeight.CONFIRM: "با تأیید"}


class NotesSide(Side):
    """The notes, the oldest first, also those whose day is over."""

    def __init__(self, session: Session) -> None:
        self.table: RowTable[AlertRow] = RowTable(
            (
                Column("یادداشت", lambda note: isolate(note.text), sub=_when, stretch=1),
                Column("", lambda note: SHORT[note.weight], width=84, pill=True, tone=lambda note: TONES[note.weight]),
            ),
            key=lambda note: note.id,
            faded=lambda note: note.until is not None and note.until < session.act().day,
        )
        self.view = RowView(self.table, ROW_HEIGHT)
        self.view.set_empty("یادداشتی نیست", "آنچه کتابدار باید بداند، در میز امانت پیش می‌آید.", "info-circle")
        self.whole = Label("", wrap=True)
        self.add, self.remove = (
            Button("یادداشت تازه", NOTES, "primary", "plus"),
            Button("برداشتن", REMOVE, icon="trash"),
        )
        super().__init__(session, "یادداشت‌های", (self.view, self.whole), (self.add, self.remove))
        self._body.setStretch(2, 1)
        self.add.clicked.connect(self._ask)
        self.remove.clicked.connect(self._remove)
        self.view.current_row.connect(self._show_whole)

    def read_again(self) -> None:
        if self._chosen is None:
            return
        self.whole.say("")
        with self._session.library.store.read() as reader:
            self.table.set_rows(alerts_on(reader, self._chosen.card.member.id, of_item=False))
        self.remove.setEnabled(self.table.rowCount() > 0)
        self.view.choose_place(0)
        self.view.setFocus()

    @Slot(object)
    def _show_whole(self, note: AlertRow) -> None:
        """The list cuts what is longer than a line."""
        self.whole.say(isolate(note.text))

    @Slot()
    def _ask(self) -> None:
        if self._chosen is not None:
            self.asked.emit(note_question(self._session, self._chosen))

    @Slot()
    def _remove(self) -> None:
        for note in self.view.chosen()[:1]:
            outcome = remove_alert(self._session.library, note.id, self._session.act())
            if isinstance(outcome, Refused):
                self.refuse("یادداشت برداشته نشد", outcome.refusals)
            elif isinstance(outcome, AlertRemoved):
                self.said.emit(Said(Tone.OK, "یادداشت برداشته شد", (isolate(note.text),), Sound.CHECKED_IN))
                self.changed.emit()


def _when(note: AlertRow) -> str:
    until = f"تا {jalali.day_month_year(note.until)}" if note.until else ""
    parts = (ALERT_MOMENT[note.moment], ALERT_WEIGHT[note.weight], until)
    return " · ".join(part for part in parts if part)
