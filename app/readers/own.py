"""What a reader sees of themself: who they are to their library, what they have in hand and wait for, what they owe.

Read as the reader (`db.isolation.DbRole.MEMBER`) over the one library, and by the reader's own id: never the national
id, never another reader.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from app.circulation.holds.rules import positions
from app.circulation.reads import OPEN, QUEUE, WAITING_HOLDS
from app.ledger.lines import Ledger
from app.ledger.reads import ledger_of
from db.codes import Channel, HoldState, MemberState
from db.frozen import Frozen
from db.models.catalogue import PurchaseRequest, Title
from db.models.circulation import Hold, Loan
from db.models.items import Item
from db.models.library import Branch
from db.models.members import Member, Restriction
from db.reading import Reader
from db.types import Id


@dataclass(frozen=True, slots=True)
class Own:
    """The reader as their library has them."""

    id: uuid.UUID
    branch_id: uuid.UUID
    library: str
    phone: str | None
    given_name: str
    family_name: str
    member_no: str
    expires_on: dt.date | None
    interests: tuple[str, ...]
    keep_history: bool

    @property
    def name(self) -> str:
        """Given name first."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class OwnLoan:
    """A copy in the reader's hands. A lost one, and one said to be back, becomes no later."""

    id: uuid.UUID
    title: str
    main_creator: str | None
    volume_no: str | None
    out_on: dt.date
    due_on: dt.date
    renewals: int
    channel: Channel
    lost_on: dt.date | None
    claimed_on: dt.date | None

    def days_late(self, today: dt.date) -> int:
        """Days since the due date; 0 where it is not late."""
        ends = (day for day in (today, self.lost_on, self.claimed_on) if day is not None)
        return max((min(ends) - self.due_on).days, 0)


@dataclass(frozen=True, slots=True)
class OwnHoldRow:
    """A title the reader waits for. `position` in a line of `waiting`; `shelf_until`: until when a copy is kept."""

    id: uuid.UUID
    title_id: uuid.UUID
    title: str
    main_creator: str | None
    state: HoldState
    placed_at: dt.datetime
    wanted_until: dt.date | None
    suspended_until: dt.date | None
    shelf_until: dt.date | None
    position: int | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class OwnMoney:
    """What the reader owes (rial), and the lines it comes from; titles of the loans they are about."""

    ledger: Ledger
    titles: Mapping[uuid.UUID, str]


@dataclass(frozen=True, slots=True)
class OwnWish:
    """A book the reader wished for, and what the library answered."""

    wish: str
    asked_on: dt.date
    state: str
    answer: str | None


ME = sa.bindparam("member", type_=Id())


def _own(*columns: Any) -> Own:
    found = Own(*columns)
    return replace(found, interests=tuple(found.interests or ()))


OWN = Frozen(
    sa.select(
        Member.id, Member.branch_id, Branch.name, Branch.phone, Member.given_name, Member.family_name,
        Member.member_no, Member.expires_on, Member.interests, Member.keep_history,
    )
    .join(Branch, Branch.id == Member.branch_id)
    .where(Member.id == ME, Member.deleted_at.is_(None), Member.state != MemberState.MERGED),
    _own,
)  # fmt: skip
LOANS = Frozen(
    sa.select(
        Loan.id, Title.title, Title.main_creator, Item.volume_no, Loan.out_on, Loan.due_on, Loan.renewals,
        Loan.channel, Loan.lost_on, Loan.claimed_returned_on,
    )
    .join(Item, Item.id == Loan.item_id)
    .join(Title, Title.id == Item.title_id)
    .where(Loan.member_id == ME, *OPEN)
    .order_by(Loan.due_on, Loan.id),
    OwnLoan,
)  # fmt: skip
HOLDS = Frozen(
    sa.select(
        Hold.id, Hold.title_id, Title.title, Title.main_creator, Hold.state, Hold.placed_at, Hold.wanted_until,
        Hold.suspended_until, Hold.shelf_until,
    )
    .join(Title, Title.id == Hold.title_id)
    .where(Hold.member_id == ME, WAITING_HOLDS, Hold.deleted_at.is_(None))
    .order_by(Hold.id),
    OwnHoldRow,
)  # fmt: skip
WISHES = Frozen(
    sa.select(PurchaseRequest.wish, PurchaseRequest.asked_on, PurchaseRequest.state, PurchaseRequest.answer)
    .where(PurchaseRequest.member_id == ME, PurchaseRequest.deleted_at.is_(None))
    .order_by(PurchaseRequest.asked_on.desc(), PurchaseRequest.id.desc())
    .limit(100),
    OwnWish,
)
BANS = Frozen(
    sa.select(Restriction.until).where(
        Restriction.member_id == ME,
        Restriction.lifted_at.is_(None),
        Restriction.deleted_at.is_(None),
        sa.or_(Restriction.until.is_(None), Restriction.until >= sa.bindparam("today", type_=sa.Date())),
    ),
    lambda until: (until,),
)
TITLES_OF_LOANS = (
    sa.select(Loan.id, Title.title)
    .join(Item, Item.id == Loan.item_id)
    .join(Title, Title.id == Item.title_id)
    .where(Loan.member_id == ME)
)


def own(reader: Reader, member_id: uuid.UUID) -> Own | None:
    """The reader; None for one who is no member any more."""
    return reader.one(OWN, member=member_id)


def own_loans(reader: Reader, member_id: uuid.UUID) -> list[OwnLoan]:
    """What the reader has in hand, the first due first."""
    return reader.all(LOANS, member=member_id)


def own_holds(reader: Reader, member_id: uuid.UUID) -> list[OwnHoldRow]:
    """What the reader waits for: what is ready first, then what is in line."""
    found = []
    for row in reader.all(HOLDS, member=member_id):
        line = positions(reader.all(QUEUE, title=row.title_id))
        found.append(replace(row, position=line.get(row.id), waiting=len(line)))
    return sorted(found, key=lambda row: (row.state is not HoldState.WAITING, row.placed_at))


def own_money(reader: Reader, member_id: uuid.UUID) -> OwnMoney:
    """The reader's account, line by line."""
    titles = reader.connection.execute(TITLES_OF_LOANS, {"member": member_id})
    return OwnMoney(ledger_of(reader, member_id), {row.id: row.title for row in titles})


def own_wishes(reader: Reader, member_id: uuid.UUID) -> list[OwnWish]:
    """What the reader asked the library to buy, the latest first."""
    return reader.all(WISHES, member=member_id)


def banned_until(reader: Reader, member_id: uuid.UUID, today: dt.date) -> tuple[dt.date | None, ...]:
    """The last days of bans in force; None in it: until somebody lifts it."""
    return tuple(until for (until,) in reader.all(BANS, member=member_id, today=today))
