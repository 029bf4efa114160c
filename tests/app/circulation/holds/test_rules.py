"""The rules of holds as tables: facts in, outcome out, and where each row comes from.

Sources: «Koha …» are the names of `C4/Reserves.pm` (CanItemBeReserved, CheckReserves, CancelExpiredReserves); «000 …»,
«002 …» and «003 …» the articles of the regulations; «protocol» the table of parameters in `docs/desk-protocol.md`.
"""

import datetime as dt
import uuid
from typing import Any

import pytest

from app.calendar.rules import Calendar
from app.circulation.facts import HoldFacts
from app.circulation.holds.rules import (
    OwnHold,
    PlaceFacts,
    fee_due,
    free_copies,
    is_over,
    moved,
    place_refusals,
    positions,
    serve,
    shelf_deadline,
)
from app.circulation.rules import waits_for
from app.policy.choices import HoldFeeWhen
from app.refusal import Weight
from db.codes import WEEDED, CardState, Condition, HoldState, ItemFlag, ItemStatus, MemberState
from tests.app.circulation.facts import (
    COPY,
    OTHER_COPY,
    TITLE,
    TODAY,
    ban,
    days,
    hold,
    item,
    member,
    standing,
    terms,
)

LENT = item(status=ItemStatus.ON_LOAN)


def own(**fields: Any) -> OwnHold:
    """A hold the reader has already: on another title, placed before today."""
    sound: dict[str, Any] = {
        "id": uuid.uuid4(), "title_id": uuid.UUID(int=77), "item_id": None, "of_type": True, "placed_on": days(-3),
    }  # fmt: skip
    return OwnHold(**(sound | fields))


def asked(**facts: Any) -> PlaceFacts:
    """A hold that nothing speaks against: the only copy is lent."""
    sound: dict[str, Any] = {
        "member": member(), "bans": (), "standing": standing(), "terms": terms(), "day": TODAY, "title_id": TITLE,
        "copies": (LENT,), "own": (),
    }  # fmt: skip
    return PlaceFacts(**(sound | facts))


def codes(facts: PlaceFacts) -> list[str]:
    return [refusal.code for refusal in place_refusals(facts)]


