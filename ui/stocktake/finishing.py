"""The end of a shelf-reading: every line of what follows from it, the choices, and one key that does it."""

import uuid
from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.outcome import NotFound, Refused
from app.persian.digits import number
from app.stocktake.closing import AlreadyClosed, Closed, CloseOutcome, close, draft, preview
from app.stocktake.reckoning import Reckoning
from app.stocktake.rules import may_be_chosen
from app.stocktake.sessions import Abandoned, abandon
from reports.lists import list_xlsx
from reports.stocktake import print_stocktake, range_words
from ui.jobs import Job, Token
from ui.paper.paper import Paper
from ui.paper.saving import SavePanel
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.stocktake import words
from ui.stocktake.rows import Change, change_table, changes_of, code_words
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, row
from ui.widgets.panel import Choice, Panel, Reason
from ui.widgets.progress import ProgressCard
from ui.widgets.row_list import RowList

DRAFT, CLOSE, GIVE_UP, TICK_ALL = "Ctrl+P", "Ctrl+E", "Ctrl+Shift+D", "Ctrl+Shift+A"
YES, NO, REALLY = "yes", "no", "really"


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
        self._job: Job[CloseOutcome] | None = None
        self.title, self.figures = Label("", "title"), Label("", "muted", wrap=True)
        self.unknown = Label("", "muted", wrap=True)
        self.draft = Button("پیش‌نویس صورتجلسه", DRAFT, icon="eye")
        self.close_ = Button("پایان رف‌خوانی…", CLOSE, "primary", "circle-check")
        self.give_up = Button("رها کردن…", GIVE_UP, "quiet", "trash")
        self.all = Button("برگزیدن همه", TICK_ALL, "quiet", "square-check")
        self.back = Button("بازگشت به قفسه", "Esc", "quiet", "arrow-left")
        self.panel, self.saving, self.progress = Panel(), SavePanel(), ProgressCard()
        self.progress.hide()
        self.list = RowList(change_table(), title="آنچه اجرا می‌شود", noun="سطر")
        self._lay_out()
        self._connect()

    def show_session(self, session_id: uuid.UUID) -> None:
        """Reckon a session up and show every line."""
        self.panel.close_question()
        self._chosen = set()
        self._reckoning = preview(self._session.library, session_id)
        self._fill()

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
        elif self._job is None:
            self.left.emit()

    @Slot()
    def show_draft(self) -> None:
        """Ctrl+P: the minutes as they would be."""
        if self._reckoning is None:
            return
        printed = draft(self._session.library, self._reckoning.session.id, print_stocktake, self._session.act())
        if printed is not None:
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
        if reckoning is None or self._job is not None:
            return
        found = sum(not may_be_chosen(read.copy) for read in reckoning.found)
        lines = (
            (len(reckoning.missing), "نسخه مفقود می‌شود"),
            (found, "نسخهٔ پیداشده موجود می‌شود"),
            (len(self._chosen), "نسخه به انتخاب شما موجود می‌شود"),
            (len(reckoning.noted), "وضعیت ظاهری نوشته می‌شود"),
        )
        told = [f"{number(count)} {what}" for count, what in lines if count]
        self.panel.ask(
            Tone.WARN,
            f"پایان رف‌خوانی «{isolate(reckoning.session.name)}»؟",
            (Reason("، ".join(told) + "." if told else "چیزی تغییر نمی‌کند."),),
            (Choice(YES, "پایان و اجرای همه", words.YES_KEY, "danger"), Choice(NO, "هنوز نه", "Esc")),
            note="همه با هم انجام می‌شود، یا هیچ‌کدام. صورتجلسه شماره می‌گیرد و دیگر تغییر نمی‌کند.",
        )

    @Slot()
    def ask_give_up(self) -> None:
        """Ctrl+Shift+D: end it without any consequence."""
        if self._reckoning is None or self._job is not None:
            return
        self.panel.ask(
            Tone.WARN,
            "رف‌خوانی رها شود؟",
            (Reason(f"{number(self._reckoning.seen)} نسخه خوانده شده است؛ اسکن‌ها می‌مانند و هیچ نسخه‌ای تغییر نمی‌کند."),),
            (Choice(REALLY, "رها شود", words.YES_KEY, "danger"), Choice(NO, "نه", "Esc")),
        )

    def _changes(self) -> list[Change]:
        return list(changes_of(self._reckoning, self._chosen)) if self._reckoning else []

    def _fill(self) -> None:
        reckoning = self._reckoning
        if reckoning is None:
            return
        self.list.set_rows(self._changes())
        self.title.say(f"پایان «{isolate(reckoning.session.name)}»")
        told = (
            range_words(reckoning.session),
            f"باید باشد {number(reckoning.expected)}",
            f"دیده شد {number(reckoning.seen)}",
            f"مفقود {number(len(reckoning.missing))}",
            f"جابه‌جا {number(len(reckoning.misplaced) + len(reckoning.elsewhere))}",
        )
        self.figures.say(" · ".join(told))
        codes = [scan.code for scan in reckoning.unknown]
        self.unknown.setVisible(bool(codes))
        self.unknown.say(f"کدهای ناشناخته: {code_words(codes)}")
        self.all.setVisible(bool(reckoning.by_choice))

    @Slot(object)
    def _tick(self, change: Change) -> None:
        if change.ticked is None or self.panel.is_open():
            return
        self._chosen ^= {change.copy.id}
        self._fill()

    @Slot()
    def _tick_all(self) -> None:
        if self._reckoning is None:
            return
        choices = {read.copy.id for read in self._reckoning.by_choice}
        self._chosen = set() if self._chosen == choices else choices
        self._fill()

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
        if self._reckoning is None:
            return
        self._job = self._session.jobs.start("پایان رف‌خوانی", self._work(self._reckoning.session.id))
        self._job.finished.connect(self._finished)
        self._job.failed.connect(self._failed)
        self.progress.begin("پایان رف‌خوانی و ساختن صورتجلسه")
        self.progress.show()

    def _work(self, session_id: uuid.UUID) -> Callable[[Token], CloseOutcome]:
        library, act, chosen = self._session.library, self._session.act(), frozenset(self._chosen)
        return lambda _: close(library, session_id, print_stocktake, act, chosen)

    @Slot(object)
    def _finished(self, outcome: CloseOutcome) -> None:
        self._ended()
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
                self.given_up.emit(Said(Tone.REFUSE, "این رف‌خوانی دیگر نیست", (), Sound.REFUSED))

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self._ended()
        raise error  # told by the window, in three parts

    def _ended(self) -> None:
        self._job = None
        self.progress.hide()

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
                self.given_up.emit(Said(Tone.REFUSE, "این رف‌خوانی دیگر نیست", (), Sound.REFUSED))

    def _lay_out(self) -> None:
        head = row(self.title, None, self.back, self.give_up, self.draft, self.close_, gap=8)
        self.list.add_tool(self.all)
        whole = column(head, self.figures, self.panel, self.saving, self.progress, self.list, self.unknown, gap=12)
        whole.setStretch(5, 1)
        self.setLayout(whole)
        self.list.set_empty("چیزی تغییر نمی‌کند", "هر چه باید در قفسه باشد دیده شده و سر جای خود است.", "circle-check")

    def _connect(self) -> None:
        self.draft.clicked.connect(self.show_draft)
        self.close_.clicked.connect(self.ask)
        self.give_up.clicked.connect(self.ask_give_up)
        self.back.clicked.connect(self.on_escape)
        self.all.clicked.connect(self._tick_all)
        self.panel.chosen.connect(self._answer)
        self.list.view.row_ticked.connect(self._tick)
        self.list.export_wanted.connect(self.export)
