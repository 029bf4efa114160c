import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue.call_number import (
    AuthorMark,
    CallNumber,
    ClassNumber,
    display,
    main_class,
    normalise_class,
    parse_call_number,
    parse_class,
    parse_mark,
    shelf_key,
)

fixed = settings(derandomize=True, database=None, deadline=None)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("8فا3.62", "8فا3.62"),
        ("۸فا۳/۶۲", "8فا3.62"),
        ("8fa3.62\u200c", "8فا3.62"),
        ("٨فا٣٫٦٢", "8فا3.62"),
        (" 8 فا 3 / 62 ", "8فا3.62"),
        ("62/3فا8", "8فا3.62"),
        ("3/62فا8", "8فا3.62"),
        ("4فا", "4فا"),
        ("025/428", "025.428"),
        ("1/158", "158.1"),
        ("813/.54", "813.54"),
        ("۹۵۵", "955"),
    ],
)
def test_a_class_is_stored_in_one_form(typed: str, stored: str) -> None:
    assert normalise_class(typed) == stored
    assert normalise_class(stored) == stored


@pytest.mark.parametrize("typed", ["", "QA76.9", "5.133", "1/2فا8", "8-1-3", "813 54", "12/34", "د245س", "[ج]"])
def test_a_class_that_is_not_sound_is_kept_as_it_is(typed: str) -> None:
    assert parse_class(typed) is None
    assert normalise_class(typed) == typed
    assert main_class(typed) is None


def test_the_parts_of_a_class() -> None:
    assert parse_class("۸فا۳/۶۲") == ClassNumber("8", "فا", "3", "62")
    assert parse_class("025.428") == ClassNumber("025", "", "", "428")


@pytest.mark.parametrize(("class_no", "main"), [("8فا3.62", 8), ("025.428", 0), ("297.64", 2), ("915.5", 9)])
def test_the_main_class_is_the_first_digit(class_no: str, main: int) -> None:
    assert main_class(class_no) == main


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("د245س", ("د", "245", "س")),
        ("د۲۴۵س", ("د", "245", "س")),
        ("الف9", ("ا", "9", "")),
        ("الف ۵", ("ا", "5", "")),
        ("ا5الف", ("ا", "5", "ا")),
        ("س 8ن 5", ("س", "8", "ن5")),
        ("ك145م", ("ک", "145", "م")),
    ],
)
def test_a_mark_is_letter_number_and_work(typed: str, parts: tuple[str, str, str]) -> None:
    assert parse_mark(typed) == AuthorMark(*parts)


def test_alef_is_written_out_in_a_mark() -> None:
    assert str(AuthorMark("ا", "9", "ا")) == "الف9الف"
    assert parse_mark("الف9الف") == AuthorMark("ا", "9", "ا")


def test_a_mark_without_a_letter_is_none() -> None:
    assert parse_mark("245") is None
    assert parse_mark("") is None


def in_order(*keys: str) -> bool:
    shuffled = random.Random(5).sample(keys, len(keys))
    return sorted(shuffled) == list(keys) and len(set(keys)) == len(keys)


def test_the_national_expansions_stand_before_what_they_stand_in_for() -> None:
    classes = ["419.9", "4فا", "420", "800", "809.99", "8فا1.62", "8فا3.62", "8فا3.7", "810", "810.5", "813.54", "955"]
    assert in_order(*(shelf_key(class_no, "د245س") for class_no in classes))


def test_decimals_are_digit_strings_and_whole_numbers_are_numbers() -> None:
    assert in_order(*(shelf_key(number, "") for number in ["025", "025.04", "025.1", "025.12", "025.2", "297", "1245"]))


def test_author_numbers_compare_digit_by_digit() -> None:
    marks = ["د474ا", "د474س", "د4745آ", "د4745س", "د475ا", "د5", "ذ111"]
    assert in_order(*(shelf_key("8فا3.62", mark) for mark in marks))


