"""The punctuation of catalogue cards, which MARC keeps inside its fields, taken off."""

import re

_MARKS = " /:;,=،؛"
_INITIAL = re.compile(r"(?:^|[\s.،,])[^\W\d_]\.$")
_ELLIPSIS = ("...", "…")


def bare(text: str) -> str:
    """The value without the marks that lead to the next one: «تهران :» is «تهران»; initials keep their point («ج.»)."""
    text = text.strip(_MARKS)
    if text.endswith(".") and not text.endswith(_ELLIPSIS) and not _INITIAL.search(text):
        text = text[:-1].rstrip(_MARKS)
    return text


def without_brackets(text: str) -> str:
    """`bare`, and without the brackets around what the cataloguer supplied: «[تهران]» is «تهران»."""
    return bare(text.translate({ord("["): "", ord("]"): ""}))


def title_and_parallel(text: str) -> tuple[str, str]:
    """«عنوان = Title» as its two titles; the second is "" where there is one only."""
    title, _, parallel = text.partition(" = ")
    return bare(title), bare(parallel)
