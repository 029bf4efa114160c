"""Reading plain values of policy parameters."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.choices import HardMode
from app.policy.parameters import PARAMETERS
from app.policy.values import Fault, HardDue, Tier, read_day, read_value

AZAR_20 = dt.date(2026, 12, 11)
DEY_30 = dt.date(2027, 1, 20)
EVERYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["from", "to", "due", "mode"]), inner),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("name", "plain", "value"),
    [
        ("loan_days", 20, 20),
        ("loan_days", 0, 0),
        ("loan_days", "none", None),
        ("loan_days", -1, Fault.RANGE),
        ("loan_days", 10_001, Fault.RANGE),
        ("loan_days", "20", Fault.TYPE),
        ("loan_days", 20.0, Fault.TYPE),
        ("loan_days", True, Fault.TYPE),
        ("period_days", 7, 7),
        ("period_days", 0, Fault.NOT_POSITIVE),
        ("period_days", -3, Fault.NOT_POSITIVE),
        ("period_days", "none", Fault.TYPE),
        ("loan_weeks", 0, Fault.NOT_POSITIVE),
        ("fine_per_day", 1_000_000_000_000, 1_000_000_000_000),
        ("fine_per_day", 1_000_000_000_001, Fault.RANGE),
        ("skip_closed", False, False),
        ("skip_closed", 0, Fault.TYPE),
        ("charge_at", "end", "end"),
        ("charge_at", "middle", Fault.CHOICE),
        ("charge_at", 1, Fault.TYPE),
        ("charge_at", "none", Fault.CHOICE),
        ("payment_methods", ["wallet", "grant"], ("wallet", "grant")),
        ("payment_methods", ["wallet", "gold"], Fault.CHOICE),
        ("payment_methods", "wallet", Fault.TYPE),
        ("documents", ["عکس", " شناسنامه "], ("عکس", "شناسنامه")),
        ("documents", [], ()),
        ("documents", ["عکس", ""], Fault.TYPE),
        ("documents", ["عکس", 4], Fault.TYPE),
        ("fixed_due", "1405/09/20", AZAR_20),
        ("fixed_due", "2026-12-11", AZAR_20),
        ("fixed_due", AZAR_20, AZAR_20),
        ("fixed_due", "1405/12/30", Fault.TYPE),
        ("fixed_due", 20261211, Fault.TYPE),
        ("fixed_due", dt.datetime(2026, 12, 11, tzinfo=dt.UTC), Fault.TYPE),
        ("tiers", [{"from": 1, "to": 7, "amount": 500}], (Tier(1, 7, 500),)),
        (
            "tiers",
            [{"from": 8, "amount": 900}, {"from": 1, "to": 7, "amount": 500}],
            (Tier(1, 7, 500), Tier(8, None, 900)),
        ),
        ("tiers", [{"from": 1, "to": 7, "amount": 500}, {"from": 7, "to": 9, "amount": 900}], Fault.TIERS),
        ("tiers", [{"from": 1, "amount": 500}, {"from": 7, "to": 9, "amount": 900}], Fault.TIERS),
        ("tiers", [{"from": 0, "to": 7, "amount": 500}], Fault.TIERS),
        ("tiers", [{"from": 5, "to": 4, "amount": 500}], Fault.TIERS),
        ("tiers", [{"from": 1, "to": 7, "amount": -5}], Fault.TIERS),
        ("tiers", [{"from": 1, "to": 1, "amount": 0}], (Tier(1, 1, 0),)),
        ("tiers", [{"from": 1, "amount": 1_000_000_000_000}], (Tier(1, None, 1_000_000_000_000),)),
        ("tiers", [{"from": 1, "amount": 1_000_000_000_001}], Fault.TIERS),
        ("tiers", [{"from": 1, "to": 7}], Fault.TYPE),
        ("tiers", [], Fault.TYPE),
        ("tiers", [[1, 7, 500]], Fault.TYPE),
        ("hard_due", "1405/09/20", (HardDue(AZAR_20),)),
        ("hard_due", ["1405/10/30", "1405/09/20"], (HardDue(AZAR_20), HardDue(DEY_30))),
        (
            "hard_due",
            {"from": "1405/07/01", "to": "1405/10/01", "due": "1405/10/30", "mode": "exact"},
            (HardDue(DEY_30, dt.date(2026, 9, 23), dt.date(2026, 12, 22), HardMode.EXACT),),
        ),
        ("hard_due", {"due": "1405/09/20", "mode": "perhaps"}, Fault.TYPE),
        ("hard_due", {"due": "1405/09/20", "mode": ["exact"]}, Fault.TYPE),
        ("hard_due", {"due": "1405/09/20", "from": "yesterday"}, Fault.TYPE),
        ("hard_due", {"from": "1405/09/20"}, Fault.TYPE),
        ("hard_due", [], Fault.TYPE),
    ],
)
def test_a_plain_value_is_read_or_refused_with_the_reason(name: str, plain: object, value: object) -> None:
    read = read_value(PARAMETERS[name], plain)
    assert read == value
    assert type(read) is type(value)


@given(name=st.sampled_from(sorted(PARAMETERS)), plain=EVERYTHING)
def test_no_value_from_outside_breaks_the_reader_and_reading_twice_changes_nothing(name: str, plain: object) -> None:
    read = read_value(PARAMETERS[name], plain)
    if read is not None and not isinstance(read, Fault):
        assert read_value(PARAMETERS[name], read) == read


def test_a_day_is_read_in_both_calendars() -> None:
    assert [read_day(text) for text in ("1405/09/20", "۱۴۰۵/۰۹/۲۰", "2026-12-11", "soon", "")] == [AZAR_20] * 3 + [
        None
    ] * 2
