"""The table of policy parameters: complete, consistent, and in good Persian."""

import re
from pathlib import Path

import pytest

from app.policy.choices import labels_of
from app.policy.parameters import GROUP_LABELS, LOAN_PERIODS, PARAMETERS
from app.policy.values import Group, Kind, Parameter, read_value
from db.codes import PaymentMethod

PROTOCOL = Path(__file__).parents[4] / "shared" / "design" / "desk-protocol.md"
SYNC_PROTOCOL = PROTOCOL.with_name("sync-protocol.md")
NOT_IN_THE_DESK_PROTOCOL = {Group.PAYMENT, Group.NETWORK}

every_parameter = pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=PARAMETERS.keys())


@pytest.mark.skipif(not PROTOCOL.exists(), reason="the desk protocol is not beside this checkout")
def test_the_table_holds_the_parameters_of_the_desk_protocol_in_their_groups() -> None:
    lines = re.findall(r"^\| (\w+) \| (`.*) \|$", PROTOCOL.read_text(encoding="utf-8"), re.MULTILINE)
    groups = {group: re.findall(r"`(\w+)`", words) for group, words in lines if group in set(Group)}
    codes = {code for parameter in PARAMETERS.values() for code in parameter.choices}
    for group, words in groups.items():
        ours = {name for name, parameter in PARAMETERS.items() if parameter.group == group}
        assert {word for word in words if word in PARAMETERS or word not in codes} == ours, group
    assert set(groups) == set(Group) - NOT_IN_THE_DESK_PROTOCOL


@pytest.mark.skipif(not SYNC_PROTOCOL.exists(), reason="the sync protocol is not beside this checkout")
def test_the_network_parameters_have_the_defaults_of_the_sync_protocol() -> None:
    text = SYNC_PROTOCOL.read_text(encoding="utf-8").partition("| Policy parameter")[2]
    for names, values in re.findall(r"^\| (`.*?`) \| ([\d /]+) \|", text, re.MULTILINE):
        defaults = [PARAMETERS[name].default for name in re.findall(r"\w+", names)]
        assert defaults == [int(value) for value in values.split("/")]


@every_parameter
def test_the_default_is_a_value_the_parameter_may_hold(parameter: Parameter) -> None:
    assert parameter.default is None or read_value(parameter, parameter.default) == parameter.default


@every_parameter
def test_the_words_are_persian_with_the_letters_of_persian(parameter: Parameter) -> None:
    words = f"{parameter.label} {parameter.help} {parameter.unit} {' '.join(parameter.choices.values())}"
    assert re.fullmatch(r"[آ-ی\u200cپچژگکی،؛:«».()\s]+", words)
    assert not re.search("[يك٠-٩ىة]", words)
    assert parameter.help.endswith(".")


@every_parameter
def test_exactly_the_choosing_parameters_offer_choices(parameter: Parameter) -> None:
    assert bool(parameter.choices) == (parameter.kind in (Kind.CHOICE, Kind.CHOICES))


def test_every_group_has_words() -> None:
    assert set(GROUP_LABELS) == set(Group)


def test_every_way_to_pay_has_words() -> None:
    assert list(labels_of(PaymentMethod)) == list(PaymentMethod)


def test_the_loan_periods_say_nothing_by_default() -> None:
    assert [PARAMETERS[name].default for name in LOAN_PERIODS] == [None] * 4
