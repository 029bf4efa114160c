"""Every handover of weeded copies in the libraries of a scope, gathered for the General Office of Resources (002 م7-19؛
نمودار ۲-۴، ۲-۹): to whom, by which minutes, how many copies; what was recycled and what that brought."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.persian.jalali import Quarter
from app.review.exchange_board import WITH_IT
from db.codes import BranchKind, DisposalKind, DisposalState, ExchangeLevel, WeedingReason
from db.models.collection import Disposal, DisposalRow
from db.models.library import Branch, LicensedLibrary
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class HandedOn:
    """A handover: a delivery to a library, what went to an exchange centre, the national store or recycling. `level` is
    the centre that delivered, or that received; the files are those of its frozen minutes, where it has some. What
    recycling brought has the papers of its payment beside those of the handover (002 م10-2)."""

    package_id: uuid.UUID
    library: str
    county: str
    province: str
    reason: WeedingReason
    kind: DisposalKind
    level: ExchangeLevel | None
    handed_on: dt.date
    year: int | None
    sequence: int | None
    to: str | None
    to_kind: BranchKind | None
    to_county: str | None
    to_licence: str | None
    centre: str | None
    weight_g: int | None
    proceeds: int | None
    paid_on: dt.date | None
    proceeds_receipt_no: str | None
    proceeds_notice_no: str | None
    receipt_no: str | None
    letter_no: str | None
    document_id: uuid.UUID | None
    sheet_id: uuid.UUID | None
    copies: int

    @property
    def number(self) -> str:
        """The number of its minutes; empty for a handover by letter."""
        return f"{self.year}/{self.sequence}" if self.sequence else ""


@dataclass(frozen=True, slots=True)
class Sums:
    """What handovers of one kind come to: how many, of how many copies; weight in grams, proceeds in rials."""

    handovers: int
    copies: int
    weight_g: int = 0
    proceeds: int = 0


PACKAGE = aliased(Disposal)
# A delivery took the copies that say so; whatever else went on took all that had not gone before it. What was found in
# the stacks and put back on the shelf went nowhere (002 م8-4), here as in the figures of its library.
WENT = (
    DisposalRow.branch_id == Disposal.branch_id, DisposalRow.disposal_id == Disposal.parent_id,
    DisposalRow.deleted_at.is_(None), WITH_IT,
    sa.case(
        (Disposal.kind == DisposalKind.EXCHANGE, DisposalRow.gone_to == Disposal.id),
        else_=sa.or_(DisposalRow.gone_to.is_(None), DisposalRow.gone_to > Disposal.id),
    ),
)  # fmt: skip
HAPPENED = (
    Disposal.parent_id.is_not(None), Disposal.deleted_at.is_(None), Disposal.handed_on.is_not(None),
    Disposal.state.in_([DisposalState.FINISHED, DisposalState.HANDED]),
)  # fmt: skip
HANDED = (
    sa.select(
        Disposal.parent_id, Branch.name, Branch.county, Branch.province, Disposal.reason, Disposal.kind,
        sa.func.coalesce(Disposal.level, PACKAGE.level), Disposal.handed_on, Disposal.year, Disposal.number,
        LicensedLibrary.name, LicensedLibrary.kind, LicensedLibrary.county, LicensedLibrary.licence_no,
        sa.case((Disposal.kind == DisposalKind.RECYCLING, Disposal.remark)), Disposal.weight_g, Disposal.proceeds,
        Disposal.paid_on, Disposal.proceeds_receipt_no, Disposal.proceeds_notice_no, Disposal.receipt_no,
        Disposal.letter_no, Disposal.document_id, Disposal.sheet_id,
    )
    .join(Branch, Branch.id == Disposal.branch_id)
    .join(PACKAGE, PACKAGE.id == Disposal.parent_id)
    .outerjoin(LicensedLibrary, LicensedLibrary.id == Disposal.destination_id)
    .where(*HAPPENED)
    .order_by(Branch.county, Branch.name, Disposal.handed_on, Disposal.id)
)  # fmt: skip
BY_KIND = (
    sa.select(
        Disposal.kind, sa.func.count(), sa.func.coalesce(sa.func.sum(Disposal.weight_g), 0),
        sa.func.coalesce(sa.func.sum(Disposal.proceeds), 0),
    )
    .where(*HAPPENED)
    .group_by(Disposal.kind)
)  # fmt: skip
# Of all handovers at once, and never handover by handover: a quarter of the country has 74,000.
COPIES = (
    sa.select(Disposal.id.label("handover"), sa.func.count().label("copies"))
    .select_from(Disposal)
    .join(DisposalRow, sa.and_(*WENT))
    .where(*HAPPENED)
    .group_by(Disposal.id)
)
COPIES_BY_KIND = (
    sa.select(Disposal.kind, sa.func.count())
    .select_from(Disposal)
    .join(DisposalRow, sa.and_(*WENT))
    .where(*HAPPENED)
    .group_by(Disposal.kind)
)


def handed_on(
    reader: Reader,
    scope: Collection[uuid.UUID],
    quarter: Quarter,
    kind: DisposalKind | None = None,
    start: int = 0,
    most: int | None = None,
) -> tuple[HandedOn, ...]:
    """The handovers of a quarter in the libraries of a scope, by library and day: of one kind or all, and `most` of
    them from `start` on."""
    chosen = [*_within(scope, quarter), *([] if kind is None else [Disposal.kind == kind])]
    if most is not None:
        page = HANDED.with_only_columns(Disposal.id).where(*chosen).offset(start).limit(most)
        chosen = [Disposal.id.in_(reader.connection.execute(page).scalars().all())]
    went = COPIES.where(*chosen).subquery()
    query = HANDED.add_columns(sa.func.coalesce(went.c.copies, 0)).outerjoin(went, went.c.handover == Disposal.id)
    return tuple(_handed(*row) for row in reader.connection.execute(query.where(*chosen)))


def _handed(*columns: Any) -> HandedOn:
    return HandedOn(*columns)


def by_kind(reader: Reader, scope: Collection[uuid.UUID], quarter: Quarter) -> Mapping[DisposalKind, Sums]:
    """What they come to, kind by kind; those that did not happen are left out."""
    within = _within(scope, quarter)
    copies = {row[0]: row[1] for row in reader.connection.execute(COPIES_BY_KIND.where(*within))}
    found = reader.connection.execute(BY_KIND.where(*within))
    sums = {
        kind: Sums(handovers, copies.get(kind, 0), int(weight or 0), int(proceeds or 0))
        for kind, handovers, weight, proceeds in found
    }
    return {kind: sums[kind] for kind in DisposalKind if kind in sums}


def _within(scope: Collection[uuid.UUID], quarter: Quarter) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Disposal.branch_id.in_(list(scope)), Disposal.handed_on >= quarter.start, Disposal.handed_on <= quarter.end,
    )  # fmt: skip
