"""What the pages of binding, the reminders and the reports ask."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.binding import reads
from app.binding.facts import RequestFacts, RowFacts
from app.calendar.rules import add_months
from app.clock import day_of
from app.guideline.table import Terms
from app.library import HERE
from db.codes import BindingState, Condition, ItemStatus, StocktakeState
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.collection import BindingRequest, BindingRow, Document, Stocktake
from db.models.items import Item
from db.models.sync import JournalEntry
from db.reading import Reader
from db.types import Id

RECENT = 100
LIVE_ROW = BindingRow.deleted_at.is_(None)


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request in a list: how many copies it has and how many are back; `spent` rials over all."""

    request: RequestFacts
    copies: int
    back: int
    spent: int

    @property
    def left(self) -> int:
        """Copies that are still away."""
        return self.copies - self.back

    def is_overdue(self, today: dt.date) -> bool:
        """Whether the bindery has had it for longer than the month it has (002 م13-7)."""
        request = self.request
        return request.state in UNDERWAY and request.due_on is not None and request.due_on < today


UNDERWAY = frozenset({BindingState.REQUESTED, BindingState.DISPATCHED})
COLUMNS = len(reads.REQUEST_COLUMNS)
IS_UNDERWAY = sa.or_(*(BindingRequest.state == state for state in sorted(UNDERWAY)))