GONE = {"status": ItemStatus.WEEDED_WORN}
NO_LOAN = {"flags": [ItemFlag.NOT_FOR_LOAN]}
DAMAGED = {"condition": Condition.DAMAGED}
PLACED: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    # name: source, facts, codes
    "nothing speaks against it": ("Koha OK", {}, []),
    "the copy stands on the shelf": ("protocol hold_on_shelf: yes by default", {"copies": (item(),), "free": 1}, []),
    "no hold of what stands on the shelf": (
        "Koha onshelfholds", {"copies": (item(),), "free": 1, "terms": terms(hold_on_shelf=False)}, ["hold.on_shelf"],
    ),
    "the copies on the shelf are spoken for": (
        "Koha onshelfholds", {"copies": (item(),), "free": 0, "terms": terms(hold_on_shelf=False)}, [],
    ),
    # the reader
    "membership over": ("000 §3-1-1", {"member": member(expires_on=days(-1))}, ["member.expired"]),
    "last day of membership": ("000 §3-1-1", {"member": member(expires_on=TODAY)}, []),
    "membership without end": ("000 §3-1-1", {"member": member(expires_on=None)}, []),
    "restricted until a day": ("000 §3-1-2 مسدود", {"bans": (ban(days(3)),)}, ["member.restricted"]),
    "restricted without end": ("Koha USERBLOCKEDNOENDDATE", {"bans": (ban(None),)}, ["member.restricted"]),
    "two restrictions": ("000 §3-1-2", {"bans": (ban(days(3)), ban(None))}, ["member.restricted", "member.restricted"]),
    "card reported lost": ("Koha CARD_LOST", {"member": member(card_state=CardState.LOST)}, ["member.card_lost"]),
    "has cleared": ("000 §3-1-3", {"member": member(state=MemberState.CLEARED)}, ["member.cleared"]),
    "merged into another": ("001", {"member": member(state=MemberState.MERGED)}, ["member.cleared"]),
    "not confirmed yet": ("004 الف-1", {"member": member(state=MemberState.PENDING)}, ["member.pending"]),
    "address unknown": ("Koha GNA", {"member": member(address_unknown=True)}, ["member.address_unknown"]),
    # money
    "debt at the limit": (
        "protocol debt_limit", {"terms": terms(debt_limit=50_000), "standing": standing(debt=50_000)}, [],
    ),
    "debt above the limit": (
        "Koha maxoutstanding", {"terms": terms(debt_limit=50_000), "standing": standing(debt=50_001)}, ["member.debt"],
    ),
    "any debt is asked about": (
        "Koha AllFinesNeedOverride", {"terms": terms(ask_on_any_debt=True), "standing": standing(debt=1)},
        ["member.debt"],
    ),
    "no limit, much debt": ("protocol debt_limit", {"standing": standing(debt=10**9)}, []),
    # the copies
    "no copy at all": ("Koha noReservesAllowed", {"copies": ()}, ["hold.no_copy"]),
    "one of two is gone": ("002 م8-1", {"copies": (item(**GONE), LENT)}, []),
    "all are gone": ("002 م8-1", {"copies": (item(**GONE), item(status=ItemStatus.REPLACED))}, ["item.withdrawn"]),
    "the only one is lost": ("000 §3-1-2", {"copies": (item(status=ItemStatus.LOST),)}, ["item.lost"]),
    "the only one is missing": ("Koha itemlost", {"copies": (item(status=ItemStatus.MISSING),)}, ["item.missing"]),
    "the only one is unknown": ("002 م8-6", {"copies": (item(status=ItemStatus.UNKNOWN),)}, ["item.missing"]),
    "gone and lost": (
        "002 م8-1", {"copies": (item(**GONE), item(status=ItemStatus.LOST))}, ["item.withdrawn", "item.lost"],
    ),
    "at the bindery": ("002 م13-11", {"copies": (item(status=ItemStatus.IN_BINDING),)}, []),
    "on its way": ("Koha Transferred", {"copies": (item(status=ItemStatus.IN_TRANSIT),)}, []),
    "being catalogued": ("Koha Processing", {"copies": (item(status=ItemStatus.IN_PROCESSING),)}, []),
    "on weeding minutes": (
        "002 م7-4", {"copies": (item(on_minutes_id=uuid.UUID(int=5)),)}, ["item.on_weeding_minutes"],
    ),
    "not for loan by its flag": ("Koha notReservable", {"copies": (item(**NO_LOAN),)}, ["item.not_for_loan"]),
    "one of two not for loan": ("Koha notReservable", {"copies": (item(**NO_LOAN), LENT)}, []),
    "type not for loan": ("000 §3-3 مرجع", {"terms": terms(loanable="no")}, ["item.not_for_loan"]),
    "type for the hall only": ("000 §3-4", {"terms": terms(loanable="onsite")}, ["item.not_for_loan"]),
    "damaged": ("Koha damaged", {"copies": (item(**DAMAGED),)}, ["hold.damaged"]),
    "damaged, and that is no matter": (
        "Koha AllowHoldsOnDamagedItems", {"copies": (item(**DAMAGED),), "terms": terms(hold_damaged=True)}, [],
    ),
    "one of two damaged": ("Koha damaged", {"copies": (item(**DAMAGED), LENT)}, []),
    "worn is not damaged": ("002 م4-1-ج", {"copies": (item(condition=Condition.WORN),)}, []),
    # age
    "too young for the title": (
        "003 م8", {"member": member(birth_date=dt.date(2016, 1, 1)), "copies": (item(min_age=12),)}, ["member.age"],
    ),
    "old enough for the title": (
        "003 م8", {"member": member(birth_date=dt.date(2014, 11, 21)), "copies": (item(min_age=12),)}, [],
    ),
    "too young for the type": (
        "Koha ageRestricted", {"member": member(birth_date=dt.date(2016, 1, 1)), "terms": terms(min_age=15)},
        ["member.age"],
    ),
    "birth date unknown": ("Koha ageRestricted", {"copies": (item(min_age=12),)}, []),
    # what the reader has
    "has the title in hand": ("Koha alreadypossession", {"has_title": True}, ["hold.own_loan"]),
    "has it in hand, and that is no matter": (
        "Koha AllowHoldsOnPatronsPossessions", {"has_title": True, "terms": terms(allow_hold_on_own_loan=True)}, [],
    ),
    "has a hold on this copy": (
        "Koha itemAlreadyOnHold",
        {"item_id": COPY, "own": (own(title_id=TITLE, item_id=COPY),), "terms": terms(max_per_title=2)},
        ["hold.already_on_item"],
    ),
    "has a hold on another copy": (
        "Koha itemAlreadyOnHold",
        {"item_id": COPY, "own": (own(title_id=TITLE, item_id=OTHER_COPY),), "terms": terms(max_per_title=2)}, [],
    ),
    # counts
    "one below the limit": ("000 §3-1-2 تعداد کتابهای رزروی", {"own": (own(),), "terms": terms(max_holds=2)}, []),
    "at the limit": ("000 §3-1-2 تعداد کتابهای رزروی", {"own": (own(),), "terms": terms(max_holds=1)}, ["hold.limit"]),
    "no holds at all": ("Koha noReservesAllowed", {"terms": terms(max_holds=0)}, ["hold.limit"]),
    "no limit": ("protocol max_holds", {"own": (own(),) * 30, "terms": terms(max_per_title=None)}, []),
    "one of the type below the limit": (
        "Koha reservesallowed", {"own": (own(), own(of_type=False)), "terms": terms(max_per_type=2)}, [],
    ),
    "at the limit of the type": (
        "Koha tooManyReserves", {"own": (own(), own(of_type=False)), "terms": terms(max_per_type=1)}, ["hold.limit"],
    ),
    "one hold a title by default": ("Koha holds_per_record", {"own": (own(title_id=TITLE),)}, ["hold.per_title"]),
    "two holds a title": (
        "Koha holds_per_record", {"own": (own(title_id=TITLE),), "terms": terms(max_per_title=2)}, [],
    ),
    "at the limit of the title": (
        "Koha tooManyHoldsForThisRecord",
        {"own": (own(title_id=TITLE),) * 2, "terms": terms(max_per_title=2)}, ["hold.per_title"],
    ),
    "at the limit of the day": (
        "Koha tooManyReservesToday", {"own": (own(placed_on=TODAY),), "terms": terms(max_per_day=1)}, ["hold.per_day"],
    ),
    "those of yesterday do not count": (
        "Koha holds_per_day", {"own": (own(placed_on=days(-1)),), "terms": terms(max_per_day=1)}, [],
    ),
    # until
    "wanted until today": ("Koha patron_expiration_date", {"until": TODAY}, []),
    "wanted until yesterday": ("Koha patron_expiration_date", {"until": days(-1)}, ["hold.until_past"]),
    "all at once": (
        "every reason is told",
        {
            "member": member(expires_on=days(-1)), "copies": (item(**DAMAGED),), "has_title": True, "until": days(-1),
            "own": (own(title_id=TITLE, placed_on=TODAY),), "terms": terms(max_holds=1, max_per_day=1),
        },
        [
            "member.expired", "hold.damaged", "hold.own_loan", "hold.limit", "hold.per_title", "hold.per_day",
            "hold.until_past",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "expected"), [row[1:] for row in PLACED.values()], ids=PLACED)
