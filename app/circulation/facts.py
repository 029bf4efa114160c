"""What the desk knows before it decides, as frozen facts. Pure: `app.circulation.reads` fetches them."""

import datetime as dt
import uuid
from dataclasses import dataclass

from db.codes import (
    AlertWeight,
    CardState,
    Channel,
    Condition,
    HoldState,
    ItemStatus,
    LoanEnd,
    MemberState,
    RestrictionKind,
)


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A reader as the rules see them. `card_state` is None when they were found by another number than a card.

    `contact_doubtful`: a telephone or address of theirs is doubted or known to be wrong. `has_alerts` and the ids of
    guarantor and guardian say what else must be read before a loan.
    """

    id: uuid.UUID
    ver: int
    given_name: str
    family_name: str
    member_no: str
    category: str
    national_id: str | None
    birth_date: dt.date | None
    expires_on: dt.date | None
    state: MemberState
    address_unknown: bool
    age_group: str | None = None
    guarantor_id: uuid.UUID | None = None
    guardian_id: uuid.UUID | None = None
    stop_id: uuid.UUID | None = None
    contact_doubtful: bool = False
    has_alerts: bool = False
    card_state: CardState | None = None

    @property
    def name(self) -> str:
        """Given name and family name."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """A copy with its title as the rules and the screen see it. `min_age` and `age_group` are those of the title.
    `at_bindery`: it was sent there and has not been received, whatever its status says (002 م13-11)."""

    id: uuid.UUID
    ver: int
    title_id: uuid.UUID
    title: str
    main_creator: str | None
    accession_no: int
    barcode: str
    call_number: str | None
    volume_no: str | None
    item_type: str
    status: ItemStatus
    condition: Condition
    flags: list[str]
    price: int | None
    min_age: int | None
    renewable: bool
    on_minutes_id: uuid.UUID | None
    loan_count: int
    uses: int
    last_loan_on: dt.date | None
    parts: str | None = None
    age_group: str | None = None
    has_alerts: bool = False
    at_bindery: bool = False


@dataclass(frozen=True, slots=True)
class LoanFacts:
    """An open loan."""

    id: uuid.UUID
    ver: int
    item_id: uuid.UUID
    member_id: uuid.UUID
    out_at: dt.datetime
    out_on: dt.date
    due_on: dt.date
    first_due_on: dt.date
    channel: Channel
    renewals: int
    unseen_renewals: int
    renewed_on: dt.date | None
    in_at: dt.datetime | None
    effective_in_on: dt.date | None
    policy_version: int
    policy_row: str
    claimed_returned_on: dt.date | None = None
    lost_on: dt.date | None = None
    missing_parts: str | None = None
    ended_as: LoanEnd | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a reader already has. Counts are of open loans, money in rials.

    `loans`, `loans_of_type` (of one item type) and `loans_of_person` (of everybody with the same national id) left the
    house; `onsite` did not. `family_debt` is owed by those who stand for the reader and those the reader stands for.
    """

    loans: int
    onsite: int
    loans_of_type: int
    overdue: int
    debt: int
    loans_of_person: int
    family_debt: int = 0


@dataclass(frozen=True, slots=True)
class Ban:
    """A restriction in force. `loan_id`: the loan it was laid for."""

    id: uuid.UUID
    ver: int
    until: dt.date | None
    reason: str
    kind: RestrictionKind = RestrictionKind.MANUAL
    loan_id: uuid.UUID | None = None
    lifted_at: dt.datetime | None = None
    lifted_by: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """A note somebody left on a reader or a copy, to be shown at this moment. `of_item`: on the copy."""

    id: uuid.UUID
    ver: int
    of_item: bool
    weight: AlertWeight
    text: str


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """Somebody who waits for a title. `wanted_until`: the hold ends unserved after that day."""

    id: uuid.UUID
    ver: int
    title_id: uuid.UUID
    item_id: uuid.UUID | None
    only_this_item: bool
    member_id: uuid.UUID
    state: HoldState
    priority: int
    suspended_until: dt.date | None
    shelf_since: dt.date | None
    shelf_until: dt.date | None
    ended_at: dt.datetime | None
    wanted_until: dt.date | None = None
    end_reason: str | None = None
    placed_at: dt.datetime | None = None
