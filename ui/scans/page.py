"""Scans collected away from the desk, and offline files of Koha: what they are, do them, a result for each line.

A memory scanner that plays keyboard or hangs on a serial cable is emptied here: its codes are collected, not done.
"""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout

from app.devices.scan import Scan, Unreadable
from app.imports.koc import open_koc, take_in_koc
from app.imports.lines import NOT_DONE, LinesDone
from app.imports.scans import Mode, do_scans, scans_of_file, scans_of_text
from app.outcome import Refused
from app.persian import jalali
from app.persian.digits import number
from app.wording import message
from db.files import safe_write
from db.trouble import Trouble
from reports.lists import list_xlsx
from ui.circulation.words import FLAWS
from ui.errors import told
from ui.jobs import Cancelled, Job, Progress, Token
from ui.keys import KeyHelp
from ui.page import Action, Page
from ui.scans.words import COUNTED, ENDS, FILTER, KOC, WORK, report_table
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.ask_path import AskWhere, AskWhich, ask_where, ask_which
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.inputs import Choice
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, emptied, row
from ui.widgets.notice import Notice, trouble_notice
from ui.widgets.progress import ProgressCard
from ui.widgets.row_list import RowList

MARGINS = (22, 18, 22, 18)
CHOOSE, PASTE, START, OPEN_FOLDER = "Ctrl+O", "Ctrl+Shift+V", "Ctrl+S", "Ctrl+Shift+O"
PUT_ASIDE = "Ctrl+Shift+D"
SIDE_FOLDER = "imports"
LineOutcome = LinesDone | Refused


