"""What the exchange centres announce (002 م7-16 … م7-21), as the libraries themselves keep it."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.exchange import reads
from app.exchange.rules import (
    Rank,
    in_order,
    may_be_stored_from,
    rank,
)
from app.exchange.stages import PACKAGES
from app.persian.text import compact
from app.review.at_branch import BranchReader
from app.review.scopes import ReviewerFacts
from app.review.standing import terms_of_offices
from db.codes import WEEDED, DirectiveKind, DisposalKind, DisposalState, ExchangeLevel, WeedingReason
from db.models.centre import Directive, DirectiveAnswer
from db.models.collection import Disposal, DisposalRow, ExchangeOffer, ExchangeRequest
from db.models.items import Item
from db.models.library import Branch
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class Announced:
    """A package that libraries may ask for. `left` are the copies with it that nobody was given yet, `waiting` the
    requests without an answer; `store_from` the day its six months are over (002 م7-21), which run at the province's
    centre."""

    id: uuid.UUID
    branch_id: uuid.UUID
    library: str
    province: str
    county: str
    kind: DisposalKind
    reason: WeedingReason
    level: ExchangeLevel
    announced_on: dt.date
    closes_on: dt.date | None
    copies: int
    left: int
    waiting: int
    store_from: dt.date | None

    def days_left(self, today: dt.date) -> int | None:
        """Days until what is left may go to the national store; None where none run."""
        return None if self.store_from is None else max((self.store_from - today).days, 0)


@dataclass(frozen=True, slots=True)
class Request:
    """A request in the order in which it is served: its place, its rank (002 م7-16، م7-17)."""

    place: int
    request: reads.Requested
    rank: Rank


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """A request entered here that the library has not answered; `refused` are its words when it said no."""

    library_id: uuid.UUID
    issued_at: dt.datetime
    by: str
    refused: str


@dataclass(frozen=True, slots=True)
class AnnouncedPackage:
    """A package with its titles and the requests for it."""

    announced: Announced
    copies: tuple[reads.PackedCopy, ...]
    requests: tuple[Request, ...]


def rows_in(*where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    """How many copies of a package are so."""
    return (
        sa.select(sa.func.count())
        .select_from(DisposalRow)
        .where(
            DisposalRow.branch_id == Disposal.branch_id, DisposalRow.disposal_id == Disposal.id,
            DisposalRow.deleted_at.is_(None), *where,
        )
        .scalar_subquery()
    )  # fmt: skip


# What was found in the stacks and put back on the shelf is not with its package (002 م8-4).
WITH_IT = (
    sa.select(Item.id)
    .where(Item.id == DisposalRow.item_id, Item.status.in_(list(WEEDED)))
    .correlate(DisposalRow)
    .exists()
)
EVER_IN = rows_in(sa.or_(DisposalRow.gone_to.is_not(None), WITH_IT))
LEFT_IN = rows_in(DisposalRow.gone_to.is_(None), WITH_IT)
CLOSES_ON = (
    sa.select(ExchangeOffer.closes_on)
    .where(
        ExchangeOffer.disposal_id == Disposal.id,
        ExchangeOffer.level == Disposal.level,
        ExchangeOffer.deleted_at.is_(None),
    )
    .order_by(ExchangeOffer.id.desc())
    .limit(1)
    .scalar_subquery()
)
WAITING = (
    sa.select(sa.func.count())
    .where(ExchangeRequest.offer_id == ExchangeOffer.id, ExchangeRequest.state == "waiting",
           ExchangeRequest.deleted_at.is_(None))
    .scalar_subquery()
)  # fmt: skip
BOARD = (
    sa.select(
        Disposal.id, Disposal.branch_id, Branch.name, Branch.province, Branch.county, Disposal.kind, Disposal.reason,
        Disposal.level, ExchangeOffer.announced_on, ExchangeOffer.closes_on, EVER_IN, LEFT_IN, WAITING,
        Disposal.announced_on,
    )
    .join(Branch, Branch.id == Disposal.branch_id)
    .join(ExchangeOffer, sa.and_(ExchangeOffer.disposal_id == Disposal.id, ExchangeOffer.level == Disposal.level))
    .where(
        Disposal.state == DisposalState.ANNOUNCED, Disposal.parent_id.is_(None), Disposal.deleted_at.is_(None),
        Disposal.kind.in_(sorted(PACKAGES)), ExchangeOffer.deleted_at.is_(None),
    )
    .order_by(ExchangeOffer.announced_on, Disposal.id)
)  # fmt: skip


def neighbours(reader: Reader, reviewer: ReviewerFacts) -> tuple[uuid.UUID, ...]:
    """The libraries whose announcements concern an office: its own, and those of the whole province, whose exchange
    centre announces to all counties (002 م7-20)."""
    query = sa.select(Branch.branch_id, Branch.province).where(Branch.deleted_at.is_(None), Branch.province != "")
    wanted = compact(reviewer.province or "")
    found = reader.connection.execute(query.order_by(Branch.branch_id))
    return tuple(branch for branch, province in found if reviewer.national or compact(province) == wanted)


def board(reader: Reader, own: Collection[uuid.UUID], today: dt.date) -> tuple[Announced, ...]:
    """What is announced in the libraries that the reader sees: by the county's centre in those of one's own, by the
    province's in all of them. The oldest announcement first."""
    months = terms_of_offices(reader, today).exchange_months
    found = (_announced(months, *row) for row in reader.connection.execute(BOARD))
    newest = {one.id: one for one in found}
    return tuple(one for one in newest.values() if one.level is ExchangeLevel.PROVINCE or one.branch_id in own)


