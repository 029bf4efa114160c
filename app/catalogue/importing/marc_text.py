"""The letters of a MARC record: UTF-8, MARC-8 or Windows-1256, whatever its leader claims."""

import re
from collections.abc import Callable

from app.catalogue.importing.encodings import Encoding, looks_like_cp1256, mostly_utf8
from app.catalogue.importing.findings import Concern, Notes
from app.catalogue.importing.marc_record import RawRecord

Decoder = Callable[[bytes], str]

LONGEST_MARC8 = 20_000
"""Bytes of a field that are decoded, ten times what is kept: ordering marks takes the square of their number."""

_ESCAPE = b"\x1b"
_HIGH = re.compile(rb"[\x80-\xff]+")


def decoder_of(record: RawRecord, chosen: Encoding | None, notes: Notes) -> Decoder:
    """How the fields of a record are turned into text.

    The bytes decide: good UTF-8 is UTF-8, declared (leader/09 "a") or not; then escape sequences mean MARC-8, and what
    is left is `chosen`, which a person said, or what it looks like.
    """
    content = b"".join(field.data for field in record.fields)
    if content.isascii() and _ESCAPE not in content:
        return _utf8
    decoder = _decoder(content, chosen)
    if (decoder is _utf8) != (record.leader[9:10] == "a"):
        notes.warn(Concern.CHARSET_UNDECLARED, "LDR/09")
    return decoder


def _decoder(content: bytes, chosen: Encoding | None) -> Decoder:
    if _ESCAPE in content:
        return _marc8
    if mostly_utf8(content):
        return _utf8
    # Letters of Windows-1256 stand side by side, those of MARC-8 (marks of romanised words) alone.
    side_by_side = len(_HIGH.findall(content)) * 2 < len(b"".join(_HIGH.findall(content)))
    return _cp1256 if chosen is Encoding.CP1256 or (side_by_side and looks_like_cp1256(content)) else _marc8


def _utf8(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _cp1256(data: bytes) -> str:
    return data.decode("cp1256", "replace")


def _marc8(data: bytes) -> str:
    from pymarc.marc8 import marc8_to_unicode  # 55 ms of every start otherwise

    try:
        return str(marc8_to_unicode(data[:LONGEST_MARC8], hide_utf8_warnings=True))
    except UnicodeDecodeError:
        return data.decode("ascii", "replace")
