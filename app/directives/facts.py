"""What a directive of each kind says: the one place where the centre and the branch agree on its fields.

They travel as plain JSON (`Directive.facts`). Fields are only ever added, with a default: a branch leaves out what it
does not know.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar

import msgspec

from db.codes import ContactKind, DirectiveKind, ExchangeLevel

F = TypeVar("F", bound=msgspec.Struct)


class RulingFacts(msgspec.Struct, frozen=True):
    """`sealed`: the text of a ruling file (`app.weeding.minutes.ruling_file.seal`) signed with the centre's key."""

    sealed: str


class ClaimFacts(msgspec.Struct, frozen=True):
    """A copy of this branch was brought back at another one (sync-protocol 11). `loan` with `ver` is the open loan as
    the centre knew it; without them the copy's open loan is meant, if it is older than `at`."""

    seen: uuid.UUID
    item: uuid.UUID
    at: dt.datetime
    day: dt.date
    branch: str
    loan: uuid.UUID | None = None
    ver: int | None = None


class Contact(msgspec.Struct, frozen=True):
    """A way to reach a reader; `kind` None is the mobile telephone."""

    value: str
    kind: ContactKind | None = None


class ContactFacts(msgspec.Struct, frozen=True):
    """What another branch knows of reaching a reader of this one."""

    member: uuid.UUID
    contacts: tuple[Contact, ...]
    branch: str


class RenewFacts(msgspec.Struct, frozen=True):
    """A reader asks to renew a loan."""

    member: uuid.UUID
    loan: uuid.UUID


class PlaceFacts(msgspec.Struct, frozen=True):
    """A reader wants to wait for a title of this branch; `until` is the last day it is wanted."""

    member: uuid.UUID
    title: uuid.UUID
    until: dt.date | None = None


class CancelFacts(msgspec.Struct, frozen=True):
    """A reader waits no longer."""

    member: uuid.UUID
    hold: uuid.UUID


class InterestsFacts(msgspec.Struct, frozen=True):
    """What a reader likes to read: takes the place of what was written."""

    member: uuid.UUID
    interests: tuple[str, ...]


class WishFacts(msgspec.Struct, frozen=True):
    """A reader wishes that a book be bought."""

    member: uuid.UUID
    wish: str


class AskFacts(msgspec.Struct, frozen=True):
    """A licensed library asks for copies of a package: barcodes or accession numbers, none for the whole."""

    package: uuid.UUID
    library: uuid.UUID
    items: tuple[str, ...] = ()
    has_space: bool = True
    asked_at: dt.datetime | None = None
    remark: str | None = None


class Receive(msgspec.Struct, frozen=True, tag="receive"):
    """The exchange centre of a level has received a package and gave this receipt (نمودار ۲-۱ و ۲-۶)."""

    level: ExchangeLevel
    receipt_no: str
    remark: str | None = None


class Announce(msgspec.Struct, frozen=True, tag="announce"):
    """A package is announced to the libraries, for requests until `closes_on`."""

    closes_on: dt.date | None = None
    letter_no: str | None = None


class Allot(msgspec.Struct, frozen=True, tag="allot"):
    """The proposal that was confirmed: copies by the request that gets them. `months`: how long a library is new."""

    given: dict[uuid.UUID, tuple[uuid.UUID, ...]]
    months: int


class Deliver(msgspec.Struct, frozen=True, tag="deliver"):
    """What was put aside was handed over to its library."""

    delivery: uuid.UUID
    receipt_no: str | None = None
    letter_no: str | None = None


class Release(msgspec.Struct, frozen=True, tag="release"):
    """What was put aside is free again: its library does not take it."""

    delivery: uuid.UUID


class Decline(msgspec.Struct, frozen=True, tag="decline"):
    """A request gets nothing."""

    request: uuid.UUID
    remark: str | None = None


class SendOn(msgspec.Struct, frozen=True, tag="send_on"):
    """What is left goes to the exchange centre of the province, which gives its receipt."""

    letter_no: str | None = None


class Store(msgspec.Struct, frozen=True, tag="store"):
    """What is left goes to the national store, by a letter to the General Office."""

    letter_no: str


class Redirect(msgspec.Struct, frozen=True, tag="redirect"):
    """Worn copies, by barcode, that the office found of use when they lay before it (002 م10-3)."""

    items: tuple[str, ...]
    remark: str | None = None


class Recycle(msgspec.Struct, frozen=True, tag="recycle"):
    """Worn copies were handed to a recycling centre."""

    centre: str
    weight_g: int
    receipt_no: str | None = None
    letter_no: str | None = None


class PayIn(msgspec.Struct, frozen=True, tag="pay_in"):
    """What recycling brought was paid to the association of the county (002 م10-2); `amount` in rials."""

    amount: int
    notice_no: str
    receipt_no: str | None = None
    paid_on: dt.date | None = None
    notice_on: dt.date | None = None


ExchangeDeed: TypeAlias = (
    Receive | Announce | Allot | Deliver | Release | Decline | SendOn | Store | Redirect | Recycle | PayIn
)


class ExchangeFacts(msgspec.Struct, frozen=True):
    """What an office did with a package of this branch that it holds, and on which day."""

    package: uuid.UUID
    day: dt.date
    deed: ExchangeDeed


class ClosedFacts(msgspec.Struct, frozen=True):
    """The library that a copy belongs to has written down the return that was seen here."""

    seen: uuid.UUID


class RecordFacts(msgspec.Struct, frozen=True):
    """What the senior cataloguer answered to a request for a record (003 م5-3): a record of the union, or none and
    why."""

    request: uuid.UUID
    record: uuid.UUID | None = None
    words: str = ""


class ReportFacts(msgspec.Struct, frozen=True):
    """What the province's expert found in the report on a quarter of a Jalali year (002 م14-3), and on which day."""

    year: int
    quarter: int
    answer: str
    day: dt.date


FACTS: Mapping[DirectiveKind, type[msgspec.Struct]] = MappingProxyType(
    {
        DirectiveKind.RULING: RulingFacts,
        DirectiveKind.CLAIM_RETURN: ClaimFacts,
        DirectiveKind.MEMBER_CONTACT: ContactFacts,
        DirectiveKind.RENEW: RenewFacts,
        DirectiveKind.PLACE_HOLD: PlaceFacts,
        DirectiveKind.CANCEL_HOLD: CancelFacts,
        DirectiveKind.INTERESTS: InterestsFacts,
        DirectiveKind.PURCHASE_WISH: WishFacts,
        DirectiveKind.EXCHANGE_REQUEST: AskFacts,
        DirectiveKind.EXCHANGE_STEP: ExchangeFacts,
        DirectiveKind.RETURN_CLOSED: ClosedFacts,
        DirectiveKind.RECORD_ANSWER: RecordFacts,
        DirectiveKind.REPORT_ANSWER: ReportFacts,
    }
)


def plain(facts: msgspec.Struct) -> dict[str, Any]:
    """Facts as they are stored and travel."""
    told: dict[str, Any] = msgspec.to_builtins(facts)
    return told


def read(kind: type[F], stored: Mapping[str, Any]) -> F:
    """Stored facts. Raises msgspec.ValidationError where they are not those of the kind."""
    return msgspec.convert(dict(stored), kind)
