"""The reading history of a member is theirs: it is shown only where they want it kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.library import Library
from app.members import reading
from app.members.reading import ReadingHistory, reading_history
from tests.library import TODAY, AMember, add_copy, add_member, found, lend, pass_days, take_back


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def history(library: Library, member: AMember) -> ReadingHistory:
    with library.store.read() as reader:
        return reading_history(reader, member.id)


def read_one_and_hold_one(library: Library, member: AMember) -> None:
    copy = add_copy(library, "سووشون")
    lend(library, member, copy)
    pass_days(library, 3)
    take_back(library, copy)
    lend(library, member, add_copy(library, "کلیدر"))


def test_who_wants_it_kept_sees_what_was_read_the_last_first(library: Library) -> None:
    member = add_member(library, keep_history=True)
    read_one_and_hold_one(library, member)
    told = history(library, member)
    assert told.kept
    assert [(loan.title, loan.returned_on is None) for loan in told.loans] == [("کلیدر", True), ("سووشون", False)]
    assert told.loans[1].out_on == TODAY


def test_who_does_not_shows_only_what_is_still_in_their_hands(library: Library) -> None:
    member = add_member(library)
    read_one_and_hold_one(library, member)
    told = history(library, member)
    assert not told.kept
    assert [loan.title for loan in told.loans] == ["کلیدر"]


def test_only_the_latest_loans_are_read(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    member = add_member(library, keep_history=True)
    for name in "الف", "ب", "ج":
        lend(library, member, add_copy(library, name))
        pass_days(library, 1)
    assert len(history(library, member).loans) == 3
    assert reading.LATEST == 200
