"""Life goes on while the shelves are read: copies are moved, mended, labelled and dealt with at the desk."""

import datetime as dt
from uuid import UUID

import pytest

from app.binding.mending import Mended, mend
from app.circulation.lost.declaring import LostRequest, declare_lost
from app.circulation.lost.facts import Declared, Found
from app.circulation.lost.finding import find_again
from app.library import Library
from app.stocktake import closing
from app.stocktake.closing import Closed, close, preview
from app.stocktake.facts import Spared
from app.stocktake.reckoning import Reckoning
from app.stocktake.rules import moved_since
from app.stocktake.scanning import note
from app.stocktake.shelf import Place, lower_bound
from db.codes import Condition, ItemStatus
from db.codes import StocktakeFinding as Finding
from db.models.circulation import Hold
from db.models.collection import BindingRequest, BindingRow, Document
from db.models.items import Item
from db.trouble import StaleRowError
from tests import library as lib
from tests.app.stocktake.shelves import begun, book, codes, plain_printer, put, read, read_all, shelf, status


def reckoned(library: Library, session: UUID) -> Reckoning:
    reckoning = preview(library, session)
    assert reckoning is not None
    return reckoning


def spared(library: Library, session: UUID) -> dict[str, Spared]:
    return {copy.barcode: why for copy, why in reckoned(library, session).spared}


def move(library: Library, copy: lib.ACopy, class_no: int) -> None:
    """Another class, as when a wrong one is put right and the book gets another label."""
    lib.change(library, Item, copy.id, shelf_key=f"{lower_bound(str(class_no))} I275")


@pytest.mark.parametrize(
    ("fields", "moved"),
    [
        ({"shelf_key": f"{lower_bound('300')} I275"}, True),  # out of the range
        ({"shelf_key": f"{lower_bound('101')}.5 I275"}, True),  # within it, perhaps to where the scanner had been
        ({"section": "reference"}, True),
        ({"copy_no": 3}, False),
    ],
)
def test_a_copy_that_got_another_place_is_not_missing(library: Library, fields: dict[str, str], moved: bool) -> None:
    copies = shelf(library, 6)
    session = begun(library, "100", "199", section="main")
    read_all(library, session, codes(100, 101, 102, 103, 105))
    lib.change(library, Item, copies[4].id, **fields)
    reckoning = reckoned(library, session)
    assert {copy.barcode: why for copy, why in reckoning.spared} == ({"B-104": Spared.MOVED} if moved else {})
    assert [copy.barcode for copy in reckoning.missing] == ([] if moved else ["B-104"])


def test_only_the_copy_that_moved_has_moved() -> None:
    def moved(*keys: str, section: str = "main") -> set[int]:
        return set(moved_since(Place(section, key) for key in keys))

    assert moved() == set()
    assert moved("1", "2", "2", "3") == set()
    assert moved("1", "9", "2", "3") == {1}
    assert moved("2", "3", "4", "1") == {3}
    assert moved("4", "1", "2", "9", "3") == {0, 3}
    mixed = [Place("reference", "1"), Place("main", "5"), Place("reference", "2"), Place("main", "6")]
    assert moved_since(mixed) == frozenset()  # each section for itself, in whatever order a server sorts their names


def test_a_book_labelled_after_it_was_read_has_been_seen(library: Library) -> None:
    """The label was torn or strange; the copy behind it was found in the register and labelled anew."""
    copies = shelf(library, 3)
    session = begun(library)
    read_all(library, session, [*codes(100, 101), "OLD-7"])
    assert [strange.scan.code for strange in reckoned(library, session).unknown] == ["OLD-7"]
    lib.change(library, Item, copies[2].id, barcode="OLD-7")
    reckoning = reckoned(library, session)
    assert (reckoning.missing, reckoning.unknown, reckoning.seen) == ((), (), 3)


@pytest.mark.parametrize("labelled_before_the_end", [True, False])
def test_a_book_labelled_after_it_was_read_is_found_once_however_often_it_was_read(
    library: Library, labelled_before_the_end: bool
) -> None:
    """One book goes to one reader: the second scan of its strange label finds no second copy for the next in line."""
    copy = shelf(library, 3)[2]
    first, second = lib.add_member(library), lib.add_member(library)
    put(library, copy, ItemStatus.MISSING)
    for reader in (first, second):
        lib.place_hold(library, reader, copy)
    session = begun(library)
    read_all(library, session, [*codes(100, 101), "OLD-7", *["OLD-7"] * (not labelled_before_the_end)])
    lib.change(library, Item, copy.id, barcode="OLD-7")
    if labelled_before_the_end:
        assert read(library, session, "OLD-7").finding is Finding.FOUND_LOST
    assert [one.copy.barcode for one in reckoned(library, session).found] == ["OLD-7"]
    outcome = close(library, session, plain_printer, lib.act(library))
    assert isinstance(outcome, Closed)
    assert [kept.hold_for.id for kept in outcome.kept if kept.hold_for] == [first.id]
    assert sorted(hold.state for hold in lib.rows(library, Hold)) == ["queued", "waiting"]


def test_a_copy_registered_meanwhile_is_in_its_place_and_nobody_misses_it(library: Library) -> None:
    shelf(library, 2)
    session = begun(library)
    book(library, 100.5, barcode="NEW-1")
    book(library, 101.5, barcode="NEW-2")
    assert read_all(library, session, ["B-100", "NEW-1", "B-101"]) == [Finding.IN_PLACE] * 3
    reckoning = reckoned(library, session)
    assert (reckoning.expected, reckoning.seen, reckoning.missing) == (2, 2, ())


