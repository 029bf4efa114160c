"""Clearing a list: a file is looked through first, then those who may be are cleared; letters go to the others."""

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.clearance.batch import BatchRequest, clear_list
from app.clearance.facts import BatchReport, BatchResult
from app.clearance.letters import letters_for
from app.outcome import Refused
from app.persian import jalali
from app.persian.digits import number
from app.wording import way_out, why
from db.trouble import Trouble
from reports.clearance import print_certificate
from reports.clearance_list import TITLE, batch_pdf, batch_xlsx
from reports.letters import DEBT_TITLE, print_debt_letters
from ui.circulation.words import Said
from ui.clearance.rows import ROW_HEIGHT, batch_table
from ui.clearance.words import counted
from ui.errors import told
from ui.jobs import Cancelled, Job, Progress, Token
from ui.paper.paper import Paper
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.ask_path import AskWhich, ask_which
from ui.widgets.buttons import Button
from ui.widgets.empty import EmptyPage
from ui.widgets.form import Field, Form
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, emptied, row
from ui.widgets.notice import trouble_notice
from ui.widgets.panel import Choice, Panel, Reason
from ui.widgets.progress import ProgressCard
from ui.widgets.row_list import RowList

CHOOSE, CERTIFY, YES, LETTERS, REPORT = "Ctrl+O", "Ctrl+S", "Ctrl+Shift+Y", "Ctrl+N", "Ctrl+P"
FILTER = "فهرست (*.xlsx *.csv *.txt *.tsv);;همهٔ فایل‌ها (*)"
_YES, _CLOSE = "yes", "close"
_REASON = Field("reason", "علت تسویه روی همهٔ برگه‌ها", help="فراغت از تحصیل، انتقال…", wide=True, longest=200)


