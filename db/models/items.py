"""Copies and the accession register."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.codes import Condition, ItemStatus, Source
from db.models.base import DERIVED, Base, DerivedKey, Rial, Synced, index_live, unique_live
from db.types import Code


class Item(Synced, Base):
    """One copy (نسخه).

    Its accession number is never given again, not even after weeding (002 م8-2): the unique index covers deleted rows
    too.
    `last_loan_on`, `loan_count` and `uses` are summaries, proven by recomputation (performance, finding 5).
    """

    __tablename__ = "item"
    __table_args__ = (
        sa.Index("one_accession_no", "branch_id", "accession_no", unique=True),
        unique_live("one_barcode", "branch_id", "barcode"),
        index_live("item_of_title", "title_id"),
        index_live("item_by_shelf_key", "branch_id", "shelf_key"),
        index_live("item_by_status", "branch_id", "status"),
        index_live("item_by_local_class", "local_class", where="local_class IS NOT NULL"),
        index_live(
            "item_by_idleness",
            "branch_id",
            sa.text("coalesce(last_loan_on, accession_date)"),
            where="status = 'available'",
        ),
    )

    title_id: Mapped[uuid.UUID]
    accession_no: Mapped[int] = mapped_column(sa.BigInteger())
    accession_date: Mapped[dt.date]
    barcode: Mapped[str]
    volume_no: Mapped[str | None]
    copy_no: Mapped[int]
    local_class: Mapped[str | None]
    call_number: Mapped[str | None]
    shelf_key: Mapped[DerivedKey]
    section: Mapped[str] = mapped_column(default="main")
    item_type: Mapped[str] = mapped_column(default="book")
    source: Mapped[Source] = mapped_column(Code(Source), default=Source.UNKNOWN)
    donor: Mapped[str | None]
    price: Mapped[Rial | None]
    condition: Mapped[Condition] = mapped_column(Code(Condition), default=Condition.GOOD)
    flags: Mapped[list[str]] = mapped_column(default=list)
    parts: Mapped[str | None]
    permit_no: Mapped[str | None]
    permit_on: Mapped[dt.date | None]
    renewable: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str | None]
    status: Mapped[ItemStatus] = mapped_column(Code(ItemStatus), default=ItemStatus.AVAILABLE)
    on_minutes_id: Mapped[uuid.UUID | None]
    replaced_by: Mapped[uuid.UUID | None]
    seen_on: Mapped[dt.date | None]
    last_loan_on: Mapped[dt.date | None] = mapped_column(info=DERIVED)
    loan_count: Mapped[int] = mapped_column(default=0, info=DERIVED)
    uses: Mapped[int] = mapped_column(default=0, info=DERIVED)


class ItemStatusChange(Synced, Base):
    """A change of status other than by lending and taking back, which the loans tell: from, to, why."""

    __tablename__ = "item_status_change"

    item_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("item.id"), index=True)
    at: Mapped[dt.datetime]
    was: Mapped[ItemStatus | None] = mapped_column(Code(ItemStatus))
    became: Mapped[ItemStatus] = mapped_column(Code(ItemStatus))
    why: Mapped[str]
    cause_id: Mapped[uuid.UUID | None]
    remark: Mapped[str | None]


class LocalUse(Synced, Base):
    """A copy found lying in the hall and scanned: use without a loan (002 م4-1-د needs it)."""

    __tablename__ = "local_use"
    __table_args__ = (index_live("local_use_of_item", "item_id", "day"),)

    item_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("item.id"))
    at: Mapped[dt.datetime]
    day: Mapped[dt.date]
