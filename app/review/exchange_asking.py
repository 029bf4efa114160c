"""Licensed libraries ask for what is announced on the exchange board (002 م7-17، م7-20).

The packages are the libraries' own: whoever asks here asks the library that announced, which writes the request into
its book and keeps the order.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from app.centre import Centre
from app.directives.facts import AskFacts
from app.directives.issuing import issue
from app.exchange import reads
from app.exchange.rules import Home, LibraryFacts, licence_refusals, place_refusals
from app.exchange.stages import Stage, Step, step, way_of
from app.library import HERE
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from app.review.exchange_board import CLOSES_ON, Announced, neighbours
from app.review.scopes import ReviewerFacts, branches_in_scope, covers
from db.act import Act
from db.codes import DirectiveKind, DisposalKind, DisposalState, ExchangeLevel
from db.journal import Intent
from db.models.collection import Disposal
from db.models.library import Branch, LicensedLibrary
from db.reading import Reader

ASKED_AT_CENTRE = "exchange.asked_at_centre"
LONGEST_REMARK = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """What a library is to be asked for: copies of a package by barcode or number, none for the whole."""

    package_id: uuid.UUID
    library_id: uuid.UUID
    items: tuple[str, ...] = ()
    has_space: bool = True
    remark: str = ""


@dataclass(frozen=True, slots=True)
class WishSent:
    """The library that announced the package is asked."""

    package_id: uuid.UUID
    library: str


def libraries_for(
    reader: Reader, reviewer: ReviewerFacts, announced: Announced, today: dt.date
) -> tuple[LibraryFacts, ...]:
    """The libraries of an office that the package may go to: who has no licence today cannot be chosen (002 م7-24)."""
    query = sa.select(Branch.licence_no).where(Branch.id == announced.branch_id)
    licence = reader.connection.execute(query).scalar()
    home = Home(announced.library, announced.province, announced.county, licence)
    return tuple(
        one
        for one in _known_there(reader, announced.branch_id)
        if covers(reviewer, one.province, one.county)
        and not tuple(licence_refusals(one, today))
        and not tuple(place_refusals(one, announced.level, home))
    )


def _known_there(reader: Reader, branch_id: uuid.UUID) -> Iterator[LibraryFacts]:
    """Libraries of the centre's list, and those that the branch itself has registered: it knows no others."""
    query = sa.select(*reads.LIBRARY_COLUMNS, LicensedLibrary.branch_id).where(LicensedLibrary.deleted_at.is_(None))
    centre = reader.connection.execute(sa.select(HERE)).scalar()
    for *columns, owner in reader.connection.execute(query.order_by(LicensedLibrary.name)):
        if owner in (centre, branch_id):
            yield LibraryFacts(*columns)


def ask_for(centre: Centre, reviewer: ReviewerFacts, wish: Wish, act: Act) -> WishSent | Refused | NotFound:
    """Enter the request of a licensed library for an announced package (002 م7-17، م7-20): the library that announced
    it is asked to write it down, with the moment of now. The rules are its own; those known here are told at once."""
    with centre.write() as tx:
        found = _package(tx, wish.package_id)
        if found is None or found.branch_id not in neighbours(tx, reviewer):
            return NotFound(Sought.PACKAGE, str(wish.package_id))
        if found.level is not ExchangeLevel.PROVINCE and found.branch_id not in branches_in_scope(tx, reviewer):
            return NotFound(Sought.PACKAGE, str(wish.package_id))
        asker = next((one for one in _known_there(tx, found.branch_id) if one.id == wish.library_id), None)
        if asker is None or not covers(reviewer, asker.province, asker.county):
            return NotFound(Sought.LIBRARY, str(wish.library_id))
        refused = tuple(_problems(found, asker, reviewer, act))
        if refused:
            return Refused(refused)
        facts = AskFacts(
            wish.package_id, wish.library_id, wish.items, wish.has_space, act.at,
            clean(wish.remark, LONGEST_REMARK) or None,
        )  # fmt: skip
        issue(tx, centre, found.branch_id, DirectiveKind.EXCHANGE_REQUEST, facts, reviewer.name)
        tx.record(ASKED_AT_CENTRE, act, Intent(seen={"library": asker.name}))
        return WishSent(wish.package_id, asker.name)


@dataclass(frozen=True, slots=True)
class _Package:
    branch_id: uuid.UUID
    kind: DisposalKind
    state: DisposalState
    level: ExchangeLevel | None
    name: str
    province: str
    county: str
    licence_no: str | None
    closes_on: dt.date | None

    @property
    def home(self) -> Home:
        """The library that weeded."""
        return Home(self.name, self.province, self.county, self.licence_no)


def _package(reader: Reader, package_id: uuid.UUID) -> _Package | None:
    query = (
        sa.select(
            Disposal.branch_id, Disposal.kind, Disposal.state, Disposal.level, Branch.name, Branch.province,
            Branch.county, Branch.licence_no, CLOSES_ON,
        )
        .join(Branch, Branch.id == Disposal.branch_id)
        .where(Disposal.id == package_id, Disposal.deleted_at.is_(None), Disposal.parent_id.is_(None))
    )  # fmt: skip
    row = reader.connection.execute(query).one_or_none()
    return None if row is None else _Package(*row)


def _problems(found: _Package, asker: LibraryFacts, reviewer: ReviewerFacts, act: Act) -> Iterator[Refusal]:
    if reviewer.level is None:
        yield Refusal("role.not_allowed")
    yield from licence_refusals(asker, act.day)
    yield from place_refusals(asker, found.level, found.home)
    moved = step(way_of(found.kind), Stage(found.state, found.level), Step.REQUEST)
    if isinstance(moved, Refusal):
        yield moved
    elif found.closes_on is not None and act.day > found.closes_on:
        yield Refusal("exchange.offer_closed", "7-17", facts={"day": found.closes_on})
