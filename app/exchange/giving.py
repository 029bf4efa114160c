"""Giving copies of an announced package to the libraries that asked for them: who gets what, put aside, delivered with
numbered minutes (002 م7-16، م7-17، م7-20، م7-24؛ نمودار ۲-۳ و ۲-۸)."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from app.actions import Action
from app.exchange import reads
from app.exchange.packing import Letter, letter_fields, stored
from app.exchange.paper import DeliveryPaper, DeliveryPrinter, file, take_number
from app.exchange.reads import Offer, Package, PackedCopy, Requested
from app.exchange.rules import LibraryFacts, Rank, Wish, allocate, in_order, licence_refusals, rank
from app.exchange.stages import Step, step
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from app.staff.offices import officers_on
from db.act import Act
from db.codes import DisposalKind, DisposalState, DocumentKind, ExchangeRequestState
from db.models.collection import Disposal, DisposalRow, ExchangeRequest
from db.reading import Reader
from db.writing import Tx

ALLOCATED = "exchange.allocated"
NOTHING_LEFT = "نسخه‌های خواسته‌شده به درخواست‌های پیش از این رسید."
NO_SPACE = "فضای لازم را ندارد (م ۷-۱۷)."


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


@dataclass(frozen=True, slots=True)
class Allocated:
    """Copies were put aside: a delivery for each library that gets some, waiting to be handed over."""

    deliveries: tuple[Package, ...]
    declined: tuple[Requested, ...]


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery with its minutes, frozen. `changed` False: it had been delivered before."""

    delivery: Package
    number: str
    copies: int
    pages: int
    changed: bool = True


@dataclass(frozen=True, slots=True)
class Released:
    """A delivery that did not take place: its copies are free again."""

    delivery: Package
    copies: int
    changed: bool = True


def propose(library: Library, reader: Reader, package_id: uuid.UUID, act: Act) -> Proposal | Refused | NotFound:
    """Who would get what today. Nothing is changed."""
    package = reads.package_by_id(reader, package_id)
    if package is None:
        return NotFound(Sought.PACKAGE, str(package_id))
    moved = step(package.way, package.stage, Step.GIVE)
    offer = reads.offer_of(reader, package)
    if isinstance(moved, Refusal) or offer is None:
        return Refused((moved,) if isinstance(moved, Refusal) else ())
    waiting = reads.waiting_at(reads.requests_of(reader, package_id), offer)
    free = tuple(row for row in reads.rows_of(reader, package_id) if row.gone_to is None)
    return _proposal(library, package, offer, waiting, free, act)


def _proposal(
    library: Library,
    package: Package,
    offer: Offer,
    waiting: Sequence[Requested],
    free: Sequence[PackedCopy],
    act: Act,
) -> Proposal:
    months = library.guideline.terms.new_library_months
    by_wish = {one.wish.id: one for one in waiting}
    refusals = {one.id: tuple(licence_refusals(one.wish.library, act.day)) for one in waiting}
    able: list[Wish] = [one.wish for one in waiting if not refusals[one.id]]
    given = allocate([row.item_id for row in free], able, act.day, months)
    rows = {row.item_id: row for row in free}
    order = in_order([one.wish for one in waiting], act.day, months)
    shares = tuple(
        Share(
            place,
            by_wish[wish.id],
            rank(wish.library, act.day, months),
            tuple(rows[item] for item in given.get(wish.id, ())),
            refusals[wish.id],
        )
        for place, wish in enumerate(order, 1)
    )
    taken = {row.item_id for share in shares for row in share.copies}
    return Proposal(package, offer, shares, tuple(row for row in free if row.item_id not in taken))


def allocate_copies(library: Library, package_id: uuid.UUID, act: Act) -> Allocated | Refused | NotFound:
    """Put aside what was proposed, and decline who gets nothing; a library whose licence is in question keeps its
    request."""
    with library.store.write() as tx:
        proposal = propose(library, tx, package_id, act)
        if not isinstance(proposal, Proposal):
            return proposal
        refused = (*library.forbids(act, Action.EXCHANGE), *_allocation_problems(proposal, act))
        if refused:
            return Refused(refused)
        deliveries = [_put_aside(tx, proposal.package, share, act) for share in proposal.shares if share.copies]
        declined = [_decline(tx, share, act) for share in proposal.shares if not (share.copies or share.refusals)]
        tx.record(ALLOCATED, act)
        return Allocated(tuple(stored(tx, delivery_id) for delivery_id in deliveries), tuple(declined))


def _allocation_problems(proposal: Proposal, act: Act) -> Iterator[Refusal]:
    able = [share for share in proposal.shares if not share.refusals]
    if not proposal.shares:
        yield Refusal("exchange.no_requests", "7-17")
    elif not able:
        yield from (refusal for share in proposal.shares for refusal in share.refusals)
    closes_on = proposal.offer.closes_on
    if closes_on is not None and act.day <= closes_on:
        yield Refusal("exchange.offer_open", "7-17", facts={"day": closes_on})


def _put_aside(tx: Tx, package: Package, share: Share, act: Act) -> uuid.UUID:
    tx.make_room(ALLOCATED, act, 2)
    delivery_id = tx.insert(
        Disposal, kind=DisposalKind.EXCHANGE, reason=package.reason, state=DisposalState.PACKED, level=package.level,
        parent_id=package.id, destination_id=share.request.wish.library.id, packed_on=act.day,
    )  # fmt: skip
    tx.update(ExchangeRequest, share.request, state=ExchangeRequestState.GRANTED)
    for row in share.copies:
        tx.make_room(ALLOCATED, act, 1)
        tx.update(DisposalRow, row, gone_to=delivery_id)
    return delivery_id


