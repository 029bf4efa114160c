"""The exchange board: what is announced to whom, in which order it is given, and who may ask."""

import datetime as dt
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.centre import Centre
from app.directives.facts import AskFacts, read
from app.exchange.leaving import send_on
from app.exchange.packing import NO_LETTER, announce, hand, pack
from app.exchange.requests import Asking, request_copies
from app.library import Library
from app.outcome import NotFound, Refused
from app.review.exchange_asking import Wish, WishSent, ask_for
from app.review.exchange_board import board, by_reason, neighbours, on_the_way, package
from app.review.scopes import ReviewerFacts
from db.codes import BranchKind, ExchangeLevel, ItemStatus, Role, WeedingReason
from db.models.centre import Directive, DirectiveAnswer
from db.models.items import Item
from db.models.library import LicensedLibrary
from tests.app.exchange.weeded import CONTENT, a_library, weeded
from tests.app.review.centres import act_of, another_library, reviewer, seen_by, told
from tests.app.weeding.minutes.on_the_way import COUNTY, PROVINCE
from tests.library import TODAY, act, change, pass_days, rows


def offered(library: Library, *, to_province: bool = False, closes_on: dt.date | None = None) -> uuid.UUID:
    """A package of three copies, announced."""
    weeded(library, 3, CONTENT)
    packed: Any = pack(library, CONTENT, act(library))
    package_id: uuid.UUID = packed.package.id
    hand(library, package_id, NO_LETTER, act(library))
    announce(library, package_id, act(library), closes_on)
    if to_province:
        send_on(library, package_id, NO_LETTER, act(library))
        announce(library, package_id, act(library), closes_on)
    return package_id


def licensed(centre: Centre, **fields: Any) -> uuid.UUID:
    """A library of the centre's list."""
    given = {
        "name": "کتابخانهٔ امید", "kind": BranchKind.INSTITUTIONAL, "province": "مرکزی", "county": "اراک",
        "licence_no": "۱۲", "founded_on": dt.date(2001, 1, 1),
    } | fields  # fmt: skip
    with centre.write() as tx:
        library_id = tx.insert(LicensedLibrary, **given)
        tx.record("library.added", centre.act(uuid.uuid4(), Role.ADMINISTRATOR))
    return library_id


def codes(outcome: object) -> set[str]:
    assert isinstance(outcome, Refused), outcome
    return {refusal.code for refusal in outcome.refusals}


def test_a_county_sees_what_its_own_libraries_announce_and_the_province_what_all_do(
    library: Library, centre: Centre, tmp_path: Path
) -> None:
    saveh = another_library(tmp_path / "saveh", "کتابخانه ساوه", county="ساوه")
    with saveh.store:
        here, there = offered(library), offered(saveh)
        everywhere = offered(saveh, to_province=True)
        for one in (library, saveh):
            told(centre, one)
        person = reviewer(centre, COUNTY)
        with centre.store.read() as reader:
            near = neighbours(reader, person)
        with centre.store.read(seen_by(near)) as reader:
            county = {one.id for one in board(reader, [library.branch.id], TODAY)}
            province = {one.id for one in board(reader, near, TODAY)}
            left = by_reason(board(reader, near, TODAY))
    assert county == {here, everywhere}
    assert province == {here, there, everywhere}
    assert left[WeedingReason.WORN] == 0


def test_six_months_run_at_the_province_only(library: Library, centre: Centre) -> None:
    """002 م7-21: «به مدت شش ماه از تاریخ اعلام به شهرستان‌ها»."""
    offered(library)
    told(centre, library)
    with centre.store.read(seen_by([library])) as reader:
        (one,) = board(reader, [library.branch.id], TODAY)
    assert (one.level, one.days_left(TODAY), one.left) == (ExchangeLevel.COUNTY, None, 3)


def test_what_is_on_the_shelf_again_is_offered_to_nobody(library: Library, centre: Centre) -> None:
    """002 م8-4: a copy that was found in the stacks after its package had left is not with it."""
    package_id = offered(library)
    back = min(rows(library, Item), key=lambda copy: copy.accession_no)
    change(library, Item, back.id, status=ItemStatus.AVAILABLE)
    told(centre, library)
    with centre.store.read(seen_by([library])) as reader:
        (one,) = board(reader, [library.branch.id], TODAY)
        found = package(reader, [library.branch.id], package_id, TODAY)
    assert (one.copies, one.left) == (2, 2)
    assert found is not None
    assert back.id not in {copy.item_id for copy in found.copies}


def test_what_the_province_announced_has_days_left(library: Library, centre: Centre) -> None:
    offered(library, to_province=True)
    told(centre, library)
    with centre.store.read(seen_by([library])) as reader:
        (one,) = board(reader, [library.branch.id], TODAY)
    assert one.level is ExchangeLevel.PROVINCE
    days = one.days_left(TODAY)
    assert days is not None
    assert 178 <= days <= 184
    assert one.days_left(TODAY + dt.timedelta(400)) == 0


