"""What pages and reports ask of the exchange: groups ready to be packed, packages with their clocks, where a copy is,
the report of the county (002 م7-19)."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.exchange import reads
from app.exchange.reads import Offer, Package, PackedCopy, Requested, WeededCopy
from app.exchange.rules import LibraryFacts, may_be_stored_from
from app.exchange.stages import OVER, Step, Way, next_steps, step
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from db.codes import DisposalKind, DisposalState, ExchangeLevel, WeedingReason
from db.frozen import Frozen
from db.models.collection import Disposal, DisposalRow
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class Group:
    """What can be packed together: one reason, one way (002 م7-1، م10-3)."""

    reason: WeedingReason
    way: Way
    copies: tuple[WeededCopy, ...]

    @property
    def redirected(self) -> bool:
        """Worn copies that go to libraries nevertheless (002 م10-3)."""
        return self.reason is WeedingReason.WORN and self.way is Way.EXCHANGE


@dataclass(frozen=True, slots=True)
class Standing:
    """A package with its counts and its clock: `copies` packed, `gone` out of it, requests that wait, deliveries put
    aside; `store_from` the day its six months are over (002 م7-21), `paid` whether recycling was settled."""

    package: Package
    copies: int
    gone: int
    waiting: int
    aside: int
    closes_on: dt.date | None
    store_from: dt.date | None
    steps: tuple[Step, ...]

    @property
    def left(self) -> int:
        """Copies that an exchange centre or the library still holds."""
        held = self.package.level is not None or self.package.state is DisposalState.PACKED
        return self.copies - self.gone if held and self.package.state not in OVER else 0

    def days_left(self, today: dt.date) -> int | None:
        """Days until what is left may go to the national store; 0 when they are over, None where none run."""
        return None if self.store_from is None else max((self.store_from - today).days, 0)


@dataclass(frozen=True, slots=True)
class Handover:
    """A handover out of a package, or of what was left of it, with its number of copies."""

    package: Package
    copies: int
    destination: LibraryFacts | None


@dataclass(frozen=True, slots=True)
class Detail:
    """All that is known of a package."""

    standing: Standing
    rows: tuple[PackedCopy, ...]
    offer: Offer | None
    requests: tuple[Requested, ...]
    handovers: tuple[Handover, ...]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a weeded copy went: its package, and the handover that took it out of the package, if one did."""

    package: Package
    handover: Package | None
    destination: LibraryFacts | None


@dataclass(frozen=True, slots=True)
class ExchangeReport:
    """What became of a package in the county (002 م7-19): received, given to whom, put aside, and what was sent on
    (None: nothing yet)."""

    package: Package
    offer: Offer | None
    received: tuple[PackedCopy, ...]
    given: tuple[tuple[Handover, tuple[PackedCopy, ...]], ...]
    left: tuple[PackedCopy, ...]
    sent_on: Package | None


@dataclass(frozen=True, slots=True)
class AnnouncedList:
    """What is announced of a package now, to be sent to the libraries (002 م7-16، م7-20)."""

    package: Package
    offer: Offer
    copies: tuple[PackedCopy, ...]


def announced_list(reader: Reader, package_id: uuid.UUID) -> AnnouncedList | Refused | NotFound:
    """The list of an announced package: what is left of it."""
    package = reads.package_by_id(reader, package_id)
    if package is None:
        return NotFound(Sought.PACKAGE, str(package_id))
    moved, offer = step(package.way, package.stage, Step.REQUEST), reads.offer_of(reader, package)
    if isinstance(moved, Refusal) or offer is None:
        return Refused((moved,) if isinstance(moved, Refusal) else ())
    return AnnouncedList(package, offer, reads.left_of(reads.rows_of(reader, package_id)))


def groups(reader: Reader) -> tuple[Group, ...]:
    """The groups that have copies ready to be packed, in the order of the guideline."""
    ready = reads.ready_copies(reader)
    return tuple(
        Group(reason, way, found)
        for reason in WeedingReason
        for way in Way
        if (found := tuple(copy for copy in ready if copy.reason is reason and copy.way is way))
    )


def standings(library: Library, reader: Reader) -> tuple[Standing, ...]:
    """Every package, those that are not finished first, the newest first."""
    counts, months = dict(reader.all(reads.COUNTS)), library.guideline.terms.exchange_months
    found = [_standing(reader, package, counts, months) for package in reader.all(reads.PACKAGES_OF_HOUSE)]
    return tuple(sorted(found, key=lambda one: one.package.state in OVER))