def _of_request(counted: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    return sa.select(counted).where(BindingRow.request_id == BindingRequest.id, LIVE_ROW).scalar_subquery()


LINES = sa.select(
    *reads.REQUEST_COLUMNS,
    _of_request(sa.func.count()),
    _of_request(sa.func.count(BindingRow.received_on)),
    sa.func.coalesce(
        _of_request(sa.func.sum(sa.func.coalesce(BindingRow.cost, sa.literal_column("0")))), sa.literal_column("0")
    ),
).where(BindingRequest.branch_id == HERE, reads.LIVE)


def _line(*columns: Any) -> RequestLine:
    request = RequestFacts(*columns[:COLUMNS])
    copies, back, spent = (int(count) for count in columns[COLUMNS:])
    return RequestLine(request, copies, back, spent + (request.cost or 0))


UNDERWAY_LINES = Frozen(LINES.where(IS_UNDERWAY).order_by(BindingRequest.due_on, BindingRequest.id), _line)
OVERDUE_LINES = Frozen(
    LINES.where(IS_UNDERWAY, BindingRequest.due_on < sa.bindparam("day")).order_by(
        BindingRequest.due_on, BindingRequest.id
    ),
    _line,
)
NUMBERED_LINES = Frozen(
    LINES.where(BindingRequest.number.is_not(None))
    .order_by(BindingRequest.year.desc(), BindingRequest.number.desc())
    .limit(RECENT),
    _line,
)


@dataclass(frozen=True, slots=True)
class FrozenPaper:
    """A stored file of a request."""

    number: str | None
    file_name: str
    content: bytes
    sha256: str
    pages: int | None


DOCUMENT = Frozen(
    sa.select(Document.number, Document.file_name, Document.content, Document.sha256, Document.pages).where(
        Document.id == sa.bindparam("document", type_=Id())
    ),
    FrozenPaper,
)


@dataclass(frozen=True, slots=True)
class WaitingCopy:
    """A copy on its shelf that was noted as worn or damaged, and that no request names."""

    id: uuid.UUID
    title: str
    main_creator: str | None
    volume_no: str | None
    accession_no: int
    barcode: str
    call_number: str | None
    condition: Condition
    loans: int


WAITING = Frozen(
    sa.select(
        Item.id, Title.title, Title.main_creator, Item.volume_no, Item.accession_no, Item.barcode, Item.call_number,
        Item.condition, Item.loan_count,
    )
    .join(Title, Title.id == Item.title_id)
    .where(
        *reads.OURS,
        Item.status == ItemStatus.AVAILABLE,
        sa.or_(Item.condition == Condition.WORN, Item.condition == Condition.DAMAGED),
        Item.on_minutes_id.is_(None),
        ~reads.KEPT,
        ~sa.exists(sa.select(BindingRow.id).where(BindingRow.item_id == Item.id, *reads.AWAY)),
    )
    .order_by(Item.shelf_key, Item.accession_no),
    WaitingCopy,
)  # fmt: skip


def waiting(reader: Reader) -> tuple[WaitingCopy, ...]:
    """What is to be bound or mended, found at a return or in a shelf-reading, in the order of the shelf (002 م1)."""
    return tuple(reader.all(WAITING))


def underway(reader: Reader) -> tuple[RequestLine, ...]:
    """Requests that have a number and are not back, the first due first."""
    return tuple(reader.all(UNDERWAY_LINES))


def overdue(reader: Reader, today: dt.date) -> tuple[RequestLine, ...]:
    """Requests whose month has passed (002 م13-7), the latest first due first."""
    return tuple(reader.all(OVERDUE_LINES, day=today))


def numbered(reader: Reader) -> tuple[RequestLine, ...]:
    """The newest requests that have a number, whatever became of them."""
    return tuple(reader.all(NUMBERED_LINES))


def draft(reader: Reader) -> tuple[RequestFacts | None, tuple[RowFacts, ...]]:
    """The draft, None while nothing is on it, with its copies."""
    request = reader.one(reads.DRAFT)
    return request, tuple(reads.rows_of(reader, request.id)) if request else ()


def request_named(reader: Reader, number: str) -> RequestFacts | None:
    """The request with a number as it is written: «1405/3» in Latin digits."""
    year, _, sequence = number.partition("/")
    if not (year.isdecimal() and sequence.isdecimal() and len(number) < 16):
        return None
    return reader.one(reads.REQUEST_BY_NUMBER, year=int(year), number=int(sequence))


def paper_of(reader: Reader, document_id: uuid.UUID | None) -> FrozenPaper | None:
    """A frozen file as it was printed."""
    return None if document_id is None else reader.one(DOCUMENT, document=document_id)


@dataclass(frozen=True, slots=True)
class BindingClock:
    """What the calendar of duties asks. `last_on`: the last day binding was requested; `season_on` and `alarm_on`: when
    a season and half a year without a request are over, counted from then or from the first day of the program here.
    `stocktake_on`: a shelf-reading ended on that day and nothing was requested since (002 م13-4, 13-10)."""

    last_on: dt.date | None
    season_on: dt.date | None
    alarm_on: dt.date | None
    stocktake_on: dt.date | None
    overdue: tuple[RequestLine, ...]
    today: dt.date

    @property
    def season_passed(self) -> bool:
        """Whether a season has passed without a request: a reminder."""
        return self.season_on is not None and self.season_on <= self.today

    @property
    def alarm(self) -> bool:
        """Whether the half year has passed in which a request is to be made at least; its last day is in time (002
        م13-10)."""
        return self.alarm_on is not None and self.alarm_on < self.today


LAST_REQUEST = Frozen(
    sa.select(sa.func.max(BindingRequest.requested_on)).where(
        BindingRequest.branch_id == HERE, BindingRequest.state != BindingState.CANCELLED, reads.LIVE
    ),
    lambda day: day,
)
FIRST_DAY = Frozen(sa.select(sa.func.min(JournalEntry.bdate)), lambda day: day)
LAST_STOCKTAKE = Frozen(
    sa.select(sa.func.max(Stocktake.closed_at)).where(
        Stocktake.branch_id == HERE, Stocktake.state == StocktakeState.CLOSED, Stocktake.deleted_at.is_(None)
    ),
    lambda at: at,
)


def binding_clock(reader: Reader, today: dt.date, terms: Terms) -> BindingClock:
    """The clocks of binding as they stand today."""
    last_on = reader.one(LAST_REQUEST)
    since = last_on or reader.one(FIRST_DAY)
    closed_at = reader.one(LAST_STOCKTAKE)
    stocktake_on = day_of(closed_at) if closed_at else None
    return BindingClock(
        last_on=last_on,
        season_on=add_months(since, terms.season_months) if since else None,
        alarm_on=add_months(since, terms.binding_every_months) if since else None,
        stocktake_on=stocktake_on if stocktake_on and (last_on is None or last_on < stocktake_on) else None,
        overdue=overdue(reader, today),
        today=today,
    )
