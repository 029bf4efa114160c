"""What became of a request at the desk. A screen matches all of them."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from app.circulation.facts import ItemFacts, LoanFacts, MemberFacts
from app.circulation.lost.facts import Refund
from app.outcome import NotFound
from app.refusal import Note, Refusal


@dataclass(frozen=True, slots=True)
class Several:
    """An ISBN that several copies answer to: the one in hand has to be told by its label or number."""

    key: str
    copies: tuple[ItemFacts, ...]


@dataclass(frozen=True, slots=True)
class OfOtherBranch:
    """A copy of another branch lies here: it goes back there. `title` where its row is known."""

    key: str
    branch: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class CardInstead:
    """A reader's card was scanned where a copy was expected, as happens with cards in a box of returns."""

    key: str
    member: MemberFacts


@dataclass(frozen=True, slots=True)
class TakenBackFirst:
    """The loan of another reader, or of the same reader in the hall, that ended so that the copy could be lent."""

    loan_id: uuid.UUID
    member: MemberFacts | None
    days_late: int = 0
    fine: int = 0
    restricted_until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """Lent. `rule` is the policy row that gave the period; `filled_hold` says the reader's own hold ended with it.

    `notes` are worth knowing and refused nothing. `taken_back` ended in the same transaction. `card_of` is who showed
    the card, where somebody lent for a child or another in their care.
    """

    loan_id: uuid.UUID
    member: MemberFacts
    item: ItemFacts
    out_on: dt.date
    due_on: dt.date
    rule: str
    policy_version: int
    filled_hold: bool = False
    notes: tuple[Note, ...] = ()
    taken_back: TakenBackFirst | None = None
    card_of: MemberFacts | None = None


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


Unlabelled: TypeAlias = "Several | OfOtherBranch | CardInstead | NotFound"
CheckoutOutcome: TypeAlias = "CheckedOut | CheckoutRefused | AlreadyLent | Renewed | Unlabelled"


class ReturnNote(StrEnum):
    """Something the librarian should know or do about a returned copy."""

    LATE = "late"
    SET_ASIDE_FOR_HOLD = "set_aside_for_hold"
    ON_WEEDING_MINUTES = "on_weeding_minutes"
    WEED_ON_RETURN = "weed_on_return"
    LOST_FOUND = "lost_found"
    ARRIVED = "arrived"
    BACK_FROM_BINDING = "back_from_binding"
    CLAIM_RESOLVED = "claim_resolved"
    REFUNDED = "refunded"
    FORGIVEN = "forgiven"
    BAN_LIFTED = "ban_lifted"
    PARTS = "parts"
    MISSING_PARTS = "missing_parts"
    CLOCK_DOUBTFUL = "clock_doubtful"


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """Taken back. Amounts in rials; `hold_for` is the reader for whom the copy is now kept.

    `forgiven` of the fine by a campaign, `credit` owed to the reader because more had been paid, `refund` of a copy
    that had been lost, `damage` charged for parts that did not come back. `alerts` are the notes on copy and reader.
    """

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
    alerts: tuple[Note, ...] = ()
    forgiven: int = 0
    credit: int = 0
    refund: Refund = field(default_factory=Refund)
    missing_parts: str | None = None
    damage: int = 0


@dataclass(frozen=True, slots=True)
class LocalUse:
    """The copy was not lent: its use in the hall is counted, but not for a scan that came twice, nor where the policy
    does not want it (`counted` False). The note LOST_FOUND says that a missing copy came to light; `refund` what that
    gave back to the reader who had paid for it."""

    item: ItemFacts
    hold_for: MemberFacts | None
    notes: tuple[ReturnNote, ...]
    counted: bool = True
    alerts: tuple[Note, ...] = ()
    refund: Refund = field(default_factory=Refund)


@dataclass(frozen=True, slots=True)
class AlreadyReturned:
    """The same copy came back a moment ago: the scan came twice, or after a crash. `missing_parts` were only now found
    to be missing, and have been written down; `damage` in rials was charged for them."""

    item: ItemFacts
    loan: LoanFacts
    missing_parts: str | None = None
    damage: int = 0


@dataclass(frozen=True, slots=True)
class CheckinRefused:
    """Not taken back; every reason."""

    item: ItemFacts
    refusals: tuple[Refusal, ...]


CheckinOutcome: TypeAlias = "CheckedIn | LocalUse | AlreadyReturned | CheckinRefused | Unlabelled"


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
    """Not renewed; every reason. `just_renewed` is the loan where nothing speaks against it but that it was renewed
    today already: the request came twice."""

    item: ItemFacts
    refusals: tuple[Refusal, ...]
    just_renewed: LoanFacts | None = None


RenewalLine: TypeAlias = "Renewed | RenewalRefused"


@dataclass(frozen=True, slots=True)
class RenewedAll:
    """What became of each open loan of a reader."""

    member: MemberFacts
    lines: tuple[RenewalLine, ...]
