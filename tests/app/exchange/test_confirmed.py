"""What an office confirmed is given as it was seen, or not at all; what turned up on the shelf is given to nobody (002
م7-16، م7-17، م8-4)."""

import datetime as dt
import uuid
from collections.abc import Mapping

import pytest

from app.check import check_library
from app.exchange.giving import Allocated, Confirmed, Released, allocate_copies, deliver, release
from app.exchange.leaving import Recycled, Recycling, recycle, send_on
from app.exchange.packing import Letter, Stands, hand
from app.exchange.queries import county_report, detail, standings
from app.exchange.requests import Asking, request_copies
from app.library import Library
from db.codes import BranchKind, DisposalState, ExchangeLevel, ExchangeRequestState, ItemStatus
from db.models.collection import ExchangeRequest
from db.models.items import Item
from tests.app.exchange.going import ask, codes, given, in_county, packed, proposal, stage
from tests.app.exchange.weeded import WORN, a_library, plain_delivery, plain_recycling
from tests.library import TODAY, act, change, rows

MONTHS = 3


@pytest.fixture(autouse=True)
def stays_sound(library: Library) -> object:
    yield
    assert [broken for broken in check_library(library).broken if broken.invariant == "exchange"] == []


def confirmed(library: Library, package: uuid.UUID, months: int = MONTHS) -> Confirmed:
    return Confirmed(proposal(library, package).given, months)


def allotted(library: Library, package: uuid.UUID, seen: Confirmed) -> Allocated:
    outcome = allocate_copies(library, package, act(library), seen)
    assert isinstance(outcome, Allocated), outcome
    return outcome


def states(library: Library) -> Mapping[uuid.UUID, ExchangeRequestState]:
    return {one.id: one.state for one in rows(library, ExchangeRequest)}


def test_what_was_confirmed_is_put_aside(library: Library) -> None:
    package, copies = in_county(library, 3)
    ask(library, package, a_library(library), copies[0])
    seen = confirmed(library, package)
    assert len(allotted(library, package, seen).deliveries) == 1


def test_who_asked_meanwhile_has_a_turn(library: Library) -> None:
    package, copies = in_county(library, 3)
    ask(library, package, a_library(library, "مستقل", BranchKind.INDEPENDENT))
    seen = confirmed(library, package)
    ask(library, package, a_library(library, "نهادی"), copies[0])
    assert codes(allocate_copies(library, package, act(library), seen)) == ["exchange.proposal_changed"]
    assert set(states(library).values()) == {ExchangeRequestState.WAITING}


def test_what_the_desk_gave_meanwhile_is_not_given_twice(library: Library) -> None:
    package, copies = in_county(library, 3)
    ask(library, package, a_library(library), copies[0], copies[1])
    seen = confirmed(library, package)
    by_the_desk = allocate_copies(library, package, act(library))
    assert isinstance(by_the_desk, Allocated)
    again = allotted(library, package, seen)
    assert (again.changed, [one.id for one in again.deliveries]) == (False, [one.id for one in by_the_desk.deliveries])


def test_an_office_counts_a_library_as_new_by_its_own_months(library: Library) -> None:
    """م7-17: the order is the office's, whatever version of the guideline the library has."""
    package, _ = in_county(library, 1)
    older = a_library(library, "کهن")
    half_a_year = a_library(library, "شش‌ماهه", founded_on=TODAY - dt.timedelta(days=180))
    first = ask(library, package, older).request.id
    second = ask(library, package, half_a_year).request.id
    (item,) = proposal(library, package).given[first]
    for_the_new = Confirmed({second: frozenset({item})}, months=12)
    assert codes(allocate_copies(library, package, act(library), Confirmed(for_the_new.given, MONTHS))) == [
        "exchange.proposal_changed"
    ]
    (delivery,) = allotted(library, package, for_the_new).deliveries
    assert delivery.destination_id == half_a_year


def test_what_is_on_the_shelf_again_is_given_to_nobody(library: Library) -> None:
    package, copies = in_county(library, 2)
    ask(library, package, a_library(library))
    change(library, Item, copies[0].id, status=ItemStatus.AVAILABLE)
    (share,) = proposal(library, package).shares
    assert [copy.item_id for copy in share.copies] == [copies[1].id]
    with library.store.read() as reader:
        (standing,) = standings(library, reader)
        found, report = detail(library, reader, package), county_report(reader, package)
    assert (standing.copies, standing.left) == (1, 1)
    assert found is not None
    assert [one.copies for one in found.handovers] == [1], "it did not go to the county either"
    assert report is not None
    assert (len(report.received), len(report.left)) == (1, 1)
    assert [one.copies for one in given(library, package)] == [1]
    assert stage(library, package) == (DisposalState.FINISHED, ExchangeLevel.COUNTY)


def test_a_delivery_with_a_copy_that_is_on_the_shelf_again_is_freed_first(library: Library) -> None:
    package, copies = in_county(library, 2)
    ask(library, package, a_library(library))
    outcome = allocate_copies(library, package, act(library))
    assert isinstance(outcome, Allocated)
    change(library, Item, copies[0].id, status=ItemStatus.AVAILABLE)
    (delivery,) = outcome.deliveries
    assert codes(deliver(library, delivery.id, Letter(), plain_delivery, act(library))) == ["exchange.no_longer_weeded"]
    assert isinstance(release(library, delivery.id, act(library)), Released)


def test_recycling_minutes_name_what_is_there(library: Library) -> None:
    package, copies = packed(library, 3, WORN)
    assert isinstance(hand(library, package, Letter(), act(library)), Stands)
    assert isinstance(send_on(library, package, Letter(), act(library)), Stands)
    change(library, Item, copies[0].id, status=ItemStatus.AVAILABLE)
    done = recycle(library, package, Recycling("کاغذسازی", 1_000), plain_recycling, act(library))
    assert isinstance(done, Recycled)
    assert done.copies == 2


def test_nothing_is_recycled_where_everything_is_on_the_shelf_again(library: Library) -> None:
    package, copies = packed(library, 1, WORN)
    hand(library, package, Letter(), act(library))
    send_on(library, package, Letter(), act(library))
    change(library, Item, copies[0].id, status=ItemStatus.AVAILABLE)
    refused = recycle(library, package, Recycling("کاغذسازی", 1_000), plain_recycling, act(library))
    assert codes(refused) == ["exchange.package_empty"]


def test_a_freed_delivery_ends_its_own_request_alone(library: Library) -> None:
    """The library had copies of this package before; that it was given those stays true."""
    package, copies = in_county(library, 3)
    asker = a_library(library)
    first = ask(library, package, asker, copies[0]).request.id
    given(library, package)
    second = ask(library, package, asker, copies[1]).request.id
    outcome = allocate_copies(library, package, act(library))
    assert isinstance(outcome, Allocated)
    assert isinstance(release(library, outcome.deliveries[0].id, act(library)), Released)
    assert states(library) == {first: ExchangeRequestState.GRANTED, second: ExchangeRequestState.WITHDRAWN}


def test_the_library_that_weeded_is_given_nothing_back(library: Library) -> None:
    package, _ = in_county(library)
    branch = library.branch
    itself = a_library(library, branch.name, licence_no=None, county=branch.county, to_be_founded=True)
    refused = request_copies(library, package, Asking(itself), act(library))
    assert codes(refused) == ["exchange.own_library"]
