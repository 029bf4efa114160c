"""Two desks at one PostgreSQL: one draft, one number, and the last copy closes the request whoever receives it."""

from collections.abc import Iterator

import pytest

from app.binding.queries import waiting
from app.binding.receiving import note_bill
from app.binding.sending import mark_long_away
from app.binding.service import add_to_request
from app.check import check_library
from app.refusal import Answer
from db.codes import BindingOutcome, BindingState, Condition, ItemStatus
from db.models.collection import BindingRequest, BindingRow, Document
from db.models.items import Item
from tests.app.binding.scene import back, listed, requested, sent, stored
from tests.library import act, add_copy, change, clock, row, rows
from tests.shared import desk, shared_url


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with shared_url() as address:
        yield address


def test_the_whole_way_of_a_request_from_two_desks(url: str) -> None:
    with desk(url) as one, desk(url) as two:
        first, second, third = add_copy(one), add_copy(one), add_copy(two)
        listed(one, first)
        assert add_to_request(two, first.barcode, act(two))
        listed(two, second)
        request = sent(one, third, promised_days=7).request
        assert len(rows(two, BindingRequest)) == 1
        assert len(rows(two, BindingRow)) == 3
        assert {paper.number for paper in rows(two, Document)} == {"1405/1"}
        for library in (one, two):
            clock(library).advance(days=14)
        assert mark_long_away(two, act(two)) == 3
        assert mark_long_away(one, act(one)) == 0
        back(one, first)
        back(two, second, BindingOutcome.LOST)
        assert back(one, third, on=act(one).day).closed
        back(two, third, BindingOutcome.MENDED, answer=Answer(confirm=frozenset({"binding.received_otherwise"})))
        note_bill(two, request.id, 900_000, act(two))
        assert stored(one, request.id).cost == 900_000
        assert stored(two, request.id).state is BindingState.RECEIVED
        assert row(two, Item, second.id).status is ItemStatus.MISSING
        assert requested(two, add_copy(two)).number == "1405/2"
        worn = add_copy(one)
        change(one, Item, worn.id, condition=Condition.WORN)
        with two.store.read() as reader:
            assert [copy.id for copy in waiting(reader)] == [worn.id]
        assert not check_library(one).broken
