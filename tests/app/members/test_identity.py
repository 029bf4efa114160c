import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.members.identity import Fault, Reading, landline, mobile, national_id, postal_code, show, to_e164

fixed = settings(derandomize=True, database=None, deadline=None)
MOBILE = "+989123456789"


def with_check_digit(first_nine: str) -> str:
    return next(first_nine + check for check in "0123456789" if national_id(first_nine + check).value)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0499370899", "0499370899"),
        ("۰۴۹۹۳۷۰۸۹۹", "0499370899"),
        ("٠٤٩٩٣٧٠٨٩٩", "0499370899"),
        ("049-937089-9", "0499370899"),
        (" \u200f0499370899 ", "0499370899"),
        ("499370899", "0499370899"),
        ("84575948", "0084575948"),
    ],
)
def test_a_national_id_is_read_in_three_scripts_and_gets_its_zeros_back(typed: str, stored: str) -> None:
    assert national_id(typed) == Reading(stored)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", Fault.EMPTY),
        (" - ", Fault.EMPTY),
        ("049937089x", Fault.NOT_A_NUMBER),
        ("²499370899", Fault.NOT_A_NUMBER),
        ("1234567", Fault.WRONG_LENGTH),
        ("04993708990", Fault.WRONG_LENGTH),
        ("1111111111", Fault.ALL_DIGITS_EQUAL),
        ("0000000000", Fault.ALL_DIGITS_EQUAL),
        ("0499370898", Fault.WRONG_CHECK_DIGIT),
    ],
)
def test_a_wrong_national_id_says_what_is_wrong(typed: str, fault: Fault) -> None:
    assert national_id(typed) == Reading(None, fault)


@fixed
@given(st.text("0123456789", min_size=9, max_size=9).filter(lambda digits: len(set(digits)) > 1))
def test_every_nine_digits_have_exactly_one_check_digit(first_nine: str) -> None:
    assert sum(national_id(f"{first_nine}{check}").value is not None for check in range(10)) == 1


def test_few_single_wrong_digits_pass_the_check() -> None:
    rng = random.Random(7)
    passed = 0
    for _ in range(4_000):
        right = with_check_digit(f"{rng.randrange(10**9):09d}")
        place = rng.randrange(10)
        other = rng.choice([digit for digit in "0123456789" if digit != right[place]])
        passed += national_id(right[:place] + other + right[place + 1 :]).value is not None
    assert 0.005 < passed / 4_000 < 0.03


@pytest.mark.parametrize(
    "typed",
    [
        "09123456789",
        "9123456789",
        "989123456789",
        "+989123456789",
        "00989123456789",
        "+98 (0) 912 345 6789",
        "0912-345-67-89",
        "۰۹۱۲ ۳۴۵ ۶۷۸۹",
        "٠٩١٢٣٤٥٦٧٨٩",
        "\u202a+98 912\u00a0345 6789\u202c",
    ],
)
def test_a_mobile_number_is_read_however_it_is_typed(typed: str) -> None:
    assert mobile(typed) == Reading(MOBILE)
    assert to_e164(typed) == MOBILE


@pytest.mark.parametrize("prefix", ["900", "905", "910", "919", "920", "923", "930", "939", "990", "998"])
def test_the_listed_prefixes_pass_without_a_warning(prefix: str) -> None:
    assert mobile(f"0{prefix}1234567").fault is None


def test_a_prefix_not_yet_known_is_kept_with_a_warning() -> None:
    assert mobile("09401234567") == Reading("+989401234567", Fault.UNUSUAL)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", Fault.EMPTY),
        ("ندارد", Fault.NOT_A_NUMBER),
        ("09123456789 منزل", Fault.NOT_A_NUMBER),
        ("0912345678", Fault.NOT_A_TELEPHONE),
        ("091234567890", Fault.NOT_A_TELEPHONE),
        ("+14155552671", Fault.NOT_A_TELEPHONE),
        ("021-12345678", Fault.LANDLINE_NOT_MOBILE),
        ("+98 21 12345678", Fault.LANDLINE_NOT_MOBILE),
        ("66123456", Fault.LANDLINE_NOT_MOBILE),
    ],
)
def test_a_wrong_mobile_number_says_what_is_wrong(typed: str, fault: Fault) -> None:
    assert mobile(typed) == Reading(None, fault)


def test_the_number_of_the_library_is_no_members_mobile() -> None:
    assert mobile("0912 345 6789", own_numbers={MOBILE}) == Reading(None, Fault.OWN_NUMBER)


@pytest.mark.parametrize("typed", ["02112345678", "+982112345678", "021 1234 5678", "2112345678", "۰۲۱-۱۲۳۴۵۶۷۸"])
def test_a_landline_is_read_with_its_area_code(typed: str) -> None:
    assert landline(typed) == Reading("+982112345678")
    assert to_e164(typed) == "+982112345678"


def test_a_landline_needs_its_area_code_and_is_no_mobile() -> None:
    assert landline("66123456") == Reading(None, Fault.NO_AREA_CODE)
    assert landline("09123456789") == Reading(None, Fault.MOBILE_NOT_LANDLINE)
    assert landline("123") == Reading(None, Fault.NOT_A_TELEPHONE)


def test_numbers_are_shown_in_groups_that_keep_their_order() -> None:
    assert show(MOBILE) == "۰۹۱۲\u00a0۳۴۵\u00a0۶۷۸۹"
    assert show("+982112345678") == "۰۲۱\u00a0۱۲۳۴\u00a0۵۶۷۸"
    assert show("+14155552671") == "+14155552671"


@fixed
@given(st.from_regex(r"\+98(9[0-9]|[1-8][0-9])[0-9]{8}", fullmatch=True).filter(str.isascii))
def test_a_shown_number_reads_back_as_itself(e164: str) -> None:
    assert to_e164(show(e164)) == e164


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("۱۰۳۵۶-۱۹۸۷۳", Reading("1035619873", Fault.UNUSUAL)),
        ("1134716145", Reading("1134716145")),
        ("1111111111", Reading(None, Fault.ALL_DIGITS_EQUAL)),
        ("11347", Reading(None, Fault.WRONG_LENGTH)),
        ("", Reading(None, Fault.EMPTY)),
        ("تهران", Reading(None, Fault.NOT_A_NUMBER)),
    ],
)
def test_a_postal_code_has_ten_digits_and_only_a_warning_for_its_pattern(typed: str, reading: Reading) -> None:
    assert postal_code(typed) == reading


@fixed
@given(st.text() | st.text("۰۱۹8+0- (", max_size=16))
def test_any_text_is_read_or_refused_without_an_error(text: str) -> None:
    for read in (national_id, mobile, landline, postal_code):
        reading = read(text)
        assert reading.value or reading.fault
