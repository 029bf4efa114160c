"""How far a session has come: counted in the line of long work, and kept up scan by scan meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QObject, Signal, Slot

from app.library import Library
from app.stocktake.facts import Scanned
from app.stocktake.queries import lines_of
from app.stocktake.tally import Progress, Tally
from ui.jobs import Job, Token
from ui.session import Session

REREAD = 25
"""After so many scans of this desk those of other desks are counted too."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What has been counted, and which of this desk's scans were in it already."""

    tally: Tally
    known: frozenset[UUID]


class Counting(QObject):
    """`changed`: there are other numbers now."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._reading: UUID | None = None
        self._tally: Tally | None = None
        self._job: Job[Counted] | None = None
        self._meanwhile: list[Scanned] = []
        self._own = 0

    def begin(self, session_id: UUID) -> None:
        """Count anew; of the same session the old numbers stand until then."""
        if session_id != self._reading:
            self._reading, self._tally, self._own = session_id, None, 0
        if self._job is not None:
            self._job.cancel()
        meanwhile: list[Scanned] = []
        self._meanwhile, library = meanwhile, self._session.library
        self._job = self._session.jobs.start(
            "شمارش رف‌خوانی", lambda token: _count(library, session_id, meanwhile, token)
        )
        self._job.finished.connect(self._finished)
        self._job.failed.connect(self._failed)

    def add(self, scanned: Scanned) -> None:
        """Add a scan of this desk."""
        self._own += 1
        if self._job is not None:
            self._meanwhile.append(scanned)
        if self._tally is not None:
            self._tally.note(scanned)
        self.changed.emit()
        if self._reading is not None and self._own % REREAD == 0:
            self.begin(self._reading)

    def progress(self) -> Progress:
        """Where the session stands; nothing while it has not been counted yet."""
        return self._tally.progress() if self._tally else Progress()

    @Slot(object)
    def _finished(self, counted: Counted) -> None:
        if self.sender() is not self._job:
            return  # what was overtaken tells nothing
        self._job, self._tally = None, counted.tally
        for scanned in self._meanwhile:
            if scanned.scan_id not in counted.known:
                self._tally.note(scanned)
        self._meanwhile = []
        self.changed.emit()

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        if self.sender() is self._job:
            self._job = None
        raise error  # told by the window, in three parts


def _count(library: Library, session_id: UUID, meanwhile: Sequence[Scanned], token: Token) -> Counted:
    token.check()
    with library.store.read() as reader:
        tally = Tally(reader, session_id)
        so_far = [scanned.scan_id for scanned in tuple(meanwhile)]
        return Counted(tally, frozenset(line.scan.id for line in lines_of(reader, so_far)))
