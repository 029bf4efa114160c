"""Digits of three scripts: Persian on the screen and on paper, ASCII in the store."""

import re

GROUP_SEPARATOR = "٬"
"""U+066C, the Persian thousands separator (CLDR fa). Not «،», which is the comma of sentences, and not «,»: between
Persian digits in a right-to-left line both can be taken for the end of one number and the beginning of another."""

PERCENT = "٪"

_TO_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_TO_PERSIAN = str.maketrans("0123456789٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹۰۱۲۳۴۵۶۷۸۹")

# The mark before the sign keeps it to the left of the digits in a right-to-left line (CLDR fa writes it so).
_MINUS = "\u200e\u2212"
_WHOLE = re.compile(r"(?P<sign>[-+\u2212]?)(?:[0-9]{1,18}|[0-9]{1,3}(?:[,،٬' \u00a0\u202f][0-9]{3}){1,5})")
_UNSEEN = re.compile("[\x00\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def to_latin(text: str) -> str:
    """The text with Persian and Arabic digits as ASCII digits; everything else untouched."""
    return text.translate(_TO_LATIN)


def to_persian(text: str) -> str:
    """The text with ASCII and Arabic digits as Persian digits; everything else untouched."""
    return text.translate(_TO_PERSIAN)


def typed(text: str) -> str:
    """A number, date or code as somebody typed or pasted it, made ready to be read: ASCII digits, nothing invisible."""
    return _UNSEEN.sub("", to_latin(text)).strip()


def number(n: int, grouped: bool = True) -> str:
    """A whole number in Persian digits: 24000 is «۲۴٬۰۰۰». Years and accession numbers want `grouped=False`."""
    digits = f"{abs(n):,}".replace(",", GROUP_SEPARATOR) if grouped else str(abs(n))
    return to_persian(f"{_MINUS if n < 0 else ''}{digits}")


def percent(part: int, whole: int) -> str:
    """«۲۵٪», rounded half up to a whole percent; «۰٪» of nothing. «۱۰۰٪» is only the whole: 405 of 407 are «۹۹٪»."""
    rounded = (200 * part + whole) // (2 * whole) if whole else 0
    return number(min(rounded, 99) if part < whole else rounded) + PERCENT


def parse_int(text: str) -> int | None:
    """The whole number a person typed, in any of the three scripts, grouped by threes or not; None if it is not one.

    At most 18 digits, so that it fits a 64-bit column. «۱٬۲۳» and «1.5» are not whole numbers.
    """
    found = _WHOLE.fullmatch(typed(text))
    if found is None:
        return None
    value = int(re.sub("[^0-9]", "", found[0]))
    return -value if found["sign"] in ("-", "\u2212") else value
