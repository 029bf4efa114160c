"""From a key to a step of minutes: the question beside the lists, the form, the use case, and what is said of it.

Steps that make a paper are made in the line of long work; Enter confirms nothing.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.labels import RULING_LEVEL
from app.outcome import NotFound, Refused
from app.persian.digits import number, to_persian
from app.refusal import Weight
from app.weeding.explain import in_order
from app.weeding.minutes.tracking import MinutesDetail
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.weeding import words
from ui.weeding.marking import Marking, MarkPad
from ui.weeding.tracking_deeds import ANSWER, CLOSE, DEEDS, LEVEL_OF, REISSUE, SIGNED, Deed, marks_for
from ui.weeding.tracking_rows import Mark
from ui.weeding.tracking_steps import Outcome, Steps
from ui.weeding.tracking_words import told, what_closing_does
from ui.widgets.ask_path import AskWhich, ask_which
from ui.widgets.form import Form
from ui.widgets.form_values import Values
from ui.widgets.labels import isolate
from ui.widgets.layouts import column
from ui.widgets.panel import Choice, Panel, Reason

SIGNED_FILES = "پاسخ امضاشده (*.json *.pishkhan-ruling)"
_MAKES_A_PAPER = frozenset({REISSUE, CLOSE})


class TrackingActs(QObject):
    """`said` carries what happened, `done` comes after a step was taken, `settled` when no question stands. `busy`
    tells that a paper is being made, `made` that it is, or could not be."""

    said = Signal(object)
    done = Signal()
    settled = Signal()
    busy = Signal(str)
    made = Signal()

    def __init__(self, session: Session, panel: Panel, marking: Marking, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._panel, self._marking = session, panel, marking
        self._deed: Deed | None = None
        self._detail: MinutesDetail | None = None
        self._confirmed: frozenset[str] = frozenset()
        self._working = False
        self._file: Path | None = None
        self.ask_which: AskWhich = ask_which
        self.form: Form | None = None
        self.pad: MarkPad | None = None
        panel.chosen.connect(self._chosen)

    def is_asking(self) -> bool:
        """Whether a question stands."""
        return self._panel.is_open()

    def is_busy(self) -> bool:
        """Whether a paper is being made."""
        return self._working

    def ask(self, name: str, detail: MinutesDetail) -> None:
        """The question of a deed, if it can be done with these minutes now."""
        deed = DEEDS[name]
        if self._working or not deed.fits(detail.minutes):
            return
        if name == SIGNED and not self._has_file():
            return
        self._marking.end()
        self._deed, self._detail, self._confirmed = deed, detail, frozenset()
        if deed.marks:
            self._marking.begin(LEVEL_OF[detail.minutes.state] if name == ANSWER else None)
        self._open(deed, detail, tuple(self._told(deed, detail)), deed.tone)

    def withdraw(self) -> None:
        """The question is left unanswered."""
        self._marking.end()
        self._deed, self._detail, self.form, self.pad = None, None, None, None
        self._panel.close_question()
        self.settled.emit()

    def _open(self, deed: Deed, detail: MinutesDetail, reasons: tuple[Reason, ...], tone: Tone) -> None:
        self.form = Form(deed.fields, lambda: self._session.act().day) if deed.fields else None
        marks = marks_for(deed, detail)
        self.pad = MarkPad(marks) if marks else None
        if self.pad is not None:
            self.pad.marked.connect(self._mark)
        parts = [part for part in (self.form, self.pad) if part is not None]
        extra = QWidget() if parts else None
        if extra is not None:
            extra.setLayout(column(*parts, gap=10))
        yes = Choice(words.YES, deed.yes, words.YES_KEY, "primary")
        choices = (yes, Choice(words.CLOSE, "انصراف", "Esc"))
        self._panel.ask(tone, self._question(deed, detail), reasons, choices, extra=extra)
        if self.form is not None:
            self.form.input(deed.fields[0].name).setFocus()

    def _question(self, deed: Deed, detail: MinutesDetail) -> str:
        level = LEVEL_OF.get(detail.minutes.state)
        return f"پاسخ {RULING_LEVEL[level]} چیست؟" if deed.name == ANSWER and level else deed.question

    def _has_file(self) -> bool:
        """Whether the person has named the file of an answer."""
        parent = self.parent()
        self._file = self.ask_which(parent, SIGNED_FILES) if isinstance(parent, QWidget) else None
        return self._file is not None

    def _told(self, deed: Deed, detail: MinutesDetail) -> Iterator[Reason]:
        minutes = detail.minutes
        yield Reason(f"صورتجلسهٔ {to_persian(minutes.number)}، ویراست {number(minutes.revision)}", in_order(deed.told))
        if deed.name == SIGNED and self._file is not None:
            yield Reason(isolate(self._file.name))
        if deed.name == CLOSE:
            yield from (Reason(in_order(line)) for line in what_closing_does(detail))

    @Slot(object)
    def _mark(self, mark: Mark | None) -> None:
        if self.pad is not None:
            self._marking.mark(mark, self.pad.why.text())

    @Slot(str)
    def _chosen(self, choice: str) -> None:
        deed, detail = self._deed, self._detail
        if choice != words.YES or deed is None or detail is None:
            self.withdraw()
        elif self.form is None or self.form.check():
            values = self.form.values() if self.form else {}
            if deed.name in _MAKES_A_PAPER:
                self._start(deed, detail, values)
            else:
                steps = Steps(self._session, self._marking, self._file, self._confirmed)
                self._settle(deed, detail, values, steps.run(deed, detail, values))

    def _start(self, deed: Deed, detail: MinutesDetail, values: Values) -> None:
        """In the line of long work; the question is gone meanwhile."""
        steps = Steps(self._session, self._marking, self._file, self._confirmed)
        work = steps.work(deed, detail, values)
        self._working = True
        self._panel.close_question()
        self.busy.emit(deed.label)
        job = self._session.jobs.start(f"{deed.label}: صورتجلسهٔ {to_persian(detail.minutes.number)}", work)
        job.finished.connect(partial(self._made, deed, detail, values))
        job.failed.connect(self._failed)

    def _made(self, deed: Deed, detail: MinutesDetail, values: Values, outcome: Outcome) -> None:
        self._working = False
        self.made.emit()
        self._settle(deed, detail, values, outcome)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self._working = False
        self.made.emit()
        self.withdraw()
        raise error  # told by the window, in three parts

    def _settle(self, deed: Deed, detail: MinutesDetail, values: Values, outcome: Outcome) -> None:
        if isinstance(outcome, Refused):
            self._refuse(deed, detail, values, outcome)
            return
        self.withdraw()
        if isinstance(outcome, NotFound):
            self.said.emit(Said(Tone.REFUSE, "این صورتجلسه پیدا نشد", (), Sound.REFUSED))
            return
        self._session.refresh.tell("weeding", "items")
        self.said.emit(told(outcome))
        self.done.emit()

    def _refuse(self, deed: Deed, detail: MinutesDetail, values: Values, outcome: Refused) -> None:
        """Every reason; what only wants a yes may be confirmed with the form as it was filled in."""
        asked = all(refusal.weight is Weight.CONFIRM for refusal in outcome.refusals)
        self._confirmed = frozenset(refusal.code for refusal in outcome.refusals) if asked else frozenset()
        self._deed, self._detail = deed, detail
        self._open(deed, detail, words.reasons(outcome.refusals), Tone.WARN if asked else Tone.REFUSE)
        if self.form is not None:
            self.form.set_values(values)
        self._session.sounds.play(Sound.ATTENTION if asked else Sound.REFUSED)
