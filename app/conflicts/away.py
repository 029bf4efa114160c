"""Our copies that stand at other libraries, as far as this one knows (sync-protocol 11): brought back there or sent
there and not home yet; claimed by the centre where no loan was open; in dispute, because the loan has changed since."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import msgspec
import sqlalchemy as sa

from app.circulation.elsewhere import AFAR
from app.clock import day_of
from app.conflicts.writing import id_in
from app.directives.facts import ClaimFacts, read
from app.library import HERE
from db.codes import CaseKind, CaseState, DirectiveKind, ItemStatus
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.centre import Directive, SyncCase
from db.models.circulation import Loan
from db.models.items import Item, ItemStatusChange, LocalUse
from db.reading import Reader
from db.types import Moment

SOUGHT = dt.timedelta(days=60)
"""For so long a copy that was not lent is looked for at the library that claims to have seen it."""


class AwayWhy(StrEnum):
    """Why a copy is not here."""

    BROUGHT = "brought"
    """Brought back there; its loan is closed and it is on its way home."""
    SENT = "sent"
    """Sent there from here."""
    UNDER_WAY = "under_way"
    """Under way, and nobody wrote down from where."""
    UNLENT = "unlent"
    """Seen there, though no loan was open here."""
    DISPUTED = "disputed"
    """Seen there, but its loan has changed since: somebody decides."""


@dataclass(frozen=True, slots=True)
class AwayCopy:
    """A copy of ours at another library. `library`: which, where that is known; `since`: the day it was seen or sent;
    `status` is what our own register says of it."""

    item_id: uuid.UUID
    barcode: str
    accession_no: int
    title: str
    volume_no: str | None
    status: ItemStatus
    why: AwayWhy
    library: str | None
    since: dt.date | None


@dataclass(frozen=True, slots=True)
class _Copy:
    """A copy with its newest change of status."""

    item_id: uuid.UUID
    barcode: str
    accession_no: int
    title: str
    volume_no: str | None
    status: ItemStatus
    at: dt.datetime | None = None
    why: str | None = None
    remark: str | None = None


WHY: Mapping[str | None, AwayWhy] = MappingProxyType({AFAR: AwayWhy.BROUGHT, "sent": AwayWhy.SENT})
COPY = (Item.id, Item.barcode, Item.accession_no, Title.title, Item.volume_no, Item.status)
OURS = (Item.branch_id == HERE, Item.deleted_at.is_(None))
BECAME = sa.and_(
    ItemStatusChange.item_id == Item.id,
    ItemStatusChange.became == ItemStatus.IN_TRANSIT,
    ItemStatusChange.deleted_at.is_(None),
)
IN_TRANSIT = Frozen(
    sa.select(*COPY, ItemStatusChange.at, ItemStatusChange.why, ItemStatusChange.remark)
    .join(Title, Title.id == Item.title_id)
    .outerjoin(ItemStatusChange, BECAME)
    .where(*OURS, Item.status == ItemStatus.IN_TRANSIT)
    .order_by(ItemStatusChange.at),
    _Copy,
)


def _claim(facts: Mapping[str, Any]) -> ClaimFacts | None:
    """What a claim says; one that this program cannot read has been answered so when it came."""
    try:
        return read(ClaimFacts, facts)
    except msgspec.ValidationError:
        return None


CLAIMS: Frozen[ClaimFacts | None] = Frozen(
    sa.select(Directive.facts)
    .where(
        Directive.branch_id == HERE, Directive.kind == DirectiveKind.CLAIM_RETURN, Directive.deleted_at.is_(None),
        Directive.issued_at >= sa.bindparam("since", type_=Moment()),
    )
    .order_by(Directive.issued_at),
    _claim,
)  # fmt: skip
DISPUTED = Frozen(
    sa.select(SyncCase.rows, SyncCase.stories).where(
        SyncCase.branch_id == HERE, SyncCase.kind == CaseKind.RETURNED_ELSEWHERE, SyncCase.state == CaseState.OPEN,
        SyncCase.deleted_at.is_(None),
    ),
    lambda rows, stories: (id_in(rows, Item), stories.get("seen", {})),
)  # fmt: skip


def copies_away(reader: Reader, now: dt.datetime) -> list[AwayCopy]:
    """Our copies at other libraries, the longest first; those of which nobody knows since when last."""
    found = {copy.item_id: copy for copy in _claimed(reader, now)}
    found |= {copy.item_id: copy for copy in _disputed(reader)}
    found |= {copy.item_id: copy for copy in _under_way(reader)}
    return sorted(found.values(), key=lambda copy: (copy.since or dt.date.max, copy.accession_no))


def _under_way(reader: Reader) -> Iterator[AwayCopy]:
    newest = {copy.item_id: copy for copy in reader.all(IN_TRANSIT)}
    for copy in newest.values():
        why = WHY.get(copy.why, AwayWhy.UNDER_WAY)
        library = None if why is AwayWhy.UNDER_WAY else copy.remark
        yield _away(copy, why, library, None if copy.at is None else day_of(copy.at))


def _disputed(reader: Reader) -> Iterator[AwayCopy]:
    told = {item: seen for item, seen in reader.all(DISPUTED) if item is not None}
    for copy in _copies(reader, told):
        seen = told[copy.item_id]
        day = seen.get("day")
        since = dt.date.fromisoformat(day) if day else None
        yield _away(copy, AwayWhy.DISPUTED, seen.get("library") or None, since)


def _claimed(reader: Reader, now: dt.datetime) -> Iterator[AwayCopy]:
    """What was seen there while nothing here speaks of it: the newest claim of each copy counts."""
    claims = {claim.item: claim for claim in reader.all(CLAIMS, since=now - SOUGHT) if claim is not None}
    for copy in _copies(reader, claims):
        claim = claims[copy.item_id]
        if not _heard_of_since(reader, claim):
            yield _away(copy, AwayWhy.UNLENT, claim.branch or None, claim.day)


def _heard_of_since(reader: Reader, claim: ClaimFacts) -> bool:
    """Whether anything was done here with the copy after it was seen there: it is home, or was never away."""
    traces = (
        sa.exists().where(
            Loan.item_id == claim.item, Loan.deleted_at.is_(None),
            sa.or_(Loan.out_at > claim.at, Loan.in_at > claim.at, Loan.in_at.is_(None)),
        ),
        sa.exists().where(LocalUse.item_id == claim.item, LocalUse.at > claim.at, LocalUse.deleted_at.is_(None)),
        sa.exists().where(
            ItemStatusChange.item_id == claim.item, ItemStatusChange.at > claim.at,
            ItemStatusChange.deleted_at.is_(None),
        ),
        sa.exists().where(Item.id == claim.item, Item.seen_on > claim.day),
    )  # fmt: skip
    return bool(reader.connection.execute(sa.select(sa.or_(*traces))).scalar_one())


def _copies(reader: Reader, ids: Iterable[uuid.UUID]) -> list[_Copy]:
    query = sa.select(*COPY).join(Title, Title.id == Item.title_id).where(*OURS, Item.id.in_(list(ids)))
    return [_Copy(*row) for row in reader.connection.execute(query)]


def _away(copy: _Copy, why: AwayWhy, library: str | None, since: dt.date | None) -> AwayCopy:
    return AwayCopy(
        copy.item_id, copy.barcode, copy.accession_no, copy.title, copy.volume_no, copy.status, why, library, since
    )