def test_a_copy_lent_after_it_was_read_raises_the_alarm_when_it_stands_there_again(library: Library) -> None:
    copy, _ = shelf(library, 2)
    session = begun(library)
    assert read(library, session, "B-100").finding is Finding.IN_PLACE
    lib.lend(library, lib.add_member(library), copy)
    lib.pass_days(library, 1)
    assert read(library, session, "B-100").finding is Finding.ON_LOAN
    assert read(library, session, "B-100").finding is Finding.AGAIN
    lib.take_back(library, copy)
    assert read(library, session, "B-100").finding is Finding.AGAIN
    lib.pass_days(library, 1)
    lib.lend(library, lib.add_member(library), copy)
    lib.pass_days(library, 1)
    assert read(library, session, "B-100").finding is Finding.ON_LOAN  # another loan, another alarm


def test_what_was_found_and_lost_again_since_is_left_alone(library: Library) -> None:
    """Its second reader pays for it: no shelf-reading of the week before gives the money back."""
    lib.put_policy(library, {"loan_days": 14, "refund_when_found": True, "charge_replacement": True})
    copy = book(library, 100, price=500_000)
    book(library, 101)
    put(library, copy, ItemStatus.MISSING)
    session = begun(library)
    read_all(library, session, codes(100, 101))
    lib.pass_days(library, 1)
    assert isinstance(find_again(library, copy.barcode, lib.act(library)), Found)
    lib.lend(library, lib.add_member(library), copy)
    lib.pass_days(library, 1)
    assert isinstance(declare_lost(library, LostRequest(copy.barcode), lib.act(library)), Declared)
    reckoning = reckoned(library, session)
    assert ([one.copy.barcode for one in reckoning.changed], reckoning.found) == (["B-100"], ())
    outcome = close(library, session, plain_printer, lib.act(library))
    assert isinstance(outcome, Closed)
    assert (outcome.cancelled, outcome.credit) == (0, 0)
    assert status(library, copy) is ItemStatus.LOST


def test_what_was_lost_again_since_raises_the_alarm_again_and_is_found(library: Library) -> None:
    copy = shelf(library, 2)[0]
    put(library, copy, ItemStatus.MISSING)
    session = begun(library)
    assert read_all(library, session, ["B-100", "B-100"]) == [Finding.FOUND_LOST, Finding.AGAIN]
    lib.pass_days(library, 1)
    assert isinstance(find_again(library, copy.barcode, lib.act(library)), Found)
    assert read(library, session, "B-100").finding is Finding.AGAIN
    lib.pass_days(library, 1)
    assert isinstance(declare_lost(library, LostRequest(copy.barcode), lib.act(library)), Declared)
    lib.pass_days(library, 1)
    assert read_all(library, session, ["B-100", "B-100"]) == [Finding.FOUND_LOST, Finding.AGAIN]
    assert [one.copy.barcode for one in reckoned(library, session).found] == ["B-100"]
    close(library, session, plain_printer, lib.act(library))
    assert status(library, copy) is ItemStatus.AVAILABLE


def test_a_note_is_outdated_by_the_mend_and_the_binding_that_came_after_it(library: Library) -> None:
    mended, bound, worn = shelf(library, 3)
    session = begun(library)
    for copy in (mended, bound, worn):
        read(library, session, copy.barcode)
        note(library, session, Condition.WORN, lib.act(library))
    assert isinstance(mend(library, mended.barcode, "چسب جلد", lib.act(library)), Mended)
    with library.store.write() as tx:
        request = tx.insert(BindingRequest, state="received", opened_at=lib.act(library).at)
        day = lib.TODAY + dt.timedelta(9)
        tx.insert(BindingRow, request_id=request, position=1, item_id=bound.id, received_on=day, outcome="bound")
        tx.record("test", lib.act(library))
    assert [one.copy.barcode for one in reckoned(library, session).to_bind] == ["B-102"]
    close(library, session, plain_printer, lib.act(library))
    conditions = [lib.row(library, Item, copy.id).condition for copy in (mended, bound, worn)]
    assert conditions == [Condition.GOOD, Condition.GOOD, Condition.WORN]


def test_a_mend_before_the_note_outdates_nothing(library: Library) -> None:
    copy, _ = shelf(library, 2)
    session = begun(library)
    assert isinstance(mend(library, copy.barcode, "چسب جلد", lib.act(library)), Mended)
    read(library, session, copy.barcode)
    note(library, session, Condition.DAMAGED, lib.act(library))
    assert [one.copy.barcode for one in reckoned(library, session).to_bind] == ["B-100"]


def test_nothing_is_done_where_another_desk_lends_a_missing_copy_at_the_same_moment(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a server the desks go on while a session is closed: what was reckoned up must still be so when it is written;
    the desk asks again."""
    copies = shelf(library, 3)
    session = begun(library)
    read(library, session, "B-100")
    before = reckoned(library, session)
    lib.lend(library, lib.add_member(library), copies[2])
    monkeypatch.setattr(closing, "reckon", lambda *_: before)
    with pytest.raises(StaleRowError):
        close(library, session, plain_printer, lib.act(library))
    assert [status(library, copy) for copy in copies] == [
        ItemStatus.AVAILABLE, ItemStatus.AVAILABLE, ItemStatus.ON_LOAN,
    ]  # fmt: skip
    assert lib.rows(library, Document) == []
