"""A reader's ledger read from its lines: what is still owed of each debt, and what is held for the reader. Pure; rials.

A line is never changed. What takes it back is its exact opposite, which can be taken back in its turn; a line counts as
long as an even number of opposites stands on it.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from db.codes import LedgerKind, PaymentMethod

DEBITS = frozenset(
    {
        LedgerKind.FINE, LedgerKind.LOST_ITEM, LedgerKind.PROCESSING_FEE, LedgerKind.DAMAGE, LedgerKind.MEMBERSHIP_FEE,
        LedgerKind.CARD_FEE, LedgerKind.HOLD_FEE,
    }
)  # fmt: skip
FORGIVENESS = frozenset({LedgerKind.WAIVER, LedgerKind.AMNESTY})
CREDITS = FORGIVENESS | {LedgerKind.PAYMENT}
MOST_LINES = 400
"""Lines that one transaction writes at most; a journal entry holds 500 changes."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as stored (see `db.models.circulation.LedgerLine`)."""

    id: uuid.UUID
    member_id: uuid.UUID | None
    loan_id: uuid.UUID | None
    kind: LedgerKind
    amount: int
    at: dt.datetime
    day: dt.date
    method: PaymentMethod | None
    reference: str | None
    due_on: dt.date | None
    opposes: uuid.UUID | None
    settles: uuid.UUID | None
    receipt_id: uuid.UUID | None
    amnesty_id: uuid.UUID | None
    cash_session_id: uuid.UUID | None
    reason: str | None
    staff_id: uuid.UUID
    approved_by: uuid.UUID | None

    @property
    def is_debit(self) -> bool:
        """Whether it is something to pay: a debt, or one that came over from a merged record of the same person."""
        return self.kind in DEBITS or (self.kind is LedgerKind.TRANSFER and self.amount > 0)

    @property
    def is_credit(self) -> bool:
        """Whether it lowers what is owed: a payment, a waiver, or what went over to or came from a merged record."""
        return self.kind in CREDITS or (self.kind is LedgerKind.TRANSFER and self.amount < 0)


@dataclass(frozen=True, slots=True)
class Debt:
    """A debit line that counts, with the credits that settle it.

    `outstanding` is what the reader still has to pay of it, after what is held for them; `unsettled` leaves that out.
    """

    line: Line
    credits: tuple[Line, ...]
    unsettled: int
    outstanding: int

    @property
    def paid(self) -> int:
        """What was paid for it."""
        return -sum(credit.amount for credit in self.credits if credit.kind is LedgerKind.PAYMENT)

    @property
    def forgiven(self) -> int:
        """What was waived of it, by a person or a campaign."""
        return -sum(credit.amount for credit in self.credits if credit.kind in FORGIVENESS)


@dataclass(frozen=True, slots=True)
class Share:
    """What of an amount goes to one debt."""

    debt: Debt
    amount: int


class Ledger:
    """The lines of one reader, or of one loan: then what is held is only that of the loan."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines: Sequence[Line] = sorted(lines, key=lambda line: (line.at, line.id))
        self._opposing = {line.opposes: line for line in self.lines if line.opposes is not None}

    @property
    def balance(self) -> int:
        """What the reader owes, all told; below zero it is owed to them."""
        return sum(line.amount for line in self.lines)

    def counts(self, line: Line) -> bool:
        """Whether a line has not been taken back."""
        opposites, last = 0, line
        while (opposing := self._opposing.get(last.id)) is not None:
            opposites, last = opposites + 1, opposing
        return opposites % 2 == 0

    def last_of(self, line: Line) -> Line:
        """The line on which the next opposite of `line` stands: itself, or the last of those that took it back."""
        while (opposing := self._opposing.get(line.id)) is not None:
            line = opposing
        return line

    def find(self, line_id: uuid.UUID) -> Line | None:
        """A line by its id."""
        return next((line for line in self.lines if line.id == line_id), None)

    @cached_property
    def debts(self) -> tuple[Debt, ...]:
        """Every debit that counts, oldest first. What is held for the reader covers the oldest first."""
        found, left = [], max(self.held, 0)
        for line in self._debits.values():
            unsettled = max(0, self._unsettled[line.id])
            covered = min(unsettled, left)
            left -= covered
            found.append(Debt(line, tuple(self._settling.get(line.id, ())), unsettled, unsettled - covered))
        return tuple(found)

    @cached_property
    def open_debts(self) -> tuple[Debt, ...]:
        """The debts of which something is left to pay, oldest first."""
        return tuple(debt for debt in self.debts if debt.outstanding > 0)

    @property
    def outstanding(self) -> int:
        """What is left to pay of all debts."""
        return sum(debt.outstanding for debt in self.debts)

    @cached_property
    def held(self) -> int:
        """What was paid for no debt, for one that was taken back since, or beyond one that was settled in kind after
        it, and was not given back."""
        return self._overpaid - sum(line.amount for line in self._free_credits) - self._refunded

    @property
    def refundable(self) -> int:
        """What may be given back in money: what is held beyond the debts, or was paid for a debt taken back since."""
        freed = -sum(line.amount for line in self._free_credits if line.settles and line.kind is LedgerKind.PAYMENT)
        beyond = self.held - sum(debt.unsettled for debt in self.debts)
        return max(beyond, min(self.held, freed + self._overpaid - self._refunded), 0)

    def shares(self, amount: int, only: Collection[uuid.UUID] = ()) -> tuple[Share, ...]:
        """How an amount settles the open debts, oldest first; `only` names the lines it is for, all when empty."""
        found = []
        for debt in self.open_debts:
            if amount > 0 and (not only or debt.line.id in only):
                found.append(Share(debt, min(amount, debt.outstanding)))
                amount -= found[-1].amount
        return tuple(found)

    def loans_settled_by(self, shares: Iterable[Share], kind: LedgerKind) -> tuple[uuid.UUID, ...]:
        """The loans of which nothing of this kind stays open once the shares are paid."""
        paid = {share.debt.line.id: share.amount for share in shares}
        touched = {debt.line.loan_id for debt in self.debts if debt.line.id in paid and debt.line.kind is kind}
        still_open = {
            debt.line.loan_id
            for debt in self.debts
            if debt.line.kind is kind and debt.outstanding > paid.get(debt.line.id, 0)
        }
        return tuple(loan for loan in touched - still_open if loan is not None)

    @cached_property
    def _debits(self) -> dict[uuid.UUID, Line]:
        return {line.id: line for line in self.lines if line.is_debit and self.counts(line)}

    @cached_property
    def _unsettled(self) -> dict[uuid.UUID, int]:
        return {
            line.id: line.amount + sum(credit.amount for credit in self._settling.get(line.id, ()))
            for line in self._debits.values()
        }

    @property
    def _overpaid(self) -> int:
        return -sum(min(0, unsettled) for unsettled in self._unsettled.values())

    @cached_property
    def _settling(self) -> dict[uuid.UUID, list[Line]]:
        found: dict[uuid.UUID, list[Line]] = {}
        for line in self._live_credits:
            if line.settles is not None:
                found.setdefault(line.settles, []).append(line)
        return found

    @cached_property
    def _live_credits(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.is_credit and self.counts(line))

    @property
    def _free_credits(self) -> tuple[Line, ...]:
        return tuple(line for line in self._live_credits if line.settles not in self._debits)

    @property
    def _refunded(self) -> int:
        return sum(line.amount for line in self.lines if line.kind is LedgerKind.REFUND and self.counts(line))
