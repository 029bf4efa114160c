"""The packages that the exchange centres of the offices hold, expect or have handed on (نمودار ۲), as their libraries
keep them; and what the offices did with them that a library has not written down yet."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.directives.facts import Decline, Deliver, ExchangeDeed, ExchangeFacts, Receive, Release, read
from app.exchange import reads
from app.exchange.proposing import Proposal, proposal_for
from app.exchange.queries import Detail, detail_of
from app.exchange.stages import OVER, PACKAGES, Stage, Step
from app.library import BRANCH_FACTS, BranchFacts
from app.review.at_branch import BranchReader
from app.review.exchange_board import EVER_IN, LEFT_IN, directives_to
from app.review.scopes import ReviewerFacts
from app.review.standing import terms_of_offices
from db.codes import (
    DirectiveKind,
    DisposalKind,
    DisposalState,
    ExchangeLevel,
    ExchangeRequestState,
    RulingLevel,
    WeedingReason,
)
from db.models.collection import Disposal, ExchangeOffer, ExchangeRequest
from db.models.library import Branch
from db.reading import Reader

OFFICE_OF = {
    RulingLevel.COUNTY: ExchangeLevel.COUNTY,
    RulingLevel.PROVINCE: ExchangeLevel.PROVINCE,
    RulingLevel.HEAD_OFFICE: ExchangeLevel.NATIONAL,
}
"""Whose exchange centre an office keeps; the national store is the General Office's (002 م7-21)."""


class Shown(StrEnum):
    """Which packages are listed: those that wait for one's own office, those that are not over, all."""

    MINE = "mine"
    OPEN = "open"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Held:
    """A package with its counts; `received` the receipt of the centre that holds it, if it gave one."""

    id: uuid.UUID
    library: str
    county: str
    kind: DisposalKind
    reason: WeedingReason
    state: DisposalState
    level: ExchangeLevel | None
    since: dt.date
    copies: int
    left: int
    waiting: int
    aside: int
    received: str | None

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        return Stage(self.state, self.level)


@dataclass(frozen=True, slots=True)
class HeldPage:
    """Some of them, and how many there are in all."""

    packages: tuple[Held, ...]
    total: int


@dataclass(frozen=True, slots=True)
class AtOffice:
    """A package as its library keeps it, with the copies that are left and, where it is announced, who gets what."""

    branch: BranchFacts
    detail: Detail
    left: tuple[reads.PackedCopy, ...]
    proposal: Proposal | None

    @property
    def holder(self) -> ExchangeLevel | None:
        """The centre whose turn it is: worn copies at the recycler are the province's until they are paid for (002
        م10-2), what is still in the library is expected by the county."""
        package = self.detail.standing.package
        if package.state is DisposalState.PACKED:
            return ExchangeLevel.COUNTY
        return ExchangeLevel.PROVINCE if Step.PROCEEDS in self.detail.standing.steps else package.level


Subject: TypeAlias = "uuid.UUID | ExchangeLevel | None"


def subject_of(deed: ExchangeDeed) -> Subject:
    """What a deed is about: a delivery, a request, the receipt of a level; None for the whole package."""
    if isinstance(deed, Deliver | Release):
        return deed.delivery
    if isinstance(deed, Decline):
        return deed.request
    return deed.level if isinstance(deed, Receive) else None


@dataclass(frozen=True, slots=True)
class Done:
    """What an office did with a package and its library has not written down; `refused` are its words when it said
    no."""

    deed: ExchangeDeed
    day: dt.date
    by: str
    at: dt.datetime
    refused: str | None

    @property
    def is_open(self) -> bool:
        """Whether the library has not answered yet."""
        return self.refused is None


