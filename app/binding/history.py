"""What was done to copies over time: the log of mends, the history of a copy, and what binding cost."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.binding import reads
from app.binding.facts import RequestFacts, request_number, stayed_behind
from app.library import HERE
from db.codes import BindingOutcome, Condition
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.collection import BindingRequest, BindingRow, Mending
from db.models.items import Item
from db.models.library import Staff
from db.reading import Reader
from db.types import Id

COLUMNS = len(reads.REQUEST_COLUMNS)
LIVE_ROW = BindingRow.deleted_at.is_(None)
PERIOD = (sa.bindparam("since", type_=sa.Date()), sa.bindparam("until", type_=sa.Date()))


@dataclass(frozen=True, slots=True)
class MendLine:
    """A mend in the log; `cost` in rials."""

    id: uuid.UUID
    day: dt.date
    item_id: uuid.UUID
    title: str
    volume_no: str | None
    accession_no: int
    barcode: str
    work: str
    cost: int | None
    condition: Condition
    by: str


MENDS = (
    sa.select(
        Mending.id, Mending.day, Mending.item_id, Title.title, Item.volume_no, Item.accession_no, Item.barcode,
        Mending.work, Mending.cost, Item.condition, Staff.name,
    )
    .join(Item, Item.id == Mending.item_id)
    .join(Title, Title.id == Item.title_id)
    .join(Staff, Staff.id == Mending.staff_id)
    .where(Mending.branch_id == HERE, Mending.deleted_at.is_(None))
)  # fmt: skip
MENDS_IN = Frozen(
    MENDS.where(Mending.day.between(*PERIOD)).order_by(Mending.day.desc(), Mending.id.desc()),
    MendLine,
)
MENDS_OF_COPY = Frozen(
    MENDS.where(Mending.item_id == sa.bindparam("item", type_=Id())).order_by(Mending.day.desc(), Mending.id.desc()),
    MendLine,
)


def mends(reader: Reader, since: dt.date, until: dt.date) -> tuple[MendLine, ...]:
    """What was mended in the library in a period, both days included, the newest first."""
    return tuple(reader.all(MENDS_IN, since=since, until=until))


@dataclass(frozen=True, slots=True)
class BoundOnce:
    """A copy's time at the bindery, or on a request; `cost` in rials."""

    request: RequestFacts
    work: str | None
    received_on: dt.date | None
    outcome: BindingOutcome | None
    cost: int | None

    @property
    def stayed(self) -> bool:
        """Whether the request left without it."""
        return stayed_behind(self.outcome, self.received_on, self.request.dispatched_on)


@dataclass(frozen=True, slots=True)
class CopyHistory:
    """Everything that was done to keep a copy whole, the newest first."""

    requests: tuple[BoundOnce, ...]
    mends: tuple[MendLine, ...]


REQUESTS_OF_COPY = Frozen(
    sa.select(*reads.REQUEST_COLUMNS, BindingRow.work, BindingRow.received_on, BindingRow.outcome, BindingRow.cost)
    .join(BindingRow, BindingRow.request_id == BindingRequest.id)
    .where(BindingRow.item_id == sa.bindparam("item", type_=Id()), LIVE_ROW, reads.LIVE)
    .order_by(BindingRequest.opened_at.desc()),
    lambda *columns: BoundOnce(RequestFacts(*columns[:COLUMNS]), *columns[COLUMNS:]),
)


def history_of(reader: Reader, item_id: uuid.UUID) -> CopyHistory:
    """The requests a copy was on and the mends it had."""
    return CopyHistory(
        tuple(reader.all(REQUESTS_OF_COPY, item=item_id)), tuple(reader.all(MENDS_OF_COPY, item=item_id))
    )


@dataclass(frozen=True, slots=True)
class Costs:
    """What binding cost in a period, rials: by request, and the mends in the library."""

    requests: tuple[tuple[str, int], ...]
    mends: int

    @property
    def total(self) -> int:
        """Everything together."""
        return sum(amount for _, amount in self.requests) + self.mends


SPENT_ON_ROWS = Frozen(
    sa.select(BindingRequest.year, BindingRequest.number, sa.func.sum(BindingRow.cost))
    .join(BindingRow, BindingRow.request_id == BindingRequest.id)
    .where(
        BindingRequest.branch_id == HERE,
        BindingRow.received_on.between(*PERIOD),
        BindingRow.cost.is_not(None),
        LIVE_ROW,
    )
    .group_by(BindingRequest.year, BindingRequest.number),
    lambda year, number, amount: (year, number, int(amount)),
)
SPENT_ON_WHOLE = Frozen(
    sa.select(BindingRequest.year, BindingRequest.number, BindingRequest.cost).where(
        BindingRequest.branch_id == HERE,
        BindingRequest.received_on.between(*PERIOD),
        BindingRequest.cost.is_not(None),
        reads.LIVE,
    ),
    lambda year, number, amount: (year, number, int(amount)),
)


def costs(reader: Reader, since: dt.date, until: dt.date) -> Costs:
    """What came back or was mended in a period, both days included, and what it cost."""
    spent: dict[tuple[int, int], int] = {}
    for statement in (SPENT_ON_ROWS, SPENT_ON_WHOLE):
        for year, number, amount in reader.all(statement, since=since, until=until):
            spent[year, number] = spent.get((year, number), 0) + amount
    mended = sum(mend.cost or 0 for mend in mends(reader, since, until))
    return Costs(tuple((request_number(*key), amount) for key, amount in sorted(spent.items())), mended)