def _announced(months: int, *columns: Any) -> Announced:
    *facts, announced_on = columns
    runs = facts[7] is ExchangeLevel.PROVINCE and announced_on is not None
    return Announced(*[*facts, may_be_stored_from(announced_on, months) if runs else None])


def package(
    reader: Reader, own: Collection[uuid.UUID], package_id: uuid.UUID, today: dt.date
) -> AnnouncedPackage | None:
    """An announced package with its titles, and the requests in the order in which they are served."""
    found = next((one for one in board(reader, own, today) if one.id == package_id), None)
    if found is None:
        return None
    here = BranchReader(reader, found.branch_id)
    stands = reads.package_by_id(here, package_id)
    offer = None if stands is None else reads.offer_of(here, stands)
    waiting = reads.waiting_at(reads.requests_of(here, package_id), offer)
    months = terms_of_offices(reader, today).new_library_months
    by_id = {one.id: one for one in waiting}
    order = in_order([one.wish for one in waiting], today, months)
    requests = tuple(
        Request(place, by_id[wish.id], rank(wish.library, today, months)) for place, wish in enumerate(order, 1)
    )
    return AnnouncedPackage(found, reads.left_of(reads.rows_of(here, package_id)), requests)


def directives_to(branch_id: uuid.UUID, kind: DirectiveKind) -> sa.Select[Any]:
    """What a library was told and what it answered, the oldest first: facts, when and by whom, done or not, words."""
    return (
        sa.select(
            Directive.facts, Directive.issued_at, Directive.issued_by, DirectiveAnswer.done, DirectiveAnswer.words
        )
        .outerjoin(
            DirectiveAnswer,
            sa.and_(DirectiveAnswer.directive_id == Directive.id, DirectiveAnswer.deleted_at.is_(None)),
        )
        .where(Directive.branch_id == branch_id, Directive.kind == kind, Directive.deleted_at.is_(None))
        .order_by(Directive.issued_at, Directive.id)
    )


def on_the_way(reader: Reader, branch_id: uuid.UUID, package_id: uuid.UUID) -> tuple[OnTheWay, ...]:
    """Requests entered here that the library has not written down. Offices may not read what directives say, since
    those of other kinds name readers: `reader` is the centre's own."""
    query = directives_to(branch_id, DirectiveKind.EXCHANGE_REQUEST).where(
        sa.or_(DirectiveAnswer.done.is_(None), DirectiveAnswer.done.is_(False))
    )
    return tuple(
        OnTheWay(uuid.UUID(facts["library"]), at, by, words or "" if done is False else "")
        for facts, at, by, done, words in reader.connection.execute(query)
        if facts.get("package") == str(package_id)
    )


def by_reason(announced: Collection[Announced]) -> Mapping[WeedingReason, int]:
    """Copies that are left, by reason."""
    counted = dict.fromkeys(WeedingReason, 0)
    for one in announced:
        counted[one.reason] += one.left
    return counted
