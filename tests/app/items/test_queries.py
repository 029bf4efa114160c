"""What screens read of copies."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.items.queries import FoundCopy, copy_lines, find_copy, loan_days, marks_on_shelf
from app.library import Library
from db.codes import ItemStatus, Material
from tests.library import TODAY, a_title, add_copy, add_member, found, lend, past_loans, take_back


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def copy_of(library: Library, key: str) -> FoundCopy | None:
    with library.store.read() as reader:
        return find_copy(reader, key)


@pytest.mark.parametrize("key", ["RAF-000001", "1", "۱", " 1 ", "\u200f1"])
def test_a_copy_is_found_by_label_or_accession_number_in_any_digits(library: Library, key: str) -> None:
    copy = add_copy(library, "سووشون")
    found_copy = copy_of(library, key)
    assert found_copy is not None
    assert (found_copy.item_id, found_copy.title, found_copy.reader_name) == (copy.id, "سووشون", "")


@pytest.mark.parametrize("key", ["", "RAF-9", "9" * 30, "'; drop table item; --"])
def test_an_unknown_key_finds_nothing(library: Library, key: str) -> None:
    add_copy(library)
    assert copy_of(library, key) is None


def test_a_lent_copy_names_its_reader_until_it_is_back(library: Library) -> None:
    member, copy = add_member(library, given_name="نیما", family_name="یوشی"), add_copy(library)
    due_on = lend(library, member, copy).due_on
    lent = copy_of(library, copy.barcode)
    assert lent is not None
    assert (lent.member_id, lent.reader_name, lent.due_on, lent.status) == (
        member.id, "نیما یوشی", due_on, ItemStatus.ON_LOAN
    )  # fmt: skip
    take_back(library, copy)
    back = copy_of(library, copy.barcode)
    assert back is not None
    assert (back.member_id, back.due_on, back.status) == (None, None, ItemStatus.AVAILABLE)


def test_the_copies_of_a_title_stand_once_each_however_often_they_were_lent(library: Library) -> None:
    member, first = add_member(library), add_copy(library, a_title())
    second = add_copy(library, first.title_id)
    past_loans(library, member, first, 5)
    lend(library, member, first)
    with library.store.read() as reader:
        lines = copy_lines(reader, first.title_id)
        days = loan_days(reader, first.title_id)
    assert [(line.accession_no, line.loan_count) for line in lines] == [(1, 6), (2, 0)]
    assert [line.due_on is not None for line in lines] == [True, False]
    assert lines[1].id == second.id
    assert len(days) == 6
    assert max(days) == TODAY


def test_the_marks_on_a_shelf_are_those_of_its_class_and_its_kind_of_book(library: Library) -> None:
    add_copy(library, a_title("بوستان", dewey="8فا1.31", author_mark="س275ب"))
    add_copy(library, a_title("گلستان", dewey="8فا8.31", author_mark="س275گ"))
    add_copy(library, a_title("بوستان کودک", Material.CHILD_BOOK, dewey="8فا1.31", author_mark="س275ک", age_group="ب"))
    add_copy(library, a_title("منتخب", dewey="8فا1.312", author_mark="م111م", creators=()))
    with library.store.read() as reader:
        shelf = marks_on_shelf(reader, "8فا1.31", Material.BOOK, None)
        child = marks_on_shelf(reader, "8فا1.31", Material.CHILD_BOOK, "ب")
        other = marks_on_shelf(reader, "8فا1.31", Material.CHILD_BOOK, "ج")
        entered_by_title = marks_on_shelf(reader, "8فا1.312", Material.BOOK, None)
    assert shelf == [("سعدی، مصلح بن عبدالله", "س275ب")]
    assert child == [("سعدی، مصلح بن عبدالله", "س275ک")]
    assert other == []
    assert entered_by_title == [("منتخب", "م111م")]
