"""What else may become of a copy than the list: to the bindery, back to its shelf for good, or not now (002 م5-2)."""

from dataclasses import dataclass
from typing import assert_never

from PySide6.QtCore import QObject, Signal, Slot

from app.calendar.rules import add_months
from app.outcome import NotFound, Refused
from app.persian import jalali
from app.refusal import NO_ANSWER, Answer, Refusal, Weight
from app.to_bindery import SentToBindery, send_to_bindery
from app.weeding.notes import Noted, note_candidate
from db.codes import CandidateDecision, WeedingReason
from ui.circulation.words import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.weeding import words
from ui.weeding.entry import Dated, Entry
from ui.weeding.rows import WorkLine
from ui.widgets.jalali_edit import WRONG_DATE
from ui.widgets.labels import isolate
from ui.widgets.panel import Choice, Panel, Reason

TO_BINDING = "به صحافی"
_LATER, _KEEP, _BIND = "later", "keep", "bind"


@dataclass(frozen=True, slots=True)
class _Asked:
    """The copy in question, what it is asked about, and the codes that a yes confirms."""

    line: WorkLine
    kind: str
    confirm: frozenset[str] = frozenset()


class Deciding(QObject):
    """`decided` carries the id of a copy that is no candidate any more; `began` and `ended` frame every question."""

    said = Signal(object)
    decided = Signal(object)
    began = Signal()
    ended = Signal()

    def __init__(self, session: Session, panel: Panel, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._panel = session, panel
        self.reason = WeedingReason.CONTENT
        self._asked: _Asked | None = None
        self._entry: Entry | Dated | None = None
        panel.chosen.connect(self._chosen)

    def is_asking(self) -> bool:
        """Whether a question about a copy stands."""
        return self._asked is not None

    def ask_later(self, line: WorkLine) -> None:
        """Why not now, and until when; a season is suggested (002 م7-3)."""
        act, months = self._session.act(), self._session.library.guideline.terms.season_months
        entry = Dated("چرا؟", "تا چه روزی؟", lambda: self._session.act().day)
        entry.date.set_day(add_months(act.day, months))
        self._ask(_Asked(line, _LATER), f"{_named(line)} فعلاً پیشنهاد نشود؟", "پیشنهاد نشود", entry)

    def ask_keep(self, line: WorkLine) -> None:
        """Why it stays for good."""
        entry = Entry("چرا؟")
        self._ask(_Asked(line, _KEEP), f"{_named(line)} در قفسه بماند و دیگر پیشنهاد نشود؟", "بماند", entry)

    def bind(self, line: WorkLine) -> None:
        """Off the list if it stands there, and onto the draft request for binding, in one step (002 م13-6)."""
        self._bind(_Asked(line, _BIND), NO_ANSWER)

    def withdraw(self) -> None:
        """The question is left unanswered."""
        self._close()
        self.ended.emit()

    def _ask(self, asked: _Asked, title: str, yes: str, entry: Entry | Dated) -> None:
        self._open(asked)
        self._entry = entry
        choices = (Choice(words.YES, yes, words.YES_KEY, "primary"), Choice(words.CLOSE, "انصراف", "Esc"))
        self._panel.ask(Tone.WARN, title, (), choices, extra=entry)
        entry.setFocus()

    @Slot(str)
    def _chosen(self, choice: str) -> None:
        asked = self._asked
        if choice != words.YES or asked is None:
            self.withdraw()
        elif asked.kind == _BIND:
            self._close()
            self._bind(asked, Answer(confirm=asked.confirm))
        elif self._is_answered():
            self._note(asked)

    def _is_answered(self) -> bool:
        entry = self._entry
        if entry is None or not entry.text():
            if entry is not None:
                entry.setFocus()
            return False
        if isinstance(entry, Dated) and entry.day() is None:
            entry.date.edit.setFocus()
            self.said.emit(Said(Tone.WARN, "تا چه روزی؟", (WRONG_DATE,), Sound.ATTENTION))
            return False
        return True

    def _note(self, asked: _Asked) -> None:
        entry, line = self._entry, asked.line
        if isinstance(entry, Dated):
            decision, remark, until = CandidateDecision.LATER, entry.text(), entry.day()
        else:
            decision, remark, until = CandidateDecision.KEEP, entry.text() if entry else "", None
        session = self._session
        outcome = note_candidate(
            session.library, line.barcode, self.reason, decision, session.act(), remark=remark, until=until
        )
        self._close()
        match outcome:
            case Noted():
                told = (
                    f"تا {jalali.day_month_year(outcome.until)} پیشنهاد نمی‌شود" if outcome.until else "در قفسه می‌ماند"
                )
                self._tell_decided(f"{told} — {_named(line)}", line)
            case Refused():
                self._refuse(line, outcome.refusals)
            case NotFound():
                self.said.emit(words.unknown(outcome.key))
            case _:
                assert_never(outcome)
        self.ended.emit()

    def _bind(self, asked: _Asked, answer: Answer) -> None:
        session, line = self._session, asked.line
        outcome = send_to_bindery(session.library, line.barcode, self.reason, session.act(), answer)
        match outcome:
            case SentToBindery():
                told = "از پیش در درخواست صحافی است" if outcome.on_request else "در درخواست صحافی نوشته شد"
                self._tell_decided(f"{told} — {_named(line)}", line)
            case Refused():
                self._refuse(line, outcome.refusals, TO_BINDING)
            case NotFound():
                self.said.emit(words.unknown(outcome.key))
            case _:
                assert_never(outcome)
        if self._asked is None:
            self.ended.emit()

    def _tell_decided(self, title: str, line: WorkLine) -> None:
        self.said.emit(Said(Tone.OK, title, (), Sound.CHECKED_IN, "آخرین کار"))
        self.decided.emit(line.item_id)
        self._session.refresh.tell("weeding", "items", "binding")

    def _refuse(self, line: WorkLine, refusals: tuple[Refusal, ...], kind: str = "") -> None:
        question = bool(refusals) and kind == TO_BINDING and all(one.weight is Weight.CONFIRM for one in refusals)
        reasons: tuple[Reason, ...] = words.reasons(refusals)
        if question:
            self._open(_Asked(line, _BIND, frozenset(one.code for one in refusals)))
            self.said.emit(Said(Tone.WARN, f"نیاز به پاسخ شما — {_named(line)}", (), Sound.ATTENTION))
            choices = (Choice(words.YES, "تأیید", words.YES_KEY, "primary"), Choice(words.CLOSE, "انصراف", "Esc"))
            self._panel.ask(Tone.WARN, f"{_named(line)} به صحافی برود؟", reasons, choices)
        else:
            self.said.emit(Said(Tone.REFUSE, f"انجام نشد — {_named(line)}", (), Sound.REFUSED))
            self._panel.ask(Tone.REFUSE, f"{_named(line)} — انجام نشد", reasons, words.CLOSE_ONLY)

    def _open(self, asked: _Asked) -> None:
        self._asked = asked
        self.began.emit()

    def _close(self) -> None:
        self._asked, self._entry = None, None
        self._panel.close_question()


def _named(line: WorkLine) -> str:
    return f"«{isolate(line.title)}»"
