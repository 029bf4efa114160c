"""Who is given weeded copies and in which order (002 م7-16، م7-17، م7-20، م7-21، م7-24)."""

import datetime as dt
import itertools
import uuid
from typing import Any

import pytest

from app.exchange.rules import (
    Home,
    LibraryFacts,
    Rank,
    Wish,
    allocate,
    in_order,
    library_named,
    licence_refusals,
    may_be_stored_from,
    place_refusals,
    rank,
    store_refusals,
)
from app.exchange.weights import weight_refusals
from app.persian import jalali
from app.wording import why
from db.codes import BranchKind, ExchangeLevel

TODAY = jalali.from_jalali(1405, 8, 30)
NEW = jalali.from_jalali(1405, 6, 1)  # within three months
OLD = jalali.from_jalali(1405, 5, 30)  # three months ago to the day
MONTHS = 3
HOME = Home("کتابخانهٔ عمومی رفی", "مرکزی", "اراک", "۷۷/۱")
INSTITUTIONAL, PARTICIPATORY, INDEPENDENT = (
    BranchKind.INSTITUTIONAL,
    BranchKind.PARTICIPATORY,
    BranchKind.INDEPENDENT,
)
ITEMS = [uuid.UUID(int=number) for number in range(1, 7)]
_numbers = itertools.count(100)


def a_library(kind: BranchKind = INSTITUTIONAL, **fields: object) -> LibraryFacts:
    known: dict[str, object] = {
        "id": uuid.UUID(int=next(_numbers)), "ver": 1, "name": "نور", "kind": kind, "province": "مرکزی",
        "county": "اراک", "licence_no": "12", "founded_on": OLD, "to_be_founded": False, "licensed_until": None,
    }  # fmt: skip
    return LibraryFacts(**(known | fields))  # type: ignore[arg-type]


def wish(library: LibraryFacts, hour: int = 9, items: tuple[int, ...] = (), *, space: bool = True) -> Wish:
    asked = dt.datetime(2026, 11, 1, hour, tzinfo=dt.UTC)
    wanted = frozenset(ITEMS[place] for place in items)
    return Wish(uuid.UUID(int=next(_numbers)), library, asked, space, wanted)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("کتابخانه عمومی نور", True),
        ("کتابخانه‌ی عمومی نور", False),
        ("كتابخانه  عمومى نور", True),
        ("نور", False),
        ("", False),
        (None, False),
    ],
)
def test_a_library_is_known_by_the_name_on_its_stamp(written: str | None, found: bool) -> None:
    home = a_library(name="کتابخانهٔ عمومی نور")
    assert library_named([a_library(name="کتابخانهٔ مهر"), home], written) == (home if found else None)
    assert library_named([home, a_library(name="کتابخانهٔ عمومی نور")], "کتابخانهٔ عمومی نور") is None


@pytest.mark.parametrize(
    ("kind", "founded_on", "to_be_founded", "expected"),
    [
        (INSTITUTIONAL, NEW, False, Rank.NEW_INSTITUTIONAL),  # م7-17 جدیدالتأسیس
        (INSTITUTIONAL, TODAY, False, Rank.NEW_INSTITUTIONAL),
        (INSTITUTIONAL, None, True, Rank.NEW_INSTITUTIONAL),  # م7-17 در شرف تأسیس
        (INSTITUTIONAL, OLD, False, Rank.INSTITUTIONAL),  # the first day on which it is no longer new
        (INSTITUTIONAL, None, False, Rank.INSTITUTIONAL),
        (BranchKind.PROVINCIAL_CENTRAL, OLD, False, Rank.INSTITUTIONAL),
        (BranchKind.MOBILE, OLD, False, Rank.INSTITUTIONAL),
        (BranchKind.POSTAL, OLD, False, Rank.INSTITUTIONAL),
        (PARTICIPATORY, OLD, False, Rank.PARTICIPATORY),  # م7-16
        (PARTICIPATORY, NEW, False, Rank.PARTICIPATORY),  # م7-17 names institutional ones only
        (PARTICIPATORY, None, True, Rank.PARTICIPATORY),
        (INDEPENDENT, OLD, False, Rank.INDEPENDENT),
        (INDEPENDENT, NEW, False, Rank.INDEPENDENT),
    ],
)
def test_the_place_of_a_library(
    kind: BranchKind, founded_on: dt.date | None, to_be_founded: bool, expected: Rank
) -> None:
    assert rank(a_library(kind, founded_on=founded_on, to_be_founded=to_be_founded), TODAY, MONTHS) is expected


def test_every_kind_of_library_has_a_place() -> None:
    assert {rank(a_library(kind), TODAY, MONTHS) for kind in BranchKind} == set(Rank) - {Rank.NEW_INSTITUTIONAL}


def test_rank_goes_before_time_and_time_decides_within_a_rank() -> None:
    last = wish(a_library(INDEPENDENT), 1)
    participatory = wish(a_library(PARTICIPATORY), 2)
    later, earlier = wish(a_library(), 8), wish(a_library(), 7)
    new = wish(a_library(founded_on=NEW), 9)
    roomless = wish(a_library(founded_on=NEW), 0, space=False)
    order = in_order([last, roomless, later, new, participatory, earlier], TODAY, MONTHS)
    assert order == (new, earlier, later, participatory, last, roomless)


def test_the_order_does_not_hang_on_how_the_requests_come_in() -> None:
    wishes = [wish(a_library(kind), hour) for kind in (INDEPENDENT, INSTITUTIONAL, PARTICIPATORY) for hour in (3, 1)]
    orders = {in_order(shuffled, TODAY, MONTHS) for shuffled in itertools.permutations(wishes)}
    assert len(orders) == 1


