"""Who would be given what of an announced package, in the order of the guideline (002 م7-16، م7-17، م7-20، م7-24):
asked at the desk, and by the offices at the centre."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.exchange import reads
from app.exchange.reads import Offer, Package, PackedCopy, Requested
from app.exchange.rules import Rank, Wish, allocate, in_order, licence_refusals, rank
from app.exchange.stages import Step, step
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from db.act import Act
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class Share:
    """What a request would get now, at its place in the order, and what speaks against giving it anything."""

    place: int
    request: Requested
    rank: Rank
    copies: tuple[PackedCopy, ...]
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who gets what, in the order of the guideline, and what nobody asked for."""

    package: Package
    offer: Offer
    shares: tuple[Share, ...]
    left: tuple[PackedCopy, ...]

    @property
    def given(self) -> Mapping[uuid.UUID, frozenset[uuid.UUID]]:
        """The copies by the request that gets them; requests that get none are left out."""
        return {
            share.request.id: frozenset(copy.item_id for copy in share.copies) for share in self.shares if share.copies
        }


def propose(library: Library, reader: Reader, package_id: uuid.UUID, act: Act) -> Proposal | Refused | NotFound:
    """Who would get what today. Nothing is changed."""
    package = reads.package_by_id(reader, package_id)
    if package is None:
        return NotFound(Sought.PACKAGE, str(package_id))
    return proposal_for(reader, package, act.day, library.guideline.terms.new_library_months)


def proposal_for(reader: Reader, package: Package, day: dt.date, months: int) -> Proposal | Refused:
    """The same for a package that was read, at the desk or at the centre; `months`: how long a library is new."""
    moved = step(package.way, package.stage, Step.GIVE)
    offer = reads.offer_of(reader, package)
    if isinstance(moved, Refusal) or offer is None:
        return Refused((moved,) if isinstance(moved, Refusal) else ())
    waiting = reads.waiting_at(reads.requests_of(reader, package.id), offer)
    free = reads.left_of(reads.rows_of(reader, package.id))
    shares = _shares(waiting, free, day, months)
    taken = {row.item_id for share in shares for row in share.copies}
    return Proposal(package, offer, shares, tuple(row for row in free if row.item_id not in taken))


def _shares(waiting: Sequence[Requested], free: Sequence[PackedCopy], day: dt.date, months: int) -> tuple[Share, ...]:
    by_wish = {one.wish.id: one for one in waiting}
    refusals = {one.id: tuple(licence_refusals(one.wish.library, day)) for one in waiting}
    able: list[Wish] = [one.wish for one in waiting if not refusals[one.id]]
    given = allocate([row.item_id for row in free], able, day, months)
    rows = {row.item_id: row for row in free}
    return tuple(
        Share(
            place,
            by_wish[wish.id],
            rank(wish.library, day, months),
            tuple(rows[item] for item in given.get(wish.id, ())),
            refusals[wish.id],
        )
        for place, wish in enumerate(in_order([one.wish for one in waiting], day, months), 1)
    )
