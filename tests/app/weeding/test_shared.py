"""Two desks at one PostgreSQL: copies of one draft are listed one after the other, and none on minutes that are just
getting their number (002 م7-2، م7-13)."""

from collections.abc import Iterator
from threading import Event, Thread

import pytest

from app.library import Library
from app.papers import Printed
from app.weeding.facts import Proposal
from app.weeding.minutes.paper import MinutesPaper
from app.weeding.service import Finalised, Listed, finalise, propose
from db.codes import Condition, MinutesState, WeedingReason
from db.models.collection import Minutes, MinutesRow
from tests.app.weeding.printing import plain_printer
from tests.library import ACopy, act, add_copy, rows
from tests.shared import desks

WORN = Proposal(WeedingReason.WORN)


@pytest.fixture
def two() -> Iterator[list[Library]]:
    with desks() as libraries:
        yield libraries


def unbindable(library: Library, number: int) -> list[ACopy]:
    return [add_copy(library, condition=Condition.UNBINDABLE) for _ in range(number)]


def test_rows_of_two_desks_are_numbered_one_after_the_other(two: list[Library]) -> None:
    one, other = two
    copies = unbindable(one, 12)

    def listing(library: Library, part: list[ACopy]) -> Thread:
        return Thread(target=lambda: [propose(library, copy.barcode, WORN, act(library)) for copy in part])

    working = [listing(one, copies[:6]), listing(other, copies[6:])]
    for thread in working:
        thread.start()
    for thread in working:
        thread.join()
    assert sorted(row.position for row in rows(one, MinutesRow)) == list(range(1, 13))
    assert len(rows(one, Minutes)) == 1


def test_a_scan_while_minutes_get_their_number_opens_the_next_draft(two: list[Library]) -> None:
    one, other = two
    first, second = unbindable(one, 2)
    propose(one, first.barcode, WORN, act(one))
    printing, told = Event(), list[object]()

    def scan() -> None:
        printing.wait()
        told.append(propose(other, second.barcode, WORN, act(other)))

    desk = Thread(target=scan)

    def printer(paper: MinutesPaper) -> Printed:
        printing.set()
        desk.join(0.3)
        return plain_printer(paper)

    desk.start()
    finalised = finalise(one, WeedingReason.WORN, printer, act(one))
    desk.join()
    assert isinstance(finalised, Finalised)
    assert [row.item_id for row in rows(one, MinutesRow, minutes_id=finalised.minutes_id)] == [first.id]
    (listed,) = told
    assert isinstance(listed, Listed)
    (draft,) = rows(one, Minutes, state=MinutesState.DRAFT)
    assert (listed.minutes_id, listed.position) == (draft.id, 1)
