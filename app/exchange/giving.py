"""Giving copies of an announced package to the libraries that asked for them: who gets what, put aside, delivered with
numbered minutes (002 م7-16، م7-17، م7-20، م7-24؛ نمودار ۲-۳ و ۲-۸)."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from app.actions import Action
from app.exchange import reads
from app.exchange.packing import TOLD, Letter, doubts, letter_fields, stored
from app.exchange.paper import DeliveryPaper, DeliveryPrinter, file, take_number
from app.exchange.proposing import Proposal, Share, proposal_for
from app.exchange.reads import Package, PackedCopy, Requested
from app.exchange.rules import LibraryFacts, licence_refusals
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
class Confirmed:
    """What an office saw and confirmed: the copies by the request that gets them, and for how many months after its
    founding a library was new there."""

    given: Mapping[uuid.UUID, frozenset[uuid.UUID]]
    months: int


@dataclass(frozen=True, slots=True)
class Allocated:
    """Copies were put aside: a delivery for each library that gets some, waiting to be handed over. `changed` False:
    just these stood so before."""

    deliveries: tuple[Package, ...]
    declined: tuple[Requested, ...]
    changed: bool = True


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


def allocate_copies(
    library: Library, package_id: uuid.UUID, act: Act, confirmed: Confirmed | None = None
) -> Allocated | Refused | NotFound:
    """Put aside what was proposed, and decline who gets nothing; a library whose licence is in question keeps its
    request. What an office `confirmed` must be what is proposed here still: who asked meanwhile has a turn too."""
    with library.store.write() as tx:
        proposal = _proposal(library, tx, package_id, act, confirmed)
        if isinstance(proposal, NotFound):
            return proposal
        if confirmed is not None and (before := _stands_already(tx, package_id, confirmed)) is not None:
            return Allocated(before, (), changed=False)
        if isinstance(proposal, Refused):
            return proposal
        refused = (*library.forbids(act, Action.EXCHANGE), *allocation_refusals(proposal, act.day))
        if confirmed is not None and proposal.given != confirmed.given:
            refused = (*refused, Refusal("exchange.proposal_changed", "7-17"))
        if refused:
            return Refused(refused)
        deliveries = [_put_aside(tx, proposal.package, share, act) for share in proposal.shares if share.copies]
        declined = [_decline(tx, share, act) for share in proposal.shares if not (share.copies or share.refusals)]
        tx.record(ALLOCATED, act)
        return Allocated(tuple(stored(tx, delivery_id) for delivery_id in deliveries), tuple(declined))


def _proposal(
    library: Library, tx: Tx, package_id: uuid.UUID, act: Act, confirmed: Confirmed | None
) -> Proposal | Refused | NotFound:
    package = reads.package_to_change(tx, package_id)
    if package is None:
        return NotFound(Sought.PACKAGE, str(package_id))
    months = library.guideline.terms.new_library_months if confirmed is None else confirmed.months
    return proposal_for(tx, package, act.day, months)


def _stands_already(reader: Reader, package_id: uuid.UUID, confirmed: Confirmed) -> tuple[Package, ...] | None:
    """The deliveries by which the desk gave the very same meanwhile; None where it did not."""
    rows = reads.rows_of(reader, package_id)
    asked = {one.id: one.wish.library.id for one in reads.requests_of(reader, package_id)}
    given = {
        (one.destination_id, frozenset(row.item_id for row in rows if row.gone_to == one.id)): one
        for one in reads.deliveries_of(reader, package_id)
    }
    found = [given.get((asked.get(request), items)) for request, items in confirmed.given.items()]
    stands = tuple(one for one in found if one is not None)
    return stands if stands and len(stands) == len(found) else None


def allocation_refusals(proposal: Proposal, day: dt.date) -> Iterator[Refusal]:
    """What speaks against putting aside what is proposed: nobody asks, nobody who asks has a licence, or the term for
    asking runs."""
    able = [share for share in proposal.shares if not share.refusals]
    if not proposal.shares:
        yield Refusal("exchange.no_requests", "7-17")
    elif not able:
        yield from (refusal for share in proposal.shares for refusal in share.refusals)
    closes_on = proposal.offer.closes_on
    if closes_on is not None and day <= closes_on:
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
        refused = (*library.forbids(act, Action.EXCHANGE), *delivery_refusals(delivery, destination, rows, act.day),
                   *doubts(act))  # fmt: skip
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


def delivery_refusals(
    delivery: Package, destination: LibraryFacts, rows: Sequence[PackedCopy], day: dt.date
) -> Iterator[Refusal]:
    """What speaks against handing over what was put aside: the licence has run out since (002 م7-24), a copy turned up
    on the shelf of its library (م8-4), or it was freed again."""
    if delivery.state is not DisposalState.PACKED:
        yield Refusal("exchange.delivery_released", "7-16")
    back = [row.accession_no for row in rows if not reads.is_weeded(row)]
    if back:
        yield Refusal("exchange.no_longer_weeded", "8-4", have=len(back), facts={"numbers": back[:TOLD]})
    yield from licence_refusals(destination, day)


def _finish_if_empty(tx: Tx, package: Package) -> None:
    if reads.left_of(reads.rows_of(tx, package.id)):
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
        delivery, package, _ = found
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
        request = _request_of(tx, delivery)
        tx.update(Disposal, delivery, state=DisposalState.CANCELLED)
        if request is not None:
            tx.update(ExchangeRequest, request, state=ExchangeRequestState.WITHDRAWN)
        tx.record("exchange.released", act)
        return Released(stored(tx, delivery_id), len(rows))


def _request_of(reader: Reader, delivery: Package) -> Requested | None:
    """The request that a delivery answers. A library asks once at a time, so that its requests and what it was given
    stand in one order; a request whose copies it has taken stays granted."""
    if delivery.parent_id is None:
        return None
    to = delivery.destination_id
    deliveries = [one.id for one in reads.deliveries_of(reader, delivery.parent_id) if one.destination_id == to]
    granted = [
        one
        for one in reads.requests_of(reader, delivery.parent_id)
        if one.wish.library.id == to and one.state is ExchangeRequestState.GRANTED
    ]
    place = deliveries.index(delivery.id)
    by_id = sorted(granted, key=lambda one: one.id)
    return by_id[place] if place < len(by_id) else None
