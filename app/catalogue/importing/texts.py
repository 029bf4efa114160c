"""Single texts: mending what other programs did to them, cleaning and capping."""

import re

from app.catalogue.importing.findings import Concern, Notes
from app.catalogue.importing.record import TITLE_LIMIT
from app.catalogue.importing.words import LANGUAGES, says_nothing
from app.persian.text import clean, compact

_ESCAPED = re.compile(r"<[Uu]\+([0-9A-Fa-f]{4,6})>")
_BETWEEN_LANGUAGES = re.compile(r"[/،,؛;\-–|]| و ")


def unescape(text: str) -> str:
    """«<U+06F1><U+06F3>» as R writes Persian on a machine without Unicode: «۱۳»."""
    return _ESCAPED.sub(lambda found: _character(int(found[1], 16)) or found[0], text)


def tidy(text: str, about: str, notes: Notes, *, lines: bool = False) -> str | None:
    """The text as it may be stored, or None if nothing is left; what is too long is cut, with a warning.

    `lines` keeps line breaks, for cells that hold several values.
    """
    if lines:
        kept = "\n".join(part for line in text[: 2 * TITLE_LIMIT].splitlines() if (part := clean(line)))
        tidied = kept[:TITLE_LIMIT]
    else:
        tidied = clean(text, TITLE_LIMIT)
    if len(text) > TITLE_LIMIT and len(clean(text, TITLE_LIMIT + 1)) > TITLE_LIMIT:
        notes.warn(Concern.TEXT_CAPPED, about, text)
    return tidied or None


def said(text: str, about: str, notes: Notes) -> str | None:
    """`tidy`, and None for «نامشخص» and its like."""
    tidied = tidy(text, about, notes)
    return None if tidied is None or says_nothing(tidied) else tidied


def language_of(text: str) -> str | None:
    """The code of the first language named («انگلیسی / فارسی» is `en`), a code as it is, or None."""
    for part in (text, *_BETWEEN_LANGUAGES.split(text), *text.split()):
        if code := LANGUAGES.get(compact(part).removeprefix(compact("زبان"))):
            return code
    return None


def _character(code: int) -> str | None:
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else None
