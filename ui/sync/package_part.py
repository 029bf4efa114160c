"""Synchronising without a line: a package on a stick to the county, its receipt and the package of the centre back."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from app.persian.digits import number
from app.sync.branch.device_key import read_device_key
from app.sync.packages.form import read_package
from app.sync.packages.receiving import Received, receive
from app.sync.packages.up import Written, export_packages
from db.trouble import Trouble
from reports.on_demand import ON_DEMAND
from ui.errors import told
from ui.said import Said
from ui.session import Session
from ui.settings.lines import card
from ui.sounds import Sound
from ui.sync.watch import TOUCHED, SyncWatch
from ui.theme import Tone
from ui.widgets.ask_path import ask_which
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, row
from ui.widgets.scroll import Scroll

EXPORT, IMPORT = "Ctrl+E", "Ctrl+O"
FILTER = "بستهٔ همگام‌سازی (*.psu *.psr)"
OUT = (
    "آنچه مرکز هنوز ندارد در فایلی مهرشده نوشته می‌شود که تنها مرکز بازش می‌کند. آن را به شهرستان ببرید. "
    "اصل آن همین‌جا می‌ماند؛ گم شدن حافظه چیزی را از میان نمی‌برد."
)
BACK = (
    "شهرستان رسید و بستهٔ مرکز را روی همان حافظه می‌گذارد: پاسخ‌ها، قواعد و تقویم. هر دو را اینجا بیاورید؛ "
    "آوردن دوبارهٔ یک فایل زیانی ندارد."
)


def ask_folder(parent: QWidget) -> Path | None:
    """A folder, the stick's."""
    chosen = QFileDialog.getExistingDirectory(parent, "جای نوشتن بسته")
    return Path(chosen) if chosen else None


class PackagePart(QWidget):
    """Two cards: out and back."""

    said = Signal(object)

    def __init__(self, session: Session, watch: SyncWatch) -> None:
        super().__init__()
        self._session, self._watch = session, watch
        self.ask_folder: Callable[[QWidget], Path | None] = ask_folder
        self.ask_which: Callable[[QWidget, str], Path | None] = ask_which
        self.out = Button("نوشتن بسته روی حافظه…", EXPORT, "primary", "upload")
        self.back = Button("آوردن رسید یا بستهٔ مرکز…", IMPORT, icon="download")
        inside = QWidget()
        inside.setLayout(
            column(
                card("بسته به مرکز", Label(OUT, "muted", wrap=True), row(self.out, None)),
                card("رسید و بستهٔ مرکز", Label(BACK, "muted", wrap=True), row(self.back, None)),
                None,
                gap=12,
            )
        )
        self.setLayout(column(Scroll(inside), gap=0))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.out)
        self.out.clicked.connect(self.export)
        self.back.clicked.connect(self.take)

    def reload(self) -> None:
        """Nothing is shown that could be stale."""

    def on_escape(self) -> bool:
        """Nothing lies open here."""
        return False

    @Slot()
    def export(self) -> None:
        """Write the package, beside the desk."""
        folder = self.ask_folder(self)
        if folder is None:
            return
        library = self._session.library
        job = self._watch.jobs.start(
            "بستهٔ همگام‌سازی", lambda _: export_packages(library, read_device_key(library), folder)
        )
        self._follow(job.finished, self._written, job.failed)

    @Slot()
    def take(self) -> None:
        """Take a file of the centre in, beside the desk."""
        path = self.ask_which(self, FILTER)
        if path is None:
            return
        library = self._session.library
        job = self._watch.jobs.start(
            "آوردن بسته",
            lambda _: receive(library, read_device_key(library), read_package(path), printers=ON_DEMAND),
        )
        self._follow(job.finished, self._received, job.failed)

    def _follow(self, finished: object, done: Callable[..., None], failed: object) -> None:
        self.out.setEnabled(False)
        self.back.setEnabled(False)
        finished.connect(done)  # type: ignore[attr-defined]
        failed.connect(self._failed)  # type: ignore[attr-defined]

    def _ready(self) -> None:
        self.out.setEnabled(True)
        self.back.setEnabled(True)

    @Slot(object)
    def _written(self, written: tuple[Written, ...]) -> None:
        self._ready()
        if not written:
            self.said.emit(Said(Tone.INFO, "چیزی برای بردن نیست", ("مرکز همه چیز را دارد.",), Sound.CHECKED_IN))
            return
        entries = sum(one.entries for one in written)
        names = "، ".join(isolate(one.path.name) for one in written)
        title = f"{number(entries)} رویداد در {number(len(written))} فایل نوشته شد"
        self.said.emit(Said(Tone.OK, title, (names, "رسید شهرستان را بیاورید تا صف خالی شود."), Sound.CHECKED_IN))

    @Slot(object)
    def _received(self, received: Received) -> None:
        self._ready()
        if received.already:
            self.said.emit(Said(Tone.INFO, "این فایل پیش‌تر آورده شده است", ("چیزی تغییر نکرد.",), Sound.CHECKED_IN))
            return
        counts = (
            (received.acked, "رویداد به مرکز رسیده است"),
            (received.rows, "ردیف دریافت شد"),
            (received.directives, "خواستهٔ مرکز انجام شد"),
        )
        detail = "، ".join(f"{number(count)} {what}" for count, what in counts if count)
        self.said.emit(Said(Tone.OK, "آورده شد", (detail,), Sound.CHECKED_IN))
        self._session.refresh.tell(*TOUCHED)
        self._watch.changed.emit()

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self._ready()
        if not isinstance(error, Trouble):
            raise error
        _, message = told(error)
        self.said.emit(Said(Tone.REFUSE, message.what, (message.lost, message.do), Sound.REFUSED))
