"""What is done to one hold: cancelling, suspending, resuming, moving; and the questions before it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from app.circulation.holds.changing import HoldKey, cancel_hold, move_hold, resume_hold, suspend_hold
from app.circulation.holds.outcomes import Changed, ChangeOutcome, ChangeRefused
from app.circulation.holds.queries import HoldRow
from db.codes import HoldState
from ui.holds import words
from ui.holds.rows import who
from ui.holds.words import CLOSE, YES, YES_KEY
from ui.session import Session
from ui.theme import Tone
from ui.widgets import paint
from ui.widgets.jalali_edit import JalaliDateEdit
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column
from ui.widgets.panel import Choice, Panel

LONGEST = 300


class LineEntry(QWidget):
    """A line to write in, inside a panel. Enter does nothing."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self.edit = QLineEdit()
        self.edit.setMaxLength(LONGEST)
        self.edit.setAlignment(paint.START)
        self.edit.setAccessibleName(label)
        self.setLayout(column(Label(label, "muted"), self.edit, gap=4))
        self.setFocusProxy(self.edit)

    def text(self) -> str:
        """What is written."""
        return self.edit.text().strip()


class DayEntry(QWidget):
    """A day to write or choose, inside a panel."""

    def __init__(self, label: str, session: Session) -> None:
        super().__init__()
        self.edit = JalaliDateEdit(lambda: session.act().day)
        self.setLayout(column(Label(label, "muted"), self.edit, gap=4))
        self.setFocusProxy(self.edit)


class Deeds(QObject):
    """Works on one hold at a time; `panel` is where it asks. `said` goes to the banner, `changed` carries the outcome
    when rows have changed, `settled`: no question stands any more."""

    said = Signal(object)
    changed = Signal(object)
    settled = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._answer: Callable[[], ChangeOutcome | None] | None = None
        self._what = ""
        self.panel = Panel()
        self.panel.chosen.connect(self._chosen)

    def is_asking(self) -> bool:
        """Whether a question stands."""
        return self._answer is not None

    def ask_cancel(self, hold: HoldRow) -> None:
        """End a hold, once the librarian has said so; why is asked, but may be left out."""
        entry = LineEntry("چرا؟ (اگر لازم است)")
        self._ask(
            "cancel",
            lambda: cancel_hold(self._session.library, HoldKey(hold.id), self._session.act(), entry.text()),
            f"رزرو «{isolate(hold.title)}» برای {isolate(who(hold))} لغو شود؟",
            Choice(YES, "لغو شود", YES_KEY, "danger"),
            entry,
        )

    def ask_suspension(self, hold: HoldRow) -> None:
        """Let a reader's turn pass by until a day, or until further notice; a suspended hold is resumed at once."""
        if hold.state is HoldState.SUSPENDED:
            self._do("resume", resume_hold(self._session.library, HoldKey(hold.id), self._session.act()))
            return
        entry = DayEntry("تا چه روزی؟ خالی: تا خبر بعدی", self._session)
        self._ask(
            "suspend",
            partial(self._suspend, hold, entry),
            f"نوبت {isolate(who(hold))} برای «{isolate(hold.title)}» کنار گذاشته شود؟",
            Choice(YES, "معلق شود", YES_KEY, "primary"),
            entry,
        )

    def move(self, hold: HoldRow, step: int) -> None:
        """One place up or down."""
        if hold.position is not None and hold.position + step >= 1:
            act = self._session.act()
            self._do("move", move_hold(self._session.library, hold.id, hold.position + step, act))

    @Slot()
    def withdraw(self) -> None:
        """The question is left unanswered."""
        self._answer = None
        self.panel.close_question()
        self.settled.emit()

    def _suspend(self, hold: HoldRow, entry: DayEntry) -> "ChangeOutcome | None":
        if entry.edit.is_wrong():
            return None
        return suspend_hold(self._session.library, HoldKey(hold.id), self._session.act(), entry.edit.day())

    def _ask(
        self, what: str, answer: Callable[[], "ChangeOutcome | None"], title: str, yes: Choice, entry: QWidget
    ) -> None:
        if self.is_asking():
            self.said.emit(words.ANSWER_FIRST)
            return
        self._what, self._answer = what, answer
        self.panel.ask(Tone.WARN, title, (), (yes, Choice(CLOSE, "بماند", "Esc")), extra=entry)
        entry.setFocus()

    @Slot(str)
    def _chosen(self, choice: str) -> None:
        answer = self._answer
        if choice != YES or answer is None:
            self.withdraw()
            return
        outcome = answer()
        if outcome is not None:
            self.withdraw()
            self._do(self._what, outcome)

    def _do(self, what: str, outcome: ChangeOutcome) -> None:
        if isinstance(outcome, Changed):
            self.said.emit(words.changed(what, outcome))
            self._session.refresh.tell("holds")
        elif isinstance(outcome, ChangeRefused):
            self.said.emit(words.refused(outcome.refusals))
        else:
            self.said.emit(words.unknown(outcome.key))
        self.changed.emit(outcome)
