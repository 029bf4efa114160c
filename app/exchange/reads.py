"""Reading weeded copies, packages, handovers, offers, requests and licensed libraries."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.exchange.rules import LibraryFacts, Wish
from app.exchange.stages import PACKAGES, Stage, Way, way_of
from app.library import HERE
from db.codes import (
    WEEDED,
    DisposalKind,
    DisposalState,
    ExchangeLevel,
    ExchangeRequestState,
    ItemStatus,
    MinutesState,
    Verdict,
    WeedingReason,
)
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.collection import (
    Disposal,
    DisposalRow,
    ExchangeOffer,
    ExchangeRequest,
    Minutes,
    MinutesRow,
    RulingRow,
)
from db.models.items import Item
from db.models.library import LicensedLibrary
from db.reading import Reader
from db.writing import Tx

WEEDED_AS = {
    WeedingReason.CONTENT: ItemStatus.WEEDED_CONTENT,
    WeedingReason.WORN: ItemStatus.WEEDED_WORN,
    WeedingReason.DUPLICATE: ItemStatus.WEEDED_DUPLICATE,
    WeedingReason.NO_AUDIENCE: ItemStatus.WEEDED_NO_AUDIENCE,
}


KIND_AT = {
    ExchangeLevel.COUNTY: DisposalKind.COUNTY_CENTRE,
    ExchangeLevel.PROVINCE: DisposalKind.PROVINCE_STORE,
    ExchangeLevel.NATIONAL: DisposalKind.NATIONAL_STORE,
}
"""The kind of the handover by which a package comes to a level."""


@dataclass(frozen=True, slots=True)
class WeededCopy:
    """A copy that left the collection by minutes. `redirected`: worn, but found to be of use elsewhere (002 م10-3)."""

    minutes_row_id: uuid.UUID
    item_id: uuid.UUID
    reason: WeedingReason
    minutes_year: int
    minutes_number: int
    executed_on: dt.date
    title: str
    main_creator: str | None
    year: int | None
    accession_no: int
    barcode: str
    volume_no: str | None
    copy_no: int
    class_no: str | None
    redirected: bool

    @property
    def way(self) -> Way:
        """Where it goes: worn ones to recycling, all others to libraries that want them (002 م7-16، م7-23، م10-3)."""
        return Way.RECYCLING if self.reason is WeedingReason.WORN and not self.redirected else Way.EXCHANGE


@dataclass(frozen=True, slots=True)
class Package:
    """A package, or a handover out of one (`parent_id`)."""

    id: uuid.UUID
    ver: int
    kind: DisposalKind
    reason: WeedingReason
    state: DisposalState
    level: ExchangeLevel | None
    year: int | None
    number: int | None
    parent_id: uuid.UUID | None
    destination_id: uuid.UUID | None
    packed_on: dt.date
    announced_on: dt.date | None
    handed_on: dt.date | None
    weight_g: int | None
    proceeds: int | None
    paid_on: dt.date | None
    proceeds_receipt_no: str | None
    proceeds_notice_no: str | None
    proceeds_notice_on: dt.date | None
    receipt_no: str | None
    letter_no: str | None
    letter_on: dt.date | None
    remark: str | None
    document_id: uuid.UUID | None
    sheet_id: uuid.UUID | None

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        return Stage(self.state, self.level)

    @property
    def way(self) -> Way:
        """Which way it goes."""
        return way_of(self.kind)


@dataclass(frozen=True, slots=True)
class PackedCopy:
    """A copy of a package; `gone_to` is the handover that took it out."""

    id: uuid.UUID
    ver: int
    item_id: uuid.UUID
    minutes_row_id: uuid.UUID
    gone_to: uuid.UUID | None
    status: ItemStatus
    title: str
    main_creator: str | None
    year: int | None
    accession_no: int
    barcode: str
    volume_no: str | None
    copy_no: int
    class_no: str | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A package announced at a level until `closes_on`, that day included; without one until it moves on."""

    id: uuid.UUID
    level: ExchangeLevel
    announced_on: dt.date
    closes_on: dt.date | None
    letter_no: str | None


@dataclass(frozen=True, slots=True)
class Requested:
    """A request as it stands."""

    id: uuid.UUID
    ver: int
    offer_id: uuid.UUID
    state: ExchangeRequestState
    remark: str | None
    wish: Wish

    @property
    def has_space(self) -> bool:
        """Whether the library has room for what it asks for (002 م7-17)."""
        return self.wish.has_space

    @property
    def items(self) -> list[str]:
        """The copies it asks for, as the column holds them; none for the whole package."""
        return sorted(map(str, self.wish.items))


