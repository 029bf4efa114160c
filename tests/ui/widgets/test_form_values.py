from datetime import date

from ui.widgets.form_inputs import Value
from ui.widgets.form_values import day_of, number_of, tags_of, text_of

VALUES: dict[str, Value] = {
    "name": "مریم",
    "empty": "",
    "price": 0,
    "tick": True,
    "day": date(2026, 11, 21),
    "tags": "رمان، شعر؛ رمان , ",
}


def test_an_empty_field_says_nothing() -> None:
    assert text_of(VALUES, "empty") is None
    assert text_of(VALUES, "absent") is None
    assert number_of(VALUES, "name") is None
    assert day_of(VALUES, "name") is None


def test_values_come_in_the_type_that_is_asked_for() -> None:
    assert text_of(VALUES, "name") == "مریم"
    assert number_of(VALUES, "price") == 0
    assert number_of(VALUES, "tick") is None
    assert day_of(VALUES, "day") == date(2026, 11, 21)


def test_tags_are_cut_at_the_given_signs_and_each_is_named_once() -> None:
    assert tags_of(VALUES, "tags") == ("رمان", "شعر")
    assert tags_of(VALUES, "tags", "؛") == ("رمان، شعر", "رمان ,")
    assert tags_of(VALUES, "empty") == ()
