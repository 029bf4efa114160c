"""Cuts the bytes of a serial device into lines, however the line was torn into packets. Pure."""

from dataclasses import dataclass
from typing import Final

_STX: Final = 0x02
_ENDS: Final = frozenset(b"\r\n\x03")  # CR, LF, ETX


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end. A `torn` line lacks its beginning or its end and must never be taken for a code."""

    text: str
    torn: bool = False


class LineSplitter:
    """Feed it what arrives; it hands back what is complete.

    A line longer than `limit` bytes is handed out cut off at `limit + 1`, so that it is seen to be too long; its rest
    is skipped. STX begins a line: what stood before it without an end was half a code and is forgotten.
    """

    def __init__(self, limit: int = 256) -> None:
        self._limit = limit
        self._bytes = bytearray()
        self._torn = False

    def feed(self, data: bytes) -> list[Line]:
        """The lines that `data` completes; empty ones are left out."""
        lines = []
        for byte in data:
            if byte in _ENDS:
                lines.append(self._take(self._torn))
                self._torn = False
            elif byte == _STX:
                self._bytes.clear()
                self._torn = False
            elif len(self._bytes) <= self._limit:
                self._bytes.append(byte)
        return [line for line in lines if line.text.strip()]

    def give_up(self) -> Line | None:
        """What has arrived of a line that does not go on. Should its rest come after all, that is torn as well."""
        if not self._bytes:
            return None
        self._torn = True
        return self._take(torn=True)

    def _take(self, torn: bool) -> Line:
        # Devices send ASCII. Anything else stays visible in the log and is refused by the reader of the line.
        text = self._bytes.decode("utf-8", errors="backslashreplace")
        self._bytes.clear()
        return Line(text, torn)