CLASS = sa.func.coalesce(Item.local_class, Title.dewey)
RULED_ROW, RULED_IN = aliased(MinutesRow), aliased(Minutes)
# The final edition is a row of its own, ruled under an earlier revision: the same copy on minutes of the same number.
REDIRECTED = sa.exists(
    sa.select(RulingRow.id)
    .join(RULED_ROW, RULED_ROW.id == RulingRow.minutes_row_id)
    .join(RULED_IN, RULED_IN.id == RULED_ROW.minutes_id)
    .where(
        RulingRow.verdict == Verdict.REDIRECT,
        RulingRow.deleted_at.is_(None),
        RULED_ROW.item_id == MinutesRow.item_id,
        RULED_IN.branch_id == Minutes.branch_id,
        RULED_IN.year == Minutes.year,
        RULED_IN.number == Minutes.number,
        RULED_IN.reason == Minutes.reason,
    )
)
WEEDED_COPY = (
    sa.select(
        MinutesRow.id, MinutesRow.item_id, Minutes.reason, Minutes.year, Minutes.number, MinutesRow.executed_on,
        Title.title, Title.main_creator, Title.year, Item.accession_no, Item.barcode, Item.volume_no, Item.copy_no,
        CLASS, REDIRECTED,
    )
    .join(Minutes, Minutes.id == MinutesRow.minutes_id)
    .join(Item, Item.id == MinutesRow.item_id)
    .join(Title, Title.id == Item.title_id)
    .where(
        MinutesRow.branch_id == HERE, MinutesRow.executed_on.is_not(None), MinutesRow.struck_at.is_(None),
        MinutesRow.deleted_at.is_(None), Minutes.state == MinutesState.CLOSED, Minutes.deleted_at.is_(None),
        sa.or_(
            *(
                sa.and_(Minutes.reason == reason, Item.status == status)
                for reason, status in WEEDED_AS.items()
            )
        ),
    )
)  # fmt: skip
PACKED_ROW, PACKED_IN = aliased(DisposalRow), aliased(Disposal)
# A row of a package that was dissolved is gone with it. A copy that was put back and weeded anew is a new row.
IN_A_PACKAGE = sa.exists(
    sa.select(PACKED_ROW.id)
    .join(PACKED_IN, PACKED_IN.id == PACKED_ROW.disposal_id)
    .where(
        PACKED_ROW.minutes_row_id == MinutesRow.id,
        PACKED_ROW.deleted_at.is_(None),
        PACKED_IN.state != DisposalState.CANCELLED,
    )
)


def _weeded(*columns: Any) -> WeededCopy:
    facts = list(columns)
    facts[-1] = bool(facts[-1])  # SQLite tells truth by number
    return WeededCopy(*facts)


