import datetime as dt

import pytest

from app.catalogue.importing.encodings import TextLine
from app.devices.scan import Flaw
from app.imports.scan_file import NO_SINGLE_CODE, FaultyLine, ScanLine, Separator, scan_lines

DAY = dt.date(2026, 11, 20)


def read(*texts: str) -> list[ScanLine | Separator | FaultyLine]:
    return list(scan_lines(TextLine(number, text) for number, text in enumerate(texts, 1)))


@pytest.mark.parametrize(
    ("text", "code", "day"),
    [
        ("RAF-000123", "RAF-000123", None),
        ("  ۰۰۰۱۲۳ ", "000123", None),
        ('"RAF-000123"', "RAF-000123", None),
        ("2026-11-20 10:22:33,RAF-000123", "RAF-000123", DAY),
        ("2026-11-20T10:22:33;RAF-000123", "RAF-000123", DAY),
        ("RAF-000123,2026-11-20 10:22:33", "RAF-000123", DAY),
        ("RAF-000123\t2026-11-20\t10:22:33", "RAF-000123", DAY),
        ("10:22,2026/11/20,RAF-000123", "RAF-000123", DAY),
        ("1405/08/29 10:22|RAF-000123", "RAF-000123", DAY),
        ("۱۴۰۵/۰۸/۲۹,RAF-000123,", "RAF-000123", DAY),
        ("10:22:33,RAF-000123", "RAF-000123", None),
        ("2026-11-20", "2026-11-20", None),  # alone on its line it is a code
        ("14050829", "14050829", None),
        ("14050829,10:22", "14050829", None),
    ],
)
def test_a_line_is_a_code_with_or_without_its_moment(text: str, code: str, day: dt.date | None) -> None:
    [line] = read(text)
    assert isinstance(line, ScanLine)
    assert (line.line, line.raw, line.code, line.day) == (1, text, code, day)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("RAF-1,RAF-2", NO_SINGLE_CODE),
        ("2026-11-20,10:22:33,", NO_SINGLE_CODE),
        ("2026-11-20 10:22:33,", Flaw.FOREIGN_CHARACTER),
        ("2026-13-45,RAF-1", NO_SINGLE_CODE),
        ("20/11/2026,RAF-1", NO_SINGLE_CODE),  # two different days in two countries
        ("2026-11-20 25:00:00 x,RAF-1", NO_SINGLE_CODE),
        ("RAF-\x071", Flaw.CONTROL_CHARACTER),
        ("RAF-\u202e1", Flaw.BIDI_CONTROL),
        ("<img>", Flaw.FOREIGN_CHARACTER),
        ("کتاب", Flaw.FOREIGN_CHARACTER),
        ("9" * 65, Flaw.TOO_LONG),
    ],
)
def test_a_line_without_one_readable_code_is_kept_as_faulty(text: str, why: str) -> None:
    [line] = read(text)
    assert line == FaultyLine(1, text, why)


def test_bytes_that_are_no_letters_make_a_line_faulty() -> None:
    assert list(scan_lines([TextLine(4, "RAF-1\ufffd", b"RAF-1\xff")])) == [
        FaultyLine(4, "RAF-1\ufffd", Flaw.FOREIGN_CHARACTER)
    ]


def test_empty_lines_and_a_heading_are_left_out() -> None:
    assert [line.line for line in read("timestamp,barcode", "", "   ", ";;", "RAF-1", "date,code")] == [5, 6]


@pytest.mark.parametrize("text", ["---", "=====", "***", "###"])
def test_a_line_of_strokes_separates(text: str) -> None:
    assert read(text) == [Separator(1, text)]
