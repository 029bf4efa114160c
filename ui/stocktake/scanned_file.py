"""The file of a memory scanner, read as the shelves were walked along; the desk goes on meanwhile."""

import contextlib
import uuid
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.imports.scan_file import FaultyLine, ScanLine, scan_lines
from app.imports.scans import scans_of_file
from app.library import Library
from app.outcome import NotFound, Refused
from app.persian.digits import number
from app.stocktake.scanning import FileRead, counts, scan_file
from app.wording import message
from db.act import Act
from db.trouble import Trouble
from ui.errors import told
from ui.jobs import Cancelled, Job, Progress, Token
from ui.session import Session
from ui.sounds import Sound
from ui.stocktake.words import FINDING
from ui.theme import Tone
from ui.widgets.labels import isolate
from ui.widgets.layouts import column, emptied
from ui.widgets.notice import Notice, trouble_notice
from ui.widgets.progress import ProgressCard

FILTER = "فایل اسکن (*.txt *.csv *.tsv *.dat *.log);;همهٔ فایل‌ها (*)"
FileOutcome = tuple[FileRead | Refused | NotFound, int]
"""What became of the file, and how many of its lines were unreadable."""


class ScannedFile(QWidget):
    """Progress while a file is read, then one notice about all of it. `read` says that there are new scans."""

    read = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._job: Job[FileOutcome] | None = None
        self._name = ""
        self.progress = ProgressCard()
        self.progress.hide()
        self._notices = QVBoxLayout()
        self.setLayout(column(self.progress, self._notices, gap=8))
        self.progress.cancel_wanted.connect(self._stop)
        self.hide()

    def is_busy(self) -> bool:
        """Whether a file is being read."""
        return self._job is not None

    def clear(self) -> bool:
        """Take the notice away; False when there was none."""
        had = self._notices.count() > 0
        emptied(self._notices)
        self.setVisible(self.is_busy())
        return had

    def take(self, path: Path, session_id: uuid.UUID, scanner: int) -> None:
        """Read this file into a session."""
        self.clear()
        self._name = path.name
        library, act = self._session.library, self._session.act()
        self._job = self._session.jobs.start(
            f"خواندن {path.name}", lambda token: _read(library, path, (session_id, scanner), act, token)
        )
        self._job.progressed.connect(self._progressed)
        self._job.finished.connect(self._finished)
        self._job.failed.connect(self._failed)
        self.show()
        self.progress.begin(f"خواندن {isolate(path.name)}")
        self.progress.show()

    @Slot()
    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    @Slot(Progress)
    def _progressed(self, progress: Progress) -> None:
        self.progress.show_progress(progress.done, progress.total, progress.seconds)

    @Slot(object)
    def _finished(self, outcome: FileOutcome) -> None:
        self._ended()
        done, faulty = outcome
        match done:
            case FileRead():
                self._tell(done, faulty)
            case Refused(refusals):
                self._say(Notice("خوانده نشد", [message(refusal) for refusal in refusals], Tone.REFUSE), Sound.REFUSED)
            case NotFound():
                self._say(Notice("این رف‌خوانی دیگر نیست", (), Tone.REFUSE), Sound.REFUSED)

    def _tell(self, done: FileRead, faulty: int) -> None:
        found = counts(done.lines)
        before = sum(line.scanned is None for line in done.lines)
        told_ = [f"{FINDING[finding][0]}: {number(count)}" for finding, count in found.items()]
        told_ += [f"پیش‌تر خوانده شده بود: {number(before)}"] if before else []
        told_ += [f"سطر ناخوانا: {number(faulty)}"] if faulty else []
        lines = [" · ".join(told_) or "سطری در آن نبود."]
        if done.stopped:
            lines.append("متوقف شد؛ همان فایل را دوباره بخوانید تا از همان‌جا دنبال شود.")
        tone = Tone.WARN if done.stopped or faulty else Tone.OK
        self._say(Notice(f"فایل {isolate(self._name)} خوانده شد", lines, tone), Sound.CHECKED_IN)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self._ended()
        if not isinstance(error, Trouble):
            raise error
        self._say(trouble_notice(*told(error)), Sound.REFUSED)

    def _ended(self) -> None:
        self._job = None
        self.progress.hide()
        self.read.emit()

    def _say(self, notice: Notice, sound: Sound) -> None:
        emptied(self._notices)
        self._notices.addWidget(notice)
        self.show()
        self._session.sounds.play(sound)


def _read(library: Library, path: Path, where: tuple[uuid.UUID, int], act: Act, token: Token) -> FileOutcome:
    def tell(done: int, total: int) -> bool:
        with contextlib.suppress(Cancelled):  # it ends by itself between two lines and tells what was done
            token.progress(done, total)
        return not token.cancelled

    lines = list(scan_lines(scans_of_file(path).lines))
    codes = [(line.line, line.code) for line in lines if isinstance(line, ScanLine)]
    faulty = sum(isinstance(line, FaultyLine) for line in lines)
    session_id, scanner = where
    return scan_file(library, session_id, codes, act, scanner, tell), faulty
