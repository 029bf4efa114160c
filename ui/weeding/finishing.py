"""From the draft to its paper: the preview of a draft, the question before freezing, and freezing itself.

Papers are made in the line of long work, whatever their length: the desk goes on, and PDFium sees one thread only.
"""

from functools import partial
from typing import assert_never

from PySide6.QtCore import QObject, Signal, Slot

from app.outcome import Refused
from app.papers import Printed
from app.persian.digits import number
from app.weeding.explain import in_order
from app.weeding.service import Finalised, finalise, preview
from db.act import Act
from db.codes import WeedingReason
from reports.forms.minutes import print_minutes
from ui.circulation.words import Said
from ui.jobs import Token
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.weeding import words
from ui.weeding.rows import MINUTES_NAME
from ui.widgets.panel import Choice, Panel, Reason

_ONE_REASON = in_order("هر صورتجلسه یک دلیل دارد (م ۷-۲).")
_STAYS = in_order("نسخه‌ها تا پاسخ استعلام در کتابخانه می‌مانند (م ۷-۴).")
NOTHING_LISTED = Said(Tone.WARN, "این صورتجلسه هنوز ردیفی ندارد", ("نخست برچسب نسخه‌ها را اسکن کنید.",), Sound.REFUSED)


class Finishing(QObject):
    """`began` tells the minutes whose paper is being made, `frozen` carries a Finalised, `drafted` the Printed draft;
    `ended` comes after every question and piece of work, whatever became of it."""

    said = Signal(object)
    began = Signal(str)
    frozen = Signal(object)
    drafted = Signal(object)
    ended = Signal()

    def __init__(self, session: Session, panel: Panel, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._panel = session, panel
        self._reason = WeedingReason.CONTENT
        self._busy = False
        panel.chosen.connect(self._chosen)

    def is_busy(self) -> bool:
        """Whether a paper is being made."""
        return self._busy

    def ask(self, reason: WeedingReason, copies: int) -> None:
        """Ctrl+P: say what freezing means, and ask. Enter alone never answers."""
        self._reason = reason
        self._panel.ask(
            Tone.WARN,
            f"{MINUTES_NAME[reason]} نهایی شود؟",
            (
                Reason(f"{number(copies)} نسخه در صورتجلسه نوشته می‌شود.", _ONE_REASON),
                Reason(
                    "صورتجلسه شماره می‌گیرد و دیگر تغییر نمی‌کند.",
                    _STAYS,
                    "اگر تردید دارید، نخست پیش‌نمایش را ببینید.",
                ),
            ),
            (
                Choice(words.YES, "نهایی شود", words.FREEZE_KEY, "primary"),
                Choice(words.CLOSE, "هنوز نه", "Esc"),
            ),
        )  # fmt: skip

    def preview(self, reason: WeedingReason) -> None:
        """Make the draft's paper, marked as a draft; nothing is kept."""
        work = partial(_preview, self._session, reason, self._session.act())
        self._begin(reason)
        job = self._session.jobs.start(f"پیش‌نمایش {MINUTES_NAME[reason]}", work)
        job.finished.connect(self._previewed)
        job.failed.connect(self._failed)

    def withdraw(self) -> None:
        """The question is left unanswered."""
        self._panel.close_question()
        self.ended.emit()

    @Slot(str)
    def _chosen(self, choice: str) -> None:
        self._panel.close_question()
        if choice != words.YES:
            self.ended.emit()
            return
        reason = self._reason
        work = partial(_finalise, self._session, reason, self._session.act())
        self._begin(reason)
        job = self._session.jobs.start(f"نهایی کردن {MINUTES_NAME[reason]}", work)
        job.finished.connect(self._finalised)
        job.failed.connect(self._failed)

    def _begin(self, reason: WeedingReason) -> None:
        self._busy = True
        self.began.emit(MINUTES_NAME[reason])

    @Slot(object)
    def _finalised(self, outcome: Finalised | Refused) -> None:
        self._busy = False
        match outcome:
            case Finalised():
                self.frozen.emit(outcome)
                self._session.refresh.tell("weeding", "items")
            case Refused():
                self.said.emit(Said(Tone.REFUSE, "صورتجلسه نهایی نشد", (), Sound.REFUSED))
                reasons = words.reasons(outcome.refusals)
                self._panel.ask(Tone.REFUSE, "صورتجلسه نهایی نشد", reasons, words.CLOSE_ONLY)
            case _:
                assert_never(outcome)
        self.ended.emit()

    @Slot(object)
    def _previewed(self, printed: Printed | None) -> None:
        self._busy = False
        if printed is None:
            self.said.emit(NOTHING_LISTED)
        else:
            self.drafted.emit(printed)
        self.ended.emit()

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self._busy = False
        self.ended.emit()
        raise error  # told by the window, in three parts


def _finalise(session: Session, reason: WeedingReason, act: Act, _: Token) -> Finalised | Refused:
    return finalise(session.library, reason, print_minutes, act)


def _preview(session: Session, reason: WeedingReason, act: Act, _: Token) -> Printed | None:
    return preview(session.library, reason, print_minutes, act)
