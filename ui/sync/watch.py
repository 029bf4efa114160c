"""Synchronisation in the background of the window: by schedule, at the start, and when somebody asks. It has a worker
of its own, so that a bad line never holds up paper or files, and gives the desk its turn between small transactions."""

import importlib
import secrets
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from app.sync.branch.schedule import Pace, is_due, may_ask
from app.sync.queries import SyncState, sync_state
from db.trouble import Trouble
from ui.jobs import Jobs, Token
from ui.session import Session

TOUCHED = ("loans", "holds", "members", "items", "titles", "weeding", "binding", "exchange", "rules", "sync")
WHAT = "همگام‌سازی"


class SyncWatch(QObject):
    """Starts rounds when they are due. `changed` after each beginning and end; `failed` carries what a disk said."""

    changed = Signal()
    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.jobs = Jobs(self)
        self._pace = Pace()
        self._chance = secrets.randbelow(1000) / 1000
        self.busy = False

    def look(self) -> None:
        """Called every few seconds: begin a round when one is due."""
        state = self.state()
        now = self._session.library.clock.read().at
        if state.enrolled and not self.busy and is_due(self._pace, now, self._chance, waiting_since=state.oldest_at):
            self._start()

    @Slot()
    def ask(self) -> None:
        """A round now, as a person wants it; the centre may have asked to wait."""
        if not self.busy and may_ask(self._pace, self._session.library.clock.read().at):
            self._start()

    def state(self) -> SyncState:
        """How synchronisation stands."""
        stamp = self._session.library.clock.read()
        with self._session.library.store.read() as reader:
            return sync_state(reader, stamp.at, doubtful=stamp.doubtful)

    def close(self) -> None:
        """Stop at the next breath and wait for it."""
        self.jobs.close()

    def _start(self) -> None:
        self.busy = True
        self._chance = secrets.randbelow(1000) / 1000
        library = self._session.library

        def work(token: Token) -> Any:
            # The network and all that directives may touch are loaded by the first round, not by the start.
            return importlib.import_module("ui.sync.rounds").one_round(library, token)

        job = self.jobs.start(WHAT, work)
        job.finished.connect(self._finished)
        job.failed.connect(self._broke)
        job.cancelled.connect(self._stopped)
        self.changed.emit()

    @Slot(object)
    def _finished(self, done: Any) -> None:
        outcome, good = done
        self._note(good=good, retry_after=outcome.retry_after)
        if outcome.received or outcome.directives or outcome.repaired:
            self._session.refresh.tell(*TOUCHED)
        self.ended.emit(outcome)

    @Slot(object)
    def _broke(self, error: BaseException) -> None:
        self._note(good=False)
        if not isinstance(error, Trouble):
            raise error
        self.failed.emit(error)

    @Slot()
    def _stopped(self) -> None:
        self.busy = False

    def _note(self, *, good: bool, retry_after: int | None = None) -> None:
        self.busy = False
        self._pace = self._pace.after(self._session.library.clock.read().at, good=good, retry_after=retry_after)
        self.changed.emit()
