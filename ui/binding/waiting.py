"""Copies that were noted as worn or damaged and wait for a request: Enter puts the chosen one on the draft (002 م1).

They are sought among all copies, so in the line of long work: scans go on meanwhile.
"""

from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal, Slot

from app.binding import queries
from app.binding.queries import WaitingCopy
from app.persian import jalali
from reports.lists import list_xlsx
from ui.binding.rows import waiting_table
from ui.jobs import Job, Token
from ui.session import Session
from ui.widgets.row_list import RowList

TITLE = "در انتظار صحافی"
SEEKING = ("نسخه‌های در انتظار جسته می‌شوند…", "می‌توانید به کار ادامه دهید.", "clock")
NONE = (
    "نسخهٔ فرسوده یا آسیب‌دیده‌ای در انتظار نیست",
    "ظاهر نسخه هنگام بازگشت یا رف‌خوانی نوشته می‌شود و نسخه اینجا می‌آید.",
    "needle-thread",
)


class WaitingList(RowList):
    """`wanted` carries the barcode of a copy that is to go on the draft, `exported` a file."""

    wanted = Signal(str)
    exported = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__(waiting_table(), title="در انتظار صحافی (Enter: به درخواست)", noun="نسخه")
        self._session = session
        self._job: Job[list[Any]] | None = None
        self.set_empty(*SEEKING)
        self.hide()
        self.view.row_opened.connect(self._opened)
        self.export_wanted.connect(self.export)

    def reload(self) -> None:
        """Read them anew, if they are looked at; they are shown when they are found."""
        if self.isHidden():
            return
        if self._job is not None:
            self._job.cancel()
        library, table = self._session.library, self.table

        def work(token: Token) -> list[Any]:
            with library.store.read() as reader:
                found = queries.waiting(reader)
            token.check()
            return table.made(found)

        self._job = self._session.jobs.start(TITLE, work)
        self._job.finished.connect(self._show_found)
        self._job.failed.connect(self._failed)

    def drop(self, copy_id: UUID) -> None:
        """A copy that waits no more; the next one is chosen in its place."""
        place = self.table.position_of(copy_id)
        if place >= 0:
            self.table.remove_row(copy_id)
            self.view.choose_place(min(place, self.table.rowCount() - 1))

    @Slot()
    def turn(self) -> None:
        """Show them, or put them away."""
        self.setHidden(not self.isHidden())
        self.reload()
        if not self.isHidden():
            self.view.setFocus()

    @Slot()
    def export(self) -> None:
        """The rows shown as an Excel file."""
        headings, *rows = self.sheet()
        day = jalali.short_latin(self._session.act().day).replace("/", "-")
        self.exported.emit(f"to-bind-{day}.xlsx", list_xlsx(TITLE, headings, rows))

    @Slot(object)
    def _opened(self, copy: WaitingCopy) -> None:
        self.wanted.emit(copy.barcode)
        self.view.setFocus()

    @Slot(object)
    def _show_found(self, made: list[Any]) -> None:
        if self.sender() is not self._job:
            return  # what was overtaken tells nothing
        self._job = None
        self.set_empty(*NONE)
        self.table.set_made(made)
        if made and not self.view.chosen():
            self.view.choose_place(0)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        if self.sender() is self._job:
            self._job = None
        raise error  # told by the window, in three parts
