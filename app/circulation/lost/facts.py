"""What is known of a lost or damaged copy and of the money it cost, as frozen facts. Pure."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from app.circulation.facts import ItemFacts, LoanFacts, MemberFacts
from app.refusal import Refusal
from db.codes import Condition, ItemStatus


@dataclass(frozen=True, slots=True)
class CopyState:
    """The columns of a copy that losing, finding, damaging and replacing change, with its version."""

    id: uuid.UUID
    ver: int
    status: ItemStatus
    condition: Condition
    replaced_by: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Declared:
    """A copy is lost, on somebody's card, or missing from the shelf (`loan` None). Amounts in rials.

    `unpriced`: no price was known, so nothing was charged for the copy itself.
    """

    item: ItemFacts
    loan: LoanFacts | None
    member: MemberFacts | None
    days_late: int = 0
    fine: int = 0
    charged: int = 0
    fee: int = 0
    unpriced: bool = False


@dataclass(frozen=True, slots=True)
class AlreadySo:
    """The copy is in the wanted state already: the request came twice. Nothing was changed."""

    item: ItemFacts
    loan: LoanFacts | None = None
    member: MemberFacts | None = None


@dataclass(frozen=True, slots=True)
class LossRefused:
    """Not done; every reason."""

    item: ItemFacts
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Refund:
    """What the find of a lost copy gave back (rial): `cancelled` debts nobody had paid, `credit` money that is the
    reader's again and can be paid out."""

    cancelled: int = 0
    credit: int = 0
    member: MemberFacts | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A lost copy is here again. `loan` was closed by it, or had been closed when it was paid."""

    item: ItemFacts
    loan: LoanFacts | None
    refund: Refund
    days_late: int = 0
    fine: int = 0
    restricted_until: dt.date | None = None
    hold_for: MemberFacts | None = None


@dataclass(frozen=True, slots=True)
class Replaced:
    """Another copy stands in for a lost or damaged one (000 §3-1-2). `settled` rials of debt, `credit` rials that had
    been paid in money and are the reader's again."""

    item: ItemFacts
    new_item_id: uuid.UUID
    new_accession_no: int
    new_barcode: str
    loan: LoanFacts
    member: MemberFacts
    settled: int
    credit: int
    fine: int = 0


@dataclass(frozen=True, slots=True)
class Damaged:
    """Damage was noted, and charged to the reader who had the copy (rial; 0: only noted)."""

    item: ItemFacts
    condition: Condition
    member: MemberFacts | None
    loan_id: uuid.UUID | None
    charged: int = 0
    incident_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Repaired:
    """The copy is whole again."""

    item: ItemFacts
    condition: Condition


@dataclass(frozen=True, slots=True)
class Claimed:
    """The reader says it came back on `on`: nothing becomes late on it from that day. `claims` of the reader so far,
    this one with them: information for the librarian, not a limit."""

    item: ItemFacts
    loan: LoanFacts
    member: MemberFacts | None
    on: dt.date
    claims: int


@dataclass(frozen=True, slots=True)
class ClaimKept:
    """The claim did not hold: the book is with the reader, and late again from its due day on."""

    item: ItemFacts
    loan: LoanFacts
    member: MemberFacts | None


@dataclass(frozen=True, slots=True)
class Aged:
    """What the ageing of long overdue loans did: loans declared lost, rials charged, and the accession numbers of those
    without a price, which the librarian has to price."""

    loans: int = 0
    charged: int = 0
    unpriced: tuple[int, ...] = field(default=())
