"""Which book stands wrong, over whole shelves: the one that was moved, and no other, now or later."""

import random

import pytest

from app.library import Library
from db.codes import StocktakeFinding as Finding
from db.models.collection import StocktakeScan
from tests import library as lib
from tests.app.stocktake.shelves import begun, codes, read_all, shelf

LONG = 90


def misplaced(library: Library) -> set[str]:
    return {scan.code for scan in lib.rows(library, StocktakeScan) if scan.finding is Finding.MISPLACED}


@pytest.mark.parametrize(("away", "to"), [(5, 40), (40, 5), (60, 58), (30, 33), (0, 50), (LONG - 1, 20)])
def test_a_book_that_was_moved_is_named_however_much_is_read_after_it(library: Library, away: int, to: int) -> None:
    """What was found out stays so when the book is long out of sight."""
    shelf(library, LONG)
    order = list(range(100, 100 + LONG))
    order.insert(to, order.pop(away))
    read_all(library, begun(library), codes(*order))
    assert misplaced(library) == {f"B-{100 + away}"}


@pytest.mark.parametrize("seed", range(4))
def test_books_moved_at_random_are_named_and_no_others(library: Library, seed: int) -> None:
    """One book in twelve stands somewhere else, with gaps for what is lent or missing."""
    chance = random.Random(seed)
    shelf(library, LONG)
    standing = [number for number in range(100, 100 + LONG) if chance.random() > 0.1]
    moved = standing[6::12]
    order = [number for number in standing if number not in moved]
    for number in moved:
        right = sum(other < number for other in order)
        places = [place for place in range(4, len(order) - 4) if abs(place - right) > 4]
        order.insert(chance.choice(places), number)
    read_all(library, begun(library), codes(*order))
    lonely = {f"B-{number}" for number in moved if _stands_alone(order, number, moved)}
    assert lonely <= misplaced(library)
    assert misplaced(library) <= {f"B-{number}" for number in moved}


def _stands_alone(order: list[int], number: int, moved: list[int]) -> bool:
    """Whether no other moved book is near: three in a row in order could be another shelf."""
    at = order.index(number)
    return not any(other in moved for other in (*order[max(0, at - 4) : at], *order[at + 1 : at + 5]))


def test_a_book_that_stands_wrong_at_the_start_of_the_shelf_stays_wrong(library: Library) -> None:
    shelf(library, 40)
    read_all(library, begun(library), codes(130, *range(100, 130), *range(131, 140)))
    assert misplaced(library) == {"B-130"}
