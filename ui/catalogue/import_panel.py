"""Taking books in from a file, as a part of the page: choose, look, import, report. The desk goes on meanwhile."""

import contextlib
from collections.abc import Callable
from enum import IntEnum
from functools import partial
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.catalogue.importing.reader import Preview, Reader, open_reader
from app.imports.service import AlreadyImported, Imported, ImportOutcome, ImportRequest, import_file
from app.imports.service import Cancelled as Stopped
from app.imports.state import Progress as ImportProgress
from app.outcome import Refused
from app.persian.digits import number
from app.wording import message
from db.trouble import Trouble
from ui.catalogue.import_preview import ROWS, PreviewView
from ui.catalogue.import_report import ReportView
from ui.catalogue.import_words import FILTER
from ui.errors import told
from ui.jobs import Cancelled, Job, Progress, Token
from ui.keys import ESCAPE
from ui.session import Session
from ui.sounds import Sound
from ui.widgets.ask_path import AskWhich, ask_which
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.empty import EmptyPage
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, row
from ui.widgets.progress import ProgressCard
from ui.widgets.steps import Steps

CHOOSE, START, OPEN_FOLDER = "Ctrl+O", "Ctrl+S", "Ctrl+Shift+O"
SIDE_FOLDER = "imports"
STEPS = ("گزینش فایل", "بررسی", "ورود", "گزارش")
Look = tuple[Reader, Preview]


class Step(IntEnum):
    """Where the import stands."""

    CHOOSE = 0
    LOOK = 1
    IMPORT = 2
    REPORT = 3


