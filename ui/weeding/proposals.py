"""The candidates of a reason, found and made ready in the line of long work: however many they are, scans go on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from app.weeding.bench import recent_loans
from app.weeding.candidates import candidate_counts, candidates
from db.codes import WeedingReason
from ui.jobs import Job, Token
from ui.session import Session
from ui.weeding.rows import GROUP_NAME, WorkLine, candidate_line
from ui.widgets.table import RowTable


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates of `reason` as ready rows, and how many every reason has; `turn` tells readings apart."""

    turn: int
    reason: WeedingReason
    lines: list[Any]
    counts: Mapping[WeedingReason, int]


class Proposals(QObject):
    """`found` carries what the newest reading found; one that was overtaken tells nothing."""

    found = Signal(object)

    def __init__(self, session: Session, table: RowTable[WorkLine], parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._table = session, table
        self._job: Job[Found] | None = None
        self._turn = 0

    def is_reading(self) -> bool:
        """Whether candidates are still to come."""
        return self._job is not None

    def read(self, reason: WeedingReason) -> None:
        """Read the candidates of a reason anew."""
        if self._job is not None:
            self._job.cancel()
        self._turn += 1
        turn = self._turn
        library, table, today = self._session.library, self._table, self._session.act().day

        def work(token: Token) -> Found:
            with library.store.read() as reader:
                lent = recent_loans(reader, today)
                rows = [
                    candidate_line(candidate, lent.get(candidate.item_id, 0))
                    for candidate in candidates(library, reader, reason, today)
                    if not candidate.listed
                ]
                token.check()
                counts = candidate_counts(library, reader, today)
            token.check()
            return Found(turn, reason, table.made(rows), counts)

        self._job = self._session.jobs.start(f"پیشنهادهای {GROUP_NAME[reason]}", work)
        self._job.finished.connect(self._finished)
        self._job.failed.connect(self._failed)

    @Slot(object)
    def _finished(self, found: Found) -> None:
        if found.turn == self._turn:
            self._job = None
            self.found.emit(found)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self._job = None
        raise error  # told by the window, in three parts