def test_who_may_wait_for_what(facts: dict[str, Any], expected: list[str]) -> None:
    assert codes(asked(**facts)) == expected


@pytest.mark.parametrize("status", sorted(WEEDED))
def test_nobody_waits_for_a_weeded_copy(status: ItemStatus) -> None:
    assert codes(asked(copies=(item(status=status),))) == ["item.withdrawn"]


def test_a_refusal_tells_row_limit_and_count() -> None:
    (refusal,) = place_refusals(asked(own=(own(), own()), terms=terms(max_holds=2)))
    assert (refusal.rule, refusal.limit, refusal.have, refusal.weight) == ("*/*", 2, 2, Weight.BLOCK)


@pytest.mark.parametrize(
    ("policy", "placed", "collected"),
    [
        ({}, 0, 0),
        ({"hold_fee": 5_000}, 5_000, 0),
        ({"hold_fee": 5_000, "hold_fee_when": "placed"}, 5_000, 0),
        ({"hold_fee": 5_000, "hold_fee_when": "collected"}, 0, 5_000),
    ],
)
def test_the_fee_falls_due_once(policy: dict[str, Any], placed: int, collected: int) -> None:
    """Protocol: hold_fee + hold_fee_when."""
    due = [fee_due(terms(**policy), when) for when in (HoldFeeWhen.PLACED, HoldFeeWhen.COLLECTED)]
    assert due == [placed, collected]


