"""What nobody wanted goes on: to the province, to the national store, worn copies to recycling
(002 م7-18، م7-21، م7-23، م10-2)."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from app.actions import Action
from app.exchange import reads
from app.exchange.packing import (
    LONGEST_REMARK,
    NO_LETTER,
    Letter,
    PackageOutcome,
    Stands,
    doubts,
    hand_over,
    letter_fields,
    short_text,
    stored,
)
from app.exchange.paper import RecyclingPaper, RecyclingPrinter, file, take_number
from app.exchange.reads import Package
from app.exchange.rules import store_refusals
from app.exchange.stages import Step, Transition, Way, step
from app.exchange.weights import weight_refusals
from app.form import invalid, required
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from app.staff.offices import officers_on
from db.act import Act
from db.codes import DisposalKind, DisposalState, DocumentKind, ExchangeLevel
from db.models.collection import Disposal
from db.reading import Reader
from db.types import new_id
from db.writing import Tx

MOST_PROCEEDS = 10**12


@dataclass(frozen=True, slots=True)
class Recycling:
    """Worn copies given to a recycling centre. `weight_g` in grams."""

    centre: str
    weight_g: int
    letter: Letter = NO_LETTER


@dataclass(frozen=True, slots=True)
class Proceeds:
    """What recycling brought for the association of the county (002 م10-2): rials, the day they were paid, the receipt
    of the payment, and the written notice. The papers of the handover stay beside them as they are."""

    amount: int
    paid_on: dt.date | None = None
    receipt_no: str | None = None
    notice_no: str | None = None
    notice_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Recycled:
    """Worn copies were handed to recycling, with frozen minutes. `changed` False: they had been before."""

    handover: Package
    number: str
    copies: int
    pages: int
    changed: bool = True


RecyclingOutcome: TypeAlias = "Recycled | Refused | NotFound"


def send_on(library: Library, package_id: uuid.UUID, letter: Letter, act: Act) -> PackageOutcome:
    """What is left goes to the exchange centre of the province (002 م7-18); worn copies go there at once (م7-23)."""
    with library.store.write() as tx:
        package = reads.package_to_change(tx, package_id)
        if package is None:
            return NotFound(Sought.PACKAGE, str(package_id))
        if package.level is ExchangeLevel.PROVINCE:
            return Stands(package, changed=False)
        moved = step(package.way, package.stage, Step.SEND_ON)
        refused = (*library.forbids(act, Action.EXCHANGE), *unserved(tx, package, act.day))
        return _leave(tx, package, moved, refused, (DisposalKind.PROVINCE_STORE, "disposal.sent_on"), letter, act)


def send_to_store(library: Library, package_id: uuid.UUID, letter: Letter, act: Act) -> PackageOutcome:
    """What nobody asked for in the months since the announcement goes to the national store, by letter (002 م7-21)."""
    with library.store.write() as tx:
        package = reads.package_to_change(tx, package_id)
        if package is None:
            return NotFound(Sought.PACKAGE, str(package_id))
        if package.level is ExchangeLevel.NATIONAL:
            return Stands(package, changed=False)
        moved = step(package.way, package.stage, Step.STORE)
        refused = [*library.forbids(act, Action.EXCHANGE), *unserved(tx, package, act.day)]
        if not isinstance(moved, Refusal):
            months = library.guideline.terms.exchange_months
            refused += storing_refusals(package, letter.letter_no, act.day, months)
        kind = (DisposalKind.NATIONAL_STORE, "disposal.stored")
        return _leave(tx, package, moved, tuple(refused), kind, letter, act)


def storing_refusals(package: Package, letter_no: str | None, day: dt.date, months: int) -> Iterator[Refusal]:
    """What speaks against the national store: its six months still run, or no letter was written (002 م7-21)."""
    yield from store_refusals(package.announced_on, day, months)
    if not short_text(letter_no):
        yield Refusal("exchange.letter_needed", "7-21")


def _leave(
    tx: Tx,
    package: Package,
    moved: Transition | Refusal,
    refused: tuple[Refusal, ...],
    kind: tuple[DisposalKind, str],
    letter: Letter,
    act: Act,
) -> PackageOutcome:
    if isinstance(moved, Refusal):
        return Refused((*refused, moved))
    if refused:
        return Refused(refused)
    where, entry = kind
    left = len(reads.left_of(reads.rows_of(tx, package.id)))
    hand_over(tx, package, where, moved.becomes, letter, act)
    tx.record(entry, act)
    return Stands(stored(tx, package.id), left)


def unserved(reader: Reader, package: Package, day: dt.date) -> Iterator[Refusal]:
    """Requests that wait are answered first, and what was put aside is delivered; the announcement runs its time."""
    offer = reads.offer_of(reader, package)
    waiting = reads.waiting_at(reads.requests_of(reader, package.id), offer)
    if waiting:
        yield Refusal("exchange.requests_wait", "7-18", have=len(waiting))
    aside = [one for one in reads.deliveries_of(reader, package.id) if one.state is DisposalState.PACKED]
    if aside:
        yield Refusal("exchange.delivery_open", "7-19", have=len(aside))
    if offer is not None and offer.closes_on is not None and day <= offer.closes_on:
        yield Refusal("exchange.offer_open", "7-18", facts={"day": offer.closes_on})


def recycle(
    library: Library, package_id: uuid.UUID, recycling: Recycling, printer: RecyclingPrinter, act: Act
) -> RecyclingOutcome:
    """Hand worn copies to a recycling centre: number, minutes as PDF and Excel, all of it or nothing (002 م7-23)."""
    with library.store.write() as tx:
        package = reads.package_to_change(tx, package_id)
        if package is None:
            return NotFound(Sought.PACKAGE, str(package_id))
        rows = reads.left_of(reads.rows_of(tx, package_id))
        done = recycled(tx, package)
        if done is not None:
            return Recycled(done, f"{done.year}/{done.number}", len(rows), 0, changed=False)
        moved = step(package.way, package.stage, Step.RECYCLE)
        refused = (
            *library.forbids(act, Action.EXCHANGE), *recycling_refusals(recycling, len(rows)), *doubts(act),
        )  # fmt: skip
        if isinstance(moved, Refusal):
            return Refused((*refused, moved))
        if refused:
            return Refused(refused)
        year, sequence, number = take_number(tx, act.day)
        officers = officers_on(tx, act.day)
        centre = short_text(recycling.centre, LONGEST_REMARK) or ""
        letter = recycling.letter
        printed = printer(
            RecyclingPaper(
                library.branch, number, act.day, centre, recycling.weight_g, letter.receipt_no, letter.letter_no,
                rows, officers,
            )
        )  # fmt: skip
        handover_id = new_id()
        files = file(tx, DocumentKind.RECYCLING, number, printed, handover_id, act)
        kept = letter_fields(letter) | {"remark": centre}
        tx.insert(
            Disposal, id=handover_id, kind=DisposalKind.RECYCLING, reason=package.reason, state=moved.becomes.state,
            parent_id=package.id, packed_on=package.packed_on, handed_on=act.day, year=year, number=sequence,
            weight_g=recycling.weight_g, document_id=files.pdf, sheet_id=files.xlsx, **kept,
        )  # fmt: skip
        tx.update(Disposal, package, state=moved.becomes.state, level=moved.becomes.level, handed_on=act.day)
        tx.record("disposal.recycled", act)
        return Recycled(stored(tx, handover_id), number, len(rows), printed.pages)


def recycled(reader: Reader, package: Package) -> Package | None:
    """The handover of a package to recycling, once it has taken place."""
    handovers = reads.handovers_of(reader, package.id)
    return next((one for one in handovers if one.kind is DisposalKind.RECYCLING), None)


def recycling_refusals(recycling: Recycling, copies: int) -> Iterator[Refusal]:
    """What speaks against handing so many worn copies to a recycling centre: no centre, no copies, no such weight."""
    yield from required(recycling_centre=recycling.centre)
    if copies:
        yield from weight_refusals(recycling.weight_g, copies)
    else:
        yield Refusal("exchange.package_empty", "7-23")


def note_proceeds(library: Library, package_id: uuid.UUID, proceeds: Proceeds, act: Act) -> PackageOutcome:
    """What recycling brought was paid to the association of the county, with written notice (002 م10-2)."""
    with library.store.write() as tx:
        package = reads.package_to_change(tx, package_id)
        if package is None:
            return NotFound(Sought.PACKAGE, str(package_id))
        handover = recycled(tx, package)
        if package.way is Way.RECYCLING and package.state is DisposalState.FINISHED:
            return Stands(package, changed=False)
        moved = step(package.way, package.stage, Step.PROCEEDS)
        refused = (*library.forbids(act, Action.EXCHANGE), *proceeds_refusals(proceeds, handover, act.day))
        if isinstance(moved, Refusal) or handover is None:
            return Refused((*refused, moved) if isinstance(moved, Refusal) else refused)
        if refused:
            return Refused(refused)
        tx.update(
            Disposal, handover, state=moved.becomes.state, proceeds=proceeds.amount,
            paid_on=proceeds.paid_on or act.day, proceeds_receipt_no=short_text(proceeds.receipt_no),
            proceeds_notice_no=short_text(proceeds.notice_no), proceeds_notice_on=proceeds.notice_on or act.day,
        )  # fmt: skip
        tx.update(Disposal, package, state=moved.becomes.state)
        tx.record("disposal.paid", act)
        return Stands(stored(tx, package_id))


def proceeds_refusals(proceeds: Proceeds, handover: Package | None, day: dt.date) -> Iterator[Refusal]:
    """What speaks against noting proceeds: an absurd sum or day, money without a receipt of the association's
    account, no written notice to the county (002 م10-2)."""
    if not 0 <= proceeds.amount <= MOST_PROCEEDS:
        yield invalid("amount", proceeds.amount)
    handed_on = handover.handed_on if handover else None
    for field, said in (("paid_on", proceeds.paid_on), ("notice_on", proceeds.notice_on)):
        if said is not None and not (handed_on or said) <= said <= day:
            yield invalid(field, said)
    if proceeds.amount and not short_text(proceeds.receipt_no):
        yield Refusal("exchange.proceeds_receipt", "10-2")
    if not short_text(proceeds.notice_no):
        yield Refusal("exchange.notice_needed", "10-2")