def _standing(reader: Reader, package: Package, counts: Mapping[uuid.UUID, tuple[int, int]], months: int) -> Standing:
    copies, gone = counts.get(package.id, (0, 0))
    if package.state is DisposalState.CANCELLED:
        copies = gone = 0
    offer = reads.offer_of(reader, package) if package.announced_on else None
    waiting = reads.waiting_at(reads.requests_at(reader, offer.id), offer) if offer else ()
    aside = [one for one in reads.deliveries_of(reader, package.id) if one.state is DisposalState.PACKED]
    announced = package.announced_on if package.stage.level is ExchangeLevel.PROVINCE else None
    runs = announced is not None and package.state is DisposalState.ANNOUNCED
    return Standing(
        package, copies, gone, len(waiting), len(aside), offer.closes_on if offer else None,
        may_be_stored_from(announced, months) if runs and announced else None,
        next_steps(package.way, package.stage),
    )  # fmt: skip


def detail(library: Library, reader: Reader, package_id: uuid.UUID) -> Detail | None:
    """A package with its copies, its announcement, its requests and what was handed over."""
    return detail_of(reader, package_id, library.guideline.terms.exchange_months)


def detail_of(reader: Reader, package_id: uuid.UUID, months: int) -> Detail | None:
    """The same at the desk or at the centre; after `months` what nobody wanted may go to the national store."""
    package = reads.package_by_id(reader, package_id)
    if package is None:
        return None
    rows = reads.rows_of(reader, package_id)
    gone = sum(row.gone_to is not None for row in rows)
    counts = {package_id: (gone + len(reads.left_of(rows)), gone)}
    handovers = tuple(_handover(reader, one, rows) for one in reads.handovers_of(reader, package_id))
    return Detail(
        _standing(reader, package, counts, months), rows, reads.offer_of(reader, package),
        reads.requests_of(reader, package_id), handovers,
    )  # fmt: skip


def _handover(reader: Reader, one: Package, rows: tuple[PackedCopy, ...]) -> Handover:
    """A delivery took the copies that say so; whatever else went on took all that the libraries had left."""
    if one.kind is DisposalKind.EXCHANGE:
        copies = sum(row.gone_to == one.id for row in rows)
        return Handover(one, copies, reader.one(reads.LIBRARY_EVER, library=one.destination_id))
    gone_later = sum(row.gone_to is not None and row.gone_to.int > one.id.int for row in rows)
    return Handover(one, gone_later + len(reads.left_of(rows)), None)


PLACE = Frozen(
    sa.select(DisposalRow.disposal_id, DisposalRow.gone_to)
    .join(Disposal, Disposal.id == DisposalRow.disposal_id)
    .where(
        DisposalRow.item_id == sa.bindparam("item"),
        DisposalRow.deleted_at.is_(None),
        Disposal.state != DisposalState.CANCELLED,
    )
    .order_by(DisposalRow.id.desc()),
    lambda package, gone_to: (package, gone_to),
)


def whereabouts(reader: Reader, item_id: uuid.UUID) -> Whereabouts | None:
    """Where a weeded copy is or went; None while it is in no package."""
    found = reader.one(PLACE, item=item_id)
    if found is None:
        return None
    package_id, gone_to = found
    package = reader.one(reads.BY_ID, package=package_id)
    if package is None:
        return None
    handover = reader.one(reads.BY_ID, package=gone_to) if gone_to else None
    to = handover.destination_id if handover else None
    return Whereabouts(package, handover, reader.one(reads.LIBRARY_EVER, library=to) if to else None)


def county_report(reader: Reader, package_id: uuid.UUID) -> ExchangeReport | None:
    """The report of the exchange in the county (002 م7-19); None where there is no such package. What was put back on
    the shelf since was not received (م8-4)."""
    package = reads.package_by_id(reader, package_id)
    if package is None:
        return None
    rows = tuple(row for row in reads.rows_of(reader, package_id) if row.gone_to is not None or reads.is_weeded(row))
    handovers = reads.handovers_of(reader, package_id)
    given = tuple(
        (_handover(reader, one, rows), tuple(row for row in rows if row.gone_to == one.id))
        for one in handovers
        if one.kind is DisposalKind.EXCHANGE
        and one.level is ExchangeLevel.COUNTY
        and one.state is DisposalState.FINISHED
    )
    taken = {row.item_id for _, copies in given for row in copies}
    sent_on = next((one for one in handovers if one.kind is DisposalKind.PROVINCE_STORE), None)
    offers = [one for one in reader.all(reads.OFFERS, package=package_id) if one.level is ExchangeLevel.COUNTY]
    left = tuple(row for row in rows if row.item_id not in taken)
    return ExchangeReport(package, offers[0] if offers else None, rows, given, left, sent_on)
