"""What is known of a reader who wants to be cleared, as frozen facts. Pure."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.circulation.facts import MemberFacts
from app.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Obligations:
    """What still binds a reader. Money in rials.

    `open_loans` are in hand, `lost` were declared lost: the book or its price is still owed. `balance` below zero is
    owed to the reader. `wards` are the members the reader stands surety for who have loans (`ward_loans`) or debts
    (`ward_debt`).
    """

    open_loans: int
    lost: int
    balance: int
    kept_holds: int
    missing_parts: int
    ward_loans: int
    ward_debt: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as the store keeps it; `revoked_on` once the reader has joined again."""

    id: uuid.UUID
    ver: int
    number: int
    member_id: uuid.UUID | None
    day: dt.date
    reason: str | None
    code: str
    document_id: uuid.UUID | None
    revoked_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Cleared:
    """The reader is cleared; the certificate is frozen in the store. `already`: they were before, under this number."""

    certificate: Certificate
    member: MemberFacts
    already: bool = False


@dataclass(frozen=True, slots=True)
class ClearanceRefused:
    """Not cleared; every reason with its number."""

    member: MemberFacts
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class MayBeCleared:
    """Nothing speaks against it. Nothing was changed."""

    member: MemberFacts


class BatchResult(StrEnum):
    """What became of one line of a list."""

    CLEARED = "cleared"
    ALREADY = "already_done"
    MAY_BE = "may_be_cleared"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One line of the list: where it stands, what was written there, and what became of it."""

    line: int
    text: str
    result: BatchResult
    member: MemberFacts | None = None
    certificate: Certificate | None = None
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What became of a list (000 §3-1-3-۲)."""

    lines: tuple[BatchLine, ...]

    def count(self, result: BatchResult) -> int:
        """How many lines came to this."""
        return sum(line.result is result for line in self.lines)

    @property
    def counts(self) -> Mapping[BatchResult, int]:
        """All of them."""
        return {result: self.count(result) for result in BatchResult}

    @property
    def refused(self) -> tuple[BatchLine, ...]:
        """Those who get a letter."""
        return tuple(line for line in self.lines if line.result is BatchResult.REFUSED)
