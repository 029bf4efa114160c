"""Worn copies that are found of use when they lie before the office (002 م10-3؛ نمودار ۲-۷)."""

import uuid

import pytest

from app.check import check_library
from app.exchange.leaving import Recycled, Recycling, recycle, send_on
from app.exchange.packing import NO_LETTER, Letter, Stands, announce, hand
from app.exchange.queries import standings, whereabouts
from app.exchange.redirecting import redirect
from app.library import Library
from app.outcome import NotFound, Sought
from db.codes import DisposalKind, DisposalState, ExchangeLevel, ItemStatus, Role
from db.models.collection import Disposal
from db.models.items import Item
from tests.app.exchange.going import ask, codes, given, in_county, packed, stage
from tests.app.exchange.weeded import WORN, a_library, plain_recycling
from tests.library import ACopy, act, change, rows


@pytest.fixture(autouse=True)
def stays_sound(library: Library) -> object:
    yield
    assert [broken for broken in check_library(library).broken if broken.invariant == "exchange"] == []


def worn(library: Library, number: int = 3, *, on: bool = True) -> tuple[uuid.UUID, list[ACopy]]:
    package, copies = packed(library, number, WORN)
    hand(library, package, Letter("ر-۱", "۱۲/۳"), act(library))
    if on:
        send_on(library, package, Letter("ا-۱"), act(library))
    return package, copies


def redirected(library: Library, package: uuid.UUID, *copies: ACopy) -> Stands:
    outcome = redirect(library, package, [copy.barcode for copy in copies], act(library), "تنها جلد آن پاره است")
    assert isinstance(outcome, Stands), outcome
    return outcome


def test_what_is_of_use_goes_to_libraries_and_the_rest_becomes_paper(library: Library) -> None:
    package, copies = worn(library)
    outcome = redirected(library, package, copies[0])
    assert outcome.copies == 1
    assert outcome.package.stage.key == "handed/province"
    assert isinstance(announce(library, outcome.package.id, act(library)), Stands)
    ask(library, outcome.package.id, a_library(library))
    assert [one.copies for one in given(library, outcome.package.id)] == [1]
    done = recycle(library, package, Recycling("کاغذسازی", 1_000), plain_recycling, act(library))
    assert isinstance(done, Recycled)
    assert done.copies == 2
    with library.store.read() as reader:
        there = whereabouts(reader, copies[0].id)
        assert {one.package.id: one.copies for one in standings(library, reader)} == {package: 2, outcome.package.id: 1}
    assert there is not None
    assert there.package.id == outcome.package.id


def test_the_papers_by_which_it_came_stand_with_it(library: Library) -> None:
    package, copies = worn(library)
    target = redirected(library, package, copies[0]).package.id
    (came,) = rows(library, Disposal, parent_id=target)
    assert (came.kind, came.level, came.receipt_no) == (DisposalKind.PROVINCE_STORE, ExchangeLevel.PROVINCE, "ا-۱")
    assert came.remark == "تنها جلد آن پاره است"


def test_further_copies_join_the_package_that_lies_there(library: Library) -> None:
    package, copies = worn(library, on=False)
    first = redirected(library, package, copies[0])
    assert first.package.stage.key == "handed/county"
    assert redirected(library, package, copies[1]).package.id == first.package.id
    announce(library, first.package.id, act(library))
    assert redirected(library, package, copies[2]).package.id != first.package.id, "that one is announced already"


def test_a_package_that_is_all_of_use_is_dissolved(library: Library) -> None:
    package, copies = worn(library, 2)
    redirected(library, package, *copies)
    assert stage(library, package) == (DisposalState.CANCELLED, None)


@pytest.mark.parametrize("room", [4, 9, 10, 11])
def test_a_package_of_more_than_an_entry_holds_is_redirected_whole(
    library: Library, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    package, copies = worn(library, 4)
    for place in ("db.writing", "db.journal"):
        monkeypatch.setattr(f"{place}.MOST_CHANGES", room)
    assert redirected(library, package, *copies).copies == 4
    assert stage(library, package) == (DisposalState.CANCELLED, None)


@pytest.mark.parametrize("named", [[], ["B-404"]])
def test_copies_are_named_and_lie_in_the_package(library: Library, named: list[str]) -> None:
    package, _ = worn(library)
    expected = ["exchange.not_in_package"] if named else ["field.required"]
    assert codes(redirect(library, package, named, act(library))) == expected


def test_what_speaks_against_it(library: Library) -> None:
    package, copies = worn(library)
    change(library, Item, copies[0].id, status=ItemStatus.AVAILABLE)
    assert codes(redirect(library, package, [copies[0].barcode], act(library))) == ["exchange.no_longer_weeded"]
    trainee = act(library, Role.TRAINEE)
    assert codes(redirect(library, package, [copies[1].barcode], trainee)) == ["role.not_allowed"]
    recycle(library, package, Recycling("کاغذسازی", 1_000), plain_recycling, act(library))
    assert codes(redirect(library, package, [copies[1].barcode], act(library))) == ["exchange.stage"]
    others, theirs = in_county(library)
    assert codes(redirect(library, others, [theirs[0].barcode], act(library))) == ["exchange.stage"]
    in_house, still = packed(library, 1, WORN)
    assert codes(redirect(library, in_house, [still[0].barcode], act(library))) == ["exchange.stage"]
    nowhere = uuid.uuid4()
    assert redirect(library, nowhere, ["1"], act(library)) == NotFound(Sought.PACKAGE, str(nowhere))


def test_a_package_in_the_county_goes_on_without_them(library: Library) -> None:
    package, copies = worn(library, on=False)
    redirected(library, package, copies[0])
    moved = send_on(library, package, NO_LETTER, act(library))
    assert isinstance(moved, Stands)
    assert moved.copies == 2
