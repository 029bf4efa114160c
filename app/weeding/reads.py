"""Reading copies, minutes and their rows for weeding."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.library import HERE, Library
from app.persian.digits import typed
from app.weeding.facts import CopyFacts, House
from db.codes import WEEDED, Condition, HoldState, ItemStatus, MinutesState, WeedingReason
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Hold
from db.models.collection import BindingRow, Minutes, MinutesRow
from db.models.items import Item, LocalUse
from db.reading import Reader
from db.types import Id
from db.writing import Tx

OTHER = aliased(Item)
# A copy that is weeded, lost or about to go does not keep the title in the library: the last that stays is the last.
NOT_IN_THE_HOUSE = WEEDED | {ItemStatus.LOST, ItemStatus.MISSING, ItemStatus.UNKNOWN, ItemStatus.REPLACED}
GONE = sa.or_(*(OTHER.status == status for status in sorted(NOT_IN_THE_HOUSE)), OTHER.on_minutes_id.is_not(None))
SAME_TITLE = (
    OTHER.title_id == Item.title_id,
    sa.func.coalesce(OTHER.volume_no, "") == sa.func.coalesce(Item.volume_no, ""),
    OTHER.deleted_at.is_(None),
    sa.not_(GONE),
)
REGISTERED, LENT, USED, BINDING, KEPT = 7, 18, 19, 22, 25  # places of these columns in the statement below
NOBODY: sa.ColumnElement[int] = sa.literal_column("0", sa.Integer())
# The first copy is number one; where numbers are equal, the one that was registered first (002 م4-1 تبصره).
BEFORE = sa.or_(
    OTHER.copy_no < Item.copy_no, sa.and_(OTHER.copy_no == Item.copy_no, OTHER.accession_no < Item.accession_no)
)
OLDER = sa.select(sa.func.count()).where(*SAME_TITLE, BEFORE).scalar_subquery()
OTHERS = sa.select(sa.func.count()).where(*SAME_TITLE, OTHER.id != Item.id).scalar_subquery()
LAST_IN_HALL = (
    sa.select(sa.func.max(LocalUse.day))
    .where(LocalUse.item_id == Item.id, LocalUse.deleted_at.is_(None))
    .scalar_subquery()
)
AT_BINDERY = sa.exists(
    sa.select(BindingRow.id).where(
        BindingRow.item_id == Item.id, BindingRow.received_on.is_(None), BindingRow.deleted_at.is_(None)
    )
)
KEPT_FOR_READER = sa.exists(
    sa.select(Hold.id).where(
        Hold.item_id == Item.id, sa.text(f"hold.state = '{HoldState.WAITING}'"), Hold.deleted_at.is_(None)
    )
)


def _copies(older: sa.ColumnElement[int], others: sa.ColumnElement[int]) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(
        Item.id, Item.ver, Item.title_id, Title.title, Title.main_creator, Title.year, Item.accession_no,
        Item.accession_date, Item.barcode, Item.volume_no, Item.copy_no,
        sa.func.coalesce(Item.local_class, Title.dewey), Title.material, Item.status, Item.condition, Item.flags,
        Item.on_minutes_id, Item.loan_count, Item.last_loan_on, LAST_IN_HALL, older, others, AT_BINDERY,
        Item.permit_no, Item.permit_on, KEPT_FOR_READER,
    ).join(Title, Title.id == Item.title_id)  # fmt: skip


COPY = _copies(OLDER, OTHERS)


def _copy(*columns: Any) -> CopyFacts:
    facts = list(columns)
    facts[USED] = max(day for day in (columns[USED], columns[LENT], columns[REGISTERED]) if day is not None)
    facts[BINDING], facts[KEPT] = bool(columns[BINDING]), bool(columns[KEPT])
    return CopyFacts(*facts)


OURS = (Item.branch_id == HERE, Item.deleted_at.is_(None))
COPY_BY_BARCODE = Frozen(COPY.where(Item.barcode == sa.bindparam("key"), *OURS), _copy)
COPY_BY_ACCESSION = Frozen(COPY.where(Item.accession_no == sa.bindparam("key"), *OURS), _copy)
COPY_BY_ID = Frozen(COPY.where(Item.id == sa.bindparam("key"), Item.deleted_at.is_(None)), _copy)
# Of many copies at once the others of their title are counted by whoever asks.
COPIES_ON = Frozen(
    _copies(NOBODY, NOBODY).where(Item.on_minutes_id == sa.bindparam("minutes", type_=Id()), *OURS), _copy
)
# What takes a place stands here itself (002 م4-2-ج، د).
IN_THE_HOUSE = (*OURS, *(Item.status != status for status in sorted(NOT_IN_THE_HOUSE)))
REPLACING = Frozen(
    sa.select(Title.id).where(
        Title.id == sa.bindparam("title"),
        Title.deleted_at.is_(None),
        sa.exists(sa.select(Item.id).where(Item.title_id == Title.id, *IN_THE_HOUSE)),
    ),
    lambda title_id: title_id,
)


@dataclass(frozen=True, slots=True)
class MinutesFacts:
    """Minutes without their rows."""

    id: uuid.UUID
    ver: int
    reason: WeedingReason
    state: MinutesState
    year: int | None
    number: int | None
    revision: int
    opened_at: dt.datetime
    finalised_at: dt.datetime | None
    finalised_on: dt.date | None
    document_id: uuid.UUID | None
    sheet_id: uuid.UUID | None
    guideline: int | None


@dataclass(frozen=True, slots=True)
class ListedCopy:
    """A row of minutes with what the form prints of its copy."""

    id: uuid.UUID
    ver: int
    position: int
    item_id: uuid.UUID
    title: str
    main_creator: str | None
    year: int | None
    accession_no: int
    accession_date: dt.date
    barcode: str
    volume_no: str | None
    copy_no: int
    class_no: str | None
    condition: Condition
    last_loan_on: dt.date | None
    loan_count: int
    article: str
    remark: str | None
    struck_at: dt.datetime | None
    struck_why: str | None


MINUTES_COLUMNS = (
    Minutes.id, Minutes.ver, Minutes.reason, Minutes.state, Minutes.year, Minutes.number, Minutes.revision,
    Minutes.opened_at, Minutes.finalised_at, Minutes.finalised_on, Minutes.document_id, Minutes.sheet_id,
    Minutes.guideline,
)  # fmt: skip
OUR_DRAFT = sa.select(*MINUTES_COLUMNS).where(
    Minutes.branch_id == HERE,
    Minutes.reason == sa.bindparam("reason"),
    Minutes.state == MinutesState.DRAFT,
    Minutes.deleted_at.is_(None),
)
DRAFT = Frozen(OUR_DRAFT, MinutesFacts)
# Copies are listed one after the other, and none on minutes that get their number at this moment.
DRAFT_TO_CHANGE = Frozen(OUR_DRAFT.with_for_update(), MinutesFacts)
ROWS = Frozen(
    sa.select(
        MinutesRow.id, MinutesRow.ver, MinutesRow.position, Item.id, Title.title, Title.main_creator, Title.year,
        Item.accession_no, Item.accession_date, Item.barcode, Item.volume_no, Item.copy_no,
        sa.func.coalesce(Item.local_class, Title.dewey), Item.condition, Item.last_loan_on, Item.loan_count,
        MinutesRow.article, MinutesRow.remark, MinutesRow.struck_at, MinutesRow.struck_why,
    )
    .join(Item, Item.id == MinutesRow.item_id)
    .join(Title, Title.id == Item.title_id)
    .where(
        MinutesRow.branch_id == HERE,
        MinutesRow.minutes_id == sa.bindparam("minutes"),
        MinutesRow.struck_at.is_(None),
        MinutesRow.deleted_at.is_(None),
    )
    .order_by(MinutesRow.position),
    ListedCopy,
)  # fmt: skip
LAST_POSITION = Frozen(
    sa.select(sa.func.coalesce(sa.func.max(MinutesRow.position), 0)).where(
        MinutesRow.minutes_id == sa.bindparam("minutes")
    ),
    int,
)


def house_of(library: Library) -> House:
    """What of the library matters to the rules, by the figures of its guideline in force."""
    return House.under(library.guideline, space_shortage=library.branch.space_shortage)


def find_copy(reader: Reader, key: str) -> CopyFacts | None:
    """A copy by barcode, else by accession number."""
    code = typed(key)
    copy = reader.one(COPY_BY_BARCODE, key=code)
    if copy is None and code.isascii() and code.isdigit() and len(code) <= 18:
        copy = reader.one(COPY_BY_ACCESSION, key=int(code))
    return copy


def draft_of(reader: Reader, reason: WeedingReason) -> MinutesFacts | None:
    """The open draft of a reason; there is at most one."""
    return reader.one(DRAFT, reason=reason)


def draft_to_change(tx: Tx, reason: WeedingReason) -> MinutesFacts | None:
    """The same, kept from other desks to the end of the transaction. To be read before its copies."""
    return tx.one(DRAFT_TO_CHANGE, reason=reason)


def rows_of(reader: Reader, minutes_id: uuid.UUID) -> list[ListedCopy]:
    """The rows that stand, in order."""
    return reader.all(ROWS, minutes=minutes_id)
