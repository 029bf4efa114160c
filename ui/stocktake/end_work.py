"""What the end of a shelf-reading takes, in the line of long work: the lists, a draft of the minutes, the closing.

However many copies are reckoned up, the window goes on (performance 3.5).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.papers import Printed
from app.stocktake.closing import CloseOutcome, close, draft, preview
from app.stocktake.reckoning import Reckoning
from reports.stocktake import print_stocktake
from ui.jobs import Job, Progress, Token
from ui.session import Session
from ui.stocktake.rows import Change, changes_of
from ui.widgets.layouts import column
from ui.widgets.progress import ProgressCard
from ui.widgets.table import RowTable

CLOSING = "پایان رف‌خوانی و ساختن صورتجلسه"


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A session reckoned up, and its lines ready to be shown with nothing chosen."""

    reckoning: Reckoning
    lines: list[Any]


class EndWork(QWidget):
    """One piece of work at a time, with its progress. `reckoned` carries a Reckoned, `drafted` a Printed, both None
    when the session is gone; `closed` a CloseOutcome; `stopped`: somebody asked for it, and nothing was done. `busy`
    tells whether something is being made."""

    reckoned = Signal(object)
    drafted = Signal(object)
    closed = Signal(object)
    stopped = Signal()
    busy = Signal(bool)

    def __init__(self, session: Session, table: RowTable[Change]) -> None:
        super().__init__()
        self._session, self._table = session, table
        self._job: Job[Any] | None = None
        self._tells = self.reckoned
        self.closing: UUID | None = None
        """The session that is being closed."""
        self.progress = ProgressCard()
        self.progress.cancel_wanted.connect(self._stop)
        self.setLayout(column(self.progress))
        self.hide()

    def is_busy(self) -> bool:
        """Whether something is being made."""
        return self._job is not None

    def reckon(self, session_id: UUID) -> None:
        """Everything that closing would change, from what is recorded now. What was being made is given up."""
        self.give_up()
        library, table = self._session.library, self._table

        def work(token: Token) -> Reckoned | None:
            reckoning = preview(library, session_id)
            token.check()
            return None if reckoning is None else Reckoned(reckoning, table.made(changes_of(reckoning, ())))

        self._start("سنجیدن قفسه‌ها با دفتر", work, self.reckoned)

    def draft(self, session_id: UUID) -> None:
        """The minutes as they would be now."""
        library, act = self._session.library, self._session.act()

        def work(_: Token) -> Printed | None:
            return draft(library, session_id, print_stocktake, act)

        self._start("پیش‌نویس صورتجلسهٔ رف‌خوانی", work, self.drafted)

    def close_session(self, session_id: UUID, chosen: frozenset[UUID]) -> None:
        """Do it. It can be stopped while other work stands before it in the line, no longer once it has begun."""
        library, act = self._session.library, self._session.act()

        def work(token: Token) -> CloseOutcome:
            token.progress(0)
            return close(library, session_id, print_stocktake, act, chosen)

        self.closing = session_id
        self._start(CLOSING, work, self.closed).progressed.connect(self._begun)

    def give_up(self) -> None:
        """Nobody waits any more for what is being made. A closing is not given up."""
        if self._job is not None and self.closing is None:
            self._job.cancel()
            self._ended()

    def _start(self, what: str, work: Callable[[Token], Any], tells: Any) -> Job[Any]:
        self._job = job = self._session.jobs.start(what, work)
        self._tells = tells
        job.finished.connect(self._finished)
        job.failed.connect(self._failed)
        job.cancelled.connect(self._cancelled)
        self.progress.begin(what)
        self.show()
        self.busy.emit(True)
        return job

    @Slot()
    def _stop(self) -> None:
        if self._job is not None and self.closing is not None:
            self._job.cancel()
        elif self._job is not None:
            self.give_up()
            self.stopped.emit()

    @Slot(Progress)
    def _begun(self, _: Progress) -> None:
        self.progress.forbid_stop()

    @Slot(object)
    def _finished(self, result: object) -> None:
        if self._is_newest():
            tells = self._tells
            self._ended()
            tells.emit(result)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        if self._is_newest():
            self._ended()
        raise error  # told by the window, in three parts

    @Slot()
    def _cancelled(self) -> None:
        if self._is_newest():
            self._ended()
            self.stopped.emit()

    def _is_newest(self) -> bool:
        """Whether what has just ended is what is waited for, not something given up before."""
        return self.sender() is self._job

    def _ended(self) -> None:
        self._job = self.closing = None
        self.hide()
        self.busy.emit(False)
