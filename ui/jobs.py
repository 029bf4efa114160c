"""Long work beside the desk: sync, import, PDF, backup. The only threads of the window start here.

One worker: two long pieces of work never fight for the disk, and the desk keeps the other core.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

Result = TypeVar("Result")

_EVERY_SECONDS = 0.05


class Cancelled(Exception):  # noqa: N818 - not an error: the person asked for it
    """The work was stopped on request."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` units (0: unknown) after `seconds`, and a word on what is being done."""

    done: int
    total: int
    seconds: float
    note: str = ""


class Token:
    """Handed to the work: it tells its progress here and learns that it should stop."""

    def __init__(self, told: Callable[[Progress], None]) -> None:
        self._told, self._started, self._last = told, monotonic(), 0.0
        self.cancelled = False

    def check(self) -> None:
        """Stop here if somebody asked for it. To be called between units of work, never inside a transaction."""
        if self.cancelled:
            raise Cancelled

    def progress(self, done: int, total: int = 0, note: str = "") -> None:
        """Tell how far the work is, and stop here if asked. Cheap: at most twenty reports a second go to the screen."""
        self.check()
        now = monotonic()
        if done < total and now - self._last < _EVERY_SECONDS:
            return
        self._last = now
        self._told(Progress(done, total, now - self._started, note))


class Job(QObject, Generic[Result]):
    """Work that was started. All signals arrive on the thread of the window.

    One of `finished` (the result), `failed` (the exception) and `cancelled` is sent, then `closed`.
    """

    progressed = Signal(Progress)
    finished = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    closed = Signal(object)

    _told = Signal(object)
    _ended = Signal(object)

    def __init__(self, what: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.what = what
        self.token = Token(self._told.emit)
        self._told.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._settle, Qt.ConnectionType.QueuedConnection)

    def cancel(self) -> None:
        """Ask the work to stop at its next check."""
        self.token.cancelled = True

    def take(self, future: "Future[Result]") -> None:
        """Called on the worker's thread when the work has ended; the rest happens on the window's."""
        self._ended.emit(future)

    @Slot(object)
    def _pass_on(self, progress: Progress) -> None:
        self.progressed.emit(progress)

    @Slot(object)
    def _settle(self, future: "Future[Result]") -> None:
        error = Cancelled() if future.cancelled() else future.exception()
        if error is None:
            self.finished.emit(future.result())
        elif isinstance(error, Cancelled):
            self.cancelled.emit()
        else:
            self.failed.emit(error)
        self.closed.emit(self)


class Jobs(QObject):
    """The line of long work. `changed` is sent whenever a job joins or leaves it."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="job")
        self._open: list[Job[Any]] = []

    def start(self, what: str, work: Callable[[Token], Result]) -> Job[Result]:
        """Put work in the line. `what` names it for the person («ورود فهرست از اکسل»)."""
        # The parent keeps the QObject alive until it is deleted here, never on the worker's thread.
        job: Job[Result] = Job(what, self)
        self._open.append(job)
        job.closed.connect(self._forget)
        self._pool.submit(_run, work, job.token).add_done_callback(job.take)
        self.changed.emit()
        return job

    def open_jobs(self) -> tuple[Job[Any], ...]:
        """The jobs running and waiting, in order."""
        return tuple(self._open)

    def close(self) -> None:
        """At the end of the program: ask all work to stop, and wait until it has."""
        for job in self._open:
            job.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)

    @Slot(object)
    def _forget(self, job: Job[Any]) -> None:
        self._open.remove(job)
        job.deleteLater()
        self.changed.emit()


def _run(work: Callable[[Token], Result], token: Token) -> Result:
    token.check()
    return work(token)
