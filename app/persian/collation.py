"""Persian order as a stored column, so that SQLite, PostgreSQL (COLLATE "C") and Python agree without ICU.

Order: space, digits, آ ا ب پ … و ه ی, Latin, other scripts; word by word; ZWNJ, hamza and harakat ignored, أ إ ؤ ئ
filed as their seat. Digits compare one by one, as text.
"""

from app.persian.text import LETTERS, unify

_FIRST = ":"  # the 33 letters take the 33 ASCII signs from ":" to "Z", between the digits and the Latin letters
_CODES = {ord(letter): chr(ord(_FIRST) + rank) for rank, letter in enumerate(LETTERS)}
_OTHER = "{"  # follows "z"


def sort_key(text: str) -> str:
    """ASCII text whose plain binary order is the Persian order of `text`; computed once and stored."""
    key = unify(text).translate(_CODES)
    return key if key.isascii() else "".join(map(_ascii, key))


def _ascii(char: str) -> str:
    return char if char.isascii() else f"{_OTHER}{ord(char):06x}"
