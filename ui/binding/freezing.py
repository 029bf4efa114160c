"""From the draft to its paper: the preview, the question before the number, and the frozen form.

Papers are made in the line of long work: PDFium sees one thread only.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.binding.service import LONGEST_LETTER, Letter, Requested, finalise, preview
from app.outcome import Refused
from app.papers import Printed
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.act import Act
from reports.forms.binding import print_request
from ui.binding import words
from ui.binding.asking import Side
from ui.jobs import Token
from ui.paper.paper import Paper
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import Values, day_of, text_of
from ui.widgets.panel import Reason

LETTER = (
    Field(
        "letter_no", "شمارهٔ نامه به شهرستان", help="اگر هنوز ندارید، پس از آن هم نوشته می‌شود.", longest=LONGEST_LETTER
    ),
    Field("letter_on", "تاریخ نامه", Kind.DATE),
)  # fmt: skip


class Freezing(QObject):
    """`printed` carries the paper of a draft, `frozen` says that a request has its number; `ended` comes after every
    piece of work, whatever became of it."""

    said = Signal(object)
    printed = Signal(object)
    frozen = Signal()
    ended = Signal()

    def __init__(self, session: Session, side: Side, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._side, self._busy = session, side, False

    def is_busy(self) -> bool:
        """Whether a paper is being made."""
        return self._busy

    def ask(self, rows: int) -> None:
        """Ctrl+Enter: say what a number means, and ask. Enter alone never answers."""
        if not rows or self._busy or self._side.is_asking():
            return
        self._side.ask(
            Tone.WARN,
            "درخواست صحافی شماره بگیرد؟",
            (
                Reason(f"{number(rows)} نسخه در فرم شماره یک نوشته می‌شود.", "دستورالعمل وجین، مادهٔ ۱۳-۶"),
                Reason("درخواست دیگر تغییر نمی‌کند.", way_out="اگر تردید دارید، نخست پیش‌نمایش را ببینید."),
            ),
            "شماره بگیرد",
            self._freeze_it,
            LETTER,
        )

    def _freeze_it(self, values: Values) -> None:
        letter = Letter(text_of(values, "letter_no"), day_of(values, "letter_on"))
        self._begin("شماره دادن به درخواست صحافی", partial(_finalise, self._session, letter, self._session.act()))

    def preview(self, rows: int) -> None:
        """Ctrl+P: the form as it would be printed, marked as a draft."""
        if rows and not self._busy:
            self._begin("پیش‌نمایش درخواست صحافی", partial(_preview, self._session, self._session.act()))

    def _begin(self, title: str, work: Callable[[Token], object]) -> None:
        self._busy = True
        job = self._session.jobs.start(title, work)
        job.finished.connect(self._made)
        job.failed.connect(self._failed)

    @Slot(object)
    def _made(self, outcome: Requested | Refused | Printed | None) -> None:
        self._busy = False
        if isinstance(outcome, Printed):
            name = "binding-draft"
            self.printed.emit(
                Paper("پیش‌نویس درخواست صحافی", outcome.pdf, f"{name}.pdf", outcome.xlsx, f"{name}.xlsx", draft=True)
            )
        elif isinstance(outcome, Refused):
            self.said.emit(words.refused(outcome.refusals, "درخواست شماره نگرفت"))
        elif isinstance(outcome, Requested):
            due = f"{number(outcome.rows)} نسخه · مهلت صحافی تا {jalali.day_month_year(outcome.due_on)}"
            title = f"درخواست {to_persian(outcome.number)} ثبت شد"
            self.said.emit(Said(Tone.OK, title, (due,), Sound.CHECKED_OUT))
            self._session.refresh.tell("binding", "items")
            self.frozen.emit()
        self.ended.emit()

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self._busy = False
        self.ended.emit()
        raise error  # told by the window, in three parts


def _finalise(session: Session, letter: Letter, act: Act, _: Token) -> Requested | Refused:
    return finalise(session.library, print_request, act, letter)


def _preview(session: Session, act: Act, _: Token) -> Printed | None:
    return preview(session.library, print_request, act)
