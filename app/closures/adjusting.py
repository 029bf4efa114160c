"""Bringing what is running in line with the emergency days: due dates, deadlines of the hold shelf, fines.

What has to be done is read from the rows, never remembered: a date on an emergency day moves to the next open day, and
its original is kept; an original whose emergency day was taken back returns, unless the date was changed since. So a
second run finds nothing to do, and a run that was cut short is finished by the next one: by the same request, or by the
nightly work.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace

from app.closures import reads
from app.closures.fines import changes_needed, fined_returns, forget_fine, settle_fine
from app.closures.outcomes import Moved
from app.ledger.lines import Line
from app.library import Library
from db.act import Act
from db.journal import MOST_CHANGES
from db.models.circulation import Hold, Loan
from db.models.library import MovedDate
from db.trouble import StaleRowError
from db.writing import Tx

LOAN, HOLD = Loan.__tablename__, Hold.__tablename__
LEAST_ROOM = 24
"""Changes that one step may need at most, fines apart."""
TRIES = 5


@dataclass
class _State:
    """How far the work is: what was moved; by how much the fine of each loan changed (rial); what had been waived for
    the loans that were moved; the loans whose fine is still to be computed, None before they were looked for."""

    moved: Moved = field(default_factory=Moved)
    net: dict[uuid.UUID, int] = field(default_factory=dict)
    touched: dict[uuid.UUID, list[Line]] = field(default_factory=dict)
    late: list[uuid.UUID] | None = None

    def add_fine(self, loan_id: uuid.UUID, change: int) -> None:
        self.net[loan_id] = self.net.get(loan_id, 0) + change


class Adjustment:
    """Work that may take several transactions, since an entry holds so many changes and no desk may wait long.

    `changed` are the emergency days that came or went: the fines that ran over them are computed anew. `library` must
    show the calendar as it is to be.
    """

    def __init__(self, library: Library, act: Act, changed: Collection[dt.date] = ()) -> None:
        self.finished = False
        self._library, self._act, self._changed = library, act, changed
        self._state = _State()

    @property
    def moved(self) -> Moved:
        """What was done so far."""
        net = [change for change in self._state.net.values() if change]
        return replace(self._state.moved, fines=len(net), rials=-sum(net))

    def run(self, tx: Tx, *, whole: bool = False) -> None:
        """Do what fits into the entry of this transaction, or with `whole` everything (nothing will be recorded)."""
        for step in self._steps(tx, whole=whole):
            self._state.moved += step
            if not whole and tx.room < LEAST_ROOM:
                return
        self.finished = not self._state.late

    def finish(self, kind: str) -> Moved:
        """Do the rest, a transaction at a time; each writes an entry of this kind. Returns all that was done.

        Raises StaleRowError when another desk was faster again and again; what has been done stays.
        """
        self._act = replace(self._act, key=None)
        tries = TRIES
        while not self.finished:
            before = deepcopy(self._state)
            try:
                self._one_more(kind)
            except StaleRowError:
                self._state, tries = before, tries - 1
                if not tries:
                    raise
        return self.moved

    def _one_more(self, kind: str) -> None:
        with self._library.store.write() as tx:
            self.run(tx)
            if tx.room < MOST_CHANGES:
                tx.record(kind, self._act)

    def _steps(self, tx: Tx, *, whole: bool) -> Iterator[Moved]:
        if reads.has_orphans(tx):
            yield from self._restored(tx)
        yield from self._moved_on(tx)
        yield from self._fined(tx, whole=whole)

    def _moved_on(self, tx: Tx) -> Iterator[Moved]:
        """Dates on an emergency day go to the next open day."""
        calendar, rows = self._library.calendar, reads.emergency_rows(tx)
        for loan in reads.loans_due(tx, calendar.emergency_days):
            became = calendar.next_open(loan.due_on)
            if became != loan.due_on:
                self._move_loan(tx, loan, became)
                _keep_original(tx, LOAN, loan.id, (loan.due_on, became), rows)
                yield Moved(loans=1)
        for hold in reads.copies_kept_until(tx, calendar.emergency_days):
            became = calendar.next_open(hold.shelf_until)
            if became != hold.shelf_until:
                tx.update(Hold, hold, shelf_until=became)
                _keep_original(tx, HOLD, hold.id, (hold.shelf_until, became), rows)
                yield Moved(holds=1)

    def _restored(self, tx: Tx) -> Iterator[Moved]:
        """Originals whose emergency day is one no more, the newest of each row first."""
        chains: dict[uuid.UUID, list[reads.Move]] = defaultdict(list)
        for move in reads.moves(tx):
            chains[move.row_id].append(move)
        for chain in chains.values():
            for orphan in [move for move in chain if not move.stands]:
                if orphan in chain:
                    yield Moved(restored=int(self._take_back(tx, chain, orphan)))

    def _take_back(self, tx: Tx, chain: list[reads.Move], move: reads.Move) -> bool:
        """One original returns, if the date is still where it was moved to; True if it did.

        Where a later closure moved it on, the original is its own from now on; and if nothing stands against the
        original any more, it returns at once.
        """
        chain.remove(move)
        tx.remove(MovedDate, move, self._act)
        while not self._put_back(tx, move):
            later = next((other for other in chain if other.was == move.became), None)
            if later is None:
                return False
            chain.remove(later)
            if later.stands and move.was in self._library.calendar.emergency_days:
                tx.update(MovedDate, later, was=move.was)
                return False
            tx.remove(MovedDate, later, self._act)
            move = replace(later, was=move.was)
        return True

    def _put_back(self, tx: Tx, move: reads.Move) -> bool:
        """True when the date was still where the closure had moved it, and is back."""
        if move.entity == HOLD:
            hold = reads.kept_copy(tx, move.row_id)
            if hold is None or hold.shelf_until != move.became:
                return False
            tx.update(Hold, hold, shelf_until=move.was)
            return True
        loan = reads.running_loan(tx, move.row_id)
        if loan is None or loan.due_on != move.became:
            return False
        self._move_loan(tx, loan, move.was)
        return True

    def _move_loan(self, tx: Tx, loan: reads.RunningLoan, due_on: dt.date) -> None:
        """Another due date; a fine against the old one is taken back and computed anew at the end."""
        voided, waived = forget_fine(tx, loan.id, loan.due_on, self._act)
        self._state.add_fine(loan.id, -voided)
        self._state.touched.setdefault(loan.id, []).extend(waived)
        tx.update(Loan, loan, due_on=due_on)

    def _fined(self, tx: Tx, *, whole: bool) -> Iterator[Moved]:
        """Fines of the loans that were moved, and of those that were late over the days that changed."""
        state = self._state
        if state.late is None:
            state.late = sorted({*state.touched, *self._late_over_the_days(tx)})
        while state.late:
            loan_id = state.late[0]
            if not whole and tx.room < changes_needed(tx, loan_id) + LEAST_ROOM and tx.room < MOST_CHANGES:
                return
            state.late.pop(0)
            state.add_fine(loan_id, settle_fine(self._library, tx, loan_id, self._act, state.touched.get(loan_id, ())))
            yield Moved()

    def _late_over_the_days(self, tx: Tx) -> list[uuid.UUID]:
        """Every loan that was late on one of the days that changed: still open, or fined and closed."""
        if not self._changed:
            return []
        first, last = min(self._changed), max(self._changed)
        return reads.late_loans(tx, min(last, self._act.day)) + fined_returns(tx, first, last)


def finish_adjusting(library: Library, act: Act) -> Moved:
    """Finish what an emergency closure, or taking one back, has left undone when the power went; usually nothing."""
    library.forget_rules()
    return Adjustment(library, act).finish("calendar.dates_moved")


def _keep_original(
    tx: Tx, entity: str, row_id: uuid.UUID, dates: tuple[dt.date, dt.date], rows: dict[dt.date, uuid.UUID]
) -> None:
    was, became = dates
    tx.insert(MovedDate, entity=entity, row_id=row_id, was=was, became=became, calendar_day_id=rows[was])
