import pytest

from app.devices.em4100 import OneScanATouch, read_tag
from app.devices.scan import Flaw, Scan, Source, Unreadable, read_scan

LINE, NUMBER = "0A00C8D5E9FE", "0013161961"


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("line", "number"),
    [
        (LINE, NUMBER),
        ("0a00c8d5e9fe", NUMBER),
        ("FF00C8D5E90B", NUMBER),  # another maker's mark, the same four bytes
        ("000000000000", "0000000000"),
        ("01FFFFFFFF01", "4294967295"),
        (f" {LINE} ", NUMBER),
    ],
)
def test_a_tag_is_ten_digits_of_its_last_four_bytes(line: str, number: str) -> None:
    assert read_tag(line) == Scan(number, Source.CARD, line)


def test_the_same_card_has_the_same_number_at_a_reader_that_plays_keyboard() -> None:
    typed, sent = read_scan(NUMBER, Source.KEYBOARD), read_tag(LINE)
    assert isinstance(typed, Scan)
    assert isinstance(sent, Scan)
    assert typed.text == sent.text


@pytest.mark.parametrize("place", range(12))
def test_one_wrong_digit_is_found_by_the_check_sum(place: int) -> None:
    wrong = LINE[:place] + ("1" if LINE[place] != "1" else "2") + LINE[place + 1 :]
    assert read_tag(wrong) == Unreadable(wrong, Flaw.CHECKSUM)


@pytest.mark.parametrize(
    "line",
    ["", "0A00C8D5E9F", "0A00C8D5E9FE0", "RAF-001234", "0013161961", "0A00C8D5E9FG", "\\xff" * 3, "۰A00C8D5E9FE"],
)
def test_what_is_no_line_of_a_tag_gives_no_card_number(line: str) -> None:
    assert read_tag(line) == Unreadable(line, Flaw.NO_CARD_NUMBER)


def touches(*events: tuple[float, str]) -> list[str]:
    """What is handed on of these lines at these seconds: numbers, and flaws of what could not be read."""
    clock = Clock()
    seen: list[Scan | Unreadable] = []
    once = OneScanATouch(seen.append, clock)
    for clock.now, line in events:
        once(read_tag(line))
    return [read.text if isinstance(read, Scan) else read.reason.value for read in seen]


OTHER, BROKEN = "000000000101", "0A00C8D5E900"


@pytest.mark.parametrize(
    ("events", "handed_on"),
    [
        ([(0.0, LINE), (0.1, LINE), (1.9, LINE)], [NUMBER]),
        ([(n * 0.065, LINE) for n in range(200)], [NUMBER]),  # thirteen seconds on the reader
        ([(0.0, LINE), (2.1, LINE)], [NUMBER, NUMBER]),
        ([(0.0, LINE), (0.5, OTHER), (1.0, LINE)], [NUMBER, "0000000001", NUMBER]),
        ([(0.0, LINE), (0.1, BROKEN), (0.2, LINE)], [NUMBER]),
        ([(0.0, BROKEN), (0.1, BROKEN), (0.2, LINE)], ["checksum", NUMBER]),
        ([(0.0, BROKEN), (1.0, BROKEN), (2.5, BROKEN)], ["checksum", "checksum"]),
    ],
)
def test_a_card_on_the_reader_is_one_scan(events: list[tuple[float, str]], handed_on: list[str]) -> None:
    assert touches(*events) == handed_on