def _decline(tx: Tx, share: Share, act: Act) -> Requested:
    request = share.request
    remark = request.remark or (NOTHING_LEFT if request.has_space else NO_SPACE)
    tx.make_room(ALLOCATED, act, 1)
    tx.update(ExchangeRequest, request, state=ExchangeRequestState.DECLINED, remark=remark)
    return replace(request, state=ExchangeRequestState.DECLINED, remark=remark)


DeliveryOutcome: TypeAlias = "Delivered | Refused | NotFound"


def deliver(
    library: Library, delivery_id: uuid.UUID, letter: Letter, printer: DeliveryPrinter, act: Act
) -> DeliveryOutcome:
    """Hand over what was put aside: number, minutes as PDF and Excel, all of it or nothing. The last copy that goes
    finishes the package."""
    with library.store.write() as tx:
        found = _delivery(tx, delivery_id)
        if found is None:
            return NotFound(Sought.PACKAGE, str(delivery_id))
        delivery, package, destination = found
        rows = tuple(row for row in reads.rows_of(tx, package.id) if row.gone_to == delivery_id)
        if delivery.state is DisposalState.FINISHED and delivery.year and delivery.number:
            return Delivered(delivery, f"{delivery.year}/{delivery.number}", len(rows), 0, changed=False)
        refused = tuple(_delivery_problems(library, delivery, destination, act))
        if refused or delivery.level is None:
            return Refused(refused)
        year, sequence, number = take_number(tx, act.day)
        kept = letter_fields(letter)
        officers = officers_on(tx, act.day)
        paper = DeliveryPaper(
            library.branch, delivery.level, delivery.reason, number, act.day, destination, letter.receipt_no,
            letter.letter_no, rows, officers,
        )  # fmt: skip
        printed = printer(paper)
        files = file(tx, DocumentKind.DELIVERY, number, printed, delivery_id, act)
        tx.update(
            Disposal, delivery, state=DisposalState.FINISHED, year=year, number=sequence, handed_on=act.day,
            document_id=files.pdf, sheet_id=files.xlsx, **kept,
        )  # fmt: skip
        _finish_if_empty(tx, package)
        tx.record("exchange.delivered", act)
        return Delivered(stored(tx, delivery_id), number, len(rows), printed.pages)


def _delivery(reader: Reader, delivery_id: uuid.UUID) -> tuple[Package, Package, LibraryFacts] | None:
    delivery = reader.one(reads.BY_ID, package=delivery_id)
    if delivery is None or delivery.kind is not DisposalKind.EXCHANGE or delivery.parent_id is None:
        return None
    package = reader.one(reads.BY_ID, package=delivery.parent_id)
    destination = reader.one(reads.LIBRARY, library=delivery.destination_id)
    return None if package is None or destination is None else (delivery, package, destination)


def _delivery_problems(library: Library, delivery: Package, destination: LibraryFacts, act: Act) -> Iterator[Refusal]:
    yield from library.forbids(act, Action.EXCHANGE)
    if act.stamp.doubtful:
        yield Refusal("clock.doubtful", facts={"today": act.day})
    if delivery.state is not DisposalState.PACKED:
        yield Refusal("exchange.delivery_released", "7-16")
    yield from licence_refusals(destination, act.day)


def _finish_if_empty(tx: Tx, package: Package) -> None:
    if any(row.gone_to is None for row in reads.rows_of(tx, package.id)):
        return
    if any(one.state is DisposalState.PACKED for one in reads.deliveries_of(tx, package.id)):
        return
    moved = step(package.way, package.stage, Step.FINISH)
    if not isinstance(moved, Refusal):
        tx.update(Disposal, package, state=moved.becomes.state)


def release(library: Library, delivery_id: uuid.UUID, act: Act) -> Released | Refused | NotFound:
    """The library did not take what was put aside for it: the copies are free for others, its request has ended."""
    with library.store.write() as tx:
        found = _delivery(tx, delivery_id)
        if found is None:
            return NotFound(Sought.PACKAGE, str(delivery_id))
        delivery, package, destination = found
        if delivery.state is DisposalState.CANCELLED:
            return Released(delivery, 0, changed=False)
        refused = [*library.forbids(act, Action.EXCHANGE)]
        if delivery.state is DisposalState.FINISHED:
            refused.append(Refusal("exchange.delivered", "7-15"))
        if refused:
            return Refused(tuple(refused))
        rows = [row for row in reads.rows_of(tx, package.id) if row.gone_to == delivery_id]
        for row in rows:
            tx.make_room("exchange.released", act, 3)
            tx.update(DisposalRow, row, gone_to=None)
        tx.update(Disposal, delivery, state=DisposalState.CANCELLED)
        for one in reads.requests_of(tx, package.id):
            if one.state is ExchangeRequestState.GRANTED and one.wish.library.id == destination.id:
                tx.update(ExchangeRequest, one, state=ExchangeRequestState.WITHDRAWN)
        tx.record("exchange.released", act)
        return Released(stored(tx, delivery_id), len(rows))
