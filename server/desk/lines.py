"""Reading requests and writing answers on plain file descriptors: bounded lines, and a word when nothing waits."""

import os
import select
import sys
from collections.abc import Callable, Iterator

MOST_BYTES = 512 * 1024
"""The longest line that is read; the rest of a longer one is thrown away unread."""

CHUNK = 64 * 1024
IDLE_AFTER = 0.05  # seconds without input
AWAKE_EVERY = 1.0


def read_lines(source: int, rest: Callable[[], None]) -> Iterator[bytes | None]:
    """The lines of a file descriptor without their ends, None for one that is too long.

    `rest` is called once whenever input pauses.
    """
    buffer = bytearray()
    skipping = False
    for chunk in _chunks(source, rest):
        buffer += chunk
        *lines, tail = buffer.split(b"\n")
        for line in lines:
            if skipping or len(line) > MOST_BYTES:
                yield None
            else:
                yield bytes(line)
            skipping = False
        buffer = tail
        if len(buffer) > MOST_BYTES:
            skipping = True
            buffer.clear()
    if skipping or buffer:
        yield None if skipping else bytes(buffer)


def _chunks(source: int, rest: Callable[[], None]) -> Iterator[bytes]:
    while True:
        if sys.platform != "win32" and not select.select([source], [], [], IDLE_AFTER)[0]:  # there: sockets only
            rest()
            while not select.select([source], [], [], AWAKE_EVERY)[0]:  # a blocked read might miss an interrupt
                pass
        chunk = os.read(source, CHUNK)
        if not chunk:
            return
        yield chunk


def write_line(target: int, line: bytes) -> None:
    """Write all of it now. Raises BrokenPipeError when nobody reads any more."""
    rest = memoryview(line)
    while rest:
        rest = rest[os.write(target, rest) :]
