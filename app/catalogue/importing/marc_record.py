"""The fields of one record, damaged or not.

A record whose lengths or directory are wrong, but whose fields are all there, is put together from its field
terminators (0x1E). One that lost fields, or whose tags cannot be told, is refused: a book is not taken in half without
a word.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.catalogue.importing.findings import Reason, Repair
from app.catalogue.importing.marc_split import FIELD_END, RECORD_END, Piece

SUBFIELD = b"\x1f"
LEADER_LENGTH = 24
ENTRY_LENGTH = 12

_TAG = re.compile(r"[0-9A-Za-z]{3}")


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


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of the directory; -1 stands for a number that cannot be read."""

    tag: str
    length: int
    start: int


def read_record(piece: Piece) -> RawRecord | Reason:
    """The fields of a record, or why it is refused."""
    data = piece.data
    if len(data) < LEADER_LENGTH + ENTRY_LENGTH:
        return Reason.MARC_TOO_SHORT
    directory_end = data.find(FIELD_END)
    entries = _entries(data[LEADER_LENGTH : max(directory_end, 0)])
    if not entries:
        return Reason.MARC_NO_DIRECTORY
    body = data[directory_end + 1 :].removesuffix(RECORD_END)
    found = _by_directory(entries, body) or _by_terminators(entries, body)
    if isinstance(found, Reason):
        return found
    fields, repairs = found
    return RawRecord(_leader(data), fields, (*_leader_repairs(piece, directory_end), *repairs))


def _entries(directory: bytes) -> list[_Entry] | None:
    """The entries of a directory, or None if it is no row of entries."""
    text = directory.decode("latin-1")
    parts = [text[place : place + ENTRY_LENGTH] for place in range(0, len(text), ENTRY_LENGTH)]
    if len(text) % ENTRY_LENGTH or not all(_TAG.match(part) for part in parts):
        return None
    return [_Entry(part[:3], _number(part[3:7]), _number(part[7:])) for part in parts]


def _number(digits: str) -> int:
    return int(digits) if digits.isdecimal() and digits.isascii() else -1


def _by_directory(entries: Sequence[_Entry], body: bytes) -> tuple[tuple[RawField, ...], tuple[Repair, ...]] | None:
    """The fields where the directory says, if it is right about every one of them."""
    slices = [body[entry.start : entry.start + entry.length] for entry in entries]
    covered = sum(map(len, slices)) == len(body) and len({entry.start for entry in entries}) == len(entries)
    if not covered or not all(field.endswith(FIELD_END) for field in slices):
        return None
    fields = tuple(RawField(entry.tag, field[:-1]) for entry, field in zip(entries, slices, strict=True))
    if not any(FIELD_END in field.data for field in fields):
        return fields, ()
    mended = tuple(RawField(field.tag, field.data.replace(FIELD_END, b" ")) for field in fields)
    return mended, (Repair.MARC_SEPARATOR,)


def _by_terminators(entries: Sequence[_Entry], body: bytes) -> tuple[tuple[RawField, ...], tuple[Repair, ...]] | Reason:
    """The fields one after the other, the directory giving no more than their tags."""
    *fields, rest = body.split(FIELD_END)
    if rest or len(fields) < len(entries):
        return Reason.MARC_CUT
    if len(fields) > len(entries):
        return Reason.MARC_STRUCTURE
    in_order = max(entries, sorted(entries, key=lambda entry: entry.start), key=lambda order: _agreement(order, fields))
    paired = tuple(RawField(entry.tag, field) for entry, field in zip(in_order, fields, strict=True))
    return (paired, (Repair.MARC_DIRECTORY,)) if all(map(_is_plausible, paired)) else Reason.MARC_STRUCTURE


def _agreement(entries: Sequence[_Entry], fields: Sequence[bytes]) -> int:
    return sum(entry.length == len(field) + 1 for entry, field in zip(entries, fields, strict=True))


def _is_plausible(field: RawField) -> bool:
    """Control fields have no subfields, other numbered ones begin with two indicators and a subfield."""
    if not field.tag.isdecimal():
        return True
    return SUBFIELD not in field.data if is_control(field.tag) else field.data[2:3] == SUBFIELD


def is_control(tag: str) -> bool:
    """Whether a tag is that of a control field: 001 to 009, no indicators and subfields."""
    return tag.startswith("00")


def _leader(data: bytes) -> str:
    """The leader; what is no character of a leader is blank."""
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else " " for byte in data[:LEADER_LENGTH])


def _leader_repairs(piece: Piece, directory_end: int) -> list[Repair]:
    data = piece.data
    whole = len(data) + (not piece.ended)
    noticed = {
        Repair.MARC_JUNK: bool(piece.junk),
        Repair.MARC_TERMINATOR: not piece.ended,
        Repair.MARC_LENGTH: data[:5] != b"%05d" % whole,
        Repair.MARC_LEADER: data[12:17] != b"%05d" % (directory_end + 1) or not data[:LEADER_LENGTH].isascii(),
    }
    return [repair for repair, found in noticed.items() if found]