def test_letters_of_marks_follow_the_persian_order() -> None:
    marks = ["آ5", "الف5", "ب5", "پ5", "ژ5", "ک5", "گ5", "و5", "ه5", "ی5"]
    assert in_order(*(shelf_key("955", mark) for mark in marks))
    assert shelf_key("955", "الف5الف") == shelf_key("955", "ا5ا")


def test_year_volume_and_copy_follow_the_mark() -> None:
    assert in_order(
        shelf_key("955", "د245س"),
        shelf_key("955", "د245س", volume_no=1, copy_no=1),
        shelf_key("955", "د245س", volume_no="ج.۱", copy_no="2"),
        shelf_key("955", "د245س", volume_no="2"),
        shelf_key("955", "د245س", volume_no="10"),
        shelf_key("955", "د245س", year=1390, volume_no=1),
        shelf_key("955", "د245ش"),
    )


def test_prefixes_stand_behind_the_main_shelves_and_bands_before_classes() -> None:
    assert in_order(
        shelf_key("955", "د1"),
        shelf_key("8فا3.62", "د1", prefix="ج"),
        shelf_key("955", "د1", prefix="ج"),
        shelf_key("955", "د1", band=1),
        shelf_key("297", "د1", band=2, prefix="ک"),
        shelf_key("398.2", "د1", band=2),
        shelf_key("000", "د1", band=10),
    )


def test_a_childrens_book_stands_in_one_place_with_the_optional_prefix_or_without() -> None:
    assert shelf_key("398.2", "د1", band=2) == shelf_key("398.2", "د1", prefix="ک", band=2)


def test_a_class_that_is_not_sound_stands_behind_the_numbers() -> None:
    assert in_order(*(shelf_key(class_no, "") for class_no in ["000", "999.9", "12458", "خطی", "QA76.9"]))


@fixed
@given(st.text(max_size=20), st.text(max_size=8), st.text(max_size=3), st.text(max_size=4))
def test_any_call_number_gets_a_key_of_plain_ascii(class_no: str, mark: str, prefix: str, volume: str) -> None:
    key = shelf_key(class_no, mark, prefix, volume, volume)
    assert key.isascii()
    assert key.isprintable()
    assert isinstance(display(class_no, mark, prefix, volume, volume), str)


def test_a_call_number_is_shown_as_librarians_write_it() -> None:
    assert display("8فا3.62", "د245س") == "۸فا۳/۶۲ د۲۴۵س"
    assert display("8فا3.62", "د245س", "ج", 2, 1, 1390) == "ج ۸فا۳/۶۲ د۲۴۵س ۱۳۹۰ ج.۲ ن.۱"
    assert display("955", "ا9ا") == "۹۵۵ الف۹الف"
    assert display("955", "د9", volume_no="ج۳") == "۹۵۵ د۹ ج.۳"
    assert display("QA76.9", "") == "QA76.9"
    assert display("", "") == ""


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("8فا3/62 د245س", CallNumber("8فا3.62", "د245س")),
        ("ج ۸فا۳/۶۲ د۲۴۵س ۱۳۹۰ ج.۲ ن.۱", CallNumber("8فا3.62", "د245س", "ج", "2", "1", "1390")),
        ("[ج] 808/83 م123ک", CallNumber("808.83", "م123ک", "ج")),
        ("ک398.2 الف 9 ب", CallNumber("398.2", "الف9ب", "ک")),
        ("955 ج.2", CallNumber("955", volume_no="2")),
        ("م 030 د13 جلد ۱ نسخه ۲", CallNumber("030", "د13", "م", "1", "2")),
    ],
)
def test_a_written_call_number_falls_into_its_parts(text: str, parts: CallNumber) -> None:
    assert parse_call_number(text) == parts


@pytest.mark.parametrize("text", ["", "د245س", "کتاب خوب", "955 ؟", "9" + " 1" * 1_000])
def test_what_is_not_built_like_a_call_number_is_none(text: str) -> None:
    assert parse_call_number(text) is None


def test_a_shown_call_number_reads_back_as_itself() -> None:
    shown = display("8فا3.62", "الف245س", "ج", 2, 1, 1390)
    assert parse_call_number(shown) == CallNumber("8فا3.62", "الف245س", "ج", "2", "1", "1390")
