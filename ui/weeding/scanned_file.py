"""A file of a memory scanner on the bench: read, put on the list line by line with progress, and told line by line."""

import contextlib
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.imports.lines import LineEnd, LineReport
from app.outcome import Refused
from app.persian.digits import number
from app.weeding.facts import Proposal
from app.wording import message
from db.trouble import Trouble
from reports.lists import list_xlsx
from ui.errors import told
from ui.jobs import Cancelled, Job, Progress, Token
from ui.keys import ESCAPE
from ui.paper.saving import SavePanel
from ui.scans.words import ENDS, FILTER, report_table
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.weeding.file_work import FileDone, list_file
from ui.weeding.rows import MINUTES_NAME
from ui.widgets.ask_path import AskWhich, ask_which
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, emptied, row
from ui.widgets.notice import Notice, trouble_notice
from ui.widgets.progress import ProgressCard
from ui.widgets.row_list import RowList

ASK = "Insert"
TITLE = "نتیجهٔ فایل اسکن"
_COUNTED = (LineEnd.DONE, LineEnd.ALREADY, LineEnd.REFUSED, LineEnd.UNKNOWN, LineEnd.UNREADABLE)
_CALLED = {LineEnd.DONE: "نوشته شد"}


class ScannedFile(QWidget):
    """`closed` leads back to the lists; `code_wanted` carries the number of a refused line, to be asked about there."""

    closed = Signal()
    code_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._job: Job[FileDone | Refused] | None = None
        self._codes: dict[int, str] = {}
        self.ask_which: AskWhich = ask_which
        self.progress, self.saving = ProgressCard(), SavePanel()
        self.results = RowList(report_table(), noun="سطر")
        self._title = Label(TITLE, "title")
        self._notices = QVBoxLayout()
        self._ask = Button("پرسش دربارهٔ این نسخه", ASK, "primary")
        back = Button("بازگشت به فهرست‌ها", ESCAPE)
        self.results.set_empty("هنوز سطری انجام نشده است", "هر سطر با نتیجهٔ خودش این‌جا می‌آید.", "list-check")
        heading = row(self._title, None, self._ask, back, gap=10)
        whole = column(heading, self.progress, self._notices, self.saving, self.results, gap=14)
        whole.setStretch(4, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.results.view)
        self.progress.hide()
        self._ask.hide()
        self.progress.cancel_wanted.connect(self._stop)
        self.results.view.current_row.connect(self._offer)
        self.results.export_wanted.connect(self.export)
        self._ask.clicked.connect(self._ask_chosen)
        back.clicked.connect(self.on_escape)

    def is_busy(self) -> bool:
        """Whether a file is being worked off."""
        return self._job is not None

    def choose_file(self) -> Path | None:
        """Ask which file; nothing while another one is being worked off."""
        return None if self.is_busy() else self.ask_which(self, FILTER)

    def begin(self, path: Path, proposal: Proposal) -> None:
        """Put every copy of the file on the draft of the proposal's reason."""
        library, act = self._session.library, self._session.act()

        def work(token: Token) -> FileDone | Refused:
            def tell(done: int, total: int) -> bool:
                with contextlib.suppress(Cancelled):  # it ends by itself between two lines and tells what was done
                    token.progress(done, total)
                return not token.cancelled

            return list_file(library, path, proposal, act, tell)

        emptied(self._notices)
        self._codes = {}
        self.results.set_rows(())
        self._title.say(f"{TITLE} — {MINUTES_NAME[proposal.reason]}")
        self.progress.begin(f"فایل {isolate(path.name)}")
        self.progress.show()
        self._job = self._session.jobs.start(f"فایل اسکن {path.name}", work)
        self._job.progressed.connect(self._progressed)
        self._job.finished.connect(self._finished)
        self._job.failed.connect(self._failed)
        self._job.cancelled.connect(self._ended)

    @Slot()
    def on_escape(self) -> None:
        """Close the question about a file, else this part; the work goes on."""
        if self.saving.is_open():
            self.saving.close_question()
        else:
            self.closed.emit()

    @Slot()
    def export(self) -> None:
        """The rows shown as an Excel file."""
        headings, *rows = self.results.sheet()
        self.saving.save(self, "weeding-scans.xlsx", list_xlsx(TITLE, headings, rows))

    @Slot(Progress)
    def _progressed(self, progress: Progress) -> None:
        self.progress.show_progress(progress.done, progress.total, progress.seconds)

    @Slot(object)
    def _finished(self, outcome: FileDone | Refused) -> None:
        self._ended()
        if isinstance(outcome, Refused):
            self._tell(Notice("انجام نشد", [message(refusal) for refusal in outcome.refusals], Tone.REFUSE))
            self._session.sounds.play(Sound.REFUSED)
            return
        self._codes = outcome.codes
        self.results.set_rows(outcome.reports)
        self.results.view.choose_place(0)
        self._show_done(outcome)
        self._session.refresh.tell("weeding", "items")

    def _show_done(self, done: FileDone) -> None:
        counts = "، ".join(
            f"{number(count)} {_CALLED.get(end, ENDS[end][0])}" for end in _COUNTED if (count := done.count(end))
        )
        lines = [counts or "سطری در آن نبود."]
        if done.stopped:
            lines.append("متوقف شد؛ همان فایل را دوباره بدهید، آنچه نوشته شده دو بار نوشته نمی‌شود.")
        left = len(done.reports) != done.count(LineEnd.DONE) + done.count(LineEnd.ALREADY)
        title = "برخی سطرها نوشته نشد" if left else "همهٔ سطرها در فهرست است"
        self._tell(Notice(f"{title} — {isolate(done.name)}", lines, Tone.WARN if left or done.stopped else Tone.OK))
        self._session.sounds.play(Sound.ATTENTION if left else Sound.CHECKED_IN)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        """Trouble belongs to this file and is told here; anything else is a bug and goes on to the one handler."""
        self._ended()
        if not isinstance(error, Trouble):
            raise error
        self._tell(trouble_notice(*told(error)))
        self._session.sounds.play(Sound.REFUSED)

    @Slot()
    def _ended(self) -> None:
        self._job = None
        self.progress.hide()

    @Slot()
    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    @Slot(object)
    def _offer(self, report: LineReport) -> None:
        """A refused copy may be asked about where questions are asked."""
        self._ask.setVisible(report.result.end is LineEnd.REFUSED)

    @Slot()
    def _ask_chosen(self) -> None:
        for report in self.results.view.chosen()[:1]:
            self.code_wanted.emit(self._codes[report.line])

    def _tell(self, notice: Notice) -> None:
        emptied(self._notices)
        self._notices.addWidget(notice)
