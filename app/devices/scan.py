"""One scan, whatever device it came from, and the border where hostile or garbled codes are refused."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.persian import digits

MAX_LENGTH: Final = 64

# What Code 39 can carry, lower-case letters and the underscore: enough for every card and copy number. No comma, quote,
# bracket, equals or at sign, so that a prepared barcode means nothing to a page or a spreadsheet.
_ALLOWED: Final = re.compile(r"[0-9A-Za-z./$ +%_-]*")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_BIDI: Final = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FRAMING: Final = "\x02\x03\r\n "  # what scanners put around a code: STX, ETX, CR, LF, padding


class Source(StrEnum):
    """Where a scan came from."""

    KEYBOARD = "keyboard"
    SERIAL = "serial"
    CARD = "card"
    FILE = "file"


class Flaw(StrEnum):
    """Why a scan was refused."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CONTROL_CHARACTER = "control_character"
    BIDI_CONTROL = "bidi_control"
    FOREIGN_CHARACTER = "foreign_character"
    UNFINISHED = "unfinished"
    """The device stopped sending in the middle of a code, or sends no end of line."""
    CHECKSUM = "checksum"
    """A card reader's line whose check sum does not fit: the card was taken away too early, or the cable is bad."""
    NO_CARD_NUMBER = "no_card_number"
    """The reader sent no number of a card, or the card has none."""
    CHANGING_NUMBER = "changing_number"
    """The card gives another number at every touch, as telephones do."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A readable code: `text` has Latin digits and no framing, letters as they were; `raw` is what arrived."""

    text: str
    source: Source
    raw: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A code that is refused. `raw` is hostile text: for the log only, never shown or stored as it is."""

    raw: str
    reason: Flaw


def read_scan(raw: str, source: Source) -> Scan | Unreadable:
    """Fold digits, take off the framing, and refuse whatever no card or copy number contains (1 to 64 characters)."""
    text = digits.to_latin(raw).strip(_FRAMING)
    flaw = _flaw(text)
    return Unreadable(raw, flaw) if flaw else Scan(text, source, raw)


def _flaw(text: str) -> Flaw | None:
    if not text:
        return Flaw.EMPTY
    if len(text) > MAX_LENGTH:
        return Flaw.TOO_LONG
    if _CONTROL.search(text):
        return Flaw.CONTROL_CHARACTER
    if _BIDI.search(text):
        return Flaw.BIDI_CONTROL
    return None if _ALLOWED.fullmatch(text) else Flaw.FOREIGN_CHARACTER
