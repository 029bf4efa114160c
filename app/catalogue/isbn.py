"""ISBN as people type, paste and mistype it; stored as 13 digits.

A right check digit is no proof: shops print codes of their own in the ISBN ranges. `doubt` tells them, and a doubted
number is never the key by which two records are taken for one.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

from app.persian.digits import typed


class IsbnDoubt(StrEnum):
    """Why a number with a right check digit is not, or not surely, the ISBN of a book."""

    STORE_CODE = "store_code"  # 978-000, 978-200: codes of bookshops
    NO_SUCH_GROUP = "no_such_group"  # 979-964, 979-600: the Iranian groups exist under 978 only
    MUSIC = "music"  # 979-0: ISMN, printed music


_DOUBTED = {
    "978000": IsbnDoubt.STORE_CODE,
    "978200": IsbnDoubt.STORE_CODE,
    "979964": IsbnDoubt.NO_SUCH_GROUP,
    "979600": IsbnDoubt.NO_SUCH_GROUP,
    "9790": IsbnDoubt.MUSIC,
}

_BOOKLAND = ("978", "979")
_DASH = "[-\u00ad\u2010-\u2015\u2212\u0640]"
_BETWEEN = rf"(?: ?{_DASH} ?| {{1,3}})"
_RUN = re.compile(rf"[0-9]+(?:{_BETWEEN}[0-9]+)*(?:{_BETWEEN}?[Xx](?![A-Za-z]))?")
_GROUP = re.compile(r"[0-9]+[Xx]?|[Xx]")
_LABEL = re.compile(r"ISBN(?:-1[03])?:? *", re.IGNORECASE)


def valid_isbn13(text: str) -> str | None:
    """The 13 digits of one ISBN-13 or ISBN-10 with a right check digit, or None.

    Digits of three scripts, any dashes and spaces, and groups in reversed order (9-96-8534-600-978), as right-to-left
    copying leaves them.
    """
    number = _LABEL.sub("", typed(text), count=1)
    return _checked(_GROUP.findall(number)) if _RUN.fullmatch(number) else None


def read_isbns(text: str) -> list[str]:
    """Every valid ISBN in free text (price, volume and printing around it), as ISBN-13, in order, each once."""
    found = (number for run in _RUN.finditer(typed(text)) for number in _in_run(_GROUP.findall(run[0])))
    return list(dict.fromkeys(found))


def doubt(isbn13: str) -> IsbnDoubt | None:
    """Why a valid ISBN-13 should not be trusted, or None."""
    return next((why for prefix, why in _DOUBTED.items() if isbn13.startswith(prefix)), None)


def is_store_code(isbn13: str) -> bool:
    """Whether the number lies in a range that is warned about; such a number never matches records."""
    return doubt(isbn13) is not None


def hyphenate(isbn13: str) -> str:
    """978-622-201-983-9; a number of an unknown group comes back as it is."""
    from stdnum import isbn  # 60 ms of every start otherwise

    return str(isbn.format(isbn13))


def _checked(groups: list[str]) -> str | None:
    from stdnum import isbn

    reversible = groups[-1] in _BOOKLAND or (len(groups) == 4 and len(groups[0]) == 1)
    for ordered in (groups, groups[::-1])[: 1 + reversible]:
        number = "".join(ordered).upper()
        if len(number) in (10, 13) and isbn.is_valid(number):  # stdnum takes nine digits for an old SBN
            return str(isbn.to_isbn13(number))
    return None


def _in_run(groups: list[str]) -> Iterator[str]:
    start = 0
    while start < len(groups):
        end, number = _longest_from(groups, start)
        if number is not None:
            yield number
        start = end


def _longest_from(groups: list[str], start: int) -> tuple[int, str | None]:
    """The ISBN that begins with the group at `start`, 13 digits before 10, and where to read on."""
    windows = {}
    length = 0
    for end in range(start, len(groups)):
        length += len(groups[end])
        if length > 13:
            break
        windows[length] = end + 1
    for digits in (13, 10):
        stop = windows.get(digits, start)
        if _shaped(groups, start, stop) and (number := _checked(groups[start:stop])):
            return stop, number
    return start + 1, None


def _shaped(groups: list[str], start: int, stop: int) -> bool:
    """Whether these groups look like one ISBN; ten digits are too easily any number, or a part of a wrong ISBN-13."""
    window = groups[start:stop]
    if len("".join(window)) == 13:
        return window[0].startswith(_BOOKLAND) or window[-1] in _BOOKLAND
    if "978" in (*groups[max(start - 1, 0) : start], *groups[stop : stop + 1]):
        return False
    return len(window) == 1 or (len(window) == 4 and 1 in (len(window[0]), len(window[-1])))