def open_folder(folder: Path) -> None:
    """Show a folder in the file manager of the computer."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


class ImportPanel(Card):
    """`imported` is sent when books have come in, `put_away` when the person goes back to the list. `progress` is laid
    out by the page, so that it stays in sight there too.
    """

    imported = Signal()
    put_away = Signal()

    def __init__(self, session: Session) -> None:
        self._session = session
        self._path: Path | None = None
        self._looks = 0
        self._job: Job[ImportOutcome] | None = None
        self.ask_which: AskWhich = ask_which
        self.open_folder: Callable[[Path], None] = open_folder
        self.progress = ProgressCard()
        self.steps = Steps()
        self.view = PreviewView(session)
        self.report = ReportView()
        self.choose = Button("گزینش فایل…", CHOOSE, icon="upload")
        self.start = Button("ورود کتاب‌ها", START, "primary", "check")
        self.folder = Button("باز کردن پوشه", OPEN_FOLDER, icon="eye")
        self.back = Button("بازگشت به فهرست", ESCAPE)
        self.begin = EmptyPage(
            "file-spreadsheet",
            "کتاب‌ها را از فایل بیاورید",
            "اکسل، CSV، مارک ۲۱ یا JSON. پیش از ثبت نشان داده می‌شود که از هر سطر چه خوانده شده است.",
        )
        self.waiting = EmptyPage(
            "download", "کتاب‌ها در حال ورود است", "می‌توانید به کار خود برسید؛ امانت و بازگشت در این میان کار می‌کند."
        )
        self.busy = Label("", "muted")
        head = row(Label("ورود از فایل", "title"), self.busy, None, self.folder, self.choose, self.back, self.start)
        whole = column(head, self.steps, self.begin, self.view, self.waiting, self.report, gap=14)
        for place in (2, 3, 4, 5):
            whole.setStretch(place, 1)
        super().__init__(whole, padding=18)
        self.progress.hide()
        self._connect()
        self._go_to(Step.CHOOSE)

    def is_running(self) -> bool:
        """Whether books are coming in now."""
        return self._job is not None

    @Slot()
    def choose_file(self) -> None:
        """Ask for a file and look into it."""
        path = self.ask_which(self, FILTER)
        if path is not None:
            self.open_file(path)

    def open_file(self, path: Path) -> None:
        """Look into this file."""
        self._path = path
        self.view.options.set_values({"encoding": "", "copies": 0, "source": "unknown"})
        self.view.statuses.clear()
        self._look(None)

    def step(self) -> Step:
        """Where the import stands."""
        return self._step

    def _look(self, column_map: dict[str, tuple[str, ...]] | None) -> None:
        """Read the first records beside the desk: the encoding of a big file takes a second to find out."""
        if self._path is None:
            return
        self._looks += 1
        path, encoding, statuses = self._path, self.view.encoding(), self.view.statuses.wish()

        def work(_: Token) -> Look:
            reader = open_reader(path, None, column_map, encoding, statuses)
            return reader, reader.preview(ROWS)

        job = self._session.jobs.start(f"خواندن {path.name}", work)
        job.finished.connect(partial(self._looked, self._looks))
        job.failed.connect(self._not_readable)
        self.busy.say(f"در حال خواندن {isolate(path.name)}…")

    @Slot()
    def _look_anew(self) -> None:
        """A field that is left because the page goes on asks for nothing."""
        if self._step is Step.LOOK:
            self._look(self.view.columns.column_map() or None)

    def _looked(self, asked: int, found: Look) -> None:
        if asked != self._looks:
            return  # another column or encoding has been chosen since
        self.busy.say("")
        self.view.show_look(*found)
        self._go_to(Step.LOOK)

    @Slot()
    def _start(self) -> None:
        request = self.view.request(self._path) if self._path else None
        if request is None or self._job is not None:
            self._session.sounds.play(Sound.REFUSED)
            return
        self._looks += 1  # a look that is still under way comes too late
        self.busy.say("")
        self._job = self._session.jobs.start(f"ورود {request.path.name}", self._work(request))
        self._job.progressed.connect(self._progressed)
        self._job.finished.connect(self._finished)
        self._job.failed.connect(self._failed)
        self._job.cancelled.connect(self._cancelled_before_start)
        self.progress.begin(f"ورود {isolate(request.path.name)}")
        self.progress.show()
        self._go_to(Step.IMPORT)

    def _work(self, request: ImportRequest) -> Callable[[Token], ImportOutcome]:
        library, act, folder = self._session.library, self._session.act(), self._session.folder / SIDE_FOLDER

        def work(token: Token) -> ImportOutcome:
            def tell(progress: ImportProgress) -> bool:
                counts = progress.counts
                note = f"{number(counts.titles)} عنوان تازه، {number(counts.known)} از پیش بود"
                with contextlib.suppress(Cancelled):  # the importer ends by itself and gives its numbers
                    token.progress(progress.done, progress.total, note)
                return not token.cancelled

            return import_file(library, request, act, folder, tell)

        return work

    @Slot(Progress)
    def _progressed(self, progress: Progress) -> None:
        self.progress.show_progress(progress.done, progress.total, progress.seconds, progress.note)

    @Slot(object)
    def _finished(self, outcome: ImportOutcome) -> None:
        self._ended()
        match outcome:
            case Refused(refusals):
                self.report.show_refusal([message(refusal) for refusal in refusals])
                self._session.sounds.play(Sound.REFUSED)
            case Imported() | AlreadyImported() | Stopped():
                self.report.show_imported(outcome)
                self._session.sounds.play(Sound.CHECKED_IN)
            case _:
                assert_never(outcome)
        self.folder.setVisible(isinstance(outcome, Imported) and bool(outcome.side_files))
        self._session.refresh.tell("titles", "items")
        self.imported.emit()

    @Slot(object)
    def _not_readable(self, error: BaseException) -> None:
        self._show_trouble(error, Step.CHOOSE)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self._ended()
        self._session.refresh.tell("titles", "items")
        self._show_trouble(error, Step.REPORT)

    def _show_trouble(self, error: BaseException, step: Step) -> None:
        """Trouble belongs to this file and is told here; anything else is a bug and goes on to the one handler."""
        self.busy.say("")
        if not isinstance(error, Trouble):
            raise error
        self._go_to(step)
        self.begin.hide()
        self.report.show_trouble(*told(error))
        self.report.show()
        self._session.sounds.play(Sound.REFUSED)

    @Slot()
    def _cancelled_before_start(self) -> None:
        self._ended()
        self._go_to(Step.LOOK)

    def _ended(self) -> None:
        self._job = None
        self.progress.hide()
        self._go_to(Step.REPORT)

    @Slot()
    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    @Slot()
    def _show_folder(self) -> None:
        self.open_folder(self._session.folder / SIDE_FOLDER)

    def _go_to(self, step: Step) -> None:
        self._step = step
        self.steps.show_steps(STEPS, step)
        views: dict[Step, QWidget] = {Step.CHOOSE: self.begin, Step.LOOK: self.view, Step.REPORT: self.report}
        for place, view in views.items():
            view.setVisible(place is step)
        self.waiting.setVisible(step is Step.IMPORT)
        self.start.setVisible(step is Step.LOOK)
        self.folder.setVisible(False)
        self.choose.setVisible(step is not Step.IMPORT)
        self.choose.set_words("گزینش فایل…" if step is Step.CHOOSE else "فایل دیگر…")

    def _connect(self) -> None:
        self.choose.clicked.connect(self.choose_file)
        self.start.clicked.connect(self._start)
        self.folder.clicked.connect(self._show_folder)
        self.back.clicked.connect(self.put_away)
        self.view.map_changed.connect(self._look_anew)
        self.view.encoding_changed.connect(lambda: self._look(None))
        self.progress.cancel_wanted.connect(self._stop)
