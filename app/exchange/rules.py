"""Who is given weeded copies, in which order, and from when what nobody wanted goes on (002 م7-16 … م7-24). Pure."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from app.calendar.rules import add_months
from app.persian.text import compact
from app.refusal import Refusal
from db.codes import BranchKind, ExchangeLevel


@dataclass(frozen=True, slots=True)
class LibraryFacts:
    """A library that may be given books, as registered. `of_centre`: by the centre, and nobody here edits it."""

    id: uuid.UUID
    ver: int
    name: str
    kind: BranchKind
    province: str
    county: str
    licence_no: str | None
    founded_on: dt.date | None
    to_be_founded: bool
    licensed_until: dt.date | None
    address: str | None = None
    of_centre: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """The library whose weeded copies a package holds; the exchange centres are those of its county and province."""

    name: str
    province: str
    county: str
    licence_no: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A request with the library that made it; without `items` the whole package is wanted."""

    id: uuid.UUID
    library: LibraryFacts
    asked_at: dt.datetime
    has_space: bool = True
    items: frozenset[uuid.UUID] = frozenset()


class Rank(IntEnum):
    """The order of libraries that ask for the same copy (002 م7-16، م7-17): the lower is served first."""

    NEW_INSTITUTIONAL = 1
    INSTITUTIONAL = 2
    PARTICIPATORY = 3
    INDEPENDENT = 4


# The Foundation's own libraries, by whatever way they serve (002 م7-16; 004 الف).
RANK_OF_KIND: Mapping[BranchKind, Rank] = MappingProxyType(
    {
        BranchKind.INSTITUTIONAL: Rank.INSTITUTIONAL,
        BranchKind.PROVINCIAL_CENTRAL: Rank.INSTITUTIONAL,
        BranchKind.MOBILE: Rank.INSTITUTIONAL,
        BranchKind.POSTAL: Rank.INSTITUTIONAL,
        BranchKind.PARTICIPATORY: Rank.PARTICIPATORY,
        BranchKind.INDEPENDENT: Rank.INDEPENDENT,
    }
)


def library_named(libraries: Iterable[LibraryFacts], name: str | None) -> LibraryFacts | None:
    """The library of a name read off a stamp, however it is spaced; None where no or several libraries bear it."""
    wanted = compact(name or "")
    found = [library for library in libraries if wanted and compact(library.name) == wanted]
    return found[0] if len(found) == 1 else None


def is_new(library: LibraryFacts, today: dt.date, months: int) -> bool:
    """Whether a library is newly founded, or about to be: opened less than `months` Jalali months ago (002 م7-17)."""
    if library.to_be_founded:
        return True
    return library.founded_on is not None and today < add_months(library.founded_on, months)


def rank(library: LibraryFacts, today: dt.date, months: int) -> Rank:
    """The place of a library by its kind; new ones come first where they are the Foundation's own (002 م7-17)."""
    own = RANK_OF_KIND[library.kind]
    return Rank.NEW_INSTITUTIONAL if own is Rank.INSTITUTIONAL and is_new(library, today, months) else own


def in_order(wishes: Collection[Wish], today: dt.date, months: int) -> tuple[Wish, ...]:
    """Requests in the order in which they are served: those with space by rank, then by the moment of the request;
    those without space stand behind all others and are given nothing (002 م7-17)."""
    return tuple(
        sorted(wishes, key=lambda one: (not one.has_space, rank(one.library, today, months), one.asked_at, one.id))
    )


def allocate(
    copies: Sequence[uuid.UUID], wishes: Collection[Wish], today: dt.date, months: int
) -> Mapping[uuid.UUID, tuple[uuid.UUID, ...]]:
    """Who gets which copies: each copy goes to the first in order that asked for it. By the id of the request; requests
    that get nothing stand with no copies."""
    given: dict[uuid.UUID, list[uuid.UUID]] = {wish.id: [] for wish in in_order(wishes, today, months)}
    served = [wish for wish in in_order(wishes, today, months) if wish.has_space]
    for copy in copies:
        taker = next((wish for wish in served if not wish.items or copy in wish.items), None)
        if taker is not None:
            given[taker.id].append(copy)
    return {wish: tuple(items) for wish, items in given.items()}


def licence_refusals(library: LibraryFacts, today: dt.date) -> Iterator[Refusal]:
    """Why a library may not be given books: only those with a licence of the Foundation may (002 م7-24). One that the
    Foundation is about to open has none yet; م7-17 names it first of all."""
    if library.to_be_founded and RANK_OF_KIND[library.kind] is Rank.INSTITUTIONAL:
        return
    if not (library.licence_no or "").strip():
        yield Refusal("exchange.unlicensed", "7-24", facts={"library": library.name})
    elif library.licensed_until is not None and library.licensed_until < today:
        facts = {"library": library.name, "until": library.licensed_until}
        yield Refusal("exchange.licence_expired", "7-24", facts=facts)


def place_refusals(library: LibraryFacts, level: ExchangeLevel | None, home: Home) -> Iterator[Refusal]:
    """The county's exchange centre serves the county (002 م7-16), the province's its own counties (م7-20); nobody is
    given back what they weeded themselves: it left their shelves with the approval of the offices (م7-6)."""
    if level is ExchangeLevel.PROVINCE and compact(library.province) != compact(home.province):
        yield Refusal("exchange.other_province", "7-20", facts={"library": library.name, "province": library.province})
    near = compact(library.county) == compact(home.county) and compact(library.province) == compact(home.province)
    if level is ExchangeLevel.COUNTY and not near:
        yield Refusal("exchange.other_county", "7-16", facts={"library": library.name, "county": library.county})
    if is_home(library, home):
        yield Refusal("exchange.own_library", "7-6", facts={"library": library.name})


def is_home(library: LibraryFacts, home: Home) -> bool:
    """Whether a registered library is the one that weeded: the same licence, or the same name in the same county."""
    licence = compact(home.licence_no or "")
    if licence and licence == compact(library.licence_no or ""):
        return True
    places = ((library.name, home.name), (library.county, home.county), (library.province, home.province))
    return all(compact(one) == compact(other) for one, other in places)


def may_be_stored_from(announced_on: dt.date, months: int) -> dt.date:
    """The day from which what nobody asked for may go to the national store (002 م7-21)."""
    return add_months(announced_on, months)


def store_refusals(announced_on: dt.date | None, today: dt.date, months: int) -> Iterator[Refusal]:
    """Not before its six months are over (002 م7-21)."""
    if announced_on is not None and today < (due := may_be_stored_from(announced_on, months)):
        yield Refusal("exchange.too_early", "7-21", months, (due - today).days, facts={"day": due})
