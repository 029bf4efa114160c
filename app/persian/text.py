"""Persian text: one spelling for search and matching, and what is done to text before it is stored.

Stored text is never folded: `clean` keeps the letters as typed. `fold` and `compact` make keys and nothing else; the
same function feeds the index and the query. Known limits: «خانه‌ی» and «خانۀ», «مسئول» and «مسؤول» stay different, and
a free-standing «آش» or «می» (wine) joins its neighbour as the suffix or prefix of the same letters would.
"""

import re
import unicodedata

LETTERS = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
"""The letters that `unify` leaves, in Persian dictionary order."""

DEFAULT_LIMIT = 2_000

_ZWNJ = "\u200c"
_MADDA = "ا\u0653"

_SAME_LETTER = {
    "ی": "ي ى ۍ ې ێ ے ۓ ئ",
    "ک": "ك ڪ ګ ڬ",
    "ه": "ة ۀ ە ہ ۂ ۃ ھ",
    "ا": "أ إ ٱ ٲ ٳ ٵ",
    "و": "ؤ ۆ ۇ ۋ",
    "گ": "ڳ",
}
_PLURALS = ("ها", "های", "هایی", "هایم", "هایت", "هایش", "هایمان", "هایتان", "هایشان")
_SUFFIXES = frozenset((*_PLURALS, "ای", "ام", "ات", "اش", "تر", "ترین", "ترها", "یی", "ی"))
_PREFIXES = frozenset(("می", "نمی"))


def _codes(*spans: tuple[int, int]) -> tuple[int, ...]:
    return tuple(code for first, last in spans for code in range(first, last + 1))


_DROPPED = _codes(
    (0x00AC, 0x00AD),  # NOT SIGN, the half-space of old keyboards, and the soft hyphen: both join
    (0x0300, 0x036F),  # combining marks of Latin: «Tavārīkh» is found as «tavarikh»
    (0x0610, 0x061A),
    (0x061C, 0x061C),
    (0x0621, 0x0621),  # lone hamza
    (0x0640, 0x0640),  # tatweel
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x0674, 0x0674),
    (0x06D6, 0x06DC),
    (0x06DF, 0x06E8),
    (0x06EA, 0x06ED),
    (0x200B, 0x200F),  # zero width, among them the ZWNJ, which joins
    (0x202A, 0x202E),
    (0x2060, 0x2064),
    (0x2066, 0x2069),
    (0xFC5E, 0xFC63),  # harakat typed as free-standing presentation forms
    (0xFE70, 0xFE80),
    (0xFEFF, 0xFEFF),
)
_UNIFORM: dict[int, str] = (
    dict.fromkeys(_DROPPED, "")
    | {code: " " for code in range(0x80) if not chr(code).isalnum() and chr(code) != "."}
    | {code: chr(code).lower() for code in _codes((0x41, 0x5A))}
    | {start + digit: str(digit) for start in (0x06F0, 0x0660) for digit in range(10)}
    | {ord(variant): letter for letter, variants in _SAME_LETTER.items() for variant in variants.split()}
    | {0x066B: ".", 0xFDFC: "ریال"}
)
_UNUSUAL_RUN = re.compile(f"[^ .0-9a-z{LETTERS}]+")
_NOT_A_WORD = re.compile(r"[\W_]+")
_STRAY_POINT = re.compile(r"(?<![0-9])\.|\.(?![0-9])")
_BEFORE_SUFFIX = re.compile(rf" (?=(?:{'|'.join(sorted(_SUFFIXES))})(?: |$))")
_AFTER_PREFIX = re.compile(r"(?:(?<= )|^)(ن?می) ")

_SPACES = re.compile(rf"{_ZWNJ}?(?:\s{_ZWNJ}?)+")
_ZWNJ_RUN = re.compile(f"{_ZWNJ}{{2,}}")
_CONTROLS = _codes((0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F))
_LINE_BREAKS = _codes((0x09, 0x0D), (0x1C, 0x1F), (0x85, 0x85))
_BIDI_CONTROLS = _codes((0x061C, 0x061C), (0x200E, 0x200F), (0x202A, 0x202E), (0x2066, 0x2069))
_ZERO_WIDTH = _codes((0x200B, 0x200B), (0x2060, 0x2064), (0xFEFF, 0xFEFF))
_SURROGATES = _codes((0xD800, 0xDFFF))
_UNSEEN: dict[int, str] = dict.fromkeys(_CONTROLS + _BIDI_CONTROLS + _ZERO_WIDTH + _SURROGATES, "")
_STORED = _UNSEEN | dict.fromkeys(_LINE_BREAKS, " ")


def unify(text: str) -> str:
    """One spelling: letters, digits, case and separators made alike, words as written, «آ» kept apart from «ا»."""
    if "\u0653" in text:
        text = text.replace(_MADDA, "آ")
    text = _UNUSUAL_RUN.sub(_usual, text.translate(_UNIFORM))
    if "." in text:
        text = _STRAY_POINT.sub(" ", text)
    return " ".join(text.split())


def fold(text: str) -> str:
    """The search key of a text: `unify`, «آ» as «ا», detached suffixes and «می» joined to their word. Idempotent."""
    key = unify(text).replace("آ", "ا")
    words = key.split(" ")
    if _SUFFIXES.isdisjoint(words) and _PREFIXES.isdisjoint(words):
        return key
    return _join(key)


def compact(text: str) -> str:
    """`fold` without spaces: «کتاب ها», «کتاب‌ها» and «کتابها» are one; the key for finding duplicates."""
    return fold(text).replace(" ", "")


def tokens(text: str) -> list[str]:
    """The words of the search key, for the index and for a query."""
    return fold(text).split()


def clean(text: str, limit: int = DEFAULT_LIMIT) -> str:
    """A name or title as it is stored: one line, NFC, nothing invisible but single ZWNJs, at most `limit` characters.

    Letters stay as typed. Control characters, bidi controls and halves of surrogate pairs are taken out, since they
    reorder lists and break files and databases.
    """
    text = _SPACES.sub(" ", _ZWNJ_RUN.sub(_ZWNJ, text.translate(_STORED)))
    text = text.strip(f" {_ZWNJ}")[:limit]  # before NFC, which takes time in the square of a run of marks
    return unicodedata.normalize("NFC", text)[:limit].rstrip(f" {_ZWNJ}")


def _usual(run: re.Match[str]) -> str:
    # Marks go first: normalisation takes time in the square of a run of combining marks (5 s for 100,000).
    decomposed = unicodedata.normalize("NFKD", _without_marks(run[0])).replace(_MADDA, "آ").casefold()
    return _NOT_A_WORD.sub(" ", _without_marks(decomposed.translate(_UNIFORM)))


def _without_marks(text: str) -> str:
    return "".join(char for char in text if not unicodedata.combining(char))


def _join(key: str) -> str:
    # A joined word may itself be a suffix or «می» («م ی خواهم»); the two lists allow three rounds at most.
    while (joined := _AFTER_PREFIX.sub(r"\1", _BEFORE_SUFFIX.sub("", key))) != key:
        key = joined
    return key
