"""Every handover of copies of minutes lies with the minutes, with receipt and paper (002 م7-15)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.exchange.giving import allocate_copies
from app.exchange.leaving import Recycling, recycle, send_on
from app.exchange.packing import Letter, announce, hand, pack
from app.library import Library
from app.papers import frozen_paper
from app.weeding.minutes.archive import binder
from app.weeding.minutes.deliveries import Delivery, deliveries_of
from app.weeding.minutes.reads import find_minutes
from db.codes import DisposalKind, ItemStatus, WeedingReason
from db.models.items import Item
from tests.app.exchange.going import ask, given, in_county, packed
from tests.app.exchange.weeded import a_library, plain_recycling, weed, weeded
from tests.app.weeding.minutes.on_the_way import COUNTY, PROVINCE, WORN, closed, ruled, sent
from tests.library import act, add_copy, change, found

K = DisposalKind


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def told(library: Library, number: str) -> tuple[Delivery, ...]:
    with library.store.read() as reader:
        minutes = find_minutes(reader, number)
        assert minutes is not None
        return deliveries_of(reader, minutes)


def test_receipts_and_deliveries_of_its_copies_lie_with_the_minutes(library: Library) -> None:
    package, copies = in_county(library, 3)
    ask(library, package, a_library(library, "شهید رجایی"), copies[0])
    given(library, package)
    send_on(library, package, Letter("ر-۹", "۱۲"), act(library))
    handed, given_away, sent_on = told(library, "1405/1")
    assert (handed.kind, handed.receipt_no, handed.copies, handed.document_id) == (K.COUNTY_CENTRE, "ر-۱", 3, None)
    assert (given_away.kind, given_away.receiver, given_away.copies) == (K.EXCHANGE, "شهید رجایی", 1)
    assert (sent_on.kind, sent_on.receipt_no, sent_on.copies) == (K.PROVINCE_STORE, "ر-۹", 2)
    assert given_away.number_text == "1405/1"
    assert given_away.document_id is not None
    with library.store.read() as reader:
        assert frozen_paper(reader, given_away.document_id).content


def test_the_binder_holds_them(library: Library) -> None:
    sent(library, 2)
    ruled(library, COUNTY)
    ruled(library, PROVINCE)
    closed(library)
    package = pack(library, WORN, act(library)).package.id  # type: ignore[union-attr]
    hand(library, package, Letter("ر-۱"), act(library))
    with library.store.read() as reader:
        (filed,) = binder(reader, act(library).day, act(library).day)
    assert [(one.receipt_no, one.copies) for one in filed.deliveries] == [("ر-۱", 2)]


def test_worn_copies_lie_there_with_their_recycling(library: Library) -> None:
    package, _ = packed(library, 2, WeedingReason.WORN)
    hand(library, package, Letter("ر-۱"), act(library))
    send_on(library, package, Letter("ر-۲", "۱۲"), act(library))
    recycle(library, package, Recycling("بازیافت پارس", 2_000, Letter("ر-۳")), plain_recycling, act(library))
    assert [(one.kind, one.receiver, one.copies) for one in told(library, "1405/1")][-1] == (
        K.RECYCLING, "بازیافت پارس", 2,
    )  # fmt: skip


def test_what_is_on_the_shelf_again_went_nowhere(library: Library) -> None:
    """002 م8-4: the recycling minutes did not name it either."""
    package, copies = packed(library, 3, WeedingReason.WORN)
    hand(library, package, Letter("ر-۱"), act(library))
    send_on(library, package, Letter("ر-۲", "۱۲"), act(library))
    change(library, Item, copies[0].id, status=ItemStatus.AVAILABLE)
    recycle(library, package, Recycling("بازیافت پارس", 2_000, Letter("ر-۳")), plain_recycling, act(library))
    assert [one.copies for one in told(library, "1405/1")] == [2, 2, 2]


def test_minutes_are_told_of_their_own_copies_only(library: Library) -> None:
    weed(library, [add_copy(library)])
    weed(library, [add_copy(library), add_copy(library)])
    package = pack(library, WeedingReason.CONTENT, act(library)).package.id  # type: ignore[union-attr]
    hand(library, package, Letter("ر-۱"), act(library))
    assert [[one.copies for one in told(library, number)] for number in ("1405/1", "1405/2")] == [[1], [2]]


def test_a_package_that_has_not_left_and_one_set_aside_are_no_delivery(library: Library) -> None:
    weeded(library, 2)
    pack(library, WeedingReason.CONTENT, act(library))
    assert told(library, "1405/1") == ()
    package, copies = in_county(library, 2)
    ask(library, package, a_library(library, "شهید رجایی"), copies[0])
    allocate_copies(library, package, act(library))
    assert [one.kind for one in told(library, "1405/2")] == [K.COUNTY_CENTRE]
    announce(library, package, act(library))
