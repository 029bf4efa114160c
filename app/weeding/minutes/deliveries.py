"""How copies of minutes left the library: every handover with its receipt and its papers lies with the minutes
(002 م7-15). The exchange writes these rows; here they are only read."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.library import HERE
from app.weeding.minutes.reads import MinutesOnTheWay
from db.codes import WEEDED, DisposalKind
from db.frozen import Frozen
from db.models.collection import Disposal, DisposalRow, Minutes, MinutesRow
from db.models.items import Item
from db.models.library import LicensedLibrary
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class Delivery:
    """A handover that some copies of minutes went with. `number` is that of its own paper, where it has one;
    `receiver` the library that got them, or the recycling centre."""

    id: uuid.UUID
    kind: DisposalKind
    day: dt.date
    year: int | None
    number: int | None
    receipt_no: str | None
    receiver: str | None
    document_id: uuid.UUID | None
    sheet_id: uuid.UUID | None
    copies: int

    @property
    def number_text(self) -> str:
        """«1405/3», or "" where there is no paper."""
        return f"{self.year}/{self.number}" if self.number else ""


# A delivery took its rows out of the package; any other handover moved those that were still in it. Ids rise with time.
WENT_WITH = sa.or_(
    DisposalRow.gone_to == Disposal.id,
    sa.and_(
        Disposal.kind != DisposalKind.EXCHANGE,
        DisposalRow.disposal_id == Disposal.parent_id,
        sa.or_(DisposalRow.gone_to.is_(None), DisposalRow.gone_to > Disposal.id),
    ),
)
# What was found in the stacks and put back on the shelf went nowhere (002 م8-4).
STILL_WEEDED = sa.or_(*(Item.status == status for status in sorted(WEEDED)))
RECEIVER = sa.case((Disposal.kind == DisposalKind.RECYCLING, Disposal.remark), else_=LicensedLibrary.name)
OF_MINUTES = Frozen(
    sa.select(
        Disposal.id, Disposal.kind, Disposal.handed_on, Disposal.year, Disposal.number, Disposal.receipt_no,
        RECEIVER, Disposal.document_id, Disposal.sheet_id, sa.func.count(DisposalRow.id),
    )
    .select_from(Minutes)
    .join(MinutesRow, MinutesRow.minutes_id == Minutes.id)
    .join(DisposalRow, DisposalRow.minutes_row_id == MinutesRow.id)
    .join(Item, Item.id == DisposalRow.item_id)
    .join(Disposal, WENT_WITH)
    .outerjoin(LicensedLibrary, LicensedLibrary.id == Disposal.destination_id)
    .where(
        Minutes.branch_id == HERE,
        Minutes.year == sa.bindparam("year", type_=sa.Integer()),
        Minutes.number == sa.bindparam("number", type_=sa.Integer()),
        DisposalRow.deleted_at.is_(None),
        STILL_WEEDED,
        Disposal.deleted_at.is_(None),
        Disposal.handed_on.is_not(None),
        Disposal.parent_id.is_not(None),
    )
    .group_by(
        Disposal.id, Disposal.kind, Disposal.handed_on, Disposal.year, Disposal.number, Disposal.receipt_no,
        LicensedLibrary.name, Disposal.remark, Disposal.document_id, Disposal.sheet_id,
    )
    .order_by(Disposal.id),
    Delivery,
)  # fmt: skip


def deliveries_of(reader: Reader, minutes: MinutesOnTheWay) -> tuple[Delivery, ...]:
    """Every handover of copies of these minutes, the oldest first, whichever revision they stood on."""
    return tuple(reader.all(OF_MINUTES, year=minutes.year, number=minutes.number))
