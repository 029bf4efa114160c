"""The way of a package at one PostgreSQL with two desks: every read works there and nothing is given twice."""

from collections.abc import Callable, Iterator
from threading import Barrier, Thread

import pytest

from app.check import check_library
from app.exchange.giving import Allocated, Delivered, allocate_copies, deliver
from app.exchange.leaving import Recycled, Recycling, recycle, send_on
from app.exchange.packing import Letter, Stands, announce, hand, pack
from app.exchange.queries import county_report, detail, groups, standings, whereabouts
from app.exchange.redirecting import redirect
from app.exchange.requests import Asking, RequestStands, request_copies
from app.library import Library
from app.outcome import Refused
from db.codes import Verdict
from db.models.collection import DisposalRow
from tests import shared
from tests.app.exchange.weeded import CONTENT, WORN, a_library, plain_delivery, plain_recycling, weeded
from tests.library import act, rows


@pytest.fixture
def desks() -> Iterator[tuple[Library, Library]]:
    with shared.desks() as (first, second):
        yield first, second


def test_the_way_of_a_package(desks: tuple[Library, Library]) -> None:
    one, two = desks
    copies = weeded(one, 3, CONTENT)
    weeded(one, 2, WORN)
    weeded(one, 1, WORN, verdict=Verdict.REDIRECT)
    with two.store.read() as reader:
        assert [len(group.copies) for group in groups(reader)] == [3, 1, 2]
    packed = pack(one, CONTENT, act(one))
    assert isinstance(packed, Stands)
    assert isinstance(pack(two, CONTENT, act(two, desk=2)), Refused)
    package = packed.package.id
    assert isinstance(hand(two, package, Letter("ر-۱"), act(two, desk=2)), Stands)
    assert isinstance(announce(one, package, act(one)), Stands)
    asker = a_library(two)
    asked = request_copies(two, package, Asking(asker, (copies[0].barcode,)), act(two, desk=2))
    assert isinstance(asked, RequestStands)
    aside = allocate_copies(one, package, act(one))
    assert isinstance(aside, Allocated)
    assert isinstance(allocate_copies(two, package, act(two, desk=2)), Refused)
    assert isinstance(deliver(two, aside.deliveries[0].id, Letter(), plain_delivery, act(two, desk=2)), Delivered)
    assert isinstance(send_on(one, package, Letter(), act(one)), Stands)
    worn = pack(one, WORN, act(one))
    assert isinstance(worn, Stands)
    for library in desks:
        hand(library, worn.package.id, Letter(), act(library))
        send_on(library, worn.package.id, Letter(), act(library))
    paper = recycle(two, worn.package.id, Recycling("کاغذسازی", 1_000), plain_recycling, act(two, desk=2))
    assert isinstance(paper, Recycled)
    assert paper.number == "1405/2"
    with one.store.read() as reader:
        assert {standing.package.stage.key for standing in standings(one, reader)} == {"handed/province", "handed"}
        assert county_report(reader, package) is not None
        assert detail(one, reader, package) is not None
        found = whereabouts(reader, copies[0].id)
    assert found is not None
    assert found.destination is not None
    assert [broken for broken in check_library(two).broken if broken.invariant == "exchange"] == []


def at_once(*deeds: Callable[[], object]) -> list[type]:
    """What became of deeds that begin at the same moment, one at each desk."""
    ready, outcomes = Barrier(len(deeds)), list[object]()

    def work(deed: Callable[[], object]) -> None:
        ready.wait()
        outcomes.append(deed())

    desks_ = [Thread(target=work, args=(deed,)) for deed in deeds]
    for thread in desks_:
        thread.start()
    for thread in desks_:
        thread.join()
    return sorted((type(outcome) for outcome in outcomes), key=lambda one: one.__name__)


def test_two_desks_pack_the_same_copies_once(desks: tuple[Library, Library]) -> None:
    one, two = desks
    weeded(one, 4, CONTENT)
    assert at_once(lambda: pack(one, CONTENT, act(one)), lambda: pack(two, CONTENT, act(two))) == [Refused, Stands]
    assert len(rows(one, DisposalRow)) == 4


def test_two_desks_take_the_same_copy_out_of_a_package_once(desks: tuple[Library, Library]) -> None:
    one, two = desks
    copies = weeded(one, 2, WORN)
    packed = pack(one, WORN, act(one))
    assert isinstance(packed, Stands)
    package, first = packed.package.id, [copies[0].barcode]
    hand(one, package, Letter("ر-۱"), act(one))
    done = at_once(lambda: redirect(one, package, first, act(one)), lambda: redirect(two, package, first, act(two)))
    assert done == [Refused, Stands]
