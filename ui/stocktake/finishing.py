"""The end of a shelf-reading: every line of what follows from it, the choices, and one key that does it."""

import uuid

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.outcome import NotFound, Refused
from app.papers import Printed
from app.persian.digits import number, percent
from app.stocktake.closing import AlreadyClosed, Closed, CloseOutcome
from app.stocktake.reckoning import Reckoning
from app.stocktake.rules import may_be_chosen
from app.stocktake.sessions import Abandoned, abandon
from reports.lists import list_xlsx
from reports.stocktake import range_words
from ui.paper.paper import Paper
from ui.paper.saving import SavePanel
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.stocktake import words
from ui.stocktake.end_work import EndWork, Reckoned
from ui.stocktake.rows import Change, change_table, choices_of, code_words
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column
from ui.widgets.panel import Choice, Panel, Reason
from ui.widgets.row_list import RowList

DRAFT, CLOSE, GIVE_UP, TICK_ALL = "Ctrl+P", "Ctrl+E", "Ctrl+Shift+D", "Ctrl+Shift+A"
YES, NO, REALLY = "yes", "no", "really"
NOTHING = ("چیزی تغییر نمی‌کند", "هر چه باید در قفسه باشد دیده شده و سر جای خود است.", "circle-check")
RECKONING = ("قفسه‌ها با دفتر سنجیده می‌شوند…", "می‌توانید به قفسه بازگردید و خواندن را دنبال کنید.", "clock")
GONE = Said(Tone.REFUSE, "این رف‌خوانی دیگر نیست", (), Sound.REFUSED)

UNREAD = 10
"""Where more than a tenth of the shelf would be missing, a part of it has more likely not been read."""


def _half_read(reckoning: Reckoning) -> tuple[Reason, ...]:
    """A word of warning before a shelf that was left halfway becomes a list of missing books."""
    if len(reckoning.missing) * UNREAD <= reckoning.expected:
        return ()
    told = f"تنها {percent(reckoning.seen, reckoning.expected)} این قفسه‌ها خوانده شده است."
    return (Reason(told, "", "اگر قفسه‌ای مانده است، نخست آن را بخوانید؛ رف‌خوانی همین‌جا می‌ماند."),)


