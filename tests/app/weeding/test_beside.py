"""Neighbours on the shelf, other copies, and the number of copies that loans ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.guideline.service import set_guideline
from app.library import Library
from app.weeding.beside import Neighbours, SuggestedCopies, neighbours, other_copies, suggested_copies
from db.codes import ItemStatus
from db.models.items import Item
from tests import library as lib


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = lib.found(tmp_path)
    with library.store:
        yield library


def beside(library: Library, copy: lib.ACopy, each: int = 3) -> tuple[list[int], list[int]]:
    with library.store.read() as reader:
        found = neighbours(reader, copy.id, each)
    return [one.accession_no for one in found.before], [one.accession_no for one in found.after]


def test_neighbours_stand_in_the_order_of_the_shelf(library: Library) -> None:
    """002 م5-3."""
    classes = ("955", "001", "297", "610", "530", "330")
    copies = {dewey: lib.add_copy(library, lib.a_title(f"کتاب {dewey}", dewey=dewey)) for dewey in classes}
    order = {dewey: copy.accession_no for dewey, copy in copies.items()}
    before, after = beside(library, copies["530"], each=2)
    assert before == [order["297"], order["330"]]
    assert after == [order["610"], order["955"]]
    assert beside(library, copies["001"])[0] == []


def test_copies_with_one_key_stand_by_their_numbers(library: Library) -> None:
    copies = [lib.add_copy(library) for _ in range(5)]
    for copy in copies:
        lib.change(library, Item, copy.id, shelf_key="same")
    numbers = [copy.accession_no for copy in copies]
    assert beside(library, copies[2], each=5) == (numbers[:2], numbers[3:])


@pytest.mark.parametrize("status", [ItemStatus.LOST, ItemStatus.MISSING, ItemStatus.WEEDED_WORN, ItemStatus.REPLACED])
def test_what_is_not_in_the_house_stands_beside_nothing(library: Library, status: ItemStatus) -> None:
    copy, gone = lib.add_copy(library), lib.add_copy(library)
    lib.change(library, Item, gone.id, status=status)
    assert beside(library, copy) == ([], [])


def test_another_section_is_another_shelf(library: Library) -> None:
    copy, other = lib.add_copy(library), lib.add_copy(library)
    lib.change(library, Item, other.id, section="reference")
    assert beside(library, copy) == ([], [])


def test_the_other_copies_of_title_and_volume(library: Library) -> None:
    first = lib.add_copy(library, volume_no="1")
    second, weeded, lost, other_volume = (
        lib.add_copy(library, first.title_id, volume_no=volume) for volume in ("1", "1", "1", "2")
    )
    lib.change(library, Item, weeded.id, status=ItemStatus.WEEDED_DUPLICATE)
    lib.change(library, Item, lost.id, status=ItemStatus.LOST)
    with library.store.read() as reader:
        found = other_copies(reader, first.id)
        assert other_copies(reader, other_volume.id) == ()
    assert [(one.accession_no, one.status) for one in found] == [
        (second.accession_no, ItemStatus.AVAILABLE),
        (lost.accession_no, ItemStatus.LOST),
    ]


def test_how_many_copies_the_loans_ask_for(library: Library) -> None:
    """002 م5-4."""
    copy = lib.add_copy(library)
    other = lib.add_copy(library, copy.title_id)
    member = lib.add_member(library)
    lib.past_loans(library, member, copy, 10)
    lib.past_loans(library, member, other, 40)  # every twenty days back: 36 of them within two years
    with library.store.read() as reader:
        assert suggested_copies(library, reader, copy.id, lib.TODAY) == SuggestedCopies(8, 2, 46)
        alone = lib.add_copy(library)
        set_guideline(library, {"thresholds": {"loans_per_copy": 20}}, lib.act(library))
    with library.store.read() as reader:
        assert suggested_copies(library, reader, copy.id, lib.TODAY) == SuggestedCopies(3, 2, 46)
        assert suggested_copies(library, reader, alone.id, lib.TODAY) == SuggestedCopies(2, 1, 0)


def test_a_copy_that_is_not_there_has_nothing_beside_it(library: Library) -> None:
    with library.store.read() as reader:
        missing = library.branch.id
        assert neighbours(reader, missing) == Neighbours((), ())
        assert suggested_copies(library, reader, missing, lib.TODAY) == SuggestedCopies(2, 0, 0)
