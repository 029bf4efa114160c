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
from db.codes import WEEDED, Condition, ItemStatus, MinutesState, WeedingReason
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.collection import BindingRow, Minutes, MinutesRow
from db.models.items import Item, LocalUse
from db.reading import Reader

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
REGISTERED, LENT, USED, BINDING = 7, 18, 19, 22  # places of these columns in the statement below
COPY = sa.select(
    Item.id, Item.ver, Item.title_id, Title.title, Title.main_creator, Title.year, Item.accession_no,
    Item.accession_date, Item.barcode, Item.volume_no, Item.copy_no, sa.func.coalesce(Item.local_class, Title.dewey),
    Title.material, Item.status, Item.condition, Item.flags, Item.on_minutes_id, Item.loan_count, Item.last_loan_on,
    sa.select(sa.func.max(LocalUse.day))
    .where(LocalUse.item_id == Item.id, LocalUse.deleted_at.is_(None))
    .scalar_subquery(),
    sa.select(sa.func.count()).where(*SAME_TITLE, OTHER.accession_no < Item.accession_no).scalar_subquery(),
    sa.select(sa.func.count()).where(*SAME_TITLE, OTHER.id != Item.id).scalar_subquery(),
    sa.exists(
        sa.select(BindingRow.id).where(
            BindingRow.item_id == Item.id, BindingRow.received_on.is_(None), BindingRow.deleted_at.is_(None)
        )
    ),
    Item.permit_no,
).join(Title, Title.id == Item.title_id)  # fmt: skip


def _copy(*columns: Any) -> CopyFacts:
    facts = list(columns)
    facts[USED] = max(day for day in (columns[USED], columns[LENT], columns[REGISTERED]) if day is not None)
    facts[BINDING] = bool(columns[BINDING])
    return CopyFacts(*facts)


OURS = (Item.branch_id == HERE, Item.deleted_at.is_(None))
COPY_BY_BARCODE = Frozen(COPY.where(Item.barcode == sa.bindparam("key"), *OURS), _copy)
COPY_BY_ACCESSION = Frozen(COPY.where(Item.accession_no == sa.bindparam("key"), *OURS), _copy)
COPY_BY_ID = Frozen(COPY.where(Item.id == sa.bindparam("key"), Item.deleted_at.is_(None)), _copy)


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
DRAFT = Frozen(
    sa.select(*MINUTES_COLUMNS).where(
        Minutes.branch_id == HERE,
        Minutes.reason == sa.bindparam("reason"),
        Minutes.state == MinutesState.DRAFT,
        Minutes.deleted_at.is_(None),
    ),
    MinutesFacts,
)
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


def rows_of(reader: Reader, minutes_id: uuid.UUID) -> list[ListedCopy]:
    """The rows that stand, in order."""
    return reader.all(ROWS, minutes=minutes_id)
