"""Fines and bans, by the table."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendar.rules import Calendar, Weekday, later
from app.circulation.fines import Fine, ban_days, ban_until, overdue_fine
from app.policy.table import PolicyRow, PolicyTable, Terms
from db.codes import RuleStatus

SATURDAY = dt.date(2026, 11, 21)
CLOSED_FRIDAYS = Calendar(frozenset({Weekday.FRIDAY.number}))


def terms_of(**values: object) -> Terms:
    row = PolicyRow("*", "*", "*", values)
    return PolicyTable(1, "", RuleStatus.IN_FORCE, None, (row,)).resolve("a", "b", "c")


def fine(days_late: int, values: dict[str, object], reserved: bool = False, price: int | None = None) -> Fine:
    return overdue_fine(days_late, terms_of(**values), reserved, price)


DAILY: dict[str, object] = {"fine_per_day": 2000, "fine_per_day_reserved": 4000, "period_days": 1}
WEEKLY: dict[str, object] = {"fine_per_day": 5000, "period_days": 7}
TIERS: dict[str, object] = {
    "tiers": [
        {"from": 1, "to": 7, "amount": 500},
        {"from": 8, "to": 30, "amount": 1000},
        {"from": 31, "to": 35, "amount": 0},
        {"from": 36, "amount": 2000},
    ]
}


@pytest.mark.parametrize(
    ("days_late", "values", "amount", "units"),
    [
        (-5, DAILY, 0, 0),
        (0, DAILY, 0, 0),
        (1, DAILY, 2000, 1),
        (10, DAILY, 20_000, 10),
        (10, {}, 0, 10),  # no rate: no fine
        # a week begun is charged when it begins …
        (0, WEEKLY, 0, 0),
        (1, WEEKLY, 5000, 1),
        (7, WEEKLY, 5000, 1),
        (8, WEEKLY, 10_000, 2),
        (14, WEEKLY, 10_000, 2),
        (15, WEEKLY, 15_000, 3),
        # … or when it is full
        (6, {**WEEKLY, "charge_at": "end"}, 0, 0),
        (7, {**WEEKLY, "charge_at": "end"}, 5000, 1),
        (13, {**WEEKLY, "charge_at": "end"}, 5000, 1),
        (14, {**WEEKLY, "charge_at": "end"}, 10_000, 2),
        # grace: free as long as it lasts, then all days count …
        (2, {**DAILY, "grace_days": 3}, 0, 0),
        (3, {**DAILY, "grace_days": 3}, 0, 0),
        (4, {**DAILY, "grace_days": 3}, 8000, 4),
        # … unless it is deducted
        (3, {**DAILY, "grace_days": 3, "grace_deducted": True}, 0, 0),
        (4, {**DAILY, "grace_days": 3, "grace_deducted": True}, 2000, 1),
        (9, {**WEEKLY, "grace_days": 2}, 10_000, 2),
        (9, {**WEEKLY, "grace_days": 2, "grace_deducted": True}, 5000, 1),
        (9, {**WEEKLY, "grace_days": 2, "grace_deducted": True, "charge_at": "end"}, 5000, 1),
        (8, {**WEEKLY, "grace_days": 2, "grace_deducted": True, "charge_at": "end"}, 0, 0),
        # steps
        (0, TIERS, 0, 0),
        (1, TIERS, 500, 1),
        (7, TIERS, 3500, 7),
        (8, TIERS, 4500, 8),
        (30, TIERS, 26_500, 30),
        (35, TIERS, 26_500, 35),  # steps that cost nothing
        (36, TIERS, 28_500, 36),
        (40, TIERS, 36_500, 40),
        (8, {**TIERS, **WEEKLY}, 4500, 8),  # steps take the place of the rate and its period
        (9, {**TIERS, "grace_days": 2}, 5500, 9),
        (9, {**TIERS, "grace_days": 2, "grace_deducted": True}, 3500, 7),
    ],
)
def test_a_fine_is_units_times_the_amount(days_late: int, values: dict[str, object], amount: int, units: int) -> None:
    assert fine(days_late, values) == Fine(amount, units, None)


@pytest.mark.parametrize(
    ("days_late", "values", "expected"),
    [
        (3, DAILY, Fine(12_000, 3, None)),
        (3, {"fine_per_day": 2000, "period_days": 1}, Fine(6000, 3, None)),  # no rate of its own
        (3, {**DAILY, "fine_per_day_reserved": 0}, Fine(0, 3, None)),
        (8, {**TIERS, **DAILY}, Fine(32_000, 8, None)),  # a rate of its own beats steps
        (8, TIERS, Fine(4500, 8, None)),
        (8, {**DAILY, "fine_cap": 10_000}, Fine(10_000, 8, "fine_cap")),
    ],
)
def test_a_reserved_copy_has_its_own_rate_where_one_is_given(
    days_late: int, values: dict[str, object], expected: Fine
) -> None:
    assert fine(days_late, values, reserved=True) == expected


PRICED: dict[str, object] = {**DAILY, "cap_to_price": True}


@pytest.mark.parametrize(
    ("values", "price", "amount", "capped_by"),
    [  # ten days: 20,000 rials before any cap
        ({**DAILY, "fine_cap": 20_001}, None, 20_000, None),
        ({**DAILY, "fine_cap": 20_000}, None, 20_000, None),
        ({**DAILY, "fine_cap": 19_999}, None, 19_999, "fine_cap"),
        ({**DAILY, "fine_cap": 0}, None, 0, "fine_cap"),
        (DAILY, 100, 20_000, None),  # the price caps only where it is asked to
        (PRICED, 15_000, 15_000, "cap_to_price"),
        (PRICED, 25_000, 20_000, None),
        (PRICED, None, 20_000, None),  # no price known, no cap
        (PRICED, 0, 20_000, None),  # a price of 0 is no price
        (PRICED, -1, 20_000, None),
        (PRICED, 1, 1, "cap_to_price"),
        ({**PRICED, "default_price": 9000}, None, 9000, "cap_to_price"),
        ({**PRICED, "default_price": 9000}, 0, 9000, "cap_to_price"),
        ({**PRICED, "default_price": 9000}, 15_000, 15_000, "cap_to_price"),
        ({**PRICED, "default_price": 0}, None, 20_000, None),
        ({**PRICED, "fine_cap": 12_000}, 15_000, 12_000, "fine_cap"),
        ({**PRICED, "fine_cap": 16_000}, 15_000, 15_000, "cap_to_price"),
        ({**TIERS, "tiers_max": 6499}, None, 6499, "tiers_max"),  # 6,500 before the cap
        ({**TIERS, "tiers_max": 6500}, None, 6500, None),
        ({**TIERS, "tiers_max": 6000, "fine_cap": 5000}, None, 5000, "fine_cap"),
        ({**DAILY, "tiers_max": 100}, None, 20_000, None),  # a cap of steps binds steps only
    ],
)
def test_the_lower_of_the_caps_binds_and_is_named(
    values: dict[str, object], price: int | None, amount: int, capped_by: str | None
) -> None:
    assert fine(10, values, price=price) == Fine(amount, 10, capped_by)


def test_a_return_dated_back_lowers_the_fine_to_that_day() -> None:
    assert [fine(days, DAILY).amount_rial for days in (5, 3, 0)] == [10_000, 6000, 0]


def _or_none(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[int | str]:
    return st.just("none") | numbers


FINE_TERMS = st.fixed_dictionaries(
    {
        "fine_per_day": st.integers(0, 10_000),
        "fine_per_day_reserved": _or_none(st.integers(0, 10_000)),
        "period_days": st.integers(1, 30),
        "charge_at": st.sampled_from(["start", "end"]),
        "grace_days": st.integers(0, 10),
        "grace_deducted": st.booleans(),
        "fine_cap": _or_none(st.integers(0, 100_000)),
        "cap_to_price": st.booleans(),
        "default_price": _or_none(st.integers(0, 100_000)),
        "tiers_max": _or_none(st.integers(0, 100_000)),
        "tiers": st.just("none") | st.just(TIERS["tiers"]),
        "ban_days_per_late_day": st.integers(0, 5),
        "ban_period_days": st.integers(1, 10),
        "max_ban_days": _or_none(st.integers(0, 60)),
    }
)


@given(
    values=FINE_TERMS, days_late=st.integers(-5, 400), reserved=st.booleans(), price=st.none() | st.integers(0, 99_999)
)
def test_a_fine_never_falls_with_time_is_never_negative_and_never_above_a_cap(
    values: dict[str, object], days_late: int, reserved: bool, price: int | None
) -> None:
    terms = terms_of(**values)
    found, next_day = (overdue_fine(days, terms, reserved, price) for days in (days_late, days_late + 1))
    assert 0 <= found.amount_rial <= next_day.amount_rial
    cap = terms.limit("fine_cap")
    assert cap is None or found.amount_rial <= cap
    assert not (terms.flag("cap_to_price") and price) or found.amount_rial <= (price or 0)
    assert days_late > terms.number("grace_days") or found.amount_rial == 0


@given(values=FINE_TERMS, days_late=st.integers(-5, 400))
def test_a_ban_never_shrinks_with_time_and_never_passes_its_cap(values: dict[str, object], days_late: int) -> None:
    terms = terms_of(**values)
    cap = terms.limit("max_ban_days")
    assert 0 <= ban_days(days_late, terms) <= ban_days(days_late + 1, terms)
    assert cap is None or ban_days(days_late, terms) <= cap


BAN: dict[str, object] = {"ban_days_per_late_day": 1}


@pytest.mark.parametrize(
    ("days_late", "values", "days"),
    [
        (10, {}, 0),
        (-1, BAN, 0),
        (0, BAN, 0),
        (1, BAN, 1),
        (10, {"ban_days_per_late_day": 2}, 20),
        (6, {**BAN, "ban_period_days": 7}, 0),  # rounded down
        (7, {**BAN, "ban_period_days": 7}, 1),
        (13, {**BAN, "ban_period_days": 7}, 1),
        (5, {"ban_days_per_late_day": 3, "ban_period_days": 2}, 7),
        (3, {**BAN, "grace_days": 3}, 0),
        (4, {**BAN, "grace_days": 3}, 1),  # grace never counts, deducted from the fine or not
        (4, {**BAN, "grace_days": 3, "grace_deducted": True}, 1),
        (50, {**BAN, "max_ban_days": 30}, 30),
        (30, {**BAN, "max_ban_days": 30}, 30),
        (50, {**BAN, "max_ban_days": 0}, 0),
    ],
)
def test_a_ban_is_lateness_without_grace_in_its_proportion(
    days_late: int, values: dict[str, object], days: int
) -> None:
    assert ban_days(days_late, terms_of(**values)) == days


@pytest.mark.parametrize(
    ("days", "values", "running", "until"),
    [
        (0, {}, None, None),
        (0, {}, 3, 3),
        (1, {}, None, 1),
        (5, {}, None, 5),  # Saturday + 5: Thursday
        (6, {}, None, 7),  # a Friday serves nothing
        (6, {"skip_closed": False}, None, 6),
        (6, {}, 20, 20),  # the longer one holds
        (6, {}, 3, 7),
        (6, {"ban_cumulative": True}, 1, 8),  # begins when the running one ends
        (2, {"ban_cumulative": True}, -3, 2),  # a ban already served adds nothing
        (6, {"ban_cumulative": True, "skip_closed": False}, 10, 16),
    ],
)
def test_a_ban_begins_the_day_after_the_return_and_is_served_on_open_days(
    days: int, values: dict[str, object], running: int | None, until: int | None
) -> None:
    running_until = None if running is None else later(SATURDAY, running)
    found = ban_until(SATURDAY, days, terms_of(**values), CLOSED_FRIDAYS, running_until)
    assert found == (None if until is None else later(SATURDAY, until))