class Many(QWidget):
    """`said` carries what is to be told, `printed` a Paper to be shown."""

    said = Signal(object)
    printed = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._path: Path | None = None
        self._report: BatchReport | None = None
        self._busy = False
        self._job: Job[BatchReport | Refused] | None = None
        self.ask_which: AskWhich = ask_which
        self.panel, self.progress = Panel(), ProgressCard()
        self.form: Form | None = None
        self.list = RowList(batch_table(), noun="سطر", row_height=ROW_HEIGHT)
        self._counts, self._name = Label("", "muted", wrap=True), Label("", "heading")
        self._choose, self._begin = (
            Button("فایل دیگر…", CHOOSE, icon="upload"),
            Button("گزینش فایل…", CHOOSE, "primary", "upload"),
        )
        self._certify = Button("صدور برگه‌ها", CERTIFY, "primary", "check")
        self._letters = Button("نامهٔ تسویه‌نشده‌ها", LETTERS, icon="file-text")
        self._print = Button("گزارش", REPORT, icon="printer")
        self.empty = EmptyPage(
            "file-spreadsheet",
            "فهرست دانش‌آموختگان را یک‌جا تسویه کنید",
            "اکسل، CSV یا متن با ستون کد ملی یا شمارهٔ عضویت. نخست تنها بررسی می‌شود.",
            self._begin,
        )
        self._troubles = column(gap=8)
        self._lay_out()
        self._connect()
        self._show_what_there_is()

    @Slot()
    def choose_file(self) -> None:
        """Ask for a file and look through it."""
        path = None if self._busy else self.ask_which(self, FILTER)
        if path is not None:
            self.open_file(path)

    def open_file(self, path: Path) -> None:
        """Look through this file; nothing is changed."""
        self._path = path
        self._run(BatchRequest(path))

    def on_escape(self) -> bool:
        """Close the question; False where there was none."""
        if not self.panel.is_open():
            return False
        self.panel.close_question()
        return True

    @Slot()
    def ask(self) -> None:
        """The question before all who may be are cleared. Enter alone never answers."""
        ready = self._report.count(BatchResult.MAY_BE) if self._report else 0
        if not ready or self._busy:
            return
        self.form = Form((_REASON,), lambda: self._session.act().day, columns=1)
        told = Reason(
            f"{number(ready)} عضو تسویه می‌شود و عضویت آنان پایان می‌یابد.", "هر برگه شماره می‌گیرد و دیگر تغییر نمی‌کند."
        )
        choices = (Choice(_YES, "برگه‌ها صادر شود", YES, "primary"), Choice(_CLOSE, "هنوز نه", "Esc"))
        self.panel.ask(Tone.WARN, "برگه‌های تسویه‌حساب صادر شود؟", (told,), choices, extra=self.form)
        self.form.input("reason").setFocus()

    @Slot()
    def print_letters(self) -> None:
        """One letter a page to everybody who cannot be cleared."""
        if self._report is None or not self._report.refused:
            return
        library, act, refused = self._session.library, self._session.act(), self._report.refused

        def make(_: Token) -> Paper:
            letters = letters_for(library, refused, act)
            facts = (f"{number(len(letters))} نامه، هر نامه یک صفحه",)
            return Paper(DEBT_TITLE, print_debt_letters(letters), "clearance-letters.pdf", facts=facts, frozen=False)

        self._make(DEBT_TITLE, make)

    @Slot()
    def print_report(self) -> None:
        """The report on the list, as paper and Excel."""
        if self._report is None:
            return
        report, branch, day = self._report, self._session.library.branch, self._session.act().day
        name = f"clearance-{jalali.short_latin(day).replace('/', '-')}"

        def make(_: Token) -> Paper:
            pdf, sheet = batch_pdf(report, branch.name, branch.city, day), batch_xlsx(report)
            return Paper(TITLE, pdf, f"{name}.pdf", sheet, f"{name}.xlsx", (counted(report.counts),), frozen=False)

        self._make(TITLE, make)

    def _make(self, what: str, make: Callable[[Token], Paper]) -> None:
        """Papers are made in the line of long work, whatever their length: the desk goes on."""
        job = self._session.jobs.start(what, make)
        job.finished.connect(self.printed)
        job.failed.connect(self._failed)

    @Slot(str)
    def _chosen(self, choice: str) -> None:
        reason = str(self.form.values()["reason"] or "") if self.form else ""
        self.form = None
        self.panel.close_question()
        if choice == _YES and self._path is not None:
            self._run(BatchRequest(self._path, reason, certify=True))

    def _run(self, request: BatchRequest) -> None:
        self._busy = True
        emptied(self._troubles)
        self.progress.begin(f"{'تسویه' if request.certify else 'بررسی'} {isolate(request.path.name)}")
        self.progress.show()
        self._show_what_there_is()
        job = self._session.jobs.start(f"تسویه‌حساب گروهی {request.path.name}", self._work(request))
        self._job = job
        job.progressed.connect(self._progressed)
        job.finished.connect(partial(self._finished, request))
        job.failed.connect(self._failed)
        job.cancelled.connect(self._ended)

    def _work(self, request: BatchRequest) -> Callable[[Token], BatchReport | Refused]:
        library, act = self._session.library, self._session.act()

        def work(token: Token) -> BatchReport | Refused:
            def tell(done: int, total: int) -> bool:
                with contextlib.suppress(Cancelled):  # what is done so far is told all the same
                    token.progress(done, total)
                return not token.cancelled

            return clear_list(library, request, print_certificate, act, tell)

        return work

    @Slot(Progress)
    def _progressed(self, progress: Progress) -> None:
        self.progress.show_progress(progress.done, progress.total, progress.seconds)

    def _finished(self, request: BatchRequest, outcome: BatchReport | Refused) -> None:
        self._ended()
        if isinstance(outcome, Refused):
            refusal = outcome.refusals[0]
            self.said.emit(Said(Tone.REFUSE, why(refusal), (way_out(refusal),), Sound.REFUSED))
            return
        self._report = outcome
        self.list.set_rows(outcome.lines)
        self._name.say(isolate(request.path.name))
        self._counts.say(counted(outcome.counts))
        self._show_what_there_is()
        if request.certify:
            done = outcome.count(BatchResult.CLEARED)
            self.said.emit(Said(Tone.OK, f"{number(done)} عضو تسویه شد", (counted(outcome.counts),), Sound.CHECKED_OUT))
            self._session.refresh.tell("members", "holds")

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self._ended()
        if not isinstance(error, Trouble):
            raise error
        self._troubles.addWidget(trouble_notice(*told(error)))
        self._session.sounds.play(Sound.REFUSED)

    @Slot()
    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    @Slot()
    def _ended(self) -> None:
        self._busy, self._job = False, None
        self.progress.hide()
        self._show_what_there_is()

    def _show_what_there_is(self) -> None:
        report = self._report
        self.empty.setVisible(report is None and not self._busy)
        self._work_part.setVisible(report is not None)
        for button in (self._choose, self._begin):
            button.setEnabled(not self._busy)
        self._certify.setEnabled(bool(report and report.count(BatchResult.MAY_BE)) and not self._busy)
        self._letters.setEnabled(bool(report and report.refused))

    def _lay_out(self) -> None:
        head = row(self._name, None, self._choose, self._print, self._letters, self._certify, gap=10)
        self._work_part = QWidget()
        body = column(head, self._counts, self.panel, self.list, gap=12)
        body.setStretch(3, 1)
        self._work_part.setLayout(body)
        whole = column(self.progress, self._troubles, self.empty, self._work_part, gap=12)
        whole.setStretch(2, 1)
        whole.setStretch(3, 1)
        self.setLayout(whole)
        self.progress.hide()
        self.setFocusProxy(self.list.view)

    def _connect(self) -> None:
        self._choose.clicked.connect(self.choose_file)
        self._begin.clicked.connect(self.choose_file)
        self._certify.clicked.connect(self.ask)
        self._letters.clicked.connect(self.print_letters)
        self._print.clicked.connect(self.print_report)
        self.panel.chosen.connect(self._chosen)
        self.progress.cancel_wanted.connect(self._stop)
