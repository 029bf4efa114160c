"""Codes on the shelf that no copy here carries: what they are is told at once."""

import uuid

import pytest

from app.circulation.outcomes import CardInstead, OfOtherBranch
from app.library import Library
from app.stocktake.closing import preview
from app.stocktake.facts import IsbnInstead
from db.codes import StocktakeFinding as Finding
from db.models.items import Item
from db.models.library import Branch
from tests import library as lib
from tests.app.stocktake.shelves import begun, read, read_all, shelf

ISBN = "9789643510657"


@pytest.fixture
def away(library: Library) -> uuid.UUID:
    """Another branch, whose labels begin with MEY-."""
    branch = uuid.uuid4()
    with library.store.write() as tx:
        here = tx.connection.execute(Branch.__table__.select()).mappings().one()
        fields = {name: value for name, value in here.items() if name not in ("id", "ver", "rh", "bpos", "deleted_at")}
        tx.insert(Branch, **(fields | {"id": branch, "name": "کتابخانه میبد", "barcode_prefix": "MEY-"}))
        tx.record("test.changed", lib.act(library))
    return branch


def test_a_book_of_another_branch_is_told_by_its_label(library: Library, away: uuid.UUID) -> None:
    shelf(library, 2)
    session = begun(library)
    told = read(library, session, "MEY-000123")
    assert (told.finding, told.stranger) == (Finding.UNKNOWN, OfOtherBranch("MEY-000123", "کتابخانه میبد"))


def test_a_book_of_another_branch_is_told_by_its_row(library: Library, away: uuid.UUID) -> None:
    shelf(library, 2)
    copy = lib.add_copy(library, "سفرنامه", barcode="X77")
    session = begun(library)
    lib.change(library, Item, copy.id, branch_id=away)
    told = read(library, session, "X77")
    assert (told.finding, told.copy) == (Finding.UNKNOWN, None)
    assert told.stranger == OfOtherBranch("X77", "کتابخانه میبد", "سفرنامه")


def test_a_card_between_the_books_is_none(library: Library) -> None:
    shelf(library, 2)
    member = lib.add_member(library)
    told = read(library, begun(library), member.card)
    assert isinstance(told.stranger, CardInstead)


def test_the_number_on_the_back_is_no_label(library: Library) -> None:
    """Which of the copies it is it does not tell: nothing is counted as seen."""
    title = lib.a_title("بوستان", isbn=ISBN)
    first = lib.add_copy(library, title)
    second = lib.add_copy(library, first.title_id)
    session = begun(library)
    told = read(library, session, ISBN)
    assert told.finding is Finding.UNKNOWN
    assert told.stranger == IsbnInstead(ISBN, "بوستان", (first.accession_no, second.accession_no))
    reckoning = preview(library, session)
    assert reckoning is not None
    assert len(reckoning.missing) == 2


def test_the_number_of_a_book_without_a_record_is_told_apart_from_a_strange_label(library: Library) -> None:
    shelf(library, 1)
    assert read(library, begun(library), "978-964-351-065-7").stranger == IsbnInstead("978-964-351-065-7", None, ())


def test_a_code_nobody_knows_is_listed_once_however_often_it_was_read(library: Library, away: uuid.UUID) -> None:
    shelf(library, 2)
    session = begun(library)
    read_all(library, session, ["X-1", "MEY-000123", "X-1", "X-۱"])
    reckoning = preview(library, session)
    assert reckoning is not None
    assert [strange.scan.code for strange in reckoning.unknown] == ["X-1", "MEY-000123"]
    assert [strange.stranger is None for strange in reckoning.unknown] == [True, False]
    assert reckoning.figures()["unknown"] == 2


def test_a_copy_known_by_its_typed_number_wants_a_new_label(library: Library) -> None:
    torn, *whole = shelf(library, 4)
    session = begun(library)
    read_all(library, session, [str(torn.accession_no), *(copy.barcode for copy in whole), str(torn.accession_no)])
    reckoning = preview(library, session)
    assert reckoning is not None
    assert [one.copy.barcode for one in reckoning.to_label] == [torn.barcode]
    assert (reckoning.seen, reckoning.figures()["to_label"]) == (4, 1)


def test_labels_of_figures_alone_are_no_typed_numbers(library: Library) -> None:
    """Barcodes that another program printed are often nothing but figures."""
    torn, *whole = shelf(library, 4)
    for place, copy in enumerate(whole):
        lib.change(library, Item, copy.id, barcode=f"20012{place}")
    session = begun(library)
    read_all(library, session, [str(torn.accession_no), "200120", "200121", "۲۰۰۱۲۲"])
    reckoning = preview(library, session)
    assert reckoning is not None
    assert [one.copy.barcode for one in reckoning.to_label] == [torn.barcode]


def test_where_labels_carry_the_number_itself_none_is_wanting(library: Library) -> None:
    """Old libraries: the barcode is the accession number, or all are read by it."""
    copies = shelf(library, 4)
    lib.change(library, Item, copies[0].id, barcode=str(copies[0].accession_no))
    session = begun(library)
    read_all(library, session, [str(copies[0].accession_no), copies[1].barcode])
    with_labels = preview(library, session)
    assert with_labels is not None
    assert with_labels.to_label == ()
    read_all(library, session, [str(copy.accession_no) for copy in copies[2:]])
    by_number = preview(library, session)
    assert by_number is not None
    assert by_number.to_label == ()
