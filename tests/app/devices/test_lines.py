import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.lines import Line, LineSplitter


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\x03", b"\r\n\x03"])
def test_each_way_of_ending_a_line_ends_it_once(end: bytes) -> None:
    assert LineSplitter().feed(b"RAF-1" + end + b"RAF-2" + end) == [Line("RAF-1"), Line("RAF-2")]


def test_the_frame_of_a_card_reader_is_taken_off() -> None:
    assert LineSplitter().feed(b"\x020A00C8D5E9FE\r\n\x03") == [Line("0A00C8D5E9FE")]


def test_the_beginning_of_a_frame_forgets_half_a_code_before_it() -> None:
    assert LineSplitter().feed(b"RAF-00\x02RAF-001234\x03") == [Line("RAF-001234")]


def test_bytes_that_are_no_text_stay_visible() -> None:
    assert LineSplitter().feed(b"\xff\x00A\r") == [Line("\\xff\x00A")]


def test_an_endless_line_is_cut_and_reported_once() -> None:
    splitter = LineSplitter(limit=8)
    assert splitter.feed(b"9" * 10_000) == []
    assert splitter.feed(b"\rRAF-1\r") == [Line("9" * 9), Line("RAF-1")]


def test_the_rest_of_a_line_given_up_is_torn_and_the_next_line_is_whole() -> None:
    splitter = LineSplitter()
    splitter.feed(b"RAF-00")
    assert splitter.give_up() == Line("RAF-00", torn=True)
    assert splitter.feed(b"1234\rRAF-2\r") == [Line("1234", torn=True), Line("RAF-2")]


def test_a_frame_after_a_line_given_up_is_whole() -> None:
    splitter = LineSplitter()
    splitter.feed(b"#")
    splitter.give_up()
    assert splitter.feed(b"\x02RAF-1\x03") == [Line("RAF-1")]


def test_there_is_nothing_to_give_up_between_lines() -> None:
    splitter = LineSplitter()
    splitter.feed(b"RAF-1\r")
    assert splitter.give_up() is None
    assert splitter.feed(b"RAF-2\r") == [Line("RAF-2")]


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=10))
def test_lines_do_not_depend_on_how_the_bytes_were_torn(data: bytes, cuts: list[int]) -> None:
    splitter = LineSplitter()
    edges = [0, *sorted(cuts), len(data)]
    torn = [line for start, end in itertools.pairwise(edges) for line in splitter.feed(data[start:end])]
    assert torn == LineSplitter().feed(data)