HANDOVER = aliased(Disposal)
# By the branch too: there are many packages and one index, that of numbers, which begins with it.
OF_IT = (
    HANDOVER.branch_id == Disposal.branch_id, HANDOVER.parent_id == Disposal.id, HANDOVER.deleted_at.is_(None),
)  # fmt: skip
WAITING = (
    sa.select(sa.func.count())
    .select_from(ExchangeRequest)
    .join(ExchangeOffer, ExchangeOffer.id == ExchangeRequest.offer_id)
    .where(
        ExchangeOffer.disposal_id == Disposal.id, ExchangeOffer.level == Disposal.level,
        ExchangeOffer.deleted_at.is_(None), ExchangeRequest.deleted_at.is_(None),
        ExchangeRequest.state == ExchangeRequestState.WAITING,
    )
    .scalar_subquery()
)  # fmt: skip
ASIDE = (
    sa.select(sa.func.count())
    .select_from(HANDOVER)
    .where(
        *OF_IT, HANDOVER.kind == DisposalKind.EXCHANGE, HANDOVER.state == DisposalState.PACKED,
    )
    .scalar_subquery()
)  # fmt: skip
RECEIPT = (
    sa.select(HANDOVER.receipt_no)
    .where(
        *OF_IT, HANDOVER.level == Disposal.level, HANDOVER.kind.in_(list(reads.KIND_AT.values())),
    )
    .limit(1)
    .scalar_subquery()
)  # fmt: skip
SINCE = sa.func.coalesce(Disposal.announced_on, Disposal.handed_on, Disposal.packed_on)
WHOLE = (
    Disposal.parent_id.is_(None), Disposal.deleted_at.is_(None), Disposal.kind.in_(sorted(PACKAGES)),
    Disposal.state != DisposalState.CANCELLED,
)  # fmt: skip
HELD = (
    sa.select(
        Disposal.id, Branch.name, Branch.county, Disposal.kind, Disposal.reason, Disposal.state, Disposal.level, SINCE,
        EVER_IN, LEFT_IN, WAITING, ASIDE, RECEIPT,
    )
    .join(Branch, Branch.id == Disposal.branch_id)
    .where(*WHOLE)
    .order_by(SINCE, Disposal.id)
)  # fmt: skip


def held(
    reader: Reader, own: Collection[uuid.UUID], office: ExchangeLevel | None, shown: Shown, start: int, most: int
) -> HeldPage:
    """Packages of the libraries of a scope, the oldest first."""
    wanted = [Disposal.branch_id.in_(list(own)), *_shown(office, shown)]
    total = sa.select(sa.func.count()).select_from(Disposal).where(*WHOLE, *wanted)
    rows = reader.connection.execute(HELD.where(*wanted).offset(start).limit(most))
    return HeldPage(tuple(_held(*row) for row in rows), reader.connection.execute(total).scalar_one())


def _held(*columns: Any) -> Held:
    return Held(*columns)


def _shown(office: ExchangeLevel | None, shown: Shown) -> Iterable[sa.ColumnElement[bool]]:
    if shown is Shown.ALL:
        return
    if shown is Shown.OPEN or office is None:
        yield Disposal.state.not_in(sorted(OVER))
        return
    if office is ExchangeLevel.NATIONAL:  # a package is over when it has gone there
        yield Disposal.level == office
        return
    yield Disposal.state.not_in(sorted(OVER))
    expected = DisposalState.PACKED if office is ExchangeLevel.COUNTY else DisposalState.HANDED
    yield sa.or_(Disposal.level == office, sa.and_(Disposal.level.is_(None), Disposal.state == expected))


def at_office(reader: Reader, own: Collection[uuid.UUID], package_id: uuid.UUID, day: dt.date) -> AtOffice | None:
    """A package of a library of the scope, wherever it stands."""
    query = sa.select(Disposal.branch_id).where(Disposal.id == package_id, Disposal.deleted_at.is_(None))
    branch_id = reader.connection.execute(query).scalar()
    if branch_id is None or branch_id not in own:
        return None
    here, terms = BranchReader(reader, branch_id), terms_of_offices(reader, day)
    branch, found = here.one(BRANCH_FACTS, branch=branch_id), detail_of(here, package_id, terms.exchange_months)
    if branch is None or found is None:
        return None
    proposal = proposal_for(here, found.standing.package, day, terms.new_library_months)
    return AtOffice(
        branch, found, reads.left_of(found.rows), proposal if isinstance(proposal, Proposal) else None
    )  # fmt: skip


def office_of(reviewer: ReviewerFacts) -> ExchangeLevel | None:
    """Whose exchange centre somebody keeps; None for those who only look."""
    return None if reviewer.level is None else OFFICE_OF[reviewer.level]


def done_on_the_way(reader: Reader, branch_id: uuid.UUID, package_id: uuid.UUID) -> tuple[Done, ...]:
    """The newest of each deed of the offices that the library has not written down, the oldest first: unanswered, or
    refused and not done since. `reader` is the centre's own: offices may not read what directives say."""
    query = directives_to(branch_id, DirectiveKind.EXCHANGE_STEP)
    newest: dict[tuple[type, Subject], Done | None] = {}
    for stored, at, by, done, words in reader.connection.execute(query):
        if stored.get("package") != str(package_id):
            continue
        facts = read(ExchangeFacts, stored)
        key = type(facts.deed), subject_of(facts.deed)
        newest.pop(key, None)
        newest[key] = None if done else Done(facts.deed, facts.day, by, at, None if done is None else words or "")
    return tuple(one for one in newest.values() if one is not None)