def test_requests_stand_in_the_order_of_the_guideline(library: Library, centre: Centre) -> None:
    """New institutional, institutional, participatory, independent; then who asked first (002 م7-16، م7-17)."""
    package_id = offered(library)
    independent = a_library(library, "مستقل", BranchKind.INDEPENDENT)
    second = a_library(library, "نهادی دوم")
    new = a_library(library, "نوبنیاد", to_be_founded=True, licence_no=None)
    full = a_library(library, "بی‌جا")
    request_copies(library, package_id, Asking(independent), act(library))
    request_copies(library, package_id, Asking(full, has_space=False), act(library))
    pass_days(library, 1)
    for one in (second, new):
        request_copies(library, package_id, Asking(one), act(library))
    told(centre, library)
    with centre.store.read(seen_by([library])) as reader:
        found = package(reader, [library.branch.id], package_id, TODAY)
    assert found is not None
    names = [asked.request.wish.library.name for asked in found.requests]
    assert names == ["نوبنیاد", "نهادی دوم", "مستقل", "بی‌جا"]
    assert len(found.copies) == 3


def test_a_request_goes_to_the_library_that_announced(library: Library, centre: Centre) -> None:
    package_id = offered(library)
    told(centre, library)
    person, asker = reviewer(centre, COUNTY), licensed(centre)
    wish = Wish(package_id, asker, ("3",), remark="برای قفسهٔ کودک")
    assert isinstance(ask_for(centre, person, wish, act_of(centre, person)), WishSent)
    with centre.store.read() as reader:
        (directive,) = reader.connection.execute(sa.select(Directive.id, Directive.branch_id, Directive.facts)).all()
        (waits,) = on_the_way(reader, library.branch.id, package_id)
    assert directive.branch_id == library.branch.id
    facts = read(AskFacts, directive.facts)
    assert (facts.package, facts.library, facts.items, facts.has_space) == (package_id, asker, ("3",), True)
    assert facts.asked_at == centre.now(), "its turn counts from now, not from the day the library hears of it"
    assert (waits.library_id, waits.refused) == (asker, "")
    with library.store.write() as tx:
        tx.insert(
            DirectiveAnswer, directive_id=directive.id, done=False, codes=["exchange.stage"], words="بسته رفته است.",
            at=act(library).at,
        )  # fmt: skip
        tx.record("directive.answered", act(library))
    told(centre, library)
    with centre.store.read() as reader:
        (waits,) = on_the_way(reader, library.branch.id, package_id)
    assert waits.refused == "بسته رفته است."


def _affairs(centre: Centre) -> ReviewerFacts:
    return reviewer(centre, None)


def _county(centre: Centre) -> ReviewerFacts:
    return reviewer(centre, COUNTY)


def _province(centre: Centre) -> ReviewerFacts:
    return reviewer(centre, PROVINCE)


LAST_YEAR = dt.date(2025, 1, 1)
REFUSED: list[tuple[str, Callable[[Centre], ReviewerFacts], dict[str, Any], set[str]]] = [
    ("no office", _affairs, {}, {"role.not_allowed"}),
    ("7-24 no licence", _county, {"licence_no": None}, {"exchange.unlicensed"}),
    ("7-24 licence ran out", _county, {"licensed_until": LAST_YEAR}, {"exchange.licence_expired"}),
    ("7-16 other county", _province, {"county": "ساوه"}, {"exchange.other_county"}),
]


@pytest.mark.parametrize(("who", "fields", "wanted"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_what_speaks_against_a_request(
    library: Library, centre: Centre, who: Callable[[Centre], ReviewerFacts], fields: dict[str, Any], wanted: set[str]
) -> None:
    package_id = offered(library)
    told(centre, library)
    person = who(centre)
    wish = Wish(package_id, licensed(centre, **fields))
    assert codes(ask_for(centre, person, wish, act_of(centre, person))) == wanted


def test_an_offer_that_is_over_is_asked_no_more(library: Library, centre: Centre) -> None:
    package_id = offered(library, closes_on=TODAY)
    told(centre, library)
    person, asker = reviewer(centre, COUNTY), licensed(centre)
    assert isinstance(ask_for(centre, person, Wish(package_id, asker), act_of(centre, person)), WishSent)
    centre.clock.now += dt.timedelta(1)  # type: ignore[attr-defined]
    refused = ask_for(centre, person, Wish(package_id, asker), act_of(centre, person))
    assert codes(refused) == {"exchange.offer_closed"}


def test_what_went_to_the_national_store_is_asked_no_more(library: Library, centre: Centre) -> None:
    weeded(library, 1, CONTENT)
    packed: Any = pack(library, CONTENT, act(library))
    told(centre, library)
    person = reviewer(centre, COUNTY)
    refused = ask_for(centre, person, Wish(packed.package.id, licensed(centre)), act_of(centre, person))
    assert codes(refused) == {"exchange.stage"}, "still packed, announced to nobody"


def test_packages_and_libraries_out_of_scope_are_not_there(library: Library, centre: Centre, tmp_path: Path) -> None:
    saveh = another_library(tmp_path / "saveh", "کتابخانه ساوه", county="ساوه")
    with saveh.store:
        theirs = offered(saveh)
        ours = offered(library)
        for one in (library, saveh):
            told(centre, one)
    person, here, there = reviewer(centre, COUNTY), licensed(centre), licensed(centre, name="ساوه", county="ساوه")
    for wish in (Wish(theirs, here), Wish(ours, there), Wish(uuid.uuid4(), here), Wish(ours, uuid.uuid4())):
        assert isinstance(ask_for(centre, person, wish, act_of(centre, person)), NotFound)