def test_each_copy_goes_to_the_first_that_asked_for_it() -> None:
    first = wish(a_library(), 1, (0, 1))
    second = wish(a_library(PARTICIPATORY), 0, (1, 2))
    third = wish(a_library(INDEPENDENT), 0)  # wants everything
    given = allocate(ITEMS[:5], [third, second, first], TODAY, MONTHS)
    assert given == {
        first.id: (ITEMS[0], ITEMS[1]),
        second.id: (ITEMS[2],),
        third.id: (ITEMS[3], ITEMS[4]),
    }


def test_who_has_no_space_gets_nothing_though_nobody_else_asks() -> None:
    roomless = wish(a_library(), 1, space=False)
    assert allocate(ITEMS, [roomless], TODAY, MONTHS) == {roomless.id: ()}


def test_a_copy_that_nobody_wants_is_given_to_nobody() -> None:
    one = wish(a_library(), 1, (0,))
    assert allocate(ITEMS, [one], TODAY, MONTHS) == {one.id: (ITEMS[0],)}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"licensed_until": TODAY}, []),  # its last day
        ({"licensed_until": TODAY - dt.timedelta(days=1)}, ["exchange.licence_expired"]),
        ({"licence_no": None}, ["exchange.unlicensed"]),  # م7-24
        ({"licence_no": "  "}, ["exchange.unlicensed"]),
        ({"licence_no": None, "to_be_founded": True}, []),  # م7-17 در شرف تأسیس نهادی
        ({"licence_no": None, "to_be_founded": True, "kind": PARTICIPATORY}, ["exchange.unlicensed"]),
        ({"licence_no": None, "to_be_founded": True, "kind": INDEPENDENT}, ["exchange.unlicensed"]),
    ],
)
def test_only_licensed_libraries_are_given_books(fields: dict[str, Any], expected: list[str]) -> None:
    found = list(licence_refusals(a_library(**fields), TODAY))
    assert [one.code for one in found] == expected
    assert all(one.rule == "7-24" for one in found)


@pytest.mark.parametrize(
    ("level", "county", "province", "expected"),
    [
        (ExchangeLevel.COUNTY, "اراک", "مرکزی", []),
        (ExchangeLevel.COUNTY, "اراك ", "مركزی", []),  # Arabic letters are the same letters
        (ExchangeLevel.COUNTY, "ساوه", "مرکزی", ["exchange.other_county"]),  # م7-16
        (ExchangeLevel.COUNTY, "اراک", "قم", ["exchange.other_county"]),
        (ExchangeLevel.PROVINCE, "ساوه", "مرکزی", []),  # م7-20
        (ExchangeLevel.PROVINCE, "ساوه", "قم", ["exchange.other_province"]),
    ],
)
def test_a_centre_serves_its_own_libraries(
    level: ExchangeLevel, county: str, province: str, expected: list[str]
) -> None:
    asker = a_library(county=county, province=province)
    assert [one.code for one in place_refusals(asker, level, HOME)] == expected


@pytest.mark.parametrize(
    ("announced", "due"),
    [
        ((1405, 1, 15), (1405, 7, 15)),
        ((1405, 8, 30), (1406, 2, 30)),
        ((1405, 6, 31), (1405, 12, 29)),  # Esfand of 1405 has 29 days
    ],
)
def test_the_national_store_takes_nothing_before_six_jalali_months(
    announced: tuple[int, int, int], due: tuple[int, int, int]
) -> None:
    announced_on, possible = jalali.from_jalali(*announced), jalali.from_jalali(*due)
    assert may_be_stored_from(announced_on, 6) == possible
    (refusal,) = store_refusals(announced_on, possible - dt.timedelta(days=1), 6)
    assert (refusal.code, refusal.rule, refusal.have, refusal.facts["day"]) == (
        "exchange.too_early", "7-21", 1, possible,
    )  # fmt: skip
    assert list(store_refusals(announced_on, possible, 6)) == []


@pytest.mark.parametrize(
    ("fields", "own"),
    [
        ({"licence_no": "77/1"}, True),  # however its name is written
        ({"licence_no": None, "name": "کتابخانه عمومي رفی"}, True),
        ({"licence_no": None, "name": "كتابخانهٔ  عمومي رفي"}, True),
        ({"name": "کتابخانهٔ عمومی رفی", "county": "ساوه"}, False),  # its namesake in another county
        ({}, False),
    ],
)
def test_nobody_is_given_back_what_they_weeded(fields: dict[str, Any], own: bool) -> None:
    found = [one.code for one in place_refusals(a_library(**fields), ExchangeLevel.PROVINCE, HOME)]
    assert found == (["exchange.own_library"] if own else [])


@pytest.mark.parametrize(
    ("weight_g", "copies", "expected"),
    [
        (12_500, 20, []),
        (5 * 20, 20, []),
        (20_000 * 20, 20, []),
        (5 * 20 - 1, 20, ["exchange.weight_absurd"]),  # grams written for kilograms
        (20_000 * 20 + 1, 20, ["exchange.weight_absurd"]),
        (0, 20, ["field.invalid"]),
        (-1, 20, ["field.invalid"]),
    ],
)
def test_a_weight_is_one_that_so_many_books_can_have(weight_g: int, copies: int, expected: list[str]) -> None:
    assert [one.code for one in weight_refusals(weight_g, copies)] == expected


def test_an_absurd_weight_is_told_in_persian() -> None:
    (refusal,) = weight_refusals(1_500_250, 3)
    assert why(refusal) == "۳ نسخه نمی‌تواند ۱۵۰۰٫۲۵ کیلوگرم باشد (م ۱۰-۲)."
