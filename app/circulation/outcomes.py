"""What became of a request at the desk. A screen matches all of them."""

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from app.circulation.facts import ItemFacts, LoanFacts, MemberFacts
from app.outcome import NotFound
from app.refusal import Refusal


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """Lent. `rule` is the policy row that gave the period; `filled_hold` says the reader's own hold ended with it."""

    loan_id: uuid.UUID
    member: MemberFacts
    item: ItemFacts
    out_on: dt.date
    due_on: dt.date
    rule: str
    policy_version: int
    filled_hold: bool = False


@dataclass(frozen=True, slots=True)
class CheckoutRefused:
    """Not lent; every reason."""

    member: MemberFacts
    item: ItemFacts
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class AlreadyLent:
    """The same copy was lent to the same reader a moment ago: the scan came twice, or after a crash."""

    member: MemberFacts
    item: ItemFacts
    loan: LoanFacts


CheckoutOutcome: TypeAlias = "CheckedOut | CheckoutRefused | AlreadyLent | Renewed | NotFound"


class ReturnNote(StrEnum):
    """Something the librarian should know or do about a returned copy."""

    LATE = "late"
    SET_ASIDE_FOR_HOLD = "set_aside_for_hold"
    ON_WEEDING_MINUTES = "on_weeding_minutes"
    LOST_FOUND = "lost_found"
    CLAIM_RESOLVED = "claim_resolved"
    PARTS = "parts"
    CLOCK_DOUBTFUL = "clock_doubtful"


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """Taken back. `fine` in rials; `hold_for` is the reader for whom the copy is now kept."""

    loan_id: uuid.UUID
    member: MemberFacts | None
    item: ItemFacts
    due_on: dt.date
    in_on: dt.date
    days_late: int
    fine: int
    restricted_until: dt.date | None
    hold_for: MemberFacts | None
    notes: tuple[ReturnNote, ...]


@dataclass(frozen=True, slots=True)
class LocalUse:
    """The copy was not lent: its use in the hall is counted, but not for a scan that came twice, nor where the policy
    does not want it (`counted` False). The note LOST_FOUND says that a missing copy came to light."""

    item: ItemFacts
    hold_for: MemberFacts | None
    notes: tuple[ReturnNote, ...]
    counted: bool = True


@dataclass(frozen=True, slots=True)
class AlreadyReturned:
    """The same copy came back a moment ago: the scan came twice, or after a crash."""

    item: ItemFacts
    loan: LoanFacts


@dataclass(frozen=True, slots=True)
class CheckinRefused:
    """Not taken back; every reason."""

    item: ItemFacts
    refusals: tuple[Refusal, ...]


CheckinOutcome: TypeAlias = "CheckedIn | LocalUse | AlreadyReturned | CheckinRefused | NotFound"


@dataclass(frozen=True, slots=True)
class Renewed:
    """Renewed. `count` is the number of renewals of this loan so far; `fine` in rials is for the days it was late."""

    loan_id: uuid.UUID
    member: MemberFacts
    item: ItemFacts
    due_on: dt.date
    count: int
    rule: str
    days_late: int = 0
    fine: int = 0


@dataclass(frozen=True, slots=True)
class RenewalRefused:
    """Not renewed; every reason."""

    item: ItemFacts
    refusals: tuple[Refusal, ...]


RenewalLine: TypeAlias = "Renewed | RenewalRefused"


@dataclass(frozen=True, slots=True)
class RenewedAll:
    """What became of each open loan of a reader."""

    member: MemberFacts
    lines: tuple[RenewalLine, ...]
