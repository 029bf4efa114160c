"""The archive: every frozen edition of minutes, found by number, day, or a copy on it. A paper is opened from here and
never changes; the binder list says what lies in the binder of a period (002 م7-13)."""

import datetime as dt

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from app.persian import jalali
from app.weeding.minutes.archive import Wanted, binder, find_archived
from app.weeding.queries import ArchivedMinutes
from db.codes import MinutesState
from reports.binder_list import TITLE as BINDER_TITLE
from reports.binder_list import binder_pdf, binder_xlsx
from reports.lists import list_xlsx
from ui.keys import ESCAPE, KeyHelp
from ui.paper.paper import Paper
from ui.paper.saving import SavePanel
from ui.session import Session
from ui.style import look
from ui.weeding.rows import archive_table
from ui.weeding.way import step_of, steps_of
from ui.widgets import paint
from ui.widgets.buttons import Button, listen
from ui.widgets.jalali_edit import JalaliDateEdit
from ui.widgets.labels import Label
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList
from ui.widgets.steps import Steps

OPEN, BINDER, SEEK = "Ctrl+O", "Ctrl+J", "Ctrl+F"
TITLE = "بایگانی صورتجلسه‌های وجین"
KEYS = (
    KeyHelp(OPEN, "باز کردن برگهٔ صورتجلسه"),
    KeyHelp(SEEK, "جستجو در بایگانی"),
    KeyHelp(BINDER, "فهرست زونکن همین دوره"),
)
SEEK_AFTER_MS = 150
_NUMBER_WIDTH = 110


class Seek(QWidget):
    """Number, days and a book; `changed` comes a moment after the last key."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.number, self.book = _line("شماره"), _line("عنوان، نویسنده، شمارهٔ ثبت یا بارکد")
        self.since, self.until = (JalaliDateEdit(lambda: session.act().day) for _ in range(2))
        self.since.edit.setAccessibleName("از تاریخ")
        self.until.edit.setAccessibleName("تا تاریخ")
        self.number.setFixedWidth(look().px(_NUMBER_WIDTH))
        self._timer = QTimer(self, singleShot=True, interval=SEEK_AFTER_MS)
        self._timer.timeout.connect(self.changed)
        line = row(self.number, Label("از", "muted"), self.since, Label("تا", "muted"), self.until, self.book, gap=8)
        line.setStretch(line.count() - 1, 1)
        self.setLayout(line)
        self.setFocusProxy(self.book)
        for edit in (self.number, self.book, self.since.edit, self.until.edit):
            edit.textChanged.connect(self._timer.start)

    def wanted(self) -> Wanted:
        """What is looked for."""
        return Wanted(self.number.text(), self.since.day(), self.until.day(), self.book.text())

    def clear(self) -> bool:
        """Empty the line; whether there was anything in it."""
        edits = (self.number, self.book, self.since.edit, self.until.edit)
        written = any(edit.text() for edit in edits)
        for edit in edits:
            edit.clear()
        return written


class Archive(QWidget):
    """`opened` carries the minutes whose paper is wanted, `paper_wanted` a paper that is no edition; `closed` leads
    back to the lists."""

    opened = Signal(object)
    paper_wanted = Signal(object)
    closed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.seek = Seek(session)
        self.list = RowList(archive_table(), noun="ویراست")
        self.steps = Steps()
        self._open = Button("باز کردن برگه", OPEN, "primary", "eye")
        self._binder = Button("فهرست زونکن", BINDER, icon="file-text")
        back = Button("بازگشت به فهرست‌ها", ESCAPE)
        heading = row(Label(TITLE, "title"), None, self._open, self._binder, back, gap=10)
        self.saving = SavePanel()
        whole = column(heading, self.seek, self.steps, self.saving, self.list, gap=12)
        whole.setStretch(4, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.list.view)
        self.list.view.current_row.connect(self._show_step)
        self.list.view.row_opened.connect(self.opened)
        self.list.export_wanted.connect(self.export)
        self.seek.changed.connect(self.reload)
        self._open.clicked.connect(self._open_chosen)
        self._binder.clicked.connect(self._show_binder)
        listen(self, SEEK, self.seek.setFocus)
        back.clicked.connect(self.on_escape)

    @Slot()
    def reload(self) -> None:
        """Read what is wanted of the archive anew; the first of it is chosen if nothing is."""
        wanted = self.seek.wanted()
        with self._session.library.store.read() as reader:
            minutes = find_archived(reader, wanted)
        if wanted == Wanted():
            told = "نسخه‌ها را اسکن کنید و صورتجلسه را نهایی کنید؛ برگه‌ی آن برای همیشه اینجا می‌ماند."
            self.list.set_empty("هنوز صورتجلسه‌ای نهایی نشده است", told, "file-text")
        else:
            told = "شماره، تاریخ یا نام کتاب را کوتاه‌تر بنویسید، یا با Esc همه را ببینید."
            self.list.set_empty("صورتجلسه‌ای با این نشانی نیست", told, "search")
        self.list.set_rows(minutes)
        self.steps.setVisible(bool(minutes))
        self._open.setEnabled(bool(minutes))
        if not self.list.view.chosen():
            self.list.view.choose_place(0)

    def on_escape(self) -> None:
        """Close the question about a file, else the search, else the archive."""
        if self.saving.is_open():
            self.saving.close_question()
        elif self.seek.clear():
            self.reload()
            self.list.view.setFocus()
        else:
            self.closed.emit()

    @Slot()
    def export(self) -> None:
        """The rows shown as an Excel file."""
        headings, *rows = self.list.sheet()
        self.saving.save(self, "weeding-archive.xlsx", list_xlsx(TITLE, headings, rows))

    @Slot(object)
    def _show_step(self, minutes: ArchivedMinutes) -> None:
        self.steps.setVisible(minutes.state is not MinutesState.SUPERSEDED)
        library = self._session.library
        self.steps.show_steps(steps_of(library.guideline.terms, library.branch.kind), step_of(minutes.state))

    def _open_chosen(self) -> None:
        for minutes in self.list.view.chosen()[:1]:
            self.opened.emit(minutes)

    @Slot()
    def _show_binder(self) -> None:
        """The binder of the days asked for; without them of this Jalali year."""
        wanted, library = self.seek.wanted(), self._session.library
        today = self._session.act().day
        since, until = wanted.since or jalali.from_jalali(jalali.year(today), 1, 1), wanted.until or today
        with library.store.read() as reader:
            filed = binder(reader, since, until)
        pdf, sheet = binder_pdf(library.branch, filed, since, until), binder_xlsx(filed, since, until)
        facts = (_period(since, until),)
        self.paper_wanted.emit(Paper(BINDER_TITLE, pdf, "binder.pdf", sheet, "binder.xlsx", facts, frozen=False))


def _line(label: str) -> QLineEdit:
    edit = QLineEdit()
    edit.setPlaceholderText(label)
    edit.setAccessibleName(label)
    edit.setAlignment(paint.START)
    edit.setMaxLength(200)
    return edit


def _period(since: dt.date, until: dt.date) -> str:
    return f"{jalali.short(since)} تا {jalali.short(until)}"