def open_folder(folder: Path) -> None:
    """Show a folder in the file manager of the computer."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


class ScansPage(Page):
    """A file or the codes collected here; one of them at a time, the one that came last."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._path: Path | None = None
        self._codes: list[str] = []
        self._job: Job[LineOutcome] | None = None
        self.ask_which: AskWhich = ask_which
        self.ask_where: AskWhere = ask_where
        self.open_folder: Callable[[Path], None] = open_folder
        self.work = Choice(WORK)
        self.work.setAccessibleName("این اسکن‌ها چیست")
        self.choose = Button("گزینش فایل…", CHOOSE, icon="upload")
        self.paste = Button("چسباندن", PASTE, icon="copy")
        self.empty = Button("کنار گذاشتن", PUT_ASIDE, "quiet", "trash")
        self.start = Button("انجام بده", START, "primary", "check")
        self.folder = Button("باز کردن پوشه", OPEN_FOLDER, icon="eye")
        self.ready = Label("", "strong", wrap=True)
        self._notices = QVBoxLayout()
        self.progress = ProgressCard()
        self.results = RowList(report_table(), title="نتیجهٔ سطرها", noun="سطر")
        self._lay_out()
        self._connect()
        self._show_ready()

    def on_shown(self) -> None:
        self.work.setFocus()

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """A code of the memory scanner that is being emptied."""
        if isinstance(scan, Unreadable):
            self._tell(Notice("یک کد ناخوانا رسید و گرفته نشد", (FLAWS[scan.reason],), Tone.REFUSE))
            self._session.sounds.play(Sound.REFUSED)
        else:
            self._collect([scan.text])

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp(CHOOSE, "گزینش فایل اسکن یا فایل برون‌خط"),
            KeyHelp(PASTE, "چسباندن کدها از حافظه"),
            KeyHelp(START, "انجام دادن سطرها"),
            KeyHelp(PUT_ASIDE, "کنار گذاشتن فایل یا کدهای گردآوری‌شده"),
            KeyHelp(OPEN_FOLDER, "پوشهٔ سطرهایی که انجام نشد"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("گزینش فایل اسکن", self.choose_file, CHOOSE),
            Action("چسباندن اسکن‌ها", self.take_paste, PASTE),
            Action("خروجی اکسل از نتیجهٔ سطرها", self.export),
        )

    @Slot()
    def choose_file(self) -> None:
        """Ask for a file."""
        path = self.ask_which(self, FILTER)
        if path is not None:
            self.take_file(path)

    def take_file(self, path: Path) -> None:
        """This file is to be done next."""
        self._path, self._codes = path, []
        if path.suffix.lower() == f".{KOC}":
            self.work.choose(KOC)
        self._show_ready()

    @Slot()
    def take_paste(self) -> None:
        """Lines from the clipboard."""
        self._collect(QGuiApplication.clipboard().text().splitlines())

    @Slot()
    def put_aside(self) -> None:
        """Nothing is to be done next."""
        self._path, self._codes = None, []
        emptied(self._notices)
        self._show_ready()

    @Slot()
    def export(self) -> None:
        """Write the results shown to an Excel file. Raises Trouble P-120x."""
        path = self.ask_where(self, f"scans-{jalali.short_latin(self._session.act().day).replace('/', '-')}.xlsx")
        if path is None:
            return
        headings, *rows = self.results.sheet()
        safe_write(path, list_xlsx("نتیجهٔ اسکن‌های گردآوری‌شده", headings, rows))
        self._tell(Notice(f"نتیجهٔ {number(len(rows))} سطر نوشته شد", (isolate(str(path)),), Tone.OK))

    def _collect(self, codes: list[str]) -> None:
        self._path = None
        self._codes += codes
        self._show_ready()

    @Slot()
    def _show_ready(self) -> None:
        if self._path is not None:
            words = f"آماده: فایل {isolate(self._path.name)}"
        elif self._codes:
            words = f"آماده: {number(len(self._codes))} کد گردآوری‌شده"
        else:
            words = "فایلی برگزینید، یا حافظهٔ بارکدخوان را همین‌جا خالی کنید؛ کدها تا «انجام بده» تنها گردآوری می‌شوند."
        self.ready.say(words)
        something = self._path is not None or bool(self._codes)
        fits = self._path is not None or self.work.code() != KOC  # an offline file is a file
        self.start.setEnabled(something and fits and self._job is None)
        self.empty.setVisible(something and self._job is None)

    @Slot()
    def _start(self) -> None:
        name = self._path.name if self._path is not None else "اسکن‌ها"
        self._job = self._session.jobs.start(f"انجام {name}", self._work())
        self._job.progressed.connect(self._progressed)
        self._job.finished.connect(self._finished)
        self._job.failed.connect(self._failed)
        self._job.cancelled.connect(self._ended)
        self.progress.begin(f"انجام {isolate(name)}")
        self.progress.show()
        emptied(self._notices)
        self._show_ready()

    def _work(self) -> Callable[[Token], LineOutcome]:
        library, act, folder = self._session.library, self._session.act(), self._session.folder / SIDE_FOLDER
        kind, path, text = self.work.code(), self._path, "\n".join(self._codes)

        def work(token: Token) -> LineOutcome:
            def tell(done: int, total: int) -> bool:
                with contextlib.suppress(Cancelled):  # it ends by itself between two lines and tells what was done
                    token.progress(done, total)
                return not token.cancelled

            if path is not None and kind == KOC:
                return take_in_koc(library, open_koc(path), act, folder, tell)
            scans = scans_of_file(path) if path is not None else scans_of_text(text)
            return do_scans(library, scans, Mode(kind), act, folder, tell)

        return work

    @Slot(Progress)
    def _progressed(self, progress: Progress) -> None:
        self.progress.show_progress(progress.done, progress.total, progress.seconds)

    @Slot(object)
    def _finished(self, outcome: LineOutcome) -> None:
        self._ended()
        match outcome:
            case Refused(refusals):
                self._tell(Notice("انجام نشد", [message(refusal) for refusal in refusals], Tone.REFUSE))
                self._session.sounds.play(Sound.REFUSED)
            case LinesDone():
                self.put_aside()
                self._show_done(outcome)
            case _:
                assert_never(outcome)
        self._session.refresh.tell("loans", "members", "items")

    def _show_done(self, done: LinesDone) -> None:
        self.results.set_rows(done.reports)
        left = any(report.result.end in NOT_DONE for report in done.reports)
        counts = "، ".join(f"{number(count)} {ENDS[end][0]}" for end in COUNTED if (count := done.count(end)))
        lines = [counts or "سطری در آن نبود."]
        if done.side_files:
            lines.append(f"آنچه انجام نشد در {isolate(done.side_files[0].name)} نگه داشته شده است.")
        if done.stopped:
            lines.append("متوقف شد؛ همان فایل را دوباره انجام دهید تا از همان‌جا دنبال شود.")
        title = "برخی سطرها انجام نشد" if left else "همهٔ سطرها انجام شد"
        self._tell(Notice(title, lines, Tone.WARN if left or done.stopped else Tone.OK))
        self.folder.setVisible(bool(done.side_files))
        self._session.sounds.play(Sound.ATTENTION if left else Sound.CHECKED_IN)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        """Trouble belongs to this file and is told here; anything else is a bug and goes on to the one handler."""
        self._ended()
        self._session.refresh.tell("loans", "members", "items")
        if not isinstance(error, Trouble):
            raise error
        self._tell(trouble_notice(*told(error)))
        self._session.sounds.play(Sound.REFUSED)

    @Slot()
    def _ended(self) -> None:
        self._job = None
        self.progress.hide()
        self._show_ready()

    @Slot()
    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    @Slot()
    def _show_folder(self) -> None:
        self.open_folder(self._session.folder / SIDE_FOLDER)

    def _tell(self, notice: Notice) -> None:
        emptied(self._notices)
        self._notices.addWidget(notice)

    def _lay_out(self) -> None:
        words = row(Label("اسکن گروهی", "title"), None, self.folder, self.choose, self.paste)
        what = row(Label("این اسکن‌ها", "muted"), self.work, None, self.empty, self.start, gap=10)
        whole = column(
            Card(column(words, what, self.ready, self._notices, gap=12), padding=18),
            self.progress,
            self.results,
            gap=14,
            margins=MARGINS,
        )
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.progress.hide()
        self.folder.hide()
        self.results.set_empty("هنوز سطری انجام نشده است", "هر سطر با نتیجهٔ خودش این‌جا می‌آید.", "list-check")

    def _connect(self) -> None:
        self.work.activated.connect(self._show_ready)
        self.results.export_wanted.connect(self.export)
        self.choose.clicked.connect(self.choose_file)
        self.paste.clicked.connect(self.take_paste)
        self.empty.clicked.connect(self.put_aside)
        self.start.clicked.connect(self._start)
        self.folder.clicked.connect(self._show_folder)
        self.progress.cancel_wanted.connect(self._stop)