READY = Frozen(WEEDED_COPY.where(~IN_A_PACKAGE).order_by(Minutes.reason, Item.accession_no), _weeded)
PACKAGE_COLUMNS = (
    Disposal.id, Disposal.ver, Disposal.kind, Disposal.reason, Disposal.state, Disposal.level, Disposal.year,
    Disposal.number, Disposal.parent_id, Disposal.destination_id, Disposal.packed_on, Disposal.announced_on,
    Disposal.handed_on, Disposal.weight_g, Disposal.proceeds, Disposal.paid_on, Disposal.proceeds_receipt_no,
    Disposal.proceeds_notice_no, Disposal.proceeds_notice_on, Disposal.receipt_no, Disposal.letter_no,
    Disposal.letter_on, Disposal.remark, Disposal.document_id, Disposal.sheet_id,
)  # fmt: skip
OF_PACKAGE = sa.select(*PACKAGE_COLUMNS).where(Disposal.branch_id == HERE, Disposal.deleted_at.is_(None))
WHOLE = (Disposal.parent_id.is_(None), sa.or_(*(Disposal.kind == kind for kind in sorted(PACKAGES))))
ONE_PACKAGE = OF_PACKAGE.where(Disposal.id == sa.bindparam("package"))
BY_ID = Frozen(ONE_PACKAGE, Package)
TO_CHANGE = Frozen(ONE_PACKAGE.with_for_update(), Package)
PACKAGES_OF_HOUSE = Frozen(OF_PACKAGE.where(*WHOLE).order_by(Disposal.packed_on.desc(), Disposal.id.desc()), Package)
OPEN_PACKAGE = Frozen(
    OF_PACKAGE.where(
        *WHOLE,
        Disposal.state == DisposalState.PACKED,
        Disposal.reason == sa.bindparam("reason"),
        Disposal.kind == sa.bindparam("kind"),
    )
    .order_by(Disposal.id)
    .with_for_update(),
    Package,
)
HANDOVERS = Frozen(OF_PACKAGE.where(Disposal.parent_id == sa.bindparam("package")).order_by(Disposal.id), Package)
ROWS = Frozen(
    sa.select(
        DisposalRow.id, DisposalRow.ver, DisposalRow.item_id, DisposalRow.minutes_row_id, DisposalRow.gone_to,
        Item.status, Title.title, Title.main_creator, Title.year, Item.accession_no, Item.barcode, Item.volume_no,
        Item.copy_no, CLASS,
    )
    .join(Item, Item.id == DisposalRow.item_id)
    .join(Title, Title.id == Item.title_id)
    .where(DisposalRow.disposal_id == sa.bindparam("package"), DisposalRow.deleted_at.is_(None))
    .order_by(Item.accession_no),
    PackedCopy,
)  # fmt: skip
# A copy that was found in the stacks after its package had left is not with it (002 م8-4).
COUNTS = Frozen(
    sa.select(DisposalRow.disposal_id, sa.func.count(), sa.func.count(DisposalRow.gone_to))
    .join(Item, Item.id == DisposalRow.item_id)
    .where(
        DisposalRow.branch_id == HERE,
        DisposalRow.deleted_at.is_(None),
        sa.or_(DisposalRow.gone_to.is_not(None), *(Item.status == status for status in sorted(WEEDED))),
    )
    .group_by(DisposalRow.disposal_id),
    lambda package, copies, gone: (package, (int(copies), int(gone))),
)
OFFERS = Frozen(
    sa.select(
        ExchangeOffer.id, ExchangeOffer.level, ExchangeOffer.announced_on, ExchangeOffer.closes_on,
        ExchangeOffer.letter_no,
    )
    .where(ExchangeOffer.disposal_id == sa.bindparam("package"), ExchangeOffer.deleted_at.is_(None))
    .order_by(ExchangeOffer.announced_on, ExchangeOffer.id),
    Offer,
)  # fmt: skip
LIBRARY_COLUMNS = (
    LicensedLibrary.id, LicensedLibrary.ver, LicensedLibrary.name, LicensedLibrary.kind, LicensedLibrary.province,
    LicensedLibrary.county, LicensedLibrary.licence_no, LicensedLibrary.founded_on, LicensedLibrary.to_be_founded,
    LicensedLibrary.licensed_until, LicensedLibrary.address, LicensedLibrary.branch_id != HERE,
)  # fmt: skip
OF_LIBRARY = sa.select(*LIBRARY_COLUMNS).where(LicensedLibrary.deleted_at.is_(None))
LIBRARIES = Frozen(OF_LIBRARY.order_by(LicensedLibrary.county, LicensedLibrary.name), LibraryFacts)
LIBRARY = Frozen(OF_LIBRARY.where(LicensedLibrary.id == sa.bindparam("library")), LibraryFacts)

# One that was struck from the list since: papers and answers still name it.
LIBRARY_EVER = Frozen(sa.select(*LIBRARY_COLUMNS).where(LicensedLibrary.id == sa.bindparam("library")), LibraryFacts)


def _requested(*columns: Any) -> Requested:
    request_id, ver, offer_id, asked_at, has_space, items, state, remark, *library = columns
    wanted = frozenset(uuid.UUID(item) for item in items)
    wish = Wish(request_id, LibraryFacts(*library), asked_at, bool(has_space), wanted)
    return Requested(request_id, ver, offer_id, state, remark, wish)