# When a copy has stood on the hold shelf for too long

MON = dt.date(2026, 11, 23)
TUE, WED, THU, FRI, SAT, SUN = (MON + dt.timedelta(number) for number in range(1, 7))
FRIDAYS_OFF, NEVER_OPEN = frozenset({6}), Calendar(frozenset(range(7)))


def closed(*shut: dt.date, emergency: tuple[dt.date, ...] = ()) -> Calendar:
    """Fridays are closed, and these days."""
    return Calendar(FRIDAYS_OFF, dict.fromkeys(shut, "تعطیل"), emergency_days=frozenset(emergency))


OVER: dict[str, tuple[str, dt.date, dt.date, Calendar, bool, bool]] = {
    # name: source, deadline, day of the run, calendar, expire_on_closed_days, over
    "before the deadline": ("Koha", TUE, MON, closed(), False, False),
    "the deadline is today": ("Koha: < today", TUE, TUE, closed(), False, False),
    "an open day passed": ("Koha case 2", TUE, WED, closed(), False, True),
    "long ago, on an open day": ("Koha case 2", MON, MON + dt.timedelta(200), closed(), False, True),
    "today is the deadline and closed": ("Koha case 1", FRI, FRI, closed(), False, False),
    "today is the deadline, closed, and closed days count": ("Koha case 1 and 5", FRI, FRI, closed(), True, False),
    "the run falls on a closed day": ("Koha case 3", THU, FRI, closed(), False, False),
    "the run falls on the next open day": ("Koha case 3, then 2", THU, SAT, closed(), False, True),
    "closed day, closed days count": ("Koha case 5", THU, FRI, closed(), True, True),
    "PC off over open days, run on a closed day": ("Koha case 4", TUE, FRI, closed(), False, True),
    "PC off over closed days only": ("Koha case 4", TUE, FRI, closed(WED, THU), False, False),
    "PC off over closed days, closed days count": (
        "Koha case 4 and 5", TUE, FRI, closed(WED, THU), True, True,
    ),
    "PC off for a month": ("Koha case 4", MON, MON + dt.timedelta(30), closed(), False, True),
    "deadline on a Friday, Saturday": ("000: open days", FRI, SAT, closed(), False, False),
    "deadline on a Friday, Sunday": ("000: open days", FRI, SUN, closed(), False, True),
    "deadline on a Friday, closed days count": ("Koha case 5", FRI, SAT, closed(), True, True),
    "holiday added later on the deadline": ("Evergreen emergency closing", TUE, WED, closed(TUE), False, False),
    "holiday added later, the day after": ("Evergreen", TUE, THU, closed(TUE), False, True),
    "holiday added later, closed days count": ("Koha case 5", TUE, WED, closed(TUE), True, True),
    "three holidays over the deadline": ("Evergreen", TUE, FRI, closed(TUE, WED, THU), False, False),
    "three holidays, the first open day": ("Evergreen", TUE, SAT, closed(TUE, WED, THU), False, False),
    "three holidays, the day after it": ("Evergreen", TUE, SUN, closed(TUE, WED, THU), False, True),
    "emergency on the deadline": ("Evergreen emergency closing", TUE, WED, closed(emergency=(TUE,)), False, False),
    "deadline moved by an emergency": ("Evergreen shelf_expire", WED, WED, closed(emergency=(TUE,)), False, False),
    "moved deadline passed": ("Evergreen shelf_expire", WED, THU, closed(emergency=(TUE,)), False, True),
    "never open, closed days are days": ("no endless loop", TUE, WED, NEVER_OPEN, False, True),
    "never open, deadline today": ("no endless loop", TUE, TUE, NEVER_OPEN, False, False),
}  # fmt: skip


