"""Weeding, binding, stocktake, exchange, and the papers they leave."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.codes import (
    BindingOutcome,
    BindingState,
    CandidateDecision,
    Condition,
    DisposalKind,
    DisposalState,
    DocumentKind,
    ExchangeLevel,
    ExchangeRequestState,
    MinutesState,
    MinutesStepKind,
    RulingLevel,
    StocktakeFinding,
    StocktakeState,
    Verdict,
    WeedingReason,
)
from db.models.base import PERSONAL, Base, Rial, Synced, index_live, unique_live
from db.types import Code, SortKey


class CandidateNote(Synced, Base):
    """What the librarian decided about a weeding candidate, with the reason (002 م5-2: no personal bias).

    The newest note of a copy and reason counts, until the day `until`; without one it counts for good.
    """

    __tablename__ = "candidate_note"
    __table_args__ = (index_live("note_of_candidate", "item_id"),)

    item_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("item.id"))
    reason: Mapped[WeedingReason] = mapped_column(Code(WeedingReason))
    decision: Mapped[CandidateDecision] = mapped_column(Code(CandidateDecision))
    remark: Mapped[str | None]
    until: Mapped[dt.date | None]
    at: Mapped[dt.datetime]
    author_id: Mapped[uuid.UUID]


class Minutes(Synced, Base):
    """Weeding minutes: one reason a document (002 م7-2). `number` is given at finalising, without gaps.

    A corrected or final edition is a row of its own with the same number and the next `revision`; the one before it,
    `previous_id`, is superseded and stays as it was printed. `asked_by` is the level that asked for corrections;
    `guideline` the version of the weeding guideline it was drawn up by.
    """

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
    asked_by: Mapped[RulingLevel | None] = mapped_column(Code(RulingLevel))
    guideline: Mapped[int | None]


class MinutesStep(Synced, Base):
    """One step of minutes on their way, with the letter that carried it and the last day for the next one. Never
    changed."""

    __tablename__ = "minutes_step"

    minutes_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("minutes.id"), index=True)
    kind: Mapped[MinutesStepKind] = mapped_column(Code(MinutesStepKind))
    level: Mapped[RulingLevel | None] = mapped_column(Code(RulingLevel))
    was: Mapped[MinutesState] = mapped_column(Code(MinutesState))
    became: Mapped[MinutesState] = mapped_column(Code(MinutesState))
    day: Mapped[dt.date]
    due_on: Mapped[dt.date | None]
    letter_no: Mapped[str | None]
    letter_on: Mapped[dt.date | None]
    remark: Mapped[str | None]
    by: Mapped[str | None]
    staff_id: Mapped[uuid.UUID]
    at: Mapped[dt.datetime]


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
    permit_on: Mapped[dt.date | None]
    replaced_by: Mapped[uuid.UUID | None]
    remark: Mapped[str | None]
    author_id: Mapped[uuid.UUID]
    proposed_at: Mapped[dt.datetime]
    struck_at: Mapped[dt.datetime | None]
    struck_why: Mapped[str | None]
    executed_on: Mapped[dt.date | None]


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
    letter_on: Mapped[dt.date | None]
    document_id: Mapped[uuid.UUID | None]


class Disposal(Synced, Base):
    """A package of weeded copies of one reason, or a handover out of it (002 م7-16 … م7-23).

    `level` is the exchange centre that holds it; `parent_id` the package that a delivery was taken from; `number` that
    of its delivery or recycling minutes. `weight_g` in grams, `proceeds` in rials. `receipt_no` and the letter are
    those of the handover; the payment of what recycling brought has a receipt and a written notice of its own (م10-2).
    """

    __tablename__ = "disposal"
    __table_args__ = (sa.Index("one_disposal_no", "branch_id", "year", "number", unique=True),)

    kind: Mapped[DisposalKind] = mapped_column(Code(DisposalKind))
    reason: Mapped[WeedingReason] = mapped_column(Code(WeedingReason))
    state: Mapped[DisposalState] = mapped_column(Code(DisposalState))
    level: Mapped[ExchangeLevel | None] = mapped_column(Code(ExchangeLevel))
    year: Mapped[int | None]
    number: Mapped[int | None]
    parent_id: Mapped[uuid.UUID | None]
    destination_id: Mapped[uuid.UUID | None]
    packed_on: Mapped[dt.date]
    announced_on: Mapped[dt.date | None]
    handed_on: Mapped[dt.date | None]
    weight_g: Mapped[int | None]
    proceeds: Mapped[Rial | None]
    paid_on: Mapped[dt.date | None]
    proceeds_receipt_no: Mapped[str | None]
    proceeds_notice_no: Mapped[str | None]
    proceeds_notice_on: Mapped[dt.date | None]
    receipt_no: Mapped[str | None]
    letter_no: Mapped[str | None]
    letter_on: Mapped[dt.date | None]
    remark: Mapped[str | None]
    document_id: Mapped[uuid.UUID | None]
    sheet_id: Mapped[uuid.UUID | None]


class DisposalRow(Synced, Base):
    """One copy in a package; `gone_to` is the handover that took it out of it."""

    __tablename__ = "disposal_row"
    __table_args__ = (index_live("disposal_of_item", "item_id"),)

    disposal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("disposal.id"), index=True)
    item_id: Mapped[uuid.UUID]
    minutes_row_id: Mapped[uuid.UUID]
    gone_to: Mapped[uuid.UUID | None]


class ExchangeOffer(Synced, Base):
    """A package announced to the libraries of a county or province."""

    __tablename__ = "exchange_offer"

    disposal_id: Mapped[uuid.UUID] = mapped_column(index=True)
    level: Mapped[ExchangeLevel] = mapped_column(Code(ExchangeLevel))
    announced_on: Mapped[dt.date]
    closes_on: Mapped[dt.date | None]
    letter_no: Mapped[str | None]


class ExchangeRequest(Synced, Base):
    """A library that asks for copies of an offered package; the order is by kind, then time (002 م7-17). `items` are
    the ids it wants; none means the whole package."""

    __tablename__ = "exchange_request"

    offer_id: Mapped[uuid.UUID] = mapped_column(index=True)
    library_id: Mapped[uuid.UUID]
    asked_at: Mapped[dt.datetime]
    has_space: Mapped[bool] = mapped_column(default=True)
    items: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[ExchangeRequestState] = mapped_column(Code(ExchangeRequestState))
    remark: Mapped[str | None]


class BindingRequest(Synced, Base):
    """A binding request (002 م13): finished within a month, status changes after two weeks.

    `promised_days`: within how many days the bindery said it answers; under two weeks no status changes (002 م13-11).
    `cost` in rials.
    """

    __tablename__ = "binding_request"
    __table_args__ = (
        sa.Index("one_binding_no", "branch_id", "year", "number", unique=True),
        unique_live("one_binding_draft", "branch_id", where="state = 'draft'"),
    )

    state: Mapped[BindingState] = mapped_column(Code(BindingState))
    year: Mapped[int | None]
    number: Mapped[int | None]
    requested_on: Mapped[dt.date | None]
    dispatched_on: Mapped[dt.date | None]
    due_on: Mapped[dt.date | None]
    received_on: Mapped[dt.date | None]
    promised_days: Mapped[int | None]
    outsourced_to: Mapped[str | None]
    cost: Mapped[Rial | None]
    letter_no: Mapped[str | None]
    letter_on: Mapped[dt.date | None]
    remark: Mapped[str | None]
    opened_at: Mapped[dt.datetime]
    document_id: Mapped[uuid.UUID | None]
    sheet_id: Mapped[uuid.UUID | None]


class BindingRow(Synced, Base):
    """One copy of a binding request."""

    __tablename__ = "binding_row"
    __table_args__ = (index_live("binding_of_item", "item_id", where="received_on IS NULL"),)

    request_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("binding_request.id"), index=True)
    position: Mapped[int]
    item_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("item.id"))
    work: Mapped[str | None]
    received_on: Mapped[dt.date | None]
    outcome: Mapped[BindingOutcome | None] = mapped_column(Code(BindingOutcome))
    cost: Mapped[Rial | None]


class Mending(Synced, Base):
    """A mend made in the library (صحافی پایه, 002 م13-3)."""

    __tablename__ = "mending"

    item_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("item.id"), index=True)
    day: Mapped[dt.date]
    work: Mapped[str]
    cost: Mapped[Rial | None]
    staff_id: Mapped[uuid.UUID]


class Stocktake(Synced, Base):
    """A shelf-reading session over a range of shelf keys; `expected` freezes what should stand there, `figures` what
    came out when it was closed."""

    __tablename__ = "stocktake"

    name: Mapped[str]
    state: Mapped[StocktakeState] = mapped_column(Code(StocktakeState))
    shelf_from: Mapped[str | None] = mapped_column(SortKey())
    shelf_to: Mapped[str | None] = mapped_column(SortKey())
    section: Mapped[str | None]
    opened_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    opened_by: Mapped[uuid.UUID]
    expected: Mapped[bytes | None] = mapped_column(sa.LargeBinary())
    figures: Mapped[dict[str, Any] | None]
    remark: Mapped[str | None]
    document_id: Mapped[uuid.UUID | None]
    sheet_id: Mapped[uuid.UUID | None]


class StocktakeScan(Synced, Base):
    """One scan in the stacks."""

    __tablename__ = "stocktake_scan"
    __table_args__ = (
        index_live("stocktake_scan_in_order", "stocktake_id", "scanner", "position"),
        index_live("stocktake_scan_of_item", "item_id", "stocktake_id"),
    )

    stocktake_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("stocktake.id"))
    scanner: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]
    code: Mapped[str]
    item_id: Mapped[uuid.UUID | None]
    at: Mapped[dt.datetime]
    condition: Mapped[Condition | None] = mapped_column(Code(Condition))
    finding: Mapped[StocktakeFinding] = mapped_column(Code(StocktakeFinding))


class QuarterlyReport(Synced, Base):
    """A report owed on a fixed Jalali date (002 م14): frozen with its figures when made, then sent by letter; the
    answer of the province is due on `answer_due_on`."""

    __tablename__ = "quarterly_report"

    year: Mapped[int]
    quarter: Mapped[int]
    due_on: Mapped[dt.date]
    made_at: Mapped[dt.datetime | None]
    sent_on: Mapped[dt.date | None]
    letter_no: Mapped[str | None]
    letter_on: Mapped[dt.date | None]
    answer_due_on: Mapped[dt.date | None]
    answered_on: Mapped[dt.date | None]
    answer: Mapped[str | None]
    figures: Mapped[dict[str, Any] | None]
    document_id: Mapped[uuid.UUID | None]
    sheet_id: Mapped[uuid.UUID | None]


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
