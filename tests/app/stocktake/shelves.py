"""A library with a shelf of books that stand in order, and a session over it, for tests of shelf-reading."""

from collections.abc import Sequence
from uuid import UUID

from app.library import Library
from app.papers import Printed
from app.stocktake.facts import Scanned, Started
from app.stocktake.paper import StocktakePaper
from app.stocktake.scanning import scan
from app.stocktake.sessions import Beginning, start
from db.codes import ItemStatus, StocktakeFinding
from db.models.items import Item
from tests import library as lib


def shelf(library: Library, number: int, first: int = 100) -> list[lib.ACopy]:
    """Copies of classes 100, 101 …: their labels are B-100, B-101 …"""
    return [book(library, first + place) for place in range(number)]


def book(library: Library, class_no: float | str, **fields: object) -> lib.ACopy:
    title = lib.a_title(f"کتاب {class_no}", dewey=str(class_no), author_mark="س۲۷۵ب")
    return lib.add_copy(library, title, **({"barcode": f"B-{class_no}"} | fields))


def begun(library: Library, first: str = "", last: str = "", **fields: str) -> UUID:
    """An open session."""
    beginning = Beginning(fields.pop("name", "رف‌خوانی پاییز"), first, last, **fields)
    started = start(library, beginning, lib.act(library))
    assert isinstance(started, Started), started
    return started.session_id


def read(library: Library, session: UUID, code: str, scanner: int = 1) -> Scanned:
    outcome = scan(library, session, code, lib.act(library), scanner)
    assert isinstance(outcome, Scanned), outcome
    return outcome


def read_all(library: Library, session: UUID, codes: Sequence[str], scanner: int = 1) -> list[StocktakeFinding]:
    return [read(library, session, code, scanner).finding for code in codes]


def codes(*classes: int) -> list[str]:
    return [f"B-{number}" for number in classes]


def put(library: Library, copy: lib.ACopy, status: ItemStatus) -> None:
    lib.change(library, Item, copy.id, status=status)


def status(library: Library, copy: lib.ACopy) -> ItemStatus:
    found: ItemStatus = lib.row(library, Item, copy.id).status
    return found


def plain_printer(paper: StocktakePaper) -> Printed:
    """Paper without ink: only what it would say."""
    told = repr((paper.number, paper.day, paper.reckoning.figures()))
    return Printed(told.encode(), b"PK" + told.encode(), 1)
