"""Records of an ISO 2709 file, each for itself, and the fields of a record, damaged or not.

The file is parted at the record terminators (0x1D), not by the lengths in it: one wrong length costs a reader that trusts it
every record that follows (reliability, decision 10). A record whose lengths or directory are wrong, but whose fields are all
there, is put together from its field terminators (0x1E); one that lost fields is not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from app.catalogue.importing.findings import Reason, Repair

RECORD_END = b"\x1d"
FIELD_END = b"\x1e"
SUBFIELD = b"\x1f"
LEADER_LENGTH = 24
ENTRY_LENGTH = 12

_CHUNK = 1 << 20
_BETWEEN_RECORDS = b"\r\n\t\x00\x1a"
_LEADER = re.compile(rb"[0-9]{5}[a-z][a-z][a-z ][ -~]{2}22[0-9]{5}[ -~]{3}45[ -~]{2}(?=[0-9A-Z]{3}[0-9]{9})")
_ENTRY = re.compile(rb"([0-9A-Za-z]{3})([0-9]{4})([0-9]{5})")


@dataclass(frozen=True, slots=True)
class Piece:
    """One record as it stands in the file: its number from 1, its bytes with the terminator, and what stood before it.

    `ended` is False where the terminator is missing.
    """

    number: int
    data: bytes
    ended: bool = True
    junk: bytes = b""


@dataclass(frozen=True, slots=True)
class RawField:
    """A field: its tag, and its bytes without the terminator, indicators and subfield marks still in them."""

    tag: str
    data: bytes


@dataclass(frozen=True, slots=True)
class RawRecord:
    """The leader and fields of a record, and what had to be mended to get them."""

    leader: str
    fields: tuple[RawField, ...]
    repairs: tuple[Repair, ...] = ()


def pieces(file: BinaryIO) -> Iterator[Piece]:
    """The records of a file; every byte but the line ends between records belongs to one of them.

    As many as there are terminators, one more for text after the last, and one more for each record that lost its
    terminator and runs into the next.
    """
    number = 0
    for data, ended in _parted(file):
        for start, end, junk in _records_in(data):
            number += 1
            yield Piece(number, data[start:end], ended and end == len(data), junk)


def _parted(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """What stands between terminators, with the terminator; False marks the rest behind the last one."""
    rest: list[bytes] = []
    while chunk := file.read(_CHUNK):
        first, *others = chunk.split(RECORD_END)
        rest.append(first)
        for other in others:
            yield b"".join(rest).lstrip(_BETWEEN_RECORDS) + RECORD_END, True
            rest = [other]
    if last := b"".join(rest).strip(_BETWEEN_RECORDS):
        yield last, False
