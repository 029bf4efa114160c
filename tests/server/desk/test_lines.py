import os
import threading
from collections.abc import Callable

import pytest

from server.desk.lines import CHUNK, MOST_BYTES, read_lines, write_line


def read_all(content: bytes, rest: Callable[[], None] = lambda: None) -> list[bytes | None]:
    source, target = os.pipe()

    def feed() -> None:
        with os.fdopen(target, "wb") as pipe:
            pipe.write(content)

    feeder = threading.Thread(target=feed)
    feeder.start()
    try:
        return list(read_lines(source, rest))
    finally:
        feeder.join()
        os.close(source)


def test_lines_come_out_as_they_went_in() -> None:
    assert read_all(b"one\ntwo\r\n\nthree\n") == [b"one", b"two\r", b"", b"three"]


def test_a_last_line_without_end_counts() -> None:
    assert read_all(b"one\ntwo") == [b"one", b"two"]
    assert read_all(b"") == []


def test_lines_longer_than_a_chunk_are_whole() -> None:
    long = b"x" * (3 * CHUNK + 5)
    assert read_all(long + b"\nshort\n" + long) == [long, b"short", long]


@pytest.mark.parametrize("extra", [1, CHUNK, 2 * MOST_BYTES])
def test_a_line_that_is_too_long_is_marked_and_the_next_one_read(extra: int) -> None:
    longest = b"y" * MOST_BYTES
    assert read_all(longest + b"\n" + b"x" * (MOST_BYTES + extra) + b"\nnext\n") == [longest, None, b"next"]


def test_a_line_that_is_too_long_and_never_ends_is_marked_once() -> None:
    assert read_all(b"x" * (5 * MOST_BYTES)) == [None]


def test_rest_is_not_called_while_input_flows() -> None:
    source, target = os.pipe()
    os.write(target, b"one\n" * 1_000)
    os.close(target)
    rested: list[int] = []
    assert len(list(read_lines(source, lambda: rested.append(1)))) == 1_000
    assert rested == []
    os.close(source)


def test_rest_is_called_once_when_input_pauses() -> None:
    source, target = os.pipe()
    rested: list[int] = []
    lines = read_lines(source, lambda: rested.append(1))
    os.write(target, b"one\n")
    assert next(lines) == b"one"
    assert rested == []
    threading.Timer(0.3, os.write, (target, b"two\n")).start()
    assert next(lines) == b"two"
    assert rested == [1]
    os.close(target)
    os.close(source)


def test_a_line_is_written_whole() -> None:
    source, target = os.pipe()
    line = b"z" * 1_000_000 + b"\n"

    def write() -> None:
        write_line(target, line)
        os.close(target)

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(source, "rb") as pipe:
        assert pipe.read() == line
    writer.join()