@pytest.mark.parametrize(
    ("until", "day", "calendar", "on_closed_days", "over"), [row[1:] for row in OVER.values()], ids=OVER
)
def test_when_the_hold_shelf_has_waited_long_enough(
    until: dt.date, day: dt.date, calendar: Calendar, on_closed_days: bool, over: bool
) -> None:
    assert is_over(until, day, calendar, expires_on_closed_days=on_closed_days) is over


@pytest.mark.parametrize(
    ("day", "shelf_days", "calendar", "wanted_until", "until"),
    [
        (MON, 3, closed(), None, THU),
        (TUE, 3, closed(), None, SAT),  # Friday is no day
        (MON, 3, closed(TUE, WED), None, SUN),
        (MON, 1, closed(), None, TUE),
        (MON, 3, closed(), WED, WED),  # Koha: patron_expiration_date
        (MON, 3, closed(), SUN, THU),
        (MON, 3, closed(), MON, MON),
        (MON, 3, NEVER_OPEN, None, THU),  # never open: plain days
    ],
)
def test_the_deadline_is_in_open_days_and_no_later_than_it_is_wanted(
    day: dt.date, shelf_days: int, calendar: Calendar, wanted_until: dt.date | None, until: dt.date
) -> None:
    assert shelf_deadline(day, terms(shelf_days=shelf_days), calendar, wanted_until) == until


# Whose turn it is


@pytest.mark.parametrize(
    ("fields", "waits"),
    [
        ({"wanted_until": TODAY}, True),
        ({"wanted_until": days(-1)}, False),
        ({"state": HoldState.SUSPENDED}, False),
        ({"state": HoldState.SUSPENDED, "suspended_until": days(1)}, False),
        ({"state": HoldState.SUSPENDED, "suspended_until": TODAY}, True),  # Koha AutoUnsuspendReserves: <= today
        ({"state": HoldState.SUSPENDED, "suspended_until": days(-9)}, True),
        ({"state": HoldState.SUSPENDED, "suspended_until": days(-9), "wanted_until": days(-1)}, False),
        ({"state": HoldState.CANCELLED, "suspended_until": days(-9)}, False),
        ({"state": HoldState.WAITING, "suspended_until": days(-9)}, False),
    ],
)
def test_suspension_ends_by_itself_and_nobody_is_served_too_late(fields: dict[str, Any], waits: bool) -> None:
    assert waits_for(hold(**fields), item(), TODAY) is waits


def line(*fields: dict[str, Any]) -> list[HoldFacts]:
    """A queue; the priority is ten times the place unless said otherwise."""
    return [hold(id=uuid.UUID(int=100 + n), **({"priority": 10 * n} | one)) for n, one in enumerate(fields, 1)]


def named(given: dict[uuid.UUID, Any]) -> dict[int, Any]:
    return {key.int - 100: value for key, value in given.items()}


def test_the_places_in_line_have_no_gaps() -> None:
    queue = line({}, {"state": HoldState.WAITING}, {"state": HoldState.SUSPENDED}, {"priority": 99})
    assert named(dict(positions(queue))) == {1: 1, 3: 2, 4: 3}


