"""Which encoding a text file is in, decided from its bytes, and its lines."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from db.trouble import Trouble

_CHUNK = 1 << 20
_SAMPLE = 1 << 18
_HIGH = re.compile(rb"[\x80-\xff]+")
_ARABIC = re.compile(r"[\u0600-\u06ff]")


class Encoding(StrEnum):
    """The encodings of Persian lists that are read."""

    UTF_8 = "utf-8"
    UTF_16_LE = "utf-16-le"
    UTF_16_BE = "utf-16-be"
    CP1256 = "cp1256"


_MARKS = {
    codecs.BOM_UTF8: Encoding.UTF_8,
    codecs.BOM_UTF16_LE: Encoding.UTF_16_LE,
    codecs.BOM_UTF16_BE: Encoding.UTF_16_BE,
}


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line: its number from 1, its text without the line end, and its bytes where some were no letters."""

    number: int
    text: str
    damaged: bytes | None = None

    @property
    def raw(self) -> bytes | str:
        """The line word for word."""
        return self.text if self.damaged is None else self.damaged


def encoding_of(path: Path) -> Encoding:
    """The encoding of a text file.

    Raises Trouble P-2105 if it cannot be told; OSError as the disk says.
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
        file.seek(0)
        found = _by_mark(sample) or _utf16_by_high_bytes(sample) or _by_letters(sample, file)
    if found is None:
        raise Trouble("P-2105", path=path)
    return found


def text_lines(path: Path, encoding: Encoding) -> Iterator[TextLine]:
    """The lines of a text file, however they end. Bytes that are no letters come as U+FFFD."""
    errors = "surrogateescape" if encoding is Encoding.UTF_8 else "replace"
    with path.open("r", encoding=encoding, errors=errors) as file:
        for number, line in enumerate(file, 1):
            text = line.removesuffix("\n")
            yield _checked(number, text.removeprefix("\ufeff") if number == 1 else text)


def _checked(number: int, text: str) -> TextLine:
    if text.isascii():
        return TextLine(number, text)
    try:
        text.encode()
    except UnicodeEncodeError:
        damaged = text.encode("utf-8", "surrogateescape")
        return TextLine(number, damaged.decode("utf-8", "replace"), damaged)
    return TextLine(number, text)


def _by_mark(sample: bytes) -> Encoding | None:
    return next((encoding for mark, encoding in _MARKS.items() if sample.startswith(mark)), None)


def _utf16_by_high_bytes(sample: bytes) -> Encoding | None:
    """UTF-16 without a mark: every second byte is the high byte of Latin or Arabic letters."""
    for encoding, start in ((Encoding.UTF_16_LE, 1), (Encoding.UTF_16_BE, 0)):
        half = sample[start::2]
        if 0 in half and half.count(0) + half.count(6) + half.count(0x20) > 0.95 * len(half):
            return encoding
    return None


def _by_letters(sample: bytes, file: BinaryIO) -> Encoding | None:
    """UTF-8 if most letters beyond ASCII are good UTF-8; Windows-1256 if most of them would be Arabic letters."""
    letters, damaged = 0, 0
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while chunk := file.read(_CHUNK):
        more, bad = _letters(decoder.decode(chunk))
        letters, damaged = letters + more, damaged + bad
    if 3 * damaged <= letters:
        return Encoding.UTF_8
    return Encoding.CP1256 if looks_like_cp1256(sample) else None


def looks_like_utf16(sample: bytes) -> bool:
    """Whether the bytes are text in UTF-16, with or without a byte order mark."""
    found = _by_mark(sample) or _utf16_by_high_bytes(sample)
    return found in (Encoding.UTF_16_LE, Encoding.UTF_16_BE)


def mostly_utf8(content: bytes) -> bool:
    """Whether at least two in three of the letters beyond ASCII are good UTF-8."""
    letters, damaged = _letters(content.decode("utf-8", "replace"))
    return 3 * damaged <= letters


def looks_like_cp1256(content: bytes) -> bool:
    """Whether most bytes beyond ASCII would be Arabic letters in Windows-1256."""
    high = b"".join(_HIGH.findall(content)).decode("cp1256", "replace")
    return len(_ARABIC.findall(high)) > 0.7 * len(high)


def _letters(text: str) -> tuple[int, int]:
    """(letters beyond ASCII, those of them that could not be read)."""
    return len(text) - len(text.encode("ascii", "ignore")), text.count("\ufffd")
