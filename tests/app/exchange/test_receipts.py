"""What an exchange centre gives for a package it received: its receipt stands with the handover (002 م7-15؛ نمودار ۲-۱،
۲-۶)."""

import uuid

import pytest

from app.exchange.leaving import send_on
from app.exchange.packing import Letter, Stands, hand
from app.exchange.receiving import receive
from app.library import Library
from app.outcome import NotFound, Sought
from db.codes import DisposalKind, DisposalState, ExchangeLevel, ItemStatus, Role
from db.models.collection import Disposal
from db.models.items import Item
from tests.app.exchange.going import codes, in_county, in_province, packed, stage
from tests.app.exchange.weeded import WORN
from tests.library import TODAY, act, change, rows

COUNTY, PROVINCE, NATIONAL = ExchangeLevel.COUNTY, ExchangeLevel.PROVINCE, ExchangeLevel.NATIONAL
RECEIPT = Letter("ر-۱۲")


def papers(library: Library, package: uuid.UUID, kind: DisposalKind) -> tuple[str | None, str | None]:
    (handover,) = rows(library, Disposal, parent_id=package, kind=kind)
    return handover.receipt_no, handover.letter_no


def test_a_receipt_that_came_later_stands_with_the_handover(library: Library) -> None:
    package, _ = packed(library, 2)
    hand(library, package, Letter(letter_no="۱۲/۳"), act(library))
    outcome = receive(library, package, COUNTY, Letter("ر-۱۲", "۵/۵", TODAY), act(library))
    assert isinstance(outcome, Stands)
    assert papers(library, package, DisposalKind.COUNTY_CENTRE) == ("ر-۱۲", "۱۲/۳"), "the letter of the library stays"
    assert stage(library, package) == (DisposalState.HANDED, COUNTY)


def test_what_the_county_received_has_left_though_the_library_noted_nothing(library: Library) -> None:
    package, _ = packed(library, 2)
    outcome = receive(library, package, COUNTY, RECEIPT, act(library))
    assert isinstance(outcome, Stands)
    assert (stage(library, package), outcome.copies) == ((DisposalState.HANDED, COUNTY), 2)
    assert papers(library, package, DisposalKind.COUNTY_CENTRE) == ("ر-۱۲", None)
    again = hand(library, package, Letter(letter_no="۱"), act(library))
    assert isinstance(again, Stands)
    assert not again.changed


def test_each_centre_gives_its_own_receipt_even_when_the_package_went_on(library: Library) -> None:
    package, _ = in_province(library)
    assert isinstance(receive(library, package, PROVINCE, Letter("ا-۳"), act(library)), Stands)
    assert papers(library, package, DisposalKind.PROVINCE_STORE) == ("ا-۳", "۱۲")
    assert papers(library, package, DisposalKind.COUNTY_CENTRE) == ("ر-۱", None)
    assert stage(library, package) == (DisposalState.ANNOUNCED, PROVINCE)


def test_the_same_receipt_changes_nothing_and_another_one_is_refused(library: Library) -> None:
    package, _ = in_county(library)
    same = receive(library, package, COUNTY, Letter("ر-۱"), act(library))
    assert isinstance(same, Stands)
    assert not same.changed
    assert codes(receive(library, package, COUNTY, RECEIPT, act(library))) == ["exchange.receipt_stands"]


def test_worn_copies_are_received_too(library: Library) -> None:
    package, _ = packed(library, 2, WORN)
    receive(library, package, COUNTY, RECEIPT, act(library))
    send_on(library, package, Letter(), act(library))
    assert isinstance(receive(library, package, PROVINCE, Letter("ا-۱"), act(library)), Stands)
    assert papers(library, package, DisposalKind.PROVINCE_STORE) == ("ا-۱", None)


@pytest.mark.parametrize(
    ("level", "letter", "wanted"),
    [
        (COUNTY, Letter(), ["exchange.receipt_needed"]),
        (COUNTY, Letter(" "), ["exchange.receipt_needed"]),
        (PROVINCE, RECEIPT, ["exchange.stage"]),  # نمودار ۲-۵: the county has not sent it on
        (NATIONAL, RECEIPT, ["exchange.stage"]),
    ],
)
def test_what_speaks_against_a_receipt(
    library: Library, level: ExchangeLevel, letter: Letter, wanted: list[str]
) -> None:
    package, _ = in_county(library)
    assert codes(receive(library, package, level, letter, act(library))) == wanted


def test_what_is_on_the_shelf_again_was_not_received(library: Library) -> None:
    package, copies = packed(library, 2)
    change(library, Item, copies[0].id, status=ItemStatus.AVAILABLE)
    assert codes(receive(library, package, COUNTY, RECEIPT, act(library))) == ["exchange.no_longer_weeded"]


def test_who_may_not_and_what_is_not_there(library: Library) -> None:
    package, _ = in_county(library)
    assert "role.not_allowed" in codes(receive(library, package, COUNTY, RECEIPT, act(library, Role.TRAINEE)))
    nowhere = uuid.uuid4()
    assert receive(library, nowhere, COUNTY, RECEIPT, act(library)) == NotFound(Sought.PACKAGE, str(nowhere))