@pytest.mark.parametrize(
    ("who", "to", "became"),
    [
        (3, 1, {3: 10, 1: 20, 2: 30}),
        (1, 3, {2: 10, 3: 20, 1: 30}),
        (2, 2, {}),
        (1, 99, {2: 10, 3: 20, 4: 30, 1: 40}),
        (4, 0, {4: 10, 1: 20, 2: 30, 3: 40}),
    ],
)
def test_moving_changes_only_those_between(who: int, to: int, became: dict[int, int]) -> None:
    queue = line({}, {}, {}, {})
    assert named(dict(moved(queue, uuid.UUID(int=100 + who), to))) == became


def test_moving_past_one_who_has_the_book_leaves_it_alone() -> None:
    queue = line({"state": HoldState.WAITING}, {}, {})
    assert named(dict(moved(queue, uuid.UUID(int=103), 1))) == {3: 20, 2: 30}


def test_moving_tells_equal_priorities_apart() -> None:
    """Two desks, or two branches, may have given the same number."""
    queue = line({"priority": 5}, {"priority": 5}, {"priority": 5})
    became = named(dict(moved(queue, uuid.UUID(int=103), 1)))
    assert became == {1: 6, 2: 7}


FIRST, SECOND = item(), item(id=OTHER_COPY, accession_no=2)
ONLY = {"only_this_item": True, "item_id": COPY}
SERVED: dict[str, tuple[list[dict[str, Any]], list[Any], dict[int, uuid.UUID]]] = {
    "one copy, the first in line": ([{}, {}], [FIRST], {1: COPY}),
    "two copies, two readers": ([{}, {}, {}], [FIRST, SECOND], {1: COPY, 2: OTHER_COPY}),
    "who wants a certain copy leaves the others": ([{}, ONLY], [FIRST, SECOND], {1: OTHER_COPY, 2: COPY}),
    "who is first goes before who is particular": ([{}, ONLY], [FIRST], {1: COPY}),
    "a certain copy that is not there": ([ONLY, {}], [SECOND], {2: OTHER_COPY}),
    "suspended": ([{"suspended_until": days(2)}, {}], [FIRST], {2: COPY}),
    "has the book already": ([{"state": HoldState.WAITING, "item_id": OTHER_COPY}, {}], [FIRST], {2: COPY}),
    "nobody": ([], [FIRST], {}),
    "no copy": ([{}], [], {}),
}


@pytest.mark.parametrize(("queue", "copies", "expected"), SERVED.values(), ids=SERVED)
def test_each_copy_goes_to_the_first_it_can_serve(
    queue: list[dict[str, Any]], copies: list[Any], expected: dict[int, uuid.UUID]
) -> None:
    assert {key: copy.id for key, copy in named(serve(copies, line(*queue), TODAY)).items()} == expected


def test_a_copy_that_does_not_go_with_a_reader_goes_to_the_next() -> None:
    queue = line({}, {})
    barred = {(queue[0].id, COPY)}
    assert {key: copy.id for key, copy in named(serve([FIRST], queue, TODAY, barred)).items()} == {2: COPY}


@pytest.mark.parametrize(
    ("copies", "queue", "free"),
    [
        ([FIRST, SECOND], [], 2),
        ([FIRST, SECOND], [{}], 1),
        ([FIRST], [{}, {}], 0),
        ([FIRST], [{"state": HoldState.WAITING, "item_id": COPY}], 0),
        ([FIRST, LENT], [{"state": HoldState.SUSPENDED}], 1),
        ([item(on_minutes_id=uuid.UUID(int=5))], [], 0),
    ],
)
def test_a_copy_is_free_when_it_stands_there_for_nobody(
    copies: list[Any], queue: list[dict[str, Any]], free: int
) -> None:
    assert free_copies(copies, line(*queue), TODAY) == free
