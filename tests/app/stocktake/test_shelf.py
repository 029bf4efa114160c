"""Ranges of the stacks and the order of the books in them."""

import pytest

from app.stocktake.shelf import Place, Shelf, lower_bound, main_class, standing_right, upper_bound

MAIN, CHILD = "main", "child"


def wrong(*places: int) -> list[int]:
    right = standing_right([Place(MAIN, f"{place:04d}") for place in places])
    return [place for place, stands in zip(places, right, strict=True) if not stands]


@pytest.mark.parametrize(
    ("read", "misplaced"),
    [
        ((), []),
        ((10,), []),
        ((10, 11, 12), []),
        ((10, 10, 10), []),  # copies of one title may have one key
        ((10, 50, 11), [50]),  # the book too early is wrong, not those after it
        ((10, 50, 11, 12, 13), [50]),
        ((10, 11, 12, 2, 13, 14), [2]),  # the book too late
        ((90, 10, 11, 12), [90]),  # even if it was the first
        ((10, 11, 90, 91, 12, 13, 14), [90, 91]),  # two that stand wrong together
        ((10, 12, 11, 13), [12]),  # neighbours changed places: one of them
        ((10, 50, 11, 60, 12, 13), [50, 60]),
        ((50, 51, 52, 10), [10]),
        ((50, 51, 52, 10, 11), [10, 11]),
        ((50, 51, 52, 10, 11, 12), []),  # somebody has gone on at another shelf
        ((50, 51, 52, 10, 11, 12, 40, 13), [40]),
    ],
)
def test_as_few_books_as_possible_are_called_misplaced(read: tuple[int, ...], misplaced: list[int]) -> None:
    assert wrong(*read) == misplaced


def test_a_section_is_a_shelf_of_its_own() -> None:
    places = [Place(MAIN, "1"), Place(MAIN, "3"), Place(CHILD, "2"), Place(MAIN, "4")]
    assert standing_right(places) == (True, True, False, True)


@pytest.mark.parametrize(
    ("first", "last", "held", "not_held"),
    [
        ("100", "199", ("100", "100.5", "158.1", "199", "199.99"), ("099.9", "200", "8فا1")),
        ("۸فا", "۸فا", ("8فا1.31", "8فا3.62"), ("810", "800", "808")),
        ("8فا1", "8فا3", ("8فا1.31", "8فا2", "8فا3.62"), ("8فا4", "810")),
        ("800", "899", ("8فا3.62", "813", "899.1"), ("799", "900")),
        ("300", "", ("300", "999"), ("299.9",)),
        ("", "099", ("000", "099.9"), ("100",)),
    ],
)
def test_a_range_holds_what_begins_with_its_ends(
    first: str, last: str, held: tuple[str, ...], not_held: tuple[str, ...]
) -> None:
    shelf = Shelf(lower_bound(first), upper_bound(last))
    for class_no in held:
        assert shelf.holds(Place(MAIN, f"{lower_bound(class_no)} C245 P")), class_no
    for class_no in not_held:
        assert not shelf.holds(Place(MAIN, f"{lower_bound(class_no)} C245 P")), class_no
    assert not shelf.holds(Place(MAIN, ""))


def test_the_whole_library_holds_copies_without_a_call_number_too() -> None:
    assert Shelf().holds(Place(MAIN, ""))
    assert Shelf(section=MAIN).holds(Place(MAIN, ""))
    assert not Shelf(section=CHILD).holds(Place(MAIN, ""))


@pytest.mark.parametrize("written", ["", "بوستان", "abc", "؟"])
def test_what_is_no_class_is_no_end_of_a_range(written: str) -> None:
    assert lower_bound(written) is None
    assert upper_bound(written) is None


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (Shelf("1", "2"), Shelf("3", "4"), False),
        (Shelf("1", "3"), Shelf("3", "4"), True),
        (Shelf(None, "2"), Shelf("3", None), False),
        (Shelf(), Shelf("3", "4"), True),
        (Shelf(section=MAIN), Shelf(section=CHILD), False),
        (Shelf("1", "2", MAIN), Shelf(), True),
    ],
)
def test_ranges_overlap(one: Shelf, other: Shelf, overlap: bool) -> None:
    assert one.overlaps(other) is overlap
    assert other.overlaps(one) is overlap


@pytest.mark.parametrize(
    ("class_no", "main"), [("025.4", 0), ("158", 1), ("8فا3.62", 8), ("4فا5", 4), ("999", 9), ("ج ۸فا۳/۶۲", 8)]
)
def test_the_main_class_is_read_from_the_shelf_key(class_no: str, main: int) -> None:
    assert main_class(f"{lower_bound(class_no)} C245") == main


@pytest.mark.parametrize("key", ["", "0 ~C245", "0 00123456. C1"])
def test_what_has_no_sound_class_has_no_main_class(key: str) -> None:
    assert main_class(key) is None