REQUEST = (
    sa.select(
        ExchangeRequest.id, ExchangeRequest.ver, ExchangeRequest.offer_id, ExchangeRequest.asked_at,
        ExchangeRequest.has_space, ExchangeRequest.items, ExchangeRequest.state, ExchangeRequest.remark,
        *LIBRARY_COLUMNS,
    )
    .join(LicensedLibrary, LicensedLibrary.id == ExchangeRequest.library_id)
    .where(ExchangeRequest.deleted_at.is_(None))
)  # fmt: skip
REQUESTS = Frozen(
    REQUEST.join(ExchangeOffer, ExchangeOffer.id == ExchangeRequest.offer_id)
    .where(ExchangeOffer.disposal_id == sa.bindparam("package"))
    .order_by(ExchangeRequest.asked_at, ExchangeRequest.id),
    _requested,
)
REQUESTS_AT = Frozen(
    REQUEST.where(ExchangeRequest.offer_id == sa.bindparam("offer")).order_by(
        ExchangeRequest.asked_at, ExchangeRequest.id
    ),
    _requested,
)
REQUEST_BY_ID = Frozen(REQUEST.where(ExchangeRequest.id == sa.bindparam("request")), _requested)
PACKED_ITEM = Frozen(
    sa.select(DisposalRow.disposal_id)
    .join(Disposal, Disposal.id == DisposalRow.disposal_id)
    .where(
        DisposalRow.item_id == sa.bindparam("item"),
        DisposalRow.deleted_at.is_(None),
        Disposal.state != DisposalState.CANCELLED,
    ),
    lambda package: package,
)


def ready_copies(reader: Reader) -> tuple[WeededCopy, ...]:
    """Weeded copies that are in no package yet, by reason and number."""
    return tuple(reader.all(READY))


def package_by_id(reader: Reader, package_id: uuid.UUID) -> Package | None:
    """A package, not a handover."""
    return _whole(reader.one(BY_ID, package=package_id))


def package_to_change(tx: Tx, package_id: uuid.UUID) -> Package | None:
    """The same, kept from other desks to the end of the transaction: what lies in it is what leaves with it. To be read
    before its copies."""
    return _whole(tx.one(TO_CHANGE, package=package_id))


def _whole(found: Package | None) -> Package | None:
    return None if found is None or found.parent_id is not None else found


def rows_of(reader: Reader, package_id: uuid.UUID) -> tuple[PackedCopy, ...]:
    """The copies of a package by number, those that have gone out of it too."""
    return tuple(reader.all(ROWS, package=package_id))


def handovers_of(reader: Reader, package_id: uuid.UUID) -> tuple[Package, ...]:
    """What was handed over out of a package or with it, the oldest first."""
    return tuple(reader.all(HANDOVERS, package=package_id))


def handover_to(reader: Reader, package_id: uuid.UUID, level: ExchangeLevel) -> Package | None:
    """The handover by which a package came to the exchange centre of a level; None while it has not."""
    handovers = handovers_of(reader, package_id)
    return next((one for one in handovers if one.kind is KIND_AT[level]), None)


def deliveries_of(reader: Reader, package_id: uuid.UUID) -> tuple[Package, ...]:
    """The deliveries of a package to libraries, those put aside too; not those that did not take place."""
    return tuple(
        one
        for one in handovers_of(reader, package_id)
        if one.kind is DisposalKind.EXCHANGE and one.state is not DisposalState.CANCELLED
    )


def offer_of(reader: Reader, package: Package) -> Offer | None:
    """The announcement at the centre that holds the package now."""
    found = [offer for offer in reader.all(OFFERS, package=package.id) if offer.level is package.level]
    return found[-1] if found else None


def requests_of(reader: Reader, package_id: uuid.UUID) -> tuple[Requested, ...]:
    """Every request for a package, in the order of asking."""
    return tuple(reader.all(REQUESTS, package=package_id))


def requests_at(reader: Reader, offer_id: uuid.UUID) -> tuple[Requested, ...]:
    """Every request made on one announcement, in the order of asking."""
    return tuple(reader.all(REQUESTS_AT, offer=offer_id))


def waiting_at(requests: tuple[Requested, ...], offer: Offer | None) -> tuple[Requested, ...]:
    """The requests of an announcement that have not been answered."""
    return tuple(
        one
        for one in requests
        if offer is not None and one.offer_id == offer.id and one.state is ExchangeRequestState.WAITING
    )


def left_of(rows: Iterable[PackedCopy]) -> tuple[PackedCopy, ...]:
    """The copies that have not gone out of a package and are with it: what was found in the stacks and put back on the
    shelf is neither given away nor recycled (002 م8-4)."""
    return tuple(row for row in rows if row.gone_to is None and is_weeded(row))


def is_weeded(copy: PackedCopy) -> bool:
    """Whether a packed copy still stands as weeded: one that was found in the stacks may have been put back
    (002 م8-4)."""
    return copy.status in WEEDED
