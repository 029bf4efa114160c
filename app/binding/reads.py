"""Reading copies, requests and their rows for binding."""

import uuid
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from app.binding.facts import BindingCopy, RequestFacts, RowFacts
from app.library import HERE
from app.persian.digits import typed
from db.codes import BindingState, HoldState
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Hold
from db.models.collection import BindingRequest, BindingRow
from db.models.items import Item
from db.reading import Reader
from db.types import Id

KEPT = sa.exists(
    sa.select(Hold.id).where(
        Hold.item_id == Item.id, sa.text(f"hold.state = '{HoldState.WAITING}'"), Hold.deleted_at.is_(None)
    )
)
# A copy that has not come back; written as in the partial index.
AWAY = (BindingRow.received_on.is_(None), BindingRow.deleted_at.is_(None))
COPY = (
    sa.select(
        Item.id, Item.ver, Item.title_id, Title.title, Title.main_creator, Item.accession_no, Item.accession_date,
        Item.barcode, Item.volume_no, Item.copy_no, Item.status, Item.condition, Item.on_minutes_id, KEPT,
        BindingRequest.id, BindingRequest.state,
    )
    .join(Title, Title.id == Item.title_id)
    .outerjoin(BindingRow, sa.and_(BindingRow.item_id == Item.id, *AWAY))
    .outerjoin(BindingRequest, BindingRequest.id == BindingRow.request_id)
)  # fmt: skip
OURS = (Item.branch_id == HERE, Item.deleted_at.is_(None))


def _copy(*columns: Any) -> BindingCopy:
    facts = list(columns)
    facts[13] = bool(facts[13])
    return BindingCopy(*facts)


COPY_BY_BARCODE = Frozen(COPY.where(Item.barcode == sa.bindparam("key"), *OURS), _copy)
COPY_BY_ACCESSION = Frozen(COPY.where(Item.accession_no == sa.bindparam("key"), *OURS), _copy)
REQUEST_COLUMNS = (
    BindingRequest.id, BindingRequest.ver, BindingRequest.state, BindingRequest.year, BindingRequest.number,
    BindingRequest.opened_at, BindingRequest.requested_on, BindingRequest.dispatched_on, BindingRequest.due_on,
    BindingRequest.received_on, BindingRequest.promised_days, BindingRequest.outsourced_to, BindingRequest.cost,
    BindingRequest.letter_no, BindingRequest.letter_on, BindingRequest.remark, BindingRequest.document_id,
    BindingRequest.sheet_id,
)  # fmt: skip
LIVE = BindingRequest.deleted_at.is_(None)
OUR_DRAFT = (
    sa.select(*REQUEST_COLUMNS)
    .where(BindingRequest.branch_id == HERE, BindingRequest.state == BindingState.DRAFT, LIVE)
    .order_by(BindingRequest.opened_at, BindingRequest.id)
    .limit(1)
)
ONE_REQUEST = sa.select(*REQUEST_COLUMNS).where(BindingRequest.id == sa.bindparam("request", type_=Id()), LIVE)
# Two desks of one database meet at a request: the one that comes second waits, and sees what the first wrote.
DRAFT_TO_CHANGE = Frozen(OUR_DRAFT.with_for_update(), RequestFacts)
DRAFT = Frozen(OUR_DRAFT, RequestFacts)
REQUEST_TO_CHANGE = Frozen(ONE_REQUEST.with_for_update(), RequestFacts)
REQUEST = Frozen(ONE_REQUEST, RequestFacts)
REQUEST_BY_NUMBER = Frozen(
    sa.select(*REQUEST_COLUMNS).where(
        BindingRequest.branch_id == HERE,
        BindingRequest.year == sa.bindparam("year"),
        BindingRequest.number == sa.bindparam("number"),
        LIVE,
    ),
    RequestFacts,
)
ROW_SELECT = (
    sa.select(
        BindingRow.id, BindingRow.ver, BindingRow.request_id, BindingRow.position, Item.id, Title.title,
        Title.main_creator, Item.accession_no, Item.accession_date, Item.barcode, Item.volume_no, Item.copy_no,
        Item.status, Item.condition, Item.on_minutes_id, KEPT, BindingRow.work, BindingRow.received_on,
        BindingRow.outcome, BindingRow.cost, BindingRequest.dispatched_on,
    )
    .join(BindingRequest, BindingRequest.id == BindingRow.request_id)
    .join(Item, Item.id == BindingRow.item_id)
    .join(Title, Title.id == Item.title_id)
)  # fmt: skip


def _row(*columns: Any) -> RowFacts:
    facts = list(columns)
    facts[15] = bool(facts[15])
    return RowFacts(*facts)


ROWS = Frozen(
    ROW_SELECT.where(
        BindingRow.request_id == sa.bindparam("request", type_=Id()), BindingRow.deleted_at.is_(None)
    ).order_by(BindingRow.position, BindingRow.id),
    _row,
)
LAST_POSITION = Frozen(
    sa.select(sa.func.coalesce(sa.func.max(BindingRow.position), 0)).where(
        BindingRow.request_id == sa.bindparam("request", type_=Id()), BindingRow.deleted_at.is_(None)
    ),
    int,
)
LAST_ROW_OF_COPY = Frozen(
    ROW_SELECT.where(
        BindingRow.item_id == sa.bindparam("item", type_=Id()),
        BindingRow.deleted_at.is_(None),
        BindingRequest.dispatched_on.is_not(None),
    )
    .order_by(BindingRow.received_on.is_(None).desc(), BindingRow.received_on.desc(), BindingRow.id.desc())
    .limit(1),
    _row,
)


def find_copy(reader: Reader, key: str) -> BindingCopy | None:
    """A copy by barcode, else by accession number."""
    code = typed(key)
    copy = reader.one(COPY_BY_BARCODE, key=code)
    if copy is None and code.isascii() and code.isdigit() and len(code) <= 18:
        copy = reader.one(COPY_BY_ACCESSION, key=int(code))
    return copy


def rows_of(reader: Reader, request_id: uuid.UUID) -> list[RowFacts]:
    """The copies of a request in order, counted as the form counts them, whatever was struck between."""
    rows = reader.all(ROWS, request=request_id)
    return [replace(row, position=place) for place, row in enumerate(rows, start=1)]
