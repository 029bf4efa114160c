"""Balance of subjects: shares, medians, and what is weak."""

import pytest

from app.statistics.balance import ClassBalance, ClassCount, balance, jalali_year, weaknesses
from app.statistics.classes import class_of, class_words


def row(**fields: object) -> ClassBalance:
    plain = {
        "main": 6, "titles": 90, "copies": 100, "added": 5, "loans": 100, "share": 0.1, "loan_share": 0.1,
        "median_year": 1400,
    }  # fmt: skip
    return ClassBalance(**(plain | fields))  # type: ignore[arg-type]


def test_shares_are_of_the_whole_and_every_class_has_a_row() -> None:
    rows = balance(
        [
            ClassCount(8, 1390, 10, 30, 2, 0),
            ClassCount(8, 1400, 5, 10, 0, 60),
            ClassCount(2, 2011, 10, 60, 1, 20),
            ClassCount(None, None, 0, 0, 0, 20),
        ]
    )
    assert [found.main for found in rows] == [*range(10), None]
    literature, religion, unclassed = rows[8], rows[2], rows[10]
    assert (literature.copies, literature.share, literature.loan_share, literature.median_year) == (40, 0.4, 0.6, 1390)
    assert (religion.median_year, religion.demand) == (1390, 0.2 / 0.6)
    assert (unclassed.loan_share, unclassed.demand, unclassed.median_year) == (0.2, None, None)


def test_an_empty_collection_has_shares_of_nothing() -> None:
    assert {(found.share, found.loan_share, found.demand) for found in balance([])} == {(0.0, 0.0, None)}


@pytest.mark.parametrize(("printed", "jalali"), [(1390, 1390), (2011, 1390), (1600, 979), (1599, 1599)])
def test_foreign_years_are_turned_into_ours(printed: int, jalali: int) -> None:
    assert jalali_year(printed) == jalali


@pytest.mark.parametrize(
    ("found", "weak"),
    [
        (row(), ()),
        (row(copies=19), ("few",)),
        (row(share=0.5, loan_share=0.75), ("wanted",)),
        (row(share=0.5, loan_share=0.74), ()),
        (row(loan_share=0.05), ("unwanted",)),
        (row(loan_share=0.0, copies=3), ("few",)),
        (row(median_year=1384), ("old",)),
        (row(median_year=1385), ()),
        (row(main=None, copies=1), ("unclassed",)),
        (row(main=None, copies=0), ()),
    ],
)
def test_what_is_weak_about_a_class(found: ClassBalance, weak: tuple[str, ...]) -> None:
    assert weaknesses(found, 1405) == weak


@pytest.mark.parametrize(
    ("written", "main", "words"),
    [("297.1", 2, "۲۰۰ دین"), ("8فا3.62", 8, "۸۰۰ ادبیات"), ("", None, "بی‌رده"), (None, None, "بی‌رده")],
)
def test_a_class_number_belongs_to_a_main_class(written: str | None, main: int | None, words: str) -> None:
    assert class_of(written) == main
    assert class_words(class_of(written)) == words
