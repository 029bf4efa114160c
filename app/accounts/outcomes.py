"""What became of a request about money. Amounts in rials."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TypeAlias

from app.circulation.facts import MemberFacts
from app.outcome import NotFound, Refused


@dataclass(frozen=True, slots=True)
class Settled:
    """What of a payment or waiver went to one debit line."""

    line_id: uuid.UUID
    amount: int


@dataclass(frozen=True, slots=True)
class Paid:
    """Money was taken; `closed_loans` are those whose lost copy is paid for with it."""

    member: MemberFacts
    receipt_id: uuid.UUID
    receipt: int
    amount: int
    balance: int
    lines: tuple[Settled, ...]
    closed_loans: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class AlreadyPaid:
    """A payment of this amount with this reference was taken from this member before."""

    member: MemberFacts
    receipt_id: uuid.UUID
    receipt: int
    amount: int
    balance: int


@dataclass(frozen=True, slots=True)
class Waived:
    """Debts were waived."""

    member: MemberFacts
    amount: int
    balance: int
    lines: tuple[Settled, ...]


@dataclass(frozen=True, slots=True)
class Refunded:
    """Money was given back, with a receipt of its own."""

    member: MemberFacts
    receipt_id: uuid.UUID
    receipt: int
    amount: int
    balance: int


@dataclass(frozen=True, slots=True)
class Charged:
    """A debt was written down."""

    member: MemberFacts
    line_id: uuid.UUID
    amount: int
    balance: int


@dataclass(frozen=True, slots=True)
class LineVoided:
    """A line was taken back by its opposite; `held` of what was paid for it is owed to the member now."""

    line_id: uuid.UUID
    amount: int
    balance: int
    held: int


@dataclass(frozen=True, slots=True)
class ReceiptVoided:
    """A payment or refund was taken back; its receipt keeps its number."""

    receipt: int
    amount: int
    balance: int


@dataclass(frozen=True, slots=True)
class CashOpened:
    """The drawer of a desk is open."""

    session_id: uuid.UUID
    number: int
    amount: int


@dataclass(frozen=True, slots=True)
class CashClosed:
    """The drawer was counted and closed."""

    session_id: uuid.UUID
    number: int
    expected: int
    counted: int

    @property
    def difference(self) -> int:
        """What is too much in the drawer; below zero what is missing."""
        return self.counted - self.expected


@dataclass(frozen=True, slots=True)
class AmnestyDeclared:
    """A campaign was declared; `forgiven` of debts of books brought back before."""

    campaign_id: uuid.UUID
    since: dt.date
    until: dt.date
    forgiven: int


@dataclass(frozen=True, slots=True)
class AmnestyEnded:
    """A campaign holds no longer; `until` is its last day."""

    campaign_id: uuid.UUID
    until: dt.date


PayOutcome: TypeAlias = "Paid | AlreadyPaid | Refused | NotFound"
WaiveOutcome: TypeAlias = "Waived | Refused | NotFound"
RefundOutcome: TypeAlias = "Refunded | Refused | NotFound"
ChargeOutcome: TypeAlias = "Charged | Refused | NotFound"
