"""The records of an ISO 2709 file, each by itself.

The file is parted at the record terminators (0x1D) and not by the lengths in it: to a reader that trusts them, one
wrong length costs every record that follows (reliability, decision 10).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

RECORD_END = b"\x1d"
FIELD_END = b"\x1e"

_CHUNK = 1 << 20
_BETWEEN_RECORDS = b"\r\n\t\x00\x1a"
_UTF8_MARK = b"\xef\xbb\xbf"
_LEADER = re.compile(rb"[0-9]{5}[a-z][a-z][a-z ][ -~]{2}22([0-9]{5})[ -~]{3}45[ -~]{2}(?=[0-9A-Z]{3}[0-9]{9})")


@dataclass(frozen=True, slots=True)
class Piece:
    """One record as it stands in the file: its number from 1, and its bytes with the terminator.

    `ended` is False where the terminator is missing; `junk` are bytes of no record that stood before it.
    """

    number: int
    data: bytes
    ended: bool = True
    junk: bytes = b""


def pieces(file: BinaryIO) -> Iterator[Piece]:
    """The records of a file.

    As many as there are terminators, one more for a rest behind the last one, and one more for each record that lost
    its terminator and runs into the next.
    """
    number = 0
    for data, ended in _parted(file):
        for start, end, junk in _records_in(data):
            number += 1
            yield Piece(number, data[start:end], ended and end == len(data), junk)


def _parted(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """What stands between terminators, the terminator with it; False marks the rest behind the last one."""
    rest: list[bytes] = []
    if (mark := file.read(len(_UTF8_MARK))) != _UTF8_MARK:
        rest.append(mark)
    while chunk := file.read(_CHUNK):
        first, *others = chunk.split(RECORD_END)
        rest.append(first)
        for other in others:
            yield b"".join(rest).lstrip(_BETWEEN_RECORDS) + RECORD_END, True
            rest = [other]
    if last := b"".join(rest).strip(_BETWEEN_RECORDS):
        yield last, False


def _records_in(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(start, end, junk before it) of the records in a piece: one, unless its length is wrong and leaders follow."""
    starts = [] if data[:5] == b"%05d" % len(data) else list(_leaders(data))
    junk = data[: starts[0]] if starts and FIELD_END not in data[: starts[0]] else b""
    begins = starts if junk else [0, *starts]
    for begin, end in pairwise((*begins, len(data))):
        yield begin, end, junk
        junk = b""


def _leaders(data: bytes) -> Iterator[int]:
    """Where, but at the very start, a leader stands whose directory ends where it says."""
    for found in _LEADER.finditer(data, 1):
        directory_end = found.start() + int(found[1]) - 1
        if data[directory_end : directory_end + 1] == FIELD_END:
            yield found.start()
