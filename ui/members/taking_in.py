"""Taking in a list of members: the file is chosen, every line is told with what became of it."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.imports.lines import NOT_DONE, LinesDone
from app.imports.member_file import read_member_list
from app.imports.members import MembersWish, take_in_members
from app.outcome import Refused
from app.persian.digits import number
from app.wording import message
from db.trouble import Trouble
from ui.errors import told
from ui.jobs import Cancelled, Job, Progress, Token
from ui.keys import ESCAPE
from ui.scans.words import COUNTED, ENDS, report_table
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.ask_path import AskWhich, ask_which
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.inputs import Choice, Tick
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, emptied, row
from ui.widgets.notice import Notice, trouble_notice
from ui.widgets.progress import ProgressCard
from ui.widgets.row_list import RowList

CHOOSE = "Ctrl+O"
FILTER = "فهرست (*.xlsx *.csv *.txt *.tsv);;همهٔ فایل‌ها (*)"
SIDE_FOLDER = "imports"
HOW = (
    "ستون‌ها از روی نامشان شناخته می‌شوند: نام، نام خانوادگی، کد ملی، شمارهٔ دانشجویی، مقطع، تلفن همراه، پایان عضویت… "
    "کسی که هست تنها نوع و پایان عضویتش عوض می‌شود؛ همان فایل برای بار دوم چیزی را عوض نمی‌کند."
)


class TakingInPart(QWidget):
    """`changed` says that members have come or changed, `put_away` that the list of members is wanted."""

    changed = Signal()
    put_away = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._job: Job[LinesDone | Refused] | None = None
        self.ask_which: AskWhich = ask_which
        self.category = Choice(tuple(session.library.categories.items()))
        self.category.setAccessibleName("نوع عضویت سطرهایی که ننوشته‌اند")
        self.charge = Tick("حق عضویت عضوهای تازه نوشته شود")
        self.charge.setChecked(True)
        self.choose = Button("گزینش فایل…", CHOOSE, "primary", "upload")
        self.back = Button("بازگشت به فهرست", ESCAPE)
        self._notices, self.progress = QVBoxLayout(), ProgressCard()
        self.results = RowList(report_table(), title="نتیجهٔ سطرها", noun="سطر")
        self.results.set_empty("هنوز فایلی خوانده نشده است", "هر سطر با نتیجهٔ خودش این‌جا می‌آید.", "file-spreadsheet")
        head = row(Label("ورود فهرست اعضا", "title"), None, self.back, self.choose)
        options = row(Label("نوع عضویت، اگر ننوشته باشد", "muted"), self.category, self.charge, None, gap=12)
        card = Card(column(head, Label(HOW, "muted", wrap=True), options, self._notices, gap=12), padding=18)
        whole = column(card, self.progress, self.results, gap=14)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.progress.hide()
        self.choose.clicked.connect(self.choose_file)
        self.back.clicked.connect(self.put_away)
        self.progress.cancel_wanted.connect(self._stop)

    @Slot()
    def choose_file(self) -> None:
        """Ask for a file and take it in."""
        path = None if self._job is not None else self.ask_which(self, FILTER)
        if path is not None:
            self.take_file(path)

    def take_file(self, path: Path) -> None:
        """Take in this file."""
        emptied(self._notices)
        self.progress.begin(f"ورود {isolate(path.name)}")
        self.progress.show()
        self.choose.setEnabled(False)
        self._job = self._session.jobs.start(f"ورود {path.name}", self._work(path))
        self._job.progressed.connect(self._progressed)
        self._job.finished.connect(self._finished)
        self._job.failed.connect(self._failed)
        self._job.cancelled.connect(self._ended)

    def _work(self, path: Path) -> Callable[[Token], LinesDone | Refused]:
        library, act, folder = self._session.library, self._session.act(), self._session.folder / SIDE_FOLDER
        wish = MembersWish(self.category.code() or None, free=not self.charge.isChecked())

        def work(token: Token) -> LinesDone | Refused:
            def tell(done: int, total: int) -> bool:
                with contextlib.suppress(Cancelled):  # it ends by itself between two lines and tells what was done
                    token.progress(done, total)
                return not token.cancelled

            return take_in_members(library, read_member_list(path), wish, act, folder, tell)

        return work

    @Slot(Progress)
    def _progressed(self, progress: Progress) -> None:
        self.progress.show_progress(progress.done, progress.total, progress.seconds)

    @Slot(object)
    def _finished(self, outcome: LinesDone | Refused) -> None:
        self._ended()
        if isinstance(outcome, Refused):
            lines = [message(refusal) for refusal in outcome.refusals]
            self._notices.addWidget(Notice("فهرست وارد نشد", lines, Tone.REFUSE))
            self._session.sounds.play(Sound.REFUSED)
            return
        self.results.set_rows(outcome.reports)
        self._tell(outcome)
        self.changed.emit()

    def _tell(self, done: LinesDone) -> None:
        left = any(report.result.end in NOT_DONE for report in done.reports)
        counts = "، ".join(f"{number(count)} {ENDS[end][0]}" for end in COUNTED if (count := done.count(end)))
        lines = [counts]
        if done.side_files:
            lines.append(f"آنچه انجام نشد در {isolate(done.side_files[0].name)} نگه داشته شده است.")
        if done.stopped:
            lines.append("متوقف شد؛ همان فایل را دوباره بدهید تا از همان‌جا دنبال شود.")
        title = "برخی سطرها انجام نشد" if left else "همهٔ سطرها انجام شد"
        self._notices.addWidget(Notice(title, lines, Tone.WARN if left or done.stopped else Tone.OK))
        self._session.sounds.play(Sound.ATTENTION if left else Sound.CHECKED_IN)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        """Trouble belongs to this file and is told here; anything else is a bug and goes on to the one handler."""
        self._ended()
        self.changed.emit()
        if not isinstance(error, Trouble):
            raise error
        self._notices.addWidget(trouble_notice(*told(error)))
        self._session.sounds.play(Sound.REFUSED)

    @Slot()
    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    @Slot()
    def _ended(self) -> None:
        self._job = None
        self.progress.hide()
        self.choose.setEnabled(True)
