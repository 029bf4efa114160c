"""The work of the nights in the window: at the start, and when a new day begins while the window is open."""

import datetime as dt
from time import sleep

from PySide6.QtCore import QObject, Slot

from app.library import Library
from app.nightly.service import NightsOutcome, NightsRun, run_due_nights
from db.act import Act
from ui.jobs import Token
from ui.session import Session

TOUCHED = ("loans", "holds", "members", "items", "money", "notices")
DAY = "day"
"""Told to pages that show what is owed today."""
BREATH = 0.002
"""Seconds between two pieces of work, so that a scan gets its turn at the store."""


class NightWatch(QObject):
    """Starts the work of the nights beside the desk, once a day; it runs in small transactions and nobody waits."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._started_on: dt.date | None = None

    def look(self) -> None:
        """Called every few seconds: begin when the day is a new one and can be believed."""
        act = self._session.act()
        if act.stamp.doubtful or act.day == self._started_on:
            return
        self._started_on = act.day
        library = self._session.library
        job = self._session.jobs.start("کارهای شبانه", lambda token: _run(library, act, token))
        job.finished.connect(self._finished)
        job.failed.connect(self._failed)

    @Slot(object)
    def _finished(self, outcome: NightsOutcome) -> None:
        worked = isinstance(outcome, NightsRun) and any(night.done for night in outcome.nights)
        self._session.refresh.tell(DAY, *(TOUCHED if worked else ()))

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        """Tell of it like of anything nobody caught; the next look on another day tries again from where it stopped."""
        raise error


def _run(library: Library, act: Act, token: Token) -> NightsOutcome:
    def breathe() -> None:
        token.check()
        sleep(BREATH)

    return run_due_nights(library, act, breathe=breathe)
