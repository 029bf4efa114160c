"""What is done with loans that are there: renewing one or all, seen or by telephone; lost; said to be back."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.circulation.outcomes import RenewalLine, RenewalRefused, Renewed
from app.circulation.renewal import renew_all, renew_item
from app.outcome import NotFound
from app.refusal import NO_ANSWER, Answer, Refusal
from ui.circulation import words
from ui.circulation.asking import Asking, Question
from ui.circulation.at_desk import AtDesk
from ui.circulation.counter import OWN_REASON
from ui.circulation.desk_keys import YES
from ui.circulation.entries import ReasonEntry
from ui.circulation.rows import LoanView, Mark
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.panel import Choice, Panel

if TYPE_CHECKING:
    from ui.lost.acting import Acting

CHOOSE_FIRST = Said(Tone.INFO, "نخست یک امانت را برگزینید", ("با پیکان‌های بالا و پایین، یا با موشی.",), Sound.ATTENTION)
RENEWED: Mark = ("تمدید شد", Tone.OK)
NOT_RENEWED: Mark = ("تمدید نشد", Tone.WARN)


class LoanDeeds(QObject):
    """`said` what happened; `changed` which rows; `marked` what to write beside the loans that were asked about.

    Losses are asked about on a panel of their own, by the part of the page of losses that does it there; it is loaded
    when it is first wanted. `settled`: no such question stands."""

    said = Signal(object)
    changed = Signal(object)
    marked = Signal(object)
    unknown = Signal(str)
    settled = Signal()

    def __init__(self, session: Session, desk: AtDesk, asking: Asking, panel: Panel) -> None:
        super().__init__(asking)
        self._session, self._desk, self._asking, self._panel = session, desk, asking, panel
        self._acting: Acting | None = None

    def renew_all(self, *, unseen: bool = False) -> None:
        """Renew every loan of the reader, with a result for each: on its row, and why not."""
        if self._desk.reader is None:
            return
        library = self._session.library
        outcome = renew_all(library, self._desk.reader.key, self._session.act(), unseen=unseen)
        if isinstance(outcome, NotFound):
            self.unknown.emit(outcome.key)
            return
        self.said.emit(words.renewed_all(outcome))
        self.marked.emit(_marks(outcome.lines))
        refused = [line for line in outcome.lines if isinstance(line, RenewalRefused) and line.just_renewed is None]
        if refused:
            reasons = tuple(
                replace(reason, text=f"{words.book(line.item)}: {reason.text}")
                for line in refused
                for reason in words.reasons(line.refusals, library.categories)
            )
            self._asking.tell(Tone.WARN, "این امانت‌ها تمدید نشدند", reasons)
        self.changed.emit(("loans", "money"))

    def renew(self, loan: LoanView | None, *, unseen: bool = False, answer: Answer = NO_ANSWER) -> None:
        """Renew the chosen loan; what may be overridden is offered with its key."""
        if loan is None:
            self.said.emit(CHOOSE_FIRST)
            return
        outcome = renew_item(self._session.library, loan.barcode, self._session.act(), unseen=unseen, answer=answer)
        if isinstance(outcome, NotFound):
            self.unknown.emit(outcome.key)
            return
        self.marked.emit(_marks((outcome,)))
        if isinstance(outcome, Renewed):
            self.said.emit(words.renewed(outcome))
        elif outcome.just_renewed is not None:
            self.said.emit(words.just_renewed(outcome.item, outcome.just_renewed))
        else:
            self._refuse(loan, outcome, unseen)
        self.changed.emit(("loans", "money"))

    def lose(self, loan: LoanView | None) -> None:
        """The reader has lost the chosen book."""
        from ui.lost.deeds import LOSE

        self._ask(LOSE, loan)

    def claim(self, loan: LoanView | None) -> None:
        """The reader says that the chosen book was brought back."""
        from ui.lost.deeds import CLAIM

        self._ask(CLAIM, loan)

    def acting(self) -> "Acting":
        """What asks about losses."""
        from ui.lost.acting import Acting

        if self._acting is None:
            self._acting = Acting(self._session, self._panel, self)
            self._acting.said.connect(self.said)
            self._acting.done.connect(self._done)
            self._acting.settled.connect(self.settled)
        return self._acting

    @Slot()
    def _done(self) -> None:
        self.changed.emit(())

    def _ask(self, deed: str, loan: LoanView | None) -> None:
        from ui.lost.subjects import subject_of

        if loan is None:
            self.said.emit(CHOOSE_FIRST)
            return
        with self._session.library.store.read() as reader:
            subject = subject_of(self._session.library, reader, loan.barcode)
        if subject is not None:
            self.acting().ask(deed, subject)

    def _refuse(self, loan: LoanView, outcome: RenewalRefused, unseen: bool) -> None:
        title = f"{words.book(outcome.item)} تمدید نمی‌شود"
        self.said.emit(Said(Tone.REFUSE, f"تمدید نشد — {words.book(outcome.item)}", (), Sound.REFUSED))
        reasons = words.reasons(outcome.refusals, self._session.library.categories)
        choices = tuple(
            replace(choice, text="تمدید با اجازه") if choice.code == words.OVERRIDE else choice
            for choice in words.choices(outcome.refusals)
        )

        def run(code: str) -> bool:
            if code == words.OVERRIDE:
                self._ask_reason(loan, outcome.refusals, unseen)
            return True

        self._asking.ask(Question(Tone.REFUSE, title, reasons, choices, run))

    def _ask_reason(self, loan: LoanView, refusals: tuple[Refusal, ...], unseen: bool) -> None:
        entry = ReasonEntry(None)
        codes = frozenset(refusal.code for refusal in refusals)
        again = partial(self.renew, loan, unseen=unseen)

        def run(code: str) -> bool:
            reason = entry.reason() if code == OWN_REASON else code
            if reason:
                again(answer=Answer(override=codes, reason=reason, confirm=codes))
            return bool(reason)

        *usual, close = words.OVERRIDE_REASONS
        choices = (*usual, Choice(OWN_REASON, "با همین دلیل", YES, "primary"), close)
        title = f"دلیل تمدید «{loan.title}» با نادیده گرفتن قاعده چیست؟"
        self._asking.ask(Question(Tone.WARN, title, (), choices, run, extra=entry, focus=entry.edit))


def _marks(lines: tuple[RenewalLine, ...]) -> Mapping[object, Mark]:
    return {line.item.id: RENEWED if isinstance(line, Renewed) or line.just_renewed else NOT_RENEWED for line in lines}