class Finishing(QWidget):
    """`closed` carries the outcome and how many copies were noted for binding; `paper_wanted` a draft; `left`: back to
    the shelves; `given_up` what to say."""

    closed = Signal(object, object)
    paper_wanted = Signal(object)
    left = Signal()
    given_up = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._reckoning: Reckoning | None = None
        self._chosen: set[uuid.UUID] = set()
        self.title, self.figures = Label("", "title"), Label("", "muted", wrap=True)
        self.unknown = Label("", "muted", wrap=True)
        self.draft = Button("پیش‌نویس صورتجلسه", DRAFT, icon="eye")
        self.close_ = Button("پایان رف‌خوانی…", CLOSE, "primary", "circle-check")
        self.give_up = Button("رها کردن…", GIVE_UP, "quiet", "trash")
        self.all = Button("برگزیدن همه", TICK_ALL, "quiet", "square-check")
        self.back = Button("بازگشت به قفسه", "Esc", "quiet", "arrow-left")
        self.banner, self.panel, self.saving = Banner(), Panel(), SavePanel()
        self.banner.hide()
        self.list = RowList(change_table(), title="آنچه اجرا می‌شود", noun="سطر")
        self.work = EndWork(session, self.list.table)
        self._lay_out()
        self._connect()

    def show_session(self, session_id: uuid.UUID) -> None:
        """Reckon a session up; its lines are shown when they are ready."""
        self.panel.close_question()
        self.banner.hide()
        self._chosen = set()
        self._reckoning = None
        self.list.set_empty(*RECKONING)
        self.list.set_rows(())
        self.title.say("پایان رف‌خوانی")
        self.figures.say("")
        self.unknown.hide()
        self.all.hide()
        self.work.reckon(session_id)

    def is_closing(self) -> bool:
        """Whether a session is being closed now: it takes no scans any more."""
        return self.work.closing is not None

    def leave(self) -> None:
        """Somebody goes back to the shelves: what is being made is not waited for."""
        self.panel.close_question()
        self.work.give_up()

    def say(self, said: Said) -> None:
        """Tell something in the banner."""
        self.banner.show_outcome(said.tone, said.title, *said.detail)
        self.banner.show()
        self._session.sounds.play(said.sound)

    def setFocus(self) -> None:  # type: ignore[override]
        """Ready for keys."""
        self.list.view.setFocus()
        if not self.list.view.chosen():
            self.list.view.choose_place(0)

    def on_escape(self) -> None:
        """Withdraw the question, else go back to the shelves."""
        if self.panel.is_open():
            self.panel.close_question()
            self.setFocus()
        elif self.saving.is_open():
            self.saving.close_question()
        elif not self.is_closing():
            self.leave()
            self.left.emit()

    @Slot()
    def show_draft(self) -> None:
        """Ctrl+P: the minutes as they would be."""
        if self._reckoning is not None and not self.work.is_busy():
            self.work.draft(self._reckoning.session.id)

    @Slot(object)
    def _show_drafted(self, printed: Printed | None) -> None:
        if self._reckoning is None or printed is None:
            self.given_up.emit(GONE)
            return
        name = self._reckoning.session.name
        paper = Paper(
            f"پیش‌نویس صورتجلسهٔ رف‌خوانی «{name}»", printed.pdf, "stocktake-draft.pdf", printed.xlsx,
            "stocktake-draft.xlsx", draft=True,
        )  # fmt: skip
        self.paper_wanted.emit(paper)

    @Slot()
    def export(self) -> None:
        """The lines shown as an Excel file."""
        headings, *rows = self.list.sheet()
        name = self._reckoning.session.name if self._reckoning else ""
        self.saving.save(self, "stocktake-end.xlsx", list_xlsx(f"پایان رف‌خوانی «{name}»", headings, rows))

    @Slot()
    def ask(self) -> None:
        """Ctrl+E: the numbers, and the key that does it all."""
        reckoning = self._reckoning
        if reckoning is None or self.work.is_busy():
            return
        returned = sum(read.copy.id in self._chosen for read in reckoning.lent)
        found = sum(not may_be_chosen(read.copy) for read in reckoning.found)
        lines = (
            (len(reckoning.missing), "نسخه مفقود می‌شود"),
            (found, "نسخهٔ پیداشده موجود می‌شود"),
            (len(self._chosen) - returned, "نسخه به انتخاب شما موجود می‌شود"),
            (returned, "نسخهٔ امانتی بی‌جریمه بازگردانده می‌شود"),
            (len(reckoning.noted), "وضعیت ظاهری نوشته می‌شود"),
        )
        told = [f"{number(count)} {what}" for count, what in lines if count]
        self.panel.ask(
            Tone.WARN,
            f"پایان رف‌خوانی «{isolate(reckoning.session.name)}»؟",
            (Reason("، ".join(told) + "." if told else "چیزی تغییر نمی‌کند."), *_half_read(reckoning)),
            (Choice(YES, "پایان و اجرای همه", words.YES_KEY, "danger"), Choice(NO, "هنوز نه", "Esc")),
            note="همه با هم انجام می‌شود، یا هیچ‌کدام. صورتجلسه شماره می‌گیرد و دیگر تغییر نمی‌کند.",
        )

    @Slot()
    def ask_give_up(self) -> None:
        """Ctrl+Shift+D: end it without any consequence."""
        if self._reckoning is None or self.work.is_busy():
            return
        self.panel.ask(
            Tone.WARN,
            "رف‌خوانی رها شود؟",
            (Reason(f"{number(self._reckoning.seen)} نسخه خوانده شده است؛ اسکن‌ها می‌مانند و هیچ نسخه‌ای تغییر نمی‌کند."),),
            (Choice(REALLY, "رها شود", words.YES_KEY, "danger"), Choice(NO, "نه", "Esc")),
        )

    @Slot(object)
    def _show_reckoned(self, reckoned: Reckoned | None) -> None:
        if reckoned is None:
            self.given_up.emit(GONE)
            return
        reckoning = self._reckoning = reckoned.reckoning
        self.list.set_empty(*NOTHING)
        self.list.table.set_made(reckoned.lines)
        self.title.say(f"پایان «{isolate(reckoning.session.name)}»")
        told = (
            range_words(reckoning.session),
            f"باید باشد {number(reckoning.expected)}",
            f"دیده شد {number(reckoning.seen)}",
            f"مفقود {number(len(reckoning.missing))}",
            f"جابه‌جا {number(len(reckoning.misplaced) + len(reckoning.elsewhere))}",
        )
        self.figures.say(" · ".join(told))
        self.unknown.setVisible(bool(reckoning.unknown))
        self.unknown.say(f"کدهای ناشناخته: {code_words(reckoning.unknown)}")
        self.all.setVisible(bool(reckoning.by_choice))
        if self.isVisible() and not self.panel.is_open():
            self.setFocus()

    @Slot(object)
    def _tick(self, change: Change) -> None:
        if change.ticked is not None:
            self._choose(self._chosen ^ {change.copy.id})

    @Slot()
    def _tick_all(self) -> None:
        if self._reckoning is not None:
            choices = {read.copy.id for read in self._reckoning.by_choice}
            self._choose(set() if self._chosen == choices else choices)

    def _choose(self, chosen: set[uuid.UUID]) -> None:
        """What stands in a question, or is being done, does not change any more."""
        if self._reckoning is not None and not self.panel.is_open() and not self.is_closing():
            self._chosen = chosen
            self.list.table.update_rows(choices_of(self._reckoning, chosen))

    @Slot(str)
    def _answer(self, code: str) -> None:
        self.panel.close_question()
        if code == YES:
            self._close()
        elif code == REALLY:
            self._give_up()
        else:
            self.setFocus()

    def _close(self) -> None:
        if self._reckoning is not None and not self.work.is_busy():
            self.work.close_session(self._reckoning.session.id, frozenset(self._chosen))

    @Slot(object)
    def _finished(self, outcome: CloseOutcome) -> None:
        self.banner.hide()
        match outcome:
            case Closed():
                self._session.refresh.tell("items", "loans", "holds", "money", "weeding", "stocktake")
                self.closed.emit(outcome, self._reckoning)
            case AlreadyClosed():
                told = "این رف‌خوانی پیش‌تر پایان یافته است"
                self.given_up.emit(Said(Tone.INFO, told, (), Sound.CHECKED_IN))
            case Refused(refusals):
                self._session.sounds.play(Sound.REFUSED)
                self.panel.ask(Tone.REFUSE, "پایان نیافت", words.reasons(refusals), (Choice(NO, "باشد", "Esc"),))
            case NotFound():
                self.given_up.emit(GONE)

    @Slot()
    def _stopped(self) -> None:
        """Stopped before anything was done: without lists there is nothing to see here."""
        if self._reckoning is None:
            self.left.emit()
        else:
            self.say(Said(Tone.INFO, "متوقف شد", ("چیزی تغییر نکرد.",), Sound.CHECKED_IN))

    def _give_up(self) -> None:
        if self._reckoning is None:
            return
        outcome = abandon(self._session.library, self._reckoning.session.id, self._session.act())
        match outcome:
            case Abandoned():
                self._session.refresh.tell("stocktake")
                said = Said(
                    Tone.INFO,
                    f"رف‌خوانی «{isolate(outcome.name)}» رها شد",
                    ("هیچ نسخه‌ای تغییر نکرد.",),
                    Sound.CHECKED_IN,
                )
                self.given_up.emit(said)
            case Refused(refusals):
                self.panel.ask(Tone.REFUSE, "رها نشد", words.reasons(refusals), (Choice(NO, "باشد", "Esc"),))
            case NotFound():
                self.given_up.emit(GONE)

    def _lay_out(self) -> None:
        deeds = Flow(self.close_, self.draft, self.back, self.give_up)
        self.list.add_tool(self.all)
        above = column(self.title, self.figures, deeds, gap=12)
        whole = column(above, self.banner, self.panel, self.saving, self.work, self.list, self.unknown, gap=12)
        whole.setStretch(5, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.draft.clicked.connect(self.show_draft)
        self.close_.clicked.connect(self.ask)
        self.give_up.clicked.connect(self.ask_give_up)
        self.back.clicked.connect(self.on_escape)
        self.all.clicked.connect(self._tick_all)
        self.panel.chosen.connect(self._answer)
        self.work.reckoned.connect(self._show_reckoned)
        self.work.drafted.connect(self._show_drafted)
        self.work.closed.connect(self._finished)
        self.work.stopped.connect(self._stopped)
        for button in (self.draft, self.close_, self.give_up):
            self.work.busy.connect(button.setDisabled)
        self.list.view.row_ticked.connect(self._tick)
        self.list.export_wanted.connect(self.export)
