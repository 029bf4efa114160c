"""National ID, telephone numbers and postal code as people type them.

Nothing here refuses with an exception: a `Reading` carries the value to store, or None, and what was found wrong. A
fault beside a value is a warning. A right national ID may still be mistyped (1.6 % of single wrong digits pass the
check), so looking for members already registered remains necessary.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from app.persian.digits import to_persian, typed


class Fault(StrEnum):
    """What is wrong with a typed number."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    WRONG_LENGTH = "wrong_length"
    ALL_DIGITS_EQUAL = "all_digits_equal"
    WRONG_CHECK_DIGIT = "wrong_check_digit"
    NOT_A_TELEPHONE = "not_a_telephone"
    LANDLINE_NOT_MOBILE = "landline_not_mobile"
    MOBILE_NOT_LANDLINE = "mobile_not_landline"
    NO_AREA_CODE = "no_area_code"
    OWN_NUMBER = "own_number"
    UNUSUAL = "unusual"  # a warning: the value stands


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: `value` as it is stored, None if unusable; `fault` why, or a warning beside a value."""

    value: str | None
    fault: Fault | None = None


_FILLING = re.compile(r"[\s\-‐‑–—−./()]+")

_COUNTRY = re.compile(r"^(?:\+98|0098|98(?=0?[0-9]{10}$))?0?")
_MOBILE = re.compile(r"9[0-9]{9}")
_LANDLINE = re.compile(r"[1-8][0-9][0-9]{8}")
_WITHOUT_AREA = re.compile(r"[2-9][0-9]{7}")
_KNOWN_MOBILE = re.compile(r"9(?:0[0-5]|1[0-9]|2[0-3]|3[0-9]|9[0-9])")  # libphonenumber, region IR

_POSTAL_PATTERN = re.compile(r"(?!(\d)\1{3})[13-9]{4}[1346-9][013-9]{5}")  # often quoted, unofficial


def national_id(text: str) -> Reading:
    """کد ملی: ten digits with a check digit. 8 or 9 digits have lost zeros in a spreadsheet and get them back."""
    digits = _digits(text)
    if fault := _not_a_number(digits):
        return Reading(None, fault)
    if not 8 <= len(digits) <= 10:
        return Reading(None, Fault.WRONG_LENGTH)
    digits = digits.zfill(10)
    if len(set(digits)) == 1:
        return Reading(None, Fault.ALL_DIGITS_EQUAL)
    remainder = sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    check = remainder if remainder < 2 else 11 - remainder
    return Reading(digits) if check == int(digits[9]) else Reading(None, Fault.WRONG_CHECK_DIGIT)


def mobile(text: str, own_numbers: Collection[str] = ()) -> Reading:
    """A mobile number in E.164 («+989123456789»). `own_numbers` are those of the library, in E.164 (001 راهکار ه)."""
    number = _subscriber(text)
    if _MOBILE.fullmatch(number):
        return _mobile_reading(number, own_numbers)
    if _LANDLINE.fullmatch(number) or _WITHOUT_AREA.fullmatch(_digits(text)):
        return Reading(None, Fault.LANDLINE_NOT_MOBILE)
    return Reading(None, _telephone_fault(text))


def landline(text: str) -> Reading:
    """A fixed line with its area code in E.164 («+982112345678»)."""
    number = _subscriber(text)
    if _LANDLINE.fullmatch(number):
        return Reading(f"+98{number}")
    if _MOBILE.fullmatch(number):
        return Reading(None, Fault.MOBILE_NOT_LANDLINE)
    if _WITHOUT_AREA.fullmatch(_digits(text)):
        return Reading(None, Fault.NO_AREA_CODE)
    return Reading(None, _telephone_fault(text))


def to_e164(text: str) -> str | None:
    """A mobile or fixed Iranian number as «+98…», or None."""
    return mobile(text).value or landline(text).value


def show(e164: str) -> str:
    """«۰۹۱۲ ۳۴۵ ۶۷۸۹» or «۰۲۱ ۱۲۳۴ ۵۶۷۸»; a number of another country as it is.

    The spaces do not break, and unlike ordinary ones they keep the groups in order in a right-to-left line.
    """
    number = e164.removeprefix("+98")
    if number == e164 or len(number) != 10:
        return e164
    cuts = (3, 6) if number.startswith("9") else (2, 6)
    groups = (f"0{number[: cuts[0]]}", number[cuts[0] : cuts[1]], number[cuts[1] :])
    return to_persian("\u00a0".join(groups))


def postal_code(text: str) -> Reading:
    """Ten digits; UNUSUAL where they break the pattern that is quoted everywhere and official nowhere."""
    digits = _digits(text)
    if fault := _not_a_number(digits):
        return Reading(None, fault)
    if len(digits) != 10:
        return Reading(None, Fault.WRONG_LENGTH)
    if len(set(digits)) == 1:
        return Reading(None, Fault.ALL_DIGITS_EQUAL)
    return Reading(digits, None if _POSTAL_PATTERN.fullmatch(digits) else Fault.UNUSUAL)


def _digits(text: str) -> str:
    return _FILLING.sub("", typed(text))


def _not_a_number(digits: str) -> Fault | None:
    if not digits:
        return Fault.EMPTY
    return None if re.fullmatch("[0-9]+", digits) else Fault.NOT_A_NUMBER


def _subscriber(text: str) -> str:
    """The number without country code and leading zero."""
    return _COUNTRY.sub("", _digits(text))


def _telephone_fault(text: str) -> Fault:
    return _not_a_number(_digits(text).removeprefix("+")) or Fault.NOT_A_TELEPHONE


def _mobile_reading(number: str, own_numbers: Collection[str]) -> Reading:
    e164 = f"+98{number}"
    if e164 in own_numbers:
        return Reading(None, Fault.OWN_NUMBER)
    return Reading(e164, None if _KNOWN_MOBILE.match(number) else Fault.UNUSUAL)
