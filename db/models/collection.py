"""Weeding, binding, stocktake, exchange, and the papers they leave."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.codes import (
    BindingState,
    CandidateDecision,
    Condition,
    DisposalKind,
    DocumentKind,
    MinutesState,
    RulingLevel,
    StocktakeFinding,
    StocktakeState,
    Verdict,
    WeedingReason,
)
from db.models.base import PERSONAL, Base, Rial, Synced, index_live, unique_live
from db.types import Code, SortKey


class CandidateNote(Synced, Base):
    """What the librarian decided about a weeding candidate, with the reason (002 م5-2: no personal bias)."""

    __tablename__ = "candidate_note"
    __table_args__ = (index_live("note_of_candidate", "item_id"),)

    item_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("item.id"))
    reason: Mapped[WeedingReason] = mapped_column(Code(WeedingReason))
    decision: Mapped[CandidateDecision] = mapped_column(Code(CandidateDecision))
    remark: Mapped[str | None]
    at: Mapped[dt.datetime]
    author_id: Mapped[uuid.UUID]


class Minutes(Synced, Base):
    """Weeding minutes: one reason a document (002 م7-2). `number` is given at finalising, without gaps."""

    __tablename__ = "minutes"
    __table_args__ = (
        sa.Index("one_minutes_no", "branch_id", "year", "number", "revision", unique=True),
        unique_live("one_draft_a_reason", "branch_id", "reason", where="state = 'draft'"),
    )

    reason: Mapped[WeedingReason] = mapped_column(Code(WeedingReason))
    state: Mapped[MinutesState] = mapped_column(Code(MinutesState))
    year: Mapped[int | None]
    number: Mapped[int | None]
    revision: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[dt.datetime]
    finalised_at: Mapped[dt.datetime | None]
    finalised_on: Mapped[dt.date | None]
    sent_on: Mapped[dt.date | None]
    answer_due_on: Mapped[dt.date | None]
    letter_no: Mapped[str | None]
    letter_on: Mapped[dt.date | None]
    document_id: Mapped[uuid.UUID | None]
    sheet_id: Mapped[uuid.UUID | None]
    previous_id: Mapped[uuid.UUID | None]


class MinutesRow(Synced, Base):
    """One copy on minutes, with criterion, article and author of the proposal (002 م5-2)."""

    __tablename__ = "minutes_row"
    __table_args__ = (
        unique_live("one_row_a_copy", "branch_id", "minutes_id", "item_id", where="struck_at IS NULL"),
        index_live("minutes_of_item", "item_id"),
    )

    minutes_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("minutes.id"))
    position: Mapped[int]
    item_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("item.id"))
    criterion: Mapped[str]
    article: Mapped[str]
    unbindable: Mapped[bool] = mapped_column(default=False)
    permit_no: Mapped[str | None]
    replaced_by: Mapped[uuid.UUID | None]
    remark: Mapped[str | None]
    author_id: Mapped[uuid.UUID]
    proposed_at: Mapped[dt.datetime]
    struck_at: Mapped[dt.datetime | None]
    struck_why: Mapped[str | None]


class RulingRow(Synced, Base):
    """What a level ruled on one row of one revision. Owner: centre, or the branch from a paper letter
    (`from_paper`)."""

    __tablename__ = "ruling"

    minutes_id: Mapped[uuid.UUID] = mapped_column(index=True)
    minutes_row_id: Mapped[uuid.UUID]
    minutes_revision: Mapped[int]
    level: Mapped[RulingLevel] = mapped_column(Code(RulingLevel))
    verdict: Mapped[Verdict] = mapped_column(Code(Verdict))
    remark: Mapped[str | None]
    ruled_at: Mapped[dt.datetime]
    ruled_by: Mapped[str]
    from_paper: Mapped[bool] = mapped_column(default=False)
    letter_no: Mapped[str | None]


class Disposal(Synced, Base):
    """A package or handover of weeded copies (002 م7-16 … م7-23)."""

    __tablename__ = "disposal"

    kind: Mapped[DisposalKind] = mapped_column(Code(DisposalKind))
    reason: Mapped[WeedingReason] = mapped_column(Code(WeedingReason))
    destination_id: Mapped[uuid.UUID | None]
    announced_on: Mapped[dt.date | None]
    handed_on: Mapped[dt.date | None]
    weight_kg: Mapped[int | None]
    proceeds: Mapped[Rial | None]
    receipt_no: Mapped[str | None]
    document_id: Mapped[uuid.UUID | None]
    state: Mapped[str]


class DisposalRow(Synced, Base):
    """One copy in a package."""

    __tablename__ = "disposal_row"

    disposal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("disposal.id"), index=True)
    item_id: Mapped[uuid.UUID]
    minutes_row_id: Mapped[uuid.UUID]


class ExchangeOffer(Synced, Base):
    """Weeded copies offered to other libraries."""

    __tablename__ = "exchange_offer"

    disposal_id: Mapped[uuid.UUID] = mapped_column(index=True)
    announced_on: Mapped[dt.date]
    closes_on: Mapped[dt.date | None]
    scope: Mapped[str]


class ExchangeRequest(Synced, Base):
    """A library that asks for an offered package; the order is by kind, then time (002 م7-17)."""

    __tablename__ = "exchange_request"

    offer_id: Mapped[uuid.UUID] = mapped_column(index=True)
    library_id: Mapped[uuid.UUID]
    asked_at: Mapped[dt.datetime]
    has_space: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str]


class BindingRequest(Synced, Base):
    """A binding request (002 م13): finished within a month, status changes after two weeks."""

    __tablename__ = "binding_request"
    __table_args__ = (sa.Index("one_binding_no", "branch_id", "year", "number", unique=True),)

    state: Mapped[BindingState] = mapped_column(Code(BindingState))
    year: Mapped[int | None]
    number: Mapped[int | None]
    requested_on: Mapped[dt.date | None]
    dispatched_on: Mapped[dt.date | None]
    due_on: Mapped[dt.date | None]
    received_on: Mapped[dt.date | None]
    outsourced_to: Mapped[str | None]
    cost: Mapped[Rial | None]
    letter_no: Mapped[str | None]
    document_id: Mapped[uuid.UUID | None]


class BindingRow(Synced, Base):
    """One copy of a binding request."""

    __tablename__ = "binding_row"
    __table_args__ = (index_live("binding_of_item", "item_id", where="received_on IS NULL"),)

    request_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("binding_request.id"), index=True)
    position: Mapped[int]
    item_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("item.id"))
    received_on: Mapped[dt.date | None]
    outcome: Mapped[str | None]
    cost: Mapped[Rial | None]


class Mending(Synced, Base):
    """A mend made in the library (صحافی پایه, 002 م13-3)."""

    __tablename__ = "mending"

    item_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("item.id"), index=True)
    day: Mapped[dt.date]
    work: Mapped[str]
    staff_id: Mapped[uuid.UUID]


class Stocktake(Synced, Base):
    """A shelf-reading session over a range of shelf keys; `expected` freezes what should stand there."""

    __tablename__ = "stocktake"

    name: Mapped[str]
    state: Mapped[StocktakeState] = mapped_column(Code(StocktakeState))
    shelf_from: Mapped[str | None] = mapped_column(SortKey())
    shelf_to: Mapped[str | None] = mapped_column(SortKey())
    section: Mapped[str | None]
    opened_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    expected: Mapped[bytes | None] = mapped_column(sa.LargeBinary())
    document_id: Mapped[uuid.UUID | None]


class StocktakeScan(Synced, Base):
    """One scan in the stacks."""

    __tablename__ = "stocktake_scan"

    stocktake_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("stocktake.id"), index=True)
    scanner: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]
    code: Mapped[str]
    item_id: Mapped[uuid.UUID | None]
    at: Mapped[dt.datetime]
    condition: Mapped[Condition | None] = mapped_column(Code(Condition))
    finding: Mapped[StocktakeFinding] = mapped_column(Code(StocktakeFinding))


class QuarterlyReport(Synced, Base):
    """A report owed on a fixed Jalali date (002 م14)."""

    __tablename__ = "quarterly_report"

    year: Mapped[int]
    quarter: Mapped[int]
    due_on: Mapped[dt.date]
    sent_on: Mapped[dt.date | None]
    figures: Mapped[dict[str, Any] | None]
    document_id: Mapped[uuid.UUID | None]


class Document(Synced, Base):
    """A frozen paper: bytes and hash as printed. Never changed (002 م7-13).

    Photographs, certificates and letters show people, so the bytes stand in the erasable part of the journal; the hash
    stands in the other.
    """

    __tablename__ = "document"
    __table_args__ = (index_live("document_of_record", "entity", "row_id"),)

    kind: Mapped[DocumentKind] = mapped_column(Code(DocumentKind))
    number: Mapped[str | None]
    media_type: Mapped[str]
    file_name: Mapped[str]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary(), info=PERSONAL)
    sha256: Mapped[str]
    pages: Mapped[int | None]
    entity: Mapped[str | None]
    row_id: Mapped[uuid.UUID | None]
    made_at: Mapped[dt.datetime]
