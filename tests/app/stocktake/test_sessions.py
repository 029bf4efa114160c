"""Beginning a shelf-reading and giving one up."""

from uuid import uuid4

import pytest

from app.library import Library
from app.outcome import NotFound, Refused
from app.stocktake import reads
from app.stocktake.facts import Started
from app.stocktake.sessions import Abandoned, Beginning, abandon, expected_in, start
from db.codes import ItemStatus, Role, StocktakeState
from db.models.collection import Minutes, Stocktake
from db.models.items import Item
from tests import library as lib
from tests.app.stocktake.shelves import begun, book, put, read, shelf


def refusals(library: Library, beginning: Beginning, role: Role = Role.HEAD) -> list[str]:
    outcome = start(library, beginning, lib.act(library, role))
    assert isinstance(outcome, Refused), outcome
    return [refusal.code for refusal in outcome.refusals]


def test_the_list_of_what_should_stand_there_is_frozen_in_the_order_of_the_shelf(library: Library) -> None:
    second, first = book(library, 120), book(library, 110)
    book(library, 300)
    session = begun(library, "100", "199")
    third = book(library, 130)
    with library.store.read() as reader:
        assert reads.expected_of(reader, session) == [first.accession_no, second.accession_no]
    assert third.accession_no  # registered later: nobody misses it


def test_only_what_is_on_the_shelf_is_expected(library: Library) -> None:
    here, lent, lost, kept, listed = shelf(library, 5)
    lib.lend(library, lib.add_member(library), lent)
    put(library, lost, ItemStatus.MISSING)
    lib.place_hold(library, lib.add_member(library), kept, state="waiting", item_id=kept.id)
    with library.store.write() as tx:
        minutes = tx.insert(Minutes, reason="worn", state="draft", opened_at=lib.act(library).at)
        tx.record("test", lib.act(library))
    lib.change(library, Item, listed.id, on_minutes_id=minutes)
    assert expected_in(library, Beginning("همه")) == 1
    session = begun(library)
    with library.store.read() as reader:
        assert reads.expected_of(reader, session) == [here.accession_no]


def test_a_section_is_read_by_itself(library: Library) -> None:
    shelf(library, 2)
    book(library, 150, barcode="R-1", section="reference")
    assert expected_in(library, Beginning("مرجع", section="reference")) == 1
    assert expected_in(library, Beginning("همه")) == 3
    assert expected_in(library, Beginning("صد", "100", "199", "main")) == 2


def test_several_sessions_over_different_ranges_are_open_at_once(library: Library) -> None:
    shelf(library, 3)
    book(library, 205)
    begun(library, "100", "199")
    begun(library, "200", "299")
    assert {row.state for row in lib.rows(library, Stocktake)} == {StocktakeState.OPEN}
    assert refusals(library, Beginning("باز هم", "150", "250")) == ["stocktake.overlaps", "stocktake.overlaps"]


@pytest.mark.parametrize(
    ("beginning", "codes"),
    [
        (Beginning(""), ["field.required"]),
        (Beginning("الف", "بوستان"), ["field.invalid"]),
        (Beginning("الف", "100", "کتاب"), ["field.invalid"]),
        (Beginning("الف", "200", "100"), ["stocktake.turned_round"]),
        (Beginning("الف", "700", "799"), ["stocktake.nothing"]),
        (Beginning("الف", section="thesis"), ["stocktake.nothing"]),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(library: Library, beginning: Beginning, codes: list[str]) -> None:
    shelf(library, 2)
    assert refusals(library, beginning) == codes
    assert lib.rows(library, Stocktake) == []


def test_an_assistant_begins_none_but_a_librarian_does(library: Library) -> None:
    shelf(library, 1)
    assert refusals(library, Beginning("الف"), Role.ASSISTANT) == ["role.not_allowed"]
    assert isinstance(start(library, Beginning("الف"), lib.act(library, Role.LIBRARIAN)), Started)


def test_what_was_given_up_changes_no_copy_and_keeps_what_was_read(library: Library) -> None:
    shelf(library, 2)
    session = begun(library)
    read(library, session, "B-100")
    outcome = abandon(library, session, lib.act(library))
    assert isinstance(outcome, Abandoned)
    assert not outcome.already
    assert lib.row(library, Stocktake, session).state is StocktakeState.ABANDONED
    assert {row.status for row in lib.rows(library, Item)} == {ItemStatus.AVAILABLE}
    assert {row.seen_on for row in lib.rows(library, Item)} == {None}
    again = abandon(library, session, lib.act(library))
    assert isinstance(again, Abandoned)
    assert again.already
    begun(library)  # its range is free again


def test_giving_up_needs_the_head_and_a_session(library: Library) -> None:
    shelf(library, 1)
    session = begun(library)
    assert isinstance(abandon(library, session, lib.act(library, Role.LIBRARIAN)), Refused)
    assert isinstance(abandon(library, uuid4(), lib.act(library)), NotFound)


def test_the_list_of_a_big_library_is_small(library: Library) -> None:
    numbers = list(range(1, 100_001))
    assert len(reads.packed(numbers)) < 300_000
