"""Values as people write and read them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.notation import NO_LIMIT, read_written, told, written
from app.policy.parameters import PARAMETERS
from app.policy.values import NONE, Fault, Kind, Value, read_value

DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)).map(dt.date.isoformat)
TEXTS = st.text("ابپتثج۱۲ abc،؛[]:()\n", min_size=1, max_size=12).filter(lambda text: text.strip() == text)
PLAIN = {
    Kind.NUMBER: st.integers(1, 10_000),
    Kind.FLAG: st.booleans(),
    Kind.DAY: DAYS,
    Kind.TEXTS: st.lists(TEXTS, max_size=4),
}


@pytest.mark.parametrize(
    ("name", "plain", "words"),
    [
        ("loan_days", 14, "۱۴ روز"),
        ("fine_per_day", 24_000, "۲۴٬۰۰۰ ریال"),
        ("max_loans", "none", "ندارد"),
        ("skip_closed", True, "بله"),
        ("skip_closed", False, "خیر"),
        ("charge_at", "end", "پس از پایان هر دوره"),
        ("fixed_due", "2026-12-11", "۱۴۰۵/۰۹/۲۰"),
        ("documents", ["عکس", "شناسنامه"], "عکس؛ شناسنامه"),
        ("documents", [], "هیچ"),
        ("payment_methods", ["cash", "wallet"], "نقد؛ کیف پول الکترونیکی"),
        (
            "tiers",
            [{"from": 1, "to": 7, "amount": 500}, {"from": 8, "amount": 1000}],
            "۱ تا ۷: ۵۰۰؛ ۸ تا آخر: ۱٬۰۰۰",
        ),
        ("hard_due", "1405/09/20", "۱۴۰۵/۰۹/۲۰"),
        (
            "hard_due",
            [{"from": "1405/07/01", "to": "1405/10/01", "due": "1405/10/30", "mode": "exact"}],
            "۱۴۰۵/۱۰/۳۰ از ۱۴۰۵/۰۷/۰۱ تا ۱۴۰۵/۱۰/۰۱ (سررسید درست همان روز باشد)",
        ),
    ],
)
def test_a_value_in_words_is_read_again(name: str, plain: object, words: str) -> None:
    parameter = PARAMETERS[name]
    value = _value(name, plain)
    assert told(parameter, value) == words
    assert _value(name, read_written(parameter, written(parameter, value))) == value


@pytest.mark.parametrize(
    ("name", "text", "plain"),
    [
        ("loan_days", "", None),
        ("loan_days", "  ", None),
        ("loan_days", "14", 14),
        ("loan_days", "۱٬۰۰۰", 1000),
        ("loan_days", "-1", -1),
        ("loan_days", "چهارده", Fault.TYPE),
        ("loan_days", "none", NONE),
        ("loan_days", NO_LIMIT, NONE),
        ("skip_closed", "TRUE", True),
        ("skip_closed", "شاید", Fault.TYPE),
        ("charge_at", "start", "start"),
        ("charge_at", "نیمه", Fault.CHOICE),
        ("payment_methods", "نقد\nwallet", ["cash", "wallet"]),
        ("payment_methods", "نقد؛ طلا", Fault.CHOICE),
        ("fixed_due", "2026-12-11", "1405/09/20"),
        ("fixed_due", "فردا", Fault.TYPE),
        ("tiers", "1 تا 7: 500\n8 تا آخر: 1000", [{"from": 1, "to": 7, "amount": 500}, {"from": 8, "amount": 1000}]),
        ("tiers", "یک تا هفت", Fault.TYPE),
        ("tiers", "1 تا 7: 500؛ چیز", Fault.TYPE),
        ("hard_due", "1405/09/20؛ فردا", Fault.TYPE),
        ("hard_due", "1405/09/20 (شاید)", Fault.TYPE),
        ("hard_due", "a b c d", Fault.TYPE),
        ("documents", '["یک؛ دو"]', ["یک؛ دو"]),
        ("documents", '["یک', Fault.TYPE),
    ],
)
def test_what_people_write_is_read_or_refused(name: str, text: str, plain: object) -> None:
    assert read_written(PARAMETERS[name], text) == plain


@pytest.mark.parametrize("name", [name for name, parameter in PARAMETERS.items() if parameter.kind in PLAIN])
@given(data=st.data())
def test_every_value_comes_back_as_it_was(name: str, data: st.DataObject) -> None:
    value = _value(name, data.draw(PLAIN[PARAMETERS[name].kind]))
    assert _value(name, read_written(PARAMETERS[name], written(PARAMETERS[name], value))) == value


@pytest.mark.parametrize("name", [name for name, parameter in PARAMETERS.items() if parameter.choices])
def test_no_two_choices_share_their_words(name: str) -> None:
    parameter = PARAMETERS[name]
    codes = list(parameter.choices)
    assert [read_written(parameter, parameter.choices[code]) for code in codes] == (
        codes if parameter.kind is Kind.CHOICE else [[code] for code in codes]
    )


def _value(name: str, plain: object) -> Value | None:
    value = read_value(PARAMETERS[name], plain)
    assert not isinstance(value, Fault), (name, plain)
    return value
