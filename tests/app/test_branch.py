"""What a library says of itself."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.branch import BranchForm, BranchSaved, set_branch
from app.library import Library
from app.outcome import Refused
from db.codes import BranchKind, Role
from db.models.sync import JournalEntry
from tests.library import TODAY, act, found, rows

FORM = BranchForm(
    "کتابخانه عمومی شهید بهشتی", "مرکزی", "اراک", "آبگرم", BranchKind.INSTITUTIONAL, grade="۴",
)  # fmt: skip


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def test_the_library_is_as_written_at_once_and_the_barcodes_stay(library: Library) -> None:
    prefix = library.branch.barcode_prefix
    form = replace(
        FORM, city="ساوه", code="۱۲۳", licence_no="الف/۷", founded_on=dt.date(2001, 3, 21), phone="۰۸۶۱۲۳",
        address="خیابان امام", space_shortage=True,
    )  # fmt: skip
    outcome = set_branch(library, form, act(library))
    assert isinstance(outcome, BranchSaved)
    assert set(outcome.changed) == {
        "city", "code", "licence_no", "founded_on", "phone", "address", "space_shortage",
    }  # fmt: skip
    branch = library.branch
    assert (branch.city, branch.code, branch.licence_no, branch.founded_on) == (
        "ساوه",
        "۱۲۳",
        "الف/۷",
        dt.date(2001, 3, 21),
    )
    assert (branch.phone, branch.address, branch.space_shortage) == ("۰۸۶۱۲۳", "خیابان امام", True)
    assert branch.barcode_prefix == prefix


def test_another_desk_of_a_shared_database_learns_of_it(library: Library) -> None:
    other = Library(library.store, library.clock)
    with library.store.read() as reader:
        other.keep_fresh(reader, TODAY)
    assert not other.branch.space_shortage
    set_branch(library, replace(FORM, space_shortage=True), act(library))
    with library.store.read() as reader:
        other.keep_fresh(reader, TODAY)
    assert other.branch.space_shortage


def test_writing_what_is_written_already_changes_nothing(library: Library) -> None:
    before = len(rows(library, JournalEntry))
    assert set_branch(library, FORM, act(library)) == BranchSaved(())
    assert len(rows(library, JournalEntry)) == before


def test_a_text_that_is_emptied_goes(library: Library) -> None:
    set_branch(library, replace(FORM, phone="۰۸۶"), act(library))
    set_branch(library, replace(FORM, phone=" ", grade=None), act(library))
    assert (library.branch.phone, library.branch.grade) == (None, None)


def test_a_library_without_a_name_or_founded_tomorrow_is_refused_and_so_is_a_librarian(library: Library) -> None:
    wrong = set_branch(library, replace(FORM, name=" ", founded_on=TODAY + dt.timedelta(days=1)), act(library))
    assert isinstance(wrong, Refused)
    assert [refusal.facts["field"] for refusal in wrong.refusals] == ["library_name", "founded_on"]
    forbidden = set_branch(library, replace(FORM, city="ساوه"), act(library, Role.LIBRARIAN))
    assert isinstance(forbidden, Refused)
    assert library.branch.city == "آبگرم"
