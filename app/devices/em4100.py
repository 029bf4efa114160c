"""Lines of a 125 kHz card reader (EM4100 tags behind modules such as RDM6300 or ID-12). Pure.

A line is ten hex digits, the five bytes of the tag, and two of their XOR: `0A00C8D5E9FE`. STX, ETX and the end of the
line are gone when it comes here.
"""

import math
import re
import time
from collections.abc import Callable
from functools import reduce
from operator import xor
from typing import Final

from app.devices.scan import Flaw, Scan, Source, Unreadable

_LINE: Final = re.compile(r"[0-9A-Fa-f]{12}")
_TAG_BYTES: Final = 5
_SEEN_BYTES: Final = 4
"""What a card number is made of: the last four bytes. The first is a mark of the maker's."""
SAME_TOUCH_S: Final = 2.0
"""A tag read again within this time has not left the reader."""


def read_tag(line: str) -> Scan | Unreadable:
    """The card number of a tag: ten decimal digits of its last four bytes.

    Readers that play keyboard type this number, and it is the one printed on most cards. So a card that was bound at a
    desk with the one kind of reader is the same card at a desk with the other.
    """
    text = line.strip()
    if not _LINE.fullmatch(text):
        return Unreadable(line, Flaw.NO_CARD_NUMBER)
    *tag, check = bytes.fromhex(text)
    if reduce(xor, tag) != check:
        return Unreadable(line, Flaw.CHECKSUM)
    number = int.from_bytes(bytes(tag[_TAG_BYTES - _SEEN_BYTES :]))
    return Scan(f"{number:010d}", Source.CARD, line)


class OneScanATouch:
    """Hands on one scan for each touch: a tag that lies on its reader is read many times a second.

    At the edge of the field good readings and broken ones take turns, so what cannot be read is told only when nothing
    was read or told shortly before. `now` counts seconds and never goes back.
    """

    def __init__(self, hand_on: Callable[[Scan | Unreadable], None], now: Callable[[], float] = time.monotonic) -> None:
        self._hand_on = hand_on
        self._now = now
        self._tag = ""
        self._last_s = -math.inf

    def __call__(self, read: Scan | Unreadable) -> None:
        """A line was read."""
        now = self._now()
        soon = now - self._last_s < SAME_TOUCH_S
        if isinstance(read, Unreadable):
            if soon:
                return
            self._tag = ""
        elif soon and read.text == self._tag:
            self._last_s = now
            return
        else:
            self._tag = read.text
        self._last_s = now
        self._hand_on(read)
